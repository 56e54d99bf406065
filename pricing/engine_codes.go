package pricing

import "slices"

// codesOf says what became of the codes in use. Rules of one campaign share
// their fate: one that applied is enough.
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

// outcome looks up what became of one rule.
func (e *Engine) outcome(j *job, c *cand, o *CodeOutcome) {
	at := c.rule.at
	if slices.ContainsFunc(j.trace.takes, func(a act) bool { return a.rule == at }) {
		*o = CodeOutcome{UsedCode: o.UsedCode, Applied: true}
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
