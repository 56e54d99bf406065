// Package fsm is a life cycle as a table: rows of {from, trigger, to, who,
// guards, events}. A Table is immutable and typed; it holds no current state
// and runs no effects. The thing keeps its state, the caller collects the
// facts, Next decides, and the caller stores the new state together with the
// events that the row names, in one transaction.
//
//	step, err := lifeCycle.Next(order.State, Validate, actor.Roles, facts)
//	if err != nil {
//		return err // *IllegalTransition, *RoleError, *GuardError
//	}
//	order.State = step.To
//
// Words: a trigger is what somebody fires ("validate"), an event is what
// happened then ("order.validated"). A guard is a named condition over facts;
// it returns every reason why it does not hold, as a code per reason, so a
// screen can show them all. Guards read facts only: no clock, no store. Facts
// of more than a few fields are best passed as a pointer; a decision then
// allocates nothing but what a failing guard returns.
//
// The table is asked first, then the roles, then the guards, so an impossible
// trigger gives the same answer to everyone. Whether the actor may see the
// thing at all is decided before.
//
// Two rows may share state and trigger when their guards exclude each other or
// their roles differ. When two rows fire at once, Next refuses with *Ambiguous
// instead of guessing; fsmtest.Exhaust finds such tables beforehand.
//
// Allowed lists the buttons a portal shows, and why some are not ready yet.
// Mermaid, DOT and Matrix draw the table in declared order.
//
// New finds every mistake that can be seen without asking a guard, and reports
// them all. Extend lets an integrator add roles, guards, triggers and rows, or
// make given rows stricter or wider; states are fixed.
//
// There are no nested or parallel states, no entry or exit actions, no timers
// and no history state: what a deadline does is a trigger fired by the system.
package fsm
