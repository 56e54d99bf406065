package pricing

import "slices"

// codesOf says what became of the codes in use. Rules of one campaign share
// their fate: one that applied is enough. What rounding left nothing of has not
// applied.
func (e *Engine) codesOf(j *job) []CodeOutcome {
	if len(j.b.Codes) == 0 {
		return nil
	}
	out := make([]CodeOutcome, len(j.b.Codes))
	for k, u := range j.b.Codes {
		out[k] = CodeOutcome{UsedCode: u, Reason: NoRule}
		if at := slices.IndexFunc(j.b.Codes[:k], func(x UsedCode) bool { return x.Campaign == u.Campaign }); at >= 0 {
			out[k].Reason, out[k].By = CodeBeaten, j.b.Codes[at].Code // one code of a campaign is enough
			continue
		}
		if slices.Contains(j.unused, u.Campaign) {
			out[k].Reason, out[k].Missing = ConditionNotMet, &Missing{What: LackEffect}
			continue
		}
		for n := range j.cands {
			c := &j.cands[n]
			if c.rule.When.Campaign != u.Campaign || out[k].Applied {
				continue
			}
			e.outcome(j, c, &out[k])
		}
		e.chargeOutcome(j, &out[k])
	}
	return out
}

// doubt are the campaigns that took something and of which it is not known yet that
// this moves what is to be paid; those of which no code applied come first, and of
// each the last that was entered.
func (e *Engine) doubt(j *job) []string {
	var idle, felt []string
	for _, o := range slices.Backward(j.q.Codes) {
		took := func(a act) bool { return e.rules[a.rule].When.Campaign == o.Campaign }
		switch {
		case slices.Contains(j.used, o.Campaign) || slices.Contains(felt, o.Campaign):
		case applies(j.q.Codes, o.Campaign):
			felt = append(felt, o.Campaign)
		case slices.ContainsFunc(j.trace.takes, took):
			idle = append(idle, o.Campaign)
		}
	}
	return append(idle, felt...)
}

// applies reports whether a code of a campaign applied.
func applies(codes []CodeOutcome, campaign string) bool {
	return slices.ContainsFunc(codes, func(o CodeOutcome) bool { return o.Campaign == campaign && o.Applied })
}

// outcome looks up what became of one rule.
func (e *Engine) outcome(j *job, c *cand, o *CodeOutcome) {
	at := c.rule.at
	if slices.ContainsFunc(j.trace.takes, func(a act) bool { return a.rule == at }) {
		*o = CodeOutcome{UsedCode: o.UsedCode, Applied: j.feels(c.rule)}
		if !o.Applied {
			o.Reason, o.Missing = ConditionNotMet, &Missing{What: LackEffect}
		}
		return
	}
	for _, a := range j.trace.others {
		if a.rule == at {
			o.Reason, o.By = CodeBeaten, e.rules[a.by-1].Code
			if a.verdict == blocked {
				o.Reason = CodeBlocked
			}
			return
		}
	}
	for _, m := range j.trace.misses {
		if m.rule != at || m.hint {
			continue
		}
		lack := m.Missing
		if lack.What == LackTime {
			return // it is as if there were no rule now
		}
		o.Reason, o.Missing = ConditionNotMet, &lack
		switch lack.What {
		case LackAmount, LackBasket, LackQuantity:
			o.Reason = MinimumNotReached
		case LackGoods:
			o.Reason = NoLineInScope
		}
		return
	}
}

// moved reports whether the stage that raise has made moves what is to be paid: a
// stated sum, or of goods that leave free of tax a net.
func (j *job) moved(net []int64) bool {
	for k := range j.cells {
		c := &j.cells[k]
		if !c.untaxed(j) {
			if c.grown != 0 {
				return true
			}
			continue
		}
		for _, i := range j.linesOf(c) {
			if net[i] != 0 {
				return true
			}
		}
	}
	return false
}

// untaxed reports whether prices stated gross contain a tax that is not due.
func (c *cell) untaxed(j *job) bool { return c.side == grossStated && j.groups[c.group].untaxed() }

// feels reports whether anything is left, after rounding, of what a rule took: of
// one on lines, whether their sums are others with it than without. It looks at
// each rule alone, and before what is taken off the whole: quote tries the codes.
func (j *job) feels(r *rule) bool {
	if slices.Contains(j.used, r.When.Campaign) {
		return true
	}
	if r.On == OnOrder {
		return slices.Contains(j.felt, r.at)
	}
	for k := range j.cells {
		j.cells[k].more = 0
	}
	for _, a := range j.trace.takes {
		if a.rule == r.at {
			j.cells[j.cellOf[a.line]].more += a.ticks
		}
	}
	var with, without [2]int64 // at the precise level, by how they are stated
	for k := range j.cells {
		c := &j.cells[k]
		v, err := j.minor(c.ticks + c.more)
		switch {
		case err != nil:
			return true
		case c.untaxed(j):
			net, err := netOf(j.ticked(v), j.groups[c.group].home, j.e.policy.Rounding)
			if err != nil || c.more > 0 && net.Minor() != c.net {
				return true
			}
		case j.e.policy.Level == RoundPrecise:
			with[c.side], without[c.side] = with[c.side]+c.ticks, without[c.side]+c.ticks+c.more
		case v != c.stated:
			return true
		}
	}
	for side := range with {
		v, err := j.minor(with[side])
		w, err2 := j.minor(without[side])
		if err != nil || err2 != nil || v != w {
			return true
		}
	}
	return false
}
