package pricing_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// plainOrder is an order with discounts as it would be written in
// shopspring/decimal, from list prices to the gross: percentages of lines and
// percentages and amounts of the whole, shared by largest remainder, no line
// below zero. It knows nothing of the engine.
type plainOrder struct {
	digits int32
	round  func(decimal.Decimal, int32) decimal.Decimal
	left   bool // a percentage rounds what is left
	lines  []*plainLine
}

type plainLine struct {
	product  catalog.ID
	gross    bool
	rate     decimal.Decimal
	list     decimal.Decimal            // the value by the list, as stated
	own      decimal.Decimal            // less discounts of lines
	due      decimal.Decimal            // less those of the whole
	percents decimal.Decimal            // added up so far
	shares   map[string]decimal.Decimal // of each discount of the whole
	tax      decimal.Decimal
}

func (o *plainOrder) off(v, percent decimal.Decimal) decimal.Decimal {
	if o.left {
		return v.Sub(o.round(v.Mul(hundred.Sub(percent)).Shift(-2), o.digits))
	}
	return o.round(v.Mul(percent).Shift(-2), o.digits)
}

func (o *plainOrder) of(r pricing.Rule) []*plainLine {
	var out []*plainLine
	for _, l := range o.lines {
		if len(r.Goods.Products) == 0 || slices.Contains(r.Goods.Products, l.product) {
			out = append(out, l)
		}
	}
	return out
}

// onLines takes a percentage off each line of a rule.
func (o *plainOrder) onLines(r pricing.Rule, mode pricing.StackMode) {
	p := r.Give.Percent.Decimal()
	for _, l := range o.of(r) {
		var off decimal.Decimal
		switch mode {
		case pricing.Compounded:
			off = o.off(l.own, p)
		case pricing.OffBase:
			off = o.off(l.list, p)
		case pricing.Additive:
			sum := decimal.Min(hundred, l.percents.Add(p))
			off = o.off(l.list, sum).Sub(o.off(l.list, l.percents))
			l.percents = sum
		}
		l.own = l.own.Sub(decimal.Min(off, l.own))
	}
}

// onWhole takes a percentage or an amount off the lines of a rule together. A line
// that its share would take below zero gives what it has, the others the rest.
func (o *plainOrder) onWhole(r pricing.Rule, mode pricing.StackMode) {
	var active []*plainLine
	sum := decimal.Zero
	weight := func(l *plainLine) decimal.Decimal {
		if mode == pricing.OffBase {
			return l.own
		}
		return l.due
	}
	weights := map[*plainLine]decimal.Decimal{}
	for _, l := range o.of(r) {
		weights[l] = weight(l)
		sum = sum.Add(weights[l])
		if l.due.IsPositive() {
			active = append(active, l)
		}
	}
	total := o.off(sum, r.Give.Percent.Decimal())
	if a := r.Give.Amount; a != nil {
		total = a.Decimal()
	}
	take := func(l *plainLine, v decimal.Decimal) {
		l.due, l.shares[r.Code] = l.due.Sub(v), v
	}
	for again := true; again; {
		again, sum = false, decimal.Zero
		for _, l := range active {
			sum = sum.Add(weights[l])
		}
		rest, still := total, active[:0:0]
		for _, l := range active {
			if total.Mul(weights[l]).Cmp(l.due.Mul(sum)) >= 0 {
				rest = rest.Sub(l.due)
				take(l, l.due)
				again = true
			} else {
				still = append(still, l)
			}
		}
		total, active = rest, still
	}
	w := make([]decimal.Decimal, len(active))
	for i, l := range active {
		w[i] = weights[l]
	}
	for i, share := range decimalShares(total, w, sum, o.digits) {
		take(active[i], share)
	}
}

// taxed makes net and tax of rates, and the tax of lines stated net.
func (o *plainOrder) taxed() (net, tax decimal.Decimal) {
	type cell struct {
		rate  string
		gross bool
	}
	cells := map[cell][]*plainLine{}
	for _, l := range o.lines {
		k := cell{l.rate.String(), l.gross}
		cells[k] = append(cells[k], l)
	}
	for k, lines := range cells {
		rate, sum, bases := lines[0].rate, decimal.Zero, make([]decimal.Decimal, len(lines))
		for i, l := range lines {
			bases[i], sum = l.due, sum.Add(l.due)
		}
		if k.gross {
			n := o.round(sum.Mul(hundred).DivRound(hundred.Add(rate), 40), o.digits)
			net, tax = net.Add(n), tax.Add(sum.Sub(n))
			continue
		}
		due := o.round(sum.Mul(rate).Shift(-2), o.digits)
		for i, share := range decimalShares(due, bases, sum, o.digits) {
			lines[i].tax = share
		}
		net, tax = net.Add(sum), tax.Add(due)
	}
	return net, tax
}

// drawPlainRules makes percentages of lines and discounts of the whole.
func drawPlainRules(t *rapid.T, cur money.Currency) []pricing.Rule {
	var out []pricing.Rule
	for n := range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := drawRule(t, n, cur)
		r.Exclusive, r.Stop, r.Lane, r.Most = false, false, "", nil
		amount := r.Give.Amount
		r.Give = pricing.Effect{}
		if r.On == pricing.OnOrder && amount != nil {
			r.Give.Amount = amount
		} else {
			p, err := money.RateFromUnits(rapid.OneOf(rapid.SampledFrom([]int64{1_000_000, 50_000, 333_333, 100_000}), rapid.Int64Range(1, 1_000_000)).Draw(t, "percent units"))
			require.NoError(t, err)
			r.Give.Percent = p
		}
		out = append(out, r)
	}
	return out
}

// Law 14, with rules: the same figures as in decimals.
func TestLawEngineEqualToDecimal(t *testing.T) {
	rows := table(t).Rows()
	roundings := map[money.Rounding]func(decimal.Decimal, int32) decimal.Decimal{money.HalfAwayFromZero: decimal.Decimal.Round, money.HalfEven: decimal.Decimal.RoundBank}
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		b.Country, b.VATID = "FR", ""
		var p pricing.Policy
		p.Rounding = rapid.SampledFrom([]money.Rounding{money.HalfAwayFromZero, money.HalfEven}).Draw(t, "rounding")
		p.Discounts = rapid.SampledFrom([]pricing.DiscountRounding{pricing.RoundTaken, pricing.RoundLeft}).Draw(t, "side")
		p.Lines.Mode = rapid.SampledFrom([]pricing.StackMode{pricing.Compounded, pricing.OffBase, pricing.Additive}).Draw(t, "lines")
		p.Orders.Mode = rapid.SampledFrom([]pricing.StackMode{pricing.Compounded, pricing.OffBase}).Draw(t, "orders")
		tf := pricing.Tariff{Seller: "FR", Policy: p, Taxes: rows, Rules: drawPlainRules(t, b.Currency)}
		q, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)

		o := plainOrder{digits: int32(b.Currency.Digits()), round: roundings[p.Rounding], left: p.Discounts == pricing.RoundLeft}
		for _, l := range q.Lines { // which price and rate is chosen, others test
			v := o.round(l.List.Decimal().Mul(l.Quantity.Decimal()).DivRound(l.List.Base().Decimal(), 40), o.digits)
			o.lines = append(o.lines, &plainLine{product: l.Product, gross: l.Stated == catalog.Gross, rate: l.Rate.Decimal(), list: v, own: v, shares: map[string]decimal.Decimal{}})
		}
		for _, r := range tf.Rules {
			if r.On == pricing.OnLine {
				o.onLines(r, p.Lines.Mode)
			}
		}
		for _, l := range o.lines {
			l.due = l.own
		}
		for _, r := range tf.Rules {
			if r.On == pricing.OnOrder {
				o.onWhole(r, p.Orders.Mode)
			}
		}
		net, tax := o.taxed()
		require.True(t, q.Net.Decimal().Equal(net) && q.Gross.Decimal().Equal(net.Add(tax)),
			"%s + %s, decimals say %s + %s", q.Net, q.Tax, net, tax)
		for i, l := range q.Lines {
			w := o.lines[i]
			if w.gross {
				require.True(t, l.Gross.Decimal().Equal(w.due), "line %s: %s, decimals say %s incl. tax", l.ID, l.Gross, w.due)
				continue
			}
			require.True(t, l.Net.Decimal().Equal(w.own) && l.Tax.Decimal().Equal(w.tax), "line %s: %s + %s, decimals say %s + %s", l.ID, l.Net, l.Tax, w.own, w.tax)
			require.True(t, l.Discount.Decimal().Equal(w.list.Sub(w.own)))
			for k, a := range q.Adjustments {
				require.True(t, l.Shares[k].Decimal().Neg().Equal(w.shares[a.Code]), "line %s bears %s of %s, decimals say %s", l.ID, l.Shares[k], a.Code, w.shares[a.Code])
			}
		}
	})
}
