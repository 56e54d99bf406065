package sqlitestore

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
)

// tx is one transaction on a session.
type tx struct {
	d      *driver
	s      *session
	home   *pool
	tenant string
	// wrote is set by the first write, so that a tenant is noted only then.
	wrote bool
	// at is what now answers once it was asked.
	at time.Time
}

// maxIDs bounds the ids of one load, well below SQLite's limit of parameters.
const maxIDs = 512

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
	for i, w := range wants {
		for ids := w.IDs; len(ids) > 0; {
			n := min(len(ids), maxIDs)
			var err error
			if out[i], err = t.load(ctx, w.Table, ids[:n], out[i]); err != nil {
				return nil, err
			}
			ids = ids[n:]
		}
	}
	return out, nil
}

func (t *tx) load(ctx context.Context, table *engine.Table, ids []string, into []engine.Row) ([]engine.Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q := sqlgen.Query{SQL: t.d.tables.Of(table).LoadOne, Args: []any{t.tenant, ids[0]}}
	if len(ids) > 1 {
		q = sqlgen.SQLite.LoadIn(t.tenant, table, ids)
	}
	rows, err := t.s.query(context.WithoutCancel(ctx), q.SQL, q.Args...)
	if err != nil {
		return nil, wrap(err)
	}
	return readRows(rows, table, true, into)
}

// Find implements engine.Raw.
func (t *tx) Find(ctx context.Context, s engine.Select) ([]engine.Row, error) {
	find := sqlgen.SQLite.Find
	few, err := t.few(ctx, s)
	if err != nil {
		return nil, err
	}
	if few {
		find = sqlgen.SQLite.FindFew
	}
	q := find(t.tenant, s)
	rows, err := t.s.query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, wrap(err)
	}
	return readRows(rows, s.Table, s.Docs, nil)
}

// few reports whether a filter of the select passes few rows.
func (t *tx) few(ctx context.Context, s engine.Select) (bool, error) {
	if sqlgen.Few(s) {
		return true, nil
	}
	for _, q := range sqlgen.SQLite.Probes(t.tenant, s) {
		var n int
		if _, err := t.s.row(ctx, []any{&n}, q.SQL, q.Args...); err != nil || n < sqlgen.FewRows {
			return err == nil, wrap(err)
		}
	}
	return false, nil
}

// Count implements engine.Raw.
func (t *tx) Count(ctx context.Context, s engine.Select, limit int) (int, error) {
	q := sqlgen.SQLite.Count(t.tenant, s, limit)
	var n int
	_, err := t.s.row(ctx, []any{&n}, q.SQL, q.Args...)
	return n, wrap(err)
}

// Reserve implements engine.Raw.
func (t *tx) Reserve(ctx context.Context, scope, key string, input []byte) (*engine.KeyRow, error) {
	t.wrote = true
	added, err := t.s.exec(ctx, t.d.plain.Reserve, t.tenant, scope, key, input, t.now().UnixMicro())
	if err != nil || added == 1 {
		return nil, wrap(err)
	}
	var row engine.KeyRow
	_, err = t.s.row(ctx, []any{&row.Input, &row.Result}, t.d.plain.Key, t.tenant, scope, key)
	if err != nil {
		return nil, wrap(err)
	}
	return &row, nil
}

// Next implements engine.Raw.
func (t *tx) Next(ctx context.Context, series string) (int64, error) {
	t.wrote = true
	var n int64
	_, err := t.s.row(ctx, []any{&n}, t.d.plain.Next, t.tenant, series)
	return n, wrap(err)
}

// Rollback implements engine.Raw.
func (t *tx) Rollback() {
	t.s.rollback()
	t.home.put(t.s)
}
