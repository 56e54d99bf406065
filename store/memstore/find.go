package memstore

import (
	"context"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// Find implements engine.Raw: through a unique index when the predicates name
// its columns, else along the index of the sort, else by looking at all.
func (r *raw) Find(_ context.Context, s engine.Select) ([]engine.Row, error) {
	shape := r.shapes[s.Table]
	t := &r.work.tables[shape.at]
	if rows, ok := t.pick(shape, s.Where); ok {
		return engine.Evaluate(rows, s), nil
	}
	if i := shape.sort(s.Sort); i >= 0 {
		return t.walk(t.sorts[i], s), nil
	}
	rows := make([]engine.Row, 0, t.rows.m.Len())
	t.rows.m.Scan(func(_ string, row *engine.Row) bool {
		rows = append(rows, *row)
		return true
	})
	return engine.Evaluate(rows, s), nil
}

// Count implements engine.Raw.
func (r *raw) Count(_ context.Context, s engine.Select, limit int) (int, error) {
	shape := r.shapes[s.Table]
	t := &r.work.tables[shape.at]
	n := 0
	if rows, ok := t.pick(shape, s.Where); ok {
		for _, row := range rows {
			if engine.Match(s.Table, row, s.Where) {
				n++
			}
		}
		return min(n, limit), nil
	}
	t.rows.m.Scan(func(_ string, row *engine.Row) bool {
		if engine.Match(s.Table, *row, s.Where) {
			n++
		}
		return n < limit
	})
	return n, nil
}

// walk goes along an index from the select's place until the page is full.
func (t *tableData) walk(index tree[*engine.Row], s engine.Select) []engine.Row {
	var out []engine.Row
	visit := func(_ string, row *engine.Row) bool {
		if engine.Beyond(s, *row) && engine.Match(s.Table, *row, s.Where) {
			out = append(out, s.Shape(*row))
		}
		return s.Limit <= 0 || len(out) < s.Limit
	}
	switch place := placeKey(s); {
	case s.After == nil && s.Sort.Desc:
		index.m.Reverse(visit)
	case s.After == nil:
		index.m.Scan(visit)
	case s.Sort.Desc:
		index.m.Descend(place, visit)
	default:
		index.m.Ascend(place, visit)
	}
	return out
}

func placeKey(s engine.Select) string {
	if s.After == nil {
		return ""
	}
	var b strings.Builder
	last := len(s.After) - 1
	for _, v := range s.After[:last] {
		writeKey(&b, v)
	}
	b.WriteString(s.After[last].(string))
	return b.String()
}

// pick reads the rows that a unique index narrows the predicates to; whoever
// calls it still matches them.
func (t *tableData) pick(s *shape, where []engine.Pred) ([]engine.Row, bool) {
	for i, cols := range s.unique {
		keys, ok := uniqueKeys(s.table, cols, where)
		if !ok {
			continue
		}
		rows := make([]engine.Row, 0, len(keys))
		for _, k := range keys {
			if row, found := t.unique[i].m.Get(k); found {
				rows = append(rows, *row)
			}
		}
		return rows, true
	}
	return nil, false
}

// uniqueKeys returns the keys that Eq and In predicates over all columns of an
// index allow, each once.
func uniqueKeys(t *engine.Table, cols []int, where []engine.Pred) ([]string, bool) {
	keys := []string{""}
	for _, c := range cols {
		i := slices.IndexFunc(where, func(p engine.Pred) bool {
			return (p.Op == engine.Eq || p.Op == engine.In) && p.Column == t.Columns[c].Name
		})
		if i < 0 {
			return nil, false
		}
		longer := make([]string, 0, len(keys)*len(where[i].Values))
		for _, k := range keys {
			for _, v := range where[i].Values {
				var b strings.Builder
				b.WriteString(k)
				writeKey(&b, v)
				longer = append(longer, b.String())
			}
		}
		keys = longer
	}
	slices.Sort(keys)
	return slices.Compact(keys), true
}
