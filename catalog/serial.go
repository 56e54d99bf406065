package catalog

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/fault"
)

// ErrSerial refuses what cannot be a serial number at all.
var ErrSerial = fault.Define(fault.Invalid, "catalog.serial", "not a serial number")

// maxSerial bounds serial numbers, in bytes.
const maxSerial = 64

// SerialLayout is how many digits each part of a structured serial number
// has. The zero value is the default: 10, 4 and 4.
type SerialLayout struct {
	Series      int `json:"series"`
	Date        int `json:"date"`
	Progressive int `json:"progressive"`
}

// DefaultLayout is series 10, production date 4, progressive number 4.
func DefaultLayout() SerialLayout { return SerialLayout{Series: 10, Date: 4, Progressive: 4} }

func (l SerialLayout) orDefault() SerialLayout {
	if l == (SerialLayout{}) {
		return DefaultLayout()
	}
	return l
}

func (l SerialLayout) valid() bool {
	ok := func(n int) bool { return n >= 0 && n <= maxSerial }
	return ok(l.Series) && ok(l.Date) && ok(l.Progressive)
}

// Serial is the serial number of an appliance or a part. It is a comparable
// value; the zero Serial is none.
//
// As text and JSON it is what was read, followed by "@" and the decade where
// one is known: "613254671253762133@2010". Reading it back applies the
// default layout; Under applies another.
type Serial struct {
	raw    string
	decade int16
	layout SerialLayout // zero when unstructured
}

// ParseSerial reads a serial number. A text that has exactly the layout's
// number of digits, blanks, dots and dashes aside, is structured; any other is
// kept as it is and Unstructured. A suffix "@2010" gives the decade of
// production. Blanks around the text are dropped. The empty text, more than 64
// bytes, and characters that cannot be printed are ErrSerial (Invalid,
// catalog.serial), as is a layout with a part below 0 or above 64 digits.
func ParseSerial(text string, layout SerialLayout) (Serial, error) {
	if !layout.valid() {
		return Serial{}, ErrSerial.With("a part of the layout is negative or longer than %d digits", maxSerial)
	}
	text = strings.TrimSpace(text)
	if len(text) > maxSerial || !utf8.ValidString(text) ||
		strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Serial{}, ErrSerial
	}
	raw, year := cutDecade(text)
	if _, again := cutDecade(raw); raw == "" || again != 0 {
		return Serial{}, ErrSerial
	}
	return Serial{raw: raw, decade: int16(year)}.Under(layout), nil
}

// cutDecade takes a suffix "@2010" off.
func cutDecade(text string) (raw string, year int) {
	i := len(text) - 5
	if i < 0 || text[i] != '@' || !onlyDigits(text[i+1:]) {
		return text, 0
	}
	if year, _ = strconv.Atoi(text[i+1:]); !decade(year) {
		return text, 0
	}
	return strings.TrimSpace(text[:i]), year
}

// MustSerial is ParseSerial under the default layout for literals; it panics
// on an error.
func MustSerial(text string) Serial {
	s, err := ParseSerial(text, SerialLayout{})
	if err != nil {
		panic("catalog.MustSerial: " + err.Error())
	}
	return s
}

// Under reads the same serial number under another layout; the zero layout is
// the default. A layout that ParseSerial refuses leaves it unstructured.
func (s Serial) Under(layout SerialLayout) Serial {
	s.layout = SerialLayout{}
	if !layout.valid() {
		return s
	}
	layout = layout.orDefault()
	compact := compactSerial(s.raw)
	if len(compact) == layout.Series+layout.Date+layout.Progressive && onlyDigits(compact) {
		s.layout = layout
	}
	return s
}

// WithDecade returns the serial number with the decade of production, 2010
// for 2010 to 2019; 0 is unknown. Other years are ErrSerial.
func (s Serial) WithDecade(year int) (Serial, error) {
	if year != 0 && !decade(year) || s.raw == "" {
		return s, ErrSerial.With("%d is not a decade", year)
	}
	s.decade = int16(year)
	return s, nil
}

func decade(year int) bool { return year >= 1900 && year < 2200 && year%10 == 0 }

// IsZero reports whether s is none.
func (s Serial) IsZero() bool { return s.raw == "" }

// Unstructured reports whether the text does not follow the layout, so that
// it has no parts.
func (s Serial) Unstructured() bool { return s.layout == SerialLayout{} }

// Raw returns the text as it was read, without the decade.
func (s Serial) Raw() string { return s.raw }

// Full returns the full serial number: the digits of a structured one without
// blanks, dots and dashes, the text of an unstructured one. Two spellings of
// one structured number have the same Full.
func (s Serial) Full() string {
	if s.Unstructured() {
		return s.raw
	}
	return compactSerial(s.raw)
}

// Series returns the first part, "" when unstructured.
func (s Serial) Series() string { return s.part(0, s.layout.Series) }

// ProductionDate returns the second part, as digits: what they mean is the
// maker's. "" when unstructured.
func (s Serial) ProductionDate() string { return s.part(s.layout.Series, s.layout.Date) }

// Progressive returns the third part, "" when unstructured.
func (s Serial) Progressive() string {
	return s.part(s.layout.Series+s.layout.Date, s.layout.Progressive)
}

// Decade returns the first year of the decade of production, 0 when unknown.
func (s Serial) Decade() int { return int(s.decade) }

func (s Serial) part(from, n int) string {
	if s.Unstructured() {
		return ""
	}
	return s.Full()[from : from+n]
}

// String returns the text with the decade where one is known.
func (s Serial) String() string {
	if s.decade == 0 {
		return s.raw
	}
	return s.raw + "@" + strconv.Itoa(int(s.decade))
}

// MarshalText writes what String returns; JSON uses it.
func (s Serial) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseSerial reads under the default layout; an
// empty text is the zero Serial.
func (s *Serial) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Serial{}
		return nil
	}
	p, err := ParseSerial(string(text), SerialLayout{})
	if err != nil {
		return err
	}
	*s = p
	return nil
}

// compactSerial drops blanks, dots and dashes.
func compactSerial(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' {
			return -1
		}
		return r
	}, s)
}

func onlyDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
