package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// pkg is a package with tests.
type pkg struct {
	path string // within the module, "." for the root
	// rapid says that its tests take the flags of the property tester.
	rapid bool
	// claims are the first sentences of the comments on its tests, by name.
	claims map[string]string
	fuzz   []target
}

// target is one fuzz target.
type target struct{ name, claim string }

const rapidPath = `"pgregory.net/rapid"`

// list finds the module's packages with tests.
func list(ctx context.Context) ([]pkg, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-json=Dir,ImportPath,Module,TestGoFiles,XTestGoFiles", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New("go list: " + strings.TrimSpace(stderr.String()))
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l struct {
			Dir, ImportPath           string
			Module                    struct{ Path string }
			TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, err
		}
		files := append(l.TestGoFiles, l.XTestGoFiles...)
		if len(files) == 0 {
			continue
		}
		p := pkg{claims: map[string]string{}, path: strings.TrimPrefix(strings.TrimPrefix(l.ImportPath, l.Module.Path), "/")}
		if p.path == "" {
			p.path = "."
		}
		for _, name := range files {
			if err := p.scan(filepath.Join(l.Dir, name)); err != nil {
				return nil, err
			}
		}
		pkgs = append(pkgs, p)
	}
}

// scan reads one test file.
func (p *pkg) scan(file string) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, imp := range f.Imports {
		p.rapid = p.rapid || imp.Path.Value == rapidPath
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil {
			continue
		}
		switch name := fn.Name.Name; {
		case strings.HasPrefix(name, "Fuzz"):
			p.fuzz = append(p.fuzz, target{name, sentence(name, fn.Doc.Text())})
		case strings.HasPrefix(name, "Test") && fn.Doc.Text() != "":
			p.claims[name] = sentence(name, fn.Doc.Text())
		}
	}
	return nil
}

// sentence makes the first sentence of a comment, or else the name, a claim.
func sentence(name, doc string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	for _, end := range []string{" ", ": "} {
		doc = strings.TrimPrefix(doc, name+end)
	}
	if first, _, ok := strings.Cut(doc, ". "); ok {
		doc = first
	}
	if doc = strings.TrimSuffix(doc, "."); doc != "" {
		return doc
	}
	return words(name)
}

// words turns TestLawSealHoldsVAT into "law seal holds VAT".
func words(name string) string {
	for _, prefix := range []string{"Test", "Fuzz"} {
		name = strings.TrimPrefix(name, prefix)
	}
	var out []string
	for i, start := 1, 0; i <= len(name); i++ {
		if i < len(name) && !boundary(name, i) {
			continue
		}
		w := name[start:i]
		if len(w) < 2 || w != strings.ToUpper(w) {
			w = strings.ToLower(w)
		}
		out = append(out, strings.Trim(w, "_"))
		start = i
	}
	return strings.Join(out, " ")
}

func boundary(s string, i int) bool {
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	return upper(s[i]) && (!upper(s[i-1]) || i+1 < len(s) && !upper(s[i+1]))
}
