package order_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// ruled is one line of an order made for its money alone.
type ruled struct {
	quantity, net, rate string
	shares              []string
}

// ruledOrder makes an order of the lines; the tax of each row deviates from
// rate × base by what dev says for the rate, as that of prices stated gross.
func ruledOrder(t require.TestingT, dev map[string]string, lines ...ruled) order.Order {
	o := order.Order{Currency: money.EUR}
	for i, l := range lines {
		id := order.LineID("L" + string(rune('1'+i)))
		q := pricing.QuotedLine{ID: id, Quantity: money.MustQuantity(l.quantity), Net: money.MustAmount(l.net, money.EUR),
			Category: pricing.StandardRated, Rate: money.MustRate(l.rate)}
		for _, s := range l.shares {
			q.Shares = append(q.Shares, money.MustAmount(s, money.EUR))
		}
		o.Quote.Lines = append(o.Quote.Lines, q)
		o.Lines = append(o.Lines, order.Line{ID: id, Quantity: q.Quantity})
	}
	rowsOf(t, &o, func(r money.Rate) money.Amount {
		if text, ok := dev[r.String()]; ok {
			return money.MustAmount(text, money.EUR)
		}
		return money.Zero(money.EUR)
	})
	return o
}

// rowsOf makes the rows of the breakdown from the lines.
func rowsOf(t require.TestingT, o *order.Order, dev func(money.Rate) money.Amount) {
	for _, l := range o.Quote.Lines {
		k := 0
		for ; k < len(o.Quote.Taxes); k++ {
			if o.Quote.Taxes[k].Rate == l.Rate {
				break
			}
		}
		if k == len(o.Quote.Taxes) {
			o.Quote.Taxes = append(o.Quote.Taxes, pricing.Tax{Category: l.Category, Rate: l.Rate, Base: money.Zero(l.Net.Currency())})
		}
		base, err := order.Slice{Net: l.Net, Shares: l.Shares}.Base()
		require.NoError(t, err)
		o.Quote.Taxes[k].Base = plus(t, o.Quote.Taxes[k].Base, base)
	}
	for k := range o.Quote.Taxes {
		row := &o.Quote.Taxes[k]
		full, err := row.Base.Percent(row.Rate, money.HalfAwayFromZero)
		require.NoError(t, err)
		row.Tax = full
		if e := dev(row.Rate); row.Base.Sign() > 0 && full.Minor()+e.Minor() >= 0 {
			row.Tax = plus(t, full, e)
		}
	}
}

func plus(t require.TestingT, a, b money.Amount) money.Amount {
	s, err := a.Add(b)
	require.NoError(t, err)
	return s
}

// taken writes what was taken into the order, as package billing has it done.
func taken(o *order.Order, s order.Slice) {
	for i := range o.Lines {
		if o.Lines[i].ID == s.Line {
			o.Lines[i].Billed.Taken = merged(o.Lines[i].Billed.Taken, s.Stretches)
		}
	}
}

func boxed(o *order.Order, b order.Box) {
	for i := range o.Boxes {
		if o.Boxes[i].Category == b.Category && o.Boxes[i].Rate == b.Rate {
			o.Boxes[i].Taken = merged(o.Boxes[i].Taken, b.Taken)
			return
		}
	}
	o.Boxes = append(o.Boxes, b)
}

// merged is the union of stretches that do not overlap, touching ones in one.
func merged(a, b []order.Stretch) []order.Stretch {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y order.Stretch) int { return int(x.From - y.From) })
	var out []order.Stretch
	for _, s := range all {
		if k := len(out) - 1; k >= 0 && out[k].To == s.From {
			out[k].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}

// without takes pieces out of stretches, mark by mark of the pieces.
func without(st, pieces []order.Stretch) []order.Stretch {
	for _, p := range pieces {
		var next []order.Stretch
		for _, s := range st {
			if p.To <= s.From || s.To <= p.From {
				next = append(next, s)
				continue
			}
			if s.From < p.From {
				next = append(next, order.Stretch{From: s.From, To: p.From})
			}
			if p.To < s.To {
				next = append(next, order.Stretch{From: p.To, To: s.To})
			}
		}
		st = next
	}
	return st
}

// drawRuled makes an order of a few lines and rates, with up to three
// adjustments of which each line has any share that leaves its base at zero or
// above, and rows of tax that deviate as those of prices stated gross do.
func drawRuled(t *rapid.T) order.Order {
	cur := rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.BHD}).Draw(t, "currency")
	o := order.Order{Currency: cur}
	adjustments := rapid.IntRange(0, 3).Draw(t, "adjustments")
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		id := order.LineID("L" + string(rune('1'+i)))
		units := rapid.OneOf(rapid.Int64Range(1, 40), rapid.SampledFrom([]int64{10_000, 20_000, 30_000, 70_000}),
			rapid.Int64Range(1, 3_000_000)).Draw(t, "quantity")
		q, err := money.QuantityFromUnits(units)
		require.NoError(t, err)
		net := rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 1_000_000)).Draw(t, "net")
		l := pricing.QuotedLine{ID: id, Quantity: q, Net: money.FromMinor(net, cur), Category: pricing.StandardRated,
			Rate: money.MustRate(rapid.SampledFrom([]string{"20", "20", "5.5", "0", "100"}).Draw(t, "rate"))}
		base := net
		for k := range adjustments {
			lowest := -base
			if k+1 < adjustments { // below zero on the way is no harm
				lowest -= 5
			}
			share := rapid.Int64Range(lowest, net/4+max(0, -base)).Draw(t, "share")
			if k+1 == adjustments {
				share = max(share, -base)
			}
			base += share
			l.Shares = append(l.Shares, money.FromMinor(share, cur))
		}
		o.Quote.Lines = append(o.Quote.Lines, l)
		o.Lines = append(o.Lines, order.Line{ID: id, Quantity: q})
	}
	rowsOf(t, &o, func(money.Rate) money.Amount {
		return money.FromMinor(rapid.SampledFrom([]int64{0, 0, 1, -1, 2}).Draw(t, "deviation"), cur)
	})
	return o
}
