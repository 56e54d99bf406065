package pricing_test

import (
	"slices"

	"github.com/shopspring/decimal"
)

var hundred = decimal.NewFromInt(100)

// decimalQuote is the whole calculation in shopspring/decimal: the oracle of
// the properties and the peer of the benchmarks. It works on the lines given.
func decimalQuote(lines []decimalLine, digits int32) decimalTotals {
	type key struct {
		row   string
		gross bool
	}
	parts := map[key][]int{}
	var order []key
	for i := range lines {
		l := &lines[i]
		value := l.price.Mul(l.quantity).DivRound(l.base, 40).Round(digits)
		k := key{l.key, l.stated}
		if l.stated {
			l.gross = value
		} else {
			l.net = value
		}
		if parts[k] == nil {
			order = append(order, k)
		}
		parts[k] = append(parts[k], i)
	}
	var t decimalTotals
	for _, k := range order {
		sum, weights := decimal.Zero, make([]decimal.Decimal, len(parts[k]))
		for j, i := range parts[k] {
			weights[j] = lines[i].net
			if k.gross {
				weights[j] = lines[i].gross
			}
			sum = sum.Add(weights[j])
		}
		rate, home := lines[parts[k][0]].rate, lines[parts[k][0]].home
		if k.gross {
			net := sum.Mul(hundred).DivRound(hundred.Add(home), 40).Round(digits)
			for j, share := range decimalShares(net, weights, sum, digits) {
				l := &lines[parts[k][j]]
				l.net, l.tax = share, l.gross.Sub(share)
				if !home.Equal(rate) {
					l.tax, l.gross = decimal.Zero, share
				}
			}
			if !home.Equal(rate) {
				t.net = t.net.Add(net)
				continue
			}
			t.net, t.tax = t.net.Add(net), t.tax.Add(sum.Sub(net))
			continue
		}
		tax := sum.Mul(rate).Shift(-2).Round(digits)
		for j, share := range decimalShares(tax, weights, sum, digits) {
			l := &lines[parts[k][j]]
			l.tax, l.gross = share, l.net.Add(share)
		}
		t.net, t.tax = t.net.Add(sum), t.tax.Add(tax)
	}
	t.lines, t.gross = lines, t.net.Add(t.tax)
	return t
}

// decimalShares is the rule of the largest remainder, ties to the first.
func decimalShares(total decimal.Decimal, weights []decimal.Decimal, sum decimal.Decimal, digits int32) []decimal.Decimal {
	shares, rests := make([]decimal.Decimal, len(weights)), make([]decimal.Decimal, len(weights))
	if sum.IsZero() {
		return shares
	}
	left, order := total, make([]int, len(weights))
	for i, w := range weights {
		shares[i], rests[i] = total.Mul(w).QuoRem(sum, digits)
		left = left.Sub(shares[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	unit := decimal.New(1, -digits)
	for _, i := range order {
		if left.Sign() <= 0 {
			break
		}
		shares[i], left = shares[i].Add(unit), left.Sub(unit)
	}
	return shares
}
