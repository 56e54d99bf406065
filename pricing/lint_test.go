package pricing_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func lint(t testing.TB, tf pricing.Tariff) (out []string) {
	fs, err := pricing.Lint(t.Context(), tf, nil)
	require.NoError(t, err)
	for _, f := range fs {
		out = append(out, f.String())
	}
	return out
}

func TestLint(t *testing.T) {
	on := func(r pricing.Rule, products ...catalog.ID) pricing.Rule {
		r.Goods.Products = products
		return r
	}
	tagged := func(r pricing.Rule, tag string) pricing.Rule {
		r.Goods.Tags = []string{tag}
		return r
	}
	exclusive := func(r pricing.Rule) pricing.Rule {
		r.Exclusive = true
		return r
	}
	stopping := func(r pricing.Rule) pricing.Rule {
		r.Stop = true
		return r
	}
	amount := func(text string) *money.Amount {
		a := money.MustAmount(text, money.EUR)
		return &a
	}
	unbound := off("S", "5", pricing.OnLine, 1)
	unbound.Discount = "Summer"
	night := off("N", "5", pricing.OnLine, 1)
	night.When.Hours = &pricing.Hours{Days: []pricing.Weekday{"sat"}, From: "22:00", Until: "04:00"}
	small, large := off("SMALL", "1", pricing.OnOrder, 1), off("LARGE", "2", pricing.OnOrder, 1)
	small.When.Basket, large.When.Basket = &pricing.AmountRange{Until: amount("100")}, &pricing.AmountRange{From: amount("100")}
	odd := off("ODD", "2", pricing.OnOrder, 1)
	odd.When.Basket, odd.When.Amount = &pricing.AmountRange{Until: amount("10")}, &pricing.AmountRange{From: amount("10")}
	for name, c := range map[string]struct {
		rules []pricing.Rule
		want  []string
	}{
		"two on one product":                 {[]pricing.Rule{on(off("A", "5", pricing.OnLine, 1), "p", "q"), on(off("B", "6", pricing.OnLine, 1), "q")}, []string{"ambiguous A, B: both have priority 1 on line, and the figures depend on which goes first"}},
		"on two products":                    {[]pricing.Rule{on(off("A", "5", pricing.OnLine, 1), "p"), on(off("B", "6", pricing.OnLine, 1), "q")}, nil},
		"of two ranks":                       {[]pricing.Rule{on(off("A", "5", pricing.OnLine, 2), "p"), on(off("B", "6", pricing.OnLine, 1), "p")}, nil},
		"of two bearers":                     {[]pricing.Rule{on(off("A", "5", pricing.OnOrder, 1), "p"), on(off("B", "6", pricing.OnLine, 1), "p")}, nil},
		"everything and tags":                {[]pricing.Rule{off("A", "5", pricing.OnLine, 1), tagged(off("B", "6", pricing.OnLine, 1), "new")}, []string{"ambiguous A, B: both have priority 1 on line, and the figures depend on which goes first"}},
		"at night":                           {[]pricing.Rule{night, tagged(off("T", "6", pricing.OnLine, 1), "new")}, []string{"ambiguous N, T: both have priority 1 on line, and the figures depend on which goes first"}},
		"amounts apart":                      {[]pricing.Rule{small, large}, nil},
		"amounts that exclude":               {[]pricing.Rule{odd}, []string{"unreachable ODD: its goods have to be worth what the basket must not"}},
		"a name without grant":               {[]pricing.Rule{unbound}, []string{`unreachable S: no action grants the discount "Summer" while the rule holds`}},
		"behind an exclusive":                {[]pricing.Rule{exclusive(off("A", "5", pricing.OnLine, 2)), on(off("B", "6", pricing.OnLine, 1), "p")}, []string{"unreachable B: A is exclusive before it wherever it would apply"}},
		"after what keeps the exclusive out": {[]pricing.Rule{tagged(off("T", "1", pricing.OnLine, 3), "new"), exclusive(off("A", "5", pricing.OnLine, 2)), off("B", "6", pricing.OnLine, 1)}, nil},
		"of the whole, after one of a line":  {[]pricing.Rule{tagged(off("T", "1", pricing.OnLine, 1), "new"), exclusive(off("A", "5", pricing.OnOrder, 2)), off("B", "6", pricing.OnOrder, 1)}, nil},
		"after what stops it too": {[]pricing.Rule{stopping(tagged(off("T", "1", pricing.OnLine, 3), "new")), exclusive(off("A", "5", pricing.OnLine, 2)), off("B", "6", pricing.OnLine, 1)},
			[]string{"unreachable B: A is exclusive before it wherever it would apply"}},
		"two exclusives": {[]pricing.Rule{exclusive(on(off("A", "5", pricing.OnLine, 2), "p")), exclusive(on(off("B", "6", pricing.OnLine, 1), "p", "q"))}, []string{"blocking A, B: both are exclusive; A goes first where both fit"}},
	} {
		tf := tariff(t, pricing.EN16931(), c.rules...)
		tf.Discounts = []pricing.Discount{{Name: "Summer"}}
		require.Equal(t, c.want, lint(t, tf), name)
	}
	floor := money.MustPrice("95", money.EUR)
	tf := tariff(t, pricing.EN16931(), off("A", "10", pricing.OnLine, 2), off("B", "4", pricing.OnLine, 1))
	tf.Floors = []pricing.Floor{{Goods: pricing.Goods{Products: []catalog.ID{"p"}}, Price: &floor}}
	tf.Lists = []pricing.PriceList{{Code: "l", Currency: money.EUR}}
	tf.Prices = []pricing.PriceRow{{List: "l", Product: "p", Breaks: []catalog.Break{{Price: money.MustPrice("100", money.EUR)}}}}
	require.Equal(t, []string{
		`below_floor A: with what goes before it, it would take p of list "l" below its floor, and is cut short`,
		`below_floor B: with what goes before it, it would take p of list "l" below its floor, and is cut short`,
	}, lint(t, tf))
	tf.Rules = tf.Rules[1:]
	require.Empty(t, lint(t, tf), "4 % alone stays above")
	_, err := pricing.Lint(t.Context(), pricing.Tariff{}, nil)
	require.ErrorIs(t, err, pricing.ErrTariff)
}

// The findings end where they were asked to, and say so.
func TestLintIsBounded(t *testing.T) {
	tf := tariff(t, pricing.EN16931())
	for i := range 20 {
		r := off(fmt.Sprint("R", i), "5", pricing.OnLine, 1)
		r.Goods.Tags = []string{fmt.Sprint("tag", i)}
		tf.Rules = append(tf.Rules, r)
	}
	fs, err := pricing.Lint(t.Context(), tf, &pricing.LintOptions{Most: 7})
	require.NoError(t, err)
	require.Len(t, fs, 7)
	require.Contains(t, fs[6].Text, "more than the 7")
}

// No conflict at run time that the linter has not found.
func TestLawLintFindsEveryConflict(t *testing.T) {
	rows := table(t).Rows()
	rapid.Check(t, func(t *rapid.T) {
		modes := []pricing.Stacking{{Mode: pricing.Compounded}, {Mode: pricing.OffBase}, {Mode: pricing.Additive}, {Mode: pricing.Exclusively},
			{Mode: pricing.BestFor}, {Mode: pricing.Lanes, Across: pricing.Compounded}, {Mode: pricing.Lanes, Across: pricing.Additive}}
		tf := pricing.Tariff{Seller: "FR", Taxes: rows, Policy: pricing.Policy{
			Lines: rapid.SampledFrom(modes).Draw(t, "lines"), Orders: rapid.SampledFrom(modes).Draw(t, "orders")}}
		b := drawBasket(t)
		b.Groups = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"g1", "g2"}), func(s string) string { return s }).Draw(t, "groups")
		b.First = rapid.Bool().Draw(t, "first")
		families := []catalog.Family{{Super: "a"}, {Super: "a", Family: "b"}, {Super: "c"}}
		for i := range b.Lines {
			b.Lines[i].Family = rapid.SampledFrom(families).Draw(t, "family")
			b.Lines[i].Tags = rapid.SampledFrom([][]string{nil, {"x"}, {"x", "y"}}).Draw(t, "tags")
		}
		for n := range rapid.IntRange(2, 8).Draw(t, "rules") {
			r := drawRule(t, n, b.Currency)
			r.Priority = rapid.IntRange(1, 2).Draw(t, "priority")
			switch rapid.IntRange(0, 5).Draw(t, "goods") {
			case 0:
				r.Goods = pricing.Goods{Families: []catalog.Family{rapid.SampledFrom(families).Draw(t, "of family")}}
			case 1:
				r.Goods = pricing.Goods{Tags: []string{rapid.SampledFrom([]string{"x", "y"}).Draw(t, "tag")}}
			}
			switch rapid.IntRange(0, 5).Draw(t, "when") {
			case 0:
				r.When.Partners = []access.PartnerID{rapid.SampledFrom([]access.PartnerID{"p1", "p2"}).Draw(t, "partner")}
			case 1:
				r.When.Groups = []string{rapid.SampledFrom([]string{"g1", "g2"}).Draw(t, "group")}
			case 2:
				r.When.First = true
			case 3:
				edge := money.FromMinor(rapid.Int64Range(1, 1_000_000).Draw(t, "edge"), b.Currency)
				r.When.Basket = &pricing.AmountRange{From: &edge}
				if rapid.Bool().Draw(t, "below") {
					r.When.Basket = &pricing.AmountRange{Until: &edge}
				}
			case 4:
				r.From = noon.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "from")) * time.Hour)
				r.Until = r.From.Add(2 * time.Hour)
			}
			tf.Rules = append(tf.Rules, r)
		}
		e, err := pricing.Compile(tf, nil)
		if errors.Is(err, pricing.ErrTariff) {
			return // twins, found at once
		}
		require.NoError(t, err)
		_, err = e.Quote(t.Context(), b)
		if !errors.Is(err, pricing.ErrConflict) {
			return
		}
		tf.Policy.Conflicts = pricing.ReportConflicts
		q, err := engine(t, tf).Quote(t.Context(), b)
		require.NoError(t, err)
		fs, err := pricing.Lint(t.Context(), tf, nil)
		require.NoError(t, err)
		for _, c := range q.Conflicts {
			require.True(t, slices.ContainsFunc(fs, func(f pricing.Finding) bool {
				return f.Kind == pricing.Ambiguous && slices.Equal(f.Rules, c.Rules)
			}), "%v is not among %v", c, fs)
		}
	})
}

// A witness shows what its finding says.
func TestWitnessesShowTheConflict(t *testing.T) {
	a, b := off("A", "5", pricing.OnLine, 1), off("B", "6", pricing.OnLine, 1)
	from := money.MustAmount("5000", money.EUR)
	a.When.Basket, a.When.Groups, b.When.Partners = &pricing.AmountRange{From: &from}, []string{"dealer"}, []access.PartnerID{"nord"}
	b.When.Has = []pricing.Composition{{Sets: []pricing.Goods{{Products: []catalog.ID{"oven"}}, {Tags: []string{"hob"}}}}}
	tf := tariff(t, pricing.EN16931(), a, b)
	fs, err := pricing.Lint(t.Context(), tf, nil)
	require.NoError(t, err)
	require.Len(t, fs, 1)
	require.True(t, fs[0].Confirmed)
	_, err = engine(t, tf).Quote(t.Context(), *fs[0].Witness)
	require.ErrorIs(t, err, pricing.ErrConflict)
	require.NotEmpty(t, fault.IssuesOf(err))
}

// BenchmarkLint looks at ten thousand rules for products of their own.
func BenchmarkLint(b *testing.B) {
	tf := tariff(b, pricing.EN16931())
	for i := range 10_000 {
		r := off(fmt.Sprint("R", i), "5", pricing.OnLine, 1)
		r.Goods.Products = []catalog.ID{catalog.ID(fmt.Sprint("p", i))}
		tf.Rules = append(tf.Rules, r)
	}
	b.ReportAllocs()
	for b.Loop() {
		if fs, err := pricing.Lint(b.Context(), tf, nil); err != nil || len(fs) > 0 {
			b.Fatal(fs, err)
		}
	}
}

// Rules and floors by family meet in a product whose family a tariff does not
// say: told as possible with a witness, and for certain where the catalog is
// given.
func TestLintFloorsOfFamilies(t *testing.T) {
	cooking, ovens := catalog.Family{Super: "cooking"}, catalog.Family{Super: "cooking", Family: "ovens"}
	of := func(f catalog.Family) pricing.Goods { return pricing.Goods{Families: []catalog.Family{f}} }
	const below = `below_floor A: with what goes before it, it would take p of list "l" below its floor, and is cut short`
	const perhaps = below + "; if the product is of the family or tag that both ask for (possible)"
	for name, c := range map[string]struct {
		rule, floor pricing.Goods
		price       string
		family      catalog.Family // of the product, where it is known
		want        []string
	}{
		"a rule by family":                        {of(ovens), pricing.Goods{Products: []catalog.ID{"p"}}, "100", catalog.Family{}, []string{perhaps}},
		"a floor by family":                       {pricing.Goods{Products: []catalog.ID{"p"}}, of(ovens), "100", catalog.Family{}, []string{perhaps}},
		"both":                                    {of(cooking), of(ovens), "100", catalog.Family{}, []string{perhaps}},
		"a floor by tag, a rule for all":          {pricing.Goods{}, pricing.Goods{Tags: []string{"new"}}, "100", catalog.Family{}, []string{perhaps}},
		"both, which is known":                    {of(cooking), of(ovens), "100", ovens, []string{below}},
		"both, of which the product is not":       {of(ovens), of(ovens), "100", catalog.Family{Super: "cooling"}, nil},
		"families that never meet":                {of(ovens), of(catalog.Family{Super: "cooling"}), "100", catalog.Family{}, nil},
		"a floor above what the product costs":    {of(ovens), of(ovens), "90", catalog.Family{}, nil},
		"a price that stays above":                {of(ovens), of(ovens), "110", catalog.Family{}, nil},
		"all but the family of which it is":       {pricing.Goods{Except: &pricing.Goods{Families: []catalog.Family{ovens}}}, of(ovens), "100", ovens, nil},
		"all but a family of which it perhaps is": {pricing.Goods{Except: &pricing.Goods{Families: []catalog.Family{ovens}}}, pricing.Goods{}, "100", catalog.Family{}, []string{perhaps}},
	} {
		t.Run(name, func(t *testing.T) {
			a, floor := off("A", "10", pricing.OnLine, 1), money.MustPrice("95", money.EUR)
			a.Goods = c.rule
			tf := tariff(t, pricing.EN16931(), a)
			tf.Floors = []pricing.Floor{{Goods: c.floor, Price: &floor}}
			tf.Lists = []pricing.PriceList{{Code: "l", Currency: money.EUR}}
			tf.Prices = []pricing.PriceRow{{List: "l", Product: "p", Breaks: []catalog.Break{{Price: money.MustPrice(c.price, money.EUR)}}}}
			opts := &pricing.LintOptions{}
			if c.family != (catalog.Family{}) {
				opts.Products = []catalog.Product{{ID: "p", Family: c.family}}
			}
			fs, err := pricing.Lint(t.Context(), tf, opts)
			require.NoError(t, err)
			var got []string
			for _, f := range fs {
				got = append(got, f.String())
				_, tree, err := engine(t, tf).Explain(t.Context(), *f.Witness)
				require.NoError(t, err)
				require.Contains(t, tree.String(), "capped floor")
			}
			require.Equal(t, c.want, got)
		})
	}
}
