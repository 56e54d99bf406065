package pgstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/uow"
)

// flush are writes on their way, with the write that each statement belongs
// to.
type flush struct {
	ws     []engine.Write
	owners []*engine.Write
	// at is the statement that failed.
	at int
}

// Apply implements engine.Raw.
func (t *tx) Apply(ctx context.Context, ws []engine.Write) error {
	if len(ws) == 0 {
		return nil
	}
	t.wrote = true
	if t.joined != nil {
		if err := t.compare(ctx, ws); err != nil {
			return err
		}
	}
	f := flush{ws: ws}
	err := t.send(ctx, func(b *pgx.Batch) { t.queue(b, &f) }, f.read)
	if err == nil {
		return nil
	}
	return t.explain(ctx, &f, err)
}

// read takes the results of the writes.
func (f *flush) read(br pgx.BatchResults) error {
	for f.at = 0; f.at < len(f.owners); f.at++ {
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	return nil
}

// explain gives a failed flush its meaning. The transaction is over by then;
// the version found is read in one of its own.
func (t *tx) explain(ctx context.Context, f *flush, err error) error {
	if f.at >= len(f.owners) {
		return wrap(err)
	}
	w := f.owners[f.at]
	out, stale := refused(w, err)
	if !stale {
		return out
	}
	found, err := t.version(ctx, w)
	if err != nil {
		return err
	}
	if found == w.Want {
		// It came back in between: the transaction may well succeed now.
		return ErrConflict
	}
	return uow.Conflict(w.Table.Kind, w.Row.ID, w.Want, found)
}

// version ends the failed transaction and reads a row's version.
func (t *tx) version(ctx context.Context, w *engine.Write) (found int64, err error) {
	if t.conn != nil {
		t.d.release(t.conn, rollback)
		t.conn = nil
	}
	err = t.d.short(ctx, t.tenant, func(b *pgx.Batch) {
		b.Queue(t.d.tables.Of(w.Table).Version, t.tenant, w.Row.ID)
	}, func(br pgx.BatchResults) error {
		rows, err := br.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&found); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return found, err
}

// compare looks the versions up before the writes: a failing statement would
// take the caller's transaction with it.
func (t *tx) compare(ctx context.Context, ws []engine.Write) error {
	var swaps []*engine.Write
	for i := range ws {
		if op := ws[i].Op; op == engine.Replace || op == engine.Delete {
			swaps = append(swaps, &ws[i])
		}
	}
	if len(swaps) == 0 {
		return nil
	}
	return wrap(t.send(ctx, func(b *pgx.Batch) {
		for _, w := range swaps {
			b.Queue(t.d.tables.Of(w.Table).Version, t.tenant, w.Row.ID)
		}
	}, func(br pgx.BatchResults) error {
		for _, w := range swaps {
			var found int64
			if err := br.QueryRow().Scan(&found); err != nil && err != pgx.ErrNoRows {
				return err
			}
			if found != w.Want {
				return uow.Conflict(w.Table.Kind, w.Row.ID, w.Want, found)
			}
		}
		return nil
	}))
}

// queue adds the statements of the writes.
func (t *tx) queue(b *pgx.Batch, f *flush) {
	for i := range f.ws {
		w := &f.ws[i]
		n := len(b.QueuedQueries)
		t.queueOne(b, w)
		for range len(b.QueuedQueries) - n {
			f.owners = append(f.owners, w)
		}
	}
}

func (t *tx) queueOne(b *pgx.Batch, w *engine.Write) {
	switch w.Op {
	case engine.Emit:
		b.Queue(t.d.outbox.Emit, sqlgen.Postgres.EmitArgs(t.tenant, w.Topic, &w.Event, t.now())...)
		return
	case engine.Fulfil:
		b.Queue(t.d.plain.Fulfil, w.Result, t.tenant, w.Scope, w.Key)
		return
	}
	st := t.d.tables.Of(w.Table)
	switch w.Op {
	case engine.Insert:
		b.Queue(st.Insert, sqlgen.Postgres.InsertArgs(t.tenant, w.Table, &w.Row, string(w.Row.Doc))...)
		if len(w.Row.Terms) > 0 {
			kinds, values := split(w.Row.Terms)
			b.Queue(st.TermsInsert, t.tenant, w.Row.ID, kinds, values)
		}
	case engine.Replace:
		b.Queue(st.Replace, sqlgen.Postgres.ReplaceArgs(t.tenant, w.Table, &w.Row, w.Want, string(w.Row.Doc))...)
		if w.Table.Terms {
			kinds, values := split(w.Row.Terms)
			b.Queue(st.TermsPrune, t.tenant, w.Row.ID, kinds, values)
			b.Queue(st.TermsInsert, t.tenant, w.Row.ID, kinds, values)
		}
	case engine.Delete:
		b.Queue(st.Delete, t.tenant, w.Row.ID, w.Want)
		if w.Table.Terms {
			b.Queue(st.TermsClear, t.tenant, w.Row.ID)
		}
	default:
		panic(fmt.Sprintf("pgstore: write %d", w.Op))
	}
}

func split(terms []engine.Term) (kinds, values []string) {
	kinds, values = make([]string, len(terms)), make([]string, len(terms))
	for i, t := range terms {
		kinds[i], values[i] = t.Kind, t.Value
	}
	return kinds, values
}
