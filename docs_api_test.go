package comptoir_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/comptoir-go/comptoir/internal/golden"
)

// docs/api.txt holds every exported declaration, so that a change of the API
// shows in a review.
func TestDocsAPI(t *testing.T) {
	all, fset := sources(t)
	var b strings.Builder
	for _, s := range all {
		if !s.public() {
			continue
		}
		var lines []string
		for _, f := range s.files {
			for _, d := range f.Decls {
				lines = append(lines, exported(fset, d)...)
			}
		}
		slices.Sort(lines)
		fmt.Fprintf(&b, "package %s\n", s.name())
		for _, l := range lines {
			b.WriteString("  " + l + "\n")
		}
	}
	golden.Check(t, "docs/api.txt", []byte(b.String()))
}

func exported(fset *token.FileSet, d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || (d.Recv != nil && !ast.IsExported(receiver(d))) {
			return nil
		}
		c := *d
		c.Doc, c.Body = nil, nil
		return []string{oneLine(fset, &c)}
	case *ast.GenDecl:
		var out []string
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					out = append(out, typeLines(fset, s)...)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						out = append(out, d.Tok.String()+" "+n.Name)
					}
				}
			}
		}
		return out
	}
	return nil
}

func typeLines(fset *token.FileSet, s *ast.TypeSpec) []string {
	head := "type " + s.Name.Name
	switch x := s.Type.(type) {
	case *ast.StructType:
		out := []string{head + " struct"}
		for _, f := range x.Fields.List {
			for _, n := range f.Names {
				if n.IsExported() {
					out = append(out, head+"."+n.Name+" "+oneLine(fset, f.Type))
				}
			}
			if len(f.Names) == 0 {
				out = append(out, head+" embeds "+oneLine(fset, f.Type))
			}
		}
		return out
	case *ast.InterfaceType:
		out := []string{head + " interface"}
		for _, f := range x.Methods.List {
			if len(f.Names) == 0 {
				out = append(out, head+" embeds "+oneLine(fset, f.Type))
			}
			for _, n := range f.Names {
				out = append(out, head+"."+n.Name+strings.TrimPrefix(oneLine(fset, f.Type), "func"))
			}
		}
		return out
	}
	eq := " "
	if s.Assign.IsValid() {
		eq = " = "
	}
	return []string{head + eq + oneLine(fset, s.Type)}
}

func oneLine(fset *token.FileSet, n any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, n); err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Every exported symbol has a doc comment.
func TestEverythingExportedIsDocumented(t *testing.T) {
	all, fset := sources(t)
	for _, s := range all {
		if !s.public() {
			continue
		}
		hasDoc := false
		for _, f := range s.files {
			hasDoc = hasDoc || f.Doc != nil
			for _, d := range f.Decls {
				for _, name := range undocumented(d) {
					t.Errorf("%s: %s has no doc comment", fset.Position(d.Pos()), name)
				}
			}
		}
		if !hasDoc {
			t.Errorf("package %s has no doc comment", s.name())
		}
	}
}

func undocumented(d ast.Decl) []string {
	var out []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d))) {
			out = append(out, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
					out = append(out, s.Name.Name)
				}
			case *ast.ValueSpec:
				if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
					out = append(out, s.Names[0].Name)
				}
			}
		}
	}
	return out
}

// Every constructor, and every command that has a …Tx twin, has an Example
// with output.
func TestConstructorsAndCommandsHaveExamples(t *testing.T) {
	all, _ := sources(t)
	for _, s := range all {
		if !s.public() {
			continue
		}
		have := examples(s)
		for _, want := range wantExamples(s) {
			if !have[want] {
				t.Errorf("package %s has no %s with output", s.name(), want)
			}
		}
	}
}

func examples(s source) map[string]bool {
	have := map[string]bool{}
	for _, f := range s.tests {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Example") || fn.Body == nil {
				continue
			}
			for _, c := range f.Comments {
				if c.Pos() > fn.Body.Pos() && c.End() <= fn.Body.End() && strings.Contains(strings.ToLower(c.Text()), "output:") {
					name, _, _ := strings.Cut(fn.Name.Name, "_lower")
					have[name] = true
				}
			}
		}
	}
	// An example with a suffix shows its base name, too.
	for name := range have {
		if i := strings.LastIndexByte(name, '_'); i > 0 && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z' {
			have[name[:i]] = true
		}
	}
	return have
}

func wantExamples(s source) []string {
	methods := map[string]bool{}
	var out []string
	for _, f := range s.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			switch r := receiver(fn); {
			case r == "" && (strings.HasPrefix(fn.Name.Name, "New") || fn.Name.Name == "Open"):
				out = append(out, "Example"+fn.Name.Name)
			case ast.IsExported(r):
				methods[r+"_"+fn.Name.Name] = true
			}
		}
	}
	for m := range methods {
		if base, ok := strings.CutSuffix(m, "Tx"); ok && methods[base] {
			out = append(out, "Example"+base)
		}
	}
	slices.Sort(out)
	return out
}
