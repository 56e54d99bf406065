package pricing

import "cmp"

type verdict uint8

const (
	applied verdict = iota
	beaten
	blocked
)

// trace records what rules did, compactly; an Explanation is made of it. What
// applied is recorded where steps, codes or charges ask for it, the rest only when
// it is on.
type trace struct {
	on     bool
	kept   bool // what applied
	takes  []act
	others []act
	misses []miss
	caps   []act
}

// act is one verdict on a rule, for a line or, below zero, for the whole.
type act struct {
	rule, line, by int32
	verdict        verdict
	ticks          int64
}

// miss is what a rule lacks; hint marks that of a rule that applied.
type miss struct {
	rule int32
	hint bool
	Missing
}

func (t *trace) begin(kept bool) {
	t.kept = kept
	t.takes, t.others, t.misses, t.caps = t.takes[:0], t.others[:0], t.misses[:0], t.caps[:0]
}

func (t *trace) take(r *rule, line int32, ticks int64) {
	if t.kept {
		t.takes = append(t.takes, act{rule: r.at, line: line, ticks: ticks})
	}
}

func (t *trace) line(v verdict, r *rule, line int32, ticks int64, by int32) {
	if t.on || r.When.Campaign != "" {
		t.others = append(t.others, act{rule: r.at, line: line, by: by, verdict: v, ticks: ticks})
	}
}

func (t *trace) whole(v verdict, r *rule, ticks int64, by int32) { t.line(v, r, -1, ticks, by) }

func (t *trace) unmet(r *rule, m Missing) {
	if t.on || r.When.Campaign != "" {
		m.Gives = cmp.Or(m.Gives, m.What.gives(&r.Give))
		t.misses = append(t.misses, miss{rule: r.at, Missing: m})
	}
}

func (t *trace) next(r *rule, m Missing) {
	if t.on && m.What != "" {
		t.misses = append(t.misses, miss{rule: r.at, hint: true, Missing: m})
	}
}

// The bounds that a rule is held to, as act.by.
const (
	byFloor = iota
	byMost
)

func (t *trace) capped(r *rule, by int32, ticks int64) {
	if t.on {
		t.caps = append(t.caps, act{rule: r.at, line: -1, by: by, ticks: ticks})
	}
}
