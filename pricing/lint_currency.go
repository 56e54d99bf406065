package pricing

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// currencies finds what is in a currency that neither a list nor a product's own
// price is in. Without lists all prices come with the lines, and nothing is told
// unless their products are known. It is certain where they are.
func (l *linter) currencies() {
	priced := map[money.Currency]bool{}
	for i := range l.t.Lists {
		if p := &l.t.Lists[i]; l.holds(p.Span) {
			priced[p.Currency] = true
		}
	}
	for _, p := range l.products {
		for i := range p.Prices {
			priced[p.Prices[i].Currency()] = true
		}
	}
	if len(priced) == 0 {
		return
	}
	look := func(s Span, path string, c money.Currency, codes ...string) {
		if l.full() || c.IsZero() || priced[c] || !l.holds(s) {
			return
		}
		l.add(Finding{Kind: ForeignCurrency, Rules: slices.Clip(codes), Path: path, Confirmed: len(l.products) > 0,
			Text: fmt.Sprintf("it is in %s, and no price list is", c.Code())})
	}
	for i := range l.t.Rules {
		r := &l.t.Rules[i]
		look(r.Span, indexedPath("rules", i), r.currency(), r.Code)
	}
	for i := range l.t.Floors {
		f := &l.t.Floors[i]
		if f.Price != nil {
			look(f.Span, indexedPath("floors", i)+".price", f.Price.Currency())
		} else {
			look(f.Span, indexedPath("floors", i)+".cost", f.Cost.Currency())
		}
	}
	for i := range l.t.Charges {
		c := &l.t.Charges[i]
		look(c.Span, indexedPath("charges", i), c.currency(), c.Code)
	}
}

// holds reports whether a record is looked at.
func (l *linter) holds(s Span) bool {
	return s.Gone.IsZero() && (l.at.IsZero() || s.Until.IsZero() || l.at.Before(s.Until))
}
