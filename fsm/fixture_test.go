package fsm_test

import "github.com/comptoir-go/comptoir/fsm"

// A door is the smallest table with all that a table can have.
type (
	dState   string
	dTrigger string
	dRole    string

	dFacts struct{ Empty, Key bool }
	dDef   = fsm.Definition[dState, dTrigger, dRole, dFacts]
	dRow   = fsm.Row[dState, dTrigger, dRole]
	dExt   = fsm.Extension[dState, dTrigger, dRole, dFacts]
)

func doorGuard(name, code string, holds func(dFacts) bool) fsm.Guard[dFacts] {
	return fsm.Guard[dFacts]{Name: name, Check: func(f dFacts) []fsm.Problem {
		if holds(f) {
			return nil
		}
		return []fsm.Problem{{Path: "door", Code: code, Message: "no"}}
	}}
}

func hasKey() fsm.Guard[dFacts] {
	return doorGuard("has key", "key.missing", func(f dFacts) bool { return f.Key })
}

func roomEmpty() fsm.Guard[dFacts] {
	return doorGuard("room empty", "room.in_use", func(f dFacts) bool { return f.Empty })
}

func doorDefinition() dDef {
	return dDef{
		Name:    "door",
		States:  []dState{"open", "shut", "locked", "walled"},
		Initial: "open",
		Final:   []dState{"walled"},
		Roles:   []fsm.Role[dRole]{{Name: "guest", Mark: "G"}, {Name: "porter", Mark: "P"}},
		Guards:  []fsm.Guard[dFacts]{roomEmpty(), hasKey()},
		Open:    []dRow{{On: "hang", To: "open", Who: []dRole{"porter"}}},
		Rows: []dRow{
			{From: "open", On: "shut", To: "shut", Who: []dRole{"porter", "guest"}, Emits: []string{"door.shut"}},
			{From: "shut", On: "open", To: "open", Who: []dRole{"guest", "porter"}},
			{From: "shut", On: "lock", To: "locked", Who: []dRole{"porter"}, Guards: []string{"room empty", "has key"}},
			{From: "locked", On: "unlock", To: "shut", Who: []dRole{"porter"}, Guards: []string{"has key"}},
			{From: "locked", On: "wall_up", To: "walled", Who: []dRole{"porter"}},
		},
	}
}
