package fsm

import (
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// The errors of this package. The typed errors below unwrap to them.
var (
	// ErrDefinition lists every mistake of a table; its issues name the place.
	ErrDefinition = fault.Define(fault.Invalid, "fsm.definition", "the life cycle has mistakes")
	// ErrIllegalTransition: the state has no row for the trigger.
	ErrIllegalTransition = fault.Define(fault.Precondition, "fsm.illegal_transition", "not possible in this state")
	// ErrForbidden: the row exists, but for other roles.
	ErrForbidden = fault.Define(fault.Forbidden, "fsm.forbidden", "not allowed for this role")
	// ErrGuard: the row exists and the role is right, but a guard fails.
	ErrGuard = fault.Define(fault.Precondition, "fsm.guard", "not possible yet")
	// ErrAmbiguous: two rows would fire; see Ambiguous.
	ErrAmbiguous = fault.Define(fault.Precondition, "fsm.ambiguous", "more than one transition fits")
)

// IllegalTransition says that the state has no row for the trigger, whoever
// fires it. Kind Precondition, code fsm.illegal_transition.
type IllegalTransition struct {
	From, On string
	// Allowed lists the triggers that have a row in this state, in declared
	// order; empty for a final or unknown state.
	Allowed []string
}

// Error prints state, trigger and what is possible instead.
func (e *IllegalTransition) Error() string {
	s := "fsm.illegal_transition: " + e.On + " is not possible in " + orNone(e.From)
	if len(e.Allowed) > 0 {
		s += " (possible: " + strings.Join(e.Allowed, ", ") + ")"
	}
	return s
}

// FaultKind implements fault.Faulty.
func (e *IllegalTransition) FaultKind() fault.Kind { return fault.Precondition }

// FaultCode implements fault.Faulty.
func (e *IllegalTransition) FaultCode() string { return "fsm.illegal_transition" }

// Unwrap returns ErrIllegalTransition.
func (e *IllegalTransition) Unwrap() error { return ErrIllegalTransition }

// RoleError says that the transition exists for other roles only. Kind
// Forbidden, code fsm.forbidden.
type RoleError struct {
	From, On string
	// Needs lists the roles of which one is enough, in declared order.
	Needs []string
}

// Error prints state, trigger and the roles that would do.
func (e *RoleError) Error() string {
	return "fsm.forbidden: " + e.On + " in " + orNone(e.From) + " needs one of " + strings.Join(e.Needs, ", ")
}

// FaultKind implements fault.Faulty.
func (e *RoleError) FaultKind() fault.Kind { return fault.Forbidden }

// FaultCode implements fault.Faulty.
func (e *RoleError) FaultCode() string { return "fsm.forbidden" }

// Unwrap returns ErrForbidden.
func (e *RoleError) Unwrap() error { return ErrForbidden }

// GuardError says why the guards do not let the transition pass. Kind
// Precondition, code fsm.guard. fault.IssuesOf returns the problems, too.
type GuardError struct {
	From, On string
	// Problems holds what every failing guard of the row said, sorted by code,
	// then path, then message. Of several rows it is the nearest one: with the
	// fewest failing guards, the first declared among equals.
	Problems []Problem
}

// Error prints state, trigger and every problem.
func (e *GuardError) Error() string {
	return "fsm.guard: " + e.On + " in " + orNone(e.From) + " is not possible yet: " + fault.Issues(e.Problems).String()
}

// FaultKind implements fault.Faulty.
func (e *GuardError) FaultKind() fault.Kind { return fault.Precondition }

// FaultCode implements fault.Faulty.
func (e *GuardError) FaultCode() string { return "fsm.guard" }

// Unwrap returns ErrGuard with the problems as its issues.
func (e *GuardError) Unwrap() error {
	if err := fault.Issues(e.Problems).Err(ErrGuard); err != nil {
		return err
	}
	return ErrGuard
}

// Ambiguous says that two or more rows would fire: their guards do not exclude
// each other (a mistake of the table, which fsmtest.Exhaust finds), or the
// actor holds roles with different rows and has to act in one of them. Nothing
// is guessed. Kind Precondition, code fsm.ambiguous.
type Ambiguous struct {
	From, On string
	// To lists where the rows lead, in declared order.
	To []string
}

// Error prints state, trigger and the states in question.
func (e *Ambiguous) Error() string {
	return "fsm.ambiguous: " + e.On + " in " + orNone(e.From) + " could lead to " + strings.Join(e.To, " or ")
}

// FaultKind implements fault.Faulty.
func (e *Ambiguous) FaultKind() fault.Kind { return fault.Precondition }

// FaultCode implements fault.Faulty.
func (e *Ambiguous) FaultCode() string { return "fsm.ambiguous" }

// Unwrap returns ErrAmbiguous.
func (e *Ambiguous) Unwrap() error { return ErrAmbiguous }

func orNone(state string) string {
	if state == "" {
		return "(not yet open)"
	}
	return state
}
