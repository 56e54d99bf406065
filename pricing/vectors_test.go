package pricing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// What other systems' tests and manuals say an order comes to, against the
// engine. Vectors of one product, one rounding or one apportionment alone are in
// money: TestSplitVendure, TestRoundingFlamingo, TestPriceAmountFlamingo,
// TestPriceGOBL, TestPriceNetGross and TestPriceVectors.

func halfOff(on pricing.Bearer) []pricing.Rule { return []pricing.Rule{off("HALF", "50", on, 1)} }

func TestVectors(t *testing.T) {
	en, vendure := pricing.EN16931(), pricing.Vendure()
	perLine, perRow := pricing.Policy{Tax: pricing.TaxPerLine}, pricing.Policy{Tax: pricing.TaxPerRow}
	perUnit := pricing.Policy{Level: pricing.RoundUnit, Tax: pricing.TaxPerLine}
	precise := pricing.Policy{Level: pricing.RoundPrecise}
	net := func(price, quantity, class string) line { return line{price, quantity, class, false} }
	gross := func(price, quantity, class string) line { return line{price, quantity, class, true} }
	item, whole := off("ITEM", "10", pricing.OnLine, 1), off("WHOLE", "10", pricing.OnOrder, 1)
	rules := func(r ...pricing.Rule) []pricing.Rule { return r }
	shipping := pricing.ChargeRule{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: euros("25.00")},
		Off: []pricing.ChargeOff{{Amount: euros("2.00")}}}
	for _, c := range []struct {
		source  string
		policy  pricing.Policy
		rules   []pricing.Rule
		charges []pricing.ChargeRule
		lines   []line
		want    string // net + tax = gross
	}{
		{source: "Flamingo cart/Readme, per line", policy: perLine,
			lines: []line{net("14.71", "1", "19"), net("10.18", "1", "19")}, want: "24.89 + 4.72 = 29.61"},
		{source: "Flamingo cart/Readme, on the sum", policy: en,
			lines: []line{net("14.71", "1", "19"), net("10.18", "1", "19")}, want: "24.89 + 4.73 = 29.62"},
		{source: "commercetools, line level", policy: perLine, lines: []line{net("1.08", "3", "19")}, want: "3.24 + 0.62 = 3.86"},
		{source: "commercetools, unit level", policy: perUnit, lines: []line{net("1.08", "3", "19")}, want: "3.24 + 0.63 = 3.87"},
		{source: "GOBL calculator, round then sum", policy: en,
			lines: []line{net("9.42", "1", "24"), net("9.42", "1", "13")}, want: "18.84 + 3.48 = 22.32"},
		{source: "GOBL calculator, sum then round", policy: precise,
			lines: []line{net("9.42", "1", "24"), net("9.42", "1", "13")}, want: "18.84 + 3.49 = 22.33"},
		{source: "GOBL line_calculate, 3 × 12.5934 less 7 %", policy: en, rules: rules(off("D", "7", pricing.OnLine, 1)),
			lines: []line{net("12.5934", "3", "zero")}, want: "35.14 + 0.00 = 35.14"},
		{source: "GOBL line_calculate, 20 × 90.3324 less 10 %", policy: en, rules: rules(item),
			lines: []line{net("90.3324", "20", "zero")}, want: "1625.98 + 0.00 = 1625.98"},
		{source: "GOBL TestRemoveIncludedTax", policy: precise, rules: rules(item),
			lines: []line{gross("1000", "1", "21")}, want: "743.80 + 156.20 = 900.00"},
		{source: "GOBL TestRemoveIncludedTax, the tax removed", policy: precise, rules: rules(item),
			lines: []line{net("826.4463", "1", "21")}, want: "743.80 + 156.20 = 900.00"},
		{source: "GOBL TestRemoveIncludedTax7", policy: en, lines: []line{gross("29.00", "10", "6")}, want: "273.58 + 16.42 = 290.00"},
		{source: "Vendure order-calculator, 123", policy: vendure, lines: []line{net("1.23", "1", "standard")}, want: "1.23 + 0.25 = 1.48"},
		{source: "Vendure order-calculator, 3 × 123", policy: vendure, lines: []line{net("1.23", "3", "standard")}, want: "3.69 + 0.74 = 4.43"},
		{source: "Vendure, 8333 less 50 %", policy: vendure, rules: halfOff(pricing.OnOrder),
			lines: []line{net("83.33", "1", "standard")}, want: "41.67 + 8.33 = 50.00"},
		{source: "Vendure, 1400 and 2 × 650 incl. less 50 %", policy: vendure, rules: halfOff(pricing.OnOrder),
			lines: []line{gross("14.00", "1", "standard"), gross("6.50", "2", "10")}, want: "11.74 + 1.76 = 13.50"},
		{source: "Vendure, 155880, item 10 %", policy: vendure, rules: rules(item),
			lines: []line{net("1558.80", "1", "standard")}, want: "1402.92 + 280.58 = 1683.50"},
		{source: "Vendure, 155880, item 10 %, order 10 %", policy: vendure, rules: rules(item, whole),
			lines: []line{net("1558.80", "1", "standard")}, want: "1262.63 + 252.53 = 1515.16"},
		{source: "Vendure, 155880 incl., item 10 %", policy: vendure, rules: rules(item),
			lines: []line{gross("1558.80", "1", "standard")}, want: "1169.10 + 233.82 = 1402.92"},
		{source: "Vendure, 155880 incl., item 10 %, order 10 %", policy: vendure, rules: rules(item, whole),
			lines: []line{gross("1558.80", "1", "standard")}, want: "1052.19 + 210.44 = 1262.63"},
		{source: "Medusa totals, 2 × 30 at 10 % and 5 at 50 %", policy: en,
			lines: []line{net("30", "2", "10"), net("5", "1", "50")}, want: "65.00 + 8.50 = 73.50"},
		{source: "Medusa totals, 2 × 50 − 10 at 10 %", policy: en, rules: rules(amountOff("A", "10.00")),
			lines: []line{net("50", "2", "10")}, want: "90.00 + 9.00 = 99.00"},
		{source: "Medusa totals, 2 × 50 − 20 and shipping 25 − 2 at 10 %", policy: en, rules: rules(amountOff("A", "20.00")),
			charges: []pricing.ChargeRule{shipping}, lines: []line{net("50", "2", "10")}, want: "103.00 + 10.30 = 113.30"},
		{source: "service portal, three parts", policy: en,
			lines: []line{net("84.00", "1", "standard"), net("49.96", "1", "standard"), net("0.00", "1", "standard")}, want: "133.96 + 26.79 = 160.75"},
		{source: "service portal, three parts, per row", policy: perRow,
			lines: []line{net("84.00", "1", "standard"), net("49.96", "1", "standard"), net("0.00", "1", "standard")}, want: "133.96 + 26.79 = 160.75"},
		{source: "service portal, 72.00", policy: en, lines: []line{net("72.00", "1", "standard")}, want: "72.00 + 14.40 = 86.40"},
		{source: "service portal, 9.45", policy: en, lines: []line{net("9.45", "1", "standard")}, want: "9.45 + 1.89 = 11.34"},
	} {
		t.Run(c.source, func(t *testing.T) {
			tf := tariff(t, c.policy, c.rules...)
			tf.Charges = c.charges
			q := quote(t, engine(t, tf), basket(money.EUR, c.lines...))
			require.Equal(t, c.want, q.Net.Text()+" + "+q.Tax.Text()+" = "+q.Gross.Text())
			require.NoError(t, q.Check())
		})
	}
}

// Flamingo price_test: 12.34567 in currencies of two, three and four decimals,
// and its half-up cases, here of prices; those below zero are money's
// TestRoundingFlamingo, because no price is.
func TestVectorsOfDigits(t *testing.T) {
	for _, c := range []struct {
		cur         money.Currency
		price, want string
	}{
		{money.EUR, "12.34567", "12.35"}, {money.BHD, "12.34567", "12.346"}, {money.CLF, "12.34567", "12.3457"},
		{money.JPY, "7.5", "8"}, {money.JPY, "7.4", "7"}, {money.JPY, "7.45", "7"}, {money.JPY, "2.5", "3"},
	} {
		q := quote(t, engine(t, tariff(t, pricing.EN16931())), basket(c.cur, line{c.price, "1", "zero", false}))
		require.Equal(t, c.want, q.Net.Text(), "%s %s", c.price, c.cur.Code())
	}
}

// Vendure prorate.spec, as discounts on the whole: what each line bears. Money's
// TestSplitVendure has the rules by themselves, and weights that are all zero.
func TestVectorsOfShares(t *testing.T) {
	for _, c := range []struct {
		weights, off, want string // minor units
	}{
		{"4000 2000 2000", "3.00", "150 75 75"},
		{"4300 1400 2300", "2.99", "161 52 86"},
		{"1000 1000 1000", "2.99", "100 100 99"},
		{"10 20 10 30 50 20 10 40", "0.95", "5 10 5 15 25 10 5 20"},
		{"10 20 10 30 50 20 10 40", "0.93", "5 10 5 15 24 10 5 19"},
		{"100 100", "0.20", "10 10"},
		{"10 0", "0.40", "10 0"}, // money cuts 40, 0; an order gives no more than it has
	} {
		b := basket(money.EUR)
		for _, w := range strings.Fields(c.weights) {
			b.Lines = append(b.Lines, basket(money.EUR, line{w, "0.01", "zero", false}).Lines[0])
			l := &b.Lines[len(b.Lines)-1]
			l.ID, l.Product = pricing.LineID(rune('a'+len(b.Lines))), catalog.ID(rune('a'+len(b.Lines)))
		}
		q := quote(t, engine(t, tariff(t, pricing.EN16931(), amountOff("A", c.off))), b)
		var got []string
		for _, l := range q.Lines {
			got = append(got, money.FromMinor(-l.Shares[0].Minor(), money.JPY).Text())
		}
		require.Equal(t, c.want, strings.Join(got, " "), "%s off %s", c.off, c.weights)
	}
	q := quote(t, engine(t, tariff(t, pricing.Vendure(), amountOff("A", "0.10"))), basket(money.EUR, line{"0", "1", "zero", false}, line{"0", "1", "zero", false}))
	require.Empty(t, q.Adjustments, "of nothing nothing is taken; money's equal shares would go below zero")
}

// GOBL line_calculate and TestRemoveIncludedTax: each figure of the line, rounded
// to the currency, and kept precise (GOBL shows four decimals, we keep six).
func TestVectorsOfFigures(t *testing.T) {
	for _, c := range []struct {
		price, quantity, class, percent string
		level                           pricing.RoundLevel
		want                            string
	}{
		{"12.5934", "3", "zero", "7", pricing.RoundLine, "37.78 - 2.64 = 35.14"},
		{"12.5934", "3", "zero", "7", pricing.RoundPrecise, "37.7802 - 2.6446 = 35.1356"},
		{"90.3324", "20", "zero", "10", pricing.RoundLine, "1806.65 - 180.67 = 1625.98"},
		{"90.3324", "20", "zero", "10", pricing.RoundPrecise, "1806.648 - 180.6648 = 1625.9832"},
		{"826.446281", "1", "21", "10", pricing.RoundPrecise, "826.4463 - 82.6446 = 743.8017"},
	} {
		_, tree, err := engine(t, tariff(t, pricing.Policy{Level: c.level}, off("D", c.percent, pricing.OnLine, 1))).
			Explain(t.Context(), basket(money.EUR, line{c.price, c.quantity, c.class, false}))
		require.NoError(t, err)
		figures := map[pricing.NodeKind]pricing.Node{}
		for _, n := range tree.Children[0].Children {
			figures[n.Kind] = n
		}
		value, taken := figures[pricing.NodeValue].Amount.Decimal(), figures[pricing.NodeRule].Amount.Decimal().Neg()
		if c.level == pricing.RoundPrecise {
			value, taken = figures[pricing.NodeValue].Exact.Decimal(), figures[pricing.NodeRule].Exact.Decimal().Neg()
		}
		got := value.Round(4).String() + " - " + taken.Round(4).String() + " = " + value.Sub(taken).Round(4).String()
		require.Equal(t, c.want, got, "%s × %s less %s %%", c.quantity, c.price, c.percent)
		net := figures[pricing.NodeNet].Amount
		require.True(t, net.Decimal().Equal(value.Sub(taken).Round(2)), "and the line comes to it rounded once, not %s", net)
	}
}
