package pricing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// A policy that is changed, also backwards, prices what is asked from then on,
// and nothing that was stored before.
func TestPoliciesAreRecords(t *testing.T) {
	march, april := noon, noon.AddDate(0, 1, 0)
	tf := tariff(t, pricing.EN16931())
	b := basket(money.EUR, line{"14.71", "1", "19", false}, line{"10.18", "1", "19", false})
	stored := quote(t, engine(t, tf), b)
	require.Equal(t, "29.62", stored.Gross.Text())

	tf.Policies = []pricing.PolicyRecord{{Policy: pricing.Odoo(), Span: pricing.Span{From: march.AddDate(0, 0, -7), Known: april}}}
	e := engine(t, tf)
	again, err := e.Requote(t.Context(), stored, nil)
	require.NoError(t, err)
	require.Empty(t, pricing.Diff(stored, again))
	for _, c := range []struct {
		name         string
		valid, known time.Time
		want, preset string
	}{
		{"as it was known", march, time.Time{}, "29.62", "EN16931"},
		{"as it is known now", march, april, "29.61", "Odoo"},
		{"before the change reaches", march.AddDate(0, 0, -8), april, "29.62", "EN16931"},
		{"from then on", april, time.Time{}, "29.61", "Odoo"},
	} {
		as := pricing.AsOf{Valid: c.valid, Known: c.known}
		q, err := e.Requote(t.Context(), stored, &as)
		require.NoError(t, err)
		require.Equal(t, c.want, q.Gross.Text(), c.name)
		require.Equal(t, c.preset, e.Policy(as).Preset, c.name)
	}
	adjusted := pricing.WithAdjustments(e, func(pricing.Quote) ([]pricing.Adjustment, error) {
		return []pricing.Adjustment{{Code: "SMALL", Amount: money.MustAmount("0.05", money.EUR)}}, nil
	})
	b.At = april
	require.Len(t, quote(t, adjusted, b).Adjustments, 1)
}

// Rules of tax are records too: where none is known the rules of the EU decide.
func TestTaxRulesAreRecords(t *testing.T) {
	april, may := noon.AddDate(0, 1, 0), noon.AddDate(0, 2, 0)
	tf := tariff(t, pricing.EN16931())
	b := basket(money.EUR, line{"100", "1", "standard", false})
	b.Country = "DE"
	stored := quote(t, engine(t, tf), b)
	require.Equal(t, "20.00", stored.Tax.Text(), "a distance sale at the rate at home")

	shop := pricing.EUTaxRules(&pricing.EUTaxOptions{OneStopShop: true})
	for i := range shop {
		shop[i].Known, shop[i].Gone = april, may
	}
	tf.TaxRules = shop // registered, as it turned out, for a month
	e := engine(t, tf)
	for _, c := range []struct {
		valid, known time.Time
		want         string
	}{{noon, noon, "20.00"}, {noon, april, "19.00"}, {april, april, "19.00"}, {april, may, "20.00"}, {may, may, "20.00"}} {
		q, err := e.Requote(t.Context(), stored, &pricing.AsOf{Valid: c.valid, Known: c.known})
		require.NoError(t, err)
		require.Equal(t, c.want, q.Tax.Text())
	}
	d, err := pricing.NewRuledTaxes(table(t), shop...)
	require.NoError(t, err)
	require.Contains(t, d.String(), "destination    known 2026-04-02T12:00:00Z, gone 2026-05-02T12:00:00Z\n")
}

// Why a sale is exempt is what its row says, and an identifier that is invalid is
// none, whichever table decides.
func TestTaxesWithoutRulesAreThoseOfTheEU(t *testing.T) {
	tf := pricing.Tariff{Name: "test", Taxes: euTable(t).Rows(), Seller: "FR"}
	ruled := tf
	ruled.TaxRules = pricing.EUTaxRules(nil)
	for _, class := range []string{"standard", "training", "owed"} {
		for _, status := range []pricing.VATStatus{pricing.VATUnknown, pricing.VATValid, pricing.VATInvalid} {
			for _, country := range []partner.Country{"FR", "DE", "CH"} {
				b := basket(money.EUR, line{"100", "1", class, false})
				b.Country, b.VATID, b.VATStatus = country, "DE136695976", status
				want, got := quote(t, engine(t, ruled), b), quote(t, engine(t, tf), b)
				require.Empty(t, pricing.Diff(want, got), "%s %s %s", class, status, country)
				require.Equal(t, want.Reasons, got.Reasons, "%s %s %s", class, status, country)
				require.Equal(t, got.Taxes, quote(t, pricing.NewListPricer(euTable(t), nil), b).Taxes, "%s %s %s", class, status, country)
			}
		}
	}
}

// Spans of policies and rules of tax that end before they begin, or meet others.
func TestRecordsOfPolicyAndTaxRules(t *testing.T) {
	early, late := pricing.Span{Until: noon}, pricing.Span{From: noon}
	rest := func(name string, s pricing.Span) pricing.TaxRule {
		return pricing.TaxRule{Name: name, Then: pricing.TaxAsHome, Span: s}
	}
	home := func(name string, s pricing.Span) pricing.TaxRule {
		return pricing.TaxRule{Name: name, Sale: pricing.Domestic, Then: pricing.TaxAsHome, Span: s}
	}
	odoo := func(s pricing.Span) pricing.PolicyRecord {
		return pricing.PolicyRecord{Policy: pricing.Odoo(), Span: s}
	}
	backwards := pricing.Span{From: noon, Until: noon.Add(-1)}
	for _, c := range []struct {
		name     string
		rules    []pricing.TaxRule
		policies []pricing.PolicyRecord
		want     []string
	}{
		{name: "one after the other", rules: []pricing.TaxRule{home("a", early), rest("rest", early), home("a", late), rest("rest", late)},
			policies: []pricing.PolicyRecord{odoo(early), odoo(late)}},
		{name: "superseded", rules: []pricing.TaxRule{rest("rest", pricing.Span{Gone: noon}), rest("rest", pricing.Span{Known: noon})}},
		{name: "none at first", rules: []pricing.TaxRule{home("a", late), rest("rest", pricing.Span{From: noon.Add(-1)})}},
		{name: "decided by two together", rules: []pricing.TaxRule{home("a", pricing.Span{}), rest("old", early), rest("new", late)}},
		{name: "backwards", rules: []pricing.TaxRule{rest("rest", backwards)}, policies: []pricing.PolicyRecord{odoo(backwards)},
			want: []string{"policies[0].until pricing.window", "tax_rules[0].until pricing.window"}},
		{name: "gone before it was known", rules: []pricing.TaxRule{rest("rest", pricing.Span{Known: noon, Gone: noon.Add(-1)})},
			policies: []pricing.PolicyRecord{odoo(pricing.Span{Known: noon, Gone: noon.Add(-1)})},
			want:     []string{"policies[0].gone pricing.window", "tax_rules[0].gone pricing.window"}},
		{name: "two at one time", rules: []pricing.TaxRule{rest("a", pricing.Span{}), rest("b", late)}, policies: []pricing.PolicyRecord{odoo(early), odoo(pricing.Span{})},
			want: []string{"policies[1] pricing.overlap", "tax_rules[0] pricing.overlap"}},
		{name: "a name at one time", rules: []pricing.TaxRule{home("a", early), home("a", late), home("a", late), rest("rest", pricing.Span{})},
			want: []string{"tax_rules[2].name pricing.twice"}},
		{name: "the rest for a while only", rules: []pricing.TaxRule{home("a", pricing.Span{}), rest("rest", late)},
			want: []string{"tax_rules[0] pricing.condition"}},
		{name: "the rest not known yet", rules: []pricing.TaxRule{home("a", pricing.Span{}), home("b", pricing.Span{}), rest("rest", pricing.Span{Known: noon})},
			want: []string{"tax_rules[1] pricing.condition"}},
		{name: "a gap between two", rules: []pricing.TaxRule{home("a", pricing.Span{}), rest("old", early), rest("new", pricing.Span{From: noon.Add(1)})},
			want: []string{"tax_rules[0] pricing.condition"}},
		{name: "nothing known for a minute", rules: []pricing.TaxRule{rest("a", pricing.Span{Gone: noon}), home("h", pricing.Span{Known: noon.Add(time.Minute)}), rest("b", pricing.Span{Known: noon.Add(time.Minute)})},
			policies: []pricing.PolicyRecord{odoo(pricing.Span{Gone: noon}), odoo(pricing.Span{Known: noon.Add(time.Minute)})},
			want:     []string{"policies[1] pricing.gap", "tax_rules[1] pricing.gap"}},
		{name: "nothing held for a minute", rules: []pricing.TaxRule{rest("b", pricing.Span{From: noon.Add(time.Minute)}), rest("a", early)},
			policies: []pricing.PolicyRecord{odoo(pricing.Span{From: noon.Add(time.Minute)}), odoo(early)},
			want:     []string{"policies[0] pricing.gap", "tax_rules[0] pricing.gap"}},
		{name: "nothing held, as known for a while", rules: []pricing.TaxRule{rest("a", early), rest("b", pricing.Span{From: noon.Add(time.Hour)}), rest("c", pricing.Span{From: noon, Until: noon.Add(time.Hour), Known: noon})},
			want: []string{"tax_rules[1] pricing.gap"}},
		{name: "replaced from later on", rules: []pricing.TaxRule{rest("a", pricing.Span{Gone: noon}), rest("b", pricing.Span{Known: noon, From: noon.Add(time.Hour)})},
			policies: []pricing.PolicyRecord{odoo(pricing.Span{Gone: noon}), odoo(pricing.Span{Known: noon, From: noon.Add(time.Hour)})},
			want:     []string{"policies[1] pricing.gap", "tax_rules[1] pricing.gap"}},
		{name: "replaced from later on, and until then as before", rules: []pricing.TaxRule{rest("a", pricing.Span{Gone: noon}), rest("b", pricing.Span{Known: noon, From: noon.Add(time.Hour)}), rest("c", pricing.Span{Known: noon, Until: noon.Add(time.Hour)})}},
		{name: "replaced from now on", rules: []pricing.TaxRule{rest("a", pricing.Span{Gone: noon}), rest("b", pricing.Span{Known: noon, From: noon})}},
		{name: "replaced before it held", rules: []pricing.TaxRule{rest("a", pricing.Span{From: noon, Gone: noon}), rest("b", pricing.Span{Known: noon, From: noon.Add(time.Hour)})}},
		{name: "followed by what becomes known later", rules: []pricing.TaxRule{rest("a", early), rest("b", pricing.Span{From: noon, Known: noon.Add(time.Hour)})}},
		{name: "found to have ended earlier", rules: []pricing.TaxRule{rest("a", pricing.Span{Gone: noon}), rest("b", pricing.Span{Until: noon.Add(-1), Known: noon})}},
		{name: "over, and another announced later", rules: []pricing.TaxRule{rest("a", pricing.Span{Until: noon, Gone: noon.Add(time.Hour)}), rest("b", pricing.Span{From: noon.AddDate(0, 0, 1), Known: noon.Add(time.Hour)})}},
		{name: "taken back for good", rules: []pricing.TaxRule{rest("a", pricing.Span{Known: noon, Gone: noon.Add(1)})},
			policies: []pricing.PolicyRecord{odoo(pricing.Span{Known: noon, Gone: noon.Add(1)})}},
		{name: "no policy", policies: []pricing.PolicyRecord{{Policy: pricing.Policy{Level: "often"}, Span: late}},
			want: []string{"policies[0].policy.level pricing.policy"}},
	} {
		tf := tariff(t, pricing.EN16931())
		tf.TaxRules, tf.Policies = c.rules, c.policies
		_, err := pricing.Compile(tf, nil)
		require.Equal(t, c.want, issuesAt(err), c.name)
	}
	many := make([]pricing.TaxRule, 2001)
	_, err := pricing.NewRuledTaxes(table(t), many...)
	require.Equal(t, []string{"rules pricing.range"}, issuesAt(err))
}

// Two rules of equal rank are refused under every policy that may be in use while
// both hold, and the linter finds what only some baskets show.
func TestRecordsOfPolicyDecideConflicts(t *testing.T) {
	a, b := off("A", "10", pricing.OnLine, 1), off("B", "5", pricing.OnLine, 1)
	best := pricing.EN16931()
	best.Lines.Mode = pricing.BestFor
	for _, c := range []struct {
		name     string
		policies []pricing.PolicyRecord
		known    time.Time
		want     []string
	}{
		{"compounded", nil, time.Time{}, []string{"rules[1] pricing.ambiguous"}},
		{"the best, since before they were known", []pricing.PolicyRecord{{Policy: best, Span: pricing.Span{Known: noon}}}, noon, nil},
		{"the best, later", []pricing.PolicyRecord{{Policy: best, Span: pricing.Span{Known: noon.Add(1)}}}, noon, []string{"rules[1] pricing.ambiguous"}},
		{"the best, and then compounded", []pricing.PolicyRecord{{Policy: best, Span: pricing.Span{Until: noon}}, {Policy: pricing.Odoo(), Span: pricing.Span{From: noon}}},
			time.Time{}, []string{"rules[1] pricing.ambiguous"}},
	} {
		a.Known, b.Known = c.known, c.known
		tf := tariff(t, pricing.EN16931(), a, b)
		tf.Policies = c.policies
		_, err := pricing.Compile(tf, nil)
		require.Equal(t, c.want, issuesAt(err), c.name)
	}
	b.Goods.Families = nil
	b.When.Groups = []string{"dealer"}
	tf := tariff(t, best, a, b)
	tf.Policies = []pricing.PolicyRecord{{Policy: pricing.EN16931(), Span: pricing.Span{Known: noon}}}
	found, err := pricing.Lint(t.Context(), tf, nil)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, pricing.Ambiguous, found[0].Kind)
	require.True(t, found[0].Confirmed)
	_, err = engine(t, tf).Quote(t.Context(), *found[0].Witness)
	require.ErrorIs(t, err, pricing.ErrConflict)
}

// Where nothing is refused as a gap the instants at which some record holds are in
// one piece, at every instant of knowledge, and so are those of knowledge at which
// one is known, and who asks day after day what holds then is never left by records
// of which some are known to hold later; where something is refused one of the three
// is not so. Rules of tax and policies alike.
func TestLawRecordsHaveNoGaps(t *testing.T) {
	rows := table(t).Rows()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	// broken reports whether it holds, no longer, and again.
	broken := func(holds func(at time.Time) bool) bool {
		pieces, was := 0, false
		for n := range 9 {
			is := holds(day(n - 1))
			if is && !was {
				pieces++
			}
			was = is
		}
		return pieces > 1
	}
	rapid.Check(t, func(t *rapid.T) {
		tf := pricing.Tariff{Seller: "FR", Taxes: rows}
		end := func(what string, after int) time.Time {
			if n := rapid.IntRange(after, 9).Draw(t, what); n <= 7 {
				return day(n)
			}
			return time.Time{}
		}
		for n := range rapid.IntRange(0, 5).Draw(t, "records") {
			from, known := rapid.IntRange(0, 6).Draw(t, "from"), rapid.IntRange(0, 6).Draw(t, "known")
			s := pricing.Span{From: day(from), Until: end("until", from+1), Known: day(known), Gone: end("gone", known+1)}
			if from == 0 {
				s.From = time.Time{}
			}
			if known == 0 {
				s.Known = time.Time{}
			}
			tf.Policies = append(tf.Policies, pricing.PolicyRecord{Policy: pricing.Odoo(), Span: s})
			tf.TaxRules = append(tf.TaxRules, pricing.TaxRule{Name: fmt.Sprint("rule ", n), Then: pricing.TaxAsHome, Span: s})
		}
		some := func(holds func(s pricing.Span) bool) bool {
			return slices.ContainsFunc(tf.Policies, func(p pricing.PolicyRecord) bool { return holds(p.Span) })
		}
		gap := broken(func(known time.Time) bool {
			return some(func(s pricing.Span) bool { s.From, s.Until = time.Time{}, time.Time{}; return s.Covers(noon, known) })
		})
		for n := range 9 {
			gap = gap || broken(func(at time.Time) bool {
				return some(func(s pricing.Span) bool { return s.Covers(at, day(n-1)) })
			})
		}
		holds := func(valid, known int) bool {
			return some(func(s pricing.Span) bool { return s.Covers(day(valid), day(known)) })
		}
		for n := range 7 {
			for later := n + 1; later < 8; later++ {
				gap = gap || holds(n-1, n-1) && !holds(n, n) && holds(later, n)
			}
		}
		found := map[string]bool{}
		for _, i := range fault.IssuesOf(tf.Check()) {
			if i.Code == "pricing.gap" {
				list, _, _ := strings.Cut(i.Path, "[")
				found[list] = true
			}
		}
		require.Equal(t, []bool{gap, gap}, []bool{found["policies"], found["tax_rules"]})
	})
}
