package money

import (
	"fmt"
	"sort"
	"strings"
)

// Currency is a currency of ISO 4217 with its own number of decimals: 0 (JPY),
// 2 (EUR), 3 (BHD) or 4 (CLF, UYW). It is a small value, comparable with ==;
// the zero Currency is none. What it holds inside is not stable between
// versions: store the code.
type Currency struct{ row uint8 }

// A handful of currencies for code and tests; MustCurrency has the others.
var (
	EUR = MustCurrency("EUR") // 2 decimals
	USD = MustCurrency("USD") // 2 decimals
	GBP = MustCurrency("GBP") // 2 decimals
	CHF = MustCurrency("CHF") // 2 decimals
	PLN = MustCurrency("PLN") // 2 decimals
	SEK = MustCurrency("SEK") // 2 decimals
	JPY = MustCurrency("JPY") // no decimals
	BHD = MustCurrency("BHD") // 3 decimals
	CLF = MustCurrency("CLF") // 4 decimals
)

// ParseCurrency finds a currency by its alphabetic code in capitals ("EUR") or
// its numeric code of three digits ("978"). Where a withdrawn currency shares
// its number with the one that followed (ANG and XCG, 532), the number names
// the one in force. Anything else is ErrUnknownCurrency (Invalid,
// money.unknown_currency).
func ParseCurrency(code string) (Currency, error) {
	if len(code) == 3 {
		if code[0] >= '0' && code[0] <= '9' {
			return byNumber(code)
		}
		rows := entries[1:]
		i := sort.Search(len(rows), func(i int) bool { return rows[i].code >= code })
		if i < len(rows) && rows[i].code == code {
			return Currency{row: uint8(i + 1)}, nil
		}
	}
	return Currency{}, unknownCurrency(code)
}

func byNumber(code string) (Currency, error) {
	found := 0
	for i := range entries {
		if entries[i].numeric == code && (found == 0 || !entries[i].withdrawn) {
			found = i
		}
	}
	if found == 0 {
		return Currency{}, unknownCurrency(code)
	}
	return Currency{row: uint8(found)}, nil
}

func unknownCurrency(code string) error {
	if len(code) > 16 {
		code = code[:16] + "…"
	}
	return ErrUnknownCurrency.With("the currency %q is unknown", strings.ToValidUTF8(code, "?"))
}

// MustCurrency is ParseCurrency for literals; it panics on an unknown code.
func MustCurrency(code string) Currency {
	c, err := ParseCurrency(code)
	if err != nil {
		panic(fmt.Sprintf("money.MustCurrency(%q): %v", code, err))
	}
	return c
}

// Currencies returns all known currencies in the order of their codes, the
// withdrawn ones included. The slice is the caller's.
func Currencies() []Currency {
	all := make([]Currency, 0, len(entries)-1)
	for i := 1; i < len(entries); i++ {
		all = append(all, Currency{row: uint8(i)})
	}
	return all
}

// Code returns the alphabetic code, "EUR"; "" for the zero Currency.
func (c Currency) Code() string { return entries[c.row].code }

// Numeric returns the numeric code as three digits, "978" or "008"; "" for the
// zero Currency.
func (c Currency) Numeric() string { return entries[c.row].numeric }

// Digits returns the number of decimals of the minor unit: 0, 2, 3 or 4.
func (c Currency) Digits() int { return int(entries[c.row].digits) }

// Withdrawn reports whether ISO 4217 no longer lists the currency as active.
// It stays readable, for documents of its time.
func (c Currency) Withdrawn() bool { return entries[c.row].withdrawn }

// IsZero reports whether c is no currency.
func (c Currency) IsZero() bool { return c.row == 0 }

// String returns the alphabetic code.
func (c Currency) String() string { return c.Code() }

// MarshalText writes the alphabetic code, nothing for the zero Currency.
func (c Currency) MarshalText() ([]byte, error) { return []byte(c.Code()), nil }

// AppendText appends the alphabetic code.
func (c Currency) AppendText(b []byte) ([]byte, error) { return append(b, c.Code()...), nil }

// UnmarshalText reads what ParseCurrency reads; an empty text is the zero
// Currency.
func (c *Currency) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = Currency{}
		return nil
	}
	p, err := ParseCurrency(string(text))
	if err != nil {
		return err
	}
	*c = p
	return nil
}

func (c Currency) orNone() string {
	if c.IsZero() {
		return "(none)"
	}
	return c.Code()
}
