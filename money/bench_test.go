package money_test

import (
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
)

// benchAmounts and benchRates vary from call to call, so that neither the
// compiler nor the branch predictor knows the answer.
var (
	benchAmounts = [8]int64{4996, 13396, 7200, 945, 8400, 123456, 29900, -4996}
	benchRates   = [8]string{"20", "5.5", "19", "7", "21", "2.1", "10", "25"}
)

func BenchmarkPercent(b *testing.B) {
	b.Run("comptoir", func(b *testing.B) {
		var xs [8]money.Amount
		var rs [8]money.Rate
		for i := range xs {
			xs[i], rs[i] = money.FromMinor(benchAmounts[i], money.EUR), money.MustRate(benchRates[i])
		}
		b.ReportAllocs()
		var sink int64
		for i := range b.N {
			a, err := xs[i&7].Percent(rs[i&7], money.HalfAwayFromZero)
			if err != nil {
				b.Fatal(err)
			}
			sink += a.Minor()
		}
		sinkInt = sink
	})
	b.Run("int64", func(b *testing.B) {
		var rs [8]int64
		for i := range rs {
			rs[i] = money.MustRate(benchRates[i]).Units()
		}
		b.ReportAllocs()
		var sink int64
		for i := range b.N {
			sink += rawPercent(benchAmounts[i&7], rs[i&7])
		}
		sinkInt = sink
	})
	b.Run("shopspring", func(b *testing.B) {
		var xs, rs [8]decimal.Decimal
		for i := range xs {
			xs[i], rs[i] = decimal.New(benchAmounts[i], -2), decimal.RequireFromString(benchRates[i])
		}
		b.ReportAllocs()
		var sink decimal.Decimal
		for i := range b.N {
			sink = xs[i&7].Mul(rs[i&7]).Shift(-2).Round(2)
		}
		sinkDecimal = sink
	})
}

// rawPercent is the least there is to do: one product, one constant divisor,
// half away from zero, nothing checked.
//
//go:noinline
func rawPercent(minor, rate int64) int64 {
	p := minor * rate
	if p < 0 {
		return (p - 500_000) / 1_000_000
	}
	return (p + 500_000) / 1_000_000
}

var (
	sinkInt     int64
	sinkDecimal decimal.Decimal
)

func BenchmarkPriceMul(b *testing.B) {
	price := money.MustPrice("12.3456", money.EUR)
	per100, _ := price.PerBase(money.QuantityOf(100))
	qty := [8]money.Quantity{}
	for i := range qty {
		qty[i] = money.QuantityOf(int64(i*7 + 1))
	}
	for _, c := range []struct {
		name  string
		price money.Price
	}{{"comptoir", price}, {"comptoir_per_100", per100}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var sink int64
			for i := range b.N {
				a, err := c.price.Mul(qty[i&7], money.HalfAwayFromZero)
				if err != nil {
					b.Fatal(err)
				}
				sink += a.Minor()
			}
			sinkInt = sink
		})
	}
	b.Run("shopspring", func(b *testing.B) {
		p := price.Decimal()
		var qs [8]decimal.Decimal
		for i := range qs {
			qs[i] = qty[i].Decimal()
		}
		b.ReportAllocs()
		for i := range b.N {
			sinkDecimal = p.Mul(qs[i&7]).Round(2)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	for _, p := range policies() {
		b.Run(p.String()+"/100", func(b *testing.B) { benchSplit(b, p, 100) })
	}
	for _, n := range []int{10, 1000, 10000} {
		b.Run(money.LargestRemainder.String()+"/"+strconv.Itoa(n), func(b *testing.B) { benchSplit(b, money.LargestRemainder, n) })
	}
}

func benchSplit(b *testing.B, p money.Apportionment, n int) {
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = int64(i*7919%10007) + 1
	}
	dst := make([]int64, n, 2*n)
	b.ReportAllocs()
	for i := range b.N {
		if err := p.SplitInto(dst, int64(12345+i&1023), weights); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
}

func BenchmarkText(b *testing.B) {
	a := money.MustAmount("1234.56", money.EUR)
	b.Run("ParseAmount", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			got, _ := money.ParseAmount("1234.56", money.EUR)
			sinkInt = got.Minor()
		}
	})
	b.Run("AppendNumber", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 32)
		for range b.N {
			buf = a.AppendNumber(buf[:0])
		}
		sinkInt = int64(len(buf))
	})
	b.Run("MarshalJSON", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			out, _ := a.MarshalJSON()
			sinkInt = int64(len(out))
		}
	})
}
