package money_test

import (
	"math"
	"math/big"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

func policies() []money.Apportionment {
	return []money.Apportionment{money.LargestRemainder, money.LargestRemainderLast, money.HalfDownFirst,
		money.LastTakesRest, money.Cumulative, money.FirstTakesRest, money.FloorLargestError}
}

func roundings() []money.Rounding {
	return []money.Rounding{money.HalfAwayFromZero, money.HalfEven, money.HalfDown, money.Up, money.Down,
		money.Floor, money.Ceil}
}

// tester is what *testing.T and *rapid.T share.
type tester interface {
	require.TestingT
	Helper()
}

// requireCode wants an error of kind Invalid with the code.
func requireCode(t tester, code string, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, fault.CodeOf(err))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

// anyInt64 draws numbers of every magnitude, so that overflow, ties and small
// cases all come up; never math.MinInt64, which no value holds.
func anyInt64() *rapid.Generator[int64] {
	small := rapid.Int64Range(-1000, 1000)
	cents := rapid.Int64Range(-100_000_000, 100_000_000)
	whole := rapid.Int64Range(-math.MaxInt64, math.MaxInt64)
	halves := rapid.Map(rapid.Int64Range(-1_000_000, 1_000_000), func(v int64) int64 { return v * 5000 })
	return rapid.OneOf(small, cents, whole, halves)
}

func anyCurrency() *rapid.Generator[money.Currency] {
	return rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.BHD, money.CLF, money.USD})
}

// round is the oracle of every rounding: num/den in big integers, written from
// the definition of each mode rather than from the code under test.
func round(num, den *big.Int, r money.Rounding) *big.Int {
	floor := new(big.Int)
	rest := new(big.Int)
	floor.DivMod(num, den, rest) // Euclidean: den > 0 gives the floor
	if rest.Sign() == 0 {
		return floor
	}
	ceil := new(big.Int).Add(floor, big.NewInt(1))
	toZero, away := floor, ceil
	if num.Sign() < 0 {
		toZero, away = ceil, floor
	}
	half := new(big.Int).Lsh(rest, 1).Cmp(den)
	nearest := floor
	if half > 0 {
		nearest = ceil
	}
	switch r {
	case money.Floor:
		return floor
	case money.Ceil:
		return ceil
	case money.Up:
		return away
	case money.Down:
		return toZero
	}
	if half != 0 {
		return nearest
	}
	switch r {
	case money.HalfEven:
		if floor.Bit(0) == 0 {
			return floor
		}
		return ceil
	case money.HalfDown:
		return toZero
	}
	return away
}

func bigOf(v int64) *big.Int { return big.NewInt(v) }

func mulBig(xs ...int64) *big.Int {
	p := big.NewInt(1)
	for _, x := range xs {
		p.Mul(p, big.NewInt(x))
	}
	return p
}

// fits reports whether a value of the package can hold v.
func fits(v *big.Int) bool { return v.IsInt64() && v.Int64() != math.MinInt64 }
