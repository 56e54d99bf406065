package pricing

import (
	"strconv"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Check reports whether the figures of a quote agree, as those of a ListPricer
// always do; it is for the quotes of pricers written elsewhere. It asks:
//
//   - one currency everywhere (pricing.currency);
//   - no line with a negative discount, net, tax or gross, nor one whose shares
//     take more than its net; no row with a negative base or tax
//     (pricing.negative);
//   - net + shares + tax = gross on every line, net + tax for the whole; the
//     lines' nets and the adjustments make up the net, the rows' taxes the tax,
//     the nets and shares of the lines of a category and rate the base of its
//     row, and the shares of an adjustment its amount (pricing.sum; EN 16931,
//     BR-CO-10, BR-CO-13, BR-CO-14, BR-CO-15 and BR-S-08);
//   - a share of every adjustment on every line (pricing.shares), adjustments
//     with a code of their own and an amount (pricing.no_code, pricing.text,
//     pricing.code_twice, pricing.no_amount);
//   - one row per category and rate of the lines, and no others (pricing.row);
//   - At before Until (pricing.window).
//
// The taxes of lines are informative and need not make up the row's. Whether
// the seal is right says Verify, whether a price is, Unmoved.
//
// All that is wrong is in the issues of one ErrQuote (Internal,
// pricing.quote), at paths such as "lines[2].gross" and "taxes[0].base".
func (q Quote) Check() error {
	c := quoteCheck{cur: q.Currency}
	if q.Currency.IsZero() {
		c.is.Add("currency", issueCurrency, "a quote has a currency")
	}
	if !q.At.Before(q.Until) {
		c.is.Add("until", issueWindow, "the offer ends before it begins")
	}
	bases := make([]money.Amount, len(q.Taxes))
	for i := range bases {
		bases[i] = money.Zero(q.Currency)
	}
	net, tax := money.Zero(q.Currency), money.Zero(q.Currency)
	for i := range q.Lines {
		l := &q.Lines[i]
		path := spot{list: "lines", at: i}
		base := c.line(path, l)
		net = c.add(path.in(".net"), net, l.Net)
		if k := q.row(l); k >= 0 {
			bases[k] = c.add(path.in(".net"), bases[k], base)
		} else {
			c.is.Add(path.String(), issueRow, "no row of the breakdown is for %s", rateText(l.Category, l.Rate))
		}
	}
	net = c.adjustments(q, net)
	for i := range q.Taxes {
		t := &q.Taxes[i]
		path := spot{list: "taxes", at: i}
		c.positive(path.in(".base"), t.Base)
		c.positive(path.in(".tax"), t.Tax)
		c.same(path.in(".base"), t.Base, bases[i])
		tax = c.add(path.in(".tax"), tax, t.Tax)
		if !q.used(i) {
			c.is.Add(path.String(), issueRow, "no line is for %s, or a row before", rateText(t.Category, t.Rate))
		}
	}
	for _, total := range [...]struct {
		field    string
		is, sums money.Amount
	}{{"net", q.Net, net}, {"tax", q.Tax, tax}, {"gross", q.Gross, c.add(spot{field: "gross"}, q.Net, q.Tax)}} {
		path := spot{field: total.field}
		if c.own(path, total.is) {
			c.same(path, total.is, total.sums)
		}
	}
	return c.is.Err(ErrQuote)
}

// row returns the first row of the line's category and rate, -1 if there is
// none.
func (q *Quote) row(l *QuotedLine) int {
	for i := range q.Taxes {
		if q.Taxes[i].Category == l.Category && q.Taxes[i].Rate == l.Rate {
			return i
		}
	}
	return -1
}

// used reports whether row i is that of a line.
func (q *Quote) used(i int) bool {
	for k := range q.Lines {
		l := &q.Lines[k]
		if l.Category == q.Taxes[i].Category && l.Rate == q.Taxes[i].Rate {
			return q.row(l) == i
		}
	}
	return false
}

// quoteCheck collects what is wrong with a quote.
type quoteCheck struct {
	is  fault.Issues
	cur money.Currency
}

// spot is a place in a quote. It is written out only where something is wrong.
type spot struct {
	list  string // "lines", "" for the quote itself
	at    int
	field string
}

func (s spot) in(field string) spot {
	s.field = field
	return s
}

func (s spot) String() string {
	if s.list == "" {
		return s.field
	}
	return s.list + "[" + strconv.Itoa(s.at) + "]" + s.field
}

// line returns the base of the line: net and shares.
func (c *quoteCheck) line(path spot, l *QuotedLine) money.Amount {
	for _, p := range [...]struct {
		field string
		price money.Price
	}{{".list", l.List}, {".price", l.Price}} {
		if p.price.Currency() != c.cur {
			c.is.Add(path.in(p.field).String(), issueForeign, "is in %q, the quote in %q", p.price.Currency().Code(), c.cur.Code())
		}
	}
	c.positive(path.in(".discount"), l.Discount)
	c.positive(path.in(".net"), l.Net)
	c.positive(path.in(".tax"), l.Tax)
	base := l.Net
	for _, s := range l.Shares {
		if c.own(path.in(".shares"), s) {
			base = c.add(path.in(".shares"), base, s)
		}
	}
	if len(l.Shares) > 0 && base.Sign() < 0 {
		c.is.Add(path.in(".shares").String(), issueNegative, "take %s below zero: %s", l.Net, base)
	}
	if c.positive(path.in(".gross"), l.Gross) {
		c.same(path.in(".gross"), l.Gross, c.add(path.in(".gross"), base, l.Tax))
	}
	return base
}

// adjustments checks what is on the whole and adds it to the net.
func (c *quoteCheck) adjustments(q Quote, net money.Amount) money.Amount {
	checkAdjustments(&c.is, q.Adjustments, c.cur)
	for i := range q.Lines {
		if n := len(q.Lines[i].Shares); n != len(q.Adjustments) {
			c.is.Add(linePath(i)+".shares", issueShares, "%d shares of %d adjustments", n, len(q.Adjustments))
		}
	}
	for k := range q.Adjustments {
		path := spot{list: "adjustments", at: k, field: ".amount"}
		sum := money.Zero(c.cur)
		for i := range q.Lines {
			if k < len(q.Lines[i].Shares) {
				sum = c.add(path, sum, q.Lines[i].Shares[k])
			}
		}
		c.same(path, q.Adjustments[k].Amount, sum)
		net = c.add(path, net, q.Adjustments[k].Amount)
	}
	return net
}

// own notes an amount in another currency.
func (c *quoteCheck) own(path spot, a money.Amount) bool {
	if a.Currency() == c.cur {
		return true
	}
	c.is.Add(path.String(), issueForeign, "is in %q, the quote in %q", a.Currency().Code(), c.cur.Code())
	return false
}

// positive notes an amount in another currency or below zero.
func (c *quoteCheck) positive(path spot, a money.Amount) bool {
	if !c.own(path, a) {
		return false
	}
	if a.Sign() < 0 {
		c.is.Add(path.String(), issueNegative, "%s is below zero", a)
	}
	return true
}

// same notes an amount that is not what its parts make up; parts of another
// currency were noted where they stand.
func (c *quoteCheck) same(path spot, a, sum money.Amount) {
	if a.Currency() == sum.Currency() && a != sum {
		c.is.Add(path.String(), issueSum, "is %s, its parts make %s", a, sum)
	}
}

// add sums what can be summed: an amount of another currency was noted where
// it stands and leaves the sum as it is.
func (c *quoteCheck) add(path spot, sum, a money.Amount) money.Amount {
	if sum.Currency() != a.Currency() {
		return sum
	}
	s, err := sum.Add(a)
	if err != nil {
		c.is.AddUnder(path.String(), err)
		return sum
	}
	return s
}
