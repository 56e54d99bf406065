package pricing_test

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// plainOrder is an order with discounts as it would be written in
// shopspring/decimal, from list prices to the gross, by any policy: percentages
// and amounts of lines and of the whole, no line below zero. It knows nothing of
// the engine.
type plainOrder struct {
	p      pricing.Policy
	digits int32 // of the currency
	keep   int32 // of lines on the way
	lines  []*plainLine
}

type plainLine struct {
	product              catalog.ID
	gross                bool
	category             pricing.Category
	rate                 decimal.Decimal
	price, quantity, per decimal.Decimal // quantity × price / per
	list                 decimal.Decimal // the value by the list, as stated
	own                  decimal.Decimal // less discounts of lines
	due                  decimal.Decimal // less those of the whole
	had                  decimal.Decimal // percents added up on the bearer at hand, less whole hundreds
	touched              bool            // by a rule of the bearer at hand
	shares               map[string]decimal.Decimal
	left, base, tax      decimal.Decimal // to be paid: as stated, net, and its tax
}

// round is every rounding of money, by its definition.
func round(v decimal.Decimal, digits int32, how money.Rounding) decimal.Decimal {
	switch how {
	case money.HalfEven:
		return v.RoundBank(digits)
	case money.HalfDown:
		cut := v.Truncate(digits)
		if v.Sub(cut).Abs().GreaterThan(decimal.New(5, -digits-1)) {
			return v.RoundUp(digits)
		}
		return cut
	case money.Up:
		return v.RoundUp(digits)
	case money.Down:
		return v.RoundDown(digits)
	case money.Floor:
		return v.RoundFloor(digits)
	case money.Ceil:
		return v.RoundCeil(digits)
	}
	return v.Round(digits)
}

func (o *plainOrder) round(v decimal.Decimal, digits int32) decimal.Decimal {
	return round(v, digits, o.p.Rounding)
}

// worth is the value of a line by its list price.
func (o *plainOrder) worth(l *plainLine) decimal.Decimal {
	if o.p.Level == pricing.RoundUnit {
		return o.times(o.round(l.price, o.digits), l)
	}
	return o.times(l.price, l)
}

func (o *plainOrder) times(price decimal.Decimal, l *plainLine) decimal.Decimal {
	return o.round(price.Mul(l.quantity).DivRound(l.per, 40), o.keep)
}

// off is a percentage of a value, or of several percentages of several values,
// rounded once.
func (o *plainOrder) off(v, percented decimal.Decimal) decimal.Decimal {
	if o.p.Discounts == pricing.RoundLeft {
		return v.Sub(o.round(v.Sub(percented), o.keep))
	}
	return o.round(percented, o.keep)
}

func (o *plainOrder) percent(v, p decimal.Decimal) decimal.Decimal {
	return o.off(v, v.Mul(p).Shift(-2))
}

// lineOff is a percentage of a line's value; at the unit level of its unit price,
// multiplied, and of what it has beyond a multiple of that.
func (o *plainOrder) lineOff(l *plainLine, v, p decimal.Decimal) decimal.Decimal {
	if o.p.Level != pricing.RoundUnit || p.IsZero() {
		return o.percent(v, p)
	}
	unit := o.round(v.Mul(l.per).DivRound(l.quantity, 40), o.digits)
	return o.times(o.percent(unit, p), l).Add(o.percent(v.Sub(o.times(unit, l)), p))
}

// beyond is a percentage on top of those a line had, less a whole hundred.
func (l *plainLine) beyond(p decimal.Decimal) (now decimal.Decimal, whole bool) {
	if now = l.had.Add(p); now.LessThan(hundred) {
		return now, false
	}
	return now.Sub(hundred), true
}

// bearer applies the rules of lines, or of the whole, each group to the best of
// it. Rules come by rank.
func (o *plainOrder) bearer(rules []pricing.Rule, on pricing.Bearer) {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r pricing.Rule) bool { return r.On != on })
	s := o.p.Lines
	if on == pricing.OnOrder {
		s = o.p.Orders
	}
	for _, l := range o.lines {
		l.had, l.touched = decimal.Zero, false
	}
	mode, groups := s.Mode, [][]pricing.Rule(nil)
	switch s.Mode {
	case pricing.BestFor:
		mode, groups = pricing.Compounded, [][]pricing.Rule{rules}
	case pricing.Lanes:
		mode = s.Across
		for _, r := range rules {
			at := slices.IndexFunc(groups, func(g []pricing.Rule) bool { return r.Lane != "" && g[0].Lane == r.Lane })
			if at < 0 {
				groups = append(groups, []pricing.Rule{r})
			} else {
				groups[at] = append(groups[at], r)
			}
		}
	default:
		for _, r := range rules {
			groups = append(groups, []pricing.Rule{r})
		}
	}
	start := map[*plainLine]decimal.Decimal{}
	for _, l := range o.lines {
		start[l] = l.list
		if on == pricing.OnOrder {
			start[l] = l.own
		}
	}
	for _, group := range groups {
		o.best(group, on, mode, start)
	}
}

// best takes off what the best rule of a group takes: of each line, or of the
// whole.
func (o *plainOrder) best(group []pricing.Rule, on pricing.Bearer, mode pricing.StackMode, start map[*plainLine]decimal.Decimal) {
	tried := make([]map[*plainLine]decimal.Decimal, len(group))
	for k, r := range group {
		tried[k] = o.take(r, on, mode, start)
	}
	total := func(k int) (sum decimal.Decimal) {
		for _, v := range tried[k] {
			sum = sum.Add(v)
		}
		return sum
	}
	winner := -1
	for k := range group {
		if sum := total(k); sum.IsPositive() && (winner < 0 || sum.GreaterThan(total(winner))) {
			winner = k
		}
	}
	for _, l := range o.lines {
		won := winner
		if on == pricing.OnLine {
			won = -1
			for k := range group {
				if v := tried[k][l]; v.IsPositive() && (won < 0 || v.GreaterThan(tried[won][l])) {
					won = k
				}
			}
		}
		if len(group) == 1 {
			won = 0 // it counts with its percentage, even where that rounds to nothing
		}
		if won < 0 {
			continue
		}
		v, ok := tried[won][l]
		if !ok {
			continue
		}
		l.due, l.touched = l.due.Sub(v), l.touched || v.IsPositive()
		if on == pricing.OnLine {
			l.own = l.due
		} else {
			l.shares[group[won].Code] = v
		}
		if mode == pricing.Additive {
			l.had, _ = l.beyond(group[won].Give.Percent.Decimal())
		}
	}
}

// take is what a rule takes off the lines that it may take from.
func (o *plainOrder) take(r pricing.Rule, on pricing.Bearer, mode pricing.StackMode, start map[*plainLine]decimal.Decimal) map[*plainLine]decimal.Decimal {
	var lines []*plainLine
	from := map[*plainLine]decimal.Decimal{}
	for _, l := range o.lines {
		if mode == pricing.Exclusively && l.touched || len(r.Goods.Products) > 0 && !slices.Contains(r.Goods.Products, l.product) {
			continue
		}
		lines, from[l] = append(lines, l), l.due
		if mode == pricing.OffBase || mode == pricing.Additive {
			from[l] = start[l]
		}
	}
	p, out := r.Give.Percent.Decimal(), map[*plainLine]decimal.Decimal{}
	switch {
	case r.Give.Amount != nil:
		return o.pour(lines, r.Give.Amount.Decimal(), from)
	case on == pricing.OnOrder:
		return o.pour(lines, o.wholeOff(lines, from, p), from)
	}
	for _, l := range lines {
		now, whole := l.beyond(p)
		v := o.lineOff(l, from[l], now).Sub(o.lineOff(l, from[l], l.had))
		if whole {
			v = v.Add(from[l])
		}
		out[l] = decimal.Min(decimal.Max(v, decimal.Zero), l.due)
	}
	return out
}

// wholeOff is a percentage of lines together, on top of what they had.
func (o *plainOrder) wholeOff(lines []*plainLine, from map[*plainLine]decimal.Decimal, p decimal.Decimal) decimal.Decimal {
	var sum, wholes, before, after decimal.Decimal
	for _, l := range lines {
		now, whole := l.beyond(p)
		if whole {
			wholes = wholes.Add(from[l])
		}
		sum = sum.Add(from[l])
		before, after = before.Add(from[l].Mul(l.had)), after.Add(from[l].Mul(now))
	}
	return wholes.Sub(o.off(sum, before.Shift(-2))).Add(o.off(sum, after.Shift(-2)))
}

// pour shares an amount over lines by weight. A line that its share would take
// below zero gives what it has, the others the rest.
func (o *plainOrder) pour(lines []*plainLine, total decimal.Decimal, weights map[*plainLine]decimal.Decimal) map[*plainLine]decimal.Decimal {
	out := map[*plainLine]decimal.Decimal{}
	active := slices.DeleteFunc(slices.Clone(lines), func(l *plainLine) bool { return !weights[l].IsPositive() || !l.due.IsPositive() })
	for _, l := range lines {
		out[l] = decimal.Zero
	}
	for again := true; again; {
		again = false
		sum := decimal.Zero
		for _, l := range active {
			sum = sum.Add(weights[l])
		}
		rest, still := total, active[:0:0]
		for _, l := range active {
			if total.Mul(weights[l]).Cmp(l.due.Mul(sum)) >= 0 {
				out[l], rest, again = l.due, rest.Sub(l.due), true
			} else {
				still = append(still, l)
			}
		}
		total, active = rest, still
	}
	if len(active) == 0 {
		return out
	}
	w, most := make([]decimal.Decimal, len(active)), make([]decimal.Decimal, len(active))
	for i, l := range active {
		w[i], most[i] = weights[l], l.due
	}
	for i, v := range within(o.p.Apportionment, total, w, most, o.keep) {
		out[active[i]] = v
	}
	return out
}
