package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// cand is a rule that may apply to the basket.
type cand struct {
	rule  *rule
	lines []int32 // of its goods, ascending
	met   bool
}

// candidates finds the rules that the basket's buyer and goods lead to, by rank:
// those that hold; to be explained, all.
func (e *Engine) candidates(j *job) {
	if len(e.rules) == 0 {
		return
	}
	if len(j.slot) < len(e.rules) {
		j.slot = make([]int32, len(e.rules))
	}
	j.keys = buyerKeys(j.keys[:0], j.b)
	n := j.now
	n.every = j.trace.on
	for _, key := range j.keys {
		b := e.who[key]
		if b == nil {
			continue
		}
		j.found = b.every.find(j.found[:0], e.stays, n)
		for _, at := range j.found {
			c := j.cand(e, at)
			if len(c.lines) > 0 {
				continue // found by another key of the buyer
			}
			lines, goods := c.lines, c.rule.goods
			for i := range j.b.Lines {
				if !goods.excepts(&j.b.Lines[i]) {
					lines = append(lines, int32(i))
				}
			}
			c.lines = lines
		}
		if len(b.products)+len(b.families)+len(b.tags) == 0 {
			continue
		}
		products := len(b.families)+len(b.tags) == 0 // alone
		for i := range j.b.Lines {
			if products && !j.state[i].named {
				continue
			}
			l := &j.b.Lines[i]
			j.found = b.named(j.found[:0], l, j.state[i].named, e.stays, n)
			for _, at := range j.found {
				c := j.cand(e, at)
				// Keys are walked one after the other, lines in order: what one key
				// has found of a rule, another finds again.
				if k, has := slices.BinarySearch(c.lines, int32(i)); !has && !c.rule.goods.excepts(l) {
					c.lines = slices.Insert(c.lines, k, int32(i))
				}
			}
		}
	}
	e.askFor(j)
	slices.SortFunc(j.cands, func(a, b cand) int { return cmp.Compare(a.rule.at, b.rule.at) })
}

// cand returns the candidate of a rule, a new one the first time.
func (j *job) cand(e *Engine, at int32) *cand {
	if k := j.slot[at]; k > 0 {
		return &j.cands[k-1]
	}
	if n := len(j.cands); n < cap(j.cands) {
		j.cands = j.cands[:n+1]
	} else {
		j.cands = append(j.cands, cand{})
	}
	c := &j.cands[len(j.cands)-1]
	c.rule, c.lines, c.met = e.rules[at], c.lines[:0], false
	j.slot[at] = int32(len(j.cands))
	return c
}

// meets checks the conditions of a rule; of is what amounts are measured on. The
// first condition that does not hold is told.
func (e *Engine) meets(j *job, c *cand, of []int64) (Missing, bool, error) {
	r, b := c.rule, j.b
	w := &r.When
	no := func(m Missing) (Missing, bool, error) { return m, false, nil }
	switch {
	case !e.stays[r.at].covers(j.now):
		return no(Missing{What: LackTime, From: r.From, Until: r.Until})
	case !r.forBuyer(b):
		return no(Missing{What: LackBuyer})
	case w.Campaign != "" && !slices.ContainsFunc(b.Codes, func(u UsedCode) bool { return u.Campaign == w.Campaign }):
		return no(Missing{What: LackCode, Ref: w.Campaign})
	case w.Campaign != "" && slices.Contains(j.unused, w.Campaign):
		return no(Missing{What: LackEffect})
	case w.First && !b.First:
		return no(Missing{What: LackFirst})
	case w.Attended != "" && !slices.Contains(b.Attended, w.Attended):
		return no(Missing{What: LackEvent, Ref: w.Attended})
	case r.hours != nil && !r.hours.cover(b.At, e.zone):
		return no(Missing{What: LackHours})
	case len(c.lines) == 0:
		return no(Missing{What: LackGoods})
	}
	if cur := r.currency(); !cur.IsZero() && cur != b.Currency {
		return no(Missing{What: LackCurrency, Ref: cur.Code()})
	}
	if q := w.Quantity; q != nil {
		sum, err := j.quantity(c.lines)
		if err != nil {
			return Missing{}, false, err
		}
		if sum.Cmp(q.From) < 0 {
			more, _ := q.From.Sub(sum)
			return no(Missing{What: LackQuantity, Quantity: more})
		}
		if !q.Until.IsZero() && sum.Cmp(q.Until) >= 0 {
			return no(Missing{What: LackTooMuch, Quantity: sum})
		}
	}
	for _, a := range [...]struct {
		*AmountRange
		what  Lack
		lines []int32
	}{{w.Amount, LackAmount, c.lines}, {w.Basket, LackBasket, nil}} {
		if a.AmountRange == nil {
			continue
		}
		sum, err := j.netSum(a.lines, of)
		if err != nil {
			return Missing{}, false, err
		}
		if m, ok, err := j.inRange(a.AmountRange, sum.Minor(), a.what); !ok || err != nil {
			return m, false, err
		}
	}
	if t := w.Turnover; t != nil {
		v, err := j.ticks(b.TurnoverIn(r.window, r.family, b.Currency))
		if err != nil {
			return Missing{}, false, err
		}
		if m, ok, err := j.inRange(&t.AmountRange, v, LackTurnover); !ok || err != nil {
			m.Ref = r.window
			return m, false, err
		}
	}
	for k := range w.Has {
		if m, ok, err := j.composed(&w.Has[k], r.has[k]); !ok || err != nil {
			return m, false, err
		}
	}
	return Missing{}, true, nil
}

// forBuyer checks partners, groups, agreements and the discount's name.
func (r *rule) forBuyer(b *Basket) bool {
	w := &r.When
	if len(w.Partners) > 0 && !slices.Contains(w.Partners, b.Partner) ||
		len(w.Groups) > 0 && !meetsAny(w.Groups, b.Groups) ||
		len(w.Agreements) > 0 && !meetsAny(w.Agreements, b.Agreements) {
		return false
	}
	return r.Discount == "" || slices.ContainsFunc(r.links, func(l link) bool {
		return slices.Contains(b.Agreements, l.agreement) && l.Covers(b.At, b.Known)
	})
}

func meetsAny[T comparable](want, have []T) bool {
	return slices.ContainsFunc(want, func(x T) bool { return slices.Contains(have, x) })
}

// currency is that of the rule's amounts, zero when it has none.
func (r *Rule) currency() money.Currency {
	for _, a := range [...]*money.Amount{r.Give.Amount, r.Most} {
		if a != nil {
			return a.Currency()
		}
	}
	for _, g := range [...]*AmountRange{r.When.Amount, r.When.Basket} {
		if c := g.currency(); !c.IsZero() {
			return c
		}
	}
	if t := r.When.Turnover; t != nil {
		if c := t.AmountRange.currency(); !c.IsZero() {
			return c
		}
	}
	if p := r.Give.Price; p != nil {
		return p.Currency()
	}
	if t := r.Give.Tiers; t != nil {
		for i := range t.Steps {
			if c := t.Steps[i].currency(); !c.IsZero() {
				return c
			}
		}
	}
	return money.Currency{}
}

func (g *AmountRange) currency() money.Currency {
	switch {
	case g == nil:
	case g.From != nil:
		return g.From.Currency()
	case g.Until != nil:
		return g.Until.Currency()
	}
	return money.Currency{}
}

func (t *Tier) currency() money.Currency {
	switch {
	case t.Amount != nil:
		return t.Amount.Currency()
	case t.Off != nil:
		return t.Off.Currency()
	case t.Price != nil:
		return t.Price.Currency()
	}
	return money.Currency{}
}

// inRange compares ticks with a range of amounts.
func (j *job) inRange(g *AmountRange, v int64, what Lack) (Missing, bool, error) {
	if g.From != nil {
		from, err := j.ticks(*g.From)
		if err != nil {
			return Missing{}, false, err
		}
		if v < from {
			more, err := j.minorUp(from - v)
			return Missing{What: what, Amount: &more}, false, err
		}
	}
	if g.Until != nil {
		until, err := j.ticks(*g.Until)
		if err != nil {
			return Missing{}, false, err
		}
		if v >= until {
			sum, err := j.minorUp(v)
			return Missing{What: LackTooMuch, Amount: &sum}, false, err
		}
	}
	return Missing{}, true, nil
}

// minorUp turns ticks into an amount, rounded up.
func (j *job) minorUp(t int64) (money.Amount, error) {
	return j.ticked(t).Part(1, j.tickUnits(), money.Ceil)
}

// quantity sums the units of lines, of all for nil.
func (j *job) quantity(lines []int32) (money.Quantity, error) {
	var sum money.Quantity
	var err error
	for _, i := range lines {
		if sum, err = sum.Add(j.b.Lines[i].Quantity); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// unitsOf sums the units of the lines that a set has.
func (j *job) unitsOf(s *goodsSet) (money.Quantity, error) {
	var sum money.Quantity
	var err error
	for i := range j.b.Lines {
		if s.has(&j.b.Lines[i]) {
			if sum, err = sum.Add(j.b.Lines[i].Quantity); err != nil {
				return sum, err
			}
		}
	}
	return sum, nil
}

// composed checks one composition.
func (j *job) composed(c *Composition, sets []*goodsSet) (Missing, bool, error) {
	need, least := c.Need, c.Least
	if need == 0 {
		need = len(sets)
	}
	if least.IsZero() {
		least = money.QuantityOf(1)
	}
	have := 0
	for _, s := range sets {
		n, err := j.unitsOf(s)
		if err != nil {
			return Missing{}, false, err
		}
		if n.Cmp(least) >= 0 {
			have++
		}
	}
	if have < need {
		return Missing{What: LackComposition, Quantity: money.QuantityOf(int64(need - have))}, false, nil
	}
	return Missing{}, true, nil
}
