package pgstore

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
	"github.com/comptoir-go/comptoir/uow"
)

var ctx = context.Background()

// openTest makes a driver in a schema of the test's own; change may alter the
// pool's configuration.
func openTest(t testing.TB, opts Options, change func(*pgxpool.Config)) *driver {
	t.Helper()
	return openAt(t, testpg.Schema(t), opts, change)
}

func openAt(t testing.TB, dsn string, opts Options, change func(*pgxpool.Config)) *driver {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	require.NoError(t, err)
	if change != nil {
		change(cfg)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	require.NoError(t, err)
	d := newDriver(pool, opts.filled(), true)
	t.Cleanup(func() { shut(t, d) })
	all, err := sqlgen.Migrations(Migrations())
	require.NoError(t, err)
	require.NoError(t, d.migrate(ctx, all))
	return d
}

// shut closes a driver. A pool waits for its connections as long as they are
// out, so that a test which lost one fails here instead of hanging.
func shut(t testing.TB, d *driver) {
	t.Helper()
	closed := make(chan error, 1)
	go func() { closed <- d.Close() }()
	select {
	case err := <-closed:
		require.NoError(t, err)
	case <-time.After(30 * time.Second):
		t.Error("the driver does not close: a transaction was not ended")
	}
}

// begin opens a transaction of the tenant fr that ends with the test, however
// that ends: once ended, a further Rollback does nothing.
func begin(t testing.TB, d engine.Driver, write bool) engine.Raw {
	t.Helper()
	return beginAs(t, d, "fr", write)
}

func beginAs(t testing.TB, d engine.Driver, tenant string, write bool) engine.Raw {
	t.Helper()
	raw, err := d.Begin(ctx, tenant, write)
	require.NoError(t, err)
	t.Cleanup(raw.Rollback)
	return raw
}

func update(t testing.TB, d engine.Driver, tenant string, ws ...engine.Write) error {
	t.Helper()
	raw, err := d.Begin(ctx, tenant, true)
	require.NoError(t, err)
	return raw.Commit(ctx, ws)
}

func load(t testing.TB, d engine.Driver, tenant string, table *engine.Table, ids ...string) []engine.Row {
	t.Helper()
	raw, err := d.Begin(ctx, tenant, false)
	require.NoError(t, err)
	defer raw.Rollback()
	rows, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: ids}})
	require.NoError(t, err)
	return rows[0]
}

// Every column of every table comes back as it was written, and only in its
// own tenant.
func TestRoundTrip(t *testing.T) {
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeExec} {
		t.Run(mode.String(), func(t *testing.T) {
			d := openTest(t, Options{}, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = mode })
			for _, table := range mapping.Tables() {
				roundTrip(t, d, table)
			}
			names, err := d.Tenants(ctx)
			require.NoError(t, err)
			require.Equal(t, []string{"fr"}, names)
		})
	}
}

func roundTrip(t *testing.T, d *driver, table *engine.Table) {
	var ws []engine.Write
	var ids []string
	for n := range 12 {
		ws = append(ws, sample.Insert(table, n))
		ids = append(ids, sample.ID(n))
	}
	require.NoError(t, update(t, d, "fr", ws...))
	found := map[string]engine.Row{}
	for _, row := range load(t, d, "fr", table, append(ids, "none")...) {
		found[row.ID] = row
	}
	require.Len(t, found, len(ws))
	for _, w := range ws {
		got := found[w.Row.ID]
		require.JSONEq(t, string(w.Row.Doc), string(got.Doc))
		require.True(t, json.Valid(got.Doc))
		w.Row.Terms, w.Row.Doc, got.Doc = nil, nil, nil
		require.Equal(t, w.Row, got)
	}
	require.Empty(t, load(t, d, "de", table, ids...))
	require.Len(t, load(t, d, "fr", table, ids[3]), 1)
}

func TestWritesAreChecked(t *testing.T) {
	d := openTest(t, Options{}, nil)
	for _, table := range mapping.Tables() {
		require.NoError(t, update(t, d, "fr", sample.Insert(table, 1)))
		require.ErrorIs(t, update(t, d, "fr", sample.Insert(table, 1)), table.Exists)
		replace := engine.Write{Op: engine.Replace, Table: table, Row: sample.Row(table, 1, 5, 10), Want: 2}
		err := update(t, d, "fr", sample.Insert(table, 2), replace)
		require.Equal(t, uow.Conflict(table.Kind, sample.ID(1), 2, 1), err)
		require.Empty(t, load(t, d, "fr", table, sample.ID(2)), "the COMMIT behind a stale write did not happen")
		replace.Want = 1
		require.NoError(t, update(t, d, "fr", replace))
		require.Equal(t, int64(5), load(t, d, "fr", table, sample.ID(1))[0].Version)
		remove := engine.Write{Op: engine.Delete, Table: table, Row: engine.Row{ID: sample.ID(1)}, Want: 5}
		require.NoError(t, update(t, d, "fr", remove))
		require.Equal(t, uow.Conflict(table.Kind, sample.ID(1), 5, 0), update(t, d, "fr", remove))
		require.NoError(t, update(t, d, "fr", sample.Insert(table, 1)), "the terms went with the row")
	}
	require.NoError(t, update(t, d, "fr", sample.Emit(1)))
	require.ErrorIs(t, update(t, d, "fr", sample.Emit(1)), event.ErrExists)
}

// Two transactions that read each other's rows before writing their own: one
// is refused as retryable, and nothing of it remains.
func TestWriteSkewIsRetryable(t *testing.T) {
	d := openTest(t, Options{}, nil)
	table := mapping.Tables()[0]
	require.NoError(t, update(t, d, "fr", sample.Insert(table, 1), sample.Insert(table, 2)))
	var raws [2]engine.Raw
	for i := range raws {
		raw := begin(t, d, true)
		_, err := raw.Load(ctx, []engine.Want{{Table: table, IDs: []string{sample.ID(2 - i)}}})
		require.NoError(t, err)
		raws[i] = raw
	}
	var failed []error
	for i, raw := range raws {
		err := raw.Commit(ctx, []engine.Write{{Op: engine.Replace, Table: table, Want: 1, Row: sample.Row(table, i+1, 2, 10)}})
		if err != nil {
			failed = append(failed, err)
		}
	}
	require.Len(t, failed, 1)
	require.True(t, d.Retryable(failed[0]), "%v", failed[0])
	require.ErrorIs(t, failed[0], ErrConflict)
	require.EqualValues(t, 3, load(t, d, "fr", table, sample.ID(1))[0].Version+load(t, d, "fr", table, sample.ID(2))[0].Version)
}

// The pool's bound, not the caller's patience, ends a wait for a connection.
func TestBoundedWait(t *testing.T) {
	d := openTest(t, Options{}, func(c *pgxpool.Config) { c.MaxConns = 1 })
	_, err := begin(t, d, true).Next(ctx, "s")
	require.NoError(t, err)
	d.opts.Wait = 20 * time.Millisecond // a busy machine may take as long to give the first one
	_, err = begin(t, d, true).Next(ctx, "s")
	require.ErrorIs(t, err, uow.ErrBusy)
}
