package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func sold(id catalog.ID, prices ...catalog.ListPrice) catalog.Product {
	return catalog.Product{ID: id, SKU: catalog.SKU(strings.ToUpper(string(id))), Unit: "C62", Tax: "standard", Prices: prices}
}

func atPrice(texts ...string) catalog.ListPrice { // price, or "from price"
	var l catalog.ListPrice
	for _, text := range texts {
		from, price, ok := strings.Cut(text, " ")
		if !ok {
			from, price = "0", text
		}
		l.Breaks = append(l.Breaks, catalog.Break{From: money.MustQuantity(from), Price: money.MustPrice(price, money.EUR)})
	}
	return l
}

// rows are "from net rules" of each offer.
func rows(o pricing.ProductOffers) []string {
	var out []string
	for _, x := range o.Offers {
		from := x.From.String()
		if x.Only {
			from = "only " + from
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", from, x.Net.Text(), strings.Join(x.Rules, " "))))
	}
	return out
}

// A price list has a row wherever another price holds, whatever makes it so.
func TestOffers(t *testing.T) {
	at := func(quantity, percent string) pricing.Tier {
		return pricing.Tier{Quantity: money.MustQuantity(quantity), Percent: money.MustRate(percent)}
	}
	worth := func(amount, percent string) pricing.Tier {
		return pricing.Tier{Amount: euros(amount), Percent: money.MustRate(percent)}
	}
	with := func(code, percent string, priority int, change func(r *pricing.Rule)) pricing.Rule {
		r := off(code, percent, pricing.OnLine, priority)
		change(&r)
		return r
	}
	scale := func(by pricing.TierBy, steps ...pricing.Tier) pricing.Rule {
		return pricing.Rule{Code: "SCALE", On: pricing.OnLine, Give: pricing.Effect{Tiers: &pricing.Tiers{By: by, Steps: steps}}}
	}
	for name, c := range map[string]struct {
		product catalog.Product
		rules   []pricing.Rule
		want    []string
	}{
		"list":   {product: sold("p", atPrice("10", "5 9", "50 8")), want: []string{"1 10.00", "5 9.00", "50 8.00"}},
		"a rule": {product: sold("p", atPrice("10")), rules: []pricing.Rule{off("A", "5", pricing.OnLine, 1)}, want: []string{"1 9.50 A"}},
		"a rule from a quantity until another": {product: sold("p", atPrice("10")), rules: []pricing.Rule{with("A", "5", 1, func(r *pricing.Rule) {
			r.When.Quantity = &pricing.QuantityRange{From: money.QuantityOf(4), Until: money.QuantityOf(9)}
		})}, want: []string{"1 10.00", "4 9.50 A", "9 10.00"}},
		"a scale by quantity": {product: sold("p", atPrice("10")), rules: []pricing.Rule{scale(pricing.ByQuantity, at("3", "5"), at("10", "12"))},
			want: []string{"1 10.00", "3 9.50 SCALE", "10 8.80 SCALE"}},
		"a rule from an amount": {product: sold("p", atPrice("7.30", "100 7")), rules: []pricing.Rule{with("A", "10", 1, func(r *pricing.Rule) {
			r.When.Amount = &pricing.AmountRange{From: euros("300"), Until: euros("800")}
		})}, want: []string{"1 7.30", "42 6.57 A", "100 6.30 A", "115 7.00"}}, // 41 are 299.30, 42 306.60; 114 are 798.00
		"a scale by amount, behind a discount": {product: sold("p", atPrice("10")), rules: []pricing.Rule{off("A", "20", pricing.OnLine, 2), scale(pricing.ByAmount, worth("100", "5"), worth("200", "10"))},
			want: []string{"1 8.00 A", "13 7.60 A SCALE", "25 7.20 A SCALE"}}, // of 8.00 each
		"a scale by turnover": {product: sold("p", atPrice("10")), rules: []pricing.Rule{{Code: "SCALE", On: pricing.OnLine, Give: pricing.Effect{
			Tiers: &pricing.Tiers{By: pricing.ByTurnover, Window: pricing.Window{Kind: pricing.YearWindow}, Steps: []pricing.Tier{worth("1000", "5"), worth("9000", "7")}}}}},
			want: []string{"1 9.50 SCALE"}},
		"steps that may be ordered": {product: func() catalog.Product {
			p := sold("p", atPrice("10", "5 9", "50 8"))
			p.Quantity = catalog.QuantityRule{Step: money.QuantityOf(4), Min: money.QuantityOf(4), Max: money.QuantityOf(40)}
			return p
		}(), want: []string{"4 10.00", "8 9.00"}},
		"one of three free": {product: sold("p", atPrice("10")), rules: []pricing.Rule{{Code: "TRIO", On: pricing.OnLine, Give: pricing.Effect{Cheapest: &pricing.Cheapest{Of: 3, Free: 1}}}},
			want: []string{"1 10.00", "only 3 6.666667 TRIO"}},
		"the better of two": {product: sold("p", atPrice("10")), rules: []pricing.Rule{off("A", "5", pricing.OnLine, 1),
			{Code: "B", On: pricing.OnLine, Give: pricing.Effect{Amount: euros("12"), Per: pricing.PerLine}}},
			want: []string{"1 9.50 A", "3 0.00 B"}},
		"nothing below a list that begins further up": {product: sold("p", atPrice("10 9")), want: []string{"10 9.00"}},
		"of the whole nothing":                        {product: sold("p", atPrice("10")), rules: []pricing.Rule{off("A", "5", pricing.OnOrder, 1)}, want: []string{"1 10.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			tf := tariff(t, pricing.EN16931(), c.rules...)
			if name == "the better of two" {
				tf.Policy.Lines = pricing.Stacking{Mode: pricing.BestFor}
				tf.Rules[1].When.Quantity = &pricing.QuantityRange{From: money.QuantityOf(3)}
				c.want[1] = "only 3 6.00 B"
			}
			tf.Charges = []pricing.ChargeRule{ship("PARCEL", "5")}
			b := basket(money.EUR)
			b.Turnover = []pricing.WindowTurnover{{Window: "year", Amount: *euros("1500")}}
			got, err := engine(t, tf).Offers(t.Context(), b, []catalog.Product{c.product})
			require.NoError(t, err)
			require.Equal(t, c.want, rows(got[0]))
			require.Empty(t, got[0].Refused)
			require.Equal(t, "20", got[0].Offers[0].Rate.String())
			require.Equal(t, c.want[0], strings.TrimSpace(got[0].Offers[0].From.String()+" "+got[0].Offers[0].Net.Text()+" "+strings.Join(got[0].Offers[0].Rules, " ")))
			require.NotNil(t, got[0].Offers[0].Why)
		})
	}
}

// What cannot be offered says why; what is wrong with the buyer fails.
func TestOffersThatAreNone(t *testing.T) {
	untaxed, unpriced, free := sold("u", atPrice("10")), sold("n"), sold("f", atPrice("0"))
	untaxed.Tax = "luxury"
	never := sold("q", atPrice("10"))
	never.Quantity = catalog.QuantityRule{Min: money.QuantityOf(5), Max: money.QuantityOf(3)}
	tf := tariff(t, pricing.EN16931(), off("A", "5", pricing.OnLine, 1), off("B", "6", pricing.OnLine, 1))
	tf.Rules[0].Goods.Tags, tf.Rules[1].Goods.Tags = []string{"x"}, []string{"y"}
	clash := sold("c", atPrice("10"))
	clash.Tags = []string{"x", "y"}
	tf.Charges = []pricing.ChargeRule{ship("PARCEL", "5")}
	live := pricing.NewLive(engine(t, tf))
	got, err := live.Offers(t.Context(), basket(money.EUR), []catalog.Product{untaxed, unpriced, clash, never, free})
	require.NoError(t, err)
	var why []string
	for _, o := range got {
		why = append(why, o.Refused)
	}
	require.Equal(t, []string{"pricing.no_tax", "pricing.no_price", "pricing.conflict", "catalog.quantity", ""}, why)
	require.Equal(t, []string{"1 0.00"}, rows(got[4]))
	_, err = live.Offers(t.Context(), pricing.Basket{}, nil)
	require.ErrorIs(t, err, pricing.ErrBasket)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = live.Offers(done, basket(money.EUR), []catalog.Product{free})
	require.ErrorIs(t, err, context.Canceled)
}

// For every quantity the row that it lies in says what one costs, as a quote of
// that quantity alone does: rules that give a percentage of the line.
func TestLawOffersHoldUntilTheNext(t *testing.T) {
	taxes := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		tf := pricing.Tariff{Seller: "FR", Taxes: taxes, Policy: pricing.Policy{Level: pricing.RoundPrecise, Lines: rapid.SampledFrom([]pricing.Stacking{
			{Mode: pricing.Compounded}, {Mode: pricing.OffBase}, {Mode: pricing.BestFor}}).Draw(t, "stacking")}}
		amount := func(name string) *money.Amount {
			a := money.FromMinor(rapid.Int64Range(1, 50_000).Draw(t, name), money.EUR)
			return &a
		}
		for n := range rapid.IntRange(0, 4).Draw(t, "rules") {
			r := off(fmt.Sprint("R", n), fmt.Sprint(rapid.IntRange(1, 40).Draw(t, "percent")), pricing.OnLine, n)
			switch rapid.IntRange(0, 4).Draw(t, "when") {
			case 0:
				r.When.Quantity = &pricing.QuantityRange{From: money.QuantityOf(rapid.Int64Range(1, 60).Draw(t, "from"))}
			case 1:
				r.When.Amount = &pricing.AmountRange{From: amount("worth")}
			case 2:
				r.When.Basket = &pricing.AmountRange{Until: amount("until")}
			case 3:
				low := rapid.Int64Range(1, 30).Draw(t, "step")
				by := pricing.Tiers{By: pricing.ByQuantity, Steps: []pricing.Tier{{Quantity: money.QuantityOf(low), Percent: money.RateOf(3)}, {Quantity: money.QuantityOf(low + 9), Percent: money.RateOf(8)}}}
				if rapid.Bool().Draw(t, "by amount") {
					one := amount("step worth")
					two := money.FromMinor(one.Minor()+7000, money.EUR)
					by = pricing.Tiers{By: pricing.ByAmount, Steps: []pricing.Tier{{Amount: one, Percent: money.RateOf(3)}, {Amount: &two, Percent: money.RateOf(8)}}}
				}
				r.Give = pricing.Effect{Tiers: &by}
			}
			tf.Rules = append(tf.Rules, r)
		}
		e, err := pricing.Compile(tf, nil)
		require.NoError(t, err)
		cents := rapid.Int64Range(10, 20_000).Draw(t, "price")
		price := func(c int64) money.Price { p, _ := money.PriceFromMicros(c*10_000, money.EUR); return p }
		l := catalog.ListPrice{Breaks: []catalog.Break{{Price: price(cents)}}}
		if k := rapid.Int64Range(0, 40).Draw(t, "break"); k > 1 {
			l.Breaks = append(l.Breaks, catalog.Break{From: money.QuantityOf(k), Price: price(cents - cents/10)})
		}
		p, b := sold("p", l), basket(money.EUR)
		all, err := e.Offers(context.Background(), b, []catalog.Product{p})
		require.NoError(t, err)
		offers, at := all[0].Offers, 0
		for n := int64(1); n <= 80; n++ {
			q := money.QuantityOf(n)
			for at+1 < len(offers) && offers[at+1].From.Cmp(q) <= 0 {
				at++
			}
			b.Lines = []pricing.Line{pricing.LineOf("1", p, q)}
			got, err := e.Quote(context.Background(), b)
			require.NoError(t, err)
			want, err := offers[at].Net.Mul(q, money.HalfAwayFromZero)
			require.NoError(t, err)
			// Both were rounded: the row to a cent at its own quantity.
			bound := 1 + n/max(1, offers[at].From.Units()/10_000)
			diff := want.Minor() - got.Lines[0].Net.Minor()
			require.LessOrEqual(t, max(diff, -diff), bound, "%s of %v: %s", q, rows(all[0]), got.Lines[0].Net)
		}
	})
}
