package fsm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fsm"
)

var (
	benchRoles = []tRole{center}
	benchFacts = &tFacts{Report: true, Center: true}
	sink       tState
)

// benchDefinition is the ticket table with its facts behind a pointer, as an
// aggregate would pass them: the measure is the decision, not a copy of facts.
func benchDefinition() fsm.Definition[tState, tTrigger, tRole, *tFacts] {
	def := ticketDefinition()
	p := fsm.Definition[tState, tTrigger, tRole, *tFacts]{
		Name: def.Name, States: def.States, Initial: def.Initial, Final: def.Final, Roles: def.Roles, Open: def.Open, Rows: def.Rows,
	}
	for _, g := range def.Guards {
		p.Guards = append(p.Guards, fsm.Guard[*tFacts]{Name: g.Name, Doc: g.Doc, Check: benchCheck(g)})
	}
	return p
}

// benchCheck asks the two facts that the benchmarks fire directly. Telling two
// rows apart means that one guard fails: its answer is kept, not built.
func benchCheck(g fsm.Guard[tFacts]) func(*tFacts) []fsm.Problem {
	fails := g.Check(tFacts{OpenParts: g.Name == "none open", Future: g.Name == "no future appointment"})
	answer := func(holds bool) []fsm.Problem {
		if holds {
			return nil
		}
		return fails
	}
	switch g.Name {
	case "report complete":
		return func(f *tFacts) []fsm.Problem { return answer(f.Report) }
	case "none open":
		return func(f *tFacts) []fsm.Problem { return answer(!f.OpenParts) }
	case "future appointment":
		return func(f *tFacts) []fsm.Problem { return answer(f.Future) }
	case "no future appointment":
		return func(f *tFacts) []fsm.Problem { return answer(!f.Future) }
	}
	return func(f *tFacts) []fsm.Problem { return g.Check(*f) }
}

// BenchmarkNext is one successful decision: three names looked up, one guard
// asked.
func BenchmarkNext(b *testing.B) {
	table := fsm.MustNew(benchDefinition())
	b.ReportAllocs()
	for b.Loop() {
		step, err := table.Next(confirmed, "close", benchRoles, benchFacts)
		if err != nil {
			b.Fatal(err)
		}
		sink = step.To
	}
}

// BenchmarkNextTwoRows is a decision between two rows of one pair.
func BenchmarkNextTwoRows(b *testing.B) {
	table := fsm.MustNew(benchDefinition())
	b.ReportAllocs()
	for b.Loop() {
		step, err := table.Next(awaiting, "parts_received", benchRoles, benchFacts)
		if err != nil {
			b.Fatal(err)
		}
		sink = step.To
	}
}

// BenchmarkMap is the same decision by Go maps.
func BenchmarkMap(b *testing.B) {
	type pair struct {
		from tState
		on   tTrigger
	}
	type entry struct {
		to     tState
		who    map[tRole]bool
		guards []func(*tFacts) []fsm.Problem
	}
	def := benchDefinition()
	guards := map[string]func(*tFacts) []fsm.Problem{}
	for _, g := range def.Guards {
		guards[g.Name] = g.Check
	}
	table := map[pair]entry{}
	for _, r := range def.Rows {
		e := entry{to: r.To, who: map[tRole]bool{}}
		for _, w := range r.Who {
			e.who[w] = true
		}
		for _, g := range r.Guards {
			e.guards = append(e.guards, guards[g])
		}
		table[pair{r.From, r.On}] = e
	}
	next := func(from tState, on tTrigger, who []tRole, f *tFacts) (tState, bool) {
		e, ok := table[pair{from, on}]
		if !ok {
			return "", false
		}
		for _, w := range who {
			if e.who[w] {
				for _, g := range e.guards {
					if len(g(f)) > 0 {
						return "", false
					}
				}
				return e.to, true
			}
		}
		return "", false
	}
	b.ReportAllocs()
	for b.Loop() {
		to, ok := next(confirmed, "close", benchRoles, benchFacts)
		if !ok {
			b.Fatal("refused")
		}
		sink = to
	}
}

// BenchmarkSwitch is the raw limit: the row written out by hand.
func BenchmarkSwitch(b *testing.B) {
	next := func(from tState, on tTrigger, who []tRole, f *tFacts) (tState, bool) {
		switch from {
		case toAssign:
			if on == "assign" && holds(who, operator, admin) && f.Center {
				return toContact, true
			}
		case confirmed:
			switch on {
			case "close":
				if holds(who, center) && f.Report {
					return closed, true
				}
			case "contact":
				if holds(who, operator, admin, center) && f.Appointment {
					return confirmed, true
				}
			}
		case closed:
			if on == "verify" && holds(who, operator, admin) && f.Amounts {
				return verified, true
			}
		}
		return "", false
	}
	b.ReportAllocs()
	for b.Loop() {
		to, ok := next(confirmed, "close", benchRoles, benchFacts)
		if !ok {
			b.Fatal("refused")
		}
		sink = to
	}
}

func holds(who []tRole, wanted ...tRole) bool {
	for _, w := range who {
		for _, x := range wanted {
			if w == x {
				return true
			}
		}
	}
	return false
}

func TestNextAllocatesNothing(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	require.Zero(t, testing.AllocsPerRun(100, func() {
		step, err := table.Next(confirmed, "close", []tRole{operator, center}, tFacts{Report: true})
		if err != nil {
			panic(err)
		}
		sink = step.To
	}))
}
