package pgstore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/uow"
)

type driver struct {
	opts   Options
	pool   *pgxpool.Pool
	owned  bool
	tables *sqlgen.Cache
	outbox sqlgen.Outbox
	plain  sqlgen.Plain
	units  *units
	// tenants are those known to be noted.
	tenants sync.Map
	// loose counts the ends of transactions that nobody waits for.
	loose sync.WaitGroup
}

func newDriver(pool *pgxpool.Pool, opts Options, owned bool) *driver {
	d := &driver{opts: opts, pool: pool, owned: owned,
		tables: sqlgen.NewCache(sqlgen.Postgres),
		outbox: sqlgen.Postgres.Outbox(),
		plain:  sqlgen.Postgres.Plain(),
	}
	d.units = &units{d: d}
	return d
}

// The statements that open a transaction; the settings end with it. Sequential
// scans are put last because a serializable transaction that reads a small
// table whole collides with every writer of it.
const (
	beginUpdate = "begin isolation level serializable"
	beginView   = "begin isolation level repeatable read read only"
	beginQueue  = "begin isolation level read committed"
	setTenant   = "select set_config('comptoir.tenant', $1, true), set_config('enable_seqscan', 'off', true)"
	commit      = "commit"
	rollback    = "rollback"
)

// endWait bounds a ROLLBACK; a connection that does not answer is closed.
const endWait = 5 * time.Second

// Begin implements engine.Driver. Nothing is sent before the first statement.
func (d *driver) Begin(_ context.Context, tenant string, write bool) (engine.Raw, error) {
	t := &tx{d: d, tenant: tenant, write: write, begin: beginView}
	if write {
		t.begin = beginUpdate
	}
	return t, nil
}

// acquire takes a connection, within the bound of waiting.
func (d *driver) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, d.opts.Wait)
	defer cancel()
	conn, err := d.pool.Acquire(bounded)
	if err == nil {
		return conn, nil
	}
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, uow.ErrBusy
	}
	return nil, wrap(err)
}

// release gives a connection back, outside of any transaction. One that fails
// to end its transaction is closed by the pool.
func (d *driver) release(conn *pgxpool.Conn, end string) {
	if c := conn.Conn(); !c.IsClosed() && c.PgConn().TxStatus() != 'I' {
		ctx, cancel := context.WithTimeout(context.Background(), endWait)
		defer cancel()
		_, _ = c.Exec(ctx, end)
	}
	conn.Release()
}

// short runs a transaction of its own in READ COMMITTED, in one round trip.
// read gets the results of what fill has queued.
func (d *driver) short(ctx context.Context, tenant string, fill func(b *pgx.Batch), read func(br pgx.BatchResults) error) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(conn, rollback)
	b := &pgx.Batch{}
	b.Queue(beginQueue)
	b.Queue(setTenant, tenant)
	fill(b)
	b.Queue(commit)
	return wrap(pipeline(conn.SendBatch(ctx, b), 2, read))
}

// pipeline skips the results of the opening statements, reads the others, and
// drains the rest: an error there is the COMMIT's.
func pipeline(br pgx.BatchResults, opening int, read func(br pgx.BatchResults) error) error {
	var err error
	for range opening {
		if _, err = br.Exec(); err != nil {
			break
		}
	}
	if err == nil {
		err = read(br)
	}
	if closing := br.Close(); err == nil {
		err = closing
	}
	return err
}

// Queue implements engine.Driver.
func (d *driver) Queue(tenant string) event.Queue { return &queue{d: d, tenant: tenant} }

// Tenants implements engine.Driver.
func (d *driver) Tenants(ctx context.Context) ([]string, error) {
	conn, err := d.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, d.plain.Tenants)
	if err != nil {
		return nil, wrap(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap(err)
}

// SweepKeys implements engine.Driver.
func (d *driver) SweepKeys(ctx context.Context, tenant string, before time.Time) (n int64, err error) {
	err = d.short(ctx, tenant, func(b *pgx.Batch) { b.Queue(d.plain.Sweep, tenant, before) }, func(br pgx.BatchResults) error {
		tag, err := br.Exec()
		n = tag.RowsAffected()
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Retryable implements engine.Driver: serialization failures, deadlocks, and
// connections lost with certainly nothing done.
func (d *driver) Retryable(err error) bool {
	if errors.Is(err, uow.ErrUnknown) {
		return false
	}
	return errors.Is(err, ErrConflict) || errors.Is(err, ErrConnection)
}

// Close implements engine.Driver.
func (d *driver) Close() error {
	d.loose.Wait()
	d.units.sweep(context.Background())
	if d.owned {
		d.pool.Close()
	}
	return nil
}
