package pricing

import (
	"cmp"
	"slices"
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
	clear(j.pct)
	j.wholes = append(j.wholes[:0], j.val...)
	return e.onBearer(j, OnOrder, j.wholes)
}

// onBearer applies the rules of one bearer.
func (e *Engine) onBearer(j *job, on Bearer, of []int64) error {
	for k := range j.cands {
		c := &j.cands[k]
		if c.rule.On != on || !e.stays[c.rule.at].stood(j.now) {
			continue // for its turn, or for good: what was not known is not told of either
		}
		m, ok, err := e.meets(j, c, of)
		if err != nil {
			return err
		}
		if c.met = ok; !ok {
			j.trace.unmet(c.rule, m)
		} else if j.held.rule == c.rule.at && j.held.steps == 0 {
			c.met = false
		}
	}
	stacking := e.policy.Lines
	if on == OnOrder {
		stacking = e.policy.Orders
	}
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
		return e.lanes(j, on, stacking)
	}
	for k := range j.cands {
		c := &j.cands[k]
		if c.rule.On != on || !c.met {
			continue
		}
		for n := k + 1; n < len(j.cands) && j.cands[n].rule.Priority == c.rule.Priority; n++ {
			if o := &j.cands[n]; o.rule.On == on && o.met {
				if err := e.clash(j, on, stacking, stacking.Mode, c, o); err != nil {
					return err
				}
			}
		}
		if err := e.apply(j, on, stacking.Mode, c); err != nil {
			return err
		}
	}
	return nil
}

// lane is the rules of one lane that are met.
type lane struct {
	name     string
	priority int
	cs       []*cand
}

// lanes applies the best of each lane, lanes in the order of the highest priority
// that a rule of each of them has at the time, met or not: what else is in the
// basket does not move a line. Lanes of equal priority clash where their order
// decides.
func (e *Engine) lanes(j *job, on Bearer, s Stacking) error {
	var lanes []lane
	for k := range j.cands {
		c := &j.cands[k]
		if c.rule.On != on || !c.met {
			continue
		}
		name := c.rule.Lane
		at := slices.IndexFunc(lanes, func(l lane) bool { return name != "" && l.name == name })
		if at < 0 {
			at = len(lanes)
			lanes = append(lanes, lane{name: name, priority: e.lanePriority(j, c.rule)})
		}
		lanes[at].cs = append(lanes[at].cs, c)
	}
	slices.SortStableFunc(lanes, func(a, b lane) int { return cmp.Compare(b.priority, a.priority) })
	for k, l := range lanes {
		for _, later := range lanes[k+1:] {
			if later.priority < l.priority {
				break
			}
			for _, c := range l.cs {
				for _, o := range later.cs {
					if err := e.clash(j, on, s, s.Across, c, o); err != nil {
						return err
					}
				}
			}
		}
		if err := e.stage(j, on, s.Across, l.cs); err != nil {
			return err
		}
	}
	return nil
}

// lanePriority is the highest that a rule of the lane of a rule has at the time.
func (e *Engine) lanePriority(j *job, r *rule) int {
	if t := e.lanesOf[laneKey{r.On, r.Lane}]; t != nil && r.Lane != "" {
		if at, ok := t.first(e.stays, j.now); ok {
			return e.rules[at].Priority
		}
	}
	return r.Priority // a rule without a lane is one of its own
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

// accepting are the lines of a rule that it may still take from; the others are
// told as blocked.
func (e *Engine) accepting(j *job, c *cand) []int32 {
	lines := c.lines
	if !j.shut && !c.rule.Exclusive && !j.exclusively(c.rule.On) {
		return lines
	}
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
