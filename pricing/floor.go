package pricing

import (
	"github.com/comptoir-go/comptoir/money"
)

// floor is a compiled Floor: the least net price.
type floor struct {
	price money.Price
	set   *goodsSet
	Span
}

func (e *Engine) compileFloors(t Tariff) {
	for i := range t.Floors {
		f := &t.Floors[i]
		c := floor{set: compileGoods(&f.Goods), Span: f.Span}
		if f.Price != nil {
			c.price = *f.Price
		} else {
			c.price, _ = leastPrice(*f.Cost, f.Margin) // Check has tried it
		}
		e.floors, e.floored = append(e.floors, c), append(e.floored, stayOf(f.Span))
		e.floorOf.add(&f.Goods, int32(i))
	}
	e.floorOf.sort(e.floored)
}

// leastPrice is cost / (1 − margin), rounded up at six decimals.
func leastPrice(cost money.Price, margin money.Rate) (money.Price, error) {
	left, err := money.RateOf(100).Sub(margin)
	if err != nil || left.Sign() <= 0 {
		return money.Price{}, money.ErrRate
	}
	m, err := money.FromMinor(cost.Micros(), cost.Currency()).Part(hundredPercent, left.Units(), money.Ceil)
	if err != nil {
		return money.Price{}, err
	}
	p, err := money.PriceFromMicros(m.Minor(), cost.Currency())
	if err != nil {
		return money.Price{}, err
	}
	return p.PerBase(cost.Base())
}

// hundredPercent is 100 % in the units of a rate.
const hundredPercent = 1_000_000

// floorFor returns the least net price of a line, none when nothing bounds it:
// the highest of those that hold.
func (e *Engine) floorFor(j *job, i int) money.Price {
	l := &j.b.Lines[i]
	var least money.Price
	j.found = e.floorOf.named(e.floorOf.every.find(j.found[:0], e.floored, j.now), l, j.state[i].named, e.floored, j.now)
	for _, at := range j.found {
		f := &e.floors[at]
		if f.price.Currency() != j.b.Currency || f.set.excepts(l) {
			continue
		}
		if least.IsNone() {
			least = f.price
		} else if c, _ := f.price.Cmp(least); c > 0 {
			least = f.price
		}
	}
	return least
}
