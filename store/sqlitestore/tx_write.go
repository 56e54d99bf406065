package sqlitestore

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/sqlgen"
	"github.com/comptoir-go/comptoir/uow"
)

// Apply implements engine.Raw.
func (t *tx) Apply(ctx context.Context, ws []engine.Write) error {
	for i := range ws {
		t.wrote = true
		if err := t.write(ctx, &ws[i]); err != nil {
			return err
		}
	}
	return nil
}

// Commit implements engine.Raw. It is not interrupted: what SQLite answers is
// what happened.
func (t *tx) Commit(ctx context.Context, ws []engine.Write) error {
	err := t.commit(ctx, ws)
	if err != nil {
		t.s.rollback()
	}
	t.home.put(t.s)
	return err
}

func (t *tx) commit(ctx context.Context, ws []engine.Write) error {
	if err := t.Apply(ctx, ws); err != nil {
		return err
	}
	_, known := t.d.tenants.Load(t.tenant)
	known = known || !t.wrote
	if !known {
		if _, err := t.s.exec(ctx, t.d.plain.Tenant, t.tenant); err != nil {
			return wrap(err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := t.s.exec(ctx, "commit"); err != nil {
		return wrap(err)
	}
	if !known {
		t.d.tenants.Store(t.tenant, true)
	}
	return nil
}

func (t *tx) write(ctx context.Context, w *engine.Write) error {
	switch w.Op {
	case engine.Insert:
		args := sqlgen.SQLite.InsertArgs(t.tenant, w.Table, &w.Row, string(w.Row.Doc))
		if _, err := t.s.exec(ctx, t.d.tables.Of(w.Table).Insert, args...); err != nil {
			return t.refused(w, err)
		}
		if !w.Table.Terms {
			return nil
		}
		return t.addTerms(ctx, w, w.Row.Terms)
	case engine.Replace:
		args := sqlgen.SQLite.ReplaceArgs(t.tenant, w.Table, &w.Row, w.Want, string(w.Row.Doc))
		if err := t.swap(ctx, w, t.d.tables.Of(w.Table).Replace, args); err != nil || !w.Table.Terms {
			return err
		}
		return t.changeTerms(ctx, w)
	case engine.Delete:
		st := t.d.tables.Of(w.Table)
		if err := t.swap(ctx, w, st.Delete, []any{t.tenant, w.Row.ID, w.Want}); err != nil || !w.Table.Terms {
			return err
		}
		_, err := t.s.exec(ctx, st.TermsClear, t.tenant, w.Row.ID)
		return wrap(err)
	case engine.Emit:
		_, err := t.s.exec(ctx, t.d.outbox.Emit, sqlgen.SQLite.EmitArgs(t.tenant, w.Topic, &w.Event, t.now())...)
		if isTaken(err) {
			return event.ErrExists
		}
		return wrap(err)
	case engine.Fulfil:
		_, err := t.s.exec(ctx, t.d.plain.Fulfil, w.Result, t.tenant, w.Scope, w.Key)
		return wrap(err)
	}
	panic(fmt.Sprintf("sqlitestore: write %d", w.Op))
}

// swap runs a write of one row at the version wanted.
func (t *tx) swap(ctx context.Context, w *engine.Write, text string, args []any) error {
	changed, err := t.s.exec(ctx, text, args...)
	if err != nil {
		return t.refused(w, err)
	}
	if changed == 1 {
		return nil
	}
	var found int64
	if _, err := t.s.row(ctx, []any{&found}, t.d.tables.Of(w.Table).Version, t.tenant, w.Row.ID); err != nil {
		return wrap(err)
	}
	return uow.Conflict(w.Table.Kind, w.Row.ID, w.Want, found)
}

func (t *tx) refused(w *engine.Write, err error) error {
	if isTaken(err) {
		return w.Table.Exists
	}
	return wrap(err)
}

func (t *tx) addTerms(ctx context.Context, w *engine.Write, terms []engine.Term) error {
	st := t.d.tables.Of(w.Table)
	for _, term := range terms {
		if _, err := t.s.exec(ctx, st.TermsInsert, t.tenant, term.Kind, term.Value, w.Row.ID); err != nil {
			return wrap(err)
		}
	}
	return nil
}

// changeTerms writes only what differs: most saves leave the terms alone.
func (t *tx) changeTerms(ctx context.Context, w *engine.Write) error {
	st := t.d.tables.Of(w.Table)
	old, err := t.terms(ctx, w)
	if err != nil {
		return err
	}
	var added []engine.Term
	for _, term := range w.Row.Terms {
		if _, there := old[term]; !there {
			added = append(added, term)
		}
		delete(old, term)
	}
	for term := range old {
		if _, err := t.s.exec(ctx, st.TermsDelete, t.tenant, term.Kind, term.Value, w.Row.ID); err != nil {
			return wrap(err)
		}
	}
	return t.addTerms(ctx, w, added)
}

func (t *tx) terms(ctx context.Context, w *engine.Write) (map[engine.Term]struct{}, error) {
	rows, err := t.s.query(context.WithoutCancel(ctx), t.d.tables.Of(w.Table).TermsLoad, t.tenant, w.Row.ID)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	old := make(map[engine.Term]struct{})
	for rows.Next() {
		var term engine.Term
		if err := rows.Scan(&term.Kind, &term.Value); err != nil {
			return nil, wrap(err)
		}
		old[term] = struct{}{}
	}
	return old, wrap(rows.Err())
}
