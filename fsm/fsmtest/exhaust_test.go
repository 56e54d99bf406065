package fsmtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
)

// recorder is a testing.TB that keeps what would fail the test.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

type (
	facts struct{ A, B bool }
	row   = fsm.Row[string, string, string]
	def   = fsm.Definition[string, string, string, facts]
	spec  = fsmtest.Spec[string, facts]
)

func guard(name string, holds func(facts) bool) fsm.Guard[facts] {
	return fsm.Guard[facts]{Name: name, Check: func(f facts) []fsm.Problem {
		if holds(f) {
			return nil
		}
		return []fsm.Problem{{Path: name, Code: name}}
	}}
}

func both() []facts {
	return fsmtest.Product(facts{},
		fsmtest.Bool(func(f *facts, v bool) { f.A = v }),
		fsmtest.Bool(func(f *facts, v bool) { f.B = v }))
}

// lamp is a sound table: it burns, is switched off and on, and breaks.
func lamp() def {
	who := []string{"user"}
	return def{
		Name: "lamp", States: []string{"on", "off", "broken"}, Initial: "off", Final: []string{"broken"},
		Roles: []fsm.Role[string]{{Name: "user"}, {Name: "cat"}},
		Guards: []fsm.Guard[facts]{
			guard("a", func(f facts) bool { return f.A }),
			guard("b", func(f facts) bool { return f.B }),
			guard("not a", func(f facts) bool { return !f.A }),
		},
		Open: []row{{On: "buy", To: "off", Who: who}},
		Rows: []row{
			{From: "off", On: "press", To: "on", Who: who, Guards: []string{"a", "b"}},
			{From: "off", On: "press", To: "broken", Who: who, Guards: []string{"not a"}},
			{From: "on", On: "press", To: "off", Who: who},
			{From: "on", On: "push", To: "broken", Who: []string{"cat", "user"}},
		},
	}
}

func TestExhaustPassesASoundTable(t *testing.T) {
	rec := &recorder{}
	got := fsmtest.Exhaust(rec, fsm.MustNew(lamp()), spec{Facts: both(), MaxCases: 56})
	require.Empty(t, rec.failures)
	require.Equal(t, fsmtest.Figures{
		States: 3, Triggers: 2, Roles: 2, Rows: 4, Pairs: 6, LegalPairs: 3, Triples: 12, LegalTriples: 4, Cases: 56,
	}, got)
}

// A table without guards needs no facts.
func TestExhaustWithoutFacts(t *testing.T) {
	d := lamp()
	d.Guards, d.Rows[0].Guards = nil, nil
	d.Rows = slices.Delete(d.Rows, 1, 2)
	rec := &recorder{}
	got := fsmtest.Exhaust(rec, fsm.MustNew(d), spec{})
	require.Empty(t, rec.failures)
	require.Equal(t, 14, got.Cases)
}

func TestExhaustFinds(t *testing.T) {
	user := []string{"user"}
	for name, c := range map[string]struct {
		spoil func(d *def, s *spec)
		want  []string // one substring per failure, in order
	}{
		"overlap": {
			func(d *def, s *spec) { d.Guards[2].Check = d.Guards[1].Check },
			[]string{
				"overlap: press in off fires on and broken for [user] with facts {A:true B:true}",
				"row 0 never fires", "state on is never reached", // it only ever overlaps
			},
		},
		"overlap of openings": {
			func(d *def, s *spec) {
				d.Open[0].Guards = []string{"a"}
				d.Open = append(d.Open, row{On: "buy", To: "on", Who: user, Guards: []string{"b"}})
			},
			[]string{"overlap: buy in (opening) fires off and on for [user]"},
		},
		"overlap of two roles in one hand": {
			func(d *def, s *spec) {
				d.Rows = append(d.Rows, row{From: "on", On: "press", To: "broken", Who: []string{"cat"}})
				s.Together = [][]string{{"cat", "user"}}
			},
			[]string{"overlap: press in on fires off and broken for [cat user]"},
		},
		"guard never holds": {
			func(d *def, s *spec) {
				d.Guards[2].Check = func(facts) []fsm.Problem { return []fsm.Problem{{Code: "never"}} }
			},
			[]string{`guard "not a" never holds`, "row 1 never fires: press in off to broken"},
		},
		"guard never fails": {
			func(d *def, s *spec) { s.Facts = []facts{{A: true, B: true}, {A: false, B: true}} },
			[]string{`guard "b" never fails`},
		},
		"row never fires": {
			func(d *def, s *spec) {
				d.Rows = append(d.Rows, row{From: "on", On: "shake", To: "off", Who: user, Guards: []string{"a", "not a"}})
			},
			[]string{"row 4 never fires: shake in on to off"},
		},
		"opening never fires": {
			func(d *def, s *spec) {
				d.Open = append(d.Open, row{On: "find", To: "on", Who: user, Guards: []string{"a", "not a"}})
			},
			[]string{"opening row 1 never fires: find to on"},
		},
		"state never reached": {
			func(d *def, s *spec) { d.Guards[1] = guard("b", func(f facts) bool { return f.B && !f.A }) },
			[]string{`row 0 never fires`, "state on is never reached"},
		},
		"nothing opens": {
			func(d *def, s *spec) { d.Open[0].Guards = []string{"a", "not a"} },
			[]string{"opening row 0 never fires", "state on is never reached", "state off is never reached", "state broken is never reached"},
		},
		"dead end": {
			func(d *def, s *spec) {
				d.States = append(d.States, "lost")
				d.Rows = append(d.Rows,
					row{From: "on", On: "lose", To: "lost", Who: user},
					row{From: "lost", On: "find", To: "on", Who: user, Guards: []string{"a", "not a"}})
			},
			[]string{"row 5 never fires", "state lost is a dead end"},
		},
		"trap": {
			func(d *def, s *spec) {
				d.States = append(d.States, "blinking")
				d.Rows = append(d.Rows,
					row{From: "on", On: "blink", To: "blinking", Who: user},
					row{From: "blinking", On: "blink", To: "blinking", Who: user})
			},
			[]string{"state blinking is a trap"},
		},
		"guard with a memory": {
			func(d *def, s *spec) {
				asked := 0
				d.Guards[1].Check = func(f facts) []fsm.Problem {
					if asked++; f.B && asked <= 4 {
						return nil
					}
					return []fsm.Problem{{Code: "tired"}}
				}
			},
			[]string{"press in off for [user] with facts {A:true B:true}: the rows say <nil>, the decision is {To: Row:0}, fsm.guard"},
		},
		"too many cases": {
			func(d *def, s *spec) { s.MaxCases = 55 },
			[]string{"56 cases, more than the 55 allowed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := lamp(), spec{Facts: both()}
			c.spoil(&d, &s)
			rec := &recorder{}
			fsmtest.Exhaust(rec, fsm.MustNew(d), s)
			require.Len(t, rec.failures, len(c.want), strings.Join(rec.failures, "\n"))
			for i, want := range c.want {
				require.Contains(t, rec.failures[i], "lamp: ")
				require.Contains(t, rec.failures[i], want)
			}
		})
	}
}

// Allowed asks the guards once more: an answer that changed in between shows.
func TestExhaustComparesAllowed(t *testing.T) {
	d := lamp()
	holding := 0
	d.Rows[0].Guards, d.Rows[1].Guards = []string{"b"}, []string{"not a"}
	d.Rows[1].On = "smash"
	d.Guards = append(d.Guards[1:], guard("a", func(f facts) bool { return f.A }))
	d.Rows[2].Guards = []string{"a"}
	d.Guards[0].Check = func(f facts) []fsm.Problem {
		if !f.B {
			return []fsm.Problem{{Code: "b"}}
		}
		// First the list of answers, then Next, then Allowed.
		if holding++; holding <= 2 {
			return nil
		}
		return []fsm.Problem{{Code: "moody"}}
	}
	rec := &recorder{}
	fsmtest.Exhaust(rec, fsm.MustNew(d), spec{Facts: []facts{{}, {A: true, B: true}}})
	require.Contains(t, strings.Join(rec.failures, "\n"), "Allowed offers [], but Next lets pass [press]")
}

func TestExhaustCutsALongReport(t *testing.T) {
	d := lamp()
	for i := range 30 {
		d.Rows = append(d.Rows, row{From: "on", On: fmt.Sprintf("t%d", i), To: "off", Who: []string{"user"}, Guards: []string{"a", "not a"}})
	}
	rec := &recorder{}
	fsmtest.Exhaust(rec, fsm.MustNew(d), spec{Facts: both()})
	require.Len(t, rec.failures, 21)
	require.Equal(t, "lamp: and 10 more", rec.failures[20])
}
