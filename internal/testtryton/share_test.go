package testtryton

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func row(code, quantity string) goods {
	g := goods{Quantity: json.Number(quantity)}
	g.Product.Code = code
	return g
}

func TestShare(t *testing.T) {
	rows := []goods{row("A", "2.0"), row("B", "3"), row("A", "4.0"), row("", "0"), row("C", "-2.5")}
	for _, c := range []struct {
		items []Item
		want  []json.Number
		err   string
	}{
		{nil, []json.Number{"0", "0", "0", "0", "0"}, ""},
		{[]Item{{"A", "3"}}, []json.Number{"2", "0", "1", "0", "0"}, ""},
		{[]Item{{"A", "1"}, {"C", "1.25"}, {"A", "0.5"}}, []json.Number{"1.50000", "0", "0", "0", "-1.25000"}, ""},
		{[]Item{{"B", "4"}}, nil, "1 too little of B"},
		{[]Item{{"D", "0.5"}}, nil, "0.50000 too little of D"},
		{[]Item{{"A", "-1"}}, nil, `"-1" of A is not a quantity`},
		{[]Item{{"A", "much"}}, nil, `"much" of A is not a quantity`},
	} {
		got, err := share(rows, c.items)
		if c.err != "" {
			require.ErrorContains(t, err, c.err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := share([]goods{row("A", "x")}, nil)
	require.Error(t, err)
}

// What is taken sums to what is wanted, is never more than there is, and is of
// the row's sign; what cannot be had is refused.
func TestShareSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) goods {
			return row(rapid.SampledFrom([]string{"A", "B"}).Draw(t, "code"), fmt.Sprint(rapid.IntRange(-9, 9).Draw(t, "quantity")))
		}), 0, 6).Draw(t, "rows")
		have := map[string]*big.Rat{"A": {}, "B": {}}
		for _, r := range rows {
			q, _ := new(big.Rat).SetString(string(r.Quantity))
			have[r.Product.Code].Add(have[r.Product.Code], q.Abs(q))
		}
		want := map[string]*big.Rat{}
		var items []Item
		fits := true
		for _, code := range []string{"A", "B"} {
			q := big.NewRat(rapid.Int64Range(0, 20).Draw(t, code), 1)
			want[code] = q
			items = append(items, Item{code, q.RatString()})
			fits = fits && q.Cmp(have[code]) <= 0
		}
		taken, err := share(rows, items)
		if !fits {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		for i, r := range rows {
			q, _ := new(big.Rat).SetString(string(taken[i]))
			was, _ := new(big.Rat).SetString(string(r.Quantity))
			require.GreaterOrEqual(t, q.Sign()*was.Sign(), 0)
			require.LessOrEqual(t, new(big.Rat).Abs(q).Cmp(was.Abs(was)), 0)
			want[r.Product.Code].Sub(want[r.Product.Code], q.Abs(q))
		}
		require.Zero(t, want["A"].Sign())
		require.Zero(t, want["B"].Sign())
	})
}
