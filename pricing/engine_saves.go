package pricing

import (
	"context"
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// The bounds of what is priced to say what hints save: hints, lines tried for one,
// times that more is bought of goods that cost less than their list says, and lines
// priced in all.
const (
	mostSaved       = 32
	mostSavedLines  = 8
	mostSavedTries  = 4
	mostSavedPriced = 20_000
)

// errSpent: so much was priced that what further hints save is left out.
var errSpent = errors.New("pricing: enough baskets were priced for hints")

// saver prices baskets in which what a hint asks for is there.
type saver struct {
	e   *Engine
	ctx context.Context
	b   Basket
	now Quote
	as  money.Amount // the net of b, goods alone, once it is asked for
	n   int          // lines that were priced, once per pass
}

// held keeps a rule out, or its scale to its first steps.
type held struct {
	rule  int32
	steps int
}

var free = held{rule: -1}

// savings says of hints that a buyer can follow what that saves.
func (e *Engine) savings(ctx context.Context, b Basket, q Quote, root *Node) {
	s := saver{e: e, ctx: ctx, b: b, now: q}
	if s.b.Known.IsZero() {
		s.b.Known = b.At
	}
	done := 0
	for i := range root.Children {
		n := &root.Children[i]
		m := n.Next
		if m == nil {
			m = n.Missing
		}
		if n.Kind != NodeRule || m == nil || done == mostSaved {
			continue
		}
		at := slices.IndexFunc(e.rules, func(r *rule) bool { return r.Code == n.Ref && r.Covers(s.b.At, s.b.Known) })
		if at < 0 {
			continue
		}
		done++
		if saves, err := s.saves(e.rules[at], m); err == nil && saves.Sign() > 0 {
			m.Saves = &saves
		}
	}
}

// saves is by how much more a rule lowers what is to be paid once it gets what it
// lacks; a scale that applies, beyond its present step. It is zero for what cannot
// be followed.
func (s *saver) saves(r *rule, m *Missing) (money.Amount, error) {
	hold := held{rule: r.at}
	if t := r.Give.Tiers; t != nil && m.What == LackNext {
		for k := range t.Steps {
			if t.Steps[k].text() != m.Gives {
				continue
			}
			if hold.steps > 0 {
				return money.Amount{}, nil // which of two steps is not said
			}
			hold.steps = k
		}
	}
	b, ok := s.follow(r, m)
	if !ok {
		return money.Amount{}, nil
	}
	if s.as.Currency().IsZero() {
		q, _, err := s.price(s.b, nil, free)
		if err != nil {
			return q.Net, err
		}
		s.as = q.Net
	}
	now, err := s.gain(s.b, s.as, hold)
	if err != nil {
		return now, err
	}
	q, _, err := s.price(b, nil, free)
	if err != nil {
		return q.Net, err
	}
	then, err := s.gain(b, q.Net, hold)
	if err != nil {
		return then, err
	}
	return then.Sub(now)
}

// gain is by how much a basket costs more than as it is, net, where a rule is held.
func (s *saver) gain(b Basket, as money.Amount, h held) (money.Amount, error) {
	dear, _, err := s.price(b, nil, h)
	if err != nil {
		return money.Amount{}, err
	}
	return dear.Net.Sub(as)
}

// price prices the goods of a basket and says what a rule still lacks.
func (s *saver) price(b Basket, r *rule, h held) (Quote, Missing, error) {
	if s.n+len(b.Lines) > mostSavedPriced {
		return Quote{}, Missing{}, errSpent
	}
	j := s.e.pool.Get().(*job)
	var lack Missing
	j.trace.on, j.bare, j.goods, j.held = r != nil, true, true, h
	j.then = func() { // once per pass
		lack = Missing{}
		for _, m := range j.trace.misses {
			if r != nil && m.rule == r.at {
				lack = m.Missing
			}
		}
	}
	q, err := s.e.quote(s.ctx, j, b)
	s.n += j.passes * len(b.Lines)
	j.trace.on, j.bare, j.goods, j.held, j.then = false, false, false, free, nil
	s.e.pool.Put(j)
	return q, lack, err
}

// follow returns a basket that has what a rule lacks.
func (s *saver) follow(r *rule, m *Missing) (Basket, bool) {
	switch {
	case m.What == LackTurnover:
		return s.bought(r.window, r.family, m)
	case m.What == LackNext && r.Give.Tiers != nil && r.Give.Tiers.By == ByTurnover:
		return s.bought(r.tierWindow, r.tierFamily, m)
	case m.What == LackWith:
		return s.more(r, m, r.with.has)
	case m.What == LackItem:
		return s.more(r, m, func(l *Line) bool { return l.Product == m.Product })
	case m.What == LackQuantity, m.What == LackAmount, m.What == LackBasket, m.What == LackNext:
		return s.more(r, m, r.goods.has)
	}
	return Basket{}, false
}

// bought is with so much more turnover.
func (s *saver) bought(window, family string, m *Missing) (Basket, bool) {
	b := s.b
	b.Turnover = slices.Clone(b.Turnover)
	now := b.TurnoverIn(window, family, b.Currency)
	then, err := now.Add(*m.Amount)
	at := slices.IndexFunc(b.Turnover, func(t WindowTurnover) bool {
		return t.Window == window && t.Family == family && t.Amount.Currency() == b.Currency
	})
	if at < 0 {
		at = len(b.Turnover)
		b.Turnover = append(b.Turnover, WindowTurnover{Window: window, Family: family})
	}
	b.Turnover[at].Amount = then
	return b, err == nil
}

// more is with so much more of the first goods by which the rule gets what it
// lacks.
func (s *saver) more(r *rule, m *Missing, goods func(*Line) bool) (Basket, bool) {
	tried := 0
	for i := range s.b.Lines {
		if tried == mostSavedLines || !goods(&s.b.Lines[i]) {
			continue
		}
		tried++
		b, lack := s.b, *m
		b.Lines = slices.Clone(b.Lines)
		for range mostSavedTries {
			q, err := s.units(i, &lack)
			if err != nil {
				break
			}
			if b.Lines[i].Quantity, err = b.Lines[i].Quantity.Add(q); err != nil {
				break
			}
			if _, lack, err = s.price(b, r, free); err != nil {
				break
			}
			again := m.What == LackNext && r.Give.Tiers == nil // what is given once more for every few
			if again || lack.What != m.What || lack.Gives != m.Gives {
				return b, true
			}
			if m.Amount == nil {
				break // another line's is counted
			}
		}
	}
	return Basket{}, false
}

// units are how many units more of a line are worth what is missing, by its list
// price; whole ones where its quantity is whole.
func (s *saver) units(i int, lack *Missing) (money.Quantity, error) {
	if lack.Amount == nil {
		return lack.Quantity, nil
	}
	q := s.b.Lines[i].Quantity
	list, err := s.now.Lines[i].Net.Add(s.now.Lines[i].Discount)
	if err != nil {
		return q, err
	}
	u, err := money.FromMinor(q.Units(), s.b.Currency).Part(lack.Amount.Minor(), list.Minor(), money.Ceil)
	if err != nil {
		return q, err
	}
	n := max(u.Minor(), 1)
	if q.IsWhole() {
		n = (n + oneUnit - 1) / oneUnit * oneUnit
	}
	return money.QuantityFromUnits(n)
}
