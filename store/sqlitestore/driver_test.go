package sqlitestore

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen/sample"
	"github.com/comptoir-go/comptoir/uow"
)

var ctx = context.Background()

func openTest(t testing.TB, opts Options) *driver {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "a test?.db"), opts)
}

func openAt(t testing.TB, path string, opts Options) *driver {
	t.Helper()
	d, err := open(ctx, path, opts.filled())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
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
	d := openTest(t, Options{})
	for _, table := range mapping.Tables() {
		var ws []engine.Write
		var ids []string
		for n := range 12 {
			ws = append(ws, sample.Insert(table, n))
			ids = append(ids, sample.ID(n))
		}
		require.NoError(t, update(t, d, "fr", ws...))
		rows := load(t, d, "fr", table, append(ids, "none")...)
		require.Len(t, rows, len(ws))
		for n, row := range rows {
			want := ws[n].Row
			want.Terms = nil
			require.Equal(t, want, row)
		}
		require.Empty(t, load(t, d, "de", table, ids...))
		require.Equal(t, ws[3].Row.Doc, load(t, d, "fr", table, ids[3])[0].Doc)
	}
	names, err := d.Tenants(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"fr"}, names)
}

func TestWritesAreChecked(t *testing.T) {
	d := openTest(t, Options{})
	for _, table := range mapping.Tables() {
		require.NoError(t, update(t, d, "fr", sample.Insert(table, 1)))
		require.ErrorIs(t, update(t, d, "fr", sample.Insert(table, 1)), table.Exists)
		replace := engine.Write{Op: engine.Replace, Table: table, Row: sample.Row(table, 1, 5, 10), Want: 2}
		err := update(t, d, "fr", sample.Insert(table, 2), replace)
		require.Equal(t, uow.Conflict(table.Kind, sample.ID(1), 2, 1), err)
		require.Empty(t, load(t, d, "fr", table, sample.ID(2)), "the whole transaction is gone")
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

// A second process waits for the writer no longer than its bound, hears its
// context, and goes on when the lock is free.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	one := openAt(t, path, Options{})
	two := openAt(t, path, Options{Wait: 50 * time.Millisecond})
	raw, err := one.Begin(ctx, "fr", true)
	require.NoError(t, err)
	open := true
	defer func() {
		if open {
			raw.Rollback()
		}
	}()
	_, err = two.Begin(ctx, "fr", true)
	require.ErrorIs(t, err, uow.ErrBusy)
	short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
	defer cancel()
	_, err = two.Begin(short, "fr", true)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	table := mapping.Tables()[0]
	open = false
	require.NoError(t, raw.Commit(ctx, []engine.Write{sample.Insert(table, 1)}))
	require.NoError(t, update(t, two, "fr", sample.Insert(table, 2)))
	require.Len(t, load(t, one, "fr", table, sample.ID(1), sample.ID(2)), 2)
}

// Within the process, the second writer and the reader beyond the pool wait
// no longer than the bound.
func TestBoundedWaits(t *testing.T) {
	d := openTest(t, Options{Wait: 20 * time.Millisecond, Readers: 1})
	for _, write := range []bool{true, false} {
		raw, err := d.Begin(ctx, "fr", write)
		require.NoError(t, err)
		defer raw.Rollback()
		_, err = d.Begin(ctx, "fr", write)
		require.ErrorIs(t, err, uow.ErrBusy)
	}
}

// A full disk is an error of the transaction, not the end of the store.
func TestFullDisk(t *testing.T) {
	d := openTest(t, Options{})
	table := mapping.Tables()[0]
	limit := func(pages int) {
		_, err := d.writerDBConn(t).ExecContext(ctx, "pragma max_page_count = "+[]string{"1", "1000000"}[pages])
		require.NoError(t, err)
	}
	limit(0)
	big := engine.Write{Op: engine.Insert, Table: table, Row: sample.Row(table, 1, 1, 1<<20)}
	require.ErrorIs(t, update(t, d, "fr", big), ErrDisk)
	require.Empty(t, load(t, d, "fr", table, sample.ID(1)))
	limit(1)
	require.NoError(t, update(t, d, "fr", big))
}
