package pricing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// sumOf quotes lines under rules that stack in one way on lines and on the whole,
// and returns the net.
func sumOf(t *testing.T, p pricing.Policy, s pricing.Stacking, rules []pricing.Rule, lines ...line) string {
	t.Helper()
	p.Lines, p.Orders = s, s
	q := quote(t, engine(t, tariff(t, p, rules...)), basket(money.EUR, lines...))
	require.NoError(t, q.Check())
	return q.Net.Text()
}

// Percents of the whole that are added up are taken of the whole once: 20 % and
// 10 % of three times 0.15 are 30 % of 0.45, which is 0.14; of each line they
// would be 0.05.
func TestAdditivePercentsOfTheWhole(t *testing.T) {
	add := pricing.Stacking{Mode: pricing.Additive}
	three := []line{{"0.15", "1", "zero", false}, {"0.15", "1", "zero", false}, {"0.15", "1", "zero", false}}
	a, b := off("A", "20", pricing.OnOrder, 2), off("B", "10", pricing.OnOrder, 1)
	require.Equal(t, "0.31", sumOf(t, pricing.Policy{}, add, []pricing.Rule{a, b}, three...))
	require.Equal(t, "0.31", sumOf(t, pricing.Policy{}, add, []pricing.Rule{off("ONE", "30", pricing.OnOrder, 1)}, three...))
	require.Equal(t, "0.32", sumOf(t, pricing.Policy{Discounts: pricing.RoundLeft}, add, []pricing.Rule{a, b}, three...), "0.315 are left")

	// Of other goods as well: 20 % of 0.15 and 10 % of 0.45 are 0.075 together.
	a.Goods.Products = []catalog.ID{"product-1"}
	require.Equal(t, "0.37", sumOf(t, pricing.Policy{}, add, []pricing.Rule{a, b}, three...))
	require.Equal(t, "0.38", sumOf(t, pricing.Policy{Discounts: pricing.RoundLeft}, add, []pricing.Rule{a, b}, three...), "0.375 are left")

	// What lines had before does not count: 10 % of 0.95 are 0.10.
	require.Equal(t, "0.85", sumOf(t, pricing.Policy{}, add, []pricing.Rule{off("L", "5", pricing.OnLine, 2), off("O", "10", pricing.OnOrder, 1)},
		line{"1.00", "1", "zero", false}))
}

// A rule that is held to its most counts with its percentage all the same, and
// the sum may pass 100 %: what comes after takes its own, down to nothing.
func TestAdditivePercentsPastTheMost(t *testing.T) {
	for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
		held, next, last := off("A", "50", on, 3), off("B", "80", on, 2), off("C", "30", on, 1)
		held.Most = euros("1.00")
		for _, level := range levels {
			for _, side := range []pricing.DiscountRounding{pricing.RoundTaken, pricing.RoundLeft} {
				p, add := pricing.Policy{Level: level, Discounts: side}, pricing.Stacking{Mode: pricing.Additive}
				what := fmt.Sprint(on, level, side)
				lines := []line{{"30.00", "2", "zero", false}, {"40.00", "1", "zero", false}}
				require.Equal(t, "19.00", sumOf(t, p, add, []pricing.Rule{held, next}, lines...), what)
				require.Equal(t, "0.00", sumOf(t, p, add, []pricing.Rule{held, next, last}, lines...), what)
			}
		}
	}
}

// The best of each lane adds up: 15 % and 15 % of 0.50 are 0.15, not twice 0.08.
func TestAdditivePercentsAcrossLanes(t *testing.T) {
	lanes := pricing.Stacking{Mode: pricing.Lanes, Across: pricing.Additive}
	for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
		a, worse, b := off("A", "15", on, 3), off("A5", "5", on, 2), off("B", "15", on, 1)
		a.Lane, worse.Lane, b.Lane = "a", "a", "b"
		require.Equal(t, "0.35", sumOf(t, pricing.Policy{}, lanes, []pricing.Rule{a, worse, b}, line{"0.50", "1", "zero", false}), on)
		worse.Lane = "b"
		require.Equal(t, "0.35", sumOf(t, pricing.Policy{}, lanes, []pricing.Rule{a, worse, b}, line{"0.50", "1", "zero", false}), on)
	}
}

// At the unit level additive percents are of the unit price: 10 % and 5 % of 3.99
// are 0.60, so 25 units cost 84.75.
func TestAdditivePercentsOfUnits(t *testing.T) {
	unit, add := pricing.Policy{Level: pricing.RoundUnit}, pricing.Stacking{Mode: pricing.Additive}
	rules := []pricing.Rule{off("A", "10", pricing.OnLine, 2), off("B", "5", pricing.OnLine, 1)}
	require.Equal(t, "84.75", sumOf(t, unit, add, rules, line{"3.99", "25", "zero", false}))
	require.Equal(t, "84.79", sumOf(t, pricing.Policy{}, add, rules, line{"3.99", "25", "zero", false}), "15 % of 99.75 are 14.96")
}

// 100 % off units leaves nothing, also of a line that an amount has left no
// multiple of its unit price; and 1 % of many units of next to nothing is not all.
func TestAllOffUnits(t *testing.T) {
	unit := pricing.Policy{Level: pricing.RoundUnit}
	some := amountOff("AMOUNT", "0.50")
	some.On, some.Priority = pricing.OnLine, 9
	for _, s := range []pricing.StackMode{pricing.Compounded, pricing.OffBase, pricing.Additive} {
		for _, l := range []line{{"0.33", "3", "zero", false}, {"19.99", "0.7", "zero", false}, {"1.00", "1000", "zero", true}} {
			require.Equal(t, "0.00", sumOf(t, unit, pricing.Stacking{Mode: s}, []pricing.Rule{some, off("ALL", "100", pricing.OnLine, 1)}, l), "%s of %v", s, l)
		}
	}
	many := amountOff("AMOUNT", "6.00")
	many.On, many.Priority = pricing.OnLine, 9
	require.Equal(t, "3.96", sumOf(t, unit, pricing.Stacking{}, []pricing.Rule{many, off("ONE", "1", pricing.OnLine, 1)}, line{"0.01", "1000", "zero", false}))
}

// A scale on the whole, measured line by line: what a line takes does not hang on
// lines of other steps, nor on their order.
func TestOrderScaleOverLines(t *testing.T) {
	r := off("SCALE", "0", pricing.OnOrder, 1)
	r.Give = pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Steps: []pricing.Tier{
		{Percent: money.RateOf(5)}, {Quantity: money.QuantityOf(10), Percent: money.RateOf(30)}}}}
	ten := line{"10.00", "10", "zero", false}
	for _, mode := range []pricing.StackMode{pricing.Compounded, pricing.OffBase, pricing.Additive, pricing.BestFor} {
		for _, c := range []struct {
			lines []line
			want  string
		}{
			{[]line{ten}, "70.00 = 70.00"},
			{[]line{ten, {"100.00", "1", "zero", false}}, "70.00 95.00 = 165.00"},
			{[]line{{"100.00", "1", "zero", false}, ten}, "95.00 70.00 = 165.00"},
			{[]line{ten, {"100.00", "1", "zero", false}, ten}, "70.00 95.00 70.00 = 235.00"},
			{[]line{{"0.01", "1", "zero", false}, ten, {"0.00", "1", "zero", false}}, "0.01 70.00 0.00 = 70.01"},
		} {
			p := pricing.EN16931()
			p.Orders.Mode = mode
			require.Equal(t, c.want, figures(quote(t, engine(t, tariff(t, p, r)), basket(money.EUR, c.lines...))), mode)
		}
	}
}

// Rounded at the end, what a discount takes off lines of less than a cent is
// still theirs: each row comes to its exact sum, rounded once.
func TestSharesOfDust(t *testing.T) {
	dust := line{"0.004", "1", "zero", false}
	taxed := line{"0.004", "1", "standard", false}
	for _, level := range []pricing.RoundLevel{pricing.RoundDocument, pricing.RoundPrecise} {
		for _, how := range []money.Apportionment{money.LargestRemainder, money.HalfDownFirst, money.LastTakesRest, money.FirstTakesRest, money.FloorLargestError, money.Cumulative} {
			p := pricing.Policy{Level: level, Apportionment: how}
			some := off("SOME", "100", pricing.OnOrder, 2)
			some.Goods.Products = []catalog.ID{"product-1", "product-2", "product-3"}
			tf := tariff(t, p, some)
			b := basket(money.EUR, dust, dust, dust, dust, dust, taxed)
			q := quote(t, engine(t, tf), b)
			want := "0.01" // of the two that are left 0.008, or with the taxed one 0.012
			require.Equal(t, want, q.Net.Text(), "%s %s", level, how)
			require.NoError(t, q.Check())

			tf.Rules = append(tf.Rules, off("ALL", "100", pricing.OnOrder, 1))
			q = quote(t, engine(t, tf), b)
			require.Equal(t, "0.00", q.Gross.Text(), "%s %s", level, how)
			require.NoError(t, q.Check())
		}
	}
}

// Where the last line takes the rest, half cents of four lines would leave it a
// cent short of nothing: it stays at nothing.
func TestLastTakesRestStaysAboveZero(t *testing.T) {
	half := line{"0.005", "1", "standard", false}
	for _, level := range []pricing.RoundLevel{pricing.RoundDocument, pricing.RoundPrecise} {
		p := pricing.Oro()
		p.Level, p.Tax = level, pricing.TaxPerDocument
		q := quote(t, engine(t, tariff(t, p)), basket(money.EUR, half, half, half, half))
		require.Equal(t, "0.00 0.01 0.01 0.00 = 0.02", figures(q), level)
		require.NoError(t, q.Check())
	}
}

// Lanes go in the order of the rules that they have, whatever the basket leads
// to: another line does not move the first from 85.00.
func TestLanesDoNotHangOnOtherLines(t *testing.T) {
	other, less, tenth := off("OTHER", "50", pricing.OnLine, 3), amountOff("LESS", "5.00"), off("TENTH", "10", pricing.OnLine, 1)
	other.Goods.Products, other.Lane = []catalog.ID{"product-2"}, "percent"
	less.On, less.Priority, less.Lane = pricing.OnLine, 2, "amount"
	less.Goods.Products = []catalog.ID{"product-1"}
	tenth.Lane = "percent"
	p := pricing.Policy{Lines: pricing.Stacking{Mode: pricing.Lanes}}
	e := engine(t, tariff(t, p, other, less, tenth))
	one := line{"100.00", "1", "zero", false}
	require.Equal(t, "85.00 = 85.00", figures(quote(t, e, basket(money.EUR, one))))
	require.Equal(t, "85.00 50.00 = 135.00", figures(quote(t, e, basket(money.EUR, one, one))))

	ended := other
	ended.Until = noon // of rules that do not hold now none decides
	e = engine(t, tariff(t, p, ended, less, tenth))
	require.Equal(t, "85.50 = 85.50", figures(quote(t, e, basket(money.EUR, one))))
}
