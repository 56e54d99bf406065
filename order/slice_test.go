package order_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

func TestSliceOfALineInParts(t *testing.T) {
	for _, c := range []struct {
		name string
		line ruled
		take []string   // quantities, one after the other
		net  []string   // of each
		base []string   // of each, net and shares
		one  [][]string // of each, every share
	}{
		{name: "100.00 in three", line: ruled{quantity: "3", net: "100.00", rate: "20"},
			take: []string{"1", "1", "1"}, net: []string{"33.33", "33.34", "33.33"}, base: []string{"33.33", "33.34", "33.33"}},
		{name: "100.00 in two steps", line: ruled{quantity: "3", net: "100.00", rate: "20"},
			take: []string{"2", "1"}, net: []string{"66.67", "33.33"}, base: []string{"66.67", "33.33"}},
		{name: "less than one unit", line: ruled{quantity: "1", net: "0.01", rate: "20"},
			take: []string{"0.25", "0.25", "0.5"}, net: []string{"0.00", "0.01", "0.00"}, base: []string{"0.00", "0.01", "0.00"}},
		{name: "ten thousandths", line: ruled{quantity: "0.0003", net: "1.00", rate: "20"},
			take: []string{"0.0001", "0.0002"}, net: []string{"0.33", "0.67"}, base: []string{"0.33", "0.67"}},
		{name: "an allowance", line: ruled{quantity: "3", net: "100.00", rate: "20", shares: []string{"-10.00"}},
			take: []string{"1", "1", "1"}, net: []string{"33.33", "33.34", "33.33"}, base: []string{"30.00", "30.00", "30.00"},
			one: [][]string{{"-3.33"}, {"-3.34"}, {"-3.33"}}},
		{name: "an allowance and a charge", line: ruled{quantity: "3", net: "100.00", rate: "20", shares: []string{"-10.00", "5.00"}},
			take: []string{"1", "2"}, net: []string{"33.33", "66.67"}, base: []string{"31.67", "63.33"},
			one: [][]string{{"-3.33", "1.67"}, {"-6.67", "3.33"}}},
		{name: "everything is let off", line: ruled{quantity: "3", net: "100.00", rate: "20", shares: []string{"-100.00"}},
			take: []string{"1", "2"}, net: []string{"33.33", "66.67"}, base: []string{"0.00", "0.00"},
			one: [][]string{{"-33.33"}, {"-66.67"}}},
		{name: "a line free of charge bears no share", line: ruled{quantity: "2", net: "0.00", rate: "20", shares: []string{"0.00"}},
			take: []string{"1", "1"}, net: []string{"0.00", "0.00"}, base: []string{"0.00", "0.00"}, one: [][]string{{"0.00"}, {"0.00"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := ruledOrder(t, nil, c.line)
			for i, q := range c.take {
				s, err := o.NextSlice("L1", money.MustQuantity(q))
				require.NoError(t, err)
				require.Equal(t, money.MustQuantity(q), s.Quantity)
				require.Equal(t, money.MustAmount(c.net[i], money.EUR), s.Net)
				base, err := s.Base()
				require.NoError(t, err)
				require.Equal(t, money.MustAmount(c.base[i], money.EUR), base)
				for k, share := range s.Shares {
					require.Equal(t, money.MustAmount(c.one[i][k], money.EUR), share)
				}
				taken(&o, s)
			}
			_, err := o.NextSlice("L1", money.MustQuantity("0.0001"))
			require.ErrorIs(t, err, order.ErrNoSlice)
		})
	}
}

func TestSliceTakesTheLowestFreeStretches(t *testing.T) {
	o := ruledOrder(t, nil, ruled{quantity: "0.0100", net: "1.00", rate: "20"})
	o.Lines[0].Billed.Taken = []order.Stretch{{From: 10, To: 20}, {From: 50, To: 60}}
	s, err := o.NextSlice("L1", money.MustQuantity("0.0045"))
	require.NoError(t, err)
	require.Equal(t, []order.Stretch{{From: 0, To: 10}, {From: 20, To: 50}, {From: 60, To: 65}}, s.Stretches)
	require.Equal(t, money.MustAmount("0.45", money.EUR), s.Net)

	whole, err := o.SliceOf("L1", []order.Stretch{{From: 0, To: 10}, {From: 10, To: 65}})
	require.NoError(t, err)
	require.Equal(t, []order.Stretch{{From: 0, To: 65}}, whole.Stretches, "what touches is one stretch")
	none, err := o.NextSlice("L1", money.Quantity{})
	require.NoError(t, err)
	require.Equal(t, order.Slice{Line: "L1", Net: money.Zero(money.EUR)}, none)
}

func TestSliceRefuses(t *testing.T) {
	o := ruledOrder(t, nil, ruled{quantity: "2", net: "1.00", rate: "20"})
	o.Lines[0].Billed.Taken = []order.Stretch{{From: 5000, To: 10000}}
	_, err := o.NextSlice("L2", money.QuantityOf(1))
	require.ErrorIs(t, err, order.ErrNoLine)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Equal(t, "order.no_line", fault.CodeOf(err))
	for _, q := range []string{"1.5001", "2", "-1", "922337203685477.5807"} {
		_, err := o.NextSlice("L1", money.MustQuantity(q))
		require.ErrorIs(t, err, order.ErrNoSlice, q)
		require.Equal(t, fault.Precondition, fault.KindOf(err))
		require.Equal(t, "order.no_slice", fault.CodeOf(err))
	}
	_, err = o.NextSlice("L1", money.MustQuantity("1.5"))
	require.NoError(t, err)

	_, err = o.SliceOf("L2", nil)
	require.ErrorIs(t, err, order.ErrNoLine)
	for _, st := range [][]order.Stretch{
		{{From: -1, To: 1}}, {{From: 0, To: 20001}}, {{From: 3, To: 3}}, {{From: 4, To: 3}},
		{{From: 5, To: 9}, {From: 0, To: 2}}, {{From: 0, To: 5}, {From: 4, To: 6}},
	} {
		_, err := o.SliceOf("L1", st)
		require.ErrorIs(t, err, order.ErrNoSlice, "%v", st)
	}
}

// TestSliceOfLargeFigures: products of 128 bit, no overflow on the way.
func TestSliceOfLargeFigures(t *testing.T) {
	o := ruledOrder(t, nil, ruled{quantity: "922337203685477.5807", net: "92233720368547758.07", rate: "0"})
	s, err := o.NextSlice("L1", money.MustQuantity("922337203685477.5806"))
	require.NoError(t, err)
	require.Equal(t, int64(math.MaxInt64-1), s.Net.Minor())
	taken(&o, s)
	s, err = o.NextSlice("L1", money.MustQuantity("0.0001"))
	require.NoError(t, err)
	require.Equal(t, int64(1), s.Net.Minor())
}

func TestCutTop(t *testing.T) {
	st := []order.Stretch{{From: 0, To: 10}, {From: 20, To: 25}, {From: 40, To: 41}}
	require.Equal(t, int64(16), order.Length(st))
	for _, c := range []struct {
		n         int64
		top, rest []order.Stretch
	}{
		{-1, nil, st},
		{0, nil, st},
		{1, []order.Stretch{{From: 40, To: 41}}, []order.Stretch{{From: 0, To: 10}, {From: 20, To: 25}}},
		{3, []order.Stretch{{From: 23, To: 25}, {From: 40, To: 41}}, []order.Stretch{{From: 0, To: 10}, {From: 20, To: 23}}},
		{6, []order.Stretch{{From: 20, To: 25}, {From: 40, To: 41}}, []order.Stretch{{From: 0, To: 10}}},
		{15, []order.Stretch{{From: 1, To: 10}, {From: 20, To: 25}, {From: 40, To: 41}}, []order.Stretch{{From: 0, To: 1}}},
		{16, st, []order.Stretch{}},
		{99, st, []order.Stretch{}},
	} {
		top, rest := order.CutTop(st, c.n)
		require.Equal(t, c.top, top, c.n)
		require.Equal(t, c.rest, rest, c.n)
	}
	require.Equal(t, []order.Stretch{{From: 0, To: 10}, {From: 20, To: 25}, {From: 40, To: 41}}, st, "the argument stays")
}
