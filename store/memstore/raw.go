package memstore

import (
	"bytes"
	"context"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// raw implements engine.Raw over the trees of one tenant.
type raw struct {
	t       *tenant
	shapes  shapes
	write   bool
	ended   bool
	changed bool
	work    *data
	events  []engine.Write
}

// Load implements engine.Raw.
func (r *raw) Load(_ context.Context, wants []engine.Want) ([][]engine.Row, error) {
	out := make([][]engine.Row, len(wants))
	for i, w := range wants {
		rows := r.work.tables[r.shapes[w.Table].at].rows.m
		for _, id := range w.IDs {
			if row, ok := rows.Get(id); ok {
				out[i] = append(out[i], *row)
			}
		}
	}
	return out, nil
}

// Reserve implements engine.Raw.
func (r *raw) Reserve(_ context.Context, scope, key string, input []byte) (*engine.KeyRow, error) {
	k := keyOf(scope, key)
	if row, ok := r.work.keys.m.Get(k); ok {
		return &row.KeyRow, nil
	}
	r.work.keys.edit().Set(k, keyRow{KeyRow: engine.KeyRow{Input: bytes.Clone(input)}, created: r.t.queue.now()})
	r.changed = true
	return nil, nil
}

// keyRow is an idempotency key with the time at which it was first reserved.
type keyRow struct {
	engine.KeyRow
	created time.Time
}

func keyOf(scope, key string) string { return scope + "\x00" + key }

// Next implements engine.Raw.
func (r *raw) Next(_ context.Context, series string) (int64, error) {
	n, _ := r.work.counters.m.Get(series)
	r.work.counters.edit().Set(series, n+1)
	r.changed = true
	return n + 1, nil
}

// Apply implements engine.Raw.
func (r *raw) Apply(_ context.Context, ws []engine.Write) error {
	for i := range ws {
		if err := r.apply(&ws[i]); err != nil {
			return err
		}
		r.changed = true
	}
	return nil
}

func (r *raw) apply(w *engine.Write) error {
	switch w.Op {
	case engine.Insert, engine.Replace, engine.Delete:
		s := r.shapes[w.Table]
		return r.work.tables[s.at].apply(s, w)
	case engine.Emit:
		return r.emit(w)
	case engine.Fulfil:
		k := keyOf(w.Scope, w.Key)
		row, _ := r.work.keys.m.Get(k)
		row.Result = w.Result
		r.work.keys.edit().Set(k, row)
		return nil
	}
	panic("memstore: unknown write")
}

func (r *raw) emit(w *engine.Write) error {
	for _, e := range r.events {
		if e.Topic == w.Topic && e.Event.ID == w.Event.ID {
			return event.ErrExists
		}
	}
	if r.t.queue.has(w.Topic, w.Event.ID) {
		return event.ErrExists
	}
	r.events = append(r.events, *w)
	return nil
}

// apply changes one row and its index entries, or nothing.
func (t *tableData) apply(s *shape, w *engine.Write) error {
	old, found := t.rows.m.Get(w.Row.ID)
	switch {
	case w.Op == engine.Insert && found:
		return w.Table.Exists
	case w.Op != engine.Insert && !found:
		return uow.Conflict(w.Table.Kind, w.Row.ID, w.Want, 0)
	case w.Op != engine.Insert && old.Version != w.Want:
		return uow.Conflict(w.Table.Kind, w.Row.ID, w.Want, old.Version)
	}
	if w.Op == engine.Delete {
		t.remove(s, old)
		t.rows.edit().Delete(w.Row.ID)
		return nil
	}
	row := w.Row
	for i, cols := range s.unique {
		if s.lacks(&row, cols) {
			continue
		}
		if other, taken := t.unique[i].m.Get(rowKey(&row, cols)); taken && other.ID != row.ID {
			return w.Table.Exists
		}
	}
	if found {
		t.remove(s, old)
	}
	t.rows.edit().Set(row.ID, &row)
	for i, cols := range s.unique {
		if !s.lacks(&row, cols) {
			t.unique[i].edit().Set(rowKey(&row, cols), &row)
		}
	}
	for i, cols := range s.sorts {
		t.sorts[i].edit().Set(rowKey(&row, cols)+row.ID, &row)
	}
	return nil
}

// remove takes a row out of the indexes.
func (t *tableData) remove(s *shape, row *engine.Row) {
	for i, cols := range s.unique {
		if !s.lacks(row, cols) {
			t.unique[i].edit().Delete(rowKey(row, cols))
		}
	}
	for i, cols := range s.sorts {
		t.sorts[i].edit().Delete(rowKey(row, cols) + row.ID)
	}
}

// Commit implements engine.Raw.
func (r *raw) Commit(ctx context.Context, ws []engine.Write) error {
	defer r.Rollback() // gives the writer's place up; after publish there is nothing to undo
	if err := r.Apply(ctx, ws); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.changed {
		r.publish()
	}
	return nil
}

// publish makes rows and events visible at once.
func (r *raw) publish() {
	r.t.mu.Lock()
	defer r.t.mu.Unlock()
	r.t.data = r.work
	r.t.wrote = true
	now := r.t.queue.now()
	for i := range r.events {
		r.t.queue.push(r.events[i].Topic, r.events[i].Event, now)
	}
}

// Rollback implements engine.Raw.
func (r *raw) Rollback() {
	if r.ended {
		return
	}
	r.ended = true
	if r.write {
		<-r.t.writer
	}
}
