package pgstore

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// tx is one transaction. It takes a connection with its first statement.
type tx struct {
	d      *driver
	tenant string
	write  bool
	begin  string
	conn   *pgxpool.Conn
	// joined is the caller's transaction, which is neither begun nor ended
	// here.
	joined pgx.Tx
	// open says that BEGIN was sent, wrote that there is something to commit.
	open, wrote bool
	// at is what now answers once it was asked.
	at time.Time
}

// send runs statements in one round trip, behind BEGIN when they are the
// first.
func (t *tx) send(ctx context.Context, fill func(b *pgx.Batch), read func(br pgx.BatchResults) error) error {
	b := &pgx.Batch{}
	opening := 0
	if !t.open && t.joined == nil {
		b.Queue(t.begin)
		b.Queue(setTenant, t.tenant)
		opening = 2
	}
	fill(b)
	if t.joined != nil {
		return pipeline(t.joined.SendBatch(ctx, b), 0, read)
	}
	if t.conn == nil {
		conn, err := t.d.acquire(ctx)
		if err != nil {
			return err
		}
		t.conn = conn
	}
	t.open = true
	return pipeline(t.conn.SendBatch(ctx, b), opening, read)
}

// now is the one instant of the transaction's events and keys.
func (t *tx) now() time.Time {
	if t.at.IsZero() {
		t.at = t.d.opts.Now()
	}
	return t.at
}

// Load implements engine.Raw.
func (t *tx) Load(ctx context.Context, wants []engine.Want) ([][]engine.Row, error) {
	out := make([][]engine.Row, len(wants))
	err := t.send(ctx, func(b *pgx.Batch) {
		for _, w := range wants {
			st := t.d.tables.Of(w.Table)
			if len(w.IDs) == 1 {
				b.Queue(st.LoadOne, t.tenant, w.IDs[0])
			} else {
				b.Queue(st.LoadMany, t.tenant, w.IDs)
			}
		}
	}, func(br pgx.BatchResults) (err error) {
		for i, w := range wants {
			if out[i], err = readRows(br, w.Table, true, make([]engine.Row, 0, len(w.IDs))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, wrap(err)
	}
	return out, nil
}

// Find implements engine.Raw.
func (t *tx) Find(ctx context.Context, s engine.Select) (out []engine.Row, err error) {
	q := sqlgen.Postgres.Find(t.tenant, s)
	err = t.send(ctx, func(b *pgx.Batch) { b.Queue(q.SQL, q.Args...) }, func(br pgx.BatchResults) (err error) {
		out, err = readRows(br, s.Table, s.Docs, make([]engine.Row, 0, s.Limit))
		return err
	})
	return out, wrap(err)
}

// Count implements engine.Raw.
func (t *tx) Count(ctx context.Context, s engine.Select, limit int) (n int, err error) {
	q := sqlgen.Postgres.Count(t.tenant, s, limit)
	err = t.one(ctx, []any{&n}, q.SQL, q.Args...)
	return n, wrap(err)
}

// Reserve implements engine.Raw.
func (t *tx) Reserve(ctx context.Context, scope, key string, input []byte) (*engine.KeyRow, error) {
	t.wrote = true
	var added bool
	err := t.send(ctx, func(b *pgx.Batch) { b.Queue(t.d.plain.Reserve, t.tenant, scope, key, input, t.now()) },
		func(br pgx.BatchResults) error {
			tag, err := br.Exec()
			added = tag.RowsAffected() == 1
			return err
		})
	if err != nil || added {
		return nil, wrap(err)
	}
	var row engine.KeyRow
	if err := t.one(ctx, []any{&row.Input, &row.Result}, t.d.plain.Key, t.tenant, scope, key); err != nil {
		return nil, wrap(err)
	}
	return &row, nil
}

// Next implements engine.Raw.
func (t *tx) Next(ctx context.Context, series string) (n int64, err error) {
	t.wrote = true
	err = t.one(ctx, []any{&n}, t.d.plain.Next, t.tenant, series)
	return n, wrap(err)
}

// one runs a statement that answers one row.
func (t *tx) one(ctx context.Context, dest []any, sql string, args ...any) error {
	return t.send(ctx, func(b *pgx.Batch) { b.Queue(sql, args...) },
		func(br pgx.BatchResults) error { return br.QueryRow().Scan(dest...) })
}

// Rollback implements engine.Raw. Nobody waits for the end of a View: its
// answer has arrived, and the connection goes back when the server is done.
func (t *tx) Rollback() {
	conn := t.conn
	t.conn = nil
	switch {
	case conn == nil:
	case t.write:
		t.d.release(conn, rollback)
	default:
		t.d.loose.Add(1)
		go func() {
			defer t.d.loose.Done()
			t.d.release(conn, commit)
		}()
	}
}
