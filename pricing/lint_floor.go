package pricing

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// mostFloorTrials bounds the baskets that are priced to find rules below floors.
const mostFloorTrials = 20_000

// floors finds rules that would take a product of the price lists below its
// floor. One product a rule is told: one that is certainly of the goods of both,
// else one that may be.
func (l *linter) floors() {
	if len(l.e.floors) == 0 {
		return
	}
	for k := range l.t.Floors {
		if g := &l.t.Floors[k].Goods; len(g.Families)+len(g.Tags) > 0 {
			l.floorsByName = append(l.floorsByName, int32(k))
		}
	}
	trials := mostFloorTrials
	for _, r := range l.rules {
		if l.dead[r] {
			continue
		}
		if !l.belowAny(r, true, &trials) {
			l.belowAny(r, false, &trials)
		}
	}
}

// belowAny tries a rule on the rows of products that certainly are, or only may
// be, of its goods and of those of a floor.
func (l *linter) belowAny(r *rule, sure bool, trials *int) bool {
	g := r.bears()
	goods := compileGoods(&g)
	for row := range l.rowsOf(&g) {
		if l.full() || *trials <= 0 {
			return false
		}
		if !row.Gone.IsZero() {
			continue
		}
		of, known := l.productOf(row)
		ruled := memberOf(goods, &g, &of, known)
		if ruled == isNot {
			continue
		}
		for k := range l.floorsOf(row) {
			f := &l.e.floors[k]
			c, err := row.Breaks[0].Price.Cmp(f.price)
			if !f.Gone.IsZero() || err != nil {
				continue
			}
			m := min(ruled, memberOf(f.set, &l.t.Floors[k].Goods, &of, known))
			if m == isNot || sure != (m == is) || !sure && c < 0 { // of what costs less, nobody would guess that it has this floor
				continue
			}
			line := of
			if !known {
				line.Family, line.Tags = shared(&g, &l.t.Floors[k].Goods)
			}
			*trials--
			if l.below(r, row, line, sure) {
				return true
			}
			if sure {
				break // the engine takes all floors of the product at once
			}
		}
	}
	return false
}

// rowsOf are the rows of products that may be of some goods, of goods that do not
// name products the first ones.
func (l *linter) rowsOf(g *Goods) iter.Seq[*PriceRow] {
	return func(yield func(*PriceRow) bool) {
		if g.all() || len(g.Families)+len(g.Tags) > 0 {
			for i := range min(len(l.e.rows), mostFloorTrials) {
				if !yield(l.e.rows[i].PriceRow) {
					return
				}
			}
			return
		}
		for _, p := range g.Products {
			for i := l.e.prices[p].from; i < l.e.prices[p].until; i++ {
				if !yield(l.e.rows[i].PriceRow) {
					return
				}
			}
		}
	}
}

// floorsOf are the places of floors that a row's product may have.
func (l *linter) floorsOf(row *PriceRow) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		own := l.e.floorOf.products[row.Product]
		if own == nil {
			own = new(timed)
		}
		for _, list := range [...][]int32{l.e.floorOf.every.at, own.at, l.floorsByName} {
			for _, k := range list {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// productOf is a line of a row's product, and whether it is known of which
// family and tags that is.
func (l *linter) productOf(row *PriceRow) (Line, bool) {
	if p, ok := l.products[row.Product]; ok {
		return Line{Product: p.ID, Family: p.Family, Tags: p.Tags}, true
	}
	return Line{Product: row.Product}, false
}

// membership is whether a product is of some goods.
type membership uint8

const (
	isNot membership = iota
	maybe
	is
)

func memberOf(s *goodsSet, g *Goods, line *Line, known bool) membership {
	switch {
	case s.has(line) && (known || g.Except == nil || len(g.Except.Families)+len(g.Except.Tags) == 0):
		return is
	case known || s.excepts(line) || !g.all() && len(g.Families)+len(g.Tags) == 0:
		return isNot
	}
	return maybe
}

// shared is a family and tags of both goods, where that is possible.
func shared(a, b *Goods) (catalog.Family, []string) {
	_, family, tags := goodsLine([]Goods{*a, *b})
	return family, tags
}

// below tries one rule on one product at its own price.
func (l *linter) below(r *rule, row *PriceRow, line Line, sure bool) bool {
	at, ok := l.instant([]*rule{r})
	if !ok {
		return false
	}
	for _, s := range l.sizes([]*rule{r}) {
		b, ok := l.basketFor([]*rule{r}, at, s)
		if !ok {
			return false
		}
		if !l.sell(&b, r, row, line) {
			return false
		}
		_, n, err := l.e.explain(l.ctx, b, r.Code)
		if err != nil {
			continue
		}
		capped := slices.ContainsFunc(n.Children, func(c Node) bool {
			return c.Kind == NodeRule && c.Ref == r.Code && slices.ContainsFunc(c.Children, func(k Node) bool { return k.Kind == NodeCapped && k.Ref == "floor" })
		})
		if !capped {
			continue
		}
		text := fmt.Sprintf("with what goes before it, it would take %s of list %q below its floor, and is cut short", row.Product, row.List)
		if !sure {
			text += "; if the product is of the family or tag that both ask for"
		}
		l.add(Finding{Kind: BelowFloor, Rules: []string{r.Code}, Confirmed: sure, Witness: &b, Text: text})
		return true
	}
	return false
}

// sell makes the first line of a witness one of a row's product at its price;
// false where the rule is of another currency.
func (l *linter) sell(b *Basket, r *rule, row *PriceRow, line Line) bool {
	first := &b.Lines[0]
	step := row.Breaks[0]
	for _, k := range row.Breaks {
		if k.From.Cmp(first.Quantity) <= 0 {
			step = k
		}
	}
	if cur := step.Price.Currency(); cur != b.Currency {
		if c := r.currency(); !c.IsZero() && c != cur {
			return false
		}
		b.Currency = cur
	}
	stated := catalog.Net
	if k := l.t.listAt(row.List); k >= 0 {
		stated = l.t.Lists[k].Stated.OrNet()
	}
	first.Product, first.Family, first.Tags = line.Product, line.Family, line.Tags
	first.SKU = cmp.Or(first.SKU, catalog.SKU(line.Product))
	for i := range b.Lines {
		if i == 0 || b.Lines[i].Prices[0].Breaks[0].Price.Currency() != b.Currency {
			b.Lines[i].Prices = []catalog.ListPrice{{List: witnessList, Stated: stated, Breaks: []catalog.Break{{Price: step.Price}}}}
		}
	}
	if first.Quantity.Sign() <= 0 {
		first.Quantity = money.QuantityOf(1)
	}
	return true
}
