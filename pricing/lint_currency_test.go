package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// What is in a currency that no list is in is found, at its place.
func TestLintFindsForeignCurrencies(t *testing.T) {
	pounds, price, cost := money.MustAmount("5", money.GBP), money.MustPrice("80", money.GBP), money.MustPrice("70", money.CHF)
	dollars := money.MustPrice("90", money.USD)
	tf := goodTariff(t) // lists in EUR and USD
	tf.Rules = append(tf.Rules, pricing.Rule{Code: "FIVER", On: pricing.OnOrder, Give: pricing.Effect{Amount: &pounds}},
		pricing.Rule{Code: "OLD", On: pricing.OnOrder, Priority: -1, Give: pricing.Effect{Amount: &pounds}, Span: pricing.Span{Gone: noon}})
	tf.Floors = []pricing.Floor{{Price: &price}, {Price: &dollars}, {Cost: &cost}, {Price: &price, Span: pricing.Span{Until: noon}}}
	tf.Charges = []pricing.ChargeRule{{Code: "SHIP", Kind: "shipping", Amount: pricing.ChargeAmount{Fixed: &pounds}}}
	look := func(opts *pricing.LintOptions) []string {
		found, err := pricing.Lint(t.Context(), tf, opts)
		require.NoError(t, err)
		var out []string
		for _, f := range found {
			if f.Kind == pricing.ForeignCurrency {
				out = append(out, f.Path+" "+f.String())
			}
		}
		return out
	}
	require.Equal(t, []string{
		"rules[1] foreign_currency FIVER: it is in GBP, and no price list is (possible)",
		"floors[0].price foreign_currency floors[0].price: it is in GBP, and no price list is (possible)",
		"floors[2].cost foreign_currency floors[2].cost: it is in CHF, and no price list is (possible)",
		"charges[0] foreign_currency SHIP: it is in GBP, and no price list is (possible)",
	}, look(&pricing.LintOptions{At: noon}))
	require.Len(t, look(nil), 5, "those that have ended too")

	// A product that has prices of its own in the currency is what they are for.
	own := catalog.Product{ID: "oven", Prices: []catalog.ListPrice{{List: "uk", Breaks: []catalog.Break{{Price: price}}}}}
	require.Equal(t, []string{"floors[2].cost foreign_currency floors[2].cost: it is in CHF, and no price list is"},
		look(&pricing.LintOptions{At: noon, Products: []catalog.Product{own}}))
	tf.Lists, tf.Prices = nil, nil
	require.Empty(t, look(nil), "all prices come with the lines")
}

// Lists that are merged along a chain of fallbacks are stated alike.
func TestMergedListsAreStatedAlike(t *testing.T) {
	merge := pricing.EN16931()
	merge.Lists = pricing.MergeLists
	list := func(code string, stated catalog.Stated, merged bool, fallback string, s pricing.Span) pricing.PriceList {
		return pricing.PriceList{Code: code, Currency: money.EUR, Stated: stated, Merge: merged, Fallback: fallback, Span: s}
	}
	var always pricing.Span
	for _, c := range []struct {
		name     string
		policy   pricing.Policy
		policies []pricing.PolicyRecord
		lists    []pricing.PriceList
		want     []string
	}{
		{name: "net and gross", policy: merge, lists: []pricing.PriceList{list("own", "", true, "base", always), list("base", catalog.Gross, true, "", always)},
			want: []string{"lists[0].fallback pricing.stated"}},
		{name: "behind one that is not merged", policy: merge, lists: []pricing.PriceList{list("own", catalog.Gross, true, "mid", always), list("mid", catalog.Net, false, "base", always),
			list("base", catalog.Net, true, "", always)}, want: []string{"lists[0].fallback pricing.stated"}},
		{name: "alike", policy: merge, lists: []pricing.PriceList{list("own", "", true, "base", always), list("base", catalog.Net, true, "", always)}},
		{name: "not merged", policy: merge, lists: []pricing.PriceList{list("own", catalog.Net, true, "base", always), list("base", catalog.Gross, false, "", always)}},
		{name: "another strategy", policy: pricing.EN16931(), lists: []pricing.PriceList{list("own", catalog.Net, true, "base", always), list("base", catalog.Gross, true, "", always)}},
		{name: "that strategy later", policy: pricing.EN16931(), policies: []pricing.PolicyRecord{{Policy: merge, Span: pricing.Span{From: noon}}},
			lists: []pricing.PriceList{list("own", catalog.Net, true, "base", always), list("base", catalog.Gross, true, "", always)}, want: []string{"lists[0].fallback pricing.stated"}},
		{name: "never at one time", policy: merge, lists: []pricing.PriceList{list("own", catalog.Net, true, "base", pricing.Span{From: noon}),
			list("base", catalog.Gross, true, "", pricing.Span{Until: noon}), list("base", catalog.Net, true, "", pricing.Span{From: noon})}},
	} {
		tf := tariff(t, c.policy)
		tf.Lists, tf.Policies = c.lists, c.policies
		_, err := pricing.Compile(tf, nil)
		require.Equal(t, c.want, issuesAt(err), c.name)
	}
}
