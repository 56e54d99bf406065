package pricing

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

const oneUnit = 10_000 // the raw form of the quantity 1

// taking is what one rule would take off some lines, in j.red, before floors; in
// j.rate what is a percentage of whole lines and not taken yet.
type taking struct {
	lines []int32
	next  Missing
}

// take computes what a rule takes off the lines given, each of its value in
// from. What stands in j.red and j.rate of other lines means nothing.
func (e *Engine) take(j *job, c *cand, lines []int32, from []int64) (taking, error) {
	g := &c.rule.Give
	t := taking{lines: lines}
	for _, i := range lines {
		j.red[i], j.rate[i] = 0, 0
	}
	var covered map[int32]int64
	if c.rule.with != nil {
		var err error
		if covered, err = j.cover(c.rule.with, lines); err != nil {
			return t, err
		}
		t.next = j.uncovered(lines, covered, g)
	}
	switch {
	case !g.Percent.IsZero():
		return t, j.percent(lines, from, covered, g.Percent)
	case g.Amount != nil && g.Per == PerUnit:
		return t, j.perUnit(lines, covered, *g.Amount, from)
	case g.Amount != nil:
		return t, j.amount(lines, *g.Amount, g.Per, from)
	case g.Price != nil:
		return t, j.newPrice(lines, covered, *g.Price, from)
	case g.Cheapest != nil:
		t.next = j.toNext(lines, money.QuantityOf(int64(g.Cheapest.Of)), g)
		return t, j.cheapest(lines, g.Cheapest, from)
	case g.Item != nil:
		return e.item(j, c, from)
	case g.Tiers != nil:
		return e.tiers(j, c, lines, covered, from)
	}
	return t, nil
}

// cover says how many units of each line are paired with units of another set.
func (j *job) cover(with *goodsSet, lines []int32) (map[int32]int64, error) {
	n, err := j.unitsOf(with)
	if err != nil {
		return nil, err
	}
	left, out := n.Units(), make(map[int32]int64, len(lines))
	for _, i := range lines {
		out[i] = min(left, j.b.Lines[i].Quantity.Units())
		left -= out[i]
	}
	return out, nil
}

// uncovered is how many units more of the other set the lines would go with.
func (j *job) uncovered(lines []int32, covered map[int32]int64, g *Effect) (m Missing) {
	var lack int64
	for _, i := range lines {
		lack += j.b.Lines[i].Quantity.Units() - covered[i]
	}
	if more, err := money.QuantityFromUnits(lack); err == nil && lack > 0 {
		m = Missing{What: LackWith, Quantity: more, Gives: g.text()}
	}
	return m
}

// portion is the value of some units of a line.
func (j *job) portion(v, units, of int64) (int64, error) {
	if units == of {
		return v, nil
	}
	return j.part(v, units, of)
}

// portions is the value of the units covered, of each line.
func (j *job) portions(lines []int32, covered map[int32]int64, from []int64) ([]int64, error) {
	out := make([]int64, len(from))
	for _, i := range lines {
		var err error
		if out[i], err = j.portion(from[i], covered[i], j.b.Lines[i].Quantity.Units()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// percent notes a percentage, or takes it off the units covered.
func (j *job) percent(lines []int32, from []int64, covered map[int32]int64, p money.Rate) error {
	if covered == nil {
		j.rated(lines, p)
		return nil
	}
	for _, i := range lines {
		v, err := j.portion(from[i], covered[i], j.b.Lines[i].Quantity.Units())
		if err != nil {
			return err
		}
		if j.red[i], err = j.off(v, p.Units()); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) perUnit(lines []int32, covered map[int32]int64, off money.Amount, from []int64) error {
	t, err := j.ticks(off)
	if err != nil {
		return err
	}
	for _, i := range lines {
		units, of := j.b.Lines[i].Quantity.Units(), from[i]
		if covered != nil {
			if of, err = j.portion(of, covered[i], units); err != nil {
				return err
			}
			units = covered[i]
		}
		off, err := j.part(t, units, oneUnit)
		if err != nil {
			return err
		}
		j.red[i] = min(off, of)
	}
	return nil
}

// amount takes an amount off each line, or once off the lines together: then
// every line bears its part, by value, and none more than down to its floor.
func (j *job) amount(lines []int32, off money.Amount, per Per, from []int64) error {
	t, err := j.ticks(off)
	if err != nil {
		return err
	}
	if per == PerLine {
		for _, i := range lines {
			j.red[i] = min(t, from[i])
		}
		return nil
	}
	return j.pour(lines, t, from)
}

func (j *job) newPrice(lines []int32, covered map[int32]int64, p money.Price, from []int64) error {
	for _, i := range lines {
		q := j.b.Lines[i].Quantity
		v := from[i]
		if covered != nil {
			var err error
			if v, err = j.portion(v, covered[i], q.Units()); err != nil {
				return err
			}
			if q, err = money.QuantityFromUnits(covered[i]); err != nil {
				return err
			}
		}
		now, err := j.value(p, q)
		if err != nil {
			return err
		}
		j.red[i] = max(0, v-now)
	}
	return nil
}

// cheapest gives units of the lowest value; of equal ones those of earlier
// lines.
func (j *job) cheapest(lines []int32, c *Cheapest, from []int64) error {
	whole := func(i int32) int64 { return j.b.Lines[i].Quantity.Units() / oneUnit }
	var total int64
	for _, i := range lines {
		total += whole(i)
	}
	free := total / int64(c.Of) * int64(c.Free)
	byValue := slices.Clone(lines)
	slices.SortStableFunc(byValue, func(a, b int32) int {
		return compareRatio(from[a], j.b.Lines[a].Quantity.Units(), from[b], j.b.Lines[b].Quantity.Units())
	})
	p := c.Percent
	if p.IsZero() {
		p = money.RateOf(100)
	}
	for _, i := range byValue {
		n := min(free, whole(i))
		free -= n
		v, err := j.portion(from[i], n*oneUnit, j.b.Lines[i].Quantity.Units())
		if err != nil {
			return err
		}
		if j.red[i], err = j.off(v, p.Units()); err != nil {
			return err
		}
	}
	return nil
}

// compareRatio compares a/b with c/d for numbers that are not below zero.
func compareRatio(a, b, c, d int64) int {
	h1, l1 := bits.Mul64(uint64(a), uint64(d))
	h2, l2 := bits.Mul64(uint64(c), uint64(b))
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
}

// item gives units of a product; its lines, not those of the goods, bear it.
func (e *Engine) item(j *job, c *cand, from []int64) (taking, error) {
	g := c.rule.Give.Item
	n := g.Quantity.Units()
	if !g.For.IsZero() {
		units, err := j.quantity(c.lines)
		if err != nil {
			return taking{}, err
		}
		hi, lo := bits.Mul64(uint64(units.Units()/g.For.Units()), uint64(n))
		if hi != 0 || lo > 1<<62 {
			return taking{}, money.ErrOverflow
		}
		n = int64(lo)
	}
	var t taking
	for i := range j.b.Lines {
		l := &j.b.Lines[i]
		if l.Product != g.Product || j.closed(int32(i), c.rule) != 0 {
			continue
		}
		t.lines = append(t.lines, int32(i))
		j.rate[i] = 0
		units := min(n, l.Quantity.Units())
		n -= units
		v, err := j.portion(from[i], units, l.Quantity.Units())
		if err != nil {
			return t, err
		}
		j.red[i] = v
	}
	if n > 0 {
		more, _ := money.QuantityFromUnits(n)
		t.next = Missing{What: LackItem, Product: g.Product, Quantity: more}
	} else {
		t.next = j.toNext(c.lines, g.For, &c.rule.Give)
	}
	return t, nil
}

// toNext is how many units more of lines give one time more what a rule gives
// for every few of them.
func (j *job) toNext(lines []int32, every money.Quantity, g *Effect) Missing {
	units, err := j.quantity(lines)
	if err != nil || every.IsZero() {
		return Missing{}
	}
	more, err := money.QuantityFromUnits(every.Units() - units.Units()%every.Units())
	if err != nil {
		return Missing{}
	}
	return Missing{What: LackNext, Quantity: more, Gives: g.text()}
}
