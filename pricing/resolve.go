package pricing

import (
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// resolve finds price, tax group and stated amount of every line.
func (p *ListPricer) resolve(q *Quote, b *Basket, s *scratch) error {
	var is failures
	abroad := b.abroad(p.opts.Seller)
	rows := p.taxes.of(p.opts.Seller)
	group, class := -1, catalog.TaxClass("")
	for i := range b.Lines {
		in, out := &b.Lines[i], &q.Lines[i]
		if group < 0 || in.Tax != class { // neighbours are often of one class
			class, group = in.Tax, -1
			if c, rate, home, ok := lookup(rows, abroad, class, b.At, b.Known); ok {
				group = s.group(c, rate, home, b.Currency)
			}
		}
		if group < 0 {
			is.noTax(i, in, p.opts.Seller)
		}
		list, step, ok := catalog.FindPrice(in.Prices, b.Lists, b.Currency, b.At, in.Quantity)
		if !ok {
			is.noPrice(i, in, b)
			continue
		}
		side, value, ok := p.stated(i, in.Quantity, list.Stated, step.Price, &is)
		if !ok || group < 0 {
			continue
		}
		g := &s.groups[group]
		if err := g.parts[side].add(value); err != nil {
			is.wrong.AddUnder(linePath(i), err)
			continue
		}
		s.values[i], s.slots[i] = value.Minor(), int32(2*group+side)
		out.ID, out.Product, out.SKU, out.Quantity = in.ID, in.Product, in.SKU, in.Quantity
		out.List, out.Price, out.Stated = step.Price, step.Price, list.Stated.OrNet()
		out.Category, out.Rate = g.category, g.rate
		if s.why.on {
			out.Why = s.why.price(&list, step, p.opts.Rounding, value, side == grossStated && g.untaxed(), len(b.Lines)-i)
		}
	}
	return is.err()
}

// stated returns the amount of line i as its price states it, rounded once,
// and on which side, net or gross. ok is false after an issue.
func (p *ListPricer) stated(i int, q money.Quantity, as catalog.Stated, price money.Price, is *failures) (side int, value money.Amount, ok bool) {
	switch as.OrNet() {
	case catalog.Net:
	case catalog.Gross:
		side = grossStated
	default:
		is.wrong.Add(linePath(i), issueStated, "a price is stated net or gross, not %q", as)
		return 0, value, false
	}
	if price.Sign() < 0 {
		is.wrong.Add(linePath(i), issueNegativePrice, "the price %s is negative", price)
		return 0, value, false
	}
	value, err := price.Mul(q, p.opts.Rounding)
	if err != nil {
		is.wrong.AddUnder(linePath(i), err)
	}
	return side, value, err == nil
}
