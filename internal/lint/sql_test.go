// Package lint holds rules over the sources that no compiler knows.
package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rule is SQL that engines compatible with PostgreSQL lack or treat
// differently, and that the stores therefore do without.
type rule struct {
	name string
	sql  *regexp.Regexp
	// except is a file that may use it.
	except string
}

func words(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?is)\b(?:` + pattern + `)\b`) }

var rules = []rule{
	{name: "numbers made by the database", sql: words(`(small|big)?serial|autoincrement|as\s+identity|create\s+sequence|nextval`)},
	{name: "advisory locks", sql: words(`pg_(try_)?advisory\w*`)},
	{name: "LISTEN and NOTIFY", sql: words(`(un)?listen\s+\w+|notify\s+\w+|pg_notify`)},
	{name: "triggers", sql: words(`trigger`)},
	{name: "savepoints", sql: words(`savepoint`)},
	{name: "deferrable constraints", sql: words(`(initially\s+)?deferr(able|ed)`)},
	{name: "OFFSET", sql: words(`offset\s+(\?|\$?\d+)`)},
	{name: "ON CONFLICT without its columns", sql: regexp.MustCompile(`(?is)\bon\s+conflict\b\s*(?:[^(\s]|$)`)},
	{name: "OR REPLACE and OR IGNORE", sql: words(`(insert|update)\s+or\s+\w+|replace\s+into`)},
	{name: "SKIP LOCKED outside the queue", sql: words(`skip\s+locked`), except: "store/internal/sqlgen/outbox.go"},
	{name: "row locks outside the queue", sql: words(`for\s+(no\s+key\s+)?update|for\s+(key\s+)?share|lock\s+table`), except: "store/internal/sqlgen/outbox.go"},
	{name: "LIKE, where a range or a term serves", sql: words(`i?like`)},
	{name: "foreign keys across aggregates", sql: words(`references|foreign\s+key`)},
}

// breaches lists the rules that a piece of SQL breaks.
func breaches(file, sql string) []string {
	var out []string
	for _, r := range rules {
		if r.except != file && r.sql.MatchString(sql) {
			out = append(out, r.name)
		}
	}
	return out
}

// The SQL of the stores, in migrations and in Go strings, keeps to the rules.
func TestPortableSQL(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]int{}
	require.NoError(t, filepath.WalkDir(filepath.Join(root, "store"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.Name() == "storetest" { // cases in words, no SQL
			return fs.SkipDir
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		var texts []string
		switch {
		case strings.HasSuffix(rel, ".sql"):
			texts, err = statements(path)
		case strings.HasSuffix(rel, ".go") && !strings.HasSuffix(rel, "_test.go"):
			texts, err = literals(path)
		default:
			return nil
		}
		seen[filepath.Ext(rel)] += len(texts)
		for _, text := range texts {
			for _, b := range breaches(rel, text) {
				t.Errorf("%s uses %s: %s", rel, b, text)
			}
		}
		return err
	}))
	require.Greater(t, seen[".sql"], 50, "the migrations were found")
	require.Greater(t, seen[".go"], 200, "the strings were found")
}

var comment = regexp.MustCompile(`--[^\n]*`)

func statements(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	return strings.Split(comment.ReplaceAllString(string(text), ""), ";"), err
}

func literals(path string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return out, nil
}

// Each rule finds what it is about, and lets its neighbours be.
func TestRules(t *testing.T) {
	for sql, want := range map[string]string{
		"create table a (id bigserial)":                        "numbers made by the database",
		"id bigint generated always as identity":               "numbers made by the database",
		"select pg_advisory_xact_lock(1)":                      "advisory locks",
		"LISTEN events":                                        "LISTEN and NOTIFY",
		"create trigger x":                                     "triggers",
		"savepoint a":                                          "savepoints",
		"unique (a) deferrable initially deferred":             "deferrable constraints",
		"select 1 limit 5 offset $2":                           "OFFSET",
		"insert into a values (1) on conflict do nothing":      "ON CONFLICT without its columns",
		"insert into a values (1) on conflict":                 "ON CONFLICT without its columns",
		"insert or replace into a values (1)":                  "OR REPLACE and OR IGNORE",
		"select 1 from a for update":                           "row locks outside the queue",
		"select 1 from a where b like 'x%'":                    "LIKE, where a range or a term serves",
		"a text references b (id)":                             "foreign keys across aggregates",
		"insert into a values (1) on conflict (id) do nothing": "",
		"select serial_number, triggered from offsets":         "",
	} {
		got := strings.Join(breaches("x.go", sql), ", ")
		require.Equal(t, want, got, sql)
	}
	require.Contains(t, breaches("x.go", "for update skip locked"), "SKIP LOCKED outside the queue")
	require.Empty(t, breaches("store/internal/sqlgen/outbox.go", "for update skip locked"))
}
