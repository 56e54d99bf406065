package comptoir_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the pages tell people to copy builds in a module of their own, and the
// adapter with its tests.
func TestExamplesToCopyStandAlone(t *testing.T) {
	here, err := os.Getwd()
	require.NoError(t, err)
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	sums, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	for dir, args := range map[string][]string{"examples/adapter": {"vet", "."}, "examples/pricelist": {"build", "-o", os.DevNull, "."}} {
		t.Run(dir, func(t *testing.T) {
			copied := t.TempDir()
			require.NoError(t, os.CopyFS(copied, os.DirFS(dir)))
			const name = "github.com/comptoir-go/comptoir"
			theirs := strings.Replace(string(mod), "module "+name, "module example.com/copied", 1) +
				"\nrequire " + name + " v0.0.0\n\nreplace " + name + " => " + here + "\n"
			require.NoError(t, os.WriteFile(filepath.Join(copied, "go.mod"), []byte(theirs), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(copied, "go.sum"), sums, 0o600))
			run := exec.CommandContext(t.Context(), "go", args...)
			run.Dir, run.Env = copied, append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
			said, err := run.CombinedOutput()
			require.NoError(t, err, "%s", said)
		})
	}
}
