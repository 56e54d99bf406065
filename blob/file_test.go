package blob_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/fault"
)

func good() blob.File {
	return blob.File{Hash: blob.HashOf([]byte("plan")), Size: 4, Name: "plan.pdf", Media: "application/pdf"}
}

func TestFileCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(f *blob.File)
		want   string // path:code of every issue
	}{
		"good":              {func(*blob.File) {}, ""},
		"no media":          {func(f *blob.File) { f.Media = "" }, ""},
		"empty file":        {func(f *blob.File) { f.Size = 0 }, ""},
		"longest name":      {func(f *blob.File) { f.Name = strings.Repeat("é", 255) }, ""},
		"dots in the name":  {func(f *blob.File) { f.Name = "..plan..v2..pdf" }, ""},
		"name too long":     {func(f *blob.File) { f.Name = strings.Repeat("é", 256) }, "files[0].name:text.long"},
		"no name":           {func(f *blob.File) { f.Name = " " }, "files[0].name:required"},
		"dot":               {func(f *blob.File) { f.Name = "." }, "files[0].name:name.path"},
		"dot dot":           {func(f *blob.File) { f.Name = ".." }, "files[0].name:name.path"},
		"slash":             {func(f *blob.File) { f.Name = "../plan.pdf" }, "files[0].name:name.path"},
		"backslash":         {func(f *blob.File) { f.Name = `c:\plan.pdf` }, "files[0].name:name.path"},
		"line break":        {func(f *blob.File) { f.Name = "a\nb" }, "files[0].name:text.control"},
		"NUL":               {func(f *blob.File) { f.Name = "a\x00b" }, "files[0].name:text.control"},
		"not UTF-8":         {func(f *blob.File) { f.Name = "a\xffb" }, "files[0].name:text.encoding"},
		"media too long":    {func(f *blob.File) { f.Media = strings.Repeat("x", 101) }, "files[0].media:text.long"},
		"size below zero":   {func(f *blob.File) { f.Size = -1 }, "files[0].size:size.negative"},
		"hash in capitals":  {func(f *blob.File) { f.Hash = blob.Hash(strings.ToUpper(string(f.Hash))) }, "files[0].hash:hash.shape"},
		"all that is wrong": {func(f *blob.File) { *f = blob.File{Size: -1} }, "files[0].hash:hash.shape files[0].size:size.negative files[0].name:required"},
	} {
		t.Run(name, func(t *testing.T) {
			f := good()
			c.change(&f)
			var is fault.Issues
			f.Check(&is, "files[0]")
			var got []string
			for _, i := range is {
				got = append(got, i.Path+":"+i.Code)
			}
			require.Equal(t, c.want, strings.Join(got, " "))
		})
	}
}

func TestHashValid(t *testing.T) {
	h := blob.HashOf(nil)
	require.Equal(t, blob.Hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), h)
	require.True(t, h.Valid())
	for _, bad := range []blob.Hash{"", h[1:], h + "0", "g" + h[1:], "E" + h[1:], "/" + h[1:], "../" + h[3:]} {
		require.False(t, bad.Valid(), bad)
	}
}
