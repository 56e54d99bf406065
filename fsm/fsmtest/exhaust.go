package fsmtest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/comptoir-go/comptoir/fsm"
)

// Spec says what Exhaust walks beside the table.
type Spec[R ~string, F any] struct {
	// Facts is the finite list of facts that the guards are asked about; see
	// Product. Empty: one zero F.
	Facts []F
	// Together lists sets of roles that one actor may hold at once. Each role
	// alone is always walked.
	Together [][]R
	// MaxCases bounds the walk; a larger product is a failure, never a sample.
	// Default: 5 million cases, a few seconds.
	MaxCases int
}

// Figures counts what Exhaust found.
type Figures struct {
	States, Triggers, Roles, Rows int
	// Pairs is states × triggers; LegalPairs those that succeeded for some
	// role and facts.
	Pairs, LegalPairs int
	// Triples is states × triggers × roles; LegalTriples those that succeeded
	// for some facts, each role acting alone.
	Triples, LegalTriples int
	// Cases is the number of decisions asked for, openings included.
	Cases int
}

// Exhaust asks the table about every state × trigger × role × facts, and about
// the opening rows, and fails t for each of these findings:
//
//   - overlap: two rows fire at once
//   - a row that never fires, a guard that never holds or never fails
//   - a state that no firing row reaches, or that none leaves and that is not
//     final, or from which no final state can be reached (in a table that has
//     final states)
//   - a decision of Next or Open that is not what rows and guards say, or that
//     Allowed contradicts: a guard whose answer is not the same every time
func Exhaust[S, T, R ~string, F any](t testing.TB, table *fsm.Table[S, T, R, F], spec Spec[R, F]) Figures {
	t.Helper()
	w := newWalk(table, spec)
	limit := spec.MaxCases
	if limit <= 0 {
		limit = 5_000_000
	}
	if n := w.size(); n > limit {
		t.Errorf("%s: %d cases, more than the %d allowed: give fewer facts or a larger MaxCases", table.Name(), n, limit)
		return Figures{}
	}
	w.guards()
	w.openings()
	for _, from := range w.states {
		w.state(from)
	}
	w.exercised()
	w.graph()
	w.report(t)
	return w.figures
}

// walk is one run of Exhaust.
type walk[S, T, R ~string, F any] struct {
	findings
	table   *fsm.Table[S, T, R, F]
	states  []S
	on      []T
	rows    []fsm.Row[S, T, R]
	opens   []fsm.Row[S, T, R]
	facts   []F
	actors  [][]R // the first len(Roles) hold one role each
	single  int
	holds   map[string][]bool // guard → facts
	fired   []bool
	opened  []bool
	figures Figures
}

func newWalk[S, T, R ~string, F any](table *fsm.Table[S, T, R, F], spec Spec[R, F]) *walk[S, T, R, F] {
	w := &walk[S, T, R, F]{
		table: table, states: table.States(), on: table.Triggers(), rows: table.Rows(), opens: table.Openings(),
		facts: spec.Facts, holds: map[string][]bool{},
	}
	if len(w.facts) == 0 {
		w.facts = make([]F, 1)
	}
	for _, r := range table.Roles() {
		w.actors = append(w.actors, []R{r.Name})
	}
	w.single = len(w.actors)
	w.actors = append(w.actors, spec.Together...)
	w.fired, w.opened = make([]bool, len(w.rows)), make([]bool, len(w.opens))
	w.figures = Figures{
		States: len(w.states), Triggers: len(w.on), Roles: w.single, Rows: len(w.rows),
		Pairs: len(w.states) * len(w.on), Triples: len(w.states) * len(w.on) * w.single,
	}
	return w
}

func (w *walk[S, T, R, F]) size() int {
	pairs := len(w.states)*len(w.on) + len(w.openingTriggers())
	return pairs * len(w.actors) * len(w.facts)
}

// guards asks every guard about all facts once and keeps the answers.
func (w *walk[S, T, R, F]) guards() {
	for _, g := range w.table.Guards() {
		answers := make([]bool, len(w.facts))
		for i, f := range w.facts {
			answers[i] = len(g.Check(f)) == 0
		}
		w.holds[g.Name] = answers
		if !slices.Contains(answers, true) {
			w.find("guard %q never holds under the given facts", g.Name)
		}
		if !slices.Contains(answers, false) {
			w.find("guard %q never fails under the given facts", g.Name)
		}
	}
}

// openings asks Open about every trigger × actor × facts.
func (w *walk[S, T, R, F]) openings() {
	for _, on := range w.openingTriggers() {
		pair := indexes(w.opens, func(r fsm.Row[S, T, R]) bool { return r.On == on })
		for _, who := range w.actors {
			for i := range w.facts {
				w.figures.Cases++
				step, err := w.table.Open(on, who, w.facts[i])
				w.judge("", on, who, i, w.opens, pair, w.opened, step, err)
			}
		}
	}
}

func (w *walk[S, T, R, F]) openingTriggers() []T {
	var out []T
	for _, r := range w.opens {
		if !slices.Contains(out, r.On) {
			out = append(out, r.On)
		}
	}
	return out
}

// state asks Next about every trigger × actor × facts in one state, and
// compares Allowed with the answers.
func (w *walk[S, T, R, F]) state(from S) {
	pairs := make([][]int, len(w.on))
	for k, on := range w.on {
		pairs[k] = indexes(w.rows, func(r fsm.Row[S, T, R]) bool { return r.From == from && r.On == on })
	}
	legal := make([]bool, len(w.on))
	for a, who := range w.actors {
		legalAlone := make([]bool, len(w.on))
		for i := range w.facts {
			var ready, offered []T
			for k, on := range w.on {
				w.figures.Cases++
				step, err := w.table.Next(from, on, who, w.facts[i])
				w.judge(from, on, who, i, w.rows, pairs[k], w.fired, step, err)
				if err == nil {
					ready = append(ready, on)
					legal[k], legalAlone[k] = true, true
				}
			}
			for _, o := range w.table.Allowed(from, who, w.facts[i]) {
				if o.Ready {
					offered = append(offered, o.On)
				}
			}
			if !slices.Equal(ready, offered) {
				w.findOnce(fmt.Sprint("allowed", from), "in %s for %v, Allowed offers %v, but Next lets pass %v, with facts %+v",
					from, who, offered, ready, w.facts[i])
			}
		}
		if a < w.single {
			w.figures.LegalTriples += count(legalAlone)
		}
	}
	w.figures.LegalPairs += count(legal)
}

// judge compares one decision with what the rows of the pair and the kept
// answers of the guards say.
func (w *walk[S, T, R, F]) judge(from S, on T, who []R, facts int, rows []fsm.Row[S, T, R], pair []int, fired []bool,
	step fsm.Step[S], err error) {
	forRole, fires := false, -1
	for _, at := range pair {
		if !shares(rows[at].Who, who) {
			continue
		}
		forRole = true
		if !w.passes(rows[at], facts) {
			continue
		}
		if fires >= 0 {
			w.findOnce(fmt.Sprint("overlap", fires, at, from), "overlap: %s in %s fires %s and %s for %v with facts %+v",
				on, orOpening(from), rows[fires].To, rows[at].To, who, w.facts[facts])
			return
		}
		fires = at
	}
	var want error
	switch {
	case fires >= 0:
		fired[fires] = true
		base := 0
		if from == "" {
			base = len(w.rows)
		}
		if err == nil && step.To == rows[fires].To && step.Row == base+fires {
			return
		}
	case len(pair) == 0:
		want = fsm.ErrIllegalTransition
	case !forRole:
		want = fsm.ErrForbidden
	default:
		want = fsm.ErrGuard
	}
	if want == nil || !errors.Is(err, want) {
		w.findOnce(fmt.Sprint("decision", from, on), "%s in %s for %v with facts %+v: the rows say %v, the decision is %+v, %v",
			on, orOpening(from), who, w.facts[facts], want, step, err)
	}
}

func (w *walk[S, T, R, F]) passes(r fsm.Row[S, T, R], facts int) bool {
	return !slices.ContainsFunc(r.Guards, func(name string) bool { return !w.holds[name][facts] })
}
