package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// deal writes lines, adjustments, rows and totals.
func (e *Engine) deal(j *job) error {
	q, f, cur := j.q, &j.figures, j.b.Currency
	var shares []money.Amount
	k := len(j.given)
	if k > 0 {
		shares = make([]money.Amount, len(q.Lines)*k)
	}
	net, base, tax := f.first, f.base, f.tax
	for i := range q.Lines {
		l := &q.Lines[i]
		gross, ok := addTicks(base[i], tax[i])
		if !ok {
			return money.ErrOverflow
		}
		l.Net, l.Tax, l.Gross = money.FromMinor(net[i], cur), money.FromMinor(tax[i], cur), money.FromMinor(gross, cur)
		if k > 0 {
			l.Shares, shares = shares[:k:k], shares[k:]
			for m := range l.Shares {
				l.Shares[m] = money.FromMinor(f.deltas[m][i], cur)
			}
		}
		if err := e.off(j, i); err != nil {
			return err
		}
	}
	if k > 0 {
		q.Adjustments = make([]Adjustment, k)
		for m := range j.given {
			var sum int64
			for _, v := range f.deltas[m] {
				sum += v
			}
			q.Adjustments[m] = Adjustment{Code: j.given[m].code, Text: j.given[m].text, Amount: money.FromMinor(sum, cur)}
		}
		j.dropEmpty()
	}
	return j.dealRows()
}

// dealRows writes the breakdown and the totals.
func (j *job) dealRows() error {
	q, f, cur := j.q, &j.figures, j.b.Currency
	rows := make([]Tax, 0, len(j.groups))
	q.Net, q.Tax = money.Zero(cur), money.Zero(cur)
	for k := range j.groups {
		g := &j.groups[k]
		g.base, g.due = 0, 0
	}
	for i, slot := range j.slots {
		g := &j.groups[slot>>1]
		var ok, fine bool
		g.base, ok = addTicks(g.base, f.base[i])
		g.due, fine = addTicks(g.due, f.tax[i])
		if !ok || !fine {
			return money.ErrOverflow
		}
	}
	for k := range j.groups {
		g := &j.groups[k]
		base, tax := money.FromMinor(g.base, cur), money.FromMinor(g.due, cur)
		at := slices.IndexFunc(rows, func(t Tax) bool { return t.Category == g.category && t.Rate == g.rate })
		if at < 0 {
			at = len(rows)
			rows = append(rows, Tax{Category: g.category, Rate: g.rate, Base: money.Zero(cur), Tax: money.Zero(cur)})
		}
		for _, sum := range [...]struct {
			of   *money.Amount
			more money.Amount
		}{{&rows[at].Base, base}, {&rows[at].Tax, tax}, {&q.Net, base}, {&q.Tax, tax}} {
			var err error
			if *sum.of, err = sum.of.Add(sum.more); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(rows, func(a, b Tax) int {
		return cmp.Or(cmp.Compare(a.Category.rank(), b.Category.rank()), b.Rate.Cmp(a.Rate))
	})
	q.Taxes = rows
	var err error
	q.Gross, err = q.Net.Add(q.Tax)
	return err
}

// dropEmpty removes adjustments that rounding left nothing of: no line has a
// share of them.
func (j *job) dropEmpty() {
	q := j.q
	for m := len(q.Adjustments) - 1; m >= 0; m-- {
		if !q.Adjustments[m].Amount.IsZero() {
			continue
		}
		q.Adjustments = slices.Delete(q.Adjustments, m, m+1)
		j.given = slices.Delete(j.given, m, m+1)
		for i := range q.Lines {
			l := &q.Lines[i]
			l.Shares = slices.Delete(l.Shares, m, m+1)
			if len(l.Shares) == 0 {
				l.Shares = nil
			}
		}
	}
	if len(q.Adjustments) == 0 {
		q.Adjustments = nil
	}
}

// off writes the line's discount and the price that it is charged at.
func (e *Engine) off(j *job, i int) error {
	l := &j.q.Lines[i]
	l.Discount = money.Zero(j.b.Currency)
	v := j.figures.ref[i] // before discounts on the whole
	if v == j.base[i] {
		return nil
	}
	taken, err := j.minor(j.base[i] - v)
	if err != nil {
		return err
	}
	if taken, err = j.net(i, taken); err != nil {
		return err
	}
	l.Discount = money.FromMinor(taken, j.b.Currency)
	l.Price, err = j.unitPrice(l, v)
	return err
}

// unitPrice is the price of one base quantity that a value of a line stands for, at
// six decimals.
func (j *job) unitPrice(l *QuotedLine, v int64) (money.Price, error) {
	list := l.List
	micros := j.micros // of a tick
	if j.precise() {
		micros = 1
	}
	unit, err := j.ticked(v).Part(micros*list.Base().Units(), l.Quantity.Units(), money.HalfAwayFromZero)
	if err != nil {
		return list, err
	}
	p, err := money.PriceFromMicros(unit.Minor(), j.b.Currency)
	if err != nil {
		return list, err
	}
	return p.PerBase(list.Base())
}
