package pricing

import (
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/money"
)

// charges finds charges of a kind that have equal priority and may apply to one
// delivery, and weights between those of a kind at which nothing is charged.
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
			if a.Kind == b.Kind && a.Priority == b.Priority && chargesMeet(a, b) && !weightsApart(a, b) {
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
// weighs. It errs on the side of yes.
func chargesMeet(a, b *ChargeRule) bool {
	v, w := &a.When, &b.When
	c, d := a.currency(), b.currency()
	may := func(x, y int, meet bool) bool { return x == 0 || y == 0 || meet }
	return spansMeet(a.Span, b.Span) && (c.IsZero() || d.IsZero() || c == d) && !apart(v.Goods, w.Goods) &&
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
	if basket, ok := l.delivery(weight, a, b); ok {
		if _, err := l.e.Quote(l.ctx, basket); errors.Is(err, ErrCharges) {
			f.Witness, f.Confirmed = &basket, true
		}
	}
	l.add(f)
}

// nothingCharged looks at the weight at which a ends and b, later, begins.
func (l *linter) nothingCharged(a, b *ChargeRule) bool {
	v, w := a.When.Weight, b.When.Weight
	if v == nil || w == nil || v.Until.IsZero() || w.From.Cmp(v.Until) <= 0 {
		return false
	}
	basket, ok := l.delivery(v.Until, a, b)
	if !ok {
		return false
	}
	if _, err := l.e.Quote(l.ctx, basket); err != nil {
		return false
	}
	rounding := l.e.Policy(AsOf{Valid: basket.At, Known: basket.Known}).Rounding
	goods, err := basket.Lines[0].Prices[0].Breaks[0].Price.Amount(rounding)
	if err != nil {
		return false
	}
	got, err := chooseCharges(l.e.charges, ChargeInput{Currency: basket.Currency, Goods: goods, Weight: v.Until, Country: basket.Country,
		Postcode: basket.Postcode, Region: basket.Region, Delivery: basket.Delivery, Partner: basket.Partner, Groups: basket.Groups,
		At: basket.At, Known: basket.Known, Rounding: rounding})
	if err != nil {
		return false
	}
	for i := range got.Chosen {
		if got.Chosen[i].Kind == a.Kind {
			return false
		}
	}
	l.add(Finding{Kind: Gap, Rules: []string{a.Code, b.Code}, Confirmed: true, Witness: &basket,
		Text: fmt.Sprintf("%s kg lie between them, and nothing of kind %q is charged", v.Until, a.Kind)})
	return true
}

// delivery is a basket of some weight that meets what two charges ask for.
func (l *linter) delivery(weight money.Quantity, a, b *ChargeRule) (Basket, bool) {
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
