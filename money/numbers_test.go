package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
)

func TestQuantityText(t *testing.T) {
	for in, want := range map[string]string{
		"2": "2", "1.5": "1.5", "1.5000": "1.5", "0.0001": "0.0001", "-0.25": "-0.25", "10": "10", "0": "0",
		"922337203685477.5807": "922337203685477.5807",
	} {
		q, err := money.ParseQuantity(in)
		require.NoError(t, err)
		require.Equal(t, want, q.String())
		require.True(t, q.Decimal().Equal(decimal.RequireFromString(in)))
		back, err := money.QuantityFromDecimal(q.Decimal())
		require.NoError(t, err)
		require.Equal(t, q, back)
		raw, err := money.QuantityFromUnits(q.Units())
		require.NoError(t, err)
		require.Equal(t, q, raw)
		r, err := money.ParseRate(in)
		require.NoError(t, err)
		require.Equal(t, want, r.String())
		rr, err := money.RateFromDecimal(r.Decimal())
		require.NoError(t, err)
		require.Equal(t, r, rr)
	}
	for in, code := range map[string]string{
		"1.00001": "money.precision", "922337203685477.5808": "money.overflow", "1,5": "money.syntax",
		"1e2": "money.syntax", "20%": "money.syntax", "12345678901234567890": "money.too_long",
	} {
		_, err := money.ParseQuantity(in)
		requireCode(t, code, err)
		_, err = money.ParseRate(in)
		requireCode(t, code, err)
	}
	_, err := money.QuantityFromDecimal(decimal.New(12345, -5))
	requireCode(t, "money.precision", err)
	_, err = money.RateFromDecimal(decimal.New(1, 30))
	requireCode(t, "money.overflow", err)
	require.Panics(t, func() { money.MustQuantity("x") })
	require.Panics(t, func() { money.MustRate("x") })
}

func TestQuantityJSON(t *testing.T) {
	type line struct {
		Qty  money.Quantity            `json:"qty"`
		Rate money.Rate                `json:"rate"`
		By   map[money.Quantity]string `json:"by,omitempty"`
	}
	in := line{Qty: money.MustQuantity("1.5"), Rate: money.MustRate("20"), By: map[money.Quantity]string{money.QuantityOf(2): "x"}}
	out, err := json.Marshal(in)
	require.NoError(t, err)
	require.Equal(t, `{"qty":"1.5","rate":"20","by":{"2":"x"}}`, string(out))
	var back line
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, in, back)
	require.Error(t, json.Unmarshal([]byte(`{"qty":1.5}`), &back), "numbers are strings")
	requireCode(t, "money.precision", json.Unmarshal([]byte(`{"qty":"1.00001"}`), &back))
	requireCode(t, "money.syntax", json.Unmarshal([]byte(`{"rate":"x"}`), &back))
}

func TestQuantityArithmetic(t *testing.T) {
	a, b := money.MustQuantity("1.5"), money.QuantityOf(2)
	sum, err := a.Add(b)
	require.NoError(t, err)
	require.Equal(t, "3.5", sum.String())
	diff, err := a.Sub(b)
	require.NoError(t, err)
	require.Equal(t, "-0.5", diff.String())
	require.Equal(t, diff.Neg(), money.MustQuantity("0.5"))
	require.Equal(t, []int{-1, 0, 1}, []int{a.Cmp(b), a.Cmp(a), b.Cmp(a)})
	require.Equal(t, []int{1, -1, 0}, []int{a.Sign(), diff.Sign(), money.Quantity{}.Sign()})
	require.True(t, money.Quantity{}.IsZero())
	require.True(t, b.IsWhole())
	require.False(t, a.IsWhole())
	top, err := money.QuantityFromUnits(math.MaxInt64)
	require.NoError(t, err)
	_, err = top.Add(a)
	requireCode(t, "money.overflow", err)
	_, err = top.Neg().Sub(a)
	requireCode(t, "money.overflow", err)

	for _, c := range []struct {
		q, step string
		want    bool
	}{{"6", "1.5", true}, {"6", "4", false}, {"0", "3", true}, {"-6", "3", true}, {"6", "0", false}, {"6", "-3", false}, {"0.3", "0.1", true}} {
		require.Equal(t, c.want, money.MustQuantity(c.q).MultipleOf(money.MustQuantity(c.step)), c)
	}
}

func TestRateArithmetic(t *testing.T) {
	a, b := money.MustRate("5.5"), money.RateOf(20)
	sum, err := a.Add(b)
	require.NoError(t, err)
	require.Equal(t, "25.5", sum.String())
	diff, err := a.Sub(b)
	require.NoError(t, err)
	require.Equal(t, "-14.5", diff.String())
	require.Equal(t, -1, a.Cmp(b))
	require.Equal(t, -1, diff.Sign())
	require.Equal(t, a, a.Neg().Neg())
	require.True(t, money.Rate{}.IsZero())
	require.EqualValues(t, 55_000, a.Units())
	top, err := money.RateFromUnits(math.MaxInt64)
	require.NoError(t, err)
	_, err = top.Add(a)
	requireCode(t, "money.overflow", err)
	_, err = money.MustPrice("1", money.EUR).Gross(top)
	requireCode(t, "money.rate", err)
}
