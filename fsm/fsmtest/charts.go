package fsmtest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/golden"
)

// Charts compares the drawings of a table with the files name.mmd (Mermaid),
// name.dot (Graphviz) and name.md (chart, matrix, roles, guards and rows to
// read) in dir. Run the test with -update to write them.
func Charts[S, T, R ~string, F any](t testing.TB, dir, name string, table *fsm.Table[S, T, R, F]) {
	t.Helper()
	golden.Check(t, filepath.Join(dir, name+".mmd"), []byte(table.Mermaid()))
	golden.Check(t, filepath.Join(dir, name+".dot"), []byte(table.DOT()))
	golden.Check(t, filepath.Join(dir, name+".md"), []byte(Page(table)))
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
