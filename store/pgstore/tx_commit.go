package pgstore

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Commit implements engine.Raw: the last writes, the unit's key and the COMMIT
// leave in one pipeline. A write that fails keeps the COMMIT behind it from
// being run.
func (t *tx) Commit(ctx context.Context, ws []engine.Write) error {
	if t.joined != nil {
		return t.finish(ctx, ws)
	}
	defer t.leave()
	t.wrote = t.wrote || len(ws) > 0
	if !t.open && !t.wrote {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var (
		f    = flush{ws: ws}
		unit string
		_, k = t.d.tenants.Load(t.tenant)
		note = t.wrote && !k
	)
	more := 0
	err := t.send(ctx, func(b *pgx.Batch) {
		t.queue(b, &f)
		if note {
			b.Queue(t.d.plain.Tenant, t.tenant)
			more++
		}
		if t.wrote {
			unit = t.d.opts.NewID()
			b.Queue(insertUnit, t.tenant, unit)
			more++
		}
		b.Queue(commit)
	}, func(br pgx.BatchResults) error { return f.readCommit(br, more) })
	if err != nil {
		if err := t.failed(ctx, &f, unit, err); err != nil {
			return err
		}
	}
	if note {
		t.d.tenants.Store(t.tenant, true)
		t.d.units.dropOld(t.tenant)
	}
	if unit != "" {
		t.d.units.known(t.tenant, unit)
	}
	return nil
}

// readCommit takes the results of the writes, of what follows them, and of
// the COMMIT. PostgreSQL answers a COMMIT of a failed transaction with
// ROLLBACK and no error.
func (f *flush) readCommit(br pgx.BatchResults, more int) error {
	if err := f.read(br); err != nil {
		return err
	}
	for range more {
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	tag, err := br.Exec()
	if err == nil && tag.String() != "COMMIT" {
		return ErrSQL.With("COMMIT was answered by %s", tag)
	}
	return err
}

// failed answers for a COMMIT that did not come back well: nil when it took
// place all the same.
func (t *tx) failed(ctx context.Context, f *flush, unit string, err error) error {
	if t.conn == nil || definite(err) || errors.Is(err, ErrSQL) {
		return t.explain(ctx, f, err)
	}
	if unit == "" {
		// Nothing was written, so nothing can have been left behind.
		return wrap(err)
	}
	t.leave()
	committed, unknown := t.d.units.resolve(ctx, t.tenant, unit)
	switch {
	case unknown != nil:
		return unknown
	case committed:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return ErrConnection
}

// finish sends the last writes of a joined transaction; its COMMIT is the
// caller's.
func (t *tx) finish(ctx context.Context, ws []engine.Write) error {
	if err := t.Apply(ctx, ws); err != nil {
		return err
	}
	if !t.wrote {
		return nil
	}
	return wrap(t.send(ctx, func(b *pgx.Batch) { b.Queue(t.d.plain.Tenant, t.tenant) },
		func(br pgx.BatchResults) error { _, err := br.Exec(); return err }))
}

// leave gives the connection back, if it is still held.
func (t *tx) leave() {
	if t.conn != nil {
		t.d.release(t.conn, rollback)
		t.conn = nil
	}
}
