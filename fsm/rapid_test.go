package fsm_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
)

type rRow = fsm.Row[string, string, string]

// bits are the facts of random tables: guard i asks for bit i.
type bits uint8

// randomTable draws a definition that New accepts: a ring through all states
// keeps every state reached and left, whatever else is drawn.
func randomTable(t *rapid.T) *fsm.Table[string, string, string, bits] {
	def := fsm.Definition[string, string, string, bits]{Name: "random", Initial: "s0"}
	n := rapid.IntRange(2, 6).Draw(t, "states")
	for i := range n {
		def.States = append(def.States, fmt.Sprintf("s%d", i))
		def.Rows = append(def.Rows, rRow{From: fmt.Sprintf("s%d", i), On: "turn", To: fmt.Sprintf("s%d", (i+1)%n), Who: []string{"r0"}})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "roles") {
		def.Roles = append(def.Roles, fsm.Role[string]{Name: fmt.Sprintf("r%d", i)})
	}
	for i := range 3 {
		name := fmt.Sprintf("g%d", i)
		def.Guards = append(def.Guards, fsm.Guard[bits]{Name: name, Check: func(f bits) []fsm.Problem {
			if f&(1<<i) != 0 {
				return nil
			}
			return []fsm.Problem{{Path: name, Code: name}}
		}})
	}
	def.Rows = append(def.Rows, rRow{From: "s0", On: "all", To: "s0", Who: []string{"r0"}, Guards: []string{"g0", "g1", "g2"}})
	subset := func(label string, all []string, least int) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(all), least, len(all), rapid.ID).Draw(t, label)
	}
	var roles []string
	for _, r := range def.Roles {
		roles = append(roles, r.Name)
	}
	for range rapid.IntRange(0, 12).Draw(t, "rows") {
		row := rRow{
			From: rapid.SampledFrom(def.States).Draw(t, "from"), On: rapid.SampledFrom([]string{"a", "b", "ab", "ba"}).Draw(t, "on"),
			To: rapid.SampledFrom(def.States).Draw(t, "to"), Who: subset("who", roles, 1), Guards: subset("guards", []string{"g0", "g1", "g2"}, 0),
		}
		more := def
		more.Rows = append(slices.Clone(def.Rows), row)
		if _, err := fsm.New(more); err == nil {
			def = more
		}
	}
	return fsm.MustNew(def)
}

// Every decision is what a plain search through the rows says.
func TestNextIsASearchThroughTheRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := randomTable(t)
		from := rapid.SampledFrom(append(table.States(), "", "s", "s9")).Draw(t, "from")
		on := rapid.SampledFrom(append(table.Triggers(), "", "c")).Draw(t, "on")
		who := rapid.SliceOf(rapid.SampledFrom([]string{"r0", "r1", "r2", "r3", "stranger"})).Draw(t, "who")
		facts := bits(rapid.IntRange(0, 7).Draw(t, "facts"))

		pair, role, fires, least := 0, 0, []int{}, 99
		for i, r := range table.Rows() {
			if r.From != from || r.On != on {
				continue
			}
			pair++
			if !slices.ContainsFunc(r.Who, func(w string) bool { return slices.Contains(who, w) }) {
				continue
			}
			role++
			failing := 0
			for _, g := range r.Guards {
				if facts&(1<<(g[1]-'0')) == 0 {
					failing++
				}
			}
			least = min(least, failing)
			if failing == 0 {
				fires = append(fires, i)
			}
		}

		step, err := table.Next(from, on, who, facts)
		switch {
		case pair == 0:
			require.ErrorIs(t, err, fsm.ErrIllegalTransition)
		case role == 0:
			require.ErrorIs(t, err, fsm.ErrForbidden)
		case len(fires) == 0:
			require.ErrorIs(t, err, fsm.ErrGuard)
			require.Len(t, fault.IssuesOf(err), least)
		case len(fires) > 1:
			require.ErrorIs(t, err, fsm.ErrAmbiguous)
		default:
			require.NoError(t, err)
			require.Equal(t, fsm.Step[string]{To: table.Rows()[fires[0]].To, Row: fires[0]}, step)
		}
	})
}

// Allowed offers exactly what Next does not forbid, and gives Next's reasons.
func TestAllowedAgreesWithNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := randomTable(t)
		from := rapid.SampledFrom(table.States()).Draw(t, "from")
		who := rapid.SliceOf(rapid.SampledFrom([]string{"r0", "r1", "r2", "stranger"})).Draw(t, "who")
		facts := bits(rapid.IntRange(0, 7).Draw(t, "facts"))
		options := table.Allowed(from, who, facts)
		for _, on := range table.Triggers() {
			at := slices.IndexFunc(options, func(o fsm.Option[string, string]) bool { return o.On == on })
			step, err := table.Next(from, on, who, facts)
			if errors.Is(err, fsm.ErrIllegalTransition) || errors.Is(err, fsm.ErrForbidden) {
				require.Equal(t, -1, at)
				continue
			}
			require.GreaterOrEqual(t, at, 0)
			require.Equal(t, err == nil, options[at].Ready)
			var guard *fsm.GuardError
			if errors.As(err, &guard) {
				require.Equal(t, guard.Problems, options[at].Why)
			}
			if err == nil {
				require.Equal(t, step.To, options[at].To)
				require.Empty(t, options[at].Why)
			}
		}
	})
}

// A table made again from what the accessors return draws the same.
func TestTableRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := randomTable(t)
		b, err := fsm.New(fsm.Definition[string, string, string, bits]{
			Name: a.Name(), States: a.States(), Initial: a.Initial(), Final: a.Final(), Roles: a.Roles(), Guards: a.Guards(), Open: a.Openings(), Rows: a.Rows(),
		})
		require.NoError(t, err)
		require.Equal(t, a.Mermaid()+a.DOT()+a.Matrix(), b.Mermaid()+b.DOT()+b.Matrix())
	})
}
