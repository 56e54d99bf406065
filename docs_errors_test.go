package comptoir_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/internal/golden"
)

// Codes are API: docs/errors.md lists every one of them, made from the code.
func TestDocsErrors(t *testing.T) {
	all, _ := sources(t)
	rows := map[string]string{}
	for _, s := range all {
		if s.path == "fault" || strings.HasPrefix(s.path, "examples") {
			continue
		}
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !isDefine(call) {
					return true
				}
				kind, code, msg := defined(t, call)
				if _, twice := rows[code]; twice {
					t.Errorf("code %s is defined twice", code)
				}
				rows[code] = fmt.Sprintf("| `%s` | %s | %s | %s |", code, kind, s.name(), msg)
				return true
			})
		}
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, r)
	}
	slices.Sort(lines)
	golden.Check(t, "docs/errors.md", []byte("# Errors\n\nMade from the code by `make golden`. Codes and kinds are API, messages are not.\n\n"+
		"| code | kind | package | message |\n|---|---|---|---|\n"+strings.Join(lines, "\n")+"\n"))
}

func isDefine(c *ast.CallExpr) bool {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Define" {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "fault"
}

func defined(t *testing.T, c *ast.CallExpr) (kind, code, msg string) {
	t.Helper()
	if len(c.Args) != 3 {
		t.Fatalf("fault.Define with %d arguments", len(c.Args))
	}
	if sel, ok := c.Args[0].(*ast.SelectorExpr); ok {
		kind = sel.Sel.Name
	}
	text := func(e ast.Expr) string {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			t.Fatal("fault.Define needs literal arguments, so that the list of codes can be made")
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return kind, text(c.Args[1]), text(c.Args[2])
}
