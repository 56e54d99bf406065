package pricing

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// rankKey is what rules of equal rank have in common.
type rankKey struct {
	on       Bearer
	priority int
}

// pairs finds rules that contradict or block each other.
func (l *linter) pairs() {
	ranks := map[rankKey][]*rule{}
	var order []rankKey
	above := l.lanePriorities()
	for _, r := range l.rules {
		for _, p := range append([]int{r.Priority}, above[r]...) {
			k := rankKey{r.On, p}
			if ranks[k] == nil {
				order = append(order, k)
			}
			ranks[k] = append(ranks[k], r)
		}
	}
	seen := map[[2]int32]bool{} // of different priorities, which may meet at several
	for _, k := range order {
		l.eachPair(ranks[k], func(a, b *rule) {
			if pair := [2]int32{a.at, b.at}; len(above) == 0 || !seen[pair] {
				seen[pair] = true
				l.ambiguous(a, b, k.priority)
			}
		})
	}
	var closing []*rule
	for _, r := range l.rules {
		if r.Exclusive || r.Stop {
			closing = append(closing, r)
		}
	}
	for _, a := range closing {
		for _, b := range l.rules {
			if l.full() {
				return
			}
			if b.at > a.at && b.On == a.On && b.Priority < a.Priority && !slices.ContainsFunc(above[b], func(p int) bool { return p >= a.Priority }) {
				l.closed(a, b)
			}
		}
	}
}

// lanePriorities are those above its own that a rule's lane may have while the
// rule holds: those of other rules of the lane. Rules without are left out.
func (l *linter) lanePriorities() map[*rule][]int {
	out := map[*rule][]int{}
	for _, on := range [...]Bearer{OnLine, OnOrder} {
		if !slices.ContainsFunc(l.t.policiesIn(Span{}), func(p *Policy) bool { return p.stacking(on).Mode == Lanes }) {
			continue
		}
		for _, r := range l.rules {
			if r.On != on || r.Lane == "" {
				continue
			}
			for _, o := range l.e.lanesOf[laneKey{on, r.Lane}].at { // the highest first
				m := l.e.rules[o]
				if m.Priority <= r.Priority {
					break
				}
				if l.stands(m) && spansMeet(m.Span, r.Span) && !slices.Contains(out[r], m.Priority) {
					out[r] = append(out[r], m.Priority)
				}
			}
		}
	}
	return out
}

// eachPair calls what for every pair whose goods may meet: rules of named
// products alone meet where they name one, the others are tried with all.
func (l *linter) eachPair(rules []*rule, what func(a, b *rule)) {
	byProduct := map[catalog.ID][]*rule{}
	var broad []*rule
	for _, r := range rules {
		g := r.bears()
		if g.all() || len(g.Families)+len(g.Tags) > 0 {
			broad = append(broad, r)
			continue
		}
		for _, p := range g.Products {
			byProduct[p] = append(byProduct[p], r)
		}
	}
	for _, b := range broad {
		for _, r := range rules {
			if l.full() {
				return
			}
			if r.at > b.at || r.at < b.at && !slices.Contains(broad, r) {
				what(first(r, b), second(r, b))
			}
		}
	}
	seen := map[[2]int32]bool{}
	for _, r := range rules {
		for _, p := range r.bears().Products {
			for _, o := range byProduct[p] {
				if l.full() {
					return
				}
				if k := [2]int32{r.at, o.at}; o.at > r.at && !seen[k] && !slices.Contains(broad, r) {
					seen[k] = true
					what(r, o)
				}
			}
		}
	}
}

func first(a, b *rule) *rule {
	if a.at < b.at {
		return a
	}
	return b
}

func second(a, b *rule) *rule {
	if a.at < b.at {
		return b
	}
	return a
}

// bears are the goods that the rule takes from.
func (r *rule) bears() Goods {
	if i := r.Give.Item; i != nil {
		return Goods{Products: []catalog.ID{i.Product}}
	}
	return r.Rule.Goods
}

// stackings are the ways in which two rules of a bearer may combine.
func (l *linter) stackings(a, b *rule) []Stacking {
	var out []Stacking
	both, _ := a.Span.common(b.Span)
	for _, p := range l.t.policiesIn(both) {
		out = append(out, p.stacking(a.On))
	}
	return out
}

func (l *linter) ambiguous(a, b *rule, priority int) {
	if !mayMeet(a, b) || l.dead[a] || l.dead[b] ||
		!slices.ContainsFunc(l.stackings(a, b), func(s Stacking) bool { return orderMayDecide(s, a.Rule, b.Rule) }) {
		return
	}
	f := Finding{Kind: Ambiguous, Rules: []string{a.Code, b.Code},
		Text: fmt.Sprintf("both have priority %d on %s, and the figures depend on which goes first", priority, a.On)}
	if a.Priority != priority || b.Priority != priority {
		f.Text = fmt.Sprintf("the lanes of both may have priority %d on %s, and the figures depend on which goes first", priority, a.On)
	}
	f.Witness = l.witness([]*rule{a, b}, func(q Quote, _ Node) bool {
		return slices.ContainsFunc(q.Conflicts, func(c Conflict) bool { return c.Rules[0] == a.Code && c.Rules[1] == b.Code })
	})
	f.Confirmed = f.Witness != nil
	l.add(f)
}

// closed looks at a rule that keeps others from its goods, and one below it.
func (l *linter) closed(a, b *rule) {
	if !mayMeet(a, b) || l.dead[a] || l.dead[b] {
		return
	}
	if slices.ContainsFunc(l.stackings(a, b), func(s Stacking) bool {
		return s.Mode == BestFor || s.Mode == Lanes && a.Lane != "" // what gives more beats it, whatever its rank
	}) {
		return
	}
	word := "stops"
	if a.Exclusive {
		word = "is exclusive before"
	}
	if covers(a, b) {
		before, reached := l.reached(a, b)
		if reached {
			return
		}
		l.dead[b] = !before
		f := Finding{Kind: Unreachable, Rules: []string{b.Code}, Text: fmt.Sprintf("%s %s it wherever it would apply", a.Code, word)}
		f.Witness = l.witness([]*rule{a, b}, blockedBy(a, b))
		f.Confirmed = f.Witness != nil && !before
		l.add(f)
		return
	}
	if !a.Exclusive || !b.Exclusive {
		return
	}
	f := Finding{Kind: Blocking, Rules: []string{a.Code, b.Code}, Text: fmt.Sprintf("both are exclusive; %s goes first where both fit", a.Code)}
	f.Witness = l.witness([]*rule{a, b}, blockedBy(a, b))
	f.Confirmed = f.Witness != nil
	l.add(f)
}

// mostReached bounds the rules that reached tries.
const mostReached = 16

// reached reports whether there are rules that may apply before an exclusive one, so
// that it does not apply itself, and whether after one of them another does that it
// would keep out.
func (l *linter) reached(a, b *rule) (before, reached bool) {
	if !a.Exclusive {
		return false, false
	}
	tries := mostReached
	for _, c := range l.rules {
		earlier := c.at != b.at && (c.On == OnLine && a.On == OnOrder || c.On == a.On && c.at < a.at)
		closes := c.Exclusive || c.Stop && c.On == b.On
		if !earlier || closes || l.dead[c] || !mayMeet(c, a) || !mayMeet(c, b) {
			continue
		}
		before = true
		if tries--; tries < 0 || l.ctx.Err() != nil {
			break
		}
		if l.witness([]*rule{c, a, b}, appliesIn(b)) != nil {
			return true, true
		}
	}
	return before, false
}

// appliesIn reports whether an explanation has a rule applied.
func appliesIn(r *rule) func(Quote, Node) bool {
	return func(_ Quote, n Node) bool {
		return slices.ContainsFunc(n.Children, func(c Node) bool { return c.Kind == NodeRule && c.Ref == r.Code && c.Verdict == Applied })
	}
}

// blockedBy reports whether an explanation has b blocked by a.
func blockedBy(a, b *rule) func(Quote, Node) bool {
	return func(_ Quote, n Node) bool {
		return slices.ContainsFunc(n.Children, func(c Node) bool {
			return c.Kind == NodeRule && c.Ref == b.Code && c.Verdict == Blocked && c.By == a.Code
		})
	}
}

// covers reports whether a applies, and takes something, wherever b does: it asks
// for nothing that b does not ask for.
func covers(a, b *rule) bool {
	w, o := &a.When, &b.When
	free := w.Hours == nil && w.Quantity == nil && w.Amount == nil && w.Basket == nil && len(w.Has) == 0 && w.Turnover == nil &&
		w.Attended == "" && !w.First && (w.Campaign == "" || w.Campaign == o.Campaign) && (a.Discount == "" || a.Discount == b.Discount) &&
		a.Give.With == nil && !a.Give.Percent.IsZero() && a.Most == nil && a.currency().IsZero()
	return free && spanWithin(b.Span, a.Span) && subset(o.Partners, w.Partners) && subset(o.Groups, w.Groups) && subset(o.Agreements, w.Agreements) &&
		a.Rule.Goods.all() && a.Rule.Goods.Except == nil
}

// spanWithin reports whether a record holds only while another does.
func spanWithin(in, out Span) bool {
	return (out.From.IsZero() || !in.From.IsZero() && !in.From.Before(out.From)) &&
		(out.Until.IsZero() || !in.Until.IsZero() && !in.Until.After(out.Until))
}

// subset reports whether a condition is at least as narrow as another; none is
// the widest.
func subset[T comparable](narrow, wide []T) bool {
	if len(wide) == 0 {
		return true
	}
	if len(narrow) == 0 {
		return false
	}
	return !slices.ContainsFunc(narrow, func(x T) bool { return !slices.Contains(wide, x) })
}

// mayMeet reports whether two rules may fit one line of one basket. It errs on
// the side of yes: an answer of no is certain.
func mayMeet(a, b *rule) bool {
	w, o := &a.When, &b.When
	if !spansMeet(a.Span, b.Span) || len(w.Partners) > 0 && len(o.Partners) > 0 && !meetsAny(w.Partners, o.Partners) {
		return false
	}
	if c, d := a.currency(), b.currency(); !c.IsZero() && !d.IsZero() && c != d {
		return false
	}
	if apart(w.Basket, o.Basket) {
		return false
	}
	if w.Turnover != nil && o.Turnover != nil && a.window == b.window && a.family == b.family && apart(&w.Turnover.AmountRange, &o.Turnover.AmountRange) {
		return false
	}
	return goodsMayMeet(a.bears(), b.bears())
}

// apart reports whether no amount lies in both ranges.
func apart(a, b *AmountRange) bool {
	if a == nil || b == nil {
		return false
	}
	return a.Until != nil && b.From != nil && !amountBelow(b.From, a.Until) || b.Until != nil && a.From != nil && !amountBelow(a.From, b.Until)
}

// amountBelow reports whether a is below b; of two currencies it says yes.
func amountBelow(a, b *money.Amount) bool {
	c, err := a.Cmp(*b)
	return err != nil || c < 0
}

// goodsMayMeet reports whether one line may be of both. A line has one product
// and one family, and any number of tags.
func goodsMayMeet(a, b Goods) bool {
	switch {
	case a.all() || b.all() || len(a.Tags)+len(b.Tags) > 0:
		return true
	case len(a.Products) > 0 && len(b.Families) > 0, len(a.Families) > 0 && len(b.Products) > 0:
		return true // of which family a product is does not stand in a tariff
	case meetsAny(a.Products, b.Products):
		return true
	}
	return slices.ContainsFunc(a.Families, func(f catalog.Family) bool {
		return slices.ContainsFunc(b.Families, func(g catalog.Family) bool { return f.Within(g) || g.Within(f) })
	})
}
