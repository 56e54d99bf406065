package pricing

import (
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// resolve finds price, tax group, list value and floor of every line.
func (e *Engine) resolve(j *job) error {
	b, q := j.b, j.q
	e.turns(j)
	var is failures
	abroad := Parties{Seller: e.seller, Buyer: b.Country, VATID: b.VATID}.Abroad()
	rows := e.taxes.of(e.seller)
	group, class := -1, catalog.TaxClass("")
	for i := range b.Lines {
		in, out := &b.Lines[i], &q.Lines[i]
		if group < 0 || in.Tax != class {
			class, group = in.Tax, -1
			if c, rate, home, ok := lookup(rows, abroad, class, b.At, b.Known); ok {
				group = j.group(c, rate, home, b.Currency)
			}
		}
		if group < 0 {
			is.noTax(i, in, e.seller)
		}
		f, ok := e.choose(j, in)
		if !ok {
			is.noPrice(i, in, b)
			continue
		}
		if f.step.Price.Sign() < 0 {
			is.wrong.Add(linePath(i)+".prices", issueNegativePrice, "a price is not below zero, as %s is", f.step.Price)
			continue
		}
		side := netStated
		if f.stated == catalog.Gross {
			side = grossStated
		} else if f.stated != catalog.Net {
			is.wrong.Add(linePath(i)+".prices", issueStated, "a price is stated net or gross, not %q", f.stated)
			continue
		}
		v, err := j.value(f.step.Price, in.Quantity)
		if err != nil {
			is.wrong.AddUnder(linePath(i), err)
			continue
		}
		if group < 0 {
			continue
		}
		j.prices[i], j.slots[i], j.base[i], j.val[i] = f, int32(2*group+side), v, v
		g := &j.groups[group]
		out.ID, out.Product, out.SKU, out.Quantity = in.ID, in.Product, in.SKU, in.Quantity
		out.List, out.Price, out.Stated = f.step.Price, f.step.Price, f.stated
		out.Category, out.Rate = g.category, g.rate
	}
	if err := is.err(); err != nil {
		return err
	}
	return e.floorsOf(j)
}

// floorsOf finds the least value of every line, as its price is stated.
func (e *Engine) floorsOf(j *job) error {
	clear(j.least)
	if len(e.floors) == 0 {
		return nil
	}
	for i := range j.b.Lines {
		p := e.floorFor(j, &j.b.Lines[i])
		if p.IsNone() {
			continue
		}
		if j.gross(i) {
			var err error
			if p, err = p.Gross(j.home(i)); err != nil {
				return err
			}
		}
		v, err := j.floorValue(p, j.b.Lines[i].Quantity)
		if err != nil {
			return err
		}
		j.least[i] = max(0, min(v, j.base[i])) // a list price below the floor stays
	}
	return nil
}

// floorValue is price × quantity in ticks, rounded up.
func (j *job) floorValue(p money.Price, q money.Quantity) (int64, error) {
	if j.precise() {
		v, err := p.Times(q, money.Ceil)
		return v.Micros(), err
	}
	v, err := p.Mul(q, money.Ceil)
	return v.Minor(), err
}
