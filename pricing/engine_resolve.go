package pricing

import (
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// resolve finds price, tax group, list value and floor of every line.
func (e *Engine) resolve(j *job) error {
	b, q := j.b, j.q
	e.turns(j)
	var is failures
	abroad := b.abroad(e.seller)
	j.classes = j.classes[:0]
	// Look-ups have loops of their own: so those of one line need not wait for those
	// of another.
	for i := range b.Lines {
		group, err := e.groupOf(j, b.Lines[i].Tax, abroad)
		if err != nil {
			return lineTaxCase(i, err)
		}
		j.slots[i] = int32(group)
		j.rows[i] = e.prices[b.Lines[i].Product]
		j.state[i].named = j.rows[i].named
	}
	for i := range b.Lines {
		e.choose(j, &b.Lines[i], j.rows[i], &j.prices[i])
	}
	for i := range b.Lines {
		in, out := &b.Lines[i], &q.Lines[i]
		group := j.slots[i]
		if group < 0 {
			is.noTax(i, in, e.seller)
		}
		f := &j.prices[i]
		if f.step.Price.IsNone() {
			is.noPrice(i, in, b)
			continue
		}
		if f.step.Price.Sign() < 0 {
			is.wrong.Add(linePath(i)+".prices", issueNegativePrice, "a price is not below zero, as %s is", f.step.Price)
			continue
		}
		side := int32(netStated)
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
		j.slots[i], j.base[i], j.val[i] = 2*group+side, v, v
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

// lineTaxCase puts the issues of a tax case under the line that it is of.
func lineTaxCase(i int, err error) error {
	if !errors.Is(err, ErrTaxCase) {
		return err
	}
	var is fault.Issues
	is.AddUnder(linePath(i), err)
	return is.Err(ErrTaxCase)
}

// classGroup is the group of a tax class, -1 where it has no rate.
type classGroup struct {
	class catalog.TaxClass
	group int
}

// groupOf finds the group of a class, once for a quote.
func (e *Engine) groupOf(j *job, class catalog.TaxClass, abroad Category) (group int, err error) {
	for i := range j.classes {
		if c := &j.classes[i]; c.class == class {
			return c.group, nil
		}
	}
	group = -1
	if e.decider != nil {
		group, err = e.decided(j, class)
	} else if r := rateOf(e.home, class, j.b.At, j.b.Known); r != nil {
		c, rate, why := r.sold(abroad)
		group = j.group(c, rate, r.Rate, j.b.Currency)
		j.q.reason(c, why)
	}
	j.classes = append(j.classes, classGroup{class, group})
	return group, err
}

// floorsOf finds the least value of every line, as its price is stated.
func (e *Engine) floorsOf(j *job) error {
	clear(j.least)
	if len(e.floors) == 0 {
		return nil
	}
	for i := range j.b.Lines {
		p := e.floorFor(j, i)
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

// decided asks the decider for the group of a class, -1 where it has no rate.
// Under the one-stop shop a price stated gross is the consumer's: it contains the
// tax of the country that it goes to.
func (e *Engine) decided(j *job, class catalog.TaxClass) (int, error) {
	b := j.b
	d, err := e.decider.DecideTax(TaxCase{Seller: e.seller, Buyer: b.Country, VATID: b.VATID, Status: b.VATStatus, Kind: b.Kind,
		Class: class, At: b.At, Known: b.Known})
	if errors.Is(err, ErrNoTax) {
		return -1, nil
	}
	if err != nil {
		return -1, err
	}
	if d.Country != "" && vatArea(d.Country) != vatArea(e.seller) {
		d.Home = d.Rate
	}
	j.q.reason(d.Category, d.Exemption)
	return j.group(d.Category, d.Rate, d.Home, b.Currency), nil
}

// reason notes why a category bears no tax, once.
func (q *Quote) reason(c Category, x Exemption) {
	r := TaxReason{Category: c, Exemption: x}
	if !x.IsZero() && !slices.Contains(q.Reasons, r) {
		q.Reasons = append(q.Reasons, r)
	}
}
