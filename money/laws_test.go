package money_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
)

// Law: a percentage equals the exact product, rounded once by the definition
// of the mode; what does not fit is an error.
func TestLawPercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor, units := anyInt64().Draw(t, "minor"), anyInt64().Draw(t, "rate")
		r := rapid.SampledFrom(roundings()).Draw(t, "rounding")
		rate, err := money.RateFromUnits(units)
		require.NoError(t, err)
		want := round(mulBig(minor, units), bigOf(1_000_000), r)
		got, err := money.FromMinor(minor, money.EUR).Percent(rate, r)
		if !fits(want) {
			requireCode(t, "money.overflow", err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), got.Minor())
	})
}

// Law: 100 % off is exactly 0.00, whatever the rounding, and 0 % takes nothing.
func TestLawHundredPercentOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.FromMinor(anyInt64().Draw(t, "minor"), anyCurrency().Draw(t, "currency"))
		r := rapid.SampledFrom(roundings()).Draw(t, "rounding")
		off, err := a.Percent(money.RateOf(100), r)
		require.NoError(t, err)
		rest, err := a.Sub(off)
		require.NoError(t, err)
		require.Equal(t, money.Zero(a.Currency()), rest)
		off, err = a.Percent(money.Rate{}, r)
		require.NoError(t, err)
		require.True(t, off.IsZero())
	})
}

// Law: price times quantity per base is exact and rounded once, in every
// currency; Times is the same at six decimals.
func TestLawPriceMul(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micro, units := anyInt64().Draw(t, "micro"), anyInt64().Draw(t, "quantity")
		base := rapid.SampledFrom([]int64{10_000, 1_000_000, 15_000, 1, 30_000, 10_000_000_000_000}).Draw(t, "base")
		c := anyCurrency().Draw(t, "currency")
		r := rapid.SampledFrom(roundings()).Draw(t, "rounding")
		p, err := money.PriceFromMicros(micro, c)
		require.NoError(t, err)
		b, err := money.QuantityFromUnits(base)
		require.NoError(t, err)
		p, err = p.PerBase(b)
		require.NoError(t, err)
		q, err := money.QuantityFromUnits(units)
		require.NoError(t, err)

		scale := int64(1)
		for range 6 - c.Digits() {
			scale *= 10
		}
		want := round(mulBig(micro, units), mulBig(base, scale), r)
		got, err := p.Mul(q, r)
		if fits(want) {
			require.NoError(t, err)
			require.Equal(t, want.Int64(), got.Minor())
		} else {
			requireCode(t, "money.overflow", err)
		}

		want = round(mulBig(micro, units), bigOf(base), r)
		precise, err := p.Times(q, r)
		if fits(want) {
			require.NoError(t, err)
			require.Equal(t, want.Int64(), precise.Micros())
			require.Equal(t, money.QuantityOf(1), precise.Base())
		} else {
			requireCode(t, "money.overflow", err)
		}
	})
}

// Law: a line with a discount and a tax equals the same calculation with
// shopspring/decimal, in every mode decimal has.
func TestLawEqualsShopspring(t *testing.T) {
	modes := map[money.Rounding]func(decimal.Decimal, int32) decimal.Decimal{
		money.HalfAwayFromZero: decimal.Decimal.Round,
		money.HalfEven:         decimal.Decimal.RoundBank,
		money.Up:               decimal.Decimal.RoundUp,
		money.Down:             decimal.Decimal.RoundDown,
		money.Floor:            decimal.Decimal.RoundFloor,
		money.Ceil:             decimal.Decimal.RoundCeil,
	}
	rapid.Check(t, func(t *rapid.T) {
		c := anyCurrency().Draw(t, "currency")
		p, err := money.PriceFromMicros(rapid.Int64Range(-10_000_000_000, 10_000_000_000).Draw(t, "price"), c)
		require.NoError(t, err)
		q, err := money.QuantityFromUnits(rapid.Int64Range(-10_000_000, 10_000_000).Draw(t, "quantity"))
		require.NoError(t, err)
		off, err := money.RateFromUnits(rapid.Int64Range(0, 1_000_000).Draw(t, "discount"))
		require.NoError(t, err)
		vat, err := money.RateFromUnits(rapid.Int64Range(0, 300_000).Draw(t, "tax"))
		require.NoError(t, err)
		for r, mode := range modes {
			line, err := p.Mul(q, r)
			require.NoError(t, err)
			less, err := line.Percent(off, r)
			require.NoError(t, err)
			net, err := line.Sub(less)
			require.NoError(t, err)
			tax, err := net.Percent(vat, r)
			require.NoError(t, err)
			gross, err := money.Sum(c, net, tax)
			require.NoError(t, err)

			d := int32(c.Digits())
			dLine := mode(p.Decimal().Mul(q.Decimal()), d)
			dNet := dLine.Sub(mode(dLine.Mul(off.Decimal()).Shift(-2), d))
			dGross := dNet.Add(mode(dNet.Mul(vat.Decimal()).Shift(-2), d))
			require.True(t, dGross.Equal(gross.Decimal()), "%s: %s is not %s", r, gross, dGross)
		}
	})
}

// Law: net and gross invert each other to a millionth where the rate is one
// that taxes have.
func TestLawNetGross(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micro := rapid.Int64Range(-1_000_000_000_000, 1_000_000_000_000).Draw(t, "gross")
		rate, err := money.RateFromUnits(rapid.Int64Range(0, 300_000).Draw(t, "rate"))
		require.NoError(t, err)
		gross, err := money.PriceFromMicros(micro, money.EUR)
		require.NoError(t, err)
		net, err := gross.Net(rate)
		require.NoError(t, err)
		want := round(mulBig(micro, 1_000_000), bigOf(1_000_000+rate.Units()), money.HalfAwayFromZero)
		require.Equal(t, want.Int64(), net.Micros())
		back, err := net.Gross(rate)
		require.NoError(t, err)
		require.InDelta(t, micro, back.Micros(), 1)
	})
}

// Law: addition is that of the integers, or an error.
func TestLawAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := anyInt64().Draw(t, "x"), anyInt64().Draw(t, "y")
		a, b := money.FromMinor(x, money.EUR), money.FromMinor(y, money.EUR)
		sum := bigOf(x)
		sum.Add(sum, bigOf(y))
		got, err := a.Add(b)
		if !fits(sum) {
			requireCode(t, "money.overflow", err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, sum.Int64(), got.Minor())
		back, err := got.Sub(b)
		require.NoError(t, err)
		require.Equal(t, a, back)
		part, err := a.Part(y, 7, money.HalfEven)
		if want := round(mulBig(x, y), bigOf(7), money.HalfEven); fits(want) {
			require.NoError(t, err)
			require.Equal(t, want.Int64(), part.Minor())
		} else {
			requireCode(t, "money.overflow", err)
		}
	})
}

// Law: text, JSON and decimal carry every value there and back.
func TestLawRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCurrency().Draw(t, "currency")
		raw := anyInt64().Draw(t, "raw")
		a := money.FromMinor(raw, c)
		parsed, err := money.ParseAmount(a.Text(), c)
		require.NoError(t, err)
		require.Equal(t, a, parsed)
		viaDecimal, err := money.AmountFromDecimal(a.Decimal(), c, money.Down)
		require.NoError(t, err)
		require.Equal(t, a, viaDecimal)
		roundTrip(t, a)

		q, err := money.QuantityFromUnits(raw)
		require.NoError(t, err)
		roundTrip(t, q)
		rate, err := money.RateFromUnits(raw)
		require.NoError(t, err)
		roundTrip(t, rate)
		p, err := money.PriceFromMicros(raw, c)
		require.NoError(t, err)
		roundTrip(t, p)
		if !q.IsZero() {
			if based, err := p.PerBase(q); err == nil {
				roundTrip(t, based)
			}
		}
	})
}

func roundTrip[T comparable](t *rapid.T, v T) {
	out, err := json.Marshal(v)
	require.NoError(t, err)
	var back T
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, v, back)
}

// Law: a decimal of any size rounds to the currency as the definition says.
func TestLawFromDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coef, exp := anyInt64().Draw(t, "coefficient"), rapid.Int32Range(-30, 12).Draw(t, "exponent")
		c := anyCurrency().Draw(t, "currency")
		r := rapid.SampledFrom(roundings()).Draw(t, "rounding")
		num, den := bigOf(coef), bigOf(1)
		shift := int(exp) + c.Digits()
		for ; shift > 0; shift-- {
			num.Mul(num, bigOf(10))
		}
		for ; shift < 0; shift++ {
			den.Mul(den, bigOf(10))
		}
		want := round(num, den, r)
		got, err := money.AmountFromDecimal(decimal.New(coef, exp), c, r)
		if !fits(want) {
			requireCode(t, "money.overflow", err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), got.Minor())
	})
}
