package pricing

import "github.com/comptoir-go/comptoir/money"

// offer computes what a rule would take off the lines that it may still take
// from, in j.red and within floors and its most; false when there are none.
func (e *Engine) offer(j *job, on Bearer, mode StackMode, c *cand) (t taking, any bool, err error) {
	j.unplaced = 0
	lines := e.accepting(j, c)
	if len(lines) == 0 && c.rule.Give.Item == nil {
		return t, false, nil
	}
	from := j.from(on, mode)
	if t, err = e.take(j, c, lines, from); err != nil {
		return t, true, err
	}
	if on == OnLine {
		err = j.linePercents(t.lines, from)
	} else {
		err = j.wholePercents(t.lines, from)
	}
	if err != nil {
		return t, true, err
	}
	return t, true, j.bound(c, t.lines)
}

// from is what a rule measures its effect on.
func (j *job) from(on Bearer, mode StackMode) []int64 {
	switch {
	case mode != OffBase && mode != Additive:
		return j.val
	case on == OnLine:
		return j.base
	}
	return j.wholes
}

// apply takes off what one rule gives. Percents that rounding leaves nothing of
// still count towards those that are summed, unless a code asked for them.
func (e *Engine) apply(j *job, on Bearer, mode StackMode, c *cand) error {
	t, any, err := e.offer(j, on, mode, c)
	if err != nil || !any {
		return err
	}
	j.trace.next(c.rule, t.next)
	taken := j.taken(t.lines)
	if taken != 0 || c.rule.When.Campaign == "" {
		j.count(t.lines, mode)
	}
	switch {
	case taken == 0:
		j.trace.unmet(c.rule, j.nothing(t.next))
	case on == OnOrder:
		j.commitOrder(c, t.lines)
	default:
		j.commit(c, t.lines)
	}
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

// bound keeps what a rule takes above every floor and below the rule's most,
// and reports what could not be placed.
func (j *job) bound(c *cand, lines []int32) error {
	sum, floored := int64(0), j.unplaced
	for _, i := range lines {
		if over := j.red[i] - j.room(i); over > 0 {
			j.red[i] -= over
			floored += over
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
			j.trace.capped(c.rule, byMost, sum-limit)
			weights := j.block()
			for _, i := range lines {
				weights[i] = j.red[i]
			}
			err = j.pour(lines, limit, weights)
			j.spare = append(j.spare, weights)
			if err != nil {
				return err
			}
		}
	}
	if floored > 0 {
		j.trace.capped(c.rule, byFloor, floored)
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
		s.exclusive, j.shut = by, true
	}
	if r.Stop {
		s.stopped, j.shut = by, true
	}
}

// commitOrder makes an allowance on the whole of j.red.
func (j *job) commitOrder(c *cand, lines []int32) {
	r := c.rule
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
