package pricing_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

func ladder(mode pricing.LadderMode, steps ...pricing.LadderStep) pricing.Ladder {
	return pricing.Ladder{Mode: mode, Steps: steps}
}

func step(from int64, percent string) pricing.LadderStep {
	return pricing.LadderStep{From: eur(from), Percent: money.MustRate(percent)}
}

func TestLadderRebate(t *testing.T) {
	steps := []pricing.LadderStep{step(1_000_000, "2"), step(2_500_000, "3.5"), step(5_000_000, "5")}
	for _, c := range []struct{ turnover, whole, marginal int64 }{
		{-500, 0, 0}, {0, 0, 0},
		{999_999, 0, 0},
		{1_000_000, 20_000, 0},
		{1_000_025, 20_001, 1}, // 20000.50, 0.50: half away from zero
		{2_499_999, 50_000, 30_000},
		{2_500_000, 87_500, 30_000},
		{5_000_000, 250_000, 117_500},
		{6_000_000, 300_000, 167_500},
	} {
		whole, err := ladder(pricing.WholeLadder, steps...).Rebate(eur(c.turnover))
		require.NoError(t, err)
		require.Equal(t, eur(c.whole), whole, c.turnover)
		marginal, err := ladder(pricing.MarginalLadder, steps...).Rebate(eur(c.turnover))
		require.NoError(t, err)
		require.Equal(t, eur(c.marginal), marginal, c.turnover)
	}
	down := ladder(pricing.WholeLadder, steps...)
	down.Rounding = money.Down
	got, err := down.Rebate(eur(1_000_025))
	require.NoError(t, err)
	require.Equal(t, eur(20_000), got)
}

func TestLadderNext(t *testing.T) {
	l := ladder(pricing.WholeLadder, step(1_000_000, "2"), step(2_500_000, "3.5"))
	for _, c := range []struct{ turnover, from, missing, saves int64 }{
		{-100, 1_000_000, 1_000_100, 20_000},
		{0, 1_000_000, 1_000_000, 20_000},
		{1_000_000, 2_500_000, 1_500_000, 67_500},
		{2_400_000, 2_500_000, 100_000, 39_500},
	} {
		n, ok, err := l.Next(eur(c.turnover))
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, []int64{c.from, c.missing, c.saves}, []int64{n.From.Minor(), n.Missing.Minor(), n.Saves.Minor()}, c.turnover)
	}
	_, ok, err := l.Next(eur(2_500_000))
	require.NoError(t, err)
	require.False(t, ok, "the last step is reached")
}

func TestLadderReportsEverything(t *testing.T) {
	l := ladder("half", step(100, "5"), step(100, "101"), step(-5, "-1"),
		pricing.LadderStep{From: money.FromMinor(900, money.JPY), Percent: money.MustRate("6")}, pricing.LadderStep{})
	err := l.Check()
	require.ErrorIs(t, err, pricing.ErrLadder)
	require.Equal(t, []string{"mode", "steps[1].percent", "steps[1].from", "steps[2].from", "steps[2].percent", "steps[2].from",
		"steps[3].from", "steps[4].from", "steps[4].from"}, paths(err))
	require.Equal(t, []string{"steps"}, paths(ladder(pricing.WholeLadder).Check()))
	require.Equal(t, []string{"steps"}, paths(ladder(pricing.MarginalLadder, make([]pricing.LadderStep, 101)...).Check())[:1])

	falling := []pricing.LadderStep{step(0, "5"), step(100, "4")}
	require.Equal(t, []string{"steps[1].percent"}, paths(ladder(pricing.WholeLadder, falling...).Check()))
	require.NoError(t, ladder(pricing.MarginalLadder, falling...).Check())

	_, err = ladder("", falling...).Rebate(eur(1))
	require.ErrorIs(t, err, pricing.ErrLadder)
	_, err = ladder(pricing.WholeLadder, step(0, "5")).Rebate(money.FromMinor(1, money.JPY))
	require.ErrorIs(t, err, money.ErrCurrencyMismatch)
}

// A rebate is never below zero nor above the turnover, never less for more, the
// sum of its slices, and what Next promises is what reaching the step brings.
func TestLadderLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLadder(t)
		x := eur(rapid.Int64Range(-1_000, 2_000_000).Draw(t, "turnover"))
		y := eur(x.Minor() + rapid.Int64Range(0, 500_000).Draw(t, "more"))
		low, err := l.Rebate(x)
		require.NoError(t, err)
		high, err := l.Rebate(y)
		require.NoError(t, err)
		require.GreaterOrEqual(t, low.Minor(), int64(0))
		require.LessOrEqual(t, low.Minor(), max(x.Minor(), 0))
		require.LessOrEqual(t, low.Minor(), high.Minor())

		slices, err := l.Slices(x)
		require.NoError(t, err)
		sum := int64(0)
		for _, s := range slices {
			sum += s.Earned.Minor()
		}
		require.Equal(t, low.Minor(), sum)

		n, ok, err := l.Next(x)
		require.NoError(t, err)
		if !ok {
			require.GreaterOrEqual(t, x.Minor(), l.Steps[len(l.Steps)-1].From.Minor())
			return
		}
		require.Positive(t, n.Missing.Minor())
		then, err := l.Rebate(eur(x.Minor() + n.Missing.Minor()))
		require.NoError(t, err)
		require.Equal(t, then.Minor(), low.Minor()+n.Saves.Minor())
	})
}

func anyLadder(t *rapid.T) pricing.Ladder {
	l := ladder(rapid.SampledFrom([]pricing.LadderMode{pricing.WholeLadder, pricing.MarginalLadder}).Draw(t, "mode"))
	from, percent := rapid.Int64Range(0, 10_000).Draw(t, "first"), int64(0)
	for range rapid.IntRange(1, 5).Draw(t, "steps") {
		if l.Mode == pricing.MarginalLadder {
			percent = 0
		}
		percent = min(percent+rapid.Int64Range(0, 30).Draw(t, "percent"), 100)
		l.Steps = append(l.Steps, pricing.LadderStep{From: eur(from), Percent: money.RateOf(percent)})
		from += rapid.Int64Range(1, 400_000).Draw(t, "step")
	}
	return l
}
