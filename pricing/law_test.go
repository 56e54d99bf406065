package pricing_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// priced draws a basket and quotes it.
func priced(t *rapid.T, p pricing.Pricer) (pricing.Basket, pricing.Quote) {
	b := drawBasket(t)
	q, err := p.Quote(t.Context(), b)
	require.NoError(t, err)
	return b, q
}

// checkQuote holds the laws that need the quote alone.
func checkQuote(t require.TestingT, b pricing.Basket, q pricing.Quote) {
	cur := b.Currency
	sum := func(field func(pricing.QuotedLine) money.Amount, in func(pricing.QuotedLine) bool) money.Amount {
		s := money.Zero(cur)
		for _, l := range q.Lines {
			if in == nil || in(l) {
				var err error
				s, err = s.Add(field(l))
				require.NoError(t, err)
			}
		}
		return s
	}
	add := func(a, b money.Amount) money.Amount {
		s, err := a.Add(b)
		require.NoError(t, err)
		return s
	}
	lineNet := func(l pricing.QuotedLine) money.Amount { return l.Net }
	lineTax := func(l pricing.QuotedLine) money.Amount { return l.Tax }
	require.Equal(t, len(b.Lines), len(q.Lines))
	for i, l := range q.Lines {
		require.Equal(t, b.Lines[i].ID, l.ID)
		require.Equal(t, add(l.Net, l.Tax), l.Gross, "net + tax = gross on the line")
		require.GreaterOrEqual(t, l.Net.Sign(), 0)
		require.GreaterOrEqual(t, l.Tax.Sign(), 0)
		require.True(t, l.Discount.IsZero() && l.Discount.Currency() == cur)
	}
	net, tax := money.Zero(cur), money.Zero(cur)
	for _, r := range q.Taxes {
		same := func(l pricing.QuotedLine) bool { return l.Category == r.Category && l.Rate == r.Rate }
		require.Equal(t, r.Base, sum(lineNet, same), "a row's base is the sum of its lines")
		require.Equal(t, r.Tax, sum(lineTax, same), "a row's tax is the sum of its lines")
		net, tax = add(net, r.Base), add(tax, r.Tax)
	}
	require.Equal(t, []money.Amount{net, tax, add(net, tax)}, []money.Amount{q.Net, q.Tax, q.Gross}, "the breakdown sums to the totals")
	require.Equal(t, q.Net, sum(lineNet, nil))
	require.NoError(t, q.Verify())
	require.NoError(t, q.Check())
}

func TestLawFiguresAddUp(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		checkQuote(t, b, q)
	})
}

func TestLawFiguresAddUpForEveryPolicy(t *testing.T) {
	tab := table(t)
	rapid.Check(t, func(t *rapid.T) {
		p := pricing.NewListPricer(tab, &pricing.Options{
			Rounding:      money.Rounding(rapid.IntRange(int(money.HalfAwayFromZero), int(money.Ceil)).Draw(t, "rounding")),
			Apportionment: rapid.SampledFrom([]money.Apportionment{money.LargestRemainder, money.LargestRemainderLast, money.Cumulative, money.FloorLargestError}).Draw(t, "apportionment"),
		})
		b, q := priced(t, p)
		checkQuote(t, b, q)
	})
}

func TestLawGrossStaysAsStated(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, q := priced(t, p)
		for _, l := range q.Lines {
			stated, err := l.Price.Mul(l.Quantity, money.HalfAwayFromZero)
			require.NoError(t, err)
			if l.Stated == catalog.Gross {
				if l.Category == pricing.IntraCommunity || l.Category == pricing.Export {
					cheaper, err := l.Gross.Cmp(stated)
					require.NoError(t, err)
					require.LessOrEqual(t, cheaper, 0, "without tax a line costs no more")
					require.True(t, l.Tax.IsZero())
					continue
				}
				require.Equal(t, stated, l.Gross)
			} else {
				require.Equal(t, stated, l.Net)
			}
		}
	})
}

func TestLawZeroLineChangesNothing(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		more := b.Clone()
		zero := drawLine(t, len(b.Lines), b.Currency)
		zero.Prices = []catalog.ListPrice{{Stated: catalog.Gross, Breaks: []catalog.Break{{Price: money.MustPrice("0", b.Currency)}}}}
		at := rapid.IntRange(0, len(b.Lines)).Draw(t, "at")
		more.Lines = append(more.Lines[:at:at], append([]pricing.Line{zero}, more.Lines[at:]...)...)
		with, err := p.Quote(t.Context(), more)
		require.NoError(t, err)
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{with.Net, with.Tax, with.Gross})
		require.Equal(t, q.Lines, append(with.Lines[:at:at], with.Lines[at+1:]...))
		for _, c := range pricing.Diff(q, with) { // a row of zeros at most
			require.Contains(t, []pricing.What{pricing.LineAdded, pricing.BreakdownChanged}, c.What)
		}
	})
}

func TestLawOrderOfLines(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		other := b.Clone()
		other.Lines = rapid.Permutation(other.Lines).Draw(t, "order")
		moved, err := p.Quote(t.Context(), other)
		require.NoError(t, err)
		require.Equal(t, q.Taxes, moved.Taxes)
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{moved.Net, moved.Tax, moved.Gross})
		for _, l := range q.Lines { // shares may differ by a unit where remainders tie
			m, ok := moved.Line(l.ID)
			require.True(t, ok)
			require.LessOrEqual(t, max(l.Tax.Minor()-m.Tax.Minor(), m.Tax.Minor()-l.Tax.Minor()), int64(1))
		}
	})
}

func TestLawPricingTwiceIsPricingOnce(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		before := b.Clone()
		again, err := p.Quote(t.Context(), b)
		require.NoError(t, err)
		require.Equal(t, q, again)
		require.Equal(t, before, b, "the basket is only read")

		for i := range b.Lines { // the quote's own prices, as a list
			l := q.Lines[i]
			b.Lines[i].Prices = []catalog.ListPrice{{Stated: l.Stated, Breaks: []catalog.Break{{Price: l.Price}}}}
		}
		fixed, err := p.Quote(t.Context(), b)
		require.NoError(t, err)
		require.NoError(t, pricing.Unmoved(q, fixed))
		require.Equal(t, q.Seal, fixed.Seal)
	})
}

func TestLawExplanationReplays(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		_, q := priced(t, p)
		require.NoError(t, Replay(q))
	})
}

// TestReplayFindsLies keeps Replay honest: a changed figure is found.
func TestReplayFindsLies(t *testing.T) {
	q := quote(t, pricing.NewListPricer(table(t), nil), basket(money.EUR, line{"9.45", "3", "standard", false}, line{"38.23", "10", "standard", true}))
	require.NoError(t, Replay(q))
	for i := range q.Lines {
		for j := range q.Lines[i].Why {
			bad := q.Clone()
			bad.Lines[i].Why[j].Value = "1.11 EUR"
			require.Error(t, Replay(bad), fmt.Sprint(i, j))
		}
	}
	bad := q.Clone()
	bad.Taxes[0].Tax = money.MustAmount("1", money.EUR)
	require.Error(t, Replay(bad))
}

func TestLawEqualToDecimal(t *testing.T) {
	tab := table(t)
	p := pricing.NewListPricer(tab, nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		want := decimalQuote(decimalLines(tab, b, q), int32(b.Currency.Digits()))
		for i, l := range q.Lines {
			w := want.lines[i]
			require.True(t, l.Net.Decimal().Equal(w.net) && l.Tax.Decimal().Equal(w.tax) && l.Gross.Decimal().Equal(w.gross),
				"line %d: %s + %s = %s, decimals say %s + %s = %s", i, l.Net, l.Tax, l.Gross, w.net, w.tax, w.gross)
		}
		require.True(t, q.Net.Decimal().Equal(want.net) && q.Tax.Decimal().Equal(want.tax) && q.Gross.Decimal().Equal(want.gross))
	})
}

// decimalLines hands the choices of the quote (price, rate) to the oracle;
// TestPriceChoice and the tax tests hold those.
func decimalLines(tab pricing.TaxTable, b pricing.Basket, q pricing.Quote) []decimalLine {
	in := make([]decimalLine, len(q.Lines))
	for i, l := range q.Lines {
		_, home, _ := tab.Lookup(pricing.Parties{Seller: "FR"}, b.Lines[i].Tax, noon)
		in[i] = decimalLine{
			price: l.Price.Decimal(), base: l.Price.Base().Decimal(), quantity: b.Lines[i].Quantity.Decimal(),
			rate: l.Rate.Decimal(), home: home.Decimal(), key: string(l.Category) + l.Rate.String() + " " + home.String(), stated: l.Stated == catalog.Gross,
		}
	}
	return in
}

// decimalLine is a line as a calculation with shopspring/decimal has it.
type decimalLine struct {
	price, base, quantity, rate decimal.Decimal
	home                        decimal.Decimal // what a gross price contains
	key                         string
	stated                      bool // gross
	net, tax, gross             decimal.Decimal
}

type decimalTotals struct {
	lines           []decimalLine
	net, tax, gross decimal.Decimal
}
