package money

import (
	"math/big"
	"strconv"

	"github.com/shopspring/decimal"
)

// maxDigits bounds a number in text; 19 digits are what 63 bits may need.
const maxDigits = 19

// scales of the fixed-point types: the number of decimals they hold.
const (
	quantityScale = 4
	rateScale     = 4
	priceScale    = 6
)

var powers = [...]uint64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000}

func add64(a, b int64) (int64, bool) {
	s := a + b
	return s, (a >= 0) != (b >= 0) || ((s >= 0) == (a >= 0) && s != -1<<63)
}

func cmp64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// text is what a parser reads from: JSON gives bytes, everybody else strings.
type text interface{ ~string | ~[]byte }

// parseFixed reads "-?digits[.digits]" into units of 10^-scale. Nothing is
// rounded: a decimal beyond scale is ErrPrecision, even a zero.
func parseFixed[T text](s T, scale int) (int64, error) {
	i, n, decimals, point := 0, 0, 0, false
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		i = 1
	}
	if len(s)-i > maxDigits+1 {
		return 0, ErrTooLong.With("a number has at most %d digits", maxDigits)
	}
	start := i
	var v uint64 // 19 digits fit
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n++
			if n > maxDigits {
				return 0, ErrTooLong.With("a number has at most %d digits", maxDigits)
			}
			if point {
				decimals++
			}
			v = v*10 + uint64(c-'0')
		case c == '.' && !point && i > start && i+1 < len(s):
			point = true
		default:
			return 0, ErrSyntax
		}
	}
	if n == 0 {
		return 0, ErrSyntax
	}
	if decimals > scale {
		return 0, ErrPrecision.With("at most %d decimals fit here", scale)
	}
	for ; decimals < scale; decimals++ {
		if v > maxMagnitude/10 {
			return 0, ErrOverflow
		}
		v *= 10
	}
	if v > maxMagnitude {
		return 0, ErrOverflow
	}
	if neg {
		return -int64(v), nil
	}
	return int64(v), nil
}

// appendFixed writes v, in units of 10^-scale, with at least min decimals and
// no trailing zero beyond them.
func appendFixed(b []byte, v int64, scale, min int) []byte {
	if v < 0 {
		b = append(b, '-')
	}
	u := magnitude(v)
	p := powers[scale]
	b = strconv.AppendUint(b, u/p, 10)
	frac, width := u%p, scale
	for width > min && frac%10 == 0 {
		frac /= 10
		width--
	}
	if width == 0 {
		return b
	}
	b = append(b, '.')
	for w := width - 1; w > 0 && frac < powers[w]; w-- {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, frac, 10)
}

// maxCoefficientBits bounds the work for a decimal from outside; 1024 bits are
// 308 digits.
const maxCoefficientBits = 1024

// fromDecimal turns d into units of 10^-scale, rounded. A coefficient above
// 308 digits is ErrTooLong, a result out of range ErrOverflow.
func fromDecimal(d decimal.Decimal, scale int, r Rounding) (int64, bool, error) {
	coef := d.Coefficient()
	if coef.Sign() == 0 {
		return 0, true, nil
	}
	if coef.BitLen() > maxCoefficientBits {
		return 0, false, ErrTooLong.With("a decimal has at most %d bits", maxCoefficientBits)
	}
	neg := coef.Sign() < 0
	coef.Abs(coef)
	shift := int64(d.Exponent()) + int64(scale)
	if shift >= 0 {
		if shift > maxDigits {
			return 0, false, ErrOverflow
		}
		coef.Mul(coef, pow10(shift))
		v, err := signed(neg, coef)
		return v, err == nil, err
	}
	if -shift > maxCoefficientBits { // beyond every digit there can be
		shift = -maxCoefficientBits
	}
	div := pow10(-shift)
	rem := new(big.Int)
	coef.QuoRem(coef, div, rem)
	exact := rem.Sign() == 0
	if !exact && r.carryHalf(neg, coef.Bit(0) == 1, rem.Lsh(rem, 1).Cmp(div)) {
		coef.Add(coef, big.NewInt(1))
	}
	v, err := signed(neg, coef)
	return v, exact && err == nil, err
}

// exactDecimal is fromDecimal that refuses to round: ErrPrecision.
func exactDecimal(d decimal.Decimal, scale int) (int64, error) {
	v, exact, err := fromDecimal(d, scale, Down)
	if err != nil {
		return 0, err
	}
	if !exact {
		return 0, ErrPrecision.With("at most %d decimals fit here", scale)
	}
	return v, nil
}

func pow10(n int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
}

func signed(neg bool, m *big.Int) (int64, error) {
	if !m.IsInt64() {
		return 0, ErrOverflow
	}
	if neg {
		return -m.Int64(), nil
	}
	return m.Int64(), nil
}
