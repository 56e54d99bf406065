package fsmtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/fsm"
)

// Charts compares the drawings of a table with the files name.mmd (Mermaid),
// name.dot (Graphviz) and name.md (chart, matrix, roles, guards and rows to
// read) in dir. With update it writes them instead; tests pass what their own
// flag says.
func Charts[S, T, R ~string, F any](t testing.TB, dir, name string, table *fsm.Table[S, T, R, F], update bool) {
	t.Helper()
	for ext, text := range map[string]string{".mmd": table.Mermaid(), ".dot": table.DOT(), ".md": Page(table)} {
		path := filepath.Join(dir, name+ext)
		if update {
			if err := write(path, text); err != nil {
				t.Fatalf("%v", err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v (update the drawings to write it)", err)
		}
		if string(want) != text {
			t.Errorf("%s is out of date; update the drawings and read the difference.\ngot:\n%s", path, text)
		}
	}
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// Page writes a table as a page of Markdown: chart, matrix, roles, guards with
// their sentences, and the rows with their events. Equal tables give equal
// bytes.
func Page[S, T, R ~string, F any](table *fsm.Table[S, T, R, F]) string {
	var b strings.Builder
	b.WriteString("# " + table.Name() + "\n\n```mermaid\n" + table.Mermaid() + "```\n\n" + table.Matrix() + "\n")
	var roles []string
	for _, r := range table.Roles() {
		if r.Mark != "" && r.Mark != string(r.Name) {
			roles = append(roles, r.Mark+" "+string(r.Name))
			continue
		}
		roles = append(roles, string(r.Name))
	}
	b.WriteString("Roles: " + strings.Join(roles, ", ") + ".\n")
	if guards := table.Guards(); len(guards) > 0 {
		b.WriteString("\n| guard | asks |\n|---|---|\n")
		for _, g := range guards {
			b.WriteString("| " + g.Name + " | " + cell(g.Doc) + " |\n")
		}
	}
	b.WriteString("\n| from | on | to | events | meaning |\n|---|---|---|---|---|\n")
	for _, r := range append(table.Openings(), table.Rows()...) {
		from := string(r.From)
		if from == "" {
			from = "–"
		}
		b.WriteString("| " + from + " | " + string(r.On) + " | " + string(r.To) + " | " +
			strings.Join(r.Emits, ", ") + " | " + cell(r.Doc) + " |\n")
	}
	return b.String()
}

// cell keeps a sentence inside one cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ").Replace(s)
}
