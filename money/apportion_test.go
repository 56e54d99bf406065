package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
)

// Vendure prorate.spec, and what the rules that share its figures say too.
func TestSplitVendure(t *testing.T) {
	for _, c := range []struct {
		weights []int64
		total   int64
		want    []int64
	}{
		{[]int64{4000, 2000, 2000}, 300, []int64{150, 75, 75}},
		{[]int64{4300, 1400, 2300}, 299, []int64{161, 52, 86}},
		{[]int64{1000, 1000, 1000}, 299, []int64{100, 100, 99}},
		{[]int64{10, 20, 10, 30, 50, 20, 10, 40}, 95, []int64{5, 10, 5, 15, 25, 10, 5, 20}},
		{[]int64{10, 20, 10, 30, 50, 20, 10, 40}, 93, []int64{5, 10, 5, 15, 24, 10, 5, 19}},
		{[]int64{10, 0}, 40, []int64{40, 0}},
		{[]int64{100, 100}, -20, []int64{-10, -10}},
	} {
		for _, p := range []money.Apportionment{money.FloorLargestError, money.LargestRemainder} {
			require.Equal(t, c.want, split(t, p, c.total, c.weights), p)
		}
	}
	require.Equal(t, []int64{5, 5}, split(t, money.FloorLargestError, 10, []int64{0, 0}))
	require.Equal(t, []int64{4, 3, 3}, split(t, money.FloorLargestError, 10, []int64{0, 0, 0}))
	require.Equal(t, []int64{-3, -3, -4}, split(t, money.FloorLargestError, -10, []int64{0, 0, 0}))
}

// One amount under every rule, so that the differences between them show.
func TestSplitRulesSideBySide(t *testing.T) {
	for _, c := range []struct {
		total   int64
		weights []int64
		want    map[money.Apportionment][]int64
	}{
		{100, []int64{1, 1, 1}, map[money.Apportionment][]int64{
			money.LargestRemainder:     {34, 33, 33},
			money.LargestRemainderLast: {33, 33, 34},
			money.HalfDownFirst:        {34, 33, 33},
			money.LastTakesRest:        {33, 33, 34},
			money.Cumulative:           {33, 34, 33},
			money.FirstTakesRest:       {34, 33, 33},
			money.FloorLargestError:    {34, 33, 33},
		}},
		// exact shares 0.5 each: up for one rule, down for the other
		{2, []int64{1, 1, 1, 1}, map[money.Apportionment][]int64{
			money.LargestRemainder:     {1, 1, 0, 0},
			money.LargestRemainderLast: {0, 0, 1, 1},
			money.HalfDownFirst:        {1, 1, 0, 0},
			money.LastTakesRest:        {1, 1, 1, -1},
			money.Cumulative:           {1, 0, 1, 0},
			money.FirstTakesRest:       {1, 1, 0, 0},
			money.FloorLargestError:    {1, 1, 0, 0},
		}},
		{-2, []int64{1, 1, 1, 1}, map[money.Apportionment][]int64{
			money.LargestRemainder:     {-1, -1, 0, 0},
			money.LargestRemainderLast: {0, 0, -1, -1},
			money.HalfDownFirst:        {-1, -1, 0, 0},
			money.LastTakesRest:        {-1, -1, -1, 1},
			money.Cumulative:           {-1, 0, -1, 0},
			money.FirstTakesRest:       {-1, -1, 0, 0},
			money.FloorLargestError:    {0, 0, -1, -1}, // the larger error goes up, to 0, first
		}},
		// a line of weight zero, first and last, gets nothing from any rule
		{5, []int64{0, 2, 1, 0}, map[money.Apportionment][]int64{
			money.LargestRemainder:     {0, 3, 2, 0},
			money.LargestRemainderLast: {0, 3, 2, 0},
			money.HalfDownFirst:        {0, 3, 2, 0},
			money.LastTakesRest:        {0, 3, 2, 0},
			money.Cumulative:           {0, 3, 2, 0},
			money.FirstTakesRest:       {0, 4, 1, 0},
			money.FloorLargestError:    {0, 3, 2, 0},
		}},
	} {
		for _, p := range policies() {
			require.Equal(t, c.want[p], split(t, p, c.total, c.weights), "%s of %d over %v", p, c.total, c.weights)
		}
	}
}

func split(t testing.TB, p money.Apportionment, total int64, weights []int64) []int64 {
	t.Helper()
	shares, err := p.Split(money.FromMinor(total, money.EUR), weights)
	require.NoError(t, err)
	out := make([]int64, len(shares))
	for i, s := range shares {
		require.Equal(t, money.EUR, s.Currency())
		out[i] = s.Minor()
	}
	return out
}

func TestSplitErrors(t *testing.T) {
	for _, p := range policies() {
		for _, c := range []struct {
			total   int64
			weights []int64
			code    string
		}{
			{1, []int64{1, -1}, "money.weights"},
			{1, []int64{-5, 10}, "money.weights"},
			{0, []int64{math.MinInt64}, "money.weights"},
			{1, nil, "money.weights"},
			{1, []int64{math.MaxInt64, 1}, "money.overflow"},
			{1, []int64{math.MaxInt64, math.MaxInt64, 2}, "money.overflow"},
			{math.MinInt64, []int64{1}, "money.overflow"},
		} {
			requireCode(t, c.code, p.SplitInto(make([]int64, len(c.weights)), c.total, c.weights))
		}
		requireCode(t, "money.weights", p.SplitInto(make([]int64, 1), 1, []int64{1, 1}))
		err := p.SplitInto(make([]int64, 2), 1, []int64{0, 0})
		if p.Claims().EqualOnZero {
			require.NoError(t, err)
		} else {
			requireCode(t, "money.weights", err)
		}
		require.NoError(t, p.SplitInto(make([]int64, 2), 0, []int64{0, 0}))
		require.NoError(t, p.SplitInto(nil, 0, nil))
		require.Equal(t, []int64{math.MaxInt64, 0}, split(t, p, math.MaxInt64, []int64{math.MaxInt64, 0}))
	}
	requireCode(t, "money.unknown_policy", money.Apportionment(99).SplitInto(make([]int64, 1), 1, []int64{1}))
	require.Equal(t, money.Claims{}, money.Apportionment(99).Claims())
}

func TestApportionmentNames(t *testing.T) {
	for _, p := range policies() {
		got, err := money.ParseApportionment(p.String())
		require.NoError(t, err)
		require.Equal(t, p, got)
		out, err := json.Marshal(p)
		require.NoError(t, err)
		var back money.Apportionment
		require.NoError(t, json.Unmarshal(out, &back))
		require.Equal(t, p, back)
	}
	require.Equal(t, "apportionment(99)", money.Apportionment(99).String())
	_, err := money.Apportionment(99).MarshalText()
	requireCode(t, "money.unknown_policy", err)
	var p money.Apportionment
	requireCode(t, "money.unknown_policy", p.UnmarshalText([]byte("fair")))
}

// Arithmetic allocates nothing, and sharing nothing for 64 lines or with spare
// capacity.
func TestNoAllocations(t *testing.T) {
	a, b := money.MustAmount("133.96", money.EUR), money.MustAmount("9.45", money.EUR)
	p, q, rate := money.MustPrice("12.5934", money.EUR), money.QuantityOf(3), money.MustRate("5.5")
	weights := make([]int64, 500)
	for i := range weights {
		weights[i] = int64(i*37%101) + 1
	}
	dst := make([]int64, 500, 1000)
	buf := make([]byte, 0, 64)
	xs := []money.Amount{a, b, a}
	for name, f := range map[string]func(){
		"Add":      func() { _, _ = a.Add(b) },
		"Cmp":      func() { _, _ = a.Cmp(b) },
		"Sum":      func() { _, _ = money.Sum(money.EUR, xs...) },
		"Percent":  func() { _, _ = a.Percent(rate, money.HalfEven) },
		"Overflow": func() { _, _ = money.FromMinor(math.MaxInt64, money.EUR).Add(b) },
		"RoundTo":  func() { _, _ = a.RoundTo(b, money.Up) },
		"Mul":      func() { _, _ = p.Mul(q, money.HalfAwayFromZero) },
		"Gross":    func() { _, _ = p.Gross(rate) },
		"PriceCmp": func() { _, _ = p.Cmp(p) },
		"Parse":    func() { _, _ = money.ParseAmount("133.96", money.EUR) },
		"Currency": func() { _, _ = money.ParseCurrency("SEK") },
		"Append":   func() { buf = a.AppendNumber(buf[:0]) },
		"Split64":  func() { _ = money.LargestRemainder.SplitInto(dst[:64:64], 12345, weights[:64]) },
		"Split500": func() { _ = money.FloorLargestError.SplitInto(dst, -12345, weights) },
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}
