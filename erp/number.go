package erp

import (
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/shopspring/decimal"
)

// maxDigits is the most digits of a number, before and after its point.
const maxDigits = 19

var numberShape = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// bounded reports whether a number can be worked with: a decimal of a few
// bytes ("1e999999999") can stand for gigabytes of digits.
func bounded(d decimal.Decimal) bool {
	return d.Exponent() >= -maxDigits && d.Exponent() <= maxDigits && d.NumDigits() <= maxDigits
}

// text writes a decimal with the digits it carries. Decimal's own String and
// JSON depend on variables of the whole process.
func text(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

// number is a decimal on its way to or from JSON, where it is a string.
type number decimal.Decimal

func (n number) MarshalJSON() ([]byte, error) {
	d := decimal.Decimal(n)
	if !bounded(d) {
		return nil, fmt.Errorf("a number of more than %d digits", maxDigits)
	}
	return json.Marshal(text(d))
}

func (n *number) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("a number travels as a string: %w", err)
	}
	if len(s) > maxDigits+2 || !numberShape.MatchString(s) {
		return fmt.Errorf("a string of %d bytes is no plain number of at most %d digits", len(s), maxDigits)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return err
	}
	*n = number(d)
	return nil
}
