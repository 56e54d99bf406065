package pricing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func catalogClass(s string) catalog.TaxClass { return catalog.TaxClass(s) }

func TestDiff(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	two := func() pricing.Basket {
		return basket(money.EUR, line{"9.45", "2", "standard", false}, line{"1.00", "1", "reduced", false})
	}
	old := quote(t, p, two())
	cases := []struct {
		name string
		mend func(*pricing.Basket)
		want []string
	}{
		{"nothing", func(*pricing.Basket) {}, nil},
		{"the instant", func(b *pricing.Basket) { b.At = b.At.Add(time.Hour) }, nil},
		{"the order of lines", func(b *pricing.Basket) { slices.Reverse(b.Lines) }, nil},
		{"a price", func(b *pricing.Basket) { b.Lines[0].Prices[0].Breaks[0].Price = money.MustPrice("9.90", money.EUR) }, []string{
			"line 1: list 9.45 EUR → 9.90 EUR", "line 1: price 9.45 EUR → 9.90 EUR", "line 1: net 18.90 EUR → 19.80 EUR",
			"line 1: tax 3.78 EUR → 3.96 EUR", "line 1: gross 22.68 EUR → 23.76 EUR",
			"breakdown S 20: 18.90 EUR, 3.78 EUR → S 20: 19.80 EUR, 3.96 EUR",
			"total_net 19.90 EUR → 20.80 EUR", "total_tax 3.84 EUR → 4.02 EUR", "total_gross 23.74 EUR → 24.82 EUR"}},
		{"a base quantity alone", func(b *pricing.Basket) {
			l := &b.Lines[0]
			l.Prices[0].Breaks[0].Price, _ = money.MustPrice("945", money.EUR).PerBase(money.QuantityOf(100))
		}, []string{"line 1: list 9.45 EUR → 945.00 EUR / 100", "line 1: price 9.45 EUR → 945.00 EUR / 100"}},
		{"what is sold", func(b *pricing.Basket) { b.Lines[1].Product, b.Lines[1].SKU = "p", "s" },
			[]string{"line 2: product product-2 → p", "line 2: sku 00002 → s"}},
		{"a line for another", func(b *pricing.Basket) { b.Lines[1].ID = "7" },
			[]string{"line 2: line_removed 1.00 EUR", "line 7: line_added → 1.00 EUR"}},
		{"a quantity of something free", func(b *pricing.Basket) {
			b.Lines = append(b.Lines, basket(money.EUR, line{"1", "1", "zero", false}, line{"1", "1", "zero", false}, line{"0", "4", "zero", false}).Lines[2])
		}, []string{"line 3: line_added → 0.00 EUR", "breakdown → Z 0: 0.00 EUR, 0.00 EUR"}},
		{"the rate", func(b *pricing.Basket) { b.Lines[1].Tax = "standard" }, []string{
			"line 2: rate S 5.5 → S 20", "line 2: tax 0.06 EUR → 0.20 EUR", "line 2: gross 1.06 EUR → 1.20 EUR",
			"breakdown S 20: 18.90 EUR, 3.78 EUR → S 20: 19.90 EUR, 3.98 EUR", "breakdown S 5.5: 1.00 EUR, 0.06 EUR",
			"total_tax 3.84 EUR → 3.98 EUR", "total_gross 23.74 EUR → 23.88 EUR"}},
		{"for whom", func(b *pricing.Basket) { b.Partner = "p2" }, []string{"partner p1 → p2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := two()
			c.mend(&b)
			fresh := quote(t, p, b)
			var got []string
			for _, ch := range pricing.Diff(old, fresh) {
				got = append(got, ch.String())
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.want == nil, pricing.Unmoved(old, fresh) == nil)
		})
	}
}

func TestDiffOfAdjustments(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	plain := quote(t, p, basket(money.EUR, line{"60.00", "1", "standard", false}, line{"40.00", "1", "reduced", false}))
	a := func(code, amount string) pricing.Adjustment {
		return pricing.Adjustment{Code: code, Text: code + amount, Amount: money.MustAmount(amount, money.EUR)}
	}
	old := adjust(t, plain, a("A", "-10.00"), a("B", "5.00"))
	about := func(fresh pricing.Quote) (out []string) {
		for _, c := range pricing.Diff(old, fresh) {
			if c.Adjustment != "" {
				out = append(out, c.String())
			}
		}
		return out
	}
	require.Empty(t, pricing.Diff(old, old.Clone()))
	require.Empty(t, pricing.Diff(old, adjust(t, plain, a("B", "5.00"), a("A", "-10.00"))), "matched by code")
	text := old.Clone()
	text.Adjustments[0].Text = "something else"
	require.NoError(t, pricing.Unmoved(old, text), "a text is no figure")

	require.Equal(t, []string{"line 1: share A -6.00 EUR → -6.60 EUR", "line 2: share A -4.00 EUR → -4.40 EUR",
		"adjustment A -10.00 EUR → -11.00 EUR"}, about(adjust(t, plain, a("A", "-11.00"), a("B", "5.00"))))
	require.Equal(t, []string{"adjustment B 5.00 EUR"}, about(adjust(t, plain, a("A", "-10.00"))), "removed")
	require.Equal(t, []string{"adjustment A -10.00 EUR", "adjustment B 5.00 EUR"}, about(plain), "all removed")
	require.Equal(t, []string{"adjustment C → 1.00 EUR"}, about(adjust(t, plain, a("A", "-10.00"), a("B", "5.00"), a("C", "1.00"))), "added")

	moved := old.Clone()
	moved.Lines[0].Shares[0], moved.Lines[1].Shares[0] = moved.Lines[1].Shares[0], moved.Lines[0].Shares[0]
	require.Equal(t, []string{"line 1: share A -6.00 EUR → -4.00 EUR", "line 2: share A -4.00 EUR → -6.00 EUR"}, about(moved))
	require.ErrorIs(t, pricing.Unmoved(old, moved), pricing.ErrMoved)

	data, err := json.Marshal(pricing.Diff(old, plain))
	require.NoError(t, err)
	require.Contains(t, string(data), `{"what":"adjustment","adjustment":"A","old":{"amount":{"amount":"-10.00","currency":"EUR"}}}`)
}

func TestMoved(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	old := quote(t, p, basket(money.EUR, line{"9.45", "1", "standard", false}))
	fresh := quote(t, p, basket(money.EUR, line{"0", "1", "standard", false}))
	err := fmt.Errorf("placing: %w", pricing.Unmoved(old, fresh))

	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	require.ErrorIs(t, err, pricing.ErrMoved)
	require.False(t, errors.Is(err, pricing.ErrSeal))
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.Equal(t, "pricing.moved", fault.CodeOf(err))
	require.Equal(t, fresh, moved.Fresh)
	require.Len(t, moved.Changes, 9)
	price := moved.Changes[1]
	require.Equal(t, pricing.Change{What: pricing.PriceChanged, Line: "1",
		Old: pricing.Figure{Price: money.MustPrice("9.45", money.EUR)}, New: pricing.Figure{Price: money.MustPrice("0", money.EUR)}}, price)
	require.Contains(t, err.Error(), "line 1: price 9.45 EUR → 0.00 EUR")
	require.Contains(t, err.Error(), "; and 4 more")

	data, err := json.Marshal(moved)
	require.NoError(t, err)
	require.Contains(t, string(data), `"new":{"price":{"price":"0","currency":"EUR"}}`, "a price of zero is a figure")
	var back pricing.Moved
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, *moved, back)
}

// TestLawDiffAgreesWithSeal: of quotes of one instant and rule version, with
// their lines in one order, exactly those with equal seals do not differ.
func TestLawDiffAgreesWithSeal(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	rapid.Check(t, func(t *rapid.T) {
		b, q := priced(t, p)
		other := b.Clone()
		for i := range other.Lines {
			l := drawLine(t, i, b.Currency)
			switch rapid.SampledFrom([]string{"", "", "", "prices", "tax", "quantity", "sku"}).Draw(t, "change") {
			case "prices":
				other.Lines[i].Prices = l.Prices
			case "tax":
				other.Lines[i].Tax = l.Tax
			case "quantity":
				other.Lines[i].Quantity = l.Quantity
			case "sku":
				other.Lines[i].SKU = "other"
			}
		}
		fresh, err := p.Quote(t.Context(), other)
		require.NoError(t, err)
		require.Equal(t, q.Seal == fresh.Seal, len(pricing.Diff(q, fresh)) == 0)
		require.Equal(t, len(pricing.Diff(q, fresh)), len(pricing.Diff(fresh, q)), "seen from the other side")
	})
}
