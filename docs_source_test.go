package comptoir_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// source is one package's parsed files.
type source struct {
	path  string // within the module, "" for the root
	files []*ast.File
	tests []*ast.File
}

// sources parses every package of the module, sorted by path.
func sources(t *testing.T) ([]source, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	byDir := map[string]*source{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "testdata" || (strings.HasPrefix(name, ".") && name != ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir == "." {
			dir = ""
		}
		s := byDir[dir]
		if s == nil {
			s = &source{path: dir}
			byDir[dir] = s
		}
		if strings.HasSuffix(path, "_test.go") {
			s.tests = append(s.tests, f)
		} else {
			s.files = append(s.files, f)
		}
		return nil
	})
	require.NoError(t, err)
	var out []source
	for _, s := range byDir {
		if len(s.files) > 0 {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return out, fset
}

// public reports whether others may import the package.
func (s source) public() bool {
	return !strings.Contains("/"+s.path+"/", "/internal/") && !strings.HasPrefix(s.path, "examples")
}

// name is the package's name in prose.
func (s source) name() string {
	if s.path == "" {
		return "comptoir"
	}
	return s.path
}

// receiver returns the type name of a method's receiver, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return "?"
		}
	}
}
