package pricing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// charges finds charges of a kind that have equal priority and may apply to one
// delivery, and weights and amounts between those of a kind at which nothing is
// charged.
func (l *linter) charges() {
	var kinds []*ChargeRule // that are looked at
	for i := range l.e.charges {
		c := &l.e.charges[i]
		if c.Gone.IsZero() && (l.at.IsZero() || c.Until.IsZero() || l.at.Before(c.Until)) {
			kinds = append(kinds, c)
		}
	}
	for i, a := range kinds {
		for _, b := range kinds[i+1:] {
			if l.full() {
				return
			}
			if a.Kind == b.Kind && a.Priority == b.Priority && chargesMeet(a, b) && !apart(a.When.Goods, b.When.Goods) && !weightsApart(a, b) {
				l.bothCharged(a, b)
			}
		}
		for _, b := range kinds {
			if l.full() || a.Kind == b.Kind && chargesMeet(a, b) && l.nothingCharged(a, b) {
				break
			}
		}
	}
}

// chargesMeet reports whether two charges may apply to one delivery, whatever it
// weighs and is worth. It errs on the side of yes.
func chargesMeet(a, b *ChargeRule) bool {
	v, w := &a.When, &b.When
	c, d := a.currency(), b.currency()
	may := func(x, y int, meet bool) bool { return x == 0 || y == 0 || meet }
	return spansMeet(a.Span, b.Span) && (c.IsZero() || d.IsZero() || c == d) &&
		may(len(v.To.Countries), len(w.To.Countries), meetsAny(v.To.Countries, w.To.Countries)) &&
		may(len(v.To.Regions), len(w.To.Regions), meetsAny(v.To.Regions, w.To.Regions)) &&
		may(len(v.Delivery), len(w.Delivery), meetsAny(v.Delivery, w.Delivery)) &&
		may(len(v.Partners), len(w.Partners), meetsAny(v.Partners, w.Partners))
}

// weightsApart reports whether nothing weighs what both charges ask for.
func weightsApart(a, b *ChargeRule) bool {
	v, w := a.When.Weight, b.When.Weight
	ends := func(x, y *QuantityRange) bool { return !x.Until.IsZero() && x.Until.Cmp(y.From) <= 0 }
	return v != nil && w != nil && (ends(v, w) || ends(w, v))
}

func (l *linter) bothCharged(a, b *ChargeRule) {
	f := Finding{Kind: Ambiguous, Rules: []string{a.Code, b.Code},
		Text: fmt.Sprintf("both are charges of kind %q with priority %d, and a delivery that both fit is refused", a.Kind, a.Priority)}
	var weight money.Quantity
	for _, c := range []*ChargeRule{a, b} {
		if w := c.When.Weight; w != nil && w.From.Cmp(weight) > 0 {
			weight = w.From
		}
	}
	if basket, ok := l.delivery(weight, nil, a, b); ok {
		if _, err := l.e.Quote(l.ctx, basket); errors.Is(err, ErrCharges) {
			f.Witness, f.Confirmed = &basket, true
		}
	}
	l.add(f)
}

// nothingCharged looks at the weight, and at the amount, at which a ends and b,
// later, begins.
func (l *linter) nothingCharged(a, b *ChargeRule) bool {
	v, w := a.When.Weight, b.When.Weight
	if v != nil && w != nil && !v.Until.IsZero() && v.Until.Cmp(w.From) < 0 && !apart(a.When.Goods, b.When.Goods) &&
		l.uncharged(a, b, v.Until, nil) {
		return true
	}
	g, h := a.When.Goods, b.When.Goods
	if g == nil || h == nil || g.Until == nil || h.From == nil || !amountBelow(g.Until, h.From) || weightsApart(a, b) {
		return false
	}
	var weight money.Quantity
	for _, of := range [...]*QuantityRange{v, w} {
		if of != nil && of.From.Cmp(weight) > 0 {
			weight = of.From
		}
	}
	return l.uncharged(a, b, weight, g.Until)
}

// uncharged reports a delivery of some weight, and of goods that are worth an
// amount, if the engine charges nothing of the kind for it. What rules take off
// such goods is put on their price.
func (l *linter) uncharged(a, b *ChargeRule, weight money.Quantity, worth *money.Amount) bool {
	basket, ok := l.delivery(weight, worth, a, b)
	if !ok {
		return false
	}
	goods, chosen, err := l.charged(basket)
	for range mostWorthTrials {
		if err != nil || worth == nil || goods.Sign() <= 0 || goods == *worth {
			break
		}
		price := &basket.Lines[0].Prices[0].Breaks[0].Price
		var to money.Amount
		if to, err = money.FromMinor(price.Micros(), basket.Currency).Part(worth.Minor(), goods.Minor(), money.HalfAwayFromZero); err != nil {
			break
		}
		if *price, err = money.PriceFromMicros(to.Minor(), basket.Currency); err == nil {
			goods, chosen, err = l.charged(basket)
		}
	}
	if err != nil || slices.ContainsFunc(chosen, func(c Charge) bool { return c.Kind == a.Kind }) {
		return false
	}
	text := fmt.Sprintf("%s kg lie between them", weight)
	if worth != nil {
		text = fmt.Sprintf("goods of %s lie between them", worth)
	}
	l.add(Finding{Kind: Gap, Rules: []string{a.Code, b.Code}, Confirmed: true, Witness: &basket,
		Text: fmt.Sprintf("%s, and nothing of kind %q is charged", text, a.Kind)})
	return true
}

// charged is what the goods of a basket are worth, net, and what is charged beside.
func (l *linter) charged(b Basket) (goods money.Amount, chosen []Charge, err error) {
	j := l.e.pool.Get().(*job)
	j.then = func() { chosen = j.charges.Chosen }
	q, err := l.e.quote(l.ctx, j, b)
	j.then = nil
	l.e.pool.Put(j)
	goods = q.Net
	for i := 0; i < len(chosen) && err == nil; i++ {
		goods, err = goods.Sub(chosen[i].Amount)
	}
	return goods, chosen, err
}

// mostWorthTrials bounds how often a price is set so that goods are worth an amount.
const mostWorthTrials = 3

// delivery is a basket of some weight that meets what two charges ask for; worth is
// what its goods cost, where that is not as much as both ask for.
func (l *linter) delivery(weight money.Quantity, worth *money.Amount, a, b *ChargeRule) (Basket, bool) {
	at, ok := l.instant(nil)
	for _, c := range []*ChargeRule{a, b} {
		if c.From.After(at) {
			at = c.From
		}
	}
	basket, made := l.basketFor(nil, at, size{1, 100})
	if !ok || !made {
		return basket, false
	}
	line := &basket.Lines[0]
	line.Weight = weight
	price := line.Prices[0].Breaks[0].Price
	for _, c := range []*ChargeRule{a, b} {
		w := &c.When
		if g := w.Goods; g != nil && g.From != nil {
			if p, err := money.PriceFromAmount(*g.From); err == nil && p.Micros() > price.Micros() {
				price = p
			}
		}
		basket.Country, basket.Postcode = firstOr(w.To.Countries, basket.Country), firstOr(w.To.Postcodes, basket.Postcode)
		basket.Region, basket.Delivery = firstOr(w.To.Regions, basket.Region), firstOr(w.Delivery, basket.Delivery)
		basket.Partner = firstOr(w.Partners, basket.Partner)
		basket.Groups = append(basket.Groups, w.Groups...)
		if cur := c.currency(); !cur.IsZero() {
			basket.Currency = cur
		}
	}
	price, err := money.PriceFromMicros(price.Micros(), basket.Currency)
	if worth != nil {
		price, err = money.PriceFromAmount(*worth)
	}
	line.Prices[0].Breaks[0].Price = price
	return basket, err == nil
}

func firstOr[T any](list []T, or T) T {
	if len(list) > 0 {
		return list[0]
	}
	return or
}

// scales finds scales that give nothing between two steps that give something.
func (l *linter) scales() {
	for _, r := range l.rules {
		t := r.Give.Tiers
		if t == nil || l.full() {
			continue
		}
		gives := func(s *Tier) bool { return s.Off != nil || s.Price != nil || !s.Percent.IsZero() }
		hole := -1 // behind a step that gives something
		for i := range t.Steps {
			if s := &t.Steps[i]; gives(s) && hole >= 0 {
				l.add(Finding{Kind: Gap, Rules: []string{r.Code}, Confirmed: true,
					Text: fmt.Sprintf("step %d of its scale gives nothing, between steps that do", hole+1)})
				break
			} else if !gives(s) && i > 0 && gives(&t.Steps[i-1]) {
				hole = i
			}
		}
	}
}
