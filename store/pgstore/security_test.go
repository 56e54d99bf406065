package pgstore

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
)

// Every table with a tenant column has row-level security, forced on the
// owner, with a policy; the list of tenants and of migrations are the only
// tables without.
func TestEveryTenantTableIsGuarded(t *testing.T) {
	d := openTest(t, Options{}, nil)
	const guarded = "select c.relname::text from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'" +
		" and %s (c.relrowsecurity and c.relforcerowsecurity and exists (select 1 from pg_policy p where p.polrelid = c.oid)) order by 1"
	require.Equal(t, []string{"comptoir_migrations", "comptoir_tenants"}, query(t, d, fmt.Sprintf(guarded, "not")))
	with := query(t, d, "select table_name::text from information_schema.columns c join information_schema.tables t using (table_schema, table_name)"+
		" where table_schema = current_schema() and column_name = 'tenant' and table_type = 'BASE TABLE' order by 1")
	require.Equal(t, with, query(t, d, fmt.Sprintf(guarded, "")))
	own := 4 // outbox, counters, keys, units
	for _, table := range mapping.Tables() {
		own++
		if table.Terms {
			own++
		}
	}
	require.Len(t, with, own)
}

// A statement that forgets the tenant reaches nothing of another one, and
// nothing at all when the session has named none.
func TestSecondWall(t *testing.T) {
	d := openTest(t, Options{}, nil)
	orders := mapping.Tables()[4]
	require.Equal(t, "orders", orders.Name)
	for _, tenant := range []string{"fr", "de"} {
		require.NoError(t, update(t, d, tenant, sample.Insert(orders, 1), sample.Emit(1)))
		raw := beginAs(t, d, tenant, true)
		_, err := raw.Next(ctx, "s")
		require.NoError(t, err)
		_, err = raw.Reserve(ctx, "s", "k", []byte("i"))
		require.NoError(t, err)
		require.NoError(t, raw.Commit(ctx, nil))
	}
	for _, table := range []string{"orders", "orders_terms", "comptoir_outbox", "comptoir_counters", "comptoir_keys", "orders_report"} {
		require.Equal(t, []string{"fr"}, seen(t, d, "fr", "select distinct tenant from "+table), table)
		require.Empty(t, seen(t, d, "", "select distinct tenant from "+table), table)
		if table != "orders_report" {
			require.Equal(t, []string{"de"}, seen(t, d, "de", "delete from "+table+" returning tenant")[:1], table)
			require.NotEmpty(t, seen(t, d, "fr", "select tenant from "+table), table)
		}
	}
	err := d.short(ctx, "fr", func(b *pgx.Batch) {
		b.Queue("insert into comptoir_counters (tenant, series, value) values ('de', 'x', 1)")
	}, func(br pgx.BatchResults) error { _, err := br.Exec(); return err })
	require.Equal(t, "42501", code(err), "%v", err)
}

func seen(t *testing.T, d *driver, tenant, sql string) (out []string) {
	t.Helper()
	require.NoError(t, d.short(ctx, tenant, func(b *pgx.Batch) { b.Queue(sql) }, func(br pgx.BatchResults) error {
		rows, err := br.Query()
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	return out
}

// The setting ends with the transaction: a connection that goes back to the
// pool names no tenant.
func TestTenantDoesNotLinger(t *testing.T) {
	d := openTest(t, Options{}, nil)
	table := mapping.Tables()[0]
	require.NoError(t, update(t, d, "fr", sample.Insert(table, 1)))
	raw := begin(t, d, false)
	_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(1)}}})
	require.NoError(t, err)
	raw.Rollback()
	d.loose.Wait()
	conns := d.pool.AcquireAllIdle(ctx)
	require.NotEmpty(t, conns)
	for _, c := range conns {
		var left string
		require.NoError(t, c.QueryRow(ctx, "select coalesce(current_setting('comptoir.tenant', true), '')").Scan(&left))
		require.Empty(t, left)
		c.Release()
	}
}
