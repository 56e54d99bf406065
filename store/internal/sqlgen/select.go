package sqlgen

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Query is a compiled statement with its parameters.
type Query struct {
	SQL  string
	Args []any
}

// Find compiles a select of rows in order. The keyset goes by the sort's
// columns and the id; where the columns are unique among the rows selected
// the id adds nothing and is left out, so that the unique index serves.
func (d Dialect) Find(tenant string, s engine.Select) Query { return d.find(tenant, s, false) }

func (d Dialect) find(tenant string, s engine.Select, few bool) Query {
	b := builder{d: d}
	b.put("select " + columns(s.Table, s.Docs) + " from " + s.Table.Name)
	b.where(tenant, s)
	keys := slices.Clone(s.Sort.Columns)
	for _, c := range keys {
		s.Table.Col(c)
	}
	after := s.After
	if !decisive(s) {
		keys = append(keys, "id")
	} else if after != nil {
		after = after[:len(keys)]
	}
	if few {
		for i := range keys {
			keys[i] = "+" + keys[i]
		}
	}
	b.keyset(keys, after, s.Sort.Desc)
	for i, k := range keys {
		b.put([]string{" order by ", ", "}[min(i, 1)] + k)
		if s.Sort.Desc {
			b.put(" desc")
		}
	}
	if s.Limit > 0 {
		b.put(" limit ?", int64(s.Limit))
	}
	return Query{b.sb.String(), b.args}
}

// Count compiles a count of the matches that stops at a limit.
func (d Dialect) Count(tenant string, s engine.Select, limit int) Query {
	b := builder{d: d}
	b.put("select count(*) from (select 1 from " + s.Table.Name)
	b.where(tenant, s)
	b.put(" limit ?) as m", int64(limit))
	return Query{b.sb.String(), b.args}
}

// LoadIn compiles a load of several ids for a dialect without arrays. The
// list is filled up to a power of two with the last id, so that few distinct
// texts have to be prepared.
func (d Dialect) LoadIn(tenant string, t *engine.Table, ids []string) Query {
	b := builder{d: d}
	b.put("select "+columns(t, true)+" from "+t.Name+" where tenant = ? and id in (", tenant)
	n := 1
	for n < len(ids) {
		n *= 2
	}
	for i := range n {
		b.put([]string{"?", ", ?"}[min(i, 1)], ids[min(i, len(ids)-1)])
	}
	b.put(")")
	return Query{b.sb.String(), b.args}
}

func (b *builder) where(tenant string, s engine.Select) {
	b.put(" where tenant = ?", tenant)
	for _, p := range s.Where {
		b.put(" and ")
		b.pred(tenant, s.Table, p)
	}
}

func (b *builder) pred(tenant string, t *engine.Table, p engine.Pred) {
	switch p.Op {
	case engine.HasTerm, engine.TermPrefix:
		b.put("id in (select id")
		b.terms(tenant, t, p)
		b.put(")")
		return
	}
	col := t.Columns[t.Col(p.Column)]
	switch p.Op {
	case engine.Eq:
		b.put(col.Name+" = ?", p.Values[0])
	case engine.In:
		b.in(col, p.Values)
	case engine.Prefix:
		b.prefix(col.Name, p.Values[0].(string))
	case engine.AtLeast:
		b.put(col.Name+" >= ?", p.Values[0])
	case engine.Below:
		b.put(col.Name+" < ?", p.Values[0])
	default:
		panic(fmt.Sprintf("sqlgen: comparison %d", p.Op))
	}
}

// terms selects the entries of a term predicate.
func (b *builder) terms(tenant string, t *engine.Table, p engine.Pred) {
	b.put(" from "+t.Name+"_terms where tenant = ? and ", tenant)
	if len(p.Also) == 0 {
		b.put("kind = ?", p.Kind)
	} else {
		kinds := []any{p.Kind}
		for _, k := range p.Also {
			kinds = append(kinds, k)
		}
		b.in(engine.Column{Name: "kind", Type: engine.Text}, kinds)
	}
	b.put(" and ")
	switch {
	case p.Op == engine.TermPrefix:
		b.prefix("value", p.Values[0].(string))
	case len(p.Values) == 1:
		b.put("value = ?", p.Values[0])
	default:
		b.in(engine.Column{Name: "value", Type: engine.Text}, p.Values)
	}
}

func (b *builder) in(col engine.Column, values []any) {
	if b.d == Postgres {
		b.put(col.Name+" = any(?)", list(col.Type, values))
		return
	}
	b.put(col.Name + " in (")
	for i, v := range values {
		b.put([]string{"?", ", ?"}[min(i, 1)], v)
	}
	b.put(")")
}

func (b *builder) prefix(column, prefix string) {
	b.put("("+column+" >= ?", prefix)
	if end, ok := after(prefix); ok {
		b.put(" and "+column+" < ?", end)
	}
	b.put(")")
}

// keyset continues behind the last row of the page before: a comparison of
// rows, which both engines take as a range of the index.
func (b *builder) keyset(keys []string, after []any, desc bool) {
	if after == nil {
		return
	}
	sign := ">"
	if desc {
		sign = "<"
	}
	if len(keys) == 1 {
		b.put(" and "+keys[0]+" "+sign+" ?", after[0])
		return
	}
	for i, k := range keys {
		b.put([]string{" and (", ", "}[min(i, 1)] + k)
	}
	b.put(") " + sign)
	for i := range keys {
		b.put([]string{" (?", ", ?"}[min(i, 1)], after[i])
	}
	b.put(")")
}

// decisive reports whether the sort's columns, with those that the select
// pins to one value, contain a unique set. Many rows may lack a sparse column,
// which is never sorted by and so has to be pinned.
func decisive(s engine.Select) bool {
	pinned := func(col string) bool {
		return slices.Contains(s.Sort.Columns, col) || slices.ContainsFunc(s.Where, func(p engine.Pred) bool {
			return p.Op == engine.Eq && p.Column == col
		})
	}
	return slices.ContainsFunc(s.Table.Unique, func(set []string) bool {
		for _, col := range set {
			if !pinned(col) {
				return false
			}
		}
		return true
	})
}
