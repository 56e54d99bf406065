package pricing

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// Conflict is a pair of rules of equal rank that both take something off the
// same lines, where the figures depend on which goes first.
type Conflict struct {
	// Rules are the codes, in the order of their ranks.
	Rules []string `json:"rules"`
	// Lines are the lines that both take from.
	Lines []LineID `json:"lines"`
}

// String names both.
func (c Conflict) String() string {
	return fmt.Sprintf("%s and %s have equal rank on line %s", c.Rules[0], c.Rules[1], c.Lines[0])
}

// orderDecides reports whether the figures may depend on which of two rules of
// equal priority goes first.
func orderDecides(s Stacking, a, b *Rule) bool {
	switch s.Mode {
	case BestFor:
		return false
	case Exclusively:
		return true
	case Lanes:
		if a.Lane == b.Lane && a.Lane != "" {
			return false
		}
		return s.Across == Compounded || a.Exclusive || b.Exclusive || a.Stop || b.Stop
	case Compounded:
		return true
	}
	return a.Exclusive || b.Exclusive || a.Stop || b.Stop
}

// orderMayDecide is orderDecides for every basket: where discounts are summed,
// rules that look at lines together share what room others leave them.
func orderMayDecide(s Stacking, a, b *Rule) bool {
	return orderDecides(s, a, b) || s.summed(a, b) && (a.together() || b.together())
}

// summed reports whether each of two rules is measured on the same values,
// whichever goes first.
func (s Stacking) summed(a, b *Rule) bool {
	mode := s.Mode
	if mode == Lanes && (a.Lane != b.Lane || a.Lane == "") {
		mode = s.Across
	}
	return mode == OffBase || mode == Additive
}

// together reports whether what the rule takes off one line may hang on what
// another bears.
func (r *Rule) together() bool {
	g := &r.Give
	return r.On == OnOrder || r.Most != nil || g.Cheapest != nil || g.Amount != nil && g.Per == PerGoods || g.Tiers != nil && g.Tiers.Across
}

// clash notes a conflict of two rules that are met, of equal rank or of lanes of
// equal rank, and would both take something: on lines that both take from; where
// one of them looks at lines together, on those that it looks at and one of them
// takes from. Where discounts are summed there is none as long as both find room.
func (e *Engine) clash(j *job, on Bearer, s Stacking, mode StackMode, a, b *cand) error {
	if !orderMayDecide(s, a.rule.Rule, b.rule.Rule) {
		return nil
	}
	if a.rule.at > b.rule.at {
		a, b = b, a
	}
	told := j.trace
	defer func() { j.trace = told }()
	t, _, err := e.offer(j, on, mode, a)
	if err != nil {
		return err
	}
	given := j.taken(t.lines)
	takes := j.block()
	defer func() { j.spare = append(j.spare, takes) }()
	has := j.block()
	defer func() { j.spare = append(j.spare, has) }()
	for _, i := range t.lines {
		takes[i], has[i] = j.red[i], 1
	}
	if t, _, err = e.offer(j, on, mode, b); err != nil {
		return err
	}
	more := j.taken(t.lines)
	if given == 0 || more == 0 {
		return nil
	}
	var lines []LineID
	tight, whole := orderDecides(s, a.rule.Rule, b.rule.Rule), a.rule.together() || b.rule.together()
	tight = tight || j.atMost(a, given) || j.atMost(b, more) // what is cut is shared by what the other leaves
	for _, i := range t.lines {
		if takes[i] > 0 && j.red[i] > 0 || whole && has[i] != 0 && takes[i]+j.red[i] > 0 {
			lines = append(lines, j.b.Lines[i].ID)
			tight = tight || takes[i] > j.room(i)-j.red[i]
		}
	}
	if tight && len(lines) > 0 {
		j.clash = append(j.clash, Conflict{Rules: []string{a.rule.Code, b.rule.Code}, Lines: lines})
	}
	return nil
}

// atMost reports whether a rule takes the most that it may.
func (j *job) atMost(c *cand, taken int64) bool {
	if c.rule.Most == nil {
		return false
	}
	most, err := j.ticks(*c.rule.Most)
	return err == nil && taken >= most
}

// conflicts refuses or reports what clashes has noted.
func (j *job) conflicts() error {
	if len(j.clash) == 0 {
		return nil
	}
	if j.e.policy.Conflicts == ReportConflicts {
		j.q.Conflicts = j.clash
		return nil
	}
	var is fault.Issues
	for _, c := range j.clash {
		for i := range j.b.Lines {
			if j.b.Lines[i].ID == c.Lines[0] {
				is.Add(linePath(i), issueAmbiguous, "rules %s and %s of equal priority fit", c.Rules[0], c.Rules[1])
				break
			}
		}
	}
	return is.Err(ErrConflict)
}
