package money

import "slices"

// stackLines is the number of lines whose remainders fit on the stack.
const stackLines = 64

// scratch is room for a number per line: the stack of the caller for few, the
// spare capacity of dst where it is there, else the heap.
func scratch(dst, stack []int64) []int64 {
	n := len(dst)
	switch {
	case n <= len(stack):
		return stack[:n]
	case cap(dst) >= 2*n:
		return dst[n : 2*n]
	}
	return make([]int64, n)
}

// splitRemainder is the rule of the largest remainder for a magnitude t.
func splitRemainder(dst []int64, t uint64, weights []int64, sum uint64, last bool) {
	var stack [stackLines]int64
	rems := scratch(dst, stack[:])
	spare := t
	for i, w := range weights {
		q, rem := share(t, uint64(w), sum)
		dst[i], rems[i] = int64(q), int64(rem)
		spare -= q
	}
	if spare == 0 {
		return
	}
	give(dst, rems, t, weights, sum, int(spare), last)
}

// give raises by one the spare lines with the largest remainders. The
// remainders are gone afterwards: finding the threshold reorders them, so
// they are computed again as t·w - share·sum, exact modulo 2^64.
func give(dst, rems []int64, t uint64, weights []int64, sum uint64, spare int, last bool) {
	limit := kthLargest(rems, spare)
	above := 0
	for _, rem := range rems {
		if rem > limit {
			above++
		}
	}
	ties := spare - above
	for k := range dst {
		i := k
		if last {
			i = len(dst) - 1 - k
		}
		switch rem := int64(t*uint64(weights[i]) - uint64(dst[i])*sum); {
		case rem > limit:
			dst[i]++
		case rem == limit && ties > 0:
			dst[i]++
			ties--
		}
	}
}

// splitCeiling is FloorLargestError for the negative amount -t, in magnitudes:
// floor means the ceiling, and units taken back go to the largest error, which
// is the smallest remainder above zero.
func splitCeiling(dst []int64, t uint64, weights []int64, sum uint64) {
	var stack [stackLines]int64
	errs := scratch(dst, stack[:])
	var total uint64
	for i, w := range weights {
		q, rem := share(t, uint64(w), sum)
		errs[i] = 0
		if rem != 0 {
			q++
			errs[i] = int64(sum - rem)
		}
		dst[i] = int64(q)
		total += q
	}
	back := int(total - t)
	if back == 0 {
		return
	}
	limit := kthLargest(errs, back)
	ties := back
	for _, e := range errs {
		if e > limit {
			ties--
		}
	}
	for i := range dst {
		e := int64(uint64(dst[i])*sum - t*uint64(weights[i]))
		if e > limit || e == limit && ties > 0 {
			if e == limit {
				ties--
			}
			dst[i]--
		}
	}
}

// kthLargest returns the k-th largest of v (1 is the largest) and reorders v.
// Quickselect, with a sort after too many bad pivots, so that no input is
// quadratic.
func kthLargest(v []int64, k int) int64 {
	at := len(v) - k
	lo, hi := 0, len(v)-1
	for tries := 0; lo < hi; tries++ {
		if hi-lo < 12 || tries > 48 {
			slices.Sort(v[lo : hi+1])
			break
		}
		p := median(v[lo], v[lo+(hi-lo)/2], v[hi])
		i, j := lo, hi
		for i <= j {
			for v[i] < p {
				i++
			}
			for v[j] > p {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case at <= j:
			hi = j
		case at >= i:
			lo = i
		default:
			return v[at]
		}
	}
	return v[at]
}

func median(a, b, c int64) int64 {
	return max(min(a, b), min(max(a, b), c))
}

func splitHalfDownFirst(dst []int64, t uint64, weights []int64, sum uint64) {
	left := int64(t)
	for i, w := range weights {
		q, rem := share(t, uint64(w), sum)
		if rem > sum-rem {
			q++
		}
		dst[i] = int64(q)
		left -= int64(q)
	}
	step := int64(1)
	if left < 0 {
		step = -1
	}
	for i := 0; left != 0; i++ { // each share is off by half a unit at most: one round is enough
		if weights[i] != 0 {
			dst[i] += step
			left -= step
		}
	}
}

func splitLastTakesRest(dst []int64, t uint64, weights []int64, sum uint64) {
	left, last := int64(t), 0
	for i, w := range weights {
		q, rem := share(t, uint64(w), sum)
		if rem != 0 && rem >= sum-rem {
			q++
		}
		dst[i] = int64(q)
		left -= int64(q)
		if w != 0 {
			last = i
		}
	}
	dst[last] += left
}

func splitCumulative(dst []int64, t uint64, weights []int64, sum uint64) {
	var run, before uint64
	for i, w := range weights {
		run += uint64(w)
		q, rem := share(t, run, sum)
		if rem != 0 && rem >= sum-rem {
			q++
		}
		dst[i] = int64(q - before)
		before = q
	}
}

func splitFirstTakesRest(dst []int64, t uint64, weights []int64, sum uint64) {
	for i := len(weights) - 1; i >= 0; i-- {
		w := uint64(weights[i])
		var q uint64
		if w != 0 {
			q, _ = share(t, w, sum)
		}
		dst[i] = int64(q)
		t -= q
		sum -= w
	}
}
