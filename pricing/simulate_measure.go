package pricing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// taken is what one rule took off a quote, or one charge put on it, net and in
// minor units.
type taken struct {
	ruleKey
	net int64
}

// ruleKey names a rule or a charge.
type ruleKey struct {
	code   string
	charge bool
}

// measure prices a basket for its figures alone, and adds to dst what each rule
// took. What rules took off a line is shared by what they took as stated, so
// that the parts sum to the line's discount.
func (e *Engine) measure(ctx context.Context, b Basket, dst []taken) (Quote, []taken, error) {
	j := e.pool.Get().(*job)
	var failed error
	j.bare = true
	n := len(dst)
	j.then = func() { dst, failed = e.took(j, dst[:n]) } // once per pass: the last one counts
	q, err := e.quote(ctx, j, b)
	j.bare, j.then = false, nil
	e.pool.Put(j)
	if err == nil && failed != nil {
		err = overflow(failed)
	}
	return q, dst, err
}

func (e *Engine) took(j *job, dst []taken) ([]taken, error) {
	var acts []act
	for _, a := range j.trace.takes {
		if e.rules[a.rule].On == OnLine {
			acts = append(acts, a)
		}
	}
	slices.SortStableFunc(acts, func(a, b act) int { return int(a.line) - int(b.line) })
	for len(acts) > 0 {
		i, n := acts[0].line, 1
		for n < len(acts) && acts[n].line == i {
			n++
		}
		weights, parts := make([]int64, n), make([]int64, n, 2*n)
		for k := range weights {
			weights[k] = acts[k].ticks
		}
		if err := money.LargestRemainder.SplitInto(parts, j.q.Lines[i].Discount.Minor(), weights); err != nil {
			return dst, err
		}
		for k, part := range parts {
			dst = append(dst, taken{ruleKey{code: e.rules[acts[k].rule].Code}, part})
		}
		acts = acts[n:]
	}
	for k := range j.given {
		a := &j.q.Adjustments[k]
		t := taken{ruleKey{a.Code, j.given[k].rule < 0}, a.Amount.Minor()}
		if !t.charge {
			t.net = -t.net
		}
		dst = append(dst, t)
	}
	return dst, nil
}

// less returns the facts that a asks for and b does not.
func (a Asks) less(b Asks) Asks {
	out := Asks{First: a.First && !b.First, Attended: a.Attended && !b.Attended}
	for _, w := range a.Windows {
		if !slices.Contains(b.Windows, w) {
			out.Windows = append(out.Windows, w)
		}
	}
	return out
}
