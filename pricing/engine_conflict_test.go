package pricing_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// Rules of equal rank do not contradict each other where both are kept from the
// goods, or one of them gives nothing yet.
func TestOnlyWhatIsTakenConflicts(t *testing.T) {
	x := off("X", "50", pricing.OnLine, 9)
	x.Exclusive = true
	a, c := off("A", "5", pricing.OnLine, 1), off("B", "6", pricing.OnLine, 1)
	a.Goods.Products = []catalog.ID{"product-1"}
	b := basket(money.EUR, line{"100", "1", "standard", false})
	require.Equal(t, "50.00 EUR", quote(t, engine(t, tariff(t, pricing.EN16931(), x, a, c)), b).Net.String())

	a.Give = pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Steps: []pricing.Tier{{Quantity: money.QuantityOf(10), Percent: money.RateOf(5)}}}}
	e := engine(t, tariff(t, pricing.EN16931(), a, c))
	require.Equal(t, "94.00 EUR", quote(t, e, b).Net.String())
	b.Lines[0].Quantity = money.QuantityOf(10)
	_, err := e.Quote(t.Context(), b)
	require.ErrorIs(t, err, pricing.ErrConflict)
}

// The names of rules of equal rank decide no figure: what hangs on which goes
// first is a conflict, also where discounts are summed and find too little room.
func TestNamesDecideNothing(t *testing.T) {
	b := basket(money.EUR, line{"10", "1", "standard", false}, line{"10", "1", "standard", false})
	for _, s := range []pricing.Stacking{{Mode: pricing.OffBase}, {Mode: pricing.Additive}, {Mode: pricing.Lanes, Across: pricing.OffBase},
		{Mode: pricing.Lanes, Across: pricing.Additive}} {
		for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
			most, amount := off("A", "80", on, 1), amountOff("B", "10.00")
			most.Goods.Products = []catalog.ID{"product-1"}
			amount.On, amount.Priority = on, 1
			p := pricing.Policy{Lines: s, Orders: s}
			_, err := engine(t, tariff(t, p, most, amount)).Quote(t.Context(), b)
			require.ErrorIs(t, err, pricing.ErrConflict, "%v on %s", s, on)
			most.Give.Percent = money.RateOf(50)
			require.Equal(t, "5.00 EUR", quote(t, engine(t, tariff(t, p, most, amount)), b).Net.String(), "%v on %s: room for both", s, on)
		}
	}
	for _, mode := range []pricing.StackMode{pricing.BestFor, pricing.Lanes} {
		for _, codes := range [][2]string{{"A", "B"}, {"B", "A"}} {
			open, closing := off(codes[0], "10", pricing.OnLine, 1), off(codes[1], "10", pricing.OnLine, 1)
			open.Goods.Products = []catalog.ID{"product-1"}
			open.Lane, closing.Lane, closing.Exclusive = "x", "x", true
			tf := tariff(t, pricing.Policy{Lines: pricing.Stacking{Mode: mode}}, open, closing, off("O", "5", pricing.OnOrder, 0))
			q := quote(t, engine(t, tf), basket(money.EUR, line{"100", "1", "standard", false}))
			require.Equal(t, "85.50 EUR", q.Net.String(), "%s, %s is exclusive", mode, codes[1])
		}
	}
}

// Whatever ranks rules have, either the names decide nothing or the quote says that
// they do; but for the unit that rounding moves between sums of percents that are
// of different goods. Of lanes the rules that are not met decide the order, too.
func TestLawNamesDecideNothing(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		s := rapid.SampledFrom([]pricing.Stacking{{Mode: pricing.Compounded}, {Mode: pricing.OffBase}, {Mode: pricing.Additive},
			{Mode: pricing.Exclusively}, {Mode: pricing.BestFor}, {Mode: pricing.Lanes, Across: pricing.Compounded},
			{Mode: pricing.Lanes, Across: pricing.OffBase}, {Mode: pricing.Lanes, Across: pricing.Additive}}).Draw(t, "stacking")
		tf := pricing.Tariff{Seller: "FR", Taxes: rows, Policy: pricing.Policy{Lines: s, Orders: s}}
		for n := range rapid.IntRange(2, 5).Draw(t, "rules") {
			r := drawRule(t, n, b.Currency)
			r.Priority, r.When.First = rapid.IntRange(1, 2).Draw(t, "priority"), n > 1 // of the others nothing is met
			if n == 1 {
				r.On = tf.Rules[0].On
			}
			tf.Rules = append(tf.Rules, r)
		}
		swapped := tf
		swapped.Rules = slices.Clone(tf.Rules)
		for k, from := range rapid.Permutation(tf.Rules).Draw(t, "names") {
			swapped.Rules[k].Code = from.Code
		}
		var e, x *pricing.Engine
		var err error
		if e, err = pricing.Compile(tf, nil); err != nil {
			require.ErrorIs(t, err, pricing.ErrTariff)
			return // found at once
		}
		x = engine(t, swapped)
		q, err := e.Quote(t.Context(), b)
		w, err2 := x.Quote(t.Context(), b)
		require.Equal(t, errors.Is(err, pricing.ErrConflict), errors.Is(err2, pricing.ErrConflict))
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrConflict)
			return
		}
		if s.Mode == pricing.Additive || s.Across == pricing.Additive {
			d := q.Net.Minor() - w.Net.Minor()
			require.LessOrEqual(t, max(d, -d), int64(1))
			return
		}
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{w.Net, w.Tax, w.Gross})
	})
}
