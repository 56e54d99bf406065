package pricing

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// stay is a Span in microseconds, [from, until) and [known, gone). Its ends are
// rounded up, which is exact for instants that are whole ones, as those of quotes
// are.
type stay struct{ from, until, known, gone int64 }

// instant is when prices hold, and as of when the tariff is known. At every one
// all records are found, that what does not hold is told of.
type instant struct {
	at, known int64
	every     bool
}

func stayOf(s Span) stay {
	return stay{microsUp(s.From, math.MinInt64), microsUp(s.Until, math.MaxInt64), microsUp(s.Known, math.MinInt64), microsUp(s.Gone, math.MaxInt64)}
}

func microsUp(t time.Time, open int64) int64 {
	if t.IsZero() {
		return open
	}
	m := t.UnixMicro()
	if t.Nanosecond()%1000 > 0 {
		m++
	}
	return m
}

func (s *stay) covers(n instant) bool { return s.from <= n.at && n.at < s.until && s.stood(n) }

func (s *stay) stood(n instant) bool { return s.known <= n.known && n.known < s.gone }

// begins compares when records begin to hold, then when they were known.
func (s *stay) begins(o *stay) int {
	return cmp.Or(cmp.Compare(s.from, o.from), cmp.Compare(s.known, o.known))
}

// join makes the least stay that holds whenever either does.
func (s *stay) join(o *stay) {
	s.from, s.until = min(s.from, o.from), max(s.until, o.until)
	s.known, s.gone = min(s.known, o.known), max(s.gone, o.gone)
}

// never is a stay that holds at no instant, and changes none that it is joined to.
var never = stay{math.MaxInt64, math.MinInt64, math.MaxInt64, math.MinInt64}

// timed are records of which some hold at an instant. Of many, those that ended,
// were superseded or are yet to come are passed over by the block: of a tree over
// the blocks every node has the stay of all below it. As long as the records are
// in the order in which they begin, what it costs to find n of them grows with n
// and the logarithm of their number.
type timed struct {
	at   []int32 // places of records and of their stays
	tree []stay  // node k has 2k and 2k+1 below it; the root is 1; none for few records
}

// The number of records of a block, and that up to which there is no tree.
const (
	timedBlock = 8
	timedFew   = 4 * timedBlock
)

// byBegin puts records in the order that find is fast with.
func (t *timed) byBegin(stays []stay) {
	if len(t.at) <= timedFew {
		return
	}
	slices.SortStableFunc(t.at, func(a, b int32) int { return stays[a].begins(&stays[b]) })
	t.grow(stays)
}

// grow makes the tree over the records as they stand.
func (t *timed) grow(stays []stay) {
	if len(t.at) <= timedFew {
		return
	}
	leaves := 1
	for leaves*timedBlock < len(t.at) {
		leaves *= 2
	}
	t.tree = make([]stay, 2*leaves)
	for k := range t.tree {
		t.tree[k] = never
	}
	for k, at := range t.at {
		t.tree[leaves+k/timedBlock].join(&stays[at])
	}
	for k := leaves - 1; k > 0; k-- {
		t.tree[k].join(&t.tree[2*k])
		t.tree[k].join(&t.tree[2*k+1])
	}
}

// find appends those that hold.
func (t *timed) find(dst []int32, stays []stay, n instant) []int32 {
	if n.every {
		return append(dst, t.at...)
	}
	if t.tree == nil {
		return holding(dst, t.at, stays, n)
	}
	for k := t.next(1, n); k > 0; k = t.next(t.after(k), n) {
		dst = holding(dst, t.block(k), stays, n)
	}
	return dst
}

// first returns the first that holds.
func (t *timed) first(stays []stay, n instant) (int32, bool) {
	one := make([]int32, 0, timedFew)
	if t.tree == nil {
		one = holding(one, t.at, stays, n)
	} else {
		for k := t.next(1, n); k > 0 && len(one) == 0; k = t.next(t.after(k), n) {
			one = holding(one, t.block(k), stays, n)
		}
	}
	if len(one) == 0 {
		return 0, false
	}
	return one[0], true
}

func holding(dst, of []int32, stays []stay, n instant) []int32 {
	for _, at := range of {
		if stays[at].covers(n) {
			dst = append(dst, at)
		}
	}
	return dst
}

// next is the first leaf at or behind node k that may have a record that holds, 0
// for none.
func (t *timed) next(k int, n instant) int {
	for k > 0 {
		switch {
		case !t.tree[k].covers(n):
			k = t.after(k)
		case k >= len(t.tree)/2:
			return k
		default:
			k *= 2
		}
	}
	return 0
}

// after is the node behind all that is below node k, 0 for none.
func (t *timed) after(k int) int {
	for k&1 == 1 {
		k /= 2
	}
	if k == 0 {
		return 0
	}
	return k + 1
}

// block are the records of a leaf.
func (t *timed) block(k int) []int32 {
	from := (k - len(t.tree)/2) * timedBlock
	return t.at[min(from, len(t.at)):min(from+timedBlock, len(t.at))]
}
