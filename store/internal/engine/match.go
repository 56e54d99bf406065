package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Match reports whether a row of the table meets all predicates. This is the
// meaning of Select.Where; drivers are tested against it.
func Match(t *Table, r Row, preds []Pred) bool {
	for _, p := range preds {
		if !p.match(t, r) {
			return false
		}
	}
	return true
}

func (p Pred) match(t *Table, r Row) bool {
	switch p.Op {
	case HasTerm:
		return slices.ContainsFunc(r.Terms, func(x Term) bool {
			return p.among(x.Kind) && slices.Contains(p.Values, any(x.Value))
		})
	case TermPrefix:
		return slices.ContainsFunc(r.Terms, func(x Term) bool {
			return p.among(x.Kind) && strings.HasPrefix(x.Value, p.Values[0].(string))
		})
	}
	at := t.Col(p.Column)
	v := r.Cols[at]
	if null(v) || t.Columns[at].Lacks(v) {
		return false
	}
	switch p.Op {
	case Eq, In:
		return slices.ContainsFunc(p.Values, func(x any) bool { return !null(x) && CompareValues(v, x) == 0 })
	case Prefix:
		return strings.HasPrefix(v.(string), p.Values[0].(string))
	case AtLeast:
		return !null(p.Values[0]) && CompareValues(v, p.Values[0]) >= 0
	case Below:
		return !null(p.Values[0]) && CompareValues(v, p.Values[0]) < 0
	}
	panic("engine: unknown comparison")
}

func (p Pred) among(kind string) bool { return kind == p.Kind || slices.Contains(p.Also, kind) }

// null reports whether a value is stored as NULL, which meets no predicate.
func null(v any) bool {
	t, ok := v.(time.Time)
	return ok && t.IsZero()
}

// Lacks reports whether a value of the column is stored as NULL for being
// empty.
func (c Column) Lacks(v any) bool { return c.Sparse && v == any("") }

// CompareValues orders two values of one column type: text by bytes, false
// before true. Values of different types are a mistake and panic.
func CompareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case bool:
		return cmp.Compare(truth(a), truth(b.(bool)))
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	panic("engine: a value of no column type")
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Compare orders two rows by a sort, the id last.
func Compare(t *Table, by Sort, a, b Row) int {
	return by.compareTo(t, a, append(by.values(t, b), b.ID))
}

func (by Sort) values(t *Table, r Row) []any {
	vs := make([]any, 0, len(by.Columns)+1)
	for _, c := range by.Columns {
		vs = append(vs, r.Cols[t.Col(c)])
	}
	return vs
}

// compareTo orders a row against the values and the id of a place.
func (by Sort) compareTo(t *Table, r Row, place []any) int {
	c := 0
	for i, name := range by.Columns {
		if c = CompareValues(r.Cols[t.Col(name)], place[i]); c != 0 {
			break
		}
	}
	if c == 0 {
		c = cmp.Compare(r.ID, place[len(by.Columns)].(string))
	}
	if by.Desc {
		return -c
	}
	return c
}

// Beyond reports whether a row comes after the place of Select.After.
func Beyond(s Select, r Row) bool {
	return s.After == nil || s.Sort.compareTo(s.Table, r, s.After) > 0
}

// Evaluate answers a select over all rows of its table, the plain way: filter,
// sort, cut. It does not change rows.
func Evaluate(rows []Row, s Select) []Row {
	var out []Row
	for _, r := range rows {
		if Match(s.Table, r, s.Where) && Beyond(s, r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return Compare(s.Table, s.Sort, a, b) })
	if s.Limit > 0 && len(out) > s.Limit {
		out = out[:s.Limit]
	}
	for i := range out {
		out[i] = s.Shape(out[i])
	}
	return out
}

// Shape leaves the document out of a row unless the select asks for it.
func (s Select) Shape(r Row) Row {
	r.Terms = nil
	if !s.Docs {
		r.Doc = nil
	}
	return r
}
