package sqlgen

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var gadgets = &engine.Table{
	Name: "gadgets", Kind: "thing",
	Columns: []engine.Column{{Name: "number", Type: engine.Text}, {Name: "size", Type: engine.Int},
		{Name: "open", Type: engine.Bool}, {Name: "at", Type: engine.Time}},
	Unique: [][]string{{"number"}},
	Terms:  true,
}

// The golden shows all SQL there is over a table; -update rewrites it.
func TestStatements(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 1000, time.UTC)
	selects := []engine.Select{
		{Table: gadgets, Limit: 50},
		{Table: gadgets, Limit: 50, Docs: true, Sort: engine.Sort{Columns: []string{"at"}, Desc: true}, After: []any{at, "id"}},
		{Table: gadgets, Limit: 50, Sort: engine.Sort{Columns: []string{"number"}}, After: []any{"n", "id"}},
		{Table: gadgets, Sort: engine.Sort{Columns: []string{"at"}}, Where: []engine.Pred{
			{Op: engine.Eq, Column: "open", Values: []any{true}},
			{Op: engine.In, Column: "size", Values: []any{int64(1), int64(2)}},
			{Op: engine.AtLeast, Column: "at", Values: []any{at}},
			{Op: engine.Below, Column: "at", Values: []any{time.Time{}}},
		}},
		{Table: gadgets, Sort: engine.Sort{Columns: []string{"at"}}, Where: []engine.Pred{
			{Op: engine.TermPrefix, Kind: "word", Also: []string{"note", "name"}, Values: []any{"fo"}},
		}},
		{Table: gadgets, Sort: engine.Sort{Columns: []string{"at"}}, After: []any{at, "id"}, Where: []engine.Pred{
			{Op: engine.Eq, Column: "number", Values: []any{"7"}},
			{Op: engine.Prefix, Column: "number", Values: []any{"a%"}},
			{Op: engine.HasTerm, Kind: "tag", Values: []any{"new"}},
			{Op: engine.TermPrefix, Kind: "word", Values: []any{"fo"}},
			{Op: engine.Prefix, Column: "number", Values: []any{"\U0010FFFF"}},
		}},
	}
	var sb strings.Builder
	for _, d := range []Dialect{Postgres, SQLite} {
		fmt.Fprintf(&sb, "dialect %d\n", d)
		st := NewCache(d).Of(gadgets)
		fmt.Fprintf(&sb, "%s\n", strings.ReplaceAll(fmt.Sprintf("%+v", *st), " Load", "\nLoad"))
		for _, s := range selects {
			q := d.Find("fr", s)
			fmt.Fprintf(&sb, "%s\n\t%v\n", q.SQL, q.Args)
			q = d.Count("fr", s, 101)
			fmt.Fprintf(&sb, "%s\n\t%v\n", q.SQL, q.Args)
		}
		fmt.Fprintf(&sb, "%+v\n%+v\n", d.Outbox(), d.Plain())
	}
	q := SQLite.LoadIn("fr", gadgets, []string{"a", "b", "c"})
	fmt.Fprintf(&sb, "%s\n\t%v\n", q.SQL, q.Args)
	for _, s := range selects {
		q := SQLite.FindFew("fr", s)
		fmt.Fprintf(&sb, "few %v: %s\n\t%v\n", Few(s), q.SQL, q.Args)
		for _, q := range SQLite.Probes("fr", s) {
			fmt.Fprintf(&sb, "%s\n\t%v\n", q.SQL, q.Args)
		}
	}
	golden.Check(t, "testdata/statements.txt", []byte(sb.String()))
}

// An empty text of a sparse column is bound as NULL.
func TestSparseValues(t *testing.T) {
	table := &engine.Table{Name: "t", Columns: []engine.Column{{Name: "a", Type: engine.Text}, {Name: "b", Type: engine.Text, Sparse: true}}}
	for _, d := range []Dialect{Postgres, SQLite} {
		r := engine.Row{ID: "1", Version: 2, Cols: []any{"", ""}}
		require.Equal(t, []any{"fr", "1", int64(2), "", nil, "doc"}, d.InsertArgs("fr", table, &r, "doc"))
		require.Equal(t, []any{int64(2), "", nil, "doc", "fr", "1", int64(1)}, d.ReplaceArgs("fr", table, &r, 1, "doc"))
		r.Cols[1] = "x"
		require.Equal(t, []any{"fr", "1", int64(2), "", "x", "doc"}, d.InsertArgs("fr", table, &r, "doc"))
	}
}

// A column that the table does not have is a mistake in a mapping, and never
// reaches the SQL.
func TestUnknownColumnPanics(t *testing.T) {
	for _, s := range []engine.Select{
		{Table: gadgets, Where: []engine.Pred{{Op: engine.Eq, Column: "1=1; --", Values: []any{1}}}},
		{Table: gadgets, Sort: engine.Sort{Columns: []string{"none"}}},
	} {
		require.Panics(t, func() { SQLite.Find("fr", s) })
	}
}

func TestValue(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 5000, time.UTC)
	require.Equal(t, at, Postgres.Value(at))
	require.Equal(t, at.UnixMicro(), SQLite.Value(at))
	require.Nil(t, Postgres.Value(time.Time{}))
	require.Nil(t, SQLite.Value(time.Time{}))
	require.Equal(t, true, Postgres.Value(true))
	require.Equal(t, int64(1), SQLite.Value(true))
	require.Equal(t, int64(0), SQLite.Value(false))
	require.Equal(t, "a", SQLite.Value("a"))
}

func TestDeadCursor(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 5000, time.UTC)
	buried, id, err := ParseDeadCursor(DeadCursor(event.Letter{Event: event.Event{ID: "a b"}, Buried: at}))
	require.NoError(t, err)
	require.Equal(t, at, buried)
	require.Equal(t, "a b", id)
	for _, bad := range []string{"x", "!!", DeadCursor(event.Letter{Buried: at})} {
		_, _, err := ParseDeadCursor(bad)
		require.ErrorIs(t, err, uow.ErrPage, bad)
	}
}

func TestMigrations(t *testing.T) {
	dir := fstest.MapFS{"0001_a.sql": {Data: []byte("a")}, "0002_b.sql": {Data: []byte("b")}, "notes.txt": {}}
	ms, err := Migrations(dir)
	require.NoError(t, err)
	require.Equal(t, []Migration{{1, "0001_a.sql", "a"}, {2, "0002_b.sql", "b"}}, ms)
	for version, left := range map[int]int{0: 2, 1: 1, 2: 0} {
		pending, err := Pending(ms, version)
		require.NoError(t, err)
		require.Len(t, pending, left)
	}
	_, err = Pending(ms, 3)
	require.ErrorIs(t, err, ErrSchemaNewer)
	for _, name := range []string{"0004_gap.sql", "3_short.sql", "0002_twice.sql", "x.sql"} {
		dir := fstest.MapFS{"0001_a.sql": {}, "0002_b.sql": {}, name: {}}
		_, err := Migrations(dir)
		require.Error(t, err, name)
	}
}
