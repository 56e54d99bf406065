// Package golden compares what a test made with a file kept in the
// repository, and rewrites the file when the test runs with -update.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Update reports whether goldens are being rewritten.
func Update() bool { return *update }

// Check fails the test when got differs from the file at path. With -update
// it writes the file instead.
func Check(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if string(want) != string(got) {
		t.Errorf("%s is out of date; run the test with -update and read the difference.\ngot:\n%s", path, got)
	}
}
