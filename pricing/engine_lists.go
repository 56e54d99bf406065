package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// listTurn is one list in the order in which a basket's lists are asked. One of
// the tariff has its record; any other is among the lines' own prices.
type listTurn struct {
	code string
	rows int32 // the number of its code among rows, none below zero
	list *PriceList
}

// Lists returns the codes of the lists that apply to a basket, in the order in
// which they are asked: those that it names, then those made for the partner,
// its agreements, its groups, everyone, each kind by priority and code; behind
// every list its fallbacks; and the default list "" where the basket names
// none. A list that was asked already is not asked again. A zero Known is At, as
// for Quote.
func (e *Engine) Lists(b Basket) []string {
	j := &job{b: &b}
	if b.Known.IsZero() {
		b.Known = b.At
	}
	e.turns(j)
	var out []string
	for _, t := range j.turns {
		out = append(out, t.code)
	}
	return out
}

func (e *Engine) turns(j *job) {
	b := j.b
	j.turns = j.turns[:0]
	for _, code := range b.Lists {
		e.turn(j, code)
	}
	j.found = append(j.found[:0], e.aud[toPartner][string(b.Partner)]...)
	e.turnsFor(j)
	j.found = j.found[:0]
	for _, a := range b.Agreements {
		j.found = append(j.found, e.aud[toAgreement][string(a)]...)
	}
	e.turnsFor(j)
	j.found = j.found[:0]
	for _, g := range b.Groups {
		j.found = append(j.found, e.aud[toGroup][g]...)
	}
	e.turnsFor(j)
	e.turnsOf(j, e.open) // in order already
	if len(b.Lists) == 0 {
		e.turn(j, "")
	}
}

// turnsFor adds the lists found by their rank.
func (e *Engine) turnsFor(j *job) {
	slices.SortStableFunc(j.found, func(a, b int32) int {
		x, y := e.lists[a], e.lists[b]
		return cmp.Or(cmp.Compare(y.Priority, x.Priority), cmp.Compare(x.Code, y.Code))
	})
	e.turnsOf(j, j.found)
}

func (e *Engine) turnsOf(j *job, lists []int32) {
	for _, at := range lists {
		if l := e.lists[at]; l.Covers(j.b.At, j.b.Known) {
			e.turn(j, l.Code)
		}
	}
}

// turn adds a list and what it falls back to.
func (e *Engine) turn(j *job, code string) {
	for {
		if slices.ContainsFunc(j.turns, func(t listTurn) bool { return t.code == code }) {
			return
		}
		t := listTurn{code: code, rows: -1}
		known := false // that the tariff has a list of the code
		for _, at := range e.listsOf[code] {
			l := e.lists[at]
			known = known || !j.b.Known.Before(l.Known)
			if l.Covers(j.b.At, j.b.Known) {
				t.list, t.rows = l, e.codes[code]
				break
			}
		}
		if known && t.list == nil {
			return // it does not hold now
		}
		j.turns = append(j.turns, t)
		if t.list == nil || t.list.Fallback == "" {
			return
		}
		code = t.list.Fallback
	}
}

// found is a price that was chosen.
type foundPrice struct {
	list   string
	stated catalog.Stated
	breaks []catalog.Break
	step   catalog.Break
}

// passed reports whether the quantity reaches a break behind the first.
func (f *foundPrice) passed() bool { return f.step.From != f.breaks[0].From }

// choose finds the price of a line by the strategy, among the rows of its product
// and its own prices. Where there is none, best has none at the end.
func (e *Engine) choose(j *job, l *Line, rows rowRange, best *foundPrice) {
	if e.policy.Lists == FirstList {
		for k := range j.turns {
			// A list that has the product, but not this quantity, is passed over.
			if e.priceIn(j, &j.turns[k], rows, l, best) && !best.step.Price.IsNone() {
				return
			}
		}
		return
	}
	have := false
	for k := range j.turns {
		t := &j.turns[k]
		var f foundPrice
		switch {
		case !e.priceIn(j, t, rows, l, &f):
		case e.policy.Lists == LowestPrice:
			if f.step.Price.IsNone() {
				continue
			}
			if !have || e.cheaper(j, l, &f, best) {
				*best, have = f, true
			}
		case !have:
			*best, have = f, true
			if t.list != nil && !t.list.Merge {
				return
			}
		case t.list != nil && t.list.Merge && f.stated == best.stated:
			best.merge(&f, l.Quantity)
		}
	}
}

// cheaper compares two prices of a line; where one is stated net and the other
// gross, both with the tax that prices stated gross contain.
func (e *Engine) cheaper(j *job, l *Line, a, b *foundPrice) bool {
	x, y := a.step.Price, b.step.Price
	if a.stated != b.stated {
		at := slices.IndexFunc(j.classes, func(c classGroup) bool { return c.class == l.Tax })
		if at < 0 || j.classes[at].group < 0 {
			return false // refused for its tax
		}
		home := j.groups[j.classes[at].group].home
		for _, p := range []struct {
			stated catalog.Stated
			price  *money.Price
		}{{a.stated, &x}, {b.stated, &y}} {
			if p.stated != catalog.Net {
				continue
			}
			gross, err := p.price.Gross(home)
			if err != nil {
				return false
			}
			*p.price = gross
		}
	}
	c, err := x.Cmp(y)
	return err == nil && c < 0
}

// priceIn looks a line up in one list: among the rows of its product, or among
// the prices that it carries.
func (e *Engine) priceIn(j *job, t *listTurn, rows rowRange, l *Line, f *foundPrice) bool {
	switch {
	case t.list == nil:
		return ownPrice(l, t.code, j.b, f)
	case t.list.Currency == j.b.Currency:
		return e.rowPrice(t, rows, l, j.now, f)
	}
	return false
}

// merge takes the breaks that f lacks.
func (f *foundPrice) merge(more *foundPrice, q money.Quantity) {
	for _, b := range more.breaks {
		at, has := slices.BinarySearchFunc(f.breaks, b, func(x, y catalog.Break) int { return x.From.Cmp(y.From) })
		if has {
			continue
		}
		f.breaks = slices.Insert(slices.Clone(f.breaks), at, b)
		if b.From.Cmp(q) <= 0 && (f.step.Price.IsNone() || b.From.Cmp(f.step.From) > 0) {
			f.step, f.list = b, more.list
		}
	}
}

func ownPrice(l *Line, code string, b *Basket, f *foundPrice) bool {
	for i := range l.Prices {
		p := &l.Prices[i]
		if p.List != code || p.Currency() != b.Currency || !p.Covers(b.At) {
			continue
		}
		f.list, f.stated, f.breaks = code, p.Stated.OrNet(), p.Breaks
		var ok bool
		f.step, ok = p.Break(l.Quantity)
		return ok
	}
	return false
}

// rowsOf are those of one list among the rows of a product, which stand by the
// number of their list.
func (e *Engine) rowsOf(rows rowRange, list int32) rowRange {
	if rows.until-rows.from == 1 && e.rows[rows.from].list == list {
		return rows
	}
	lists := e.rowList[rows.from:rows.until]
	from, _ := slices.BinarySearch(lists, list)
	until, _ := slices.BinarySearch(lists, list+1)
	return rowRange{from: rows.from + int32(from), until: rows.from + int32(until)}
}

// rowPrice finds the row of a list for a product. Rows for the line's unit go
// before those for every unit. A row without a break for the quantity is found
// too, with no price.
func (e *Engine) rowPrice(t *listTurn, rows rowRange, l *Line, now instant, f *foundPrice) bool {
	var found *priceRow
	rows = e.rowsOf(rows, t.rows)
	for i := rows.from; i < rows.until; i++ {
		row := &e.rows[i]
		if !row.stay.covers(now) || row.unit != "" && row.unit != l.Unit || row.unit == "" && found != nil {
			continue
		}
		found = row
		if row.unit != "" {
			break
		}
	}
	if found == nil {
		return false
	}
	f.list, f.stated, f.breaks, f.step = t.code, t.list.Stated.OrNet(), found.breaks, found.step(l.Quantity)
	return true
}
