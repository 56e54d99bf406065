package fileblob_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/comptoir-go/comptoir/blob/fileblob"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "files")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	files, err := fileblob.Open(dir, &fileblob.Options{MaxBytes: 5 << 20})
	if err != nil {
		panic(err)
	}
	defer files.Close()

	ctx := context.Background()
	stat, err := files.Put(ctx, "fr", strings.NewReader("a floor plan"))
	if err != nil {
		panic(err)
	}
	r, err := files.Open(ctx, "fr", stat.Hash)
	if err != nil {
		panic(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r) // ErrDamaged when it is not what was put
	fmt.Println(stat.Size, stat.Hash[:12], string(content), err)
	// Output: 12 deb3496c629b a floor plan <nil>
}
