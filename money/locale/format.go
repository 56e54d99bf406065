package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/money"
)

const noBreak = '\u00a0'

// Format prints an amount in the habits of lang; see Locale.Format. A text
// that is no language tag prints as the undetermined language.
func Format(a money.Amount, lang string) string {
	l, err := For(lang)
	if err != nil {
		l = Locale{}
	}
	return l.Format(a)
}

// Format prints an amount with all decimals of its currency: "1 234,56 €" in
// fr, "€1,234.56" in en, "CHF 1’234.56" in de-CH; "" for the zero Amount.
// Parse in the same language reads it back, with the amount's currency.
func (l Locale) Format(a money.Amount) string {
	if a.IsNone() {
		return ""
	}
	if l.IsZero() {
		return a.String()
	}
	sign, digits := cutSign(a.Text())
	var b strings.Builder
	b.WriteString(sign)
	mark := l.mark(a.Currency())
	if l.place != after {
		b.WriteString(mark)
		if l.place == beforeSpace || !isSign(mark) {
			b.WriteRune(noBreak)
		}
	}
	l.write(&b, digits)
	if l.place == after {
		b.WriteRune(noBreak)
		b.WriteString(mark)
	}
	return b.String()
}

// FormatQuantity prints a quantity, without trailing zeros: "1 234,5" in fr.
func (l Locale) FormatQuantity(q money.Quantity) string { return l.format(q.String()) }

// FormatRate prints the number of a rate, without the percent sign: "5,5" in fr.
func (l Locale) FormatRate(r money.Rate) string { return l.format(r.String()) }

func (l Locale) format(plain string) string {
	if l.IsZero() {
		return plain
	}
	var b strings.Builder
	sign, digits := cutSign(plain)
	b.WriteString(sign)
	l.write(&b, digits)
	return b.String()
}

// write puts separators into "1234.56".
func (l Locale) write(b *strings.Builder, plain string) {
	whole, frac, point := strings.Cut(plain, ".")
	grouping := len(whole) >= 3+l.minGroup
	for i, d := range whole {
		if left := len(whole) - i; i > 0 && grouping && l.breaks(left) {
			b.WriteRune(l.group)
		}
		b.WriteRune(d)
	}
	if point {
		b.WriteRune(l.decimal)
		b.WriteString(frac)
	}
}

// breaks reports whether a group starts where so many digits are left.
func (l Locale) breaks(left int) bool {
	return left == 3 || left > 3 && (left-3)%l.secondary == 0
}

// mark is the sign to print, else the code.
func (l Locale) mark(c money.Currency) string {
	for _, s := range symbols {
		if s.code == c.Code() && (!s.shared || s.code == l.home) {
			return s.sign
		}
	}
	return c.Code()
}

// isSign reports whether mark ends in a currency sign, which may touch a digit;
// letters may not.
func isSign(mark string) bool {
	r, _ := utf8.DecodeLastRuneInString(mark)
	return unicode.Is(unicode.Sc, r)
}

func cutSign(s string) (sign, rest string) {
	if strings.HasPrefix(s, "-") {
		return "-", s[1:]
	}
	return "", s
}
