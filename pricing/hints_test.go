package pricing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// A rule says how much more there has to be, what it gives then and what that
// saves; one that applied, what more of it there is to have.
func TestHints(t *testing.T) {
	oven, hob := pricing.Goods{Products: []catalog.ID{"product-1"}}, &pricing.Goods{Products: []catalog.ID{"product-2"}}
	percent := pricing.Effect{Percent: money.RateOf(10)}
	pair := percent
	pair.With = hob
	has := func(least string, sets ...pricing.Goods) []pricing.Composition {
		return []pricing.Composition{{Sets: sets, Least: money.MustQuantity(least)}}
	}
	worth := pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByAmount, Steps: []pricing.Tier{{Amount: euros("250"), Percent: money.RateOf(5)}, {Amount: euros("1000"), Percent: money.RateOf(8)}}}}
	year := pricing.Window{Kind: pricing.YearWindow}
	bought := pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByTurnover, Window: year, Steps: []pricing.Tier{{Percent: money.RateOf(5)}, {Amount: euros("1000"), Percent: money.RateOf(8)}}}}
	for _, c := range []struct {
		ovens, hobs string
		when        pricing.When
		give        pricing.Effect
		taken, hint string // "" takes nothing
	}{
		{"3", "2", pricing.When{}, pair, "-20.00 EUR", "1 more of what it goes with and it gives 10 %, saving 10.00 EUR"},
		{"3", "3", pricing.When{}, pair, "-30.00 EUR", ""},
		{"3", "", pricing.When{}, pair, "", "3 more of what it goes with and it gives 10 %"},
		{"3", "1", pricing.When{Has: has("3", *hob)}, percent, "", "1 more set of goods and it gives 10 %"},
		{"1", "1", pricing.When{Has: has("3", *hob, oven)}, percent, "", "2 more sets of goods and it gives 10 %"},
		{"2", "", pricing.When{Amount: &pricing.AmountRange{From: euros("500")}}, percent, "", "300.00 EUR more and it gives 10 %, saving 50.00 EUR"},
		{"2", "", pricing.When{Basket: &pricing.AmountRange{From: euros("500")}}, pricing.Effect{Amount: euros("7")}, "", "300.00 EUR more in the basket and it gives 7.00 EUR off, saving 7.00 EUR"},
		{"2", "", pricing.When{}, worth, "", "50.00 EUR more and it gives 5 %, saving 15.00 EUR"},
		{"3", "", pricing.When{}, worth, "-15.00 EUR", "700.00 EUR more and it gives 8 %, saving 30.00 EUR"},
		{"2", "", pricing.When{}, pricing.Effect{Cheapest: &pricing.Cheapest{Of: 3, Free: 1}}, "", "1 more and it gives 1 of 3 free, saving 100.00 EUR"},
		{"4", "", pricing.When{}, pricing.Effect{Cheapest: &pricing.Cheapest{Of: 3, Free: 1, Percent: money.RateOf(50)}}, "-50.00 EUR", "2 more and it gives 1 of 3 at 50 % less, saving 50.00 EUR"},
		{"3", "1", pricing.When{}, pricing.Effect{Item: &pricing.FreeItem{Product: "product-2", Quantity: money.QuantityOf(1), For: money.QuantityOf(2)}}, "-40.00 EUR", "1 more and it gives 1 of product-2 free"},
		{"1", "1", pricing.When{}, pricing.Effect{Item: &pricing.FreeItem{Product: "product-2", Quantity: money.QuantityOf(1), For: money.QuantityOf(2)}}, "", "1 more and it gives 1 of product-2 free, saving 40.00 EUR"},
		{"4", "1", pricing.When{}, pricing.Effect{Item: &pricing.FreeItem{Product: "product-2", Quantity: money.QuantityOf(1), For: money.QuantityOf(2)}}, "-40.00 EUR", "1 more of product-2 in the basket would be free, saving 40.00 EUR"},
		{"2", "", pricing.When{Quantity: &pricing.QuantityRange{From: money.QuantityOf(6)}}, pricing.Effect{Amount: euros("2"), Per: pricing.PerUnit}, "", "4 more and it gives 2.00 EUR off each, saving 12.00 EUR"},
		{"2", "", pricing.When{Quantity: &pricing.QuantityRange{From: money.QuantityOf(6)}}, pricing.Effect{Price: perKg("80")}, "", "4 more and it gives 80.00 EUR, saving 120.00 EUR"},
		{"2", "", pricing.When{Turnover: &pricing.TurnoverIs{Window: year, AmountRange: pricing.AmountRange{From: euros("1000")}}}, percent, "", "1000.00 EUR more turnover in year and it gives 10 %, saving 20.00 EUR"},
		{"2", "", pricing.When{}, bought, "-10.00 EUR", "1000.00 EUR more and it gives 8 %, saving 6.00 EUR"},
		{"2", "", pricing.When{Quantity: &pricing.QuantityRange{From: money.QuantityOf(6)}, First: true}, percent, "", "for a first order only"},
	} {
		lines := []line{{"100", c.ovens, "standard", false}}
		if c.hobs != "" {
			lines = append(lines, line{"40", c.hobs, "standard", false})
		}
		e := engine(t, tariff(t, pricing.EN16931(), pricing.Rule{Code: "R", On: pricing.OnLine, Goods: oven, When: c.when, Give: c.give}))
		_, tree, err := e.Explain(t.Context(), basket(money.EUR, lines...))
		require.NoError(t, err)
		hint, taken := "", ""
		for _, n := range tree.Children {
			if n.Kind != pricing.NodeRule {
				continue
			}
			if m := n.Next; m != nil {
				hint = m.String()
			} else if n.Missing != nil {
				hint = n.Missing.String()
			}
			if n.Verdict == pricing.Applied {
				taken = n.Amount.String()
			}
		}
		require.Equal(t, c.hint, hint)
		require.Equal(t, c.taken, taken, hint)
	}
}

// What a rule could not take says whether a floor or its own bound held it.
func TestCappedByFloorOrMost(t *testing.T) {
	r := off("R", "50", pricing.OnLine, 1)
	r.Most = euros("60")
	tf := tariff(t, pricing.EN16931(), r)
	floor := money.MustPrice("80", money.EUR)
	tf.Floors = []pricing.Floor{{Goods: pricing.Goods{Products: []catalog.ID{"product-1"}}, Price: &floor}}
	_, tree, err := engine(t, tf).Explain(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}, line{"100", "1", "standard", false}))
	require.NoError(t, err)
	require.Contains(t, tree.String(), "  rule R -60.00 EUR\n    capped most 10.00 EUR\n    capped floor 30.00 EUR\n", strings.TrimSpace(tree.String()))
}

// So it says of an amount, and of a percentage of the whole, which lines share: what
// none of them could bear. What is beyond the worth of the goods no floor holds.
func TestWhatNoLineCouldBearIsTold(t *testing.T) {
	percent := money.RateOf(50)
	scale := &pricing.Tiers{By: pricing.ByAmount, Across: true, Marginal: true, Steps: []pricing.Tier{{Percent: percent}}}
	for _, c := range []struct {
		name   string
		give   pricing.Effect
		on     pricing.Bearer
		floors []catalog.ID
		taken  string
		capped string
	}{
		{"an amount", pricing.Effect{Amount: euros("50")}, pricing.OnLine, []catalog.ID{"product-1", "product-2"}, "40.00", "10.00"},
		{"an amount that another line bears", pricing.Effect{Amount: euros("50")}, pricing.OnLine, []catalog.ID{"product-1"}, "50.00", ""},
		{"an amount of the whole", pricing.Effect{Amount: euros("50")}, pricing.OnOrder, []catalog.ID{"product-1", "product-2"}, "40.00", "10.00"},
		{"more than the goods are worth", pricing.Effect{Amount: euros("500")}, pricing.OnOrder, []catalog.ID{"product-1"}, "120.00", "80.00"},
		{"more than the goods are worth, without floors", pricing.Effect{Amount: euros("500")}, pricing.OnOrder, nil, "200.00", ""},
		{"a percentage of the whole", pricing.Effect{Percent: percent}, pricing.OnOrder, []catalog.ID{"product-1", "product-2"}, "40.00", "60.00"},
		{"a percentage of lines", pricing.Effect{Percent: percent}, pricing.OnLine, []catalog.ID{"product-1", "product-2"}, "40.00", "60.00"},
		{"a scale over lines", pricing.Effect{Tiers: scale}, pricing.OnLine, []catalog.ID{"product-1", "product-2"}, "40.00", "60.00"},
	} {
		tf := tariff(t, pricing.EN16931(), pricing.Rule{Code: "R", On: c.on, Give: c.give})
		floor := money.MustPrice("80", money.EUR)
		tf.Lists = []pricing.PriceList{{Code: "l", Currency: money.EUR}}
		for _, p := range c.floors {
			tf.Floors = append(tf.Floors, pricing.Floor{Goods: pricing.Goods{Products: []catalog.ID{p}}, Price: &floor})
			tf.Prices = append(tf.Prices, rowOf("l", string(p), "100", money.EUR))
		}
		_, tree, err := engine(t, tf).Explain(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}, line{"100", "1", "standard", false}))
		require.NoError(t, err)
		want := "\n  rule R -" + c.taken + " EUR\n"
		if c.capped != "" {
			want += "    capped floor " + c.capped + " EUR\n"
		}
		require.Contains(t, tree.String(), want, c.name)
		require.Equal(t, c.capped != "", strings.Contains(tree.String(), "capped"), c.name)
		require.Equal(t, len(c.floors) > 0, len(lint(t, tf)) > 0, "%s: %s", c.name, lint(t, tf))
	}
}

// What a hint saves is what the step itself does, whatever else takes more off.
func TestHintsThatSaveNothing(t *testing.T) {
	p := pricing.EN16931()
	p.Lines.Mode = pricing.BestFor
	more := off("MORE", "5", pricing.OnLine, 1)
	more.When.Quantity = &pricing.QuantityRange{From: money.QuantityOf(3)}
	for percent, want := range map[string]string{"20": "2 more and it gives 5 %", "4": "2 more and it gives 5 %, saving 3.00 EUR"} {
		e := engine(t, tariff(t, p, off("BEST", percent, pricing.OnLine, 2), more))
		_, tree, err := e.Explain(t.Context(), basket(money.EUR, line{"100", "1", "standard", false}))
		require.NoError(t, err)
		at := slices.IndexFunc(tree.Children, func(n pricing.Node) bool { return n.Ref == "MORE" })
		require.Equal(t, want, tree.Children[at].Missing.String(), percent)
	}
}

// What hints save is said while the baskets priced for it are not too many lines,
// and not at all where that is not wanted; the rest of the explanation is the same.
func TestHintsAreBounded(t *testing.T) {
	b := benchBasket(1000)
	counted := func(e *pricing.Engine, b pricing.Basket) (tree pricing.Node, hints, saves int) {
		_, tree, err := e.Explain(t.Context(), b)
		require.NoError(t, err)
		for i := range tree.Children {
			if m := tree.Children[i].Missing; m != nil {
				hints++
				if m.Saves != nil {
					saves++
				}
				m.Saves = nil
			}
		}
		return tree, hints, saves
	}
	tf := hinting(t, 40, 1000)
	some, hints, saves := counted(engine(t, tf), b)
	require.Equal(t, 40, hints)
	require.Equal(t, 4, saves, "the basket once and four times a hint, a thousand lines each")
	_, hints, saves = counted(engine(t, hinting(t, 40, 10)), benchBasket(10))
	require.Equal(t, []int{40, 32}, []int{hints, saves})

	idle := hinting(t, 40, 1000) // two codes without effect: the basket is priced three times
	idle.Policy.Level = pricing.RoundDocument
	coded := b.Clone()
	for k, campaign := range []string{"A", "B"} {
		r := off(campaign, "0.0001", pricing.OnLine, 200+k)
		r.When.Campaign, r.Goods.Products = campaign, []catalog.ID{"product-00000000"}
		idle.Rules = append(idle.Rules, r)
		coded.Codes = append(coded.Codes, pricing.UsedCode{Code: campaign + "-1", Campaign: campaign})
	}
	_, _, saves = counted(engine(t, idle), coded)
	require.Equal(t, 1, saves, "every pass counts")

	silent, err := pricing.Compile(tf, &pricing.EngineOptions{NoSaves: true})
	require.NoError(t, err)
	none, hints, saves := counted(silent, b)
	require.Equal(t, []int{40, 0}, []int{hints, saves})
	require.Equal(t, some, none)
}

// hinting is a tariff of so many percentages, from more units on than there are of
// the lines of benchBasket, in turn.
func hinting(t testing.TB, n, lines int) pricing.Tariff {
	tf := pricing.Tariff{Seller: "FR", Policy: pricing.EN16931(), Taxes: table(t).Rows()}
	for k := range n {
		tf.Rules = append(tf.Rules, pricing.Rule{Code: fmt.Sprint("R", k), Priority: 100 - k, On: pricing.OnLine, Give: pricing.Effect{Percent: money.RateOf(int64(k%5 + 1))},
			Goods: pricing.Goods{Products: []catalog.ID{catalog.ID(fmt.Sprintf("product-%08d", k%lines))}},
			When:  pricing.When{Quantity: &pricing.QuantityRange{From: money.QuantityOf(int64(100 + k))}}})
	}
	return tf
}

// BenchmarkExplain is the quote, its explanation, and that with what forty hints save.
func BenchmarkExplain(b *testing.B) {
	for _, n := range benchSizes {
		tf, in := hinting(b, 40, n), benchBasket(n)
		for _, c := range []struct {
			name    string
			noSaves bool
		}{{"saves", false}, {"tree", true}} {
			e, err := pricing.Compile(tf, &pricing.EngineOptions{NoSaves: c.noSaves})
			require.NoError(b, err)
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := e.Explain(b.Context(), in); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		e := engine(b, tf)
		b.Run(fmt.Sprintf("quote/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Quote(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
