package money_test

import (
	"math"
	"math/big"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
)

// anyWeights draws lines of an order: often with zeros, often with ties, now
// and then longer than what fits on the stack, or near the edge of the range.
func anyWeights() *rapid.Generator[[]int64] {
	small := rapid.SliceOfN(rapid.Int64Range(0, 6), 1, 12)
	cents := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 40)
	long := rapid.SliceOfN(rapid.Int64Range(0, 3), 65, 200)
	wide := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/40), 1, 40)
	return rapid.OneOf(small, small, cents, cents, long, wide)
}

type splitCase struct {
	p       money.Apportionment
	total   int64
	weights []int64
	shares  []int64
	sum     *big.Int
}

// everyRule checks a law on random cases for each rule that claims it.
func everyRule(t *testing.T, claimed func(money.Claims) bool, law func(*rapid.T, splitCase)) {
	t.Helper()
	for _, p := range policies() {
		if claimed(p.Claims()) {
			t.Run(p.String(), func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) { law(t, drawSplit(t, p)) })
			})
		}
	}
}

func always(money.Claims) bool { return true }

// drawSplit draws a case with at least one weight above zero and shares it.
func drawSplit(t *rapid.T, p money.Apportionment) splitCase {
	c := splitCase{
		p:       p,
		total:   anyInt64().Draw(t, "total"),
		weights: anyWeights().Draw(t, "weights"),
		sum:     new(big.Int),
	}
	if !slices.ContainsFunc(c.weights, func(w int64) bool { return w > 0 }) {
		c.weights[0] = 1
	}
	for _, w := range c.weights {
		c.sum.Add(c.sum, bigOf(w))
	}
	c.shares = c.split(t, c.total, c.weights)
	return c
}

func (c splitCase) split(t *rapid.T, total int64, weights []int64) []int64 {
	room := 0
	if rapid.Bool().Draw(t, "spare capacity") {
		room = len(weights)
	}
	dst := make([]int64, len(weights), len(weights)+room)
	require.NoError(t, c.p.SplitInto(dst, total, weights))
	return dst
}

// Law 1: the shares sum to the amount.
func TestLawSharesSum(t *testing.T) {
	everyRule(t, always, func(t *rapid.T, c splitCase) {
		var sum int64
		for _, s := range c.shares {
			sum += s
		}
		require.Equal(t, c.total, sum)
	})
}

// Law 2: apportion(-x) = -apportion(x), where claimed; the rule that does not
// claim it has a case that shows why.
func TestLawSignSymmetric(t *testing.T) {
	everyRule(t, func(c money.Claims) bool { return c.SignSymmetric }, func(t *rapid.T, c splitCase) {
		for i, s := range c.split(t, -c.total, c.weights) {
			require.Equal(t, -c.shares[i], s)
		}
	})
	require.Equal(t, []int64{1, 0}, split(t, money.FloorLargestError, 1, []int64{1, 1}))
	require.Equal(t, []int64{0, -1}, split(t, money.FloorLargestError, -1, []int64{1, 1}))
}

// Law 3: each share within one unit of the exact one, where claimed; no share
// of the opposite sign, where claimed.
func TestLawWithinOneUnit(t *testing.T) {
	everyRule(t, always, func(t *rapid.T, c splitCase) {
		claims := c.p.Claims()
		for i, s := range c.shares {
			if claims.WithinOneUnit { // |s·sum - total·w| < sum
				diff := new(big.Int).Mul(bigOf(s), c.sum)
				diff.Sub(diff, mulBig(c.total, c.weights[i]))
				require.Negative(t, diff.CmpAbs(c.sum), "line %d", i)
			}
			if claims.SameSign {
				require.True(t, s == 0 || s > 0 == (c.total > 0), "line %d", i)
			}
		}
	})
	// Not claimed with reason: the rest lands on one line.
	require.Equal(t, []int64{1, 1, 1, -1}, split(t, money.LastTakesRest, 2, []int64{1, 1, 1, 1}))
	require.Equal(t, []int64{50, 0, 0, 0, 0}, split(t, money.FirstTakesRest, 50, []int64{100, 1, 1, 1, 1}), "the exact first share is 48.08")
}

// Laws 4 and 5: a weight of zero gets nothing, and a line of weight zero put
// in anywhere changes no other share.
func TestLawZeroLines(t *testing.T) {
	everyRule(t, always, func(t *rapid.T, c splitCase) {
		for i, w := range c.weights {
			if w == 0 {
				require.Zero(t, c.shares[i])
			}
		}
		at := rapid.IntRange(0, len(c.weights)).Draw(t, "at")
		longer := c.split(t, c.total, slices.Insert(slices.Clone(c.weights), at, 0))
		require.Equal(t, slices.Insert(slices.Clone(c.shares), at, 0), longer)
	})
}

// Law 6: permuting the lines permutes the shares, except by one unit among
// lines whose remainders tie.
func TestLawPermutation(t *testing.T) {
	everyRule(t, func(c money.Claims) bool { return c.OrderIndependent }, func(t *rapid.T, c splitCase) {
		order := make([]int, len(c.weights))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		weights := make([]int64, len(order))
		for i, from := range order {
			weights[i] = c.weights[from]
		}
		var differ []*big.Int
		for i, s := range c.split(t, c.total, weights) {
			if d := s - c.shares[order[i]]; d != 0 {
				require.EqualValues(t, 1, max(d, -d))
				differ = append(differ, c.remainder(order[i]))
			}
		}
		for _, r := range differ {
			require.Zero(t, r.Cmp(differ[0]), "only ties may move")
		}
	})
}

// remainder is total·w mod sum, not negative.
func (c splitCase) remainder(i int) *big.Int {
	m := mulBig(c.total, c.weights[i])
	return m.Mod(m, c.sum)
}

// Each rule equals its definition written out the slow way in big integers.
func TestLawRulesEqualTheirDefinition(t *testing.T) {
	everyRule(t, always, func(t *rapid.T, c splitCase) {
		require.Equal(t, c.defined(), c.shares)
	})
}

func (c splitCase) defined() []int64 {
	switch c.p {
	case money.LargestRemainder, money.LargestRemainderLast:
		return c.byRemainder(c.total < 0)
	case money.FloorLargestError:
		return c.byRemainder(false)
	case money.HalfDownFirst:
		return c.halfDownFirst()
	case money.LastTakesRest:
		return c.lastTakesRest()
	case money.Cumulative:
		return c.cumulative()
	}
	return c.firstTakesRest()
}

// byRemainder floors, of the magnitude where mirrored, sorts the lines by
// remainder and gives the spare units out.
func (c splitCase) byRemainder(mirrored bool) []int64 {
	total := c.total
	if mirrored {
		total = -total
	}
	shares, order := make([]int64, len(c.weights)), make([]int, len(c.weights))
	rest := make([]*big.Int, len(c.weights))
	spare := total
	for i, w := range c.weights {
		q, m := new(big.Int).DivMod(mulBig(total, w), c.sum, new(big.Int))
		shares[i], rest[i], order[i] = q.Int64(), m, i
		spare -= shares[i]
	}
	if c.p == money.LargestRemainderLast {
		slices.Reverse(order)
	}
	sort.SliceStable(order, func(a, b int) bool { return rest[order[a]].Cmp(rest[order[b]]) > 0 })
	for _, i := range order[:spare] {
		shares[i]++
	}
	if mirrored {
		for i := range shares {
			shares[i] = -shares[i]
		}
	}
	return shares
}

func (c splitCase) rounded(weight *big.Int, r money.Rounding) int64 {
	return round(new(big.Int).Mul(bigOf(c.total), weight), c.sum, r).Int64()
}

func (c splitCase) halfDownFirst() []int64 {
	shares, missing := make([]int64, len(c.weights)), c.total
	for i, w := range c.weights {
		shares[i] = c.rounded(bigOf(w), money.HalfDown)
		missing -= shares[i]
	}
	for i := range shares {
		switch {
		case c.weights[i] == 0:
		case missing > 0:
			shares[i]++
			missing--
		case missing < 0:
			shares[i]--
			missing++
		}
	}
	return shares
}

func (c splitCase) lastTakesRest() []int64 {
	shares, left := make([]int64, len(c.weights)), c.total
	last := 0
	for i, w := range c.weights {
		if w > 0 {
			last = i
		}
	}
	for i, w := range c.weights[:last] {
		shares[i] = c.rounded(bigOf(w), money.HalfAwayFromZero)
		left -= shares[i]
	}
	shares[last] = left
	return shares
}

func (c splitCase) cumulative() []int64 {
	shares, run, before := make([]int64, len(c.weights)), new(big.Int), int64(0)
	for i, w := range c.weights {
		run.Add(run, bigOf(w))
		now := c.rounded(run, money.HalfAwayFromZero)
		shares[i], before = now-before, now
	}
	return shares
}

func (c splitCase) firstTakesRest() []int64 {
	shares, left, sum := make([]int64, len(c.weights)), bigOf(c.total), new(big.Int).Set(c.sum)
	for i := len(c.weights) - 1; i >= 0; i-- {
		w := bigOf(c.weights[i])
		if w.Sign() > 0 {
			q := new(big.Int).Mul(left, w)
			q.Quo(q, sum)
			shares[i] = q.Int64()
			left.Sub(left, q)
		}
		sum.Sub(sum, w)
	}
	return shares
}
