package pricing

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// mostFloorTrials bounds the baskets that are priced to find rules below floors.
const mostFloorTrials = 20_000

// floors finds rules that would take a product of the price lists below its
// floor. One product a rule is told.
func (l *linter) floors() {
	if len(l.e.floors) == 0 {
		return
	}
	rows := l.floored()
	trials := 0
	for _, r := range l.rules {
		if l.dead[r] {
			continue
		}
		for _, row := range rows {
			if l.full() || trials >= mostFloorTrials {
				return
			}
			g := r.bears()
			if !g.all() && !slices.Contains(g.Products, row.Product) {
				continue // of which family or tags it is does not stand in a tariff
			}
			trials++
			if l.below(r, row) {
				break
			}
		}
	}
}

// floored are rows of products that have a floor of their own.
func (l *linter) floored() []*PriceRow {
	var out []*PriceRow
	for i := range l.e.rows {
		row := &l.e.rows[i]
		if row.Gone.IsZero() && (len(l.e.floorOf.every) > 0 || len(l.e.floorOf.products[row.Product]) > 0) {
			out = append(out, row)
		}
		if len(out) == mostFloorTrials {
			break
		}
	}
	return out
}

// below tries one rule on one product at its own price.
func (l *linter) below(r *rule, row *PriceRow) bool {
	if r.Give.Item != nil && r.Give.Item.Product != row.Product {
		return false
	}
	at, ok := l.instant([]*rule{r})
	if !ok {
		return false
	}
	for _, s := range l.sizes([]*rule{r}) {
		b, ok := l.basketFor([]*rule{r}, at, s)
		if !ok {
			return false
		}
		step := row.Breaks[0]
		for _, k := range row.Breaks {
			if k.From.Cmp(b.Lines[0].Quantity) <= 0 {
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
		for i := range l.t.Lists {
			if l.t.Lists[i].Code == row.List {
				stated = l.t.Lists[i].Stated.OrNet()
			}
		}
		b.Lines[0].Product = row.Product
		for i := range b.Lines {
			if i == 0 || b.Lines[i].Prices[0].Breaks[0].Price.Currency() != b.Currency {
				b.Lines[i].Prices = []catalog.ListPrice{{List: witnessList, Stated: stated, Breaks: []catalog.Break{{Price: step.Price}}}}
			}
		}
		if b.Lines[0].Quantity.Sign() <= 0 {
			b.Lines[0].Quantity = money.QuantityOf(1)
		}
		_, n, err := l.e.Explain(l.ctx, b, r.Code)
		if err != nil {
			continue
		}
		capped := slices.ContainsFunc(n.Children, func(c Node) bool {
			return c.Kind == NodeRule && c.Ref == r.Code && slices.ContainsFunc(c.Children, func(k Node) bool { return k.Kind == NodeCapped && k.Ref == "floor" })
		})
		if capped {
			l.add(Finding{Kind: BelowFloor, Rules: []string{r.Code}, Confirmed: true, Witness: &b,
				Text: fmt.Sprintf("with what goes before it, it would take %s of list %q below its floor, and is cut short", row.Product, row.List)})
			return true
		}
	}
	return false
}
