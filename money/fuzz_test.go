package money_test

import (
	"encoding/binary"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/money"
)

var strict = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// FuzzParseAmount holds the parser against a pattern and decimal.Decimal: it
// takes exactly the texts that fit, with exactly their value.
func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"49.96", "-0.01", "12.5", "9223372036854775807", "92233720368547758.08", "1e3", "1.",
		".5", "+1", "00", "1.234", "12345678901234567890", "1_000", "١", "-", "1.2.3", "0.00000000000000000001"} {
		for d := range uint8(5) {
			f.Add(s, d)
		}
	}
	currencies := []money.Currency{money.JPY, money.EUR, money.BHD, money.CLF}
	f.Fuzz(func(t *testing.T, s string, pick uint8) {
		c := currencies[int(pick)%len(currencies)]
		got, err := money.ParseAmount(s, c)
		_, frac, _ := strings.Cut(s, ".")
		digits := len(s) - strings.Count(s, "-") - strings.Count(s, ".")
		ok := strict.MatchString(s) && digits <= 19 && len(frac) <= c.Digits()
		var want decimal.Decimal
		if ok {
			var derr error
			want, derr = decimal.NewFromString(s)
			require.NoError(t, derr)
			minor := want.Shift(int32(c.Digits()))
			ok = minor.Abs().LessThanOrEqual(decimal.New(math.MaxInt64, 0))
		}
		if !ok {
			require.Error(t, err, "%q", s)
			require.Equal(t, money.Amount{}, got)
			return
		}
		require.NoError(t, err, "%q", s)
		require.True(t, want.Equal(got.Decimal()), "%q is not %s", s, got)
		back, err := money.ParseAmount(got.Text(), c)
		if len(strings.TrimLeft(got.Text(), "-")) <= 20 { // padding "1" to "1.00" may pass 19 digits
			require.NoError(t, err)
			require.Equal(t, got, back)
		}
	})
}

// FuzzPriceMul holds price times quantity against big integers.
func FuzzPriceMul(f *testing.F) {
	f.Add(int64(12_593_400), int64(30_000), int64(10_000), uint8(0), uint8(1))
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(1), uint8(3), uint8(0))
	f.Add(int64(-5), int64(10_000), int64(10_000_000_000_000), uint8(5), uint8(3))
	f.Add(int64(15_000), int64(-10_000), int64(10_000), uint8(1), uint8(2))
	currencies := []money.Currency{money.JPY, money.EUR, money.BHD, money.CLF}
	f.Fuzz(func(t *testing.T, micro, units, base int64, mode, pick uint8) {
		if micro == math.MinInt64 || units == math.MinInt64 || base <= 0 {
			return
		}
		c, r := currencies[int(pick)%len(currencies)], money.Rounding(mode%7)
		p, err := money.PriceFromMicros(micro, c)
		require.NoError(t, err)
		q, err := money.QuantityFromUnits(units)
		require.NoError(t, err)
		b, err := money.QuantityFromUnits(base)
		require.NoError(t, err)
		p, err = p.PerBase(b)
		if base > 10_000_000_000_000 {
			requireCode(t, "money.base", err)
			return
		}
		require.NoError(t, err)
		scale := new(big.Int).Exp(bigOf(10), bigOf(int64(6-c.Digits())), nil)
		want := round(mulBig(micro, units), scale.Mul(scale, bigOf(base)), r)
		got, err := p.Mul(q, r)
		if !fits(want) {
			requireCode(t, "money.overflow", err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want.Int64(), got.Minor())
	})
}

// FuzzSplit reads weights from bytes, eight each, and checks that whatever is
// accepted sums up, leaves lines of weight zero alone and keeps the claims.
func FuzzSplit(f *testing.F) {
	f.Add(int64(299), []byte{1, 2, 3}, uint8(0), false)
	f.Add(int64(-100), []byte{0, 0, 0, 9, 9, 9}, uint8(6), false)
	f.Add(int64(math.MaxInt64), []byte("\x01\xff\xff\xff\xff\xff\xff\xff\x02\xff\xff\xff\xff\xff\xff\x7f"), uint8(2), true)
	f.Fuzz(func(t *testing.T, total int64, data []byte, policy uint8, wide bool) {
		p := money.Apportionment(policy % 7)
		var weights []int64
		if wide {
			for ; len(data) >= 8; data = data[8:] {
				weights = append(weights, int64(binary.LittleEndian.Uint64(data)))
			}
		} else {
			for _, b := range data {
				weights = append(weights, int64(b))
			}
		}
		sum, negative := new(big.Int), false
		for _, w := range weights {
			sum.Add(sum, bigOf(w))
			negative = negative || w < 0
		}
		dst := make([]int64, len(weights))
		err := p.SplitInto(dst, total, weights)
		empty := sum.Sign() == 0 && total != 0 && (!p.Claims().EqualOnZero || len(weights) == 0)
		if negative || empty || !sum.IsInt64() || total == math.MinInt64 {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		got := new(big.Int)
		for i, s := range dst {
			got.Add(got, bigOf(s))
			if weights[i] == 0 && sum.Sign() > 0 {
				require.Zero(t, s)
			}
			if sum.Sign() > 0 && p.Claims().WithinOneUnit {
				diff := new(big.Int).Mul(bigOf(s), sum)
				require.Negative(t, diff.Sub(diff, mulBig(total, weights[i])).CmpAbs(sum))
			}
		}
		require.Zero(t, got.Cmp(bigOf(total)))
	})
}
