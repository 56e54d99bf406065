package money_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
)

// Each column is one input rounded to whole yen by every mode.
func TestRoundingTable(t *testing.T) {
	inputs := []string{"2.5", "-2.5", "3.5", "-3.5", "2.4", "-2.4", "2.6", "-2.6", "2.51", "2.0", "0.5", "-0.5", "0.1", "-0.1"}
	want := map[money.Rounding]string{
		money.HalfAwayFromZero: "3 -3 4 -4 2 -2 3 -3 3 2 1 -1 0 0",
		money.HalfEven:         "2 -2 4 -4 2 -2 3 -3 3 2 0 0 0 0",
		money.HalfDown:         "2 -2 3 -3 2 -2 3 -3 3 2 0 0 0 0",
		money.Up:               "3 -3 4 -4 3 -3 3 -3 3 2 1 -1 1 -1",
		money.Down:             "2 -2 3 -3 2 -2 2 -2 2 2 0 0 0 0",
		money.Floor:            "2 -3 3 -4 2 -3 2 -3 2 2 0 -1 0 -1",
		money.Ceil:             "3 -2 4 -3 3 -2 3 -2 3 2 1 0 1 0",
	}
	for _, r := range roundings() {
		var byPrice, byDecimal []string
		for _, in := range inputs {
			a, err := money.MustPrice(in, money.JPY).Amount(r)
			require.NoError(t, err)
			byPrice = append(byPrice, a.Text())
			b, err := money.AmountFromDecimal(decimal.RequireFromString(in), money.JPY, r)
			require.NoError(t, err)
			byDecimal = append(byDecimal, b.Text())
		}
		require.Equal(t, want[r], strings.Join(byPrice, " "), r)
		require.Equal(t, want[r], strings.Join(byDecimal, " "), r)
	}
}

// Flamingo price_test: half up to whole units.
func TestRoundingFlamingo(t *testing.T) {
	for in, want := range map[string]string{"7.5": "8", "-7.5": "-8", "7.4": "7", "-7.45": "-7", "2.5": "3", "-2.5": "-3"} {
		a, err := money.MustPrice(in, money.JPY).Amount(money.HalfAwayFromZero)
		require.NoError(t, err)
		require.Equal(t, want, a.Text(), in)
	}
}

func TestRoundingNames(t *testing.T) {
	for _, r := range roundings() {
		got, err := money.ParseRounding(r.String())
		require.NoError(t, err)
		require.Equal(t, r, got)
		out, err := json.Marshal(r)
		require.NoError(t, err)
		var back money.Rounding
		require.NoError(t, json.Unmarshal(out, &back))
		require.Equal(t, r, back)
	}
	require.Equal(t, "half_away_from_zero", money.Rounding(0).String())
	require.Equal(t, "rounding(99)", money.Rounding(99).String())
	_, err := money.Rounding(99).MarshalText()
	requireCode(t, "money.unknown_policy", err)
	_, err = money.ParseRounding("half_up_" + strings.Repeat("x", 100))
	requireCode(t, "money.unknown_policy", err)
	require.Less(t, len(err.Error()), 120)
}

func TestRoundToCash(t *testing.T) {
	step := money.MustAmount("0.05", money.CHF)
	for in, want := range map[string]string{"12.34": "12.35", "12.32": "12.30", "-12.34": "-12.35", "12.35": "12.35", "0.02": "0.00"} {
		got, err := money.MustAmount(in, money.CHF).RoundTo(step, money.HalfAwayFromZero)
		require.NoError(t, err)
		require.Equal(t, want, got.Text(), in)
	}
	got, err := money.MustAmount("12.50", money.SEK).RoundTo(money.MustAmount("1", money.SEK), money.HalfEven)
	require.NoError(t, err)
	require.Equal(t, "12.00 SEK", got.String())

	_, err = step.RoundTo(money.Zero(money.CHF), money.Up)
	requireCode(t, "money.step", err)
	_, err = step.RoundTo(step.Neg(), money.Up)
	requireCode(t, "money.step", err)
	_, err = step.RoundTo(money.MustAmount("1", money.EUR), money.Up)
	requireCode(t, "money.currency_mismatch", err)
	_, err = money.FromMinor(1<<63-1, money.CHF).RoundTo(step, money.Up)
	requireCode(t, "money.overflow", err)
}

func TestRoundToLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor := anyInt64().Draw(t, "minor")
		step := rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, 1<<62)).Draw(t, "step")
		r := rapid.SampledFrom(roundings()).Draw(t, "rounding")
		want := round(bigOf(minor), bigOf(step), r)
		want.Mul(want, bigOf(step))
		got, err := money.FromMinor(minor, money.EUR).RoundTo(money.FromMinor(step, money.EUR), r)
		if !fits(want) {
			requireCode(t, "money.overflow", err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), got.Minor())
	})
}
