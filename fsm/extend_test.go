package fsm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
)

func TestExtendAddsAndLeavesTheOriginal(t *testing.T) {
	table := fsm.MustNew(doorDefinition())
	before := table.Mermaid()
	wider, err := table.Extend(dExt{
		Roles:  []fsm.Role[dRole]{{Name: "owner", Mark: "O"}},
		Guards: []fsm.Guard[dFacts]{doorGuard("daytime", "night", func(f dFacts) bool { return f.Empty })},
		Open:   []dRow{{On: "import", To: "locked", Who: []dRole{"owner"}}},
		Rows:   []dRow{{From: "walled", On: "blast", To: "open", Who: []dRole{"owner"}}},
	})
	require.Nil(t, wider)
	require.ErrorIs(t, err, fsm.ErrDefinition)
	require.Len(t, fault.IssuesOf(err), 2, "the guard is named by no row, and a final state stays final")

	wider, err = table.Extend(dExt{
		Roles:  []fsm.Role[dRole]{{Name: "owner", Mark: "O"}},
		Guards: []fsm.Guard[dFacts]{doorGuard("daytime", "night", func(f dFacts) bool { return f.Empty })},
		Open:   []dRow{{On: "import", To: "locked", Who: []dRole{"owner"}}},
		Rows:   []dRow{{From: "locked", On: "break_in", To: "open", Who: []dRole{"owner"}}},
		Amend: []fsm.Amendment[dState, dTrigger, dRole]{
			{From: "open", On: "shut", Who: []dRole{"owner", "guest"}, Guards: []string{"daytime"}, Emits: []string{"door.counted", "door.shut"}},
			{On: "hang", Who: []dRole{"owner"}},
		},
	})
	require.NoError(t, err)
	require.Equal(t, before, table.Mermaid())

	step, err := wider.Next("open", "shut", []dRole{"owner"}, dFacts{Empty: true})
	require.NoError(t, err)
	require.Equal(t, []string{"door.shut", "door.counted"}, wider.Emits(step))
	_, err = wider.Next("open", "shut", []dRole{"guest"}, dFacts{})
	require.Equal(t, []string{"night"}, codes(fault.IssuesOf(err)))
	step, err = wider.Next("locked", "break_in", []dRole{"owner"}, dFacts{})
	require.NoError(t, err)
	require.Equal(t, dState("open"), step.To)
	for on, to := range map[dTrigger]dState{"hang": "open", "import": "locked"} {
		step, err = wider.Open(on, []dRole{"owner"}, dFacts{})
		require.NoError(t, err)
		require.Equal(t, to, step.To)
	}
	require.Equal(t, table.States(), wider.States())
}

func TestExtendWithNothingIsEqual(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	same, err := table.Extend(fsm.Extension[tState, tTrigger, tRole, tFacts]{})
	require.NoError(t, err)
	require.Equal(t, table.Mermaid()+table.DOT()+table.Matrix(), same.Mermaid()+same.DOT()+same.Matrix())
}

func TestExtendReportsAllMistakes(t *testing.T) {
	_, err := fsm.MustNew(doorDefinition()).Extend(dExt{
		Rows: []dRow{{From: "open", On: "paint", To: "red", Who: []dRole{"porter"}}},
		Amend: []fsm.Amendment[dState, dTrigger, dRole]{
			{From: "open", On: "lock", Who: []dRole{"porter"}},
			{On: "lock", Who: []dRole{"porter"}},
			{From: "open", On: "shut", Who: []dRole{"ghost"}},
		},
	})
	require.ErrorIs(t, err, fsm.ErrDefinition)
	var got []string
	for _, i := range fault.IssuesOf(err) {
		got = append(got, i.Path+" "+i.Code)
	}
	require.Equal(t, []string{
		"amend[0] amendment.no_row", "amend[1] amendment.no_row", "rows[0].who[2] role.unknown", "rows[5].to state.unknown",
	}, got)
}
