package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func TestPartiesAbroad(t *testing.T) {
	const home, k, g = pricing.Category(""), pricing.IntraCommunity, pricing.Export
	cases := []struct {
		seller, buyer, vatID string
		want                 pricing.Category
	}{
		{"FR", "FR", "", home},
		{"FR", "FR", "DE136695976", home}, // the goods stay
		{"FR", "", "DE136695976", home},
		{"FR", "DE", "DE136695976", k},
		{"FR", "DE", "ATU12345675", k}, // identified in a third member state
		{"FR", "GR", "EL123456789", k},
		{"GR", "FR", "EL123456789", home}, // the seller's own state
		{"FR", "DE", "", home},            // no identifier: a distance sale
		{"FR", "DE", "FR40303265045", home},
		{"FR", "DE", "GB123456789", home},
		{"FR", "DE", "D", home},
		{"FR", "GB", "GB123456789", g},
		{"FR", "GB", "XI123456789", k}, // Northern Ireland
		{"FR", "CH", "CHE123456789", g},
		{"FR", "RE", "FR40303265045", g}, // outside the territory of VAT
		{"FR", "MC", "FR40303265045", home},
		{"FR", "IM", "", g},
		{"GB", "IM", "", home},
		{"GB", "FR", "FR40303265045", g},
		{"CH", "DE", "", g},
		{"CH", "CH", "", home},
	}
	for _, c := range cases {
		got := pricing.Parties{Seller: country2(c.seller), Buyer: country2(c.buyer), VATID: c.vatID}.Abroad()
		require.Equal(t, c.want, got, "%s to %s (%s)", c.seller, c.buyer, c.vatID)
	}
}

func TestTaxTableLookup(t *testing.T) {
	change := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	tab, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(21), From: change},
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20), Until: change},
		pricing.TaxRow{Country: "FR", Class: "old", Category: pricing.ZeroRated, Until: change},
		pricing.TaxRow{Country: "FR", Class: "training", Category: pricing.Exempt},
		pricing.TaxRow{Country: "FR", Class: "scrap", Category: pricing.ReverseCharge},
		pricing.TaxRow{Country: "BE", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(21)},
	)
	require.NoError(t, err)
	cases := []struct {
		name     string
		p        pricing.Parties
		class    string
		at       time.Time
		category pricing.Category // "" is unknown
		rate     string
	}{
		{"before a change", pricing.Parties{Seller: "FR"}, "standard", change.Add(-1), "S", "20"},
		{"at a change", pricing.Parties{Seller: "FR"}, "standard", change, "S", "21"},
		{"until is excluded", pricing.Parties{Seller: "FR"}, "old", change, "", ""},
		{"another country", pricing.Parties{Seller: "BE"}, "training", noon, "", ""},
		{"a country without rows", pricing.Parties{Seller: "DE"}, "standard", noon, "", ""},
		{"between two", pricing.Parties{Seller: "BE"}, "standard", noon, "S", "21"},
		{"intra-community", pricing.Parties{Seller: "FR", Buyer: "DE", VATID: "DE136695976"}, "standard", noon, "K", "0"},
		{"export", pricing.Parties{Seller: "FR", Buyer: "CH"}, "standard", noon, "G", "0"},
		{"reverse charge is domestic only", pricing.Parties{Seller: "FR", Buyer: "CH"}, "scrap", noon, "G", "0"},
		{"reverse charge at home", pricing.Parties{Seller: "FR"}, "scrap", noon, "AE", "0"},
		{"exempt stays exempt", pricing.Parties{Seller: "FR", Buyer: "CH"}, "training", noon, "E", "0"},
		{"an unknown class is unknown abroad too", pricing.Parties{Seller: "FR", Buyer: "CH"}, "luxury", noon, "", ""},
	}
	for _, c := range cases {
		category, rate, ok := tab.Lookup(c.p, catalogClass(c.class), c.at)
		require.Equal(t, c.category != "", ok, c.name)
		require.Equal(t, c.category, category, c.name)
		if ok {
			require.Equal(t, c.rate, rate.String(), c.name)
		}
	}
	rows := tab.Rows()
	require.Equal(t, country2("BE"), rows[0].Country)
	rows[0].Country = "XX"
	require.Equal(t, country2("BE"), tab.Rows()[0].Country, "the table is immutable")
}

func TestTaxTableRefuses(t *testing.T) {
	s20 := pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}
	with := func(f func(*pricing.TaxRow)) pricing.TaxRow { r := s20; f(&r); return r }
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	window := func(from, until time.Time) pricing.TaxRow {
		return with(func(r *pricing.TaxRow) { r.From, r.Until = from, until })
	}
	cases := []struct {
		name string
		rows []pricing.TaxRow
		want []string
	}{
		{"country", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Country = "EL" })}, []string{"rows[0].country"}},
		{"class", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Class = "" })}, []string{"rows[0].class"}},
		{"rate of S", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Rate = money.Rate{} })}, []string{"rows[0].rate"}},
		{"more than all", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Rate = money.MustRate("100.0001") })}, []string{"rows[0].rate"}},
		{"negative", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Rate = money.RateOf(-20) })}, []string{"rows[0].rate"}},
		{"rate of E", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Category = pricing.Exempt })}, []string{"rows[0].rate"}},
		{"K is not domestic", []pricing.TaxRow{with(func(r *pricing.TaxRow) { r.Category = pricing.IntraCommunity })}, []string{"rows[0].category"}},
		{"empty window", []pricing.TaxRow{window(day(1), day(1))}, []string{"rows[0].until"}},
		{"all at once", []pricing.TaxRow{{}, window(day(2), day(1))}, []string{"rows[0].country", "rows[0].class", "rows[0].category", "rows[1].until"}},
		{"the same twice", []pricing.TaxRow{s20, s20}, []string{"rows[1]"}},
		{"overlap, in any order", []pricing.TaxRow{window(day(1), time.Time{}), window(time.Time{}, day(2))}, []string{"rows[0]"}},
		{"both under one long row", []pricing.TaxRow{s20, window(day(1), day(2)), window(day(3), day(4))}, []string{"rows[1]", "rows[2]"}},
		{"neighbours are fine", []pricing.TaxRow{window(day(1), time.Time{}), window(time.Time{}, day(1))}, nil},
		{"none", nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := pricing.NewTaxTable(c.rows...)
			var got []string
			for _, i := range fault.IssuesOf(err) {
				got = append(got, i.Path)
			}
			require.Equal(t, c.want, got)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, pricing.ErrTaxTable)
		})
	}
}

func TestBreakdownRows(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	b := basket(money.EUR, line{"1", "1", "exempt", false}, line{"1", "1", "reduced", false}, line{"1", "1", "zero", false},
		line{"1", "1", "standard", false}, line{"1", "1", "reduced", true})
	rows := func(b pricing.Basket) (out []string) {
		for _, r := range quote(t, p, b).Taxes {
			out = append(out, string(r.Category)+" "+r.Rate.String()+" "+r.Base.Text()+" "+r.Tax.Text())
		}
		return out
	}
	require.Equal(t, []string{"S 20 1.00 0.20", "S 5.5 1.95 0.11", "Z 0 1.00 0.00", "E 0 1.00 0.00"}, rows(b))

	b.Country, b.VATID = "DE", "DE136695976"
	// No tax is due, so of a price stated gross the net is paid: 1.00 incl. 5.5 %.
	require.Equal(t, []string{"E 0 1.00 0.00", "K 0 3.95 0.00"}, rows(b))
	b.Country, b.VATID = "US", ""
	require.Equal(t, []string{"E 0 1.00 0.00", "G 0 3.95 0.00"}, rows(b))
}

// What a price stated gross contains is the seller's tax at home, and a buyer
// who owes none does not pay it.
func TestGrossPricesAbroad(t *testing.T) {
	p := pricing.NewListPricer(table(t), nil)
	gross := func(price, quantity, class string) line { return line{price, quantity, class, true} }
	for _, c := range []struct {
		name, country, vatID string
		lines                []line
		want                 []string // "net + tax = gross" by line, then the total
	}{
		{"at home", "FR", "", []line{gross("120.00", "1", "standard")}, []string{"100.00 + 20.00 = 120.00", "100.00 + 20.00 = 120.00"}},
		{"export", "US", "", []line{gross("120.00", "1", "standard")}, []string{"100.00 + 0.00 = 100.00", "100.00 + 0.00 = 100.00"}},
		{"intra-community", "DE", "DE136695976", []line{gross("120.00", "1", "standard")}, []string{"100.00 + 0.00 = 100.00", "100.00 + 0.00 = 100.00"}},
		{"a private buyer in the EU pays it", "DE", "", []line{gross("120.00", "1", "standard")}, []string{"100.00 + 20.00 = 120.00", "100.00 + 20.00 = 120.00"}},
		{"two rates in one row", "US", "", []line{gross("120.00", "1", "standard"), gross("105.50", "1", "reduced"), {"1.00", "1", "reduced", false}},
			[]string{"100.00 + 0.00 = 100.00", "100.00 + 0.00 = 100.00", "1.00 + 0.00 = 1.00", "201.00 + 0.00 = 201.00"}},
		{"converted as one sum", "US", "", []line{gross("0.01", "1", "standard"), gross("0.01", "1", "standard"), gross("0.01", "1", "standard")},
			[]string{"0.01 + 0.00 = 0.01", "0.01 + 0.00 = 0.01", "0.01 + 0.00 = 0.01", "0.03 + 0.00 = 0.03"}},
		{"no rate at home", "US", "", []line{gross("5.00", "1", "zero"), gross("5.00", "1", "exempt")},
			[]string{"5.00 + 0.00 = 5.00", "5.00 + 0.00 = 5.00", "10.00 + 0.00 = 10.00"}},
	} {
		b := basket(money.EUR, c.lines...)
		b.Country, b.VATID = country2(c.country), c.vatID
		q := quote(t, p, b)
		var got []string
		for _, l := range q.Lines {
			got = append(got, l.Net.Text()+" + "+l.Tax.Text()+" = "+l.Gross.Text())
		}
		got = append(got, q.Net.Text()+" + "+q.Tax.Text()+" = "+q.Gross.Text())
		require.Equal(t, c.want, got, c.name)
		checkQuote(t, b, q)
		require.NoError(t, Replay(q), c.name)
	}
	b := basket(money.EUR, gross("120.00", "1", "standard"))
	b.Country = "US"
	require.Equal(t, []pricing.Step{{Code: "list", Value: "120.00 EUR"}, {Code: "round", Ref: money.HalfAwayFromZero.String(), Value: "120.00 EUR"},
		{Code: "untax", Ref: "20", Value: "100.00 EUR"}, {Code: "tax", Ref: "G 0", Value: "0.00 EUR"}}, quote(t, p, b).Lines[0].Why)
}
