package pgstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testpg"
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

// empty makes a driver over a schema that has not been migrated.
func empty(t testing.TB, dsn string, opts Options) *driver {
	t.Helper()
	pool, err := pgxpool.New(ctx, dsn)
	require.NoError(t, err)
	d := newDriver(pool, opts.filled(), true)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// From nothing and from every earlier version, with rows in it, the schema
// becomes the same, and the rows are still there.
func TestMigrateFromEveryVersion(t *testing.T) {
	fresh := dump(t, openTest(t, Options{}, nil))
	require.NotEmpty(t, fresh)
	table := mapping.Tables()[0]
	for from := 1; from < len(all(t)); from++ {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			d := empty(t, testpg.Schema(t), Options{})
			require.NoError(t, d.migrate(ctx, all(t)[:from]))
			require.NoError(t, update(t, d, "fr", sample.Insert(table, 1), sample.Emit(1)))
			require.NoError(t, d.migrate(ctx, all(t)))
			require.Equal(t, fresh, dump(t, d))
			require.Len(t, load(t, d, "fr", table, sample.ID(1)), 1)
			require.NoError(t, d.migrate(ctx, all(t)), "a second run does nothing")
		})
	}
}

// Many processes may start at once on an empty database.
func TestMigrateConcurrently(t *testing.T) {
	dsn := testpg.Schema(t)
	var wg sync.WaitGroup
	for range 8 {
		d := empty(t, dsn, Options{})
		wg.Go(func() {
			if err := d.migrate(ctx, all(t)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	d := empty(t, dsn, Options{})
	names := query(t, d, "select name from comptoir_migrations order by version")
	var want []string
	for _, m := range all(t) {
		want = append(want, m.Name)
	}
	require.Equal(t, want, names)
}

func TestMigrateRefusals(t *testing.T) {
	dsn := testpg.Schema(t)
	old := empty(t, dsn, Options{NoMigrate: true})
	require.ErrorIs(t, old.migrate(ctx, all(t)), sqlgen.ErrSchemaOlder)
	d := empty(t, dsn, Options{})
	require.NoError(t, d.migrate(ctx, all(t)))
	require.NoError(t, old.migrate(ctx, all(t)))
	require.ErrorIs(t, d.migrate(ctx, all(t)[:1]), sqlgen.ErrSchemaNewer)
	// A migration that fails leaves nothing behind.
	bad := append(all(t), sqlgen.Migration{Version: len(all(t)) + 1, Name: "bad", SQL: "create table half (id text); select 1 / 0"})
	require.Error(t, d.migrate(ctx, bad))
	bad[len(bad)-1].SQL = "create table half (id text); drop table half"
	require.ErrorContains(t, d.migrate(ctx, bad), "does not note itself")
	require.Equal(t, []string{"f"}, query(t, d, "select (to_regclass('half') is not null)::text::char"))
	require.NoError(t, d.migrate(ctx, all(t)))
}

// The files alone are complete: whoever runs them, Open knows the schema.
func TestMigrationsByAnotherTool(t *testing.T) {
	dsn := testpg.Schema(t)
	d := empty(t, dsn, Options{NoMigrate: true})
	for _, m := range all(t) {
		_, err := d.pool.Exec(ctx, m.SQL, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err, m.Name)
	}
	s, err := Open(ctx, dsn, &Options{NoMigrate: true})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.Equal(t, dump(t, openTest(t, Options{}, nil)), dump(t, d))
}

// A schema with a table or view of the portal's own of one of our names is
// refused with that name, soon, and not touched.
func TestMigrateSchemaTaken(t *testing.T) {
	for name, sql := range map[string]string{"orders": "create table orders (mine text)", "carts": "create view carts as select 1 as mine",
		"products_sku_key": "create table theirs (sku text); create index products_sku_key on theirs (sku)"} {
		t.Run(name, func(t *testing.T) {
			dsn := testpg.Schema(t)
			d := empty(t, dsn, Options{})
			_, err := d.pool.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
			require.NoError(t, err)
			within, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			_, err = Open(within, dsn, nil)
			require.ErrorIs(t, err, sqlgen.ErrSchemaTaken)
			require.ErrorContains(t, err, name)
			require.Equal(t, []string{"f"}, query(t, d, "select (to_regclass('comptoir_migrations') is not null)::text::char"))
		})
	}
}

// The mapping and the schema say the same: every table, column, type, unique
// set and index of one is in the other.
func TestSchemaIsTheMapping(t *testing.T) {
	d := openTest(t, Options{}, nil)
	types := map[engine.Type]string{engine.Text: "text C NO", engine.Int: "bigint - NO", engine.Bool: "boolean - NO",
		engine.Time: "timestamp with time zone - YES"}
	var tables []string
	for _, table := range mapping.Tables() {
		tables = append(tables, table.Name)
		want := []string{"tenant text C NO", "id text C NO", "version bigint - NO"}
		for _, c := range table.Columns {
			def := c.Name + " " + types[c.Type]
			if c.Sparse {
				def = c.Name + " text C YES"
			}
			want = append(want, def)
		}
		require.ElementsMatch(t, append(want, "doc jsonb - NO"), columnsOf(t, d, table.Name), "later columns follow the document")
		require.ElementsMatch(t, indexesOf(table), queryIndexes(t, d, table.Name), table.Name)
		if table.Terms {
			tables = append(tables, table.Name+"_terms")
			require.Equal(t, []string{"tenant text C NO", "kind text C NO", "value text C NO", "id text C NO"}, columnsOf(t, d, table.Name+"_terms"))
			require.ElementsMatch(t, []string{"U tenant, kind, value, id", "tenant, id"}, queryIndexes(t, d, table.Name+"_terms"))
		}
	}
	for _, name := range query(t, d, "select table_name::text from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'") {
		if !strings.HasPrefix(name, "comptoir_") {
			require.Contains(t, tables, name)
		}
	}
	// The tenant comes first in every key and index.
	for _, def := range query(t, d, "select indexdef from pg_indexes where schemaname = current_schema() and tablename not in ('comptoir_migrations', 'comptoir_tenants')") {
		require.Contains(t, def, "(tenant, ")
	}
}

func columnsOf(t *testing.T, d *driver, table string) []string {
	return query(t, d, "select column_name || ' ' || data_type || ' ' || coalesce(collation_name, '-') || ' ' || is_nullable"+
		" from information_schema.columns where table_schema = current_schema() and table_name = '"+table+"' order by ordinal_position")
}

// indexesOf lists what a table's mapping declares, U marking unique ones.
func indexesOf(table *engine.Table) []string {
	out := []string{"U tenant, id"}
	var unique []string
	for _, set := range table.Unique {
		unique = append(unique, strings.Join(set, ", "))
		out = append(out, "U tenant, "+strings.Join(set, ", "))
	}
	add := func(set []string) {
		cols := strings.Join(set, ", ")
		if def := "tenant, " + cols + ", id"; !slices.Contains(unique, cols) && !slices.Contains(out, def) {
			out = append(out, def)
		}
	}
	for _, s := range table.Sorts {
		add(s.Columns)
	}
	for _, set := range table.Indexes {
		add(set)
	}
	return out
}

func queryIndexes(t *testing.T, d *driver, table string) []string {
	return query(t, d, "select case when indexdef like 'CREATE UNIQUE%' then 'U ' else '' end || substring(indexdef from '\\((.*)\\)')"+
		" from pg_indexes where schemaname = current_schema() and tablename = '"+table+"'")
}

// dump describes the schema: columns, indexes, policies, views, storage.
func dump(t testing.TB, d *driver) []string {
	t.Helper()
	var out []string
	for _, sql := range []string{
		"select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')" +
			" from information_schema.columns where table_schema = current_schema()",
		"select regexp_replace(indexdef, current_schema() || '\\.', '') from pg_indexes where schemaname = current_schema()",
		"select tablename || ' ' || policyname || ' ' || qual from pg_policies where schemaname = current_schema()",
		"select relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity || ' ' || coalesce(reloptions::text, '')" +
			" from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v')",
		"select version || ' ' || name from comptoir_migrations",
	} {
		lines := query(t, d, sql)
		slices.Sort(lines)
		out = append(out, lines...)
	}
	return out
}

func query(t testing.TB, d *driver, sql string) []string {
	t.Helper()
	rows, err := d.pool.Query(ctx, sql)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return out
}

// What was written before orders had deliveries and invoices is in their lists
// as if it were written now: the columns and search terms of a row that was
// migrated are those of the same document saved anew.
func TestMigrateOrdersWrittenBefore(t *testing.T) {
	now := openTest(t, Options{}, nil)
	tenanted, err := engine.New(now, mapping.Bind, nil).For("fr")
	require.NoError(t, err)
	require.NoError(t, tenanted.Update(ctx, sample.Documents))
	then := empty(t, testpg.Schema(t), Options{})
	require.NoError(t, then.migrate(ctx, all(t)[:3]))
	ids := map[string][]string{"orders": {"o1", "o2", "o3"}, "partners": {"p1", "p2", "p3"}}
	terms := func(d *driver, table string) []string {
		return seen(t, d, "fr", "select id || '|' || kind || '|' || value from "+table+"_terms order by id, kind, value")
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
