package fsm

import "github.com/comptoir-go/comptoir/fault"

// Row is one line of a life cycle: who may fire what from where, under which
// guards, where it leads and which events follow. It is data only.
type Row[S, T, R ~string] struct {
	// From is the state the thing is in; empty in an opening row.
	From S
	// On is the trigger that is fired.
	On T
	// To is the state the thing is in afterwards; it may equal From.
	To S
	// Who lists the roles that may fire the row; any one is enough.
	Who []R
	// Guards names the guards that must all hold.
	Guards []string
	// Emits names the events that follow, in order. The table only names
	// them; the caller stores them together with the new state.
	Emits []string
	// Doc says in a sentence what the row means in the trade.
	Doc string
}

// Problem is one reason why a guard does not hold: a path, a stable code and
// a message for a person.
type Problem = fault.Issue

// Guard is a named condition over the facts F that the caller collected. It
// is declared once in a table and named by any number of rows.
type Guard[F any] struct {
	// Name is shown in charts: "open part line".
	Name string
	// Doc says in a sentence what is asked.
	Doc string
	// Check returns every reason why the guard does not hold, and nothing
	// when it holds. It only reads the facts: it may run more than once.
	Check func(F) []Problem
}

// Role is a role that a table knows, with its mark in charts.
type Role[R ~string] struct {
	Name R
	// Mark is the short sign in charts and matrices: "O" for an operator.
	// Default: the name.
	Mark string
}

// Definition is what New makes a Table of. The order of States, Roles and
// Rows is the order of everything the table lists or draws; the triggers stand
// in the order in which Rows first name them.
type Definition[S, T, R ~string, F any] struct {
	// Name of the life cycle in charts and messages: "ticket".
	Name string
	// States lists every state, at most 255.
	States []S
	// Initial is the state in which life begins.
	Initial S
	// Final lists the states that nothing leaves. A state that is not listed
	// here and has no row is a mistake.
	Final []S
	// Roles lists every role, at most 64.
	Roles []Role[R]
	// Guards lists every guard that a row names.
	Guards []Guard[F]
	// Open lists the opening rows: From is empty, and they are fired with
	// Table.Open. When there are any, one of them leads to Initial. They
	// count neither as Rows nor their triggers as Triggers.
	Open []Row[S, T, R]
	// Rows lists the table proper.
	Rows []Row[S, T, R]
}

// Amendment adds roles, guards and events to every existing row of one pair
// (From, On); an empty From addresses the opening rows.
type Amendment[S, T, R ~string] struct {
	From   S
	On     T
	Who    []R
	Guards []string
	Emits  []string
}

// Extension is what an integrator adds to a given table: roles, guards, rows
// and amendments of existing rows. States are fixed, because stored data and
// reports rest on them.
type Extension[S, T, R ~string, F any] struct {
	Roles  []Role[R]
	Guards []Guard[F]
	Open   []Row[S, T, R]
	Rows   []Row[S, T, R]
	Amend  []Amendment[S, T, R]
}

// Step is a decision: the new state and the row that leads there. It is small
// on purpose, so that it travels in registers: with From and On in it a
// decision took twice as long.
type Step[S ~string] struct {
	To S
	// Row is the index in Table.Rows; opening rows count on after them, in the
	// order of Table.Openings.
	Row int
}

// Option is one thing the actor could do now: a button of a portal.
type Option[S, T ~string] struct {
	On T
	// To is where it leads; of several rows, the one that fires or is nearest.
	To S
	// Ready is true when Next would succeed.
	Ready bool
	// Why lists the reasons when it would not, as in GuardError.Problems.
	Why []Problem
}
