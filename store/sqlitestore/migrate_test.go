package sqlitestore

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
)

func all(t testing.TB) []sqlgen.Migration {
	t.Helper()
	ms, err := sqlgen.Migrations(Migrations())
	require.NoError(t, err)
	return ms
}

// downTo makes a file that only the first migrations have been run on.
func downTo(t *testing.T, version int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old.db")
	d := bare(path)
	require.NoError(t, d.migrate(ctx, all(t)[:version]))
	require.NoError(t, update(t, d, "fr", sample.Insert(mapping.Tables()[0], 1), sample.Emit(1)))
	require.NoError(t, d.Close())
	return path
}

// bare makes a driver on a file without preparing it.
func bare(path string) *driver {
	d, err := connect(path, Options{}.plus())
	if err != nil {
		panic(err)
	}
	return d
}

func (o Options) plus() Options { return (&o).filled() }

// From nothing and from every earlier version, with rows in it, the schema
// becomes the same, and the rows are still there.
func TestMigrateFromEveryVersion(t *testing.T) {
	fresh := schema(t, openTest(t, Options{}))
	require.NotEmpty(t, fresh)
	for from := 1; from < len(all(t)); from++ {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			path := downTo(t, from)
			refusing := Options{NoMigrate: true}
			_, err := open(ctx, path, refusing.plus())
			require.ErrorIs(t, err, sqlgen.ErrSchemaOlder)
			d := openAt(t, path, Options{})
			require.Equal(t, fresh, schema(t, d))
			require.Len(t, load(t, d, "fr", mapping.Tables()[0], sample.ID(1)), 1)
		})
	}
}

// Several processes may start at once on a file that is not there yet.
func TestMigrateConcurrently(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			d, err := open(ctx, path, Options{}.plus())
			if err == nil {
				err = d.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var names []string
	for _, m := range all(t) {
		names = append(names, m.Name)
	}
	require.Equal(t, names, lines(t, openAt(t, path, Options{}), "select name from comptoir_migrations order by version"))
}

// A file of a later release is refused, and a failing migration leaves
// nothing behind.
func TestMigrateRefusals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	d := openAt(t, path, Options{})
	require.ErrorIs(t, d.migrate(ctx, all(t)[:1]), sqlgen.ErrSchemaNewer)
	bad := append(all(t), sqlgen.Migration{Version: len(all(t)) + 1, Name: "bad", SQL: "create table half (id text); insert into nowhere values (1)"})
	require.ErrorIs(t, d.migrate(ctx, bad), ErrSQL)
	bad[len(bad)-1].SQL = "create table half (id text)"
	require.ErrorContains(t, d.migrate(ctx, bad), "does not note itself")
	require.Empty(t, lines(t, d, "select name from sqlite_master where name = 'half'"))
	require.NoError(t, d.migrate(ctx, all(t)))
}

// The files alone are complete: whoever runs them, Open knows the schema.
func TestMigrationsByAnotherTool(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	for _, m := range all(t) {
		_, err := db.ExecContext(ctx, m.SQL)
		require.NoError(t, err, m.Name)
	}
	require.NoError(t, db.Close())
	d := openAt(t, path, Options{NoMigrate: true})
	require.Equal(t, schema(t, openTest(t, Options{})), schema(t, d))
	require.Equal(t, []string{"1"}, lines(t, d, "select count(*) from comptoir_migrations where version = 1 and applied_at > 1700000000000000"))
}

// A file with a table of the shop's own of one of our names is refused with
// that name, and not touched.
func TestMigrateSchemaTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = db.ExecContext(ctx, "create table Orders (mine text); create index carts_name_folded_idx on Orders (mine)")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	for range 2 {
		_, err = open(ctx, path, Options{}.plus())
		require.ErrorIs(t, err, sqlgen.ErrSchemaTaken)
		require.ErrorContains(t, err, "Orders")
	}
}

// The mapping and the schema say the same: every table, column, unique set
// and index of one is in the other, the tenant first everywhere.
func TestSchemaIsTheMapping(t *testing.T) {
	d := openTest(t, Options{})
	types := map[engine.Type]string{engine.Text: "TEXT 1", engine.Int: "INTEGER 1", engine.Bool: "INTEGER 1", engine.Time: "INTEGER 0"}
	var tables []string
	for _, table := range mapping.Tables() {
		tables = append(tables, table.Name)
		want := []string{"tenant TEXT 1", "id TEXT 1", "version INTEGER 1"}
		for _, c := range table.Columns {
			def := c.Name + " " + types[c.Type]
			if c.Sparse {
				def = c.Name + " TEXT 0"
			}
			want = append(want, def)
		}
		require.Equal(t, append(want, "doc TEXT 1"),
			lines(t, d, "select name || ' ' || type || ' ' || \"notnull\" from pragma_table_info('"+table.Name+"') order by cid"))
		require.ElementsMatch(t, declared(table), indexes(t, d, table.Name), table.Name)
		if table.Terms {
			tables = append(tables, table.Name+"_terms")
			require.ElementsMatch(t, []string{"U tenant, kind, value, id", "tenant, id"}, indexes(t, d, table.Name+"_terms"))
		}
	}
	for _, name := range lines(t, d, "select name from sqlite_master where type = 'table'") {
		if !strings.HasPrefix(name, "comptoir_") {
			require.Contains(t, tables, name)
		}
		if name == "comptoir_migrations" || name == "comptoir_tenants" {
			continue
		}
		for _, index := range indexes(t, d, name) {
			require.True(t, strings.HasPrefix(strings.TrimPrefix(index, "U "), "tenant, "), "%s: %s", name, index)
		}
	}
}

// declared lists what a table's mapping declares, U marking unique ones.
func declared(table *engine.Table) []string {
	out := []string{"U tenant, id"}
	var unique []string
	for _, set := range table.Unique {
		unique = append(unique, strings.Join(set, ", "))
		out = append(out, "U tenant, "+strings.Join(set, ", "))
	}
	sets := slices.Clone(table.Indexes)
	for _, s := range table.Sorts {
		sets = append(sets, s.Columns)
	}
	for _, set := range sets {
		cols := strings.Join(set, ", ")
		if def := "tenant, " + cols + ", id"; !slices.Contains(unique, cols) && !slices.Contains(out, def) {
			out = append(out, def)
		}
	}
	return out
}

func indexes(t *testing.T, d *driver, table string) []string {
	return lines(t, d, "select case when i.\"unique\" then 'U ' else '' end ||"+
		" (select group_concat(name, ', ') from (select name from pragma_index_info(i.name) order by seqno))"+
		" from pragma_index_list('"+table+"') i")
}

func schema(t testing.TB, d *driver) []string {
	t.Helper()
	return append(lines(t, d, "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master order by type, name"),
		lines(t, d, "select name from comptoir_migrations order by version")...)
}

func lines(t testing.TB, d *driver, text string) []string {
	t.Helper()
	rows, err := d.readerDB.QueryContext(ctx, text)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var out []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(t, rows.Err())
	return out
}

// What was written before orders had deliveries and invoices is in their lists
// as if it were written now: the columns and search terms of a row that was
// migrated are those of the same document saved anew.
func TestMigrateOrdersWrittenBefore(t *testing.T) {
	now := openTest(t, Options{})
	tenanted, err := engine.New(now, mapping.Bind, nil).For("fr")
	require.NoError(t, err)
	require.NoError(t, tenanted.Update(ctx, sample.Documents))
	then := bare(filepath.Join(t.TempDir(), "old.db"))
	t.Cleanup(func() { require.NoError(t, then.Close()) })
	require.NoError(t, then.migrate(ctx, all(t)[:2]))
	ids := map[string][]string{"orders": {"o1", "o2", "o3"}, "partners": {"p1", "p2", "p3"}}
	terms := func(d *driver, table string) []string {
		view, err := d.Begin(ctx, "fr", false)
		require.NoError(t, err)
		defer view.Rollback()
		return answers(t, view.(*tx).s, "select id || '|' || kind || '|' || value from "+table+"_terms order by 1")
	}
	for _, table := range mapping.Tables() {
		for _, id := range ids[table.Name] {
			var old []engine.Term
			for _, line := range terms(now, table.Name) {
				if parts := strings.Split(line, "|"); parts[0] == id {
					old = append(old, engine.Term{Kind: parts[1], Value: parts[2]})
				}
			}
			require.NoError(t, update(t, then, "fr", sample.Before(table, load(t, now, "fr", table, id)[0], old)))
		}
	}
	require.NoError(t, then.migrate(ctx, all(t)))
	for _, table := range mapping.Tables() {
		if len(ids[table.Name]) == 0 {
			continue
		}
		require.ElementsMatch(t, load(t, now, "fr", table, ids[table.Name]...), load(t, then, "fr", table, ids[table.Name]...))
		require.NotEmpty(t, terms(then, table.Name))
		require.Equal(t, terms(now, table.Name), terms(then, table.Name))
	}
}

// answers reads texts in a transaction's own session.
func answers(t *testing.T, s *session, text string) []string {
	t.Helper()
	rows, err := s.query(ctx, text)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var out []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	return out
}
