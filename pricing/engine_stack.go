package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// discount applies the rules: those of lines, then those of the whole.
func (e *Engine) discount(j *job) error {
	e.candidates(j)
	if len(j.cands) == 0 && !j.trace.on {
		return nil
	}
	if err := e.onBearer(j, OnLine, j.base); err != nil {
		return err
	}
	for i := range j.state {
		j.state[i].stopped = 0
	}
	return e.onBearer(j, OnOrder, j.val)
}

// onBearer applies the rules of one bearer.
func (e *Engine) onBearer(j *job, on Bearer, of []int64) error {
	for k := range j.cands {
		c := &j.cands[k]
		if c.rule.On != on || !c.rule.stood(j.b.Known) {
			continue // for its turn, or for good: what was not known is not told of either
		}
		m, ok, err := e.meets(j, c, of)
		if err != nil {
			return err
		}
		if c.met = ok; !ok {
			j.trace.unmet(c.rule, m)
		}
	}
	stacking := e.policy.Lines
	if on == OnOrder {
		stacking = e.policy.Orders
	}
	e.clashes(j, on, stacking)
	switch stacking.Mode {
	case BestFor:
		var all []*cand
		for k := range j.cands {
			if c := &j.cands[k]; c.rule.On == on && c.met {
				all = append(all, c)
			}
		}
		return e.stage(j, on, Compounded, all)
	case Lanes:
		return e.lanes(j, on, stacking.Across)
	}
	var one [1]*cand
	for k := range j.cands {
		if c := &j.cands[k]; c.rule.On == on && c.met {
			one[0] = c
			if err := e.stage(j, on, stacking.Mode, one[:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// lanes applies the best of each lane, lanes in the order of their first rule.
func (e *Engine) lanes(j *job, on Bearer, across StackMode) error {
	var order []string
	lanes := map[string][]*cand{}
	for k := range j.cands {
		c := &j.cands[k]
		if c.rule.On != on || !c.met {
			continue
		}
		lane := "lane " + c.rule.Lane
		if c.rule.Lane == "" {
			lane = "rule " + c.rule.Code
		}
		if lanes[lane] == nil {
			order = append(order, lane)
		}
		lanes[lane] = append(lanes[lane], c)
	}
	for _, lane := range order {
		if err := e.stage(j, on, across, lanes[lane]); err != nil {
			return err
		}
	}
	return nil
}

// closed returns 1 + the rule that keeps r from a line, 0 when none does.
func (j *job) closed(i int32, r *rule) int32 {
	s := &j.state[i]
	switch {
	case s.exclusive != 0:
		return s.exclusive
	case s.stopped != 0:
		return s.stopped
	case r.Exclusive && s.touched[0] != 0:
		return s.touched[0]
	case (r.Exclusive || j.exclusively(r.On)) && s.touched[r.On.index()] != 0:
		return s.touched[r.On.index()]
	}
	return 0
}

func (b Bearer) index() int {
	if b == OnLine {
		return 0
	}
	return 1
}

// exclusively reports whether every rule is exclusive among those of a bearer.
func (j *job) exclusively(on Bearer) bool {
	if on == OnLine {
		return j.e.policy.Lines.Mode == Exclusively
	}
	return j.e.policy.Orders.Mode == Exclusively
}

// stage lets rules compete; the best takes off what it gives. For lines that is
// decided line by line, for the whole once.
func (e *Engine) stage(j *job, on Bearer, mode StackMode, cs []*cand) error {
	if len(cs) == 1 {
		return e.apply(j, on, mode, cs[0])
	}
	if on == OnOrder {
		return e.bestOrder(j, mode, cs)
	}
	for i := range j.best {
		j.best[i], j.bestR[i] = 0, -1
	}
	tried := make([]competitor, 0, len(cs))
	for _, c := range cs {
		lines := e.accepting(j, c)
		if len(lines) == 0 {
			continue
		}
		t, err := e.take(j, c, lines, j.from(on, mode))
		if err != nil {
			return err
		}
		if err := j.bound(c, t.lines); err != nil {
			return err
		}
		x := competitor{c: c, lines: t.lines, next: t.next}
		for _, i := range t.lines {
			x.red = append(x.red, j.red[i])
			if j.red[i] > j.best[i] {
				j.best[i], j.bestR[i] = j.red[i], c.rule.at
			}
		}
		tried = append(tried, x)
	}
	for _, x := range tried {
		var won []int32
		for k, i := range x.lines {
			j.red[i] = x.red[k]
			if by := j.bestR[i]; by == x.c.rule.at {
				won = append(won, i)
			} else if by >= 0 {
				j.trace.line(beaten, x.c.rule, i, x.red[k], by+1)
			}
		}
		j.trace.next(x.c.rule, x.next)
		j.commit(x.c, won)
		if len(won) == 0 && allZero(x.red) {
			j.trace.unmet(x.c.rule, j.nothing(x.next))
		}
	}
	return nil
}

func allZero(v []int64) bool { return !slices.ContainsFunc(v, func(x int64) bool { return x != 0 }) }

// competitor is what one of several rules would take.
type competitor struct {
	c     *cand
	lines []int32
	red   []int64
	next  Missing
	total int64
}

// from is what a rule measures its effect on.
func (j *job) from(on Bearer, mode StackMode) []int64 {
	if mode != OffBase && mode != Additive {
		return j.val
	}
	if on == OnLine {
		return j.base
	}
	return j.orderBase()
}

// orderBase is what line rules left, kept when the first rule of the whole asks.
func (j *job) orderBase() []int64 {
	if len(j.wholes) != len(j.val) || len(j.given) == 0 {
		j.wholes = append(j.wholes[:0], j.val...)
	}
	return j.wholes
}

// accepting are the lines of a rule that it may still take from; the others are
// told as blocked.
func (e *Engine) accepting(j *job, c *cand) []int32 {
	lines := c.lines
	shared := true
	for k, i := range c.lines {
		by := j.closed(i, c.rule)
		if by == 0 {
			if !shared {
				lines = append(lines, i)
			}
			continue
		}
		j.trace.line(blocked, c.rule, i, 0, by)
		if shared {
			lines, shared = slices.Clone(c.lines[:k]), false
		}
	}
	return lines
}

// apply takes off what one rule gives.
func (e *Engine) apply(j *job, on Bearer, mode StackMode, c *cand) error {
	lines := e.accepting(j, c)
	if len(lines) == 0 && c.rule.Give.Item == nil {
		return nil
	}
	t, err := e.take(j, c, lines, j.from(on, mode))
	if err != nil {
		return err
	}
	if mode == Additive && !t.percent.IsZero() {
		if err := j.summed(t, j.from(on, mode)); err != nil {
			return err
		}
	}
	if on == OnOrder && !t.percent.IsZero() && mode != Additive {
		if err := j.wholePercent(t, j.from(on, mode)); err != nil {
			return err
		}
	}
	if err := j.bound(c, t.lines); err != nil {
		return err
	}
	if t.next.What != "" {
		j.trace.next(c.rule, t.next)
	}
	before := j.taken(t.lines)
	if before == 0 {
		j.trace.unmet(c.rule, j.nothing(t.next))
		return nil
	}
	if on == OnOrder {
		j.commitOrder(c, t.lines)
		return nil
	}
	j.commit(c, t.lines)
	return nil
}

// nothing is why a rule that is met takes nothing.
func (j *job) nothing(next Missing) Missing {
	if next.What != "" {
		return next
	}
	return Missing{What: LackEffect}
}

// taken sums what j.red takes off lines.
func (j *job) taken(lines []int32) int64 {
	var sum int64
	for _, i := range lines {
		sum += j.red[i]
	}
	return sum
}

// summed makes of a percentage what it adds to those taken before: of the sum
// the value is taken once, so that 20 % and 10 % are 30 %. The sum may pass 100 %:
// a rule before may have been held to its most.
func (j *job) summed(t taking, from []int64) error {
	for _, i := range t.lines {
		was, err := money.RateFromUnits(j.pct[i])
		if err != nil {
			return err
		}
		now, err := money.RateFromUnits(j.pct[i] + t.percent.Units())
		if err != nil {
			return err
		}
		a, err := j.off(from[i], was)
		if err != nil {
			return err
		}
		b, err := j.off(from[i], now)
		if err != nil {
			return err
		}
		j.red[i] = b - a
		j.pct[i] += t.percent.Units()
	}
	return nil
}

// wholePercent rounds a percentage of the whole once and shares it.
func (j *job) wholePercent(t taking, from []int64) error {
	var sum int64
	for _, i := range t.lines {
		var ok bool
		if sum, ok = addTicks(sum, from[i]); !ok {
			return money.ErrOverflow
		}
	}
	total, err := j.off(sum, t.percent)
	if err != nil {
		return err
	}
	_, err = j.pour(t.lines, total, from)
	return err
}

// bound keeps what a rule takes above every floor and below the rule's most,
// and reports what could not be placed.
func (j *job) bound(c *cand, lines []int32) error {
	var sum, cut int64
	for _, i := range lines {
		if over := j.red[i] - j.room(i); over > 0 {
			j.red[i] -= over
			cut += over
		}
		var ok bool
		if sum, ok = addTicks(sum, j.red[i]); !ok {
			return money.ErrOverflow
		}
	}
	if most := c.rule.Most; most != nil {
		limit, err := j.ticks(*most)
		if err != nil {
			return err
		}
		if sum > limit {
			cut += sum - limit
			weights := j.block()
			for _, i := range lines {
				weights[i] = j.red[i]
			}
			_, err = j.pour(lines, limit, weights)
			j.spare = append(j.spare, weights)
			if err != nil {
				return err
			}
		}
	}
	if cut > 0 {
		j.trace.capped(c.rule, cut)
	}
	return nil
}

// commit takes j.red off lines.
func (j *job) commit(c *cand, lines []int32) {
	r := c.rule
	by := r.at + 1
	for _, i := range lines {
		v := j.red[i]
		if v <= 0 {
			continue
		}
		j.val[i] -= v
		j.mark(i, r, by)
		j.trace.take(r, i, v)
	}
}

// mark notes that a rule applied to a line.
func (j *job) mark(i int32, r *rule, by int32) {
	s := &j.state[i]
	s.touched[r.On.index()] = by
	if r.Exclusive {
		s.exclusive = by
	}
	if r.Stop {
		s.stopped = by
	}
}

// commitOrder makes an allowance on the whole of j.red.
func (j *job) commitOrder(c *cand, lines []int32) {
	r := c.rule
	_ = j.orderBase() // before the first one changes it
	shares := j.block()
	for _, i := range lines {
		v := j.red[i]
		if v <= 0 {
			continue
		}
		shares[i] = v
		j.val[i] -= v
		j.mark(i, r, r.at+1)
		j.trace.take(r, i, v)
	}
	j.shares = append(j.shares, shares)
	j.given = append(j.given, given{code: r.Code, text: r.Text, rule: r.at})
}

// bestOrder gives the whole to the rule that takes most; of equal ones to the
// first by rank.
func (e *Engine) bestOrder(j *job, mode StackMode, cs []*cand) error {
	var best competitor
	var tried []competitor
	for _, c := range cs {
		lines := e.accepting(j, c)
		if len(lines) == 0 && c.rule.Give.Item == nil {
			continue
		}
		from := j.from(OnOrder, mode)
		t, err := e.take(j, c, lines, from)
		if err != nil {
			return err
		}
		if !t.percent.IsZero() {
			if err := j.wholePercent(t, from); err != nil {
				return err
			}
		}
		if err := j.bound(c, t.lines); err != nil {
			return err
		}
		x := competitor{c: c, lines: t.lines, next: t.next, total: j.taken(t.lines)}
		for _, i := range t.lines {
			x.red = append(x.red, j.red[i])
		}
		tried = append(tried, x)
		if x.total > best.total {
			best = x
		}
	}
	for _, x := range tried {
		switch {
		case x.total == 0:
			j.trace.unmet(x.c.rule, j.nothing(x.next))
		case x.c != best.c:
			j.trace.whole(beaten, x.c.rule, x.total, best.c.rule.at+1)
		}
	}
	if best.total == 0 {
		return nil
	}
	for k, i := range best.lines {
		j.red[i] = best.red[k]
	}
	j.commitOrder(best.c, best.lines)
	return nil
}
