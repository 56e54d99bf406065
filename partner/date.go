package partner

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Date is a calendar day without a zone, years 1 to 9999. It is a comparable
// value; the zero Date is no day. As JSON and text it is ISO 8601
// "2026-03-01", the zero Date an empty text.
type Date struct {
	year       int16
	month, day uint8
}

// ErrDate refuses what is no calendar day.
var ErrDate = fault.Define(fault.Invalid, "partner.date", "not a calendar day of the form YYYY-MM-DD")

// NewDate makes a day. A day that no calendar has (30 February) or a year
// outside 1 to 9999 is ErrDate (Invalid, partner.date).
func NewDate(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return Date{}, ErrDate
	}
	return Date{year: int16(year), month: uint8(month), day: uint8(day)}, nil
}

// MustDate is ParseDate for literals; it panics on an error.
func MustDate(text string) Date {
	d, err := ParseDate(text)
	if err != nil {
		panic(fmt.Sprintf("partner.MustDate(%q): %v", text, err))
	}
	return d
}

// ParseDate reads "YYYY-MM-DD" strictly. Anything else, the empty text
// included, is ErrDate.
func ParseDate(text string) (Date, error) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return Date{}, ErrDate
	}
	y, ok1 := digits(text[:4])
	m, ok2 := digits(text[5:7])
	d, ok3 := digits(text[8:])
	if !ok1 || !ok2 || !ok3 {
		return Date{}, ErrDate
	}
	return NewDate(y, time.Month(m), d)
}

// DateOf returns the day that an instant falls on in a zone; the zero time is
// the zero Date, as is a year outside 1 to 9999. A nil zone is UTC.
func DateOf(t time.Time, zone *time.Location) Date {
	if t.IsZero() {
		return Date{}
	}
	if zone == nil {
		zone = time.UTC
	}
	return dayOf(t.In(zone))
}

// dayOf is the day a clock shows, the zero Date beyond the years 1 to 9999.
func dayOf(t time.Time) Date {
	d, err := NewDate(t.Date())
	if err != nil {
		return Date{}
	}
	return d
}

// Year returns the year, 0 for the zero Date.
func (d Date) Year() int { return int(d.year) }

// Month returns the month, 0 for the zero Date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month, 0 for the zero Date.
func (d Date) Day() int { return int(d.day) }

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or 1 as d is before, on or after b; the zero Date is
// before every day.
func (d Date) Compare(b Date) int {
	x, y := d.ordinal(), b.ordinal()
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Before reports whether d is before b.
func (d Date) Before(b Date) bool { return d.Compare(b) < 0 }

// After reports whether d is after b.
func (d Date) After(b Date) bool { return d.Compare(b) > 0 }

// AddDays returns the day n days later, earlier when n is negative. From the
// zero Date, or beyond the years 1 to 9999, it is the zero Date.
func (d Date) AddDays(n int) Date {
	const span = 9999 * 366
	if d.IsZero() || n > span || n < -span {
		return Date{}
	}
	return dayOf(time.Date(d.Year(), d.Month(), d.Day()+n, 0, 0, 0, 0, time.UTC))
}

// String returns "YYYY-MM-DD", "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// MarshalText writes what String returns; JSON uses it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads; an empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	p, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = p
	return nil
}

func (d Date) ordinal() int { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// digits reads a short run of ASCII digits.
func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}
