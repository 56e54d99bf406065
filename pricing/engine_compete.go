package pricing

// competitor is what one of several rules would take, by place in lines.
type competitor struct {
	c         *cand
	lines     []int32
	red, rate []int64
	next      Missing
	total     int64
}

// stage lets rules compete; the best takes off what it gives. For lines that is
// decided line by line, for the whole once.
func (e *Engine) stage(j *job, on Bearer, mode StackMode, cs []*cand) error {
	if len(cs) == 1 {
		return e.apply(j, on, mode, cs[0])
	}
	tried := make([]competitor, 0, len(cs))
	for _, c := range cs {
		t, any, err := e.offer(j, on, mode, c)
		if err != nil {
			return err
		}
		if !any {
			continue
		}
		x := competitor{c: c, lines: t.lines, next: t.next, total: j.taken(t.lines)}
		for _, i := range t.lines {
			x.red, x.rate = append(x.red, j.red[i]), append(x.rate, j.rate[i])
		}
		tried = append(tried, x)
	}
	if on == OnLine {
		j.bestOfLines(mode, tried)
	} else {
		j.bestOfWhole(mode, tried)
	}
	return nil
}

// restore puts what a competitor would take where offer has put it.
func (j *job) restore(x *competitor) {
	for k, i := range x.lines {
		j.red[i], j.rate[i] = x.red[k], x.rate[k]
	}
}

// yields reports whether a rule that gives as much as another goes before it,
// though it is later by rank: because it keeps fewer others from the goods.
func (r *rule) yields(o *rule) bool {
	if r.Priority != o.Priority {
		return false
	}
	if r.Exclusive != o.Exclusive {
		return !r.Exclusive
	}
	return !r.Stop && o.Stop
}

// before reports whether of competitors that take as much in all the one that is
// later by rank wins.
func (x *competitor) before(o *competitor) bool {
	a, b := x.c.rule, o.c.rule
	if a.Priority != b.Priority || a.Exclusive != b.Exclusive || a.Stop != b.Stop {
		return a.yields(b)
	}
	for k, m := 0, 0; k < len(x.lines) && m < len(o.lines); {
		switch {
		case x.lines[k] < o.lines[m]:
			if x.red[k] > 0 {
				return true
			}
			k++
		case x.lines[k] > o.lines[m]:
			if o.red[m] > 0 {
				return false
			}
			m++
		case x.red[k] != o.red[m]:
			return x.red[k] > o.red[m]
		default:
			k, m = k+1, m+1
		}
	}
	return false
}

// bestOfLines gives each line to the rule that takes most off it; of equal ones
// to that of the higher priority, then to one that closes the line to fewer
// others, then to the first by code.
func (j *job) bestOfLines(mode StackMode, tried []competitor) {
	for i := range j.best {
		j.best[i], j.bestR[i] = 0, -1
	}
	for _, x := range tried {
		for k, i := range x.lines {
			if at := j.bestR[i]; x.red[k] > j.best[i] || at >= 0 && x.red[k] == j.best[i] && x.c.rule.yields(j.e.rules[at]) {
				j.best[i], j.bestR[i] = x.red[k], x.c.rule.at
			}
		}
	}
	for n := range tried {
		x := &tried[n]
		j.restore(x)
		var won []int32
		for k, i := range x.lines {
			if by := j.bestR[i]; by == x.c.rule.at {
				won = append(won, i)
			} else if by >= 0 {
				j.trace.line(beaten, x.c.rule, i, x.red[k], by+1)
			}
		}
		j.trace.next(x.c.rule, x.next)
		j.count(won, mode)
		j.commit(x.c, won)
		if x.total == 0 {
			j.trace.unmet(x.c.rule, j.nothing(x.next))
		}
	}
}

// bestOfWhole gives the whole to the rule that takes most; of equal ones as
// bestOfLines does, but that one which takes more off the first lines goes before
// the first by code.
func (j *job) bestOfWhole(mode StackMode, tried []competitor) {
	var best *competitor
	for n := range tried {
		if x := &tried[n]; x.total > 0 && (best == nil || x.total > best.total || x.total == best.total && x.before(best)) {
			best = x
		}
	}
	for n := range tried {
		switch x := &tried[n]; {
		case x.total == 0:
			j.trace.unmet(x.c.rule, j.nothing(x.next))
		case x != best:
			j.trace.whole(beaten, x.c.rule, x.total, best.c.rule.at+1)
		}
	}
	if best == nil {
		return
	}
	j.restore(best)
	j.count(best.lines, mode)
	j.commitOrder(best.c, best.lines)
}
