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

// drawPlainRules makes percentages and amounts of lines and of the whole.
func drawPlainRules(t *rapid.T, cur money.Currency) []pricing.Rule {
	var out []pricing.Rule
	for n := range rapid.IntRange(1, 6).Draw(t, "rules") {
		r := drawRule(t, n, cur)
		r.Exclusive, r.Stop, r.Most = false, false, nil
		amount := r.Give.Amount
		r.Give = pricing.Effect{Amount: amount}
		if amount == nil {
			p, err := money.RateFromUnits(rapid.OneOf(rapid.SampledFrom([]int64{1_000_000, 50_000, 333_333, 100_000}), rapid.Int64Range(1, 1_000_000)).Draw(t, "percent units"))
			require.NoError(t, err)
			r.Give.Percent = p
		}
		out = append(out, r)
	}
	return out
}

// plainOf is an order of the lines that were quoted, from their list prices on:
// which price and rate is chosen, others test.
func plainOf(q pricing.Quote, p pricing.Policy) *plainOrder {
	o := &plainOrder{p: p, digits: int32(q.Currency.Digits())}
	if o.keep = o.digits; p.Level == pricing.RoundDocument || p.Level == pricing.RoundPrecise {
		o.keep = 6
	}
	for _, l := range q.Lines {
		x := &plainLine{product: l.Product, gross: l.Stated == catalog.Gross, category: l.Category, rate: l.Rate.Decimal(), price: l.List.Decimal(),
			quantity: l.Quantity.Decimal(), per: l.List.Base().Decimal(), shares: map[string]decimal.Decimal{}}
		x.list = o.worth(x)
		x.own, x.due = x.list, x.list
		o.lines = append(o.lines, x)
	}
	return o
}

// Law 14, with rules and by every policy: the same figures as in decimals.
func TestLawEngineEqualToDecimal(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		b.Country, b.VATID = "FR", ""
		p := drawPolicy(t)
		p.Rounding = money.Rounding(rapid.IntRange(int(money.HalfAwayFromZero), int(money.Ceil)).Draw(t, "rounding"))
		p.Apportionment = money.Apportionment(rapid.IntRange(int(money.LargestRemainder), int(money.FloorLargestError)).Draw(t, "apportionment"))
		p.Lines.Across = acrossOf(t, p.Lines)
		p.Orders.Across = acrossOf(t, p.Orders)
		tf := pricing.Tariff{Seller: "FR", Policy: p, Taxes: rows, Rules: drawPlainRules(t, b.Currency)}
		q, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)

		o := plainOf(q, p)
		o.bearer(tf.Rules, pricing.OnLine)
		o.bearer(tf.Rules, pricing.OnOrder)
		o.settle()
		type row struct{ base, tax decimal.Decimal }
		sums := map[string]row{}
		net, tax := decimal.Zero, decimal.Zero
		integral := o.keep == o.digits
		for i, l := range q.Lines {
			w := o.lines[i]
			base := l.Net.Decimal()
			for _, s := range l.Shares {
				base = base.Add(s.Decimal())
			}
			require.True(t, base.Equal(w.base) && l.Tax.Decimal().Equal(w.tax) && l.Gross.Decimal().Equal(w.base.Add(w.tax)),
				"line %s: %s + %s = %s, decimals say %s + %s", l.ID, base, l.Tax, l.Gross, w.base, w.tax)
			net, tax = net.Add(w.base), tax.Add(w.tax)
			key := string(l.Category) + l.Rate.String()
			sums[key] = row{sums[key].base.Add(w.base), sums[key].tax.Add(w.tax)}
			if w.gross || !integral {
				continue
			}
			require.True(t, l.Net.Decimal().Equal(w.own) && l.Discount.Decimal().Equal(w.list.Sub(w.own)), "line %s: %s less %s, decimals say %s", l.ID, l.Net, l.Discount, w.own)
			for k, a := range q.Adjustments {
				require.True(t, l.Shares[k].Decimal().Neg().Equal(w.shares[a.Code]), "line %s bears %s of %s, decimals say %s", l.ID, l.Shares[k], a.Code, w.shares[a.Code])
			}
		}
		require.True(t, q.Net.Decimal().Equal(net) && q.Tax.Decimal().Equal(tax) && q.Gross.Decimal().Equal(net.Add(tax)),
			"%s + %s, decimals say %s + %s", q.Net, q.Tax, net, tax)
		for _, r := range q.Taxes {
			w := sums[string(r.Category)+r.Rate.String()]
			require.True(t, r.Base.Decimal().Equal(w.base) && r.Tax.Decimal().Equal(w.tax))
		}
	})
}

func acrossOf(t *rapid.T, s pricing.Stacking) pricing.StackMode {
	if s.Mode != pricing.Lanes {
		return ""
	}
	return rapid.SampledFrom([]pricing.StackMode{pricing.Compounded, pricing.OffBase, pricing.Additive}).Draw(t, "across")
}

// TestDecimalsFindLies keeps the law honest: with another rounding, side,
// apportionment, level or mode the decimals disagree somewhere.
func TestDecimalsFindLies(t *testing.T) {
	lines := []line{{"10.015", "1", "standard", false}, {"0.10", "1", "standard", false}, {"14.71", "1", "standard", false}, {"1.07", "1", "19", false}, {"1.07", "1", "19", false}, {"1.07", "1", "19", false}, {"9.995", "1", "reduced", false}, {"0.335", "3", "reduced", false}}
	rules := []pricing.Rule{off("A", "15", pricing.OnLine, 3), off("B", "7.5", pricing.OnLine, 2), off("C", "2.5", pricing.OnOrder, 1)}
	agrees := func(used, told pricing.Policy) bool {
		q := quote(t, engine(t, tariff(t, used, rules...)), basket(money.EUR, lines...))
		o := plainOf(q, told)
		o.bearer(rules, pricing.OnLine)
		o.bearer(rules, pricing.OnOrder)
		o.settle()
		return !slices.ContainsFunc(o.lines, func(w *plainLine) bool {
			l, _ := q.Line(q.Lines[slices.Index(o.lines, w)].ID)
			return !l.Gross.Decimal().Equal(w.base.Add(w.tax))
		})
	}
	en := pricing.EN16931()
	require.True(t, agrees(en, en))
	for what, change := range map[string]func(*pricing.Policy){
		"rounding":      func(p *pricing.Policy) { p.Rounding = money.Down },
		"half even":     func(p *pricing.Policy) { p.Rounding = money.HalfEven },
		"side":          func(p *pricing.Policy) { p.Discounts = pricing.RoundLeft },
		"apportionment": func(p *pricing.Policy) { p.Apportionment = money.FirstTakesRest },
		"level":         func(p *pricing.Policy) { p.Level = pricing.RoundDocument },
		"unit":          func(p *pricing.Policy) { p.Level = pricing.RoundUnit },
		"tax":           func(p *pricing.Policy) { p.Tax = pricing.TaxPerLine },
		"mode":          func(p *pricing.Policy) { p.Lines.Mode = pricing.BestFor },
	} {
		other := en
		change(&other)
		require.True(t, agrees(other, other), what)
		require.False(t, agrees(en, other), what)
	}
}
