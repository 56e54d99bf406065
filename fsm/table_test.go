package fsm_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
)

func TestAccessors(t *testing.T) {
	def := doorDefinition()
	table := fsm.MustNew(def)
	require.Equal(t, "door", table.Name())
	require.Equal(t, def.States, table.States())
	require.Equal(t, def.Initial, table.Initial())
	require.Equal(t, def.Final, table.Final())
	require.Equal(t, []dTrigger{"shut", "open", "lock", "unlock", "wall_up"}, table.Triggers())
	require.Equal(t, def.Roles, table.Roles())
	require.Equal(t, def.Rows, table.Rows())
	require.Equal(t, def.Open, table.Openings())
	require.Len(t, table.Guards(), 2)
	require.True(t, table.Has("locked"))
	require.False(t, table.Has("ajar"))
	require.True(t, table.IsFinal("walled"))
	require.False(t, table.IsFinal("open"))
}

// Neither the definition nor what an accessor returned reaches into the table.
func TestTableIsImmutable(t *testing.T) {
	def := doorDefinition()
	table := fsm.MustNew(def)
	want := table.Mermaid() + table.DOT() + table.Matrix()
	spoil := func(rows []dRow) {
		for i := range rows {
			rows[i].Who[0], rows[i].To = "ghost", "ajar"
			for k := range rows[i].Guards {
				rows[i].Guards[k] = "spoiled"
			}
			for k := range rows[i].Emits {
				rows[i].Emits[k] = "spoiled"
			}
		}
	}
	spoil(def.Rows)
	spoil(def.Open)
	spoil(table.Rows())
	spoil(table.Openings())
	def.States[0], table.States()[0], table.Triggers()[0], table.Final()[0] = "x", "x", "x", "x"
	table.Roles()[0].Mark, table.Guards()[0].Name = "X", "x"
	step, err := table.Next("open", "shut", []dRole{"guest"}, dFacts{})
	require.NoError(t, err)
	table.Emits(step)[0] = "spoiled"
	require.Equal(t, []string{"door.shut"}, table.Emits(step))
	require.Equal(t, want, table.Mermaid()+table.DOT()+table.Matrix())
}

func TestUnknownNamesAreIllegal(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	for _, c := range []struct {
		from    dState
		on      dTrigger
		allowed []string
	}{
		{"open", "sing", []string{"shut"}},
		{"open", "", []string{"shut"}},
		{"ajar", "shut", nil},
		{"", "shut", nil},
		{"walled", "open", nil},
	} {
		_, err := table.Next(c.from, c.on, []dRole{"porter"}, dFacts{})
		var illegal *fsm.IllegalTransition
		require.ErrorAs(t, err, &illegal)
		require.Equal(t, c.allowed, illegal.Allowed)
	}
	require.Equal(t, []fsm.Option[dState, dTrigger]{}, table.Allowed("ajar", []dRole{"porter"}, dFacts{}))
	require.Equal(t, []fsm.Option[dState, dTrigger]{}, table.Allowed("walled", []dRole{"porter"}, dFacts{}))
}

func TestZeroTableRefuses(t *testing.T) {
	var table fsm.Table[dState, dTrigger, dRole, dFacts]
	_, err := table.Next("open", "shut", []dRole{"porter"}, dFacts{})
	require.ErrorIs(t, err, fsm.ErrIllegalTransition)
	_, err = table.Open("hang", []dRole{"porter"}, dFacts{})
	require.ErrorIs(t, err, fsm.ErrIllegalTransition)
	require.Empty(t, table.Allowed("open", []dRole{"porter"}, dFacts{}))
}

// The table answers before the role, the role before the guards.
func TestOrderOfChecks(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	_, err := table.Next("open", "lock", nil, dFacts{})
	require.ErrorIs(t, err, fsm.ErrIllegalTransition)
	_, err = table.Next("shut", "lock", []dRole{"guest"}, dFacts{})
	require.ErrorIs(t, err, fsm.ErrForbidden)
	_, err = table.Next("shut", "lock", nil, dFacts{Key: true, Empty: true})
	require.ErrorIs(t, err, fsm.ErrForbidden)
	_, err = table.Next("shut", "lock", []dRole{"porter"}, dFacts{})
	require.ErrorIs(t, err, fsm.ErrGuard)
}

func TestProblemsAreCompleteAndSorted(t *testing.T) {
	def := doorDefinition()
	def.Guards[0].Check = func(dFacts) []fsm.Problem {
		return []fsm.Problem{
			{Path: "b", Code: "z.last", Message: "0"}, {Path: "b", Code: "a.first", Message: "no"},
			{Path: "a", Code: "z.last", Message: "2"}, {Path: "a", Code: "z.last", Message: "1"},
		}
	}
	def.Guards[1].Check = func(dFacts) []fsm.Problem {
		return []fsm.Problem{{Path: "b", Code: "m.middle"}, {Path: "b", Code: "a.first", Message: "no"}}
	}
	_, err := fsm.MustNew(def).Next("shut", "lock", []dRole{"porter"}, dFacts{})
	require.Equal(t, []fsm.Problem{
		{Path: "b", Code: "a.first", Message: "no"}, {Path: "b", Code: "m.middle"},
		{Path: "a", Code: "z.last", Message: "1"}, {Path: "a", Code: "z.last", Message: "2"}, {Path: "b", Code: "z.last", Message: "0"},
	}, fault.IssuesOf(err))
}

// Of two rows that fail equally, the first declared answers.
func TestNearestRowOfEquals(t *testing.T) {
	def := doorDefinition()
	def.Rows[2].Guards = []string{"room empty"}
	def.Rows = append(def.Rows, dRow{From: "shut", On: "lock", To: "shut", Who: []dRole{"porter"}, Guards: []string{"has key"}})
	table := fsm.MustNew(def)
	_, err := table.Next("shut", "lock", []dRole{"porter"}, dFacts{})
	require.Equal(t, []string{"room.in_use"}, codes(fault.IssuesOf(err)))
	options := table.Allowed("shut", []dRole{"porter"}, dFacts{Empty: true, Key: true})
	require.Equal(t, fsm.Option[dState, dTrigger]{
		On: "lock", To: "locked", Why: []fsm.Problem{{Path: "lock", Code: "fsm.ambiguous", Message: "more than one transition fits"}},
	}, options[1])
}

// Sorting the problems must not reorder a slice that the guard keeps.
func TestProblemsAreCopied(t *testing.T) {
	def := doorDefinition()
	kept := []fsm.Problem{{Code: "b"}, {Code: "a"}}
	def.Guards[1].Check = func(dFacts) []fsm.Problem { return kept }
	_, err := fsm.MustNew(def).Next("locked", "unlock", []dRole{"porter"}, dFacts{})
	require.Equal(t, []string{"a", "b"}, codes(fault.IssuesOf(err)))
	require.Equal(t, []string{"b", "a"}, codes(kept))
}

func TestAllowed(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	require.Equal(t, []fsm.Option[dState, dTrigger]{
		{On: "open", To: "open", Ready: true},
		{On: "lock", To: "locked", Why: []fsm.Problem{{Path: "door", Code: "key.missing", Message: "no"}}},
	}, table.Allowed("shut", []dRole{"porter"}, dFacts{Empty: true}))
	require.Equal(t, []fsm.Option[dState, dTrigger]{
		{On: "open", To: "open", Ready: true},
	}, table.Allowed("shut", []dRole{"guest", "stranger"}, dFacts{}))
	require.Empty(t, table.Allowed("shut", nil, dFacts{Empty: true, Key: true}))
}

func TestErrorTexts(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	for want, ask := range map[string]func() error{
		"fsm.illegal_transition: lock is not possible in open (possible: shut)": func() error {
			_, err := table.Next("open", "lock", nil, dFacts{})
			return err
		},
		"fsm.illegal_transition: lock is not possible in walled": func() error {
			_, err := table.Next("walled", "lock", nil, dFacts{})
			return err
		},
		"fsm.forbidden: hang in (not yet open) needs one of porter": func() error {
			_, err := table.Open("hang", nil, dFacts{})
			return err
		},
		"fsm.guard: unlock in locked is not possible yet: door: no (key.missing)": func() error {
			_, err := table.Next("locked", "unlock", []dRole{"porter"}, dFacts{})
			return err
		},
	} {
		require.EqualError(t, ask(), want)
	}
	require.ErrorIs(t, &fsm.GuardError{}, fsm.ErrGuard)
}

func TestTableIsShared(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if _, err := table.Next("open", "shut", []dRole{"guest"}, dFacts{}); err != nil {
					t.Error(err)
				}
				_, _ = table.Next("shut", "lock", []dRole{"porter"}, dFacts{})
				_ = table.Allowed("shut", []dRole{"porter"}, dFacts{})
			}
		})
	}
	wg.Wait()
}
