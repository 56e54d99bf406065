package money

import "math/bits"

// Rounding says what happens to the digits a result has no room for. The zero
// value is HalfAwayFromZero, the commercial rule.
type Rounding uint8

// The roundings. All but Floor and Ceil treat a negative number as the mirror
// of the positive one.
const (
	HalfAwayFromZero Rounding = iota // 2.5 → 3, -2.5 → -3
	HalfEven                         // 2.5 → 2, 3.5 → 4 (bankers)
	HalfDown                         // 2.5 → 2, -2.5 → -2, 2.51 → 3
	Up                               // away from zero: 2.1 → 3, -2.1 → -3
	Down                             // toward zero: 2.9 → 2, -2.9 → -2
	Floor                            // toward minus infinity: -2.1 → -3
	Ceil                             // toward plus infinity: -2.9 → -2
)

var roundingNames = [...]string{"half_away_from_zero", "half_even", "half_down", "up", "down", "floor", "ceil"}

// String returns the stable name, for example "half_even".
func (r Rounding) String() string { return nameOf(roundingNames[:], uint8(r), "rounding") }

// ParseRounding reads what String writes. Errors: ErrUnknownPolicy (Invalid,
// money.unknown_policy).
func ParseRounding(name string) (Rounding, error) {
	i, err := indexOf(roundingNames[:], name, "rounding")
	return Rounding(i), err
}

// MarshalText writes the stable name; a value that is none of the constants
// is ErrUnknownPolicy.
func (r Rounding) MarshalText() ([]byte, error) {
	if int(r) >= len(roundingNames) {
		return nil, ErrUnknownPolicy.With("rounding(%d) is unknown", uint8(r))
	}
	return []byte(roundingNames[r]), nil
}

// UnmarshalText reads what ParseRounding reads.
func (r *Rounding) UnmarshalText(text []byte) error {
	p, err := ParseRounding(string(text))
	if err != nil {
		return err
	}
	*r = p
	return nil
}

// carry reports whether a truncated magnitude is to be raised by one. neg is
// the sign, odd the last bit of the magnitude, rem the non-zero rest and div
// the divisor. A value that is none of the constants rounds as the default.
func (r Rounding) carry(neg, odd bool, rem, div uint64) bool {
	if r == HalfAwayFromZero {
		return rem >= div-rem
	}
	half := 0
	switch other := div - rem; {
	case rem > other:
		half = 1
	case rem < other:
		half = -1
	}
	return r.carryHalf(neg, odd, half)
}

// carryHalf is carry where the rest is known only as below (-1), at (0) or
// above (1) one half.
func (r Rounding) carryHalf(neg, odd bool, half int) bool {
	switch r {
	case HalfEven:
		return half > 0 || half == 0 && odd
	case HalfDown:
		return half > 0
	case Up:
		return true
	case Down:
		return false
	case Floor:
		return neg
	case Ceil:
		return !neg
	}
	return half >= 0
}

// mulDiv returns a·b/div rounded, with a 128-bit product. It fails where the
// result leaves ±(2^63-1). div is above zero.
func mulDiv(a, b int64, div uint64, r Rounding) (int64, bool) {
	neg := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= div {
		return 0, false
	}
	var q, rem uint64
	if hi == 0 {
		q, rem = lo/div, lo%div
	} else {
		q, rem = bits.Div64(hi, lo, div)
	}
	return settle(neg, q, rem, div, r)
}

// settle rounds the magnitude q with rest rem of div and puts the sign on.
func settle(neg bool, q, rem, div uint64, r Rounding) (int64, bool) {
	if rem != 0 && r.carry(neg, q&1 == 1, rem, div) {
		q++
	}
	if q > maxMagnitude {
		return 0, false
	}
	if neg {
		return -int64(q), true
	}
	return int64(q), true
}

// maxMagnitude bounds every value on both sides, so that each has a negative.
const maxMagnitude = 1<<63 - 1

func magnitude(v int64) uint64 {
	m := uint64(v >> 63)
	return (uint64(v) ^ m) - m
}

// withSign returns m, negated where sign is negative.
func withSign(m, sign int64) int64 {
	s := sign >> 63
	return (m ^ s) - s
}

func nameOf(names []string, i uint8, what string) string {
	if int(i) < len(names) {
		return names[i]
	}
	return what + "(" + string(appendFixed(nil, int64(i), 0, 0)) + ")"
}

func indexOf(names []string, name, what string) (uint8, error) {
	for i, n := range names {
		if n == name {
			return uint8(i), nil
		}
	}
	if len(name) > 32 {
		name = name[:32] + "…"
	}
	return 0, ErrUnknownPolicy.With("the %s %q is unknown", what, name)
}
