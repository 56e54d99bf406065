package pricing

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// RuneDiff is one place where two spellings differ. Ours or Theirs is "" where
// the other has a character more.
type RuneDiff struct {
	// At counts the characters of ours before the place, from 0.
	At     int    `json:"at"`
	Ours   string `json:"ours,omitempty"`   // "U+0421 'С'"
	Theirs string `json:"theirs,omitempty"` // "U+0043 'C'"
}

// String prints "at 3: U+0421 'С' is not U+0043 'C'".
func (d RuneDiff) String() string {
	switch {
	case d.Ours == "":
		return fmt.Sprintf("at %d: %s is missing", d.At, d.Theirs)
	case d.Theirs == "":
		return fmt.Sprintf("at %d: %s is too much", d.At, d.Ours)
	}
	return fmt.Sprintf("at %d: %s is not %s", d.At, d.Ours, d.Theirs)
}

// look brings a name to what a reader sees: no case, no blanks, no accents,
// compatibility forms as plain ones, and letters of Cyrillic and Greek that look
// like Latin ones as these. Names of one look are near misses, and never more
// than that.
func look(name string) string {
	var b strings.Builder
	for _, r := range name {
		// Unicode takes marks such as ´ apart into a blank and an accent.
		if _, mark := lookalikes[r]; !mark || unicode.IsLetter(r) {
			if form, ok := plainForms()[r]; ok {
				for _, p := range form {
					see(&b, p)
				}
				continue
			}
		}
		see(&b, r)
	}
	return b.String()
}

// see writes a character unless a reader does not see it.
func see(b *strings.Builder, r rune) {
	if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r) {
		b.WriteRune(seen(r))
	}
}

// seen is a letter without case and script. Capitals decide: В and в count as
// b, because В looks like B.
func seen(r rune) rune {
	r = unicode.ToLower(unicode.ToUpper(r))
	if same, ok := lookalikes[r]; ok {
		return same
	}
	return r
}

var lookalikes = map[rune]rune{
	// Cyrillic.
	'а': 'a', 'в': 'b', 'е': 'e', 'з': '3', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c',
	'т': 't', 'у': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ј': 'j', 'ԁ': 'd', 'һ': 'h', 'ԛ': 'q', 'ԝ': 'w', 'ѵ': 'v', 'ӏ': 'i',
	// Greek; those that look Cyrillic count as these.
	'α': 'a', 'β': 'b', 'ε': 'e', 'ζ': 'z', 'η': 'h', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'n', 'ο': 'o',
	'ρ': 'p', 'τ': 't', 'υ': 'y', 'χ': 'x', 'ϳ': 'j', 'γ': 'г', 'π': 'п', 'φ': 'ф', 'λ': 'л', 'δ': 'д',
	// Latin with no dot, and marks that stand for one another.
	'ı': 'i', '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '−': '-', '’': '\'', '‘': '\'', 'ʼ': '\'', '`': '\'', '´': '\'',
	'\u1fef': '\'', '\u1ffd': '\'', // which Unicode's normal forms make ` and ´ of
	'“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '×': 'x', '\u2044': '/',
}

// plainForms gives the plain form of accented letters and of compatibility
// characters (full widths, ligatures, Roman numerals, small figures, signs) whose
// form is Latin, Greek or Cyrillic, a figure or a mark: as Unicode decomposes
// them (NFKD), less the accents. The table is read when a name is first missed.
var plainForms = sync.OnceValue(func() map[rune]string {
	forms := map[rune]string{'ß': "ss", 'ẞ': "ss"} // not decomposed, but written so
	for line := range strings.Lines(plainTable) {
		form, runes, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for _, r := range runes {
			forms[r] = form
		}
	}
	return forms
})

// plainTable has a plain form a line, and behind it the characters of it.
//
//go:embed terms_look.txt
var plainTable string

// differ lists where two spellings differ: the fewest changes that make one of
// the other. Names are short (maxTermText), so the table is small.
func differ(ours, theirs string) []RuneDiff {
	a, b := []rune(ours), []rune(theirs)
	cost := make([][]int, len(a)+1)
	for i := range cost {
		cost[i] = make([]int, len(b)+1)
	}
	for i := len(a); i >= 0; i-- {
		for k := len(b); k >= 0; k-- {
			switch {
			case i == len(a):
				cost[i][k] = len(b) - k
			case k == len(b):
				cost[i][k] = len(a) - i
			case a[i] == b[k]:
				cost[i][k] = cost[i+1][k+1]
			default:
				cost[i][k] = 1 + min(cost[i+1][k+1], cost[i+1][k], cost[i][k+1])
			}
		}
	}
	var out []RuneDiff
	for i, k := 0, 0; i < len(a) || k < len(b); {
		switch {
		case i < len(a) && k < len(b) && a[i] == b[k]:
			i, k = i+1, k+1
		case i < len(a) && k < len(b) && cost[i][k] == 1+cost[i+1][k+1]:
			out = append(out, RuneDiff{At: i, Ours: visible(a[i]), Theirs: visible(b[k])})
			i, k = i+1, k+1
		case i < len(a) && (k == len(b) || cost[i][k] == 1+cost[i+1][k]):
			out = append(out, RuneDiff{At: i, Ours: visible(a[i])})
			i++
		default:
			out = append(out, RuneDiff{At: i, Theirs: visible(b[k])})
			k++
		}
	}
	return out
}

// visible is "U+0421 'С'"; what cannot be seen has its number only.
func visible(r rune) string {
	if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) {
		return fmt.Sprintf("U+%04X '%c'", r, r)
	}
	return fmt.Sprintf("U+%04X", r)
}
