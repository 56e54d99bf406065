package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// A name is bound by its bytes; one that only looks the same is shown.
func TestNearMissesAreNotBound(t *testing.T) {
	for _, c := range []struct {
		name, rule, directory string
		differ                []string // nil: no near miss
	}{
		{"case", "Season", "season", []string{"at 0: U+0053 'S' is not U+0073 's'"}},
		{"a blank at the end", "Season ", "Season", []string{"at 6: U+0020 is too much"}},
		{"a blank that does not break", "Partner 10", "Partner\u00a010", []string{"at 7: U+0020 is not U+00A0"}},
		{"nothing to see", "Season", "Sea\u200bson", []string{"at 3: U+200B is missing"}},
		{"Cyrillic capitals", "СЕЗОН", "CЕЗOН", []string{"at 0: U+0421 'С' is not U+0043 'C'", "at 3: U+041E 'О' is not U+004F 'O'"}},
		{"Cyrillic in Latin", "Bоnus", "Bonus", []string{"at 1: U+043E 'о' is not U+006F 'o'"}},
		{"Greek", "Αlpha", "Alpha", []string{"at 0: U+0391 'Α' is not U+0041 'A'"}},
		{"full width", "ＡＢ", "AB", []string{"at 0: U+FF21 'Ａ' is not U+0041 'A'", "at 1: U+FF22 'Ｂ' is not U+0042 'B'"}},
		{"a ligature", "eﬃcient", "efficient", []string{"at 1: U+FB03 'ﬃ' is not U+0066 'f'", "at 2: U+0066 'f' is missing", "at 2: U+0069 'i' is missing"}},
		{"composed and not", "Été", "E\u0301te\u0301", []string{"at 0: U+00C9 'É' is not U+0045 'E'", "at 1: U+0301 is missing",
			"at 2: U+00E9 'é' is not U+0065 'e'", "at 3: U+0301 is missing"}},
		{"a dash", "A–B", "A-B", []string{"at 1: U+2013 '–' is not U+002D '-'"}},
		{"another word", "Season", "Seasons", nil},
		{"another number", "Partner 10", "Partner 11", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, swap := range []bool{false, true} {
				rule, dir := c.rule, c.directory
				if swap {
					rule, dir = dir, rule
				}
				b, err := pricing.BindTerms([]string{rule}, []pricing.Discount{{Name: dir}}, []pricing.Action{{Name: dir, Agreement: "a1"}}, []partner.AgreementID{"a1"})
				require.NoError(t, err)
				require.Empty(t, b.Links)
				require.Equal(t, []pricing.Unmatched{{Path: "names[0]", Text: rule}}, b.Unmatched)
				require.Equal(t, []string{dir}, b.Unused)
				require.Equal(t, c.differ != nil, len(b.NearMisses) == 1)
				if c.differ == nil || swap {
					continue
				}
				var got []string
				for _, d := range b.NearMisses[0].Differ {
					got = append(got, d.String())
				}
				require.Equal(t, c.differ, got)
			}
		})
	}
}

func TestIDsWinOverNames(t *testing.T) {
	dir := []pricing.Discount{{ID: "d1", Name: "One"}, {ID: "d2", Name: "Two"}}
	agreements := []partner.AgreementID{"a1"}
	bind := func(actions ...pricing.Action) (pricing.Binding, error) {
		return pricing.BindTerms([]string{"One", "Two"}, dir, actions, agreements)
	}
	b, err := bind(pricing.Action{ID: "d2", Agreement: "a1"})
	require.NoError(t, err)
	require.Equal(t, []pricing.TermsLink{{Name: "Two", Agreement: "a1"}}, b.Links)

	_, err = bind(pricing.Action{ID: "d2", Name: "One", Agreement: "a1"})
	require.ErrorIs(t, err, pricing.ErrTerms)
	require.Equal(t, []string{"actions[0].name pricing.contradiction"}, issuesAt(err))

	// An id that is unknown does not fall back on the name.
	b, err = bind(pricing.Action{ID: "d3", Name: "One", Agreement: "a1"}, pricing.Action{Name: "Two", Agreement: "a2"})
	require.NoError(t, err)
	require.Empty(t, b.Links)
	require.Equal(t, []pricing.Unmatched{{Path: "actions[0]", Text: "d3"}, {Path: "actions[1].agreement", Text: "a2"}}, b.Unmatched)

	_, err = pricing.BindTerms(nil, append(dir, pricing.Discount{ID: "d1", Name: "Two"}), nil, nil)
	require.Equal(t, []string{"discounts[2].name pricing.twice", "discounts[2].id pricing.twice"}, issuesAt(err))
}

// A renamed discount is granted under its old name as known before and under
// its new one from then on; the engine binds as BindTerms does.
func TestARenamedDiscountInTheEngine(t *testing.T) {
	renamed := noon.Add(time.Hour)
	tf := tariff(t, pricing.EN16931(), off("OLD", "10", pricing.OnLine, 1), off("NEW", "20", pricing.OnLine, 1))
	tf.Rules[0].Discount, tf.Rules[1].Discount = "Spring", "Spring!"
	tf.Discounts = []pricing.Discount{{ID: "d1", Name: "Spring", Span: pricing.Span{Gone: renamed}}, {ID: "d1", Name: "Spring!", Span: pricing.Span{Known: renamed}}}
	tf.Actions = []pricing.Action{{ID: "d1", Agreement: "a1"}}
	e := engine(t, tf)
	b := basket(money100())
	b.Agreements = []partner.AgreementID{"a1"}
	b.Known = renamed.Add(-time.Second)
	require.Equal(t, "90.00", quote(t, e, b).Net.Text())
	b.Known = renamed
	require.Equal(t, "80.00", quote(t, e, b).Net.Text())
	b.Known = time.Time{} // an engine takes what was known at the basket's instant
	require.Equal(t, "90.00", quote(t, e, b).Net.Text())

	require.Equal(t, []string{"Spring", "Spring!"}, tf.DiscountNames())
	bound, err := pricing.BindTerms(tf.DiscountNames(), tf.Discounts, tf.Actions, b.Agreements)
	require.NoError(t, err)
	require.Equal(t, []pricing.TermsLink{{Name: "Spring", Agreement: "a1", Span: pricing.Span{Gone: renamed}},
		{Name: "Spring!", Agreement: "a1", Span: pricing.Span{Known: renamed}}}, bound.Links)
	require.Equal(t, []pricing.Unmatched{{Path: "names[0]", Text: "Spring"}}, bound.Unmatched, "no entry of the name stands")
}

// Whatever the names: what is bound is equal byte for byte, and no name is
// both bound and reported.
func TestBoundNamesAreEqual(t *testing.T) {
	name := rapid.StringOfN(rapid.RuneFrom([]rune("aAаАbВ \u00a0ﬁfi")), 1, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		dir := rapid.SliceOfNDistinct(name, 1, 4, rapid.ID).Draw(t, "directory")
		var discounts []pricing.Discount
		var actions []pricing.Action
		for _, n := range dir {
			if n == "" || isBlank(n) {
				continue
			}
			discounts = append(discounts, pricing.Discount{Name: n})
			actions = append(actions, pricing.Action{Name: n, Agreement: "a"})
		}
		rules := rapid.SliceOfN(name, 0, 4).Draw(t, "rules")
		b, err := pricing.BindTerms(rules, discounts, actions, []partner.AgreementID{"a"})
		require.NoError(t, err)
		bound := map[string]bool{}
		for _, l := range b.Links {
			bound[l.Name] = true
			require.Contains(t, dir, l.Name)
			require.Contains(t, rules, l.Name)
		}
		for _, u := range b.Unmatched {
			require.False(t, bound[u.Text])
		}
		for _, m := range b.NearMisses {
			require.NotEqual(t, m.Ours, m.Theirs)
			require.NotEmpty(t, m.Differ)
			require.False(t, bound[m.Ours])
		}
	})
}
