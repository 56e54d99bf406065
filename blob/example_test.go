package blob_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/blob/fileblob"
	"github.com/comptoir-go/comptoir/fault"
)

func ExampleFile_Check() {
	f := blob.File{Hash: blob.HashOf([]byte("a floor plan")), Size: 12, Name: "../plan.pdf"}
	var is fault.Issues
	f.Check(&is, "files[0]")
	fmt.Println(is)
	// Output: files[0].name: is a path, not the name of a file (name.path)
}

func ExampleSweep() {
	dir, err := os.MkdirTemp("", "files")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	now := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	files, err := fileblob.Open(dir, &fileblob.Options{Now: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	defer files.Close()

	ctx := context.Background()
	for _, content := range []string{"the plan of an order", "an upload given up"} {
		if _, err := files.Put(ctx, "fr", strings.NewReader(content)); err != nil {
			panic(err)
		}
	}
	plan := blob.HashOf([]byte("the plan of an order"))
	now = now.AddDate(0, 0, 7)
	removed, err := blob.Sweep(ctx, files, "fr", func(_ context.Context, h blob.Hash) (bool, error) {
		return h == plan, nil // ask the orders and the threads
	}, now.AddDate(0, 0, -2))
	fmt.Println(removed, err)
	// Output: 1 <nil>
}
