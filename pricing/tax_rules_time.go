package pricing

import (
	"cmp"
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
func undecided(rules []TaxRule) map[int]bool {
	out := map[int]bool{}
	steps := []time.Time{{}} // from one to the next the same rules are known
	for i := range rules {
		steps = append(steps, rules[i].Known, rules[i].Gone)
	}
	slices.SortFunc(steps, time.Time.Compare)
	steps = slices.CompactFunc(steps, time.Time.Equal)
	for _, known := range steps {
		var all, rest []int
		for i := range rules {
			s := rules[i].Span
			switch {
			case known.Before(s.Known) || !s.Gone.IsZero() && !known.Before(s.Gone) || !s.sound():
			case rules[i].always():
				all = append(all, i)
			default:
				rest = append(rest, i)
			}
		}
		slices.SortFunc(all, func(a, b int) int { return cmp.Or(rules[a].From.Compare(rules[b].From), a-b) })
		var held []Span // in which some rule decides what is left, joined
		for _, i := range all {
			s := rules[i].Span
			if n := len(held); n > 0 && (held[n-1].Until.IsZero() || !s.From.After(held[n-1].Until)) {
				if last := &held[n-1]; !last.Until.IsZero() && (s.Until.IsZero() || s.Until.After(last.Until)) {
					last.Until = s.Until
				}
				continue
			}
			held = append(held, Span{From: s.From, Until: s.Until})
		}
		for _, i := range slices.Backward(rest) {
			if !slices.ContainsFunc(held, func(h Span) bool { return spanWithin(rules[i].Span, h) }) {
				out[i] = true
				break
			}
		}
	}
	return out
}
