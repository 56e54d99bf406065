package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

func TestTaxOfDocumentsInParts(t *testing.T) {
	for _, c := range []struct {
		name  string
		rate  string
		base  string // of the whole row
		dev   string // the row's tax less rate × base
		parts []string
		tax   []string
	}{
		{"33.33 three times: the document says 119.99, and so do its parts", "20", "99.99", "0", []string{"33.33", "33.33", "33.33"}, []string{"6.67", "6.66", "6.67"}},
		{"100.00 in three", "20", "100.00", "0", []string{"33.33", "33.34", "33.33"}, []string{"6.67", "6.66", "6.67"}},
		{"10 × 38.23 stated gross", "20", "318.58", "0", []string{"31.86", "286.72"}, []string{"6.37", "57.35"}},
		{"cents", "20", "0.05", "0", []string{"0.01", "0.01", "0.01", "0.01", "0.01"}, []string{"0.00", "0.00", "0.01", "0.00", "0.00"}},
		{"what gross prices contain beyond the rate", "20", "10.00", "0.01", []string{"4.99", "5.01"}, []string{"1.00", "1.01"}},
		{"what gross prices lack", "20", "10.00", "-0.01", []string{"4.99", "0.01", "5.00"}, []string{"0.99", "0.01", "0.99"}},
		{"no tax", "0", "10.00", "0", []string{"4.00", "6.00"}, []string{"0.00", "0.00"}},
		{"nothing taken", "20", "10.00", "0", []string{"0.00", "10.00"}, []string{"0.00", "2.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := ruledOrder(t, map[string]string{c.rate: c.dev}, ruled{quantity: "1", net: c.base, rate: c.rate})
			rate := money.MustRate(c.rate)
			sum := money.Zero(money.EUR)
			for i, base := range c.parts {
				tax, box, err := o.NextTax(pricing.StandardRated, rate, money.MustAmount(base, money.EUR))
				require.NoError(t, err)
				require.Equal(t, money.MustAmount(c.tax[i], money.EUR), tax, base)
				again, err := o.TaxOf(box)
				require.NoError(t, err)
				require.Equal(t, tax, again)
				boxed(&o, box)
				sum = plus(t, sum, tax)
			}
			require.Equal(t, o.Quote.Taxes[0].Tax, sum)
			_, _, err := o.NextTax(pricing.StandardRated, rate, money.FromMinor(1, money.EUR))
			require.ErrorIs(t, err, order.ErrNoSlice)
		})
	}
}

func TestTaxRefuses(t *testing.T) {
	o := ruledOrder(t, nil, ruled{quantity: "1", net: "10.00", rate: "20"})
	twenty := money.RateOf(20)
	for _, c := range []struct {
		name string
		c    pricing.Category
		rate money.Rate
		base string
	}{
		{"more than the row", "S", twenty, "10.01"},
		{"below zero", "S", twenty, "-0.01"},
		{"another category", "Z", twenty, "1.00"},
		{"another rate", "S", money.RateOf(10), "1.00"},
	} {
		_, _, err := o.NextTax(c.c, c.rate, money.MustAmount(c.base, money.EUR))
		require.ErrorIs(t, err, order.ErrNoSlice, c.name)
		require.Equal(t, fault.Precondition, fault.KindOf(err))
	}
	_, _, err := o.NextTax("S", twenty, money.MustAmount("1.00", money.CHF))
	require.ErrorIs(t, err, money.ErrCurrencyMismatch)
	for _, b := range []order.Box{
		{Category: "S", Rate: twenty, Taken: []order.Stretch{{From: 0, To: 1001}}},
		{Category: "S", Rate: twenty, Taken: []order.Stretch{{From: 5, To: 5}}},
		{Category: "S", Rate: money.RateOf(19), Taken: []order.Stretch{{From: 0, To: 1}}},
	} {
		_, err := o.TaxOf(b)
		require.ErrorIs(t, err, order.ErrNoSlice)
	}
}
