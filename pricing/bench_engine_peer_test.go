package pricing_test

import (
	"fmt"
	"testing"

	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"
)

// BenchmarkEnginePeer is the calculation of BenchmarkEngine alone, from chosen
// prices to the gross, as a service would write it in a decimal library: line
// value, 5 % off the line, 2 % off the whole shared by value, VAT by rate. No
// choice of prices or rules, no explanation, no seal.
func BenchmarkEnginePeer(b *testing.B) {
	for _, n := range benchSizes {
		in := benchBasket(n)
		b.Run(fmt.Sprintf("shopspring/%d", n), func(b *testing.B) {
			price, quantity := make([]decimal.Decimal, n), make([]decimal.Decimal, n)
			for i, l := range in.Lines {
				price[i], quantity[i] = l.Prices[0].Breaks[0].Price.Decimal(), l.Quantity.Decimal()
			}
			five, two := decimal.RequireFromString("0.05"), decimal.RequireFromString("0.02")
			rates := []decimal.Decimal{decimal.RequireFromString("0.2"), decimal.RequireFromString("0.055")}
			b.ReportAllocs()
			for b.Loop() {
				nets, sum := make([]decimal.Decimal, n), decimal.Zero
				for i := range nets {
					v := price[i].Mul(quantity[i]).Round(2)
					nets[i] = v.Sub(v.Mul(five).Round(2))
					sum = sum.Add(nets[i])
				}
				left, weight := sum.Mul(two).Round(2), sum
				bases := make([]decimal.Decimal, 2)
				for i := range nets {
					share := decimal.Zero
					if !weight.IsZero() {
						share = left.Mul(nets[i]).DivRound(weight, 2)
					}
					left, weight = left.Sub(share), weight.Sub(nets[i])
					bases[rateAt(i)] = bases[rateAt(i)].Add(nets[i].Sub(share))
				}
				gross := decimal.Zero
				for k := range bases {
					gross = gross.Add(bases[k]).Add(bases[k].Mul(rates[k]).Round(2))
				}
				if gross.Sign() <= 0 {
					b.Fatal("nothing")
				}
			}
			reportLines(b, n)
		})
		b.Run(fmt.Sprintf("govalues/%d", n), func(b *testing.B) {
			price, quantity := make([]govalues.Decimal, n), make([]govalues.Decimal, n)
			for i, l := range in.Lines {
				price[i] = govalues.MustParse(l.Prices[0].Breaks[0].Price.Decimal().String())
				quantity[i] = govalues.MustParse(l.Quantity.String())
			}
			five, two := govalues.MustParse("0.05"), govalues.MustParse("0.02")
			rates := []govalues.Decimal{govalues.MustParse("0.2"), govalues.MustParse("0.055")}
			must := func(d govalues.Decimal, err error) govalues.Decimal {
				if err != nil {
					b.Fatal(err)
				}
				return d
			}
			b.ReportAllocs()
			for b.Loop() {
				nets, sum := make([]govalues.Decimal, n), govalues.Zero
				for i := range nets {
					v := must(price[i].Mul(quantity[i])).Round(2)
					nets[i] = must(v.Sub(must(v.Mul(five)).Round(2)))
					sum = must(sum.Add(nets[i]))
				}
				left, weight := must(sum.Mul(two)).Round(2), sum
				bases := []govalues.Decimal{govalues.Zero, govalues.Zero}
				for i := range nets {
					share := govalues.Zero
					if !weight.IsZero() {
						share = must(must(left.Mul(nets[i])).Quo(weight)).Round(2)
					}
					left, weight = must(left.Sub(share)), must(weight.Sub(nets[i]))
					bases[rateAt(i)] = must(bases[rateAt(i)].Add(must(nets[i].Sub(share))))
				}
				gross := govalues.Zero
				for k := range bases {
					gross = must(must(gross.Add(bases[k])).Add(must(bases[k].Mul(rates[k])).Round(2)))
				}
				if gross.Sign() <= 0 {
					b.Fatal("nothing")
				}
			}
			reportLines(b, n)
		})
	}
}

// rateAt is the rate of a line of benchBasket: one in four is reduced.
func rateAt(i int) int {
	if i%4 == 3 {
		return 1
	}
	return 0
}
