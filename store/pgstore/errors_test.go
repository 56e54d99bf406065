package pgstore

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/uow"
)

func TestWrap(t *testing.T) {
	answered := func(code string) error { return &pgconn.PgError{Code: code, Message: "secret", Detail: "secret"} }
	for _, c := range []struct {
		in        error
		want      error
		retryable bool
	}{
		{answered("40001"), ErrConflict, true},
		{answered("40P01"), ErrConflict, true},
		{answered("57P01"), ErrConnection, true},
		{answered("08006"), ErrConnection, true},
		{answered("28P01"), ErrLogin, false},
		{answered("28000"), ErrLogin, false},
		{answered("3D000"), ErrLogin, false},
		{answered("53100"), ErrResources, false},
		{answered("25006"), ErrResources, false},
		{answered("42P01"), ErrSQL, false},
		{errors.New("read tcp: secret"), ErrConnection, true},
		{&pgconn.ConnectError{}, ErrConnection, true},
		{context.Canceled, context.Canceled, false},
		{context.DeadlineExceeded, context.DeadlineExceeded, false},
		{uow.ErrBusy, uow.ErrBusy, false},
		{uow.ErrUnknown.Because(ErrConnection), uow.ErrUnknown, false},
	} {
		got := wrap(c.in)
		require.ErrorIs(t, got, c.want)
		require.NotContains(t, got.Error(), "secret")
		require.Equal(t, c.retryable, (&driver{}).Retryable(got), "%v", got)
	}
	require.NoError(t, wrap(nil))
	require.Equal(t, "42P01", code(wrap(answered("42P01"))), "errors.As still finds the answer")
}

// Neither the password nor SQL gets into an error.
func TestErrorsKeepSecrets(t *testing.T) {
	for dsn, kind := range map[string]fault.Kind{
		"postgres://shop:hunter2@localhost:1/shop?connect_timeout=1": fault.Unavailable,
		"postgres://shop:hunter2@localhost:notaport/shop":            fault.Invalid,
		"host=/nowhere password=hunter2 user=shop dbname=shop":       fault.Unavailable,
	} {
		short, cancel := context.WithTimeout(ctx, 3*time.Second)
		_, err := Open(short, dsn, nil)
		cancel()
		require.Error(t, err)
		require.Equal(t, kind, fault.KindOf(err), "%v", err)
		for _, secret := range []string{"hunter2", "shop", "localhost", "nowhere"} {
			require.NotContains(t, err.Error(), secret)
		}
	}
	d := openTest(t, Options{}, nil)
	none := &engine.Table{Name: "no_such_table", Kind: "x"}
	_, err := begin(t, d, false).Load(ctx, []engine.Want{{Table: none, IDs: []string{"a"}}})
	require.Equal(t, fault.Internal, fault.KindOf(err))
	require.NotContains(t, err.Error(), "select")
	require.NotContains(t, err.Error(), "no_such_table")
}

func TestDefinite(t *testing.T) {
	require.True(t, definite(&pgconn.PgError{SeverityUnlocalized: "ERROR", Code: "40001"}))
	require.False(t, definite(&pgconn.PgError{SeverityUnlocalized: "ERROR", Code: "40003"}))
	require.False(t, definite(&pgconn.PgError{SeverityUnlocalized: "FATAL", Code: "57P01"}), "it may have been committed before the server went down")
	require.False(t, definite(errors.New("EOF")))
}

func TestRefused(t *testing.T) {
	taken := &pgconn.PgError{Code: "23505"}
	table := mapping.Tables()[0]
	for op, want := range map[engine.Op]error{engine.Insert: table.Exists, engine.Replace: table.Exists, engine.Emit: event.ErrExists, engine.Fulfil: ErrSQL} {
		w := &engine.Write{Op: op}
		if op == engine.Insert || op == engine.Replace {
			w.Table = table
		}
		err, stale := refused(w, taken)
		require.ErrorIs(t, err, want)
		require.False(t, stale)
	}
}

// A context that ends in the middle takes its transaction with it, and the
// store goes on.
func TestContextEnds(t *testing.T) {
	d := openTest(t, Options{}, nil)
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := d.short(short, "fr", func(b *pgx.Batch) { b.Queue("select pg_sleep(20)") }, func(br pgx.BatchResults) error {
		_, err := br.Exec()
		return err
	})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
	_, err = d.Tenants(ctx)
	require.NoError(t, err)
}
