package money

import (
	"math/bits"

	"github.com/shopspring/decimal"
)

// Price is a unit price: at most 6 decimals, within ±9 223 372 036 854.775807,
// of one currency, for a base quantity that is 1 unless PerBase sets it (12.50
// for 100 pieces). It is immutable and comparable; == compares as written, so
// 12.50 per 100 and 0.125 differ though Cmp says 0. The zero Price has no
// currency and is "no price".
type Price struct {
	micro int64
	base  int64 // raw Quantity; 0 stands for 1, so that a plain price has one form
	cur   Currency
}

// maxBase bounds the base quantity at 1 000 000 000, so that a divisor
// (base × 10^6) stays within 64 bits.
const maxBase = 1_000_000_000 * quantityOne

// centDivisor turns 1/1 000 000 times 1/10 000 into 1/100.
const centDivisor = 10_000 * quantityOne

// PriceFromAmount is the price of one unit at a.
func PriceFromAmount(a Amount) (Price, error) {
	if a.IsNone() {
		return Price{}, mismatch(a.cur, a.cur)
	}
	v, ok := mulDiv(a.minor, int64(powers[priceScale-a.cur.Digits()]), 1, Down)
	if !ok {
		return Price{}, ErrOverflow
	}
	return Price{micro: v, cur: a.cur}, nil
}

// PriceFromMicros makes a price from its raw form, whole 1/1 000 000 of the
// currency's main unit. Errors: ErrOverflow for math.MinInt64,
// ErrCurrencyMismatch for the zero Currency.
func PriceFromMicros(micros int64, c Currency) (Price, error) {
	if c.IsZero() {
		return Price{}, mismatch(c, c)
	}
	if micros == -1<<63 {
		return Price{}, ErrOverflow
	}
	return Price{micro: micros, cur: c}, nil
}

// PriceFromDecimal rounds d to 6 decimals. Errors: ErrCurrencyMismatch for the
// zero Currency, ErrTooLong, ErrOverflow.
func PriceFromDecimal(d decimal.Decimal, c Currency, r Rounding) (Price, error) {
	if c.IsZero() {
		return Price{}, mismatch(c, c)
	}
	v, _, err := fromDecimal(d, priceScale, r)
	if err != nil {
		return Price{}, err
	}
	return Price{micro: v, cur: c}, nil
}

// PerBase returns the same number for another base quantity: 12.50 becomes
// 12.50 per 100. Errors: ErrBase unless 0 < q ≤ 1 000 000 000.
func (p Price) PerBase(q Quantity) (Price, error) {
	if q.units <= 0 || q.units > maxBase {
		return Price{}, ErrBase
	}
	p.base = q.units
	if q.units == quantityOne {
		p.base = 0
	}
	return p, nil
}

// Micros returns the number as whole 1/1 000 000, without the base.
func (p Price) Micros() int64 { return p.micro }

// Decimal returns the number with 6 decimals, without the base.
func (p Price) Decimal() decimal.Decimal { return decimal.New(p.micro, -priceScale) }

// Base returns the quantity the number is for, 1 by default.
func (p Price) Base() Quantity { return Quantity{units: p.baseUnits()} }

// Currency returns the currency, zero for the zero Price.
func (p Price) Currency() Currency { return p.cur }

// IsZero reports whether the number is 0; true for 0 EUR and for Price{}.
func (p Price) IsZero() bool { return p.micro == 0 }

// IsNone reports whether p is the zero Price, without a currency.
func (p Price) IsNone() bool { return p.cur.IsZero() }

// Sign returns -1, 0 or 1.
func (p Price) Sign() int { return cmp64(p.micro, 0) }

// Neg returns the price with the other sign.
func (p Price) Neg() Price {
	p.micro = -p.micro
	return p
}

// Mul returns the amount of q units: price · q / base, computed exactly and
// rounded once, to the minor unit. Errors: ErrCurrencyMismatch for the zero
// Price, ErrOverflow.
func (p Price) Mul(q Quantity, r Rounding) (Amount, error) {
	if p.cur.row == 0 {
		return Amount{}, mismatch(p.cur, p.cur)
	}
	// The common case, two decimals and no base, with a constant divisor.
	if hi, lo := bits.Mul64(magnitude(p.micro), magnitude(q.units)); hi == 0 && lo < 1<<63 &&
		r == HalfAwayFromZero && p.base == 0 && p.cur.Digits() == 2 {
		return Amount{minor: withSign(int64((lo+centDivisor/2)/centDivisor), p.micro^q.units), cur: p.cur}, nil
	}
	div := uint64(p.baseUnits()) * powers[priceScale-p.cur.Digits()]
	v, ok := mulDiv(p.micro, q.units, div, r)
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{minor: v, cur: p.cur}, nil
}

// Times returns price · q / base at 6 decimals, as a price per 1: the line
// total where sums are kept precise and rounded at the end. Errors as Mul.
func (p Price) Times(q Quantity, r Rounding) (Price, error) {
	if p.cur.row == 0 {
		return Price{}, mismatch(p.cur, p.cur)
	}
	div := uint64(p.baseUnits())
	p.base = 0
	return p.with(mulDiv(p.micro, q.units, div, r))
}

// Amount returns the price of one unit rounded to the minor unit: 12.34567
// EUR is 12.35 EUR. Errors as Mul.
func (p Price) Amount(r Rounding) (Amount, error) {
	return p.Mul(Quantity{units: quantityOne}, r)
}

// Percent returns rate percent of the price at 6 decimals, with the same base.
// Errors: ErrCurrencyMismatch for the zero Price, ErrOverflow.
func (p Price) Percent(rate Rate, r Rounding) (Price, error) {
	if p.cur.row == 0 {
		return Price{}, mismatch(p.cur, p.cur)
	}
	return p.with(mulDiv(p.micro, rate.units, percentUnits, r))
}

// Add returns p + b for prices of one currency and one base. Errors:
// ErrCurrencyMismatch, ErrBase where the bases differ, ErrOverflow.
func (p Price) Add(b Price) (Price, error) {
	if p.cur != b.cur || p.cur.row == 0 {
		return Price{}, mismatch(p.cur, b.cur)
	}
	if p.base != b.base {
		return Price{}, ErrBase.With("the base quantities %s and %s differ", p.Base(), b.Base())
	}
	return p.with(add64(p.micro, b.micro))
}

// Sub returns p - b; errors as Add.
func (p Price) Sub(b Price) (Price, error) { return p.Add(b.Neg()) }

// Net takes a tax of rate percent out of a gross price: p · 100 / (100 + rate)
// at 6 decimals, half away from zero, same base. Errors: ErrRate for a rate of
// -100 % or less, ErrCurrencyMismatch for the zero Price, ErrOverflow.
func (p Price) Net(rate Rate) (Price, error) {
	f, err := p.factor(rate)
	if err != nil {
		return Price{}, err
	}
	return p.with(mulDiv(p.micro, percentUnits, uint64(f), HalfAwayFromZero))
}

// Gross puts a tax of rate percent onto a net price: p · (100 + rate) / 100 at
// 6 decimals, half away from zero, same base. Errors as Net.
func (p Price) Gross(rate Rate) (Price, error) {
	f, err := p.factor(rate)
	if err != nil {
		return Price{}, err
	}
	return p.with(mulDiv(p.micro, f, percentUnits, HalfAwayFromZero))
}

// Cmp compares price / base exactly: 12.50 per 100 equals 0.125. Errors:
// ErrCurrencyMismatch.
func (p Price) Cmp(b Price) (int, error) {
	if p.cur != b.cur || p.cur.row == 0 {
		return 0, mismatch(p.cur, b.cur)
	}
	if p.base == b.base || p.Sign() != b.Sign() {
		return cmp64(p.micro, b.micro), nil
	}
	hi1, lo1 := bits.Mul64(magnitude(p.micro), uint64(b.baseUnits()))
	hi2, lo2 := bits.Mul64(magnitude(b.micro), uint64(p.baseUnits()))
	c := 0
	switch {
	case hi1 > hi2 || hi1 == hi2 && lo1 > lo2:
		c = 1
	case hi1 != hi2 || lo1 != lo2:
		c = -1
	}
	return c * p.Sign(), nil
}

func (p Price) baseUnits() int64 {
	if p.base == 0 {
		return quantityOne
	}
	return p.base
}

// factor is 100 % + rate in raw units, above zero.
func (p Price) factor(rate Rate) (int64, error) {
	if p.cur.row == 0 {
		return 0, mismatch(p.cur, p.cur)
	}
	f, ok := add64(rate.units, percentUnits)
	if !ok || f <= 0 {
		return 0, ErrRate
	}
	return f, nil
}

// with is p with another number; ok is what the computation reported.
func (p Price) with(micro int64, ok bool) (Price, error) {
	if !ok {
		return Price{}, ErrOverflow
	}
	p.micro = micro
	return p, nil
}
