package order

import (
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// The tax of an order's documents.
//
// The row of a category and rate in the frozen quote, with base B and tax T,
// is a ruler as long as B, in minor units, and a stretch has the difference of
// its two marks. Where T is round(rate · B), as of prices stated net, the mark x
// carries round(rate · x): the tax of the n-th document is round(rate ·
// cumulative base) less the tax documented before, at most one minor unit away
// from the document's own round(rate · base), within EN 16931's BR-CO-17. Where
// prices stated gross contain another tax the mark carries round(T · x / B), so
// that the row keeps what they contain. No stretch has a tax of the other sign,
// and those that make up the whole sum to T in any order.

// NextTax returns the tax of the lowest stretches of base that no document of
// our own has taken yet, in the row of the category and rate, and the stretches
// as a Box; nothing is taken by it. A base of zero has no tax.
//
// Errors: ErrNoSlice (Precondition, order.no_slice) when the row has not so
// much base left, base is below zero, or there is no such row;
// money.ErrCurrencyMismatch (Invalid) for a base in another currency.
func (o Order) NextTax(c pricing.Category, r money.Rate, base money.Amount) (tax money.Amount, box Box, err error) {
	row, ok := o.taxRow(c, r)
	if !ok {
		return money.Amount{}, Box{}, ErrNoSlice.With("the order has no tax row %s %s", c, r)
	}
	if _, err := base.Cmp(row.Base); err != nil {
		return money.Amount{}, Box{}, err
	}
	taken := o.taken(c, r)
	st, ok := lowest(taken, row.Base.Minor(), base.Minor())
	if !ok {
		left := money.FromMinor(row.Base.Minor()-Length(taken), row.Base.Currency())
		return money.Amount{}, Box{}, ErrNoSlice.With("of the base of %s %s %s was asked for, %s is left", c, r, base, left)
	}
	tax, err = row.of(st)
	return tax, Box{Category: string(c), Rate: r, Taken: st}, err
}

// TaxOf returns the tax of the stretches of a box, taken or not: what the
// document that has them carries. They are ascending and do not overlap.
//
// Errors: ErrNoSlice (Precondition, order.no_slice) when they are no stretches
// of the order's row, or there is no such row.
func (o Order) TaxOf(b Box) (money.Amount, error) {
	row, ok := o.taxRow(pricing.Category(b.Category), b.Rate)
	if !ok || !within(b.Taken, row.Base.Minor()) {
		return money.Amount{}, ErrNoSlice.With("these are no stretches of a tax row %s %s", b.Category, b.Rate)
	}
	return row.of(b.Taken)
}

// taken are the stretches of a row that documents of our own have.
func (o *Order) taken(c pricing.Category, r money.Rate) []Stretch {
	for i := range o.Boxes {
		if b := &o.Boxes[i]; b.Category == string(c) && b.Rate == r {
			return b.Taken
		}
	}
	return nil
}

// taxRow is a row of the breakdown as a ruler.
type taxRow pricing.Tax

func (o *Order) taxRow(c pricing.Category, r money.Rate) (taxRow, bool) {
	for _, t := range o.Quote.Taxes {
		if t.Category == c && t.Rate == r {
			return taxRow(t), true
		}
	}
	return taxRow{}, false
}

// of is the tax on stretches of the base.
func (t taxRow) of(st []Stretch) (money.Amount, error) {
	full, err := t.Base.Percent(t.Rate, money.HalfAwayFromZero)
	if err != nil {
		return money.Amount{}, err
	}
	plain := full == t.Tax
	tax := money.Zero(t.Base.Currency())
	for _, s := range st {
		until, err := t.at(s.To, plain)
		if err != nil {
			return money.Amount{}, err
		}
		from, err := t.at(s.From, plain)
		if err != nil {
			return money.Amount{}, err
		}
		part, err := until.Sub(from)
		if err != nil {
			return money.Amount{}, err
		}
		if tax, err = tax.Add(part); err != nil {
			return money.Amount{}, err
		}
	}
	return tax, nil
}

// at is the tax up to a mark.
func (t taxRow) at(x int64, plain bool) (money.Amount, error) {
	if plain {
		return money.FromMinor(x, t.Base.Currency()).Percent(t.Rate, money.HalfAwayFromZero)
	}
	return t.Tax.Part(x, t.Base.Minor(), money.HalfAwayFromZero)
}
