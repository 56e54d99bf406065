package money

import "github.com/shopspring/decimal"

// Rate is a percentage with at most 4 decimals: Rate 20 is 20 %, 5.5 is 5.5 %.
// It is kept as whole 1/10 000 percent within ±(2^63-1) of them, immutable and
// comparable; the zero value is 0 %. As JSON and text it is a string without
// trailing zeros and without the sign: "20", "5.5".
type Rate struct{ units int64 }

// rateOne is the raw form of 1 %, percentUnits that of 100 %.
const (
	rateOne      = 10_000
	percentUnits = 100 * rateOne
)

// RateOf makes a rate of whole percent from a number in code. Beyond
// ±922 337 203 685 477 it panics; read input with ParseRate.
func RateOf(percent int64) Rate {
	v, ok := mulDiv(percent, rateOne, 1, Down)
	if !ok {
		panic("money.RateOf: out of range")
	}
	return Rate{units: v}
}

// RateFromUnits makes a rate from its raw form, the number of 1/10 000 that
// Units returns. math.MinInt64 is ErrOverflow.
func RateFromUnits(units int64) (Rate, error) {
	if units == -1<<63 {
		return Rate{}, ErrOverflow
	}
	return Rate{units: units}, nil
}

// ParseRate reads "-?digits[.digits]" strictly: at most 19 digits and 4
// decimals. Errors: ErrSyntax, ErrPrecision, ErrTooLong, ErrOverflow.
func ParseRate(text string) (Rate, error) {
	v, err := parseFixed(text, rateScale)
	return Rate{units: v}, err
}

// MustRate is ParseRate for literals; it panics on an error.
func MustRate(text string) Rate {
	v, err := ParseRate(text)
	if err != nil {
		panic("money.MustRate: " + err.Error())
	}
	return v
}

// RateFromDecimal takes d as it is. Errors: ErrPrecision where it has more
// than 4 decimals that are not zero, ErrTooLong, ErrOverflow.
func RateFromDecimal(d decimal.Decimal) (Rate, error) {
	v, err := exactDecimal(d, rateScale)
	return Rate{units: v}, err
}

// Units returns the raw form, whole 1/10 000: 55000 for 5.5 %.
func (p Rate) Units() int64 { return p.units }

// Decimal returns the exact value with 4 decimals.
func (p Rate) Decimal() decimal.Decimal { return decimal.New(p.units, -rateScale) }

// IsZero reports whether the rate is 0.
func (p Rate) IsZero() bool { return p.units == 0 }

// Sign returns -1, 0 or 1.
func (p Rate) Sign() int { return cmp64(p.units, 0) }

// Neg returns the rate with the other sign; always exact.
func (p Rate) Neg() Rate { return Rate{units: -p.units} }

// Cmp returns -1, 0 or 1.
func (p Rate) Cmp(b Rate) int { return cmp64(p.units, b.units) }

// Add returns p + b. Errors: ErrOverflow.
func (p Rate) Add(b Rate) (Rate, error) {
	v, ok := add64(p.units, b.units)
	if !ok {
		return Rate{}, ErrOverflow
	}
	return Rate{units: v}, nil
}

// Sub returns p - b. Errors: ErrOverflow.
func (p Rate) Sub(b Rate) (Rate, error) { return p.Add(b.Neg()) }

// String returns the number without trailing zeros.
func (p Rate) String() string {
	var buf [24]byte
	return string(appendFixed(buf[:0], p.units, rateScale, 0))
}

// AppendText appends what String returns.
func (p Rate) AppendText(b []byte) ([]byte, error) {
	return appendFixed(b, p.units, rateScale, 0), nil
}

// MarshalText writes what String returns; JSON uses it.
func (p Rate) MarshalText() ([]byte, error) { return p.AppendText(make([]byte, 0, 24)) }

// UnmarshalText reads what ParseRate reads.
func (p *Rate) UnmarshalText(text []byte) error {
	v, err := parseFixed(text, rateScale)
	if err != nil {
		return err
	}
	p.units = v
	return nil
}
