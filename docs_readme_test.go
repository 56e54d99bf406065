package comptoir_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/order"
)

var fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// The programs in the README compile, run, and print what the block after
// them says.
func TestDocsREADMEPrograms(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := fence.FindAllStringSubmatch(string(text), -1)
	ran := 0
	for i, b := range blocks {
		if b[1] != "go" || !strings.HasPrefix(b[2], "package main") {
			continue
		}
		ran++
		file := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(file, []byte(b[2]), 0o644))
		out, err := exec.Command("go", "run", file).CombinedOutput()
		require.NoError(t, err, string(out))
		require.Greater(t, len(blocks), i+1, "a program is followed by its output")
		require.Equal(t, blocks[i+1][2], string(out))
	}
	require.Positive(t, ran, "the README shows no program")
}

// The chart in the README is the one that the table draws.
func TestDocsREADMEChart(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Contains(t, string(text), "```mermaid\n"+order.DefaultLife().Mermaid()+"```")
}

// The permission table as a whole.
func TestDocsPermissionsMatrix(t *testing.T) {
	m := access.Default().Matrix(access.Roles(), access.Actions())
	golden.Check(t, "docs/permissions.md", []byte("# Permissions\n\nMade from the code by `make golden`: what each role may do with its own partner's or center's things (own), "+
		"with everyone else's (others), or with both (all).\n\n"+m))
}

// The README's table says what each package really pulls in.
func TestDocsREADMEModules(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	row := regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| [^|]* \\|([^|]*)\\|$")
	rows := row.FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, rows)
	for _, r := range rows {
		path := "./" + r[1]
		if r[1] == "comptoir" {
			path = "."
		}
		out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{with .Module}}{{.Path}}{{end}}{{end}}", path).Output()
		require.NoError(t, err)
		short := map[string]bool{}
		for _, m := range strings.Fields(string(out)) {
			if m != module {
				short[shortName(m)] = true
			}
		}
		require.Equal(t, strings.Join(slices.Sorted(maps.Keys(short)), ", "), strings.TrimSpace(r[2]), r[1])
	}
}

var majorVersion = regexp.MustCompile(`/v\d+$`)

func shortName(module string) string {
	return filepath.Base(majorVersion.ReplaceAllString(module, ""))
}
