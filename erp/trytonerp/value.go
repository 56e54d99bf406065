package trytonerp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

// What JSON has no form for, Tryton wraps: {"__class__": "Decimal", …}. Money
// is such a Decimal, in its own digits; a quantity is a JSON number, read by
// its letters and never through a float of ours.

// exact is money or a price. Null reads as zero.
type exact struct{ decimal.Decimal }

// numberShape are the numbers that are read: a few letters can stand for
// gigabytes of digits (1e999999999).
var numberShape = regexp.MustCompile(`^-?[0-9]{1,24}(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?$`)

func parse(text string) (decimal.Decimal, error) {
	if !numberShape.MatchString(text) {
		return decimal.Zero, fmt.Errorf("%.30q is no number", text)
	}
	return decimal.NewFromString(text)
}

// text writes a number with the digits it carries; decimal's own String
// depends on a variable of the whole process.
func text(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

func (e exact) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"__class__": "Decimal", "decimal": text(e.Decimal)})
}

func (e *exact) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		e.Decimal = decimal.Zero
		return nil
	}
	var v struct {
		Class   string `json:"__class__"`
		Decimal string `json:"decimal"`
	}
	if err := unwrap(b, "Decimal", &v, &v.Class); err != nil {
		return err
	}
	var err error
	e.Decimal, err = parse(v.Decimal)
	return err
}

// unwrap reads a wrapped value of the class.
func unwrap(b []byte, class string, v any, is *string) error {
	if err := json.Unmarshal(b, v); err != nil {
		return err
	}
	if *is != class {
		return fmt.Errorf("%.40s is no %s", b, class)
	}
	return nil
}

// quantityDigits is where the noise of Tryton's own floats begins.
const quantityDigits = 8

// quantity is a JSON number, rounded to what a unit can have. Null reads as zero.
type quantity struct{ decimal.Decimal }

func (q quantity) MarshalJSON() ([]byte, error) { return []byte(text(q.Decimal)), nil }

func (q *quantity) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		q.Decimal = decimal.Zero
		return nil
	}
	d, err := parse(string(b))
	q.Decimal = trimmed(d.Round(quantityDigits))
	return err
}

// trimmed drops the zeros at the end of the decimals.
func trimmed(d decimal.Decimal) decimal.Decimal {
	for d.Exponent() < 0 {
		less := d.Truncate(-d.Exponent() - 1)
		if !less.Equal(d) {
			break
		}
		d = less
	}
	return d
}

// day is a date, "2006-01-02", and null when it is "".
type day string

type wireDay struct {
	Class string `json:"__class__"`
	Year  int    `json:"year"`
	Month int    `json:"month"`
	Day   int    `json:"day"`
}

func (d day) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return nil, err
	}
	return json.Marshal(wireDay{"date", t.Year(), int(t.Month()), t.Day()})
}

func (d *day) UnmarshalJSON(b []byte) error {
	if *d = ""; string(b) == "null" {
		return nil
	}
	var w wireDay
	if err := unwrap(b, "date", &w, &w.Class); err != nil {
		return err
	}
	t := time.Date(w.Year, time.Month(w.Month), w.Day, 0, 0, 0, 0, time.UTC)
	if t.Year() != w.Year || int(t.Month()) != w.Month || t.Day() != w.Day || w.Year < 1 || w.Year > 9999 {
		return fmt.Errorf("%.60s is no day", b)
	}
	*d = day(t.Format(time.DateOnly))
	return nil
}

// instant is a moment by the server's clock, which counts in UTC, to the
// microsecond; null is the zero time.
type instant struct{ time.Time }

type wireInstant struct {
	wireDay
	Hour        int `json:"hour"`
	Minute      int `json:"minute"`
	Second      int `json:"second"`
	Microsecond int `json:"microsecond"`
}

func (i instant) MarshalJSON() ([]byte, error) {
	if i.IsZero() {
		return []byte("null"), nil
	}
	t := i.UTC()
	return json.Marshal(wireInstant{wireDay{"datetime", t.Year(), int(t.Month()), t.Day()}, t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1000})
}

func (i *instant) UnmarshalJSON(b []byte) error {
	if i.Time = (time.Time{}); string(b) == "null" {
		return nil
	}
	var w wireInstant
	if err := unwrap(b, "datetime", &w, &w.Class); err != nil {
		return err
	}
	t := time.Date(w.Year, time.Month(w.Month), w.Day, w.Hour, w.Minute, w.Second, w.Microsecond*1000, time.UTC)
	if again, err := json.Marshal(instant{t}); err != nil || !sameInstant(again, w) {
		return fmt.Errorf("%.120s is no moment", b)
	}
	i.Time = t
	return nil
}

// sameInstant reports whether nothing of w ran over, as 61 seconds do.
func sameInstant(text []byte, w wireInstant) bool {
	want, err := json.Marshal(w)
	return err == nil && bytes.Equal(text, want)
}
