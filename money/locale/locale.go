package locale

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/comptoir-go/comptoir/fault"
)

// The errors of reading that package money does not have. Both are of kind
// fault.Invalid.
var (
	// ErrAmbiguous: "1.234" or "1,234" where the language does not say which.
	ErrAmbiguous = fault.Define(fault.Invalid, "money.ambiguous", "the separator can be a decimal point or a group")
	// ErrLanguage: not a well-formed BCP 47 language tag.
	ErrLanguage = fault.Define(fault.Invalid, "money.language", "not a language tag")
)

// Locale holds the habits of one language. It is an immutable value, safe for
// concurrent use; the zero Locale is the undetermined language. Make it once
// with For where many amounts are printed.
type Locale struct {
	decimal, group rune // 0: no language
	secondary      int  // digits of the groups left of the last: 3, or 2 in India
	minGroup       int  // digits the first group needs before any is set off
	place          place
	home           string // code of the currency the language's region pays in
}

// place says where the currency stands.
type place uint8

const (
	after       place = iota // 9,45 €
	before                   // €9.45
	beforeSpace              // € 9,45
)

// For returns the habits of a BCP 47 language tag: "fr", "de-CH", "en-IN". An
// empty tag, "und" and languages that are not in Languages give the zero
// Locale. A text that is no tag is ErrLanguage (Invalid, money.language).
func For(lang string) (Locale, error) {
	if lang == "" {
		return Locale{}, nil
	}
	if len(lang) > maxText {
		return Locale{}, ErrLanguage
	}
	tag, err := language.Parse(lang)
	if err != nil {
		return Locale{}, ErrLanguage.Because(err)
	}
	base, _, _ := tag.Raw() // as written: tag.Base would guess "en" for "und"
	if !slices.Contains(languages[:], base.String()) {
		return Locale{}, nil
	}
	return habits(tag, base.String()), nil
}

func habits(tag language.Tag, base string) Locale {
	region, _ := tag.Region()
	l := Locale{secondary: 3, minGroup: 1, home: homeCurrency(region), place: placeOf(base, region.String())}
	if base == "no" { // the macrolanguage has no data of its own
		tag = language.MustParse("nb")
	}
	if base == "es" && !latin(base, region.String()) || base == "pl" || base == "pt" && region.String() != "BR" {
		l.minGroup = 2
	}
	// Native digits would hide the separators from whoever reads ASCII digits.
	if t, err := tag.SetTypeForKey("nu", "latn"); err == nil {
		tag = t
	}
	l.readSample(message.NewPrinter(tag).Sprint(number.Decimal(12345678.5)))
	return l
}

// readSample takes separators and group sizes from 12345678.5 as printed.
func (l *Locale) readSample(sample string) {
	runs := strings.FieldsFunc(sample, func(r rune) bool { return r < '0' || r > '9' })
	for _, r := range sample {
		if r >= '0' && r <= '9' {
			continue
		}
		if l.group == 0 {
			l.group = r
		}
		l.decimal = r
	}
	if len(runs) >= 4 {
		l.secondary = len(runs[len(runs)-3])
	}
}

// Languages returns the codes of the languages whose habits For knows; all
// their regions are covered. The slice is the caller's.
func Languages() []string { return slices.Clone(languages[:]) }

// IsZero reports whether the language is undetermined.
func (l Locale) IsZero() bool { return l.decimal == 0 }
