package mapping

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// errBroken is a stored row that cannot be read: a damaged store, or one
// written by a newer version.
var errBroken = fault.Define(fault.Internal, "store.broken", "a stored document cannot be read")

func broken(t *engine.Table, id string, err error) error {
	return errBroken.With("the stored %s %s cannot be read", t.Kind, id).Because(err)
}

// codec is how one kind of aggregate becomes a row and a value again.
type codec[V any] struct {
	table *engine.Table
	// key returns the id and where the version stands.
	key func(*V) (string, *int64)
	// copy makes the shallow copy it is handed a deep one, in the form in
	// which it will be read again: times cut, slices that JSON leaves out nil.
	copy func(*V)
	// cols returns the columns in the order of the table.
	cols func(*V) []any
	// terms returns the search terms; nil for tables without.
	terms func(*V) []engine.Term
	// shared says that decoded values are kept beyond the transaction.
	shared bool
}

// row encodes a value that copy has been called on.
func (c *codec[V]) row(v *V) (engine.Row, error) {
	doc, err := json.Marshal(v)
	if err != nil {
		return engine.Row{}, err
	}
	if err := checkText(doc); err != nil {
		return engine.Row{}, err
	}
	id, version := c.key(v)
	r := engine.Row{ID: id, Version: *version, Cols: c.cols(v), Doc: doc}
	if c.terms != nil {
		r.Terms = c.terms(v)
	}
	return r, nil
}

// from decodes a row; the value shares no memory with it.
func (c *codec[V]) from(r engine.Row) (V, error) {
	var v V
	if err := json.Unmarshal(r.Doc, &v); err != nil {
		var none V
		return none, broken(c.table, r.ID, err)
	}
	_, version := c.key(&v)
	*version = r.Version
	return v, nil
}

func (c *codec[V]) get(ctx context.Context, t tx, id string) (V, error) {
	var none V
	r, found, err := t.s.Get(ctx, c.table, id)
	if err != nil {
		return none, err
	}
	if !found {
		return none, c.table.NotFound
	}
	return c.read(t, r)
}

// read is from by way of what is remembered: a document is decoded once a
// transaction, a shared one once until it changes.
func (c *codec[V]) read(t tx, r engine.Row) (V, error) {
	kept, ok := t.s.Value(c.table, r).(*V)
	if !ok && c.shared {
		kept, ok = t.cache.get(c.table, r.ID, r.Doc).(*V)
	}
	if !ok {
		v, err := c.from(r)
		if err != nil {
			var none V
			return none, err
		}
		kept = &v
		t.s.Remember(c.table, r, kept)
		if c.shared {
			t.cache.keep(c.table, r.ID, r.Doc, kept)
		}
	}
	v := *kept
	c.copy(&v)
	_, version := c.key(&v)
	*version = r.Version
	return v, nil
}

// by returns the one document with a value in a column, NotFound if there is
// none. If there could be several it is the one of the lowest id.
func (c *codec[V]) by(ctx context.Context, t tx, column, value string) (V, error) {
	return c.first(ctx, t, engine.Pred{Op: engine.Eq, Column: column, Values: []any{value}})
}

// first returns the document of the lowest id that meets the predicates, each
// of one text; an empty text is that of no document.
func (c *codec[V]) first(ctx context.Context, t tx, where ...engine.Pred) (V, error) {
	var none V
	if err := t.s.Readable(ctx); err != nil {
		return none, err
	}
	for _, p := range where {
		if v := p.Values[0].(string); v == "" || !engine.Storable(v) {
			return none, c.table.NotFound
		}
	}
	rows, err := t.s.Find(ctx, engine.Select{Table: c.table, Where: where, Limit: 1, Docs: true})
	if err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, c.table.NotFound
	}
	return c.read(t, rows[0])
}

// all returns the documents of a select.
func (c *codec[V]) all(ctx context.Context, t tx, sel engine.Select) ([]V, error) {
	rows, err := t.s.Find(ctx, sel)
	if err != nil {
		return nil, err
	}
	out := make([]V, 0, len(rows))
	for _, r := range rows {
		v, err := c.read(t, r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (c *codec[V]) save(ctx context.Context, s *engine.Session, v V) (V, error) {
	var none V
	if err := s.Writable(ctx); err != nil {
		return none, err
	}
	c.copy(&v)
	_, version := c.key(&v)
	want := *version
	*version = want + 1
	r, err := c.row(&v)
	if err != nil {
		return none, err
	}
	if err := s.Save(ctx, c.table, r, want); err != nil {
		return none, err
	}
	return v, nil
}

// getMany reads the values that exist among the ids, by id.
func getMany[V any, ID ~string](ctx context.Context, t tx, c *codec[V], ids []ID) (map[ID]V, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	rows, err := t.s.GetMany(ctx, c.table, texts)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]V, len(rows))
	for _, r := range rows {
		v, err := c.read(t, r)
		if err != nil {
			return nil, err
		}
		out[ID(r.ID)] = v
	}
	return out, nil
}

// some clones a slice whose JSON is left out when it is empty.
func some[T any](xs []T) []T {
	if len(xs) == 0 {
		return nil
	}
	return slices.Clone(xs)
}
