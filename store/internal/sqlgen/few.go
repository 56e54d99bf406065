package sqlgen

import (
	"slices"

	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// FewRows is up to how many rows a filter is looked up first and what it
// passes sorted afterwards; beyond, going along the order finds a page sooner.
const FewRows = 1000

// FindFew is Find for a select with a filter that few rows pass, in SQLite.
// Without statistics SQLite takes the index that saves it the sorting and may
// look at every row of the tenant; a column behind a plus is none that an
// index could serve, so the filter's own index leads.
func (d Dialect) FindFew(tenant string, s engine.Select) Query { return d.find(tenant, s, true) }

// Few reports whether few rows pass a filter by what its column is: it asks
// for a value of a column with an index of its own. Columns whose index goes
// on with a sort's are such that many rows share a value.
func Few(s engine.Select) bool {
	return slices.ContainsFunc(s.Where, func(p engine.Pred) bool {
		alone := func(set []string) bool { return len(set) == 1 && set[0] == p.Column }
		return (p.Op == engine.Eq || p.Op == engine.In) &&
			(slices.ContainsFunc(s.Table.Unique, alone) || slices.ContainsFunc(s.Table.Indexes, alone))
	})
}

// Probes count the entries of each filter by terms, up to FewRows.
func (d Dialect) Probes(tenant string, s engine.Select) []Query {
	var out []Query
	for _, p := range s.Where {
		if p.Op != engine.HasTerm && p.Op != engine.TermPrefix {
			continue
		}
		b := builder{d: d}
		b.put("select count(*) from (select 1")
		b.terms(tenant, s.Table, p)
		b.put(" limit ?) as m", int64(FewRows))
		out = append(out, Query{b.sb.String(), b.args})
	}
	return out
}
