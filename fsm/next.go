package fsm

import (
	"cmp"
	"slices"
)

// Next decides what a trigger does: to a thing in state from, fired by an
// actor with the roles who, under the facts. It looks at the table, then the
// roles, then the guards, and the first that objects answers. Roles the table
// does not know are passed over. A step that fires costs no allocation.
//
// Errors: *IllegalTransition, *RoleError, *GuardError, *Ambiguous.
func (t *Table[S, T, R, F]) Next(from S, on T, who []R, facts F) (Step[S], error) {
	c := t.cell(from, on)
	if c == nil || len(c.rows) == 0 {
		return Step[S]{}, t.illegal(from, on)
	}
	mask, fires, hits := t.mask(who), 0, 0
	for i := range c.rows {
		if l := &c.rows[i]; l.who&mask != 0 && l.holds(facts) {
			fires, hits = i, hits+1
		}
	}
	if hits == 1 {
		return c.rows[fires].step, nil
	}
	return t.weigh(c, from, on, mask, facts)
}

// Open decides how a life begins: the opening row of a trigger. It works as
// Next does; a table without opening rows refuses every trigger.
//
// Errors: *IllegalTransition, *RoleError, *GuardError, *Ambiguous, each with
// an empty From.
func (t *Table[S, T, R, F]) Open(on T, who []R, facts F) (Step[S], error) {
	at := t.opens.find(string(on))
	if at < 0 {
		return Step[S]{}, &IllegalTransition{On: string(on), Allowed: texts(t.openings)}
	}
	return t.weigh(&t.birth[at], "", on, t.mask(who), facts)
}

// Allowed lists what an actor with the roles who could fire in state from: one
// option for each trigger that has a row for one of the roles, in declared
// order, with the reasons where it is not ready. Empty for a final or unknown
// state, never nil, so that it is a list in JSON.
func (t *Table[S, T, R, F]) Allowed(from S, who []R, facts F) []Option[S, T] {
	out, mask := []Option[S, T]{}, t.mask(who)
	for _, on := range t.triggers {
		c := t.cell(from, on)
		if c == nil {
			break
		}
		fires, near, why := c.judge(mask, facts)
		switch {
		case near == nil:
		case len(fires) > 1:
			out = append(out, Option[S, T]{On: on, To: near.step.To, Why: ambiguous(from, on, fires).problems()})
		default:
			out = append(out, Option[S, T]{On: on, To: near.step.To, Ready: len(fires) == 1, Why: why})
		}
	}
	return out
}

// weigh takes the long way: every row of the pair, and every reason.
func (t *Table[S, T, R, F]) weigh(c *cell[S, F], from S, on T, mask uint64, facts F) (Step[S], error) {
	fires, near, why := c.judge(mask, facts)
	switch {
	case near == nil:
		return Step[S]{}, &RoleError{From: string(from), On: string(on), Needs: t.needs(c)}
	case len(fires) > 1:
		return Step[S]{}, ambiguous(from, on, fires)
	case len(fires) == 0:
		return Step[S]{}, &GuardError{From: string(from), On: string(on), Problems: why}
	}
	return fires[0].step, nil
}

// judge returns the rows that fire, and the nearest row for the roles: the one
// that fires or the one with the fewest failing guards, and its problems. Near
// is nil when no row is for the roles.
func (c *cell[S, F]) judge(mask uint64, facts F) (fires []*line[S, F], near *line[S, F], why []Problem) {
	least := 0
	for i := range c.rows {
		l := &c.rows[i]
		if l.who&mask == 0 {
			continue
		}
		failing, problems := l.problems(facts)
		if failing == 0 {
			fires = append(fires, l)
		}
		if near == nil || failing < least {
			near, least, why = l, failing, problems
		}
	}
	return fires, near, why
}

func (l *line[S, F]) holds(facts F) bool {
	for _, check := range l.guards {
		if len(check(facts)) > 0 {
			return false
		}
	}
	return true
}

func (l *line[S, F]) problems(facts F) (failing int, all []Problem) {
	for _, check := range l.guards {
		if p := check(facts); len(p) > 0 {
			failing++
			all = append(all, p...)
		}
	}
	slices.SortFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return failing, slices.Compact(all)
}

func (t *Table[S, T, R, F]) cell(from S, on T) *cell[S, F] {
	s, f := t.states.find(string(from)), t.fires.find(string(on))
	if s < 0 || f < 0 {
		return nil
	}
	return &t.cells[s*len(t.triggers)+f]
}

func (t *Table[S, T, R, F]) mask(who []R) (m uint64) {
	for _, r := range who {
		// An unknown role is -1, and a shift by so much leaves nothing.
		m |= 1 << uint(t.roles.find(string(r)))
	}
	return m
}

func (t *Table[S, T, R, F]) illegal(from S, on T) error {
	e := &IllegalTransition{From: string(from), On: string(on)}
	for _, f := range t.triggers {
		if c := t.cell(from, f); c != nil && len(c.rows) > 0 {
			e.Allowed = append(e.Allowed, string(f))
		}
	}
	return e
}

func (t *Table[S, T, R, F]) needs(c *cell[S, F]) (out []string) {
	var mask uint64
	for i := range c.rows {
		mask |= c.rows[i].who
	}
	for i, r := range t.def.Roles {
		if mask&(1<<i) != 0 {
			out = append(out, string(r.Name))
		}
	}
	return out
}

func ambiguous[S, T ~string, F any](from S, on T, fires []*line[S, F]) *Ambiguous {
	e := &Ambiguous{From: string(from), On: string(on)}
	for _, l := range fires {
		e.To = append(e.To, string(l.step.To))
	}
	return e
}

func (e *Ambiguous) problems() []Problem {
	return []Problem{{Path: e.On, Code: e.FaultCode(), Message: "more than one transition fits"}}
}
