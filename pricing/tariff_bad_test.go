package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// goodTariff has one of each kind of record.
func goodTariff(t testing.TB) pricing.Tariff {
	row := func(list string, price string, cur money.Currency) pricing.PriceRow {
		return pricing.PriceRow{List: list, Product: "oven", Breaks: []catalog.Break{{Price: money.MustPrice(price, cur)}}}
	}
	tf := tariff(t, pricing.EN16931(), off("SUMMER", "5", pricing.OnLine, 2))
	tf.Lists = []pricing.PriceList{{Code: "base", Currency: money.EUR}, {Code: "dealer", Currency: money.EUR, Fallback: "base"},
		{Code: "us", Currency: money.USD}}
	tf.Prices = []pricing.PriceRow{row("base", "100", money.EUR), row("dealer", "90", money.EUR), row("us", "110", money.USD)}
	return tf
}

// badCase spoils a tariff; the one issue that follows is at a path.
type badCase struct {
	path, code string
	spoil      func(tf *pricing.Tariff)
}

// badRanks are rules that always fit together and whose order decides.
func badRanks() []badCase {
	return []badCase{
		{"rules[3]", "pricing.ambiguous", func(tf *pricing.Tariff) {
			a, b, c := off("A", "5", pricing.OnLine, 1), off("B", "6", pricing.OnLine, 1), off("C", "7", pricing.OnLine, 1)
			a.Until, b.From, c.From, c.Until = noon, noon, noon.Add(-2*time.Hour), noon.Add(-time.Hour)
			tf.Rules = append(tf.Rules, a, b, c)
		}},
		{"charges[2]", "pricing.ambiguous", func(tf *pricing.Tariff) {
			tf.Charges = []pricing.ChargeRule{ship("S1", "1", func(r *pricing.ChargeRule) { r.Until = noon }),
				ship("S2", "2", func(r *pricing.ChargeRule) { r.From = noon }), ship("S3", "3", func(r *pricing.ChargeRule) { r.Until = noon.Add(-time.Hour) })}
		}},
	}
}

// What is wrong with a tariff has a code and a path, one by one and all at
// once; nothing is made of it.
func TestBadInput(t *testing.T) {
	cases := []badCase{
		{"lists[3].currency", "pricing.currency", func(tf *pricing.Tariff) {
			tf.Lists = append(tf.Lists, pricing.PriceList{Code: "base", Currency: money.USD, Span: pricing.Span{From: noon}})
			tf.Lists[0].Until = noon
		}},
		{"lists[1].fallback", "pricing.currency", func(tf *pricing.Tariff) { tf.Lists[1].Fallback = "us" }},
	}
	cases = append(cases, badRanks()...)
	_, err := pricing.Compile(goodTariff(t), nil)
	require.NoError(t, err)
	for _, c := range cases {
		tf := goodTariff(t)
		c.spoil(&tf)
		e, err := pricing.Compile(tf, nil)
		require.Nil(t, e, c.path)
		require.ErrorIs(t, err, pricing.ErrTariff, c.path)
		var found []string
		for _, i := range fault.IssuesOf(err) {
			found = append(found, i.Path+" "+i.Code)
		}
		require.Equal(t, []string{c.path + " " + c.code}, found)
	}
}
