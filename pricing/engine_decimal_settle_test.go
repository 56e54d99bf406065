package pricing_test

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// portions shares a total over weights by each apportionment's definition.
func portions(how money.Apportionment, total decimal.Decimal, weights []decimal.Decimal, digits int32) []decimal.Decimal {
	sum, out := decimal.Sum(decimal.Zero, weights...), make([]decimal.Decimal, len(weights))
	if sum.IsZero() {
		return out
	}
	unit, left, last := decimal.New(1, -digits), total, 0
	exact := func(i int) decimal.Decimal { return total.Mul(weights[i]).DivRound(sum, 60) }
	rest := func(i int) decimal.Decimal { // of the share cut to units, exactly
		_, r := total.Mul(weights[i]).QuoRem(sum, digits)
		return r
	}
	switch how {
	case money.LargestRemainderLast:
		slices.Reverse(weights)
		out = decimalShares(total, weights, sum, digits)
		slices.Reverse(weights)
		slices.Reverse(out)
	case money.HalfDownFirst:
		for i := range out {
			out[i], _ = total.Mul(weights[i]).QuoRem(sum, digits)
			if rest(i).Shift(digits).Add(rest(i).Shift(digits)).GreaterThan(sum) {
				out[i] = out[i].Add(unit)
			}
			left = left.Sub(out[i])
		}
		for i := 0; !left.IsZero(); i++ {
			if step := unit.Mul(decimal.NewFromInt(int64(left.Sign()))); !weights[i].IsZero() {
				out[i], left = out[i].Add(step), left.Sub(step)
			}
		}
	case money.LastTakesRest:
		for i := range out {
			if !weights[i].IsZero() {
				out[i], last = exact(i).Round(digits), i
				left = left.Sub(out[i])
			}
		}
		out[last] = out[last].Add(left)
	case money.Cumulative:
		run, before := decimal.Zero, decimal.Zero
		for i := range out {
			run = run.Add(weights[i])
			now := total.Mul(run).DivRound(sum, 60).Round(digits)
			out[i], before = now.Sub(before), now
		}
	case money.FirstTakesRest:
		for i := len(out) - 1; i >= 0; i-- {
			if !weights[i].IsZero() {
				out[i], _ = left.Mul(weights[i]).QuoRem(sum, digits)
				left, sum = left.Sub(out[i]), sum.Sub(weights[i])
			}
		}
	default:
		return decimalShares(total, weights, sum, digits)
	}
	return out
}

// within is portions from nothing up to the most; units beyond go to the first
// with room.
func within(how money.Apportionment, total decimal.Decimal, weights, most []decimal.Decimal, digits int32) []decimal.Decimal {
	out, over := portions(how, total, weights, digits), decimal.Zero
	for i, v := range out {
		out[i] = decimal.Max(v, decimal.Zero)
		if most != nil {
			out[i] = decimal.Min(out[i], most[i])
		}
		over = over.Add(v.Sub(out[i]))
	}
	for i := range out {
		move := decimal.Max(over, out[i].Neg())
		if most != nil {
			move = decimal.Min(move, most[i].Sub(out[i]))
		}
		out[i], over = out[i].Add(move), over.Sub(move)
	}
	return out
}

// plainCell is the lines whose tax is rounded together.
type plainCell struct {
	lines      []*plainLine
	gross      bool
	rate       decimal.Decimal
	sum        decimal.Decimal // of the lines, as stated
	stated     decimal.Decimal // rounded
	exact, tax decimal.Decimal
}

// cells are the lines by rate and how they are stated; by the line where each is
// taxed.
func (o *plainOrder) cells() []*plainCell {
	lines := slices.Clone(o.lines)
	ranks := []pricing.Category{pricing.StandardRated, pricing.ZeroRated, pricing.Exempt}
	slices.SortStableFunc(lines, func(a, b *plainLine) int {
		return cmp.Or(cmp.Compare(slices.Index(ranks, a.category), slices.Index(ranks, b.category)), b.rate.Cmp(a.rate))
	})
	var out []*plainCell
	for _, l := range lines {
		at := slices.IndexFunc(out, func(c *plainCell) bool {
			return c.gross == l.gross && c.rate.Equal(l.rate) && c.lines[0].category == l.category
		})
		if at < 0 || o.p.Tax == pricing.TaxPerLine {
			at = len(out)
			out = append(out, &plainCell{gross: l.gross, rate: l.rate})
		}
		c := out[at]
		c.lines, c.sum = append(c.lines, l), c.sum.Add(l.due)
	}
	return out
}

// settle makes of what is due what is to be paid, line by line.
func (o *plainOrder) settle() {
	cells := o.cells()
	o.rounded(cells, func(c *plainCell) decimal.Decimal { return c.sum }, func(c *plainCell, v decimal.Decimal) { c.stated = v })
	for _, c := range cells {
		stated := c.share(c.stated, func(l *plainLine) decimal.Decimal { return l.due }, nil, o)
		for i, l := range c.lines {
			l.left, l.base = stated[i], stated[i]
		}
		if c.gross {
			net := o.round(c.stated.Mul(hundred).DivRound(hundred.Add(c.rate), 40), o.digits)
			for i, v := range c.share(net, func(l *plainLine) decimal.Decimal { return l.left }, stated, o) {
				c.lines[i].base, c.lines[i].tax = v, c.lines[i].left.Sub(v)
			}
			continue
		}
		l := c.lines[0]
		switch {
		case c.stated.IsZero():
		case o.p.Level == pricing.RoundPrecise:
			c.exact = o.round(c.sum.Mul(c.rate).Shift(-2), 6)
		case o.p.Level == pricing.RoundUnit && o.p.Tax == pricing.TaxPerLine:
			unit := o.round(c.stated.Mul(l.per).DivRound(l.quantity, 40), o.digits)
			c.exact = o.times(o.round(unit.Mul(c.rate).Shift(-2), o.digits), l)
		default:
			c.exact = o.round(c.stated.Mul(c.rate).Shift(-2), o.digits)
		}
	}
	nets := slices.DeleteFunc(cells, func(c *plainCell) bool { return c.gross })
	o.rounded(nets, func(c *plainCell) decimal.Decimal { return c.exact }, func(c *plainCell, v decimal.Decimal) { c.tax = v })
	for _, c := range nets {
		if len(c.lines) == 1 {
			c.lines[0].tax = c.tax
			continue
		}
		for i, v := range c.share(c.tax, func(l *plainLine) decimal.Decimal { return l.base }, nil, o) {
			c.lines[i].tax = v
		}
	}
}

// share shares a total over the lines of a cell, in the order of the basket.
func (c *plainCell) share(total decimal.Decimal, weight func(*plainLine) decimal.Decimal, most []decimal.Decimal, o *plainOrder) []decimal.Decimal {
	weights := make([]decimal.Decimal, len(c.lines))
	for i, l := range c.lines {
		weights[i] = weight(l)
	}
	return within(o.p.Apportionment, total, weights, most, o.digits)
}

// rounded rounds what each cell has, or at the precise level what those that are
// stated alike have together.
func (o *plainOrder) rounded(cells []*plainCell, have func(*plainCell) decimal.Decimal, give func(*plainCell, decimal.Decimal)) {
	if o.p.Level != pricing.RoundPrecise {
		for _, c := range cells {
			give(c, o.round(have(c), o.digits))
		}
		return
	}
	for _, gross := range []bool{false, true} {
		alike := slices.DeleteFunc(slices.Clone(cells), func(c *plainCell) bool { return c.gross != gross })
		weights := make([]decimal.Decimal, len(alike))
		for i, c := range alike {
			weights[i] = have(c)
		}
		sum := o.round(decimal.Sum(decimal.Zero, weights...), o.digits)
		for i, v := range portions(money.LargestRemainder, sum, weights, o.digits) {
			give(alike[i], v)
		}
	}
}
