package money

import "math/bits"

// Apportionment is a rule that shares an amount over weights in whole minor
// units, so that the shares sum to the amount exactly. The zero value is
// LargestRemainder.
type Apportionment uint8

// The rules. Named systems are named so that a shop moved from there keeps
// its totals to the cent.
const (
	// LargestRemainder gives each the floor of its exact share and the spare
	// units to the largest remainders, ties to the first.
	LargestRemainder Apportionment = iota
	// LargestRemainderLast is LargestRemainder with ties to the last.
	LargestRemainderLast
	// HalfDownFirst rounds each share half down, then corrects the first lines
	// by one unit until the sum is right (Sylius). Lines of weight zero, which
	// Sylius may correct too, are passed over.
	HalfDownFirst
	// LastTakesRest rounds each share half away from zero; the last line with a
	// weight takes what is left (OroCommerce).
	LastTakesRest
	// Cumulative gives each the difference of the rounded running shares.
	Cumulative
	// FirstTakesRest truncates from the last line backwards, each of what is
	// then left; the first line with a weight takes the rest (Solidus, RubyMoney).
	FirstTakesRest
	// FloorLargestError floors toward minus infinity, then gives units to the
	// largest error, ties to the first; weights that are all zero share equally
	// (Vendure).
	FloorLargestError
)

var apportionmentNames = [...]string{"largest_remainder", "largest_remainder_last", "half_down_first",
	"last_takes_rest", "cumulative", "first_takes_rest", "floor_largest_error"}

// String returns the stable name, for example "largest_remainder".
func (p Apportionment) String() string {
	return nameOf(apportionmentNames[:], uint8(p), "apportionment")
}

// ParseApportionment reads what String writes. Errors: ErrUnknownPolicy
// (Invalid, money.unknown_policy).
func ParseApportionment(name string) (Apportionment, error) {
	i, err := indexOf(apportionmentNames[:], name, "apportionment")
	return Apportionment(i), err
}

// MarshalText writes the stable name; a value that is none of the constants
// is ErrUnknownPolicy.
func (p Apportionment) MarshalText() ([]byte, error) {
	if int(p) >= len(apportionmentNames) {
		return nil, ErrUnknownPolicy.With("apportionment(%d) is unknown", uint8(p))
	}
	return []byte(apportionmentNames[p]), nil
}

// UnmarshalText reads what ParseApportionment reads.
func (p *Apportionment) UnmarshalText(text []byte) error {
	v, err := ParseApportionment(string(text))
	if err != nil {
		return err
	}
	*p = v
	return nil
}

// Claims are the laws a rule keeps beyond those that all keep: the shares sum
// to the amount, a weight of zero gets nothing (unless all are zero and the
// rule shares equally), and a line of weight zero changes no other share.
type Claims struct {
	// SignSymmetric: the shares of -x are the negated shares of x.
	SignSymmetric bool
	// WithinOneUnit: each share differs from the exact one by less than a unit.
	WithinOneUnit bool
	// OrderIndependent: permuting the lines permutes the shares, except among
	// lines whose remainders tie.
	OrderIndependent bool
	// SameSign: no share has the sign opposite to the amount.
	SameSign bool
	// EqualOnZero: weights that are all zero share equally; other rules refuse
	// them (ErrWeights) unless the amount is zero too.
	EqualOnZero bool
}

// Claims returns the laws that p keeps.
func (p Apportionment) Claims() Claims {
	switch p {
	case LargestRemainder, LargestRemainderLast:
		return Claims{SignSymmetric: true, WithinOneUnit: true, OrderIndependent: true, SameSign: true}
	case HalfDownFirst, LastTakesRest:
		return Claims{SignSymmetric: true}
	case Cumulative:
		return Claims{SignSymmetric: true, WithinOneUnit: true, SameSign: true}
	case FirstTakesRest:
		return Claims{SignSymmetric: true, SameSign: true}
	case FloorLargestError:
		return Claims{WithinOneUnit: true, OrderIndependent: true, SameSign: true, EqualOnZero: true}
	}
	return Claims{}
}

// Split shares total over the weights. Weights are any non-negative measure,
// usually minor units of the lines. The result has the length of weights; for
// none, and a total of zero, it is empty. Errors: ErrCurrencyMismatch for the
// zero Amount, and those of SplitInto.
func (p Apportionment) Split(total Amount, weights []int64) ([]Amount, error) {
	if total.IsNone() {
		return nil, mismatch(total.cur, total.cur)
	}
	n := len(weights)
	dst := make([]int64, n, 2*n)
	if err := p.SplitInto(dst, total.minor, weights); err != nil {
		return nil, err
	}
	out := make([]Amount, n)
	for i, v := range dst {
		out[i] = Amount{minor: v, cur: total.cur}
	}
	return out, nil
}

// SplitInto is Split on raw minor units for hot paths: it fills dst, which has
// the length of weights and must not overlap them. It allocates nothing for
// up to 64 lines, nor beyond where cap(dst) is at least twice the length: the
// rules by remainder use the spare capacity as scratch. On an error the
// content of dst is undefined.
//
// Errors: ErrWeights for a negative weight, for a dst of another length, and
// for weights that sum to zero under a total that is not (FloorLargestError
// then shares equally, if there is a line at all); ErrOverflow for a sum of
// weights above 2^63-1 and for a total of math.MinInt64; ErrUnknownPolicy.
func (p Apportionment) SplitInto(dst []int64, total int64, weights []int64) error {
	if len(dst) != len(weights) {
		return ErrWeights.With("%d shares for %d weights", len(dst), len(weights))
	}
	if int(p) >= len(apportionmentNames) {
		return ErrUnknownPolicy.With("apportionment(%d) is unknown", uint8(p))
	}
	if total == -1<<63 {
		return ErrOverflow
	}
	sum, err := sumWeights(weights)
	if err != nil {
		return err
	}
	if sum == 0 {
		return p.splitZero(dst, total)
	}
	neg, t := total < 0, magnitude(total)
	switch p {
	case LargestRemainder, LargestRemainderLast:
		splitRemainder(dst, t, weights, sum, p == LargestRemainderLast)
	case FloorLargestError:
		if neg {
			splitCeiling(dst, t, weights, sum)
		} else {
			splitRemainder(dst, t, weights, sum, false)
		}
	case HalfDownFirst:
		splitHalfDownFirst(dst, t, weights, sum)
	case LastTakesRest:
		splitLastTakesRest(dst, t, weights, sum)
	case Cumulative:
		splitCumulative(dst, t, weights, sum)
	case FirstTakesRest:
		splitFirstTakesRest(dst, t, weights, sum)
	}
	if neg {
		for i := range dst {
			dst[i] = -dst[i]
		}
	}
	return nil
}

func sumWeights(weights []int64) (uint64, error) {
	var sum, all uint64
	for _, w := range weights {
		next := sum + uint64(w)
		all |= uint64(w) | next // a set top bit is a negative weight or a sum beyond 2^63-1
		sum = next
	}
	if all>>63 == 0 {
		return sum, nil
	}
	for i, w := range weights {
		if w < 0 {
			return 0, ErrWeights.With("weight %d is negative", i)
		}
	}
	return 0, ErrOverflow.With("the weights sum to more than 2^63-1")
}

// splitZero shares over weights that are all zero, or none.
func (p Apportionment) splitZero(dst []int64, total int64) error {
	clear(dst)
	if total == 0 {
		return nil
	}
	n := int64(len(dst))
	if p != FloorLargestError || n == 0 {
		return ErrWeights.With("the weights sum to zero")
	}
	q, rem := total/n, total%n
	if rem < 0 {
		q, rem = q-1, rem+n
	}
	for i := range dst {
		dst[i] = q
		if int64(i) < rem {
			dst[i]++
		}
	}
	return nil
}

// share returns t·w/sum truncated, and the rest. w ≤ sum, so it fits.
func share(t, w, sum uint64) (q, rem uint64) {
	hi, lo := bits.Mul64(t, w)
	if hi == 0 {
		return lo / sum, lo % sum
	}
	return bits.Div64(hi, lo, sum)
}
