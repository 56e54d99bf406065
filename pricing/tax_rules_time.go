package pricing

import (
	"slices"
	"time"
)

// maxTaxRules bounds a table of rules, with its history.
const maxTaxRules = 2000

// ruleOf is the first rule that fits, of those that hold and are known, of which
// one fits all; of the usual ones where none holds.
func (t *RuledTaxes) ruleOf(f *taxFacts, at, known time.Time) *TaxRule {
	for i := range t.rules {
		if r := &t.rules[i]; r.Covers(at, known) && r.fits(f) {
			return r
		}
	}
	return &t.usual[slices.IndexFunc(t.usual, func(r TaxRule) bool { return r.fits(f) })]
}

// shown are the rules as people see them.
func (t *RuledTaxes) shown() []TaxRule {
	if len(t.rules) == 0 {
		return t.usual
	}
	return t.rules
}

// undecided are the places of the rules that are the last to hold at an instant
// at which no rule without conditions does.
func undecided(rules []TaxRule, spans []Span) map[int]bool {
	out := map[int]bool{}
	for _, known := range turns(spans) {
		held := join(spans, standing(spans, known, func(i int) bool { return rules[i].always() }))
		rest := standing(spans, known, func(i int) bool { return !rules[i].always() })
		slices.Sort(rest)
		for _, i := range slices.Backward(rest) {
			if !slices.ContainsFunc(held, func(h Span) bool { return spanWithin(spans[i], h) }) {
				out[i] = true
				break
			}
		}
	}
	return out
}
