package money

import "github.com/shopspring/decimal"

// Quantity is a number of units of measure (pieces, metres, hours) with at most
// 4 decimals, kept as whole 1/10 000 within ±(2^63-1) of them, that is
// ±922 337 203 685 477.5807. It is immutable and comparable; the zero value is
// 0. As JSON and text it is a string without trailing zeros: "2", "1.5".
type Quantity struct{ units int64 }

// quantityOne is the raw form of the quantity 1.
const quantityOne = 10_000

// QuantityOf makes a whole quantity from a number in code. Beyond
// ±922 337 203 685 477 it panics; read input with ParseQuantity.
func QuantityOf(n int64) Quantity {
	v, ok := mulDiv(n, quantityOne, 1, Down)
	if !ok {
		panic("money.QuantityOf: out of range")
	}
	return Quantity{units: v}
}

// QuantityFromUnits makes a quantity from its raw form, the number of 1/10 000 that
// Units returns. math.MinInt64 is ErrOverflow.
func QuantityFromUnits(units int64) (Quantity, error) {
	if units == -1<<63 {
		return Quantity{}, ErrOverflow
	}
	return Quantity{units: units}, nil
}

// ParseQuantity reads "-?digits[.digits]" strictly: at most 19 digits and 4
// decimals. Errors: ErrSyntax, ErrPrecision, ErrTooLong, ErrOverflow.
func ParseQuantity(text string) (Quantity, error) {
	v, err := parseFixed(text, quantityScale)
	return Quantity{units: v}, err
}

// MustQuantity is ParseQuantity for literals; it panics on an error.
func MustQuantity(text string) Quantity {
	v, err := ParseQuantity(text)
	if err != nil {
		panic("money.MustQuantity: " + err.Error())
	}
	return v
}

// QuantityFromDecimal takes d as it is. Errors: ErrPrecision where it has more
// than 4 decimals that are not zero, ErrTooLong, ErrOverflow.
func QuantityFromDecimal(d decimal.Decimal) (Quantity, error) {
	v, err := exactDecimal(d, quantityScale)
	return Quantity{units: v}, err
}

// Units returns the raw form, whole 1/10 000: 15000 for 1.5.
func (q Quantity) Units() int64 { return q.units }

// Decimal returns the exact value with 4 decimals.
func (q Quantity) Decimal() decimal.Decimal { return decimal.New(q.units, -quantityScale) }

// IsZero reports whether the quantity is 0.
func (q Quantity) IsZero() bool { return q.units == 0 }

// Sign returns -1, 0 or 1.
func (q Quantity) Sign() int { return cmp64(q.units, 0) }

// Neg returns the quantity with the other sign; always exact.
func (q Quantity) Neg() Quantity { return Quantity{units: -q.units} }

// Cmp returns -1, 0 or 1.
func (q Quantity) Cmp(b Quantity) int { return cmp64(q.units, b.units) }

// Add returns q + b. Errors: ErrOverflow.
func (q Quantity) Add(b Quantity) (Quantity, error) {
	v, ok := add64(q.units, b.units)
	if !ok {
		return Quantity{}, ErrOverflow
	}
	return Quantity{units: v}, nil
}

// Sub returns q - b. Errors: ErrOverflow.
func (q Quantity) Sub(b Quantity) (Quantity, error) { return q.Add(b.Neg()) }

// MultipleOf reports whether q is a whole number of steps: 6 of 1.5. Of a
// step that is not above zero nothing is a multiple.
func (q Quantity) MultipleOf(step Quantity) bool {
	return step.units > 0 && q.units%step.units == 0
}

// IsWhole reports whether q has no decimals.
func (q Quantity) IsWhole() bool { return q.units%quantityOne == 0 }

// String returns the number without trailing zeros.
func (q Quantity) String() string {
	var buf [24]byte
	return string(appendFixed(buf[:0], q.units, quantityScale, 0))
}

// AppendText appends what String returns.
func (q Quantity) AppendText(b []byte) ([]byte, error) {
	return appendFixed(b, q.units, quantityScale, 0), nil
}

// MarshalText writes what String returns; JSON uses it.
func (q Quantity) MarshalText() ([]byte, error) { return q.AppendText(make([]byte, 0, 24)) }

// UnmarshalText reads what ParseQuantity reads.
func (q *Quantity) UnmarshalText(text []byte) error {
	v, err := parseFixed(text, quantityScale)
	if err != nil {
		return err
	}
	q.units = v
	return nil
}
