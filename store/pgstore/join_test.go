package pgstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/uow"
)

// open opens a store and a pool of the caller's own beside it.
func open(t testing.TB) (store.Tenanted, *pgxpool.Pool) {
	t.Helper()
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, testpg.Schema(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	s, err := pgstore.New(ctx, pool, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	shop, err := s.For("fr")
	require.NoError(t, err)
	_, err = pool.Exec(ctx, "create table notes (partner text primary key, note text)")
	require.NoError(t, err)
	return shop, pool
}

var serializable = pgx.TxOptions{IsoLevel: pgx.Serializable}

// beginTx opens a transaction that ends with the test, however that ends: the
// pool waits for its connections.
func beginTx(t testing.TB, pool *pgxpool.Pool, opts pgx.TxOptions) pgx.Tx {
	t.Helper()
	tx, err := pool.BeginTx(context.Background(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

// The portal's rows and ours are committed together or not at all.
func TestJoin(t *testing.T) {
	ctx := context.Background()
	shop, pool := open(t)
	save := func(id partner.ID, version int64, end func(tx pgx.Tx) error) error {
		tx := beginTx(t, pool, serializable)
		j, err := pgstore.Join(ctx, tx, "fr")
		require.NoError(t, err)
		_, err = j.Partners().Save(ctx, partner.Partner{ID: id, Version: version, Number: "N" + string(id), Name: "Atelier Morel"})
		if err != nil {
			return err
		}
		e := event.Event{ID: string(id), Type: "partner.saved", Schema: 1, Subject: "partner/" + string(id), Version: version}
		require.NoError(t, j.Outbox().Append(ctx, event.Facts, e))
		_, err = tx.Exec(ctx, "insert into notes values ($1, 'hello') on conflict (partner) do nothing", string(id))
		require.NoError(t, err)
		if err := j.Flush(ctx); err != nil {
			return err
		}
		require.ErrorIs(t, j.Flush(ctx), uow.ErrDone)
		_, err = j.Partners().Get(ctx, id)
		require.ErrorIs(t, err, uow.ErrDone)
		return end(tx)
	}
	commit := func(tx pgx.Tx) error { return tx.Commit(ctx) }
	require.NoError(t, save("a", 0, commit))
	require.NoError(t, save("b", 0, func(tx pgx.Tx) error { return tx.Rollback(ctx) }))
	require.ErrorIs(t, save("a", 0, commit), partner.ErrExists)
	require.Equal(t, uow.Conflict("partner", "a", 7, 1), save("a", 7, commit))
	require.Equal(t, uow.Conflict("partner", "c", 7, 0), save("c", 7, commit))

	var notes int
	require.NoError(t, pool.QueryRow(ctx, "select count(*) from notes").Scan(&notes))
	require.Equal(t, 1, notes)
	require.NoError(t, shop.View(ctx, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Partners().Get(ctx, "a")
		require.Equal(t, "Atelier Morel", got.Name)
		_, missing := tx.Partners().Get(ctx, "b")
		require.ErrorIs(t, missing, partner.ErrNotFound)
		return err
	}))
	depth, err := shop.Queue().Depth(ctx, event.Facts)
	require.NoError(t, err)
	require.EqualValues(t, 1, depth.Waiting)
}

func TestJoinRefusals(t *testing.T) {
	ctx := context.Background()
	_, pool := open(t)
	for _, level := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead} {
		_, err := pgstore.Join(ctx, beginTx(t, pool, pgx.TxOptions{IsoLevel: level}), "fr")
		require.ErrorIs(t, err, pgstore.ErrIsolation)
	}
	_, err := pgstore.Join(ctx, beginTx(t, pool, serializable), "")
	require.ErrorIs(t, err, store.ErrTenant)
}

// A collision is the caller's to repeat: it comes back as what it is.
func TestJoinDoesNotRetry(t *testing.T) {
	ctx := context.Background()
	_, pool := open(t)
	one, two := beginTx(t, pool, serializable), beginTx(t, pool, serializable)
	first, err := pgstore.Join(ctx, one, "fr")
	require.NoError(t, err)
	second, err := pgstore.Join(ctx, two, "fr")
	require.NoError(t, err)
	_, err = first.Counters().Next(ctx, "s")
	require.NoError(t, err)
	require.NoError(t, first.Flush(ctx))
	require.NoError(t, one.Commit(ctx))
	_, err = second.Counters().Next(ctx, "s")
	require.ErrorIs(t, err, pgstore.ErrConflict)
}

// The reports show the amounts that the documents hold, whatever the
// currency's digits, and every line.
func TestReports(t *testing.T) {
	ctx := context.Background()
	shop, pool := open(t)
	currencies := []string{"EUR", "JPY", "KWD", "CLF", "BGN"}
	for _, text := range currencies {
		require.NoError(t, shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Orders().Save(ctx, reported(t, text))
			return err
		}))
	}
	conn, err := pool.Acquire(ctx)
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(ctx, "select set_config('comptoir.tenant', 'fr', false)")
	require.NoError(t, err)
	defer func() {
		_, err := conn.Exec(ctx, "reset comptoir.tenant")
		require.NoError(t, err)
	}()
	for _, text := range currencies {
		o := reported(t, text)
		var gross, net string
		require.NoError(t, conn.QueryRow(ctx, "select gross::text, net::text from orders_report where id = $1", text).Scan(&gross, &net))
		require.Equal(t, string(o.Quote.Gross.AppendNumber(nil)), gross)
		require.Equal(t, string(o.Quote.Net.AppendNumber(nil)), net)
		rows, err := conn.Query(ctx, "select sku || ' ' || quantity || ' ' || coalesce(net::text, 'none') from order_lines_report where order_id = $1 order by position", text)
		require.NoError(t, err)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.Equal(t, []string{"0012 2 " + string(o.Quote.Net.AppendNumber(nil)), "0013 1.5 none"}, got)
	}
	// Every currency that money knows has its digits in the view.
	for _, c := range money.Currencies() {
		var digits int
		o := reported(t, c.Code())
		require.NoError(t, shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			o.ID, o.Ref = order.ID("all-"+c.Code()), order.Ref("all-"+c.Code())
			_, err := tx.Orders().Save(ctx, o)
			return err
		}))
		require.NoError(t, conn.QueryRow(ctx, "select scale(gross) from orders_report where id = $1", "all-"+c.Code()).Scan(&digits))
		require.Equal(t, c.Digits(), digits, c.Code())
	}
}

func reported(t *testing.T, currency string) order.Order {
	t.Helper()
	c, err := money.ParseCurrency(currency)
	require.NoError(t, err)
	quantity, err := money.ParseQuantity("2")
	require.NoError(t, err)
	half, err := money.ParseQuantity("1.5")
	require.NoError(t, err)
	net, gross := money.FromMinor(123456, c), money.FromMinor(9223372036854775807, c)
	return order.Order{ID: order.ID(currency), Ref: order.Ref(currency), State: order.Draft, Currency: c,
		PlacedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Lines:    []order.Line{{ID: "l1", SKU: "0012", Quantity: quantity}, {ID: "l2", SKU: "0013", Quantity: half}},
		Quote:    pricing.Quote{Currency: c, Net: net, Tax: money.FromMinor(1, c), Gross: gross, Lines: []pricing.QuotedLine{{ID: "l1", Net: net}}}}
}
