package pricing

import (
	"fmt"

	"github.com/comptoir-go/comptoir/fault"
)

// Conflict is a pair of rules of equal rank that fit the same goods, where the
// figures depend on which goes first.
type Conflict struct {
	// Rules are the codes, in the order in which they were applied.
	Rules []string `json:"rules"`
	// Lines are the lines that both fit.
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

// clashes notes conflicts among the candidates of a bearer that are met.
func (e *Engine) clashes(j *job, on Bearer, s Stacking) {
	for k := range j.cands {
		a := &j.cands[k]
		if a.rule.On != on || !a.met {
			continue
		}
		for n := k + 1; n < len(j.cands) && j.cands[n].rule.Priority == a.rule.Priority; n++ {
			b := &j.cands[n]
			if b.rule.On != on || !b.met || !orderDecides(s, a.rule.Rule, b.rule.Rule) {
				continue
			}
			var lines []LineID
			for _, i := range bearing(j, a) {
				for _, m := range bearing(j, b) {
					if i == m {
						lines = append(lines, j.b.Lines[i].ID)
					}
				}
			}
			if len(lines) > 0 {
				j.clash = append(j.clash, Conflict{Rules: []string{a.rule.Code, b.rule.Code}, Lines: lines})
			}
		}
	}
}

// bearing are the lines that a rule would take from.
func bearing(j *job, c *cand) []int32 {
	item := c.rule.Give.Item
	if item == nil {
		return c.lines
	}
	var out []int32
	for i := range j.b.Lines {
		if j.b.Lines[i].Product == item.Product {
			out = append(out, int32(i))
		}
	}
	return out
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
