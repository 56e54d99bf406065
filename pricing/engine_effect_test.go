package pricing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// A free item comes with the rule's goods: not where there are none, nor where
// all that there are is excepted.
func TestAFreeItemComesWithItsGoods(t *testing.T) {
	r := pricing.Rule{Code: "FREE", On: pricing.OnLine, Goods: pricing.Goods{Products: []catalog.ID{"absent"}},
		Give: pricing.Effect{Item: &pricing.FreeItem{Product: "product-1", Quantity: money.QuantityOf(1)}}}
	b := basket(money.EUR, line{"100", "2", "standard", false}, line{"50", "1", "standard", false})
	b.Lines[0].Tags = []string{"a"}
	for _, goods := range []pricing.Goods{
		{Products: []catalog.ID{"absent"}},
		{Tags: []string{"a"}, Except: &pricing.Goods{Products: []catalog.ID{"product-1"}}},
		{Except: &pricing.Goods{Products: []catalog.ID{"product-1", "product-2"}}},
	} {
		r.Goods = goods
		e := engine(t, tariff(t, pricing.EN16931(), r))
		require.Equal(t, "250.00 EUR", quote(t, e, b).Net.String())
		q, n, err := e.Explain(t.Context(), b, "FREE")
		require.NoError(t, err)
		require.Equal(t, "250.00 EUR", q.Net.String())
		var told []pricing.Lack
		for _, c := range n.Children {
			if c.Kind == pricing.NodeRule {
				told = append(told, c.Missing.What)
			}
		}
		require.Equal(t, []pricing.Lack{pricing.LackGoods}, told)
	}
	r.Goods = pricing.Goods{Tags: []string{"a"}}
	require.Equal(t, "150.00 EUR", quote(t, engine(t, tariff(t, pricing.EN16931(), r)), b).Net.String())
}

// To explain a quote moves none of its figures, whatever rules are asked about.
func TestLawExplainHasTheFiguresOfQuote(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBasket(t)
		tf := pricing.Tariff{Seller: "FR", Policy: drawPolicy(t), Taxes: rows, Charges: drawShipping(t, b.Currency)}
		tf.Policy.Conflicts = pricing.ReportConflicts
		var codes []string
		for _, r := range drawRules(t, b.Currency, nil) {
			switch rapid.IntRange(0, 4).Draw(t, "about") {
			case 0:
				r.Goods = pricing.Goods{Products: []catalog.ID{"absent"}}
			case 1:
				r.Goods.Except = &pricing.Goods{Products: []catalog.ID{catalog.ID(fmt.Sprint("product-", rapid.IntRange(1, 3).Draw(t, "except")))}}
			case 2:
				r.When.Groups = []string{"others"}
			}
			if r.Give.Item != nil && rapid.Bool().Draw(t, "once") {
				r.Give.Item.For = money.Quantity{}
			}
			codes = append(codes, r.Code)
			tf.Rules = append(tf.Rules, r)
		}
		e := engine(t, tf)
		want, err := e.Quote(t.Context(), b)
		got, _, err2 := e.Explain(t.Context(), b, codes...)
		require.Equal(t, err, err2)
		require.Equal(t, want, got)
	})
}

// What is bounded by other goods takes of no more units than are paired, and no
// more than these are worth, whatever the effect.
func TestWithBoundsEveryEffect(t *testing.T) {
	amount, price := money.MustAmount("10", money.EUR), money.MustPrice("0", money.EUR)
	scale := func(marginal bool, s pricing.Tier) pricing.Effect {
		return pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByQuantity, Marginal: marginal, Steps: []pricing.Tier{s}}}
	}
	for name, give := range map[string]pricing.Effect{
		"percent":  {Percent: money.RateOf(100)},
		"amount":   {Amount: &amount, Per: pricing.PerUnit},
		"price":    {Price: &price},
		"scale":    scale(false, pricing.Tier{Percent: money.RateOf(100)}),
		"off each": scale(false, pricing.Tier{Off: &amount}),
		"marginal": scale(true, pricing.Tier{Percent: money.RateOf(100)}),
	} {
		give.With = &pricing.Goods{Products: []catalog.ID{"product-2"}}
		r := pricing.Rule{Code: "W", On: pricing.OnLine, Goods: pricing.Goods{Products: []catalog.ID{"product-1"}}, Give: give}
		b := basket(money.EUR, line{"6", "5", "standard", false}, line{"50", "1", "standard", false})
		for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
			r.On = on
			require.Equal(t, "74.00 EUR", quote(t, engine(t, tariff(t, pricing.EN16931(), r)), b).Net.String(), "%s on %s", name, on)
		}
	}
}
