package pricing_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

var benchSizes = []int{1, 10, 100, 1000}

// benchBasket is a dealer's order: three breaks a price, one line in four at
// the reduced rate, ids of the length of a UUID.
func benchBasket(n int) pricing.Basket {
	b := basket(money.EUR)
	for i := range n {
		l := pricing.Line{
			ID:      pricing.LineID(fmt.Sprintf("01890a5d-ac96-774b-bcce-%012d", i)),
			Product: catalog.ID(fmt.Sprintf("product-%08d", i)), SKU: catalog.SKU(fmt.Sprintf("0656%05d", i)),
			Quantity: money.QuantityOf(int64(i%40 + 1)), Tax: "standard",
		}
		if i%4 == 3 {
			l.Tax = "reduced"
		}
		breaks := make([]catalog.Break, 3)
		for k := range breaks {
			p, _ := money.PriceFromMicros(int64(9_450_000+i*12_340-k*500_000), money.EUR)
			breaks[k] = catalog.Break{From: money.QuantityOf(int64(k * 10)), Price: p}
		}
		l.Prices = []catalog.ListPrice{{Stated: catalog.Net, Breaks: breaks}}
		b.Lines = append(b.Lines, l)
	}
	return b
}

// BenchmarkListPricer is the whole Quote: choice of prices, taxes, totals,
// seal; with the explanation (the default) and without (brief).
func BenchmarkListPricer(b *testing.B) {
	tab := table(b)
	for _, mode := range []struct {
		name string
		opts *pricing.Options
	}{{"why", nil}, {"brief", &pricing.Options{Brief: true}}} {
		for _, n := range benchSizes {
			b.Run(fmt.Sprintf("%s/%d", mode.name, n), func(b *testing.B) {
				p, in, ctx := pricing.NewListPricer(tab, mode.opts), benchBasket(n), b.Context()
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Quote(ctx, in); err != nil {
						b.Fatal(err)
					}
				}
				reportLines(b, n)
			})
		}
	}
}

// BenchmarkDecimalPeer is the calculation alone, from chosen prices and rates
// to line taxes and totals, in shopspring/decimal; no seal, no explanation.
func BenchmarkDecimalPeer(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := benchBasket(n)
			q := quote(b, pricing.NewListPricer(table(b), nil), in)
			lines := decimalLines(table(b), in, q)
			var got decimalTotals
			b.ReportAllocs()
			for b.Loop() {
				got = decimalQuote(slices.Clone(lines), 2)
			}
			reportLines(b, n)
			if !got.gross.Equal(q.Gross.Decimal()) {
				b.Fatal("the peer computes something else")
			}
		})
	}
}

func BenchmarkSeal(b *testing.B) {
	q := quote(b, pricing.NewListPricer(table(b), nil), benchBasket(1000))
	b.ReportAllocs()
	for b.Loop() {
		_ = q.ComputeSeal()
	}
	reportLines(b, 1000)
}

func BenchmarkDiff(b *testing.B) {
	q := quote(b, pricing.NewListPricer(table(b), nil), benchBasket(1000))
	b.ReportAllocs()
	for b.Loop() {
		if pricing.Diff(q, q) != nil {
			b.Fatal("differs from itself")
		}
	}
	reportLines(b, 1000)
}

// BenchmarkAdjust puts an allowance and a charge on a quote, explained and
// sealed.
func BenchmarkAdjust(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			q := quote(b, pricing.NewListPricer(table(b), nil), benchBasket(n))
			adj := amounts("-2.50", "9.90")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pricing.Adjust(q, adj, money.LargestRemainder, money.HalfAwayFromZero); err != nil {
					b.Fatal(err)
				}
			}
			reportLines(b, n)
		})
	}
}

func reportLines(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// TestAllocations holds what the benchmarks show: the number of allocations
// of a quote does not grow with its lines, nor does that of adjusting it.
func TestAllocations(t *testing.T) {
	for _, brief := range []bool{true, false} {
		for _, n := range benchSizes {
			list, in := pricing.NewListPricer(table(t), &pricing.Options{Brief: brief}), benchBasket(n)
			none := pricing.WithAdjustments(list, func(pricing.Quote) ([]pricing.Adjustment, error) { return nil, nil })
			for name, p := range map[string]pricing.Pricer{"list": list, "no adjustments": none} {
				got := testing.AllocsPerRun(50, func() { quote(t, p, in) })
				if got > 10 && !raceEnabled {
					t.Errorf("%s, %d lines, brief %v: %v allocations", name, n, brief, got)
				}
			}
			q, adj := quote(t, list, in), amounts("-2.50", "9.90")
			got := testing.AllocsPerRun(50, func() {
				if _, err := pricing.Adjust(q, adj, money.LargestRemainder, money.HalfAwayFromZero); err != nil {
					t.Error(err)
				}
			})
			if got > 20 && !raceEnabled {
				t.Errorf("adjusting %d lines, brief %v: %v allocations", n, brief, got)
			}
		}
	}
}
