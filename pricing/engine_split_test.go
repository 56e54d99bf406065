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

// A hundred for 1.00 with 20 % in it are 83.33 net, on one line or on two: what
// begins at 83.34 is not reached by writing the line twice.
func TestThresholdsOfGrossPricesDoNotHangOnLines(t *testing.T) {
	from, off5 := euros("83.34"), pricing.Effect{Percent: money.RateOf(5)}
	scale := pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByAmount, Across: true, Steps: []pricing.Tier{{Amount: from, Percent: money.RateOf(5)}}}}
	for name, r := range map[string]pricing.Rule{
		"amount": {When: pricing.When{Amount: &pricing.AmountRange{From: from}}, Give: off5},
		"basket": {When: pricing.When{Basket: &pricing.AmountRange{From: from}}, Give: off5},
		"scale":  {Give: scale},
	} {
		for _, on := range []pricing.Bearer{pricing.OnLine, pricing.OnOrder} {
			r.Code, r.On = "R", on
			e := engine(t, tariff(t, pricing.EN16931(), r))
			whole := quote(t, e, basket(money.EUR, line{"1.00", "100", "standard", true}))
			halves := quote(t, e, basket(money.EUR, line{"1.00", "50", "standard", true}, line{"1.00", "50", "standard", true}))
			require.Equal(t, "100.00 EUR", whole.Gross.String(), name)
			require.Equal(t, "100.00 EUR", halves.Gross.String(), name)
		}
	}
}

// Splitting a line changes nothing: neither which conditions hold nor which step
// of a scale is reached, at amounts within a few units of the threshold, nor any
// total. Prices are such that the line level has nothing to round.
func TestLawEngineSplittingALineChangesNothing(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.BHD}).Draw(t, "currency")
		p := drawPolicy(t)
		p.Tax = pricing.TaxPerDocument
		p.Lines = pricing.Stacking{Mode: rapid.SampledFrom([]pricing.StackMode{pricing.Compounded, pricing.OffBase, pricing.Additive}).Draw(t, "mode")}
		p.Orders = p.Lines
		unit := map[pricing.RoundLevel]int64{pricing.RoundLine: micros(cur), pricing.RoundUnit: 1}[p.Level]
		if unit == 0 {
			unit = 100 // percents of that are whole millionths
		}
		b := pricing.Basket{Partner: "p1", Country: "FR", Currency: cur, At: noon}
		class := catalog.TaxClass(rapid.SampledFrom([]string{"standard", "reduced", "24"}).Draw(t, "class"))
		stated := rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross}).Draw(t, "stated")
		for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
			n := fmt.Sprint(i + 1)
			price, err := money.PriceFromMicros(unit*rapid.Int64Range(1, 20_000_000/unit+3).Draw(t, "price"), cur)
			require.NoError(t, err)
			b.Lines = append(b.Lines, pricing.Line{ID: pricing.LineID(n), Product: catalog.ID("product-" + n), SKU: catalog.SKU(n), Tax: class,
				Quantity: money.QuantityOf(rapid.Int64Range(2, 200).Draw(t, "quantity")),
				Prices:   []catalog.ListPrice{{Stated: stated, Breaks: []catalog.Break{{Price: price}}}}})
		}
		tf := pricing.Tariff{Seller: "FR", Policy: p, Taxes: rows}
		net, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)
		near := func(name string) *money.Amount {
			a := money.FromMinor(max(1, net.Net.Minor()+rapid.Int64Range(-2, 2).Draw(t, name)), cur)
			return &a
		}
		line := off("LINE", "7", pricing.OnLine, 3)
		if one := money.FromMinor(1, cur); p.Level == pricing.RoundLine {
			line.Give = pricing.Effect{Amount: &one}
		}
		line.When.Amount = &pricing.AmountRange{From: near("amount")}
		whole := off("WHOLE", "3", pricing.OnOrder, 2)
		whole.When.Basket = &pricing.AmountRange{From: near("basket")}
		scale := pricing.Rule{Code: "SCALE", On: pricing.OnOrder, Priority: 1, Give: pricing.Effect{Tiers: &pricing.Tiers{By: pricing.ByAmount, Across: true,
			Marginal: rapid.Bool().Draw(t, "marginal"), Steps: []pricing.Tier{{Amount: near("step"), Percent: money.RateOf(11)}}}}}
		tf.Rules = []pricing.Rule{line, whole, scale}
		e := engine(t, tf)
		q, err := e.Quote(t.Context(), b)
		require.NoError(t, err)

		at := rapid.IntRange(0, len(b.Lines)-1).Draw(t, "split")
		halves := b.Clone()
		one, all := halves.Lines[at], b.Lines[at].Quantity.Units()/10_000
		k := rapid.Int64Range(1, all-1).Draw(t, "first part")
		halves.Lines[at].Quantity, one.ID, one.Quantity = money.QuantityOf(k), "half", money.QuantityOf(all-k)
		halves.Lines = append(halves.Lines, one)
		s, err := e.Quote(t.Context(), halves)
		require.NoError(t, err)
		require.Equal(t, []money.Amount{q.Net, q.Tax, q.Gross}, []money.Amount{s.Net, s.Tax, s.Gross})
		require.Equal(t, q.Adjustments, s.Adjustments)
		require.Equal(t, q.Taxes, s.Taxes)
	})
}
