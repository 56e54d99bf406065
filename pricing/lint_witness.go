package pricing

import (
	"fmt"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// witnessList is the list of the prices of witnesses, which no tariff has.
const witnessList = "\x00witness"

// witness looks for a basket that meets rules and on which the engine does what
// is asked; nil when none of those tried does.
func (l *linter) witness(rules []*rule, shows func(Quote, Node) bool) *Basket {
	at, ok := l.instant(rules)
	if !ok {
		return nil
	}
	for _, size := range l.sizes(rules) {
		b, ok := l.basketFor(rules, at, size)
		if !ok {
			return nil
		}
		codes := make([]string, len(rules))
		for i, r := range rules {
			codes[i] = r.Code
		}
		q, n, err := l.e.explain(l.ctx, b, codes...)
		if err == nil && shows(q, n) {
			return &b
		}
	}
	return nil
}

// size is how many units at which price a witness has.
type size struct{ quantity, price int64 }

func (l *linter) sizes(rules []*rule) []size {
	quantities := []int64{1, 10, 1000}
	for _, r := range rules {
		if q := r.When.Quantity; q != nil && !q.From.IsZero() {
			quantities = append(quantities, q.From.Units()/oneUnit+1)
		}
	}
	var out []size
	for _, p := range []int64{100, 1, 10_000} {
		for _, q := range quantities {
			out = append(out, size{q, p})
		}
	}
	return out
}

// instant finds one at which all rules hold, hours included: within two weeks of
// the latest beginning, by the hour.
func (l *linter) instant(rules []*rule) (time.Time, bool) {
	at := l.at
	for _, r := range rules {
		if r.From.After(at) {
			at = r.From
		}
	}
	if at.IsZero() {
		at = time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC) // a Monday; nothing depends on the year
		for _, r := range rules {
			if !r.Until.IsZero() && !r.Until.After(at) {
				at = r.Until.Add(-time.Hour)
			}
		}
	}
	for range 14 * 24 {
		if !slices.ContainsFunc(rules, func(r *rule) bool {
			return !r.Covers(at, time.Time{}) || r.hours != nil && !r.hours.cover(at, l.e.zone)
		}) {
			return at, true
		}
		at = at.Add(time.Hour)
	}
	return time.Time{}, false
}

// basketFor makes a basket that meets the conditions of rules as far as one can
// see from outside.
func (l *linter) basketFor(rules []*rule, at time.Time, s size) (Basket, bool) {
	b := Basket{Partner: "witness", Country: l.e.seller, Currency: money.EUR, Lists: []string{witnessList}, At: at, Known: at}
	for _, r := range rules {
		if r.Known.After(b.Known) {
			b.Known = r.Known
		}
		if c := r.currency(); !c.IsZero() {
			b.Currency = c
		}
	}
	for i := range l.t.Policies {
		if p := &l.t.Policies[i]; p.Gone.IsZero() && p.Known.After(b.Known) {
			b.Known = p.Known
		}
	}
	class, ok := l.class(at, b.Known)
	if !ok {
		return b, false
	}
	for _, r := range rules {
		w := &r.When
		if len(w.Partners) > 0 {
			b.Partner = w.Partners[0]
			for _, o := range rules {
				b.Partner = sharedOr(o.When.Partners, w.Partners, b.Partner)
			}
		}
		if len(w.Groups) > 0 {
			b.Groups = append(b.Groups, w.Groups[0])
		}
		if len(w.Agreements) > 0 {
			b.Agreements = append(b.Agreements, w.Agreements[0])
		}
		for _, k := range r.links {
			if k.Covers(at, b.Known) {
				b.Agreements = append(b.Agreements, k.agreement)
				break
			}
		}
		if w.Attended != "" {
			b.Attended = append(b.Attended, w.Attended)
		}
		b.First = b.First || w.First
		if w.Campaign != "" {
			b.Codes = append(b.Codes, UsedCode{Code: "WITNESS", Campaign: w.Campaign})
		}
		if t := w.Turnover; t != nil && t.From != nil {
			b.Turnover = append(b.Turnover, WindowTurnover{Window: r.window, Family: r.family, Amount: *t.From})
		}
	}
	add := func(g []Goods, q money.Quantity, price int64) {
		line := Line{ID: LineID(fmt.Sprint(len(b.Lines) + 1)), Quantity: q, Tax: class}
		line.Product, line.Family, line.Tags = goodsLine(g)
		line.SKU = catalog.SKU(line.Product)
		p, _ := money.PriceFromMicros(price*1_000_000, b.Currency)
		line.Prices = []catalog.ListPrice{{List: witnessList, Stated: catalog.Net, Breaks: []catalog.Break{{Price: p}}}}
		b.Lines = append(b.Lines, line)
	}
	var goods []Goods
	for _, r := range rules {
		goods = append(goods, r.bears())
	}
	add(goods, money.QuantityOf(s.quantity), s.price)
	for _, r := range rules {
		if r.Give.Item != nil && !r.Rule.Goods.all() {
			add([]Goods{r.Rule.Goods}, money.QuantityOf(s.quantity), s.price)
		}
		if r.Give.With != nil {
			add([]Goods{*r.Give.With}, money.QuantityOf(s.quantity), s.price)
		}
		for _, h := range r.When.Has {
			least := h.Least
			if least.IsZero() {
				least = money.QuantityOf(1)
			}
			for k := range h.Sets {
				add([]Goods{h.Sets[k]}, least, s.price)
			}
		}
	}
	return b, true
}

// sharedOr is a value that both conditions have, the one given where there is none.
func sharedOr[T comparable](a, b []T, or T) T {
	for _, x := range a {
		if slices.Contains(b, x) {
			return x
		}
	}
	return or
}

// goodsLine makes product, family and tags that are of all the goods, where that
// is possible.
func goodsLine(gs []Goods) (product catalog.ID, family catalog.Family, tags []string) {
	product = "witness"
	named := false
	for _, g := range gs {
		if len(g.Products) > 0 && !named {
			product, named = g.Products[0], true
			for _, o := range gs {
				product = sharedOr(o.Products, g.Products, product)
			}
		}
		for _, f := range g.Families {
			if family == (catalog.Family{}) || f.Within(family) {
				family = f
				break
			}
		}
		if len(g.Tags) > 0 {
			tags = append(tags, g.Tags[0])
		}
	}
	return product, family, tags
}

// class is a tax class that the seller's country has then.
func (l *linter) class(at, known time.Time) (catalog.TaxClass, bool) {
	rows := l.e.home
	for i := range rows {
		if r := rateOf(rows, rows[i].Class, at, known); r != nil {
			return r.Class, true
		}
	}
	return "", false
}
