package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// euTable has the classes of some sellers and of one country goods go to.
func euTable(t testing.TB) pricing.TaxTable {
	s := func(country partner.Country, class catalog.TaxClass, rate string) pricing.TaxRow {
		return pricing.TaxRow{Country: country, Class: class, Category: pricing.StandardRated, Rate: money.MustRate(rate)}
	}
	tab, err := pricing.NewTaxTable(
		s("FR", "standard", "20"), s("FR", "scrap", "20"), s("FR", "books", "5.5"),
		pricing.TaxRow{Country: "FR", Class: "zero", Category: pricing.ZeroRated},
		pricing.TaxRow{Country: "FR", Class: "owed", Category: pricing.ReverseCharge},
		pricing.TaxRow{Country: "FR", Class: "training", Category: pricing.Exempt, Exemption: pricing.Exemption{Code: "VATEX-EU-132-1I", Text: "Training"}},
		pricing.TaxRow{Country: "FR", Class: "voucher", Category: pricing.OutOfScope},
		s("DE", "standard", "19"), s("GB", "standard", "20"), s("CH", "standard", "8.1"),
		pricing.TaxRow{Country: "DE", Class: "books", Category: pricing.ZeroRated},
	)
	require.NoError(t, err)
	return tab
}

func ruled(t testing.TB, opts *pricing.EUTaxOptions) *pricing.RuledTaxes {
	d, err := pricing.NewRuledTaxes(euTable(t), pricing.EUTaxRules(opts)...)
	require.NoError(t, err)
	return d
}

func TestDecideTax(t *testing.T) {
	full := ruled(t, &pricing.EUTaxOptions{OneStopShop: true, ReverseCharge: []pricing.ReverseChargeOf{{Country: "FR", Class: "scrap"}}})
	plain := ruled(t, nil)
	checked := ruled(t, &pricing.EUTaxOptions{OneStopShop: true, CheckedOnly: true})
	const french, german = "FR40303265045", "DE136695976"
	for _, c := range []struct {
		name string
		by   *pricing.RuledTaxes
		c    pricing.TaxCase
		want string // category rate country code rule; or the issue
	}{
		{"domestic", full, pricing.TaxCase{Class: "standard"}, "S 20 FR  domestic"},
		{"zero at home", full, pricing.TaxCase{Class: "zero"}, "Z 0 FR  domestic"},
		{"reverse charge by the rate", full, pricing.TaxCase{Class: "owed"}, "AE 0 FR VATEX-EU-AE domestic"},
		{"reverse charge by class, to a business", full, pricing.TaxCase{Class: "scrap", VATID: french}, "AE 0 FR VATEX-EU-AE reverse charge FR scrap"},
		{"not to a consumer", full, pricing.TaxCase{Class: "scrap"}, "S 20 FR  domestic"},
		{"nor on an invalid identifier", full, pricing.TaxCase{Class: "scrap", VATID: french, Status: pricing.VATInvalid}, "S 20 FR  domestic"},
		{"nor to one who says to be a consumer", full, pricing.TaxCase{Class: "scrap", VATID: french, Kind: pricing.Consumer}, "S 20 FR  domestic"},
		{"another class is not under it", full, pricing.TaxCase{Class: "standard", VATID: french}, "S 20 FR  domestic"},
		{"intra-community", full, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german}, "K 0 FR VATEX-EU-IC intra-community"},
		{"valid", full, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german, Status: pricing.VATValid}, "K 0 FR VATEX-EU-IC intra-community"},
		{"valid, where it must be", checked, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german, Status: pricing.VATValid}, "K 0 FR VATEX-EU-IC intra-community"},
		{"not asked about, where it must be valid", checked, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german}, "S 20 FR  distance sale"},
		{"invalid, and so a consumer's", checked, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german, Status: pricing.VATInvalid}, "S 19 DE  one-stop shop"},
		{"exports ask for none", checked, pricing.TaxCase{Class: "standard", Buyer: "CH"}, "G 0 FR VATEX-EU-G export"},
		{"Northern Ireland", full, pricing.TaxCase{Class: "standard", Buyer: "GB", VATID: "XI123456789"}, "K 0 FR VATEX-EU-IC intra-community"},
		{"invalid: a consumer there", full, pricing.TaxCase{Class: "standard", Buyer: "DE", VATID: german, Status: pricing.VATInvalid}, "S 19 DE  one-stop shop"},
		{"not registered: the rate at home", plain, pricing.TaxCase{Class: "standard", Buyer: "DE"}, "S 20 FR  distance sale"},
		{"registered: the rate there", full, pricing.TaxCase{Class: "standard", Buyer: "DE"}, "S 19 DE  one-stop shop"},
		{"which may be zero", full, pricing.TaxCase{Class: "books", Buyer: "DE"}, "Z 0 DE  one-stop shop"},
		{"a business without identifier pays at home", full, pricing.TaxCase{Class: "standard", Buyer: "DE", Kind: pricing.Business}, "S 20 FR  distance sale"},
		{"no rate there", full, pricing.TaxCase{Class: "standard", Buyer: "IT"}, "buyer pricing.no_tax"},
		{"export", full, pricing.TaxCase{Class: "standard", Buyer: "CH"}, "G 0 FR VATEX-EU-G export"},
		{"export of what is owed at home", full, pricing.TaxCase{Class: "owed", Buyer: "CH"}, "G 0 FR VATEX-EU-G export"},
		{"exempt stays exempt, with its reason", full, pricing.TaxCase{Class: "training", Buyer: "CH"}, "E 0 FR VATEX-EU-132-1I exempt everywhere"},
		{"out of scope too", full, pricing.TaxCase{Class: "voucher", Buyer: "DE", VATID: german}, "O 0 FR VATEX-EU-O exempt everywhere"},
		{"from outside the EU", full, pricing.TaxCase{Seller: "CH", Buyer: "DE", Class: "standard"}, "G 0 CH VATEX-EU-G export"},
		{"an unknown class", full, pricing.TaxCase{Class: "luxury"}, "class pricing.no_tax"},
	} {
		if c.c.Seller == "" {
			c.c.Seller = "FR"
		}
		c.c.At = noon
		d, err := c.by.DecideTax(c.c)
		if err != nil {
			require.ErrorIs(t, err, pricing.ErrNoTax)
			require.Equal(t, []string{c.want}, issuesAt(err), c.name)
			continue
		}
		require.Equal(t, c.want, string(d.Category)+" "+d.Rate.String()+" "+string(d.Country)+" "+d.Exemption.Code+" "+d.Rule, c.name)
		free := d.Category != pricing.StandardRated && d.Category != pricing.ZeroRated
		require.Equal(t, free, !d.Exemption.IsZero(), c.name)
	}
	d, err := full.DecideTax(pricing.TaxCase{Seller: "FR", Buyer: "DE", Class: "standard", At: noon})
	require.NoError(t, err)
	require.Equal(t, "20", d.Home.String(), "a price stated gross contains the tax at home")

	_, err = full.DecideTax(pricing.TaxCase{Seller: "XX", Buyer: "EL", Status: "maybe", Kind: "club"})
	require.ErrorIs(t, err, pricing.ErrTaxCase)
	require.Equal(t, []string{"seller pricing.country", "buyer pricing.country", "vat_status pricing.unknown", "kind pricing.unknown",
		"class pricing.no_class", "at pricing.no_instant"}, issuesAt(err))
}

// Without options the table decides as Parties.Abroad and the rates do.
func TestRulesAreParties(t *testing.T) {
	tab, d := euTable(t), ruled(t, nil)
	countries := []partner.Country{"FR", "DE", "GB", "CH", "MC", "IM", "RE", "GR", "US"}
	ids := []string{"", "D", "FR40303265045", "DE136695976", "EL123456789", "XI123456789", "GB123456789", "CHE123456789", "MC1", "ATU12345675"}
	classes := []catalog.TaxClass{"standard", "zero", "owed", "training", "voucher", "luxury"}
	rapid.Check(t, func(t *rapid.T) {
		c := pricing.TaxCase{
			Seller: rapid.SampledFrom(countries).Draw(t, "seller"), Buyer: rapid.SampledFrom(append(countries, "")).Draw(t, "buyer"),
			VATID: rapid.SampledFrom(ids).Draw(t, "id"), Class: rapid.SampledFrom(classes).Draw(t, "class"), At: noon,
			Status: rapid.SampledFrom([]pricing.VATStatus{pricing.VATUnknown, pricing.VATValid}).Draw(t, "status"),
			Kind:   rapid.SampledFrom([]pricing.BuyerKind{pricing.BuyerByID, pricing.Business, pricing.Consumer}).Draw(t, "kind"),
		}
		category, rate, ok := tab.Lookup(pricing.Parties{Seller: c.Seller, Buyer: c.Buyer, VATID: c.VATID}, c.Class, c.At)
		got, err := d.DecideTax(c)
		require.Equal(t, ok, err == nil)
		if ok {
			require.Equal(t, category, got.Category)
			require.Equal(t, rate, got.Rate)
			require.Equal(t, c.Seller, got.Country)
		}
		// An identifier that is known to be invalid is none.
		c.Status = pricing.VATInvalid
		got, err = d.DecideTax(c)
		c.VATID, c.Status = "", pricing.VATUnknown
		none, err2 := d.DecideTax(c)
		require.Equal(t, none, got)
		require.Equal(t, err2 == nil, err == nil)
	})
}

func TestTaxRulesRefuse(t *testing.T) {
	rest := pricing.TaxRule{Name: "rest", Then: pricing.TaxAsHome}
	for _, c := range []struct {
		name  string
		rules []pricing.TaxRule
		want  []string
	}{
		{"sound", []pricing.TaxRule{{Name: "a", Sale: pricing.Abroad, Then: pricing.TaxFree, Category: pricing.Export}, rest}, nil},
		{"all at once", []pricing.TaxRule{{Sale: "far", Kind: "club", Status: "maybe", Sellers: []partner.Country{"EL"}, Buyers: []partner.Country{"XX"},
			Home: []pricing.Category{"K"}, ID: []pricing.Identification{"x"}}, rest},
			[]string{"rules[0].name required", "rules[0].sale pricing.unknown", "rules[0].kind pricing.unknown", "rules[0].vat_status pricing.unknown", "rules[0].sellers[0] pricing.country",
				"rules[0].buyers[0] pricing.country", "rules[0].home[0] pricing.category", "rules[0].id[0] pricing.unknown", "rules[0].then pricing.unknown"}},
		{"names twice", []pricing.TaxRule{{Name: "rest", Sale: pricing.Domestic, Then: pricing.TaxAsHome}, rest}, []string{"rules[1].name pricing.twice"}},
		{"nothing decides the rest", []pricing.TaxRule{{Name: "a", Sale: pricing.Domestic, Then: pricing.TaxAsHome}}, []string{"rules[0] pricing.condition"}},
		{"unreachable", []pricing.TaxRule{rest, {Name: "b", Then: pricing.TaxAsHome}}, []string{"rules[0] pricing.overlap"}},
		{"a category that is not free", []pricing.TaxRule{{Name: "a", Then: pricing.TaxFree, Category: "S"}}, []string{"rules[0].category pricing.category"}},
		{"a category that follows", []pricing.TaxRule{{Name: "a", Then: pricing.TaxAsHome, Category: "K", Exemption: pricing.Exemption{Text: "x"}}},
			[]string{"rules[0].category pricing.category", "rules[0].exemption pricing.category"}},
		{"a code that is none", []pricing.TaxRule{{Name: "a", Then: pricing.TaxFree, Category: "E", Exemption: pricing.Exemption{Code: "vatex-eu"}}},
			[]string{"rules[0].exemption.code pricing.condition"}},
	} {
		_, err := pricing.NewRuledTaxes(pricing.TaxTable{}, c.rules...)
		require.Equal(t, c.want, issuesAt(err), c.name)
		if c.want != nil {
			require.ErrorIs(t, err, pricing.ErrTaxRules)
		}
	}
	d := ruled(t, nil)
	d.Rules()[0].Home[0] = "S"
	require.Equal(t, pricing.Exempt, d.Rules()[0].Home[0], "a decider is immutable")
}

// A rate that was wrong is corrected backwards, and who asks as of before the
// correction still finds it as it was.
func TestRatesAreCorrectedBackwards(t *testing.T) {
	april, corrected := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 7, 9, 0, 0, 0, time.UTC)
	s := func(rate int64) pricing.TaxRow {
		return pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(rate)}
	}
	old, wrong, right := s(20), s(21), s(22)
	old.Until = april
	wrong.From, wrong.Gone = april, corrected
	right.From, right.Known = april, corrected
	tab, err := pricing.NewTaxTable(right, old, wrong)
	require.NoError(t, err)
	d, err := pricing.NewRuledTaxes(tab)
	require.NoError(t, err)
	for _, c := range []struct {
		at, known time.Time
		want      string
	}{
		{april.Add(-1), time.Time{}, "20"}, {april.Add(-1), corrected, "20"},
		{april, corrected.Add(-1), "21"}, {april, corrected, "22"}, {april, time.Time{}, "22"},
	} {
		_, rate, ok := tab.LookupAsOf(pricing.Parties{Seller: "FR"}, "standard", c.at, c.known)
		require.True(t, ok)
		require.Equal(t, c.want, rate.String())
		got, err := d.DecideTax(pricing.TaxCase{Seller: "FR", Class: "standard", At: c.at, Known: c.known})
		require.NoError(t, err)
		require.Equal(t, c.want, got.Rate.String())

		b := basket(money.EUR, line{"100", "1", "standard", false})
		b.At, b.Known = c.at, c.known
		require.Equal(t, c.want+".00", quote(t, pricing.NewListPricer(tab, nil), b).Tax.Text())
	}
	_, rate, _ := tab.Lookup(pricing.Parties{Seller: "FR"}, "standard", april)
	require.Equal(t, "22", rate.String())

	// Two rows that are known at one time may not hold at one time.
	right.Known = corrected.Add(-1)
	_, err = pricing.NewTaxTable(right, old, wrong)
	require.Equal(t, []string{"rows[0] pricing.overlap"}, issuesAt(err))
	wrong.Gone, wrong.Known = april, corrected
	_, err = pricing.NewTaxTable(wrong)
	require.Equal(t, []string{"rows[0].gone pricing.window"}, issuesAt(err))
	old.Exemption.Text = "free"
	_, err = pricing.NewTaxTable(old)
	require.Equal(t, []string{"rows[0].exemption pricing.category"}, issuesAt(err))
}
