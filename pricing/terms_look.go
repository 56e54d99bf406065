package pricing

import (
	"fmt"
	"strings"
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

// look brings a name to what a reader sees: no case, no blanks, no accents that
// are characters of their own, compatibility forms as plain ones, and letters
// of Cyrillic and Greek that look like Latin ones as these. Names of one look
// are near misses, and never more than that.
func look(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 0x80 {
			if plain, ok := compatible(r); ok {
				for _, p := range plain {
					b.WriteRune(seen(p))
				}
				continue
			}
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) {
			continue
		}
		b.WriteRune(seen(r))
	}
	return b.String()
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
	'а': 'a', 'в': 'b', 'е': 'e', 'ё': 'e', 'з': '3', 'й': 'и', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c',
	'т': 't', 'у': 'y', 'ў': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ї': 'i', 'ј': 'j', 'ԁ': 'd', 'һ': 'h', 'ԛ': 'q', 'ԝ': 'w', 'ѵ': 'v', 'ӏ': 'i',
	// Greek; those that look Cyrillic count as these.
	'α': 'a', 'ά': 'a', 'β': 'b', 'ε': 'e', 'έ': 'e', 'ζ': 'z', 'η': 'h', 'ή': 'h', 'ι': 'i', 'ί': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'n', 'ο': 'o', 'ό': 'o',
	'ρ': 'p', 'τ': 't', 'υ': 'y', 'ύ': 'y', 'χ': 'x', 'ϲ': 'c', 'ϳ': 'j', 'γ': 'г', 'π': 'п', 'φ': 'ф', 'λ': 'л', 'δ': 'д',
	// Latin with no dot, and marks that stand for one another.
	'ı': 'i', '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '−': '-', '’': '\'', '‘': '\'', 'ʼ': '\'', '`': '\'', '´': '\'',
	'“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '×': 'x',
}

// compatible gives the plain form of a compatibility character, as Unicode
// decomposes it: the full widths, ligatures, Roman numerals, small figures and
// signs that names of discounts may carry, and letters with an accent.
func compatible(r rune) (string, bool) {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E: // full width
		return string(r - 0xFF01 + '!'), true
	case r >= 0x2460 && r <= 0x2468: // circled 1 to 9
		return string(r - 0x2460 + '1'), true
	case r >= 0x24B6 && r <= 0x24CF: // circled A to Z
		return string(r - 0x24B6 + 'a'), true
	case r >= 0x24D0 && r <= 0x24E9: // circled a to z
		return string(r - 0x24D0 + 'a'), true
	case r >= 0x2080 && r <= 0x2089: // below the line
		return string(r - 0x2080 + '0'), true
	case r == 0x2070 || r >= 0x2074 && r <= 0x2079: // above the line
		return string(r - 0x2070 + '0'), true
	}
	s, ok := compatibles[r]
	return s, ok
}

var compatibles = map[rune]string{
	'¹': "1", '²': "2", '³': "3", 'ª': "a", 'º': "o", '½': "1/2", '¼': "1/4", '¾': "3/4", '…': "...", '№': "no", '™': "tm", '℠': "sm",
	'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st", 'ſ': "s", 'ĳ': "ij", 'Ĳ': "ij", 'ß': "ss", 'ẞ': "ss",
	'Ⅰ': "i", 'Ⅱ': "ii", 'Ⅲ': "iii", 'Ⅳ': "iv", 'Ⅴ': "v", 'Ⅵ': "vi", 'Ⅶ': "vii", 'Ⅷ': "viii", 'Ⅸ': "ix", 'Ⅹ': "x", 'Ⅺ': "xi", 'Ⅻ': "xii",
	'ⅰ': "i", 'ⅱ': "ii", 'ⅲ': "iii", 'ⅳ': "iv", 'ⅴ': "v", 'ⅵ': "vi", 'ⅶ': "vii", 'ⅷ': "viii", 'ⅸ': "ix", 'ⅹ': "x", 'ⅺ': "xi", 'ⅻ': "xii",
	'\u00B5': "m", '\u212A': "k", '\u212B': "a", '\u2126': "ω", // micro, kelvin, ångström, ohm
	'à': "a", 'á': "a", 'â': "a", 'ã': "a", 'ä': "a", 'å': "a", 'ç': "c", 'è': "e", 'é': "e", 'ê': "e", 'ë': "e", 'ì': "i", 'í': "i", 'î': "i", 'ï': "i",
	'ñ': "n", 'ò': "o", 'ó': "o", 'ô': "o", 'õ': "o", 'ö': "o", 'ù': "u", 'ú': "u", 'û': "u", 'ü': "u", 'ý': "y", 'ÿ': "y",
	'À': "a", 'Á': "a", 'Â': "a", 'Ã': "a", 'Ä': "a", 'Å': "a", 'Ç': "c", 'È': "e", 'É': "e", 'Ê': "e", 'Ë': "e", 'Ì': "i", 'Í': "i", 'Î': "i", 'Ï': "i",
	'Ñ': "n", 'Ò': "o", 'Ó': "o", 'Ô': "o", 'Õ': "o", 'Ö': "o", 'Ù': "u", 'Ú': "u", 'Û': "u", 'Ü': "u", 'Ý': "y", 'Ÿ': "y",
}

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
