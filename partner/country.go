package partner

import (
	"sort"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// Country is a country by its alpha-2 code of ISO 3166-1, in capitals ("FR");
// "" is none. Only officially assigned codes are countries: the United
// Kingdom is GB, Greece is GR whatever its VAT prefix says, and codes that ISO
// leaves to its users (XK) are none.
type Country string

// ErrCountry refuses what is no code of ISO 3166-1.
var ErrCountry = fault.Define(fault.Invalid, "partner.country", "the country code is unknown")

// countryStep is the width of one entry of isoCountries.
const countryStep = 6

// ParseCountry reads an alpha-2 or alpha-3 code of ISO 3166-1 in any case and
// returns the country. Blanks around it are ignored. Anything else, the empty
// text included, is ErrCountry (Invalid, partner.country).
func ParseCountry(text string) (Country, error) {
	code := strings.TrimSpace(text)
	if len(code) != 2 && len(code) != 3 {
		return "", ErrCountry
	}
	for i := 0; i < len(code); i++ {
		if code[i]|0x20 < 'a' || code[i]|0x20 > 'z' {
			return "", ErrCountry
		}
	}
	code = strings.ToUpper(code)
	if len(code) == 2 {
		if !Country(code).Valid() {
			return "", ErrCountry
		}
		return Country(code), nil
	}
	for i := 0; i < len(isoCountries); i += countryStep {
		if code == isoCountries[i+2:i+5] {
			return Country(isoCountries[i : i+2]), nil
		}
	}
	return "", ErrCountry
}

// Countries returns all countries in the order of their alpha-2 codes. The
// slice is the caller's.
func Countries() []Country {
	all := make([]Country, 0, len(isoCountries)/countryStep)
	for i := 0; i < len(isoCountries); i += countryStep {
		all = append(all, Country(isoCountries[i:i+2]))
	}
	return all
}

// Valid reports whether c is the alpha-2 code of a country, in capitals.
func (c Country) Valid() bool { return c.entry() >= 0 }

// Alpha3 returns the alpha-3 code ("FRA"), "" for what is not Valid.
func (c Country) Alpha3() string {
	i := c.entry()
	if i < 0 {
		return ""
	}
	return isoCountries[i+2 : i+5]
}

// MarshalText writes the alpha-2 code. A country that is neither Valid nor
// empty is ErrCountry.
func (c Country) MarshalText() ([]byte, error) {
	if c != "" && !c.Valid() {
		return nil, ErrCountry
	}
	return []byte(c), nil
}

// UnmarshalText reads what ParseCountry reads; an empty text is no country.
func (c *Country) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = ""
		return nil
	}
	p, err := ParseCountry(string(text))
	if err != nil {
		return err
	}
	*c = p
	return nil
}

// entry is where c stands in isoCountries, -1 if it does not.
func (c Country) entry() int {
	if len(c) != 2 {
		return -1
	}
	n := len(isoCountries) / countryStep
	i := countryStep * sort.Search(n, func(i int) bool {
		return isoCountries[i*countryStep:i*countryStep+2] >= string(c)
	})
	if i == len(isoCountries) || isoCountries[i:i+2] != string(c) {
		return -1
	}
	return i
}
