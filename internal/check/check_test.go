package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		text             string
		line, note, need string
	}{
		{"", "", "", "required"},
		{" \t", "text.control", "", "required"},
		{"Küche", "", "", ""},
		{"two\nlines", "text.control", "", "text.control"},
		{"bell\a", "text.control", "text.control", "text.control"},
		{"toolong", "text.long", "text.long", "text.long"},
		{"bad\xff", "text.encoding", "text.encoding", "text.encoding"},
	} {
		most := 10
		if c.text == "toolong" {
			most = 6
		}
		for name, f := range map[string]func(*fault.Issues, string, string, int){c.line + "/line": check.Line, c.note + "/note": check.Note, c.need + "/need": check.Need} {
			var is fault.Issues
			f(&is, "f", c.text, most)
			got := "/"
			if len(is) > 0 {
				got = is[0].Code + "/"
			}
			require.Contains(t, name, got, "%q", c.text)
		}
	}
}

func TestLang(t *testing.T) {
	for tag, ok := range map[string]bool{"": true, "fr": true, "fr-CA": true, "zh-Hant-TW": true, "de-1996": true,
		"f": false, "fr_CA": false, "1fr": false, "fr-": false, "abcdefghi": false, "fr-ca ": false} {
		var is fault.Issues
		check.Lang(&is, "lang", tag)
		require.Equal(t, ok, len(is) == 0, tag)
	}
}
