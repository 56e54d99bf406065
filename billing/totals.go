package billing

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// part is what one order brings to a document.
type part struct {
	o     order.Order
	lines []Line
	rows  []row
}

// row is an order's part of one row of the document's tax breakdown.
type row struct {
	pricing.Tax              // as it stands on the document
	whole       money.Amount // the tax that the order's ruler gives: TaxCumulative
	box         order.Box
	// from is where the row begins on the ruler of the whole document, which
	// TaxPerDocument reads.
	from money.Amount
}

// tally adds amounts and keeps the first error.
type tally struct{ err error }

func (t *tally) add(to *money.Amount, x money.Amount) {
	if t.err != nil {
		return
	}
	*to, t.err = to.Add(x)
}

func (t *tally) sub(from *money.Amount, x money.Amount) { t.add(from, x.Neg()) }

// base is what the line brings to its tax row.
func (t *tally) base(l Line) money.Amount {
	sum := l.Net
	for _, s := range l.Shares {
		t.add(&sum, s)
	}
	return sum
}

// gather makes the rows of a part from its lines, in the order of the quote,
// without their tax.
func (p *part) gather(cur money.Currency) error {
	var t tally
	p.rows = nil
	for _, q := range p.o.Quote.Taxes {
		r := row{Tax: pricing.Tax{Category: q.Category, Rate: q.Rate, Base: money.Zero(cur), Tax: money.Zero(cur)},
			whole: money.Zero(cur), from: money.Zero(cur)}
		found := false
		for _, l := range p.lines {
			if l.Category == q.Category && l.Rate == q.Rate {
				t.add(&r.Base, t.base(l))
				found = true
			}
		}
		if found {
			p.rows = append(p.rows, r)
		}
	}
	return t.err
}

// retax replaces the tax of the rows by that of the document alone: up to the
// mark x of all bases of a row it is rate · x, rounded, and each order's rows
// have the difference of their marks.
func retax(parts []*part) error {
	for _, p := range parts {
		for i := range p.rows {
			r := &p.rows[i]
			until := r.from
			var t tally
			t.add(&until, r.Base)
			if t.err != nil {
				return t.err
			}
			low, err := r.from.Percent(r.Rate, money.HalfAwayFromZero)
			if err != nil {
				return err
			}
			high, err := until.Percent(r.Rate, money.HalfAwayFromZero)
			if err != nil {
				return err
			}
			if r.Tax.Tax, err = high.Sub(low); err != nil {
				return err
			}
		}
	}
	return nil
}

// lineUp places the rows of an invoice one behind the other on the rulers of
// the whole document.
func lineUp(parts []*part) error {
	var t tally
	ends := map[taxKey]money.Amount{}
	for _, p := range parts {
		for i := range p.rows {
			r := &p.rows[i]
			k := keyOf(r.Tax)
			if end, ok := ends[k]; ok {
				r.from = end
			}
			end := r.from
			t.add(&end, r.Base)
			ends[k] = end
		}
	}
	return t.err
}

type taxKey struct {
	c pricing.Category
	r money.Rate
}

func keyOf(t pricing.Tax) taxKey { return taxKey{t.Category, t.Rate} }

// assemble writes lines, adjustments, breakdown, totals and the orders' parts
// into the document. The sums are those of BR-CO-10 to BR-CO-16, exactly.
func assemble(d *Document, parts []*part) error {
	var t tally
	zero := money.Zero(d.Currency)
	d.Spread = zero
	for _, p := range parts {
		d.Lines = append(d.Lines, p.lines...)
		d.Adjustments = append(d.Adjustments, p.adjustments(&t, d.Currency)...)
		op := OrderPart{Order: p.o.ID, Ref: p.o.Ref, CustomerNo: p.o.CustomerNo, Net: zero, Tax: zero, Gross: zero}
		for _, r := range p.rows {
			t.add(&op.Net, r.Base)
			t.add(&op.Tax, r.Tax.Tax)
			t.add(&d.Spread, r.Tax.Tax)
			t.sub(&d.Spread, r.whole)
			if len(r.box.Taken) > 0 {
				op.Boxes = append(op.Boxes, r.box)
			}
			d.enter(&t, r.Tax)
		}
		t.add(&op.Gross, op.Net)
		t.add(&op.Gross, op.Tax)
		d.Orders = append(d.Orders, op)
	}
	if d.Spread.IsZero() {
		d.Spread = money.Amount{}
	}
	slices.SortStableFunc(d.Taxes, func(a, b pricing.Tax) int {
		return cmp.Or(cmp.Compare(rank(a.Category), rank(b.Category)), b.Rate.Cmp(a.Rate))
	})
	d.Totals = totalsOf(&t, d.Record)
	return t.err
}

// number gives the lines their ids, from 1.
func number(lines []Line) {
	for i := range lines {
		lines[i].ID = strconv.Itoa(i + 1)
	}
}

// adjustments sums the lines' shares, one for each adjustment of the order,
// category and rate; those that come to nothing are left out.
func (p *part) adjustments(t *tally, cur money.Currency) []Adjustment {
	var out []Adjustment
	for i, adj := range p.o.Quote.Adjustments {
		for _, r := range p.rows {
			sum := money.Zero(cur)
			for _, l := range p.lines {
				if l.Category == r.Category && l.Rate == r.Rate && i < len(l.Shares) {
					t.add(&sum, l.Shares[i])
				}
			}
			if !sum.IsZero() {
				out = append(out, Adjustment{Order: p.o.ID, Code: adj.Code, Text: adj.Text, Amount: sum, Category: r.Category, Rate: r.Rate})
			}
		}
	}
	return out
}

// enter adds a row to the breakdown, to the one of its category and rate where
// there is one.
func (d *Document) enter(t *tally, r pricing.Tax) {
	for i := range d.Taxes {
		if keyOf(d.Taxes[i]) == keyOf(r) {
			t.add(&d.Taxes[i].Base, r.Base)
			t.add(&d.Taxes[i].Tax, r.Tax)
			return
		}
	}
	d.Taxes = append(d.Taxes, r)
}

// totalsOf sums a record. Nothing is prepaid and nothing rounded: what was paid
// stands beside the record.
func totalsOf(t *tally, r Record) Totals {
	zero := money.Zero(r.Currency)
	out := Totals{Lines: zero, Allowances: zero, Charges: zero, Tax: zero, Prepaid: zero, Rounding: zero}
	for _, l := range r.Lines {
		t.add(&out.Lines, l.Net)
	}
	for _, a := range r.Adjustments {
		if a.Amount.Sign() < 0 {
			t.sub(&out.Allowances, a.Amount)
		} else {
			t.add(&out.Charges, a.Amount)
		}
	}
	out.Net = out.Lines
	t.sub(&out.Net, out.Allowances)
	t.add(&out.Net, out.Charges)
	for _, x := range r.Taxes {
		t.add(&out.Tax, x.Tax)
	}
	out.Gross = out.Net
	t.add(&out.Gross, out.Tax)
	out.Payable = out.Gross
	return out
}

// rank is the place of a category in a breakdown.
func rank(c pricing.Category) int {
	known := []pricing.Category{pricing.StandardRated, pricing.ZeroRated, pricing.Exempt, pricing.ReverseCharge,
		pricing.IntraCommunity, pricing.Export, pricing.OutOfScope}
	if i := slices.Index(known, c); i >= 0 {
		return i
	}
	return len(known)
}

// join adds stretches to others that they do not overlap: ascending, and those
// that touch made one.
func join(a, b []order.Stretch) []order.Stretch {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y order.Stretch) int { return cmp.Compare(x.From, y.From) })
	var out []order.Stretch
	for _, s := range all {
		if k := len(out) - 1; k >= 0 && out[k].To == s.From {
			out[k].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}
