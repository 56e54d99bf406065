package pricing_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/pricing"
)

// plainForm is the decomposition of a character without accents and blanks; ok
// is false when it is the character itself or of another script.
func plainForm(r rune) (form string, ok bool) {
	if unicode.In(r, unicode.Mn, unicode.Zs) {
		return "", false // not seen at all
	}
	form = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Zs) {
			return -1
		}
		return r
	}, norm.NFKD.String(string(r)))
	others := func(r rune) bool {
		return !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common)
	}
	return form, form != string(r) && !strings.ContainsFunc(form, others)
}

// The table of plain forms is what Unicode says.
func TestPlainForms(t *testing.T) {
	forms := map[string][]rune{}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if form, ok := plainForm(r); ok {
			forms[form] = append(forms[form], r)
		}
	}
	var b strings.Builder
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		fmt.Fprintf(&b, "%s\t%s\n", form, string(forms[form]))
	}
	golden.Check(t, "terms_look.txt", []byte(b.String()))
}

func nearMisses(t require.TestingT, ours, theirs string) int {
	b, err := pricing.BindTerms([]string{ours}, []pricing.Discount{{Name: theirs}}, nil, nil)
	require.NoError(t, err)
	require.Len(t, b.Unmatched, 1)
	return len(b.NearMisses)
}

// A name in another of Unicode's normal forms is missed nearly, not simply.
func TestNormalFormsAreNearMisses(t *testing.T) {
	for _, name := range []string{"Čeština", "Łódź", "Şeker", "Ένα ώρα", "Ψῆφος", "Київ, ёлка", "Őrség", "Tiếng Việt", "ﬄ Ǆ", "㎏", "ＦＵＬＬ　ｗｉｄｔｈ", "𝐁old", "Ⅻ", "℡", "10½", "№ 5", "İzmir"} {
		missed := 0
		for _, f := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
			other := f.String(name)
			if other == name {
				continue
			}
			missed++
			require.Equal(t, 1, nearMisses(t, name, other), "%+q and %+q", name, other)
			require.Equal(t, 1, nearMisses(t, other, name), "%+q and %+q", other, name)
		}
		require.NotZero(t, missed, "%q has but one form", name)
	}
	for _, pair := range [][2]string{{"Straße", "STRASSE"}, {"Côte d’Azur", "COTE D'AZUR"}, {"d´Azur", "d'Azur"}, {"d\u1ffdAzur", "d´Azur"}, {"d\u1fefAzur", "d`Azur"}} {
		require.Equal(t, 1, nearMisses(t, pair[0], pair[1]), "%q", pair)
	}
	require.Zero(t, nearMisses(t, "Čeština", "Češtino"))
}

// Any text of letters with accents is nearly its own other forms.
func TestAnyNormalFormIsANearMiss(t *testing.T) {
	letter := rapid.RuneFrom(nil, unicode.Latin, unicode.Greek, unicode.Cyrillic).Filter(unicode.IsLetter)
	rapid.Check(t, func(t *rapid.T) {
		name := "x" + rapid.StringOfN(letter, 1, 8, -1).Draw(t, "name")
		other := rapid.SampledFrom([]norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD}).Draw(t, "form").String(name)
		if other != name {
			require.Equal(t, 1, nearMisses(t, name, other), "%+q and %+q", name, other)
		}
	})
}
