package money

import (
	"math/bits"

	"github.com/shopspring/decimal"
)

// Amount is a sum of money: whole minor units (cents) of one currency, within
// ±(2^63-1) units. It is immutable and comparable: a == b holds when amount
// and currency are the same. The zero Amount{} has no currency and is "no
// amount", which is not the same as 0.00 EUR: arithmetic with it is
// ErrCurrencyMismatch, JSON writes null.
//
// IsZero is true for 0.00 EUR, so a JSON field that must keep its zero cannot
// be tagged omitzero; use a pointer where an amount is optional.
type Amount struct {
	minor int64
	cur   Currency
}

// FromMinor makes an amount of minor units: FromMinor(4996, EUR) is 49.96 EUR.
// math.MinInt64, which has no negative, and the zero Currency give the
// zero Amount.
func FromMinor(minor int64, c Currency) Amount {
	if minor == -1<<63 || c.IsZero() {
		return Amount{}
	}
	return Amount{minor: minor, cur: c}
}

// Zero is 0 in the currency.
func Zero(c Currency) Amount { return Amount{cur: c} }

// AmountFromDecimal rounds d to the decimals of the currency. Errors:
// ErrCurrencyMismatch for the zero Currency, ErrTooLong for a coefficient of
// more than 1024 bits, ErrOverflow out of range.
func AmountFromDecimal(d decimal.Decimal, c Currency, r Rounding) (Amount, error) {
	if c.IsZero() {
		return Amount{}, mismatch(c, c)
	}
	v, _, err := fromDecimal(d, c.Digits(), r)
	if err != nil {
		return Amount{}, err
	}
	return Amount{minor: v, cur: c}, nil
}

// Sum adds amounts, all in currency c; of none it is zero. Errors:
// ErrCurrencyMismatch, ErrOverflow (of any partial sum in the order given).
func Sum(c Currency, xs ...Amount) (Amount, error) {
	s := Amount{cur: c}
	if c.IsZero() {
		return Amount{}, mismatch(c, c)
	}
	for _, x := range xs {
		var err error
		if s, err = s.Add(x); err != nil {
			return Amount{}, err
		}
	}
	return s, nil
}

// Minor returns the minor units: 4996 for 49.96 EUR, 500 for 500 JPY.
func (a Amount) Minor() int64 { return a.minor }

// Currency returns the currency, zero for the zero Amount.
func (a Amount) Currency() Currency { return a.cur }

// Decimal returns the exact value with the currency's decimals.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(a.minor, -int32(a.cur.Digits())) }

// IsZero reports whether there are no units; true for 0.00 EUR and for Amount{}.
func (a Amount) IsZero() bool { return a.minor == 0 }

// IsNone reports whether a is the zero Amount, without a currency.
func (a Amount) IsNone() bool { return a.cur.IsZero() }

// Sign returns -1, 0 or 1.
func (a Amount) Sign() int { return cmp64(a.minor, 0) }

// Neg returns the amount with the other sign; always exact.
func (a Amount) Neg() Amount { return Amount{minor: -a.minor, cur: a.cur} }

// Abs returns the amount without its sign; always exact.
func (a Amount) Abs() Amount { return Amount{minor: int64(magnitude(a.minor)), cur: a.cur} }

// Add returns a + b. Errors: ErrCurrencyMismatch, ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.cur != b.cur || a.cur.row == 0 {
		return Amount{}, mismatch(a.cur, b.cur)
	}
	s, ok := add64(a.minor, b.minor)
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{minor: s, cur: a.cur}, nil
}

// Sub returns a - b. Errors: ErrCurrencyMismatch, ErrOverflow.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Cmp returns -1, 0 or 1. Errors: ErrCurrencyMismatch.
func (a Amount) Cmp(b Amount) (int, error) {
	if a.cur != b.cur || a.cur.row == 0 {
		return 0, mismatch(a.cur, b.cur)
	}
	return cmp64(a.minor, b.minor), nil
}

// Percent returns rate percent of a, rounded to the minor unit: 20 of
// 133.96 EUR is 26.79 EUR. Errors: ErrCurrencyMismatch for the zero Amount,
// ErrOverflow.
func (a Amount) Percent(rate Rate, r Rounding) (Amount, error) {
	if a.cur.row == 0 {
		return Amount{}, mismatch(a.cur, a.cur)
	}
	// The common case with a constant divisor, which is a multiplication.
	if hi, lo := bits.Mul64(magnitude(a.minor), magnitude(rate.units)); hi == 0 && lo < 1<<63 && r == HalfAwayFromZero {
		q := int64((lo + percentUnits/2) / percentUnits)
		return Amount{minor: withSign(q, a.minor^rate.units), cur: a.cur}, nil
	}
	v, ok := mulDiv(a.minor, rate.units, percentUnits, r)
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{minor: v, cur: a.cur}, nil
}

// Part returns a · num / den, rounded: the share of 3 out of 7 units. Errors:
// ErrCurrencyMismatch for the zero Amount, ErrWeights unless den is above
// zero, ErrOverflow.
func (a Amount) Part(num, den int64, r Rounding) (Amount, error) {
	if a.cur.row == 0 {
		return Amount{}, mismatch(a.cur, a.cur)
	}
	if den <= 0 {
		return Amount{}, ErrWeights.With("a part needs a divisor above zero")
	}
	v, ok := mulDiv(a.minor, num, uint64(den), r)
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{minor: v, cur: a.cur}, nil
}

// RoundTo returns the multiple of step that r chooses: 12.34 CHF to 0.05 is
// 12.35 CHF, the cash rounding. Errors: ErrCurrencyMismatch, ErrStep unless
// step is above zero, ErrOverflow.
func (a Amount) RoundTo(step Amount, r Rounding) (Amount, error) {
	if a.cur != step.cur || a.cur.row == 0 {
		return Amount{}, mismatch(a.cur, step.cur)
	}
	if step.minor <= 0 {
		return Amount{}, ErrStep
	}
	n, _ := mulDiv(a.minor, 1, uint64(step.minor), r) // |n| <= |a|
	v, ok := mulDiv(n, step.minor, 1, Down)
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{minor: v, cur: a.cur}, nil
}
