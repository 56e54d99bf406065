package fsm_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/fsm/fsmtest"
	"github.com/comptoir-go/comptoir/internal/golden"
)

// A service ticket is the largest life cycle this package has to carry; the
// fixture is its table with one invented fact per guard.
type (
	tState   string
	tTrigger string
	tRole    string

	tFacts struct {
		Center, Reason, Appointment, Attempt, OpenParts, Future, Auth, Report, Amounts, NoVoucher, OnVoucher, Motive bool
	}
	tRow = fsm.Row[tState, tTrigger, tRole]
)

const (
	toAssign    tState = "to_assign"
	toContact   tState = "to_contact"
	unreachable tState = "unreachable"
	confirmed   tState = "confirmed"
	exchange    tState = "exchange_requested"
	awaiting    tState = "awaiting_parts"
	closed      tState = "closed"
	verified    tState = "verified"
	invoiced    tState = "invoiced"
	cancelled   tState = "cancelled"

	operator tRole = "operator"
	admin    tRole = "admin"
	center   tRole = "center"
	system   tRole = "system"
)

func fact(name, code string, holds func(tFacts) bool) fsm.Guard[tFacts] {
	return fsm.Guard[tFacts]{Name: name, Doc: "asks for: " + name, Check: func(f tFacts) []fsm.Problem {
		if holds(f) {
			return nil
		}
		return []fsm.Problem{{Path: name, Code: code, Message: name + " is wanted"}}
	}}
}

func ticketDefinition() fsm.Definition[tState, tTrigger, tRole, tFacts] {
	office, all := []tRole{operator, admin}, []tRole{operator, admin, center}
	field, boss := []tRole{center, system}, []tRole{admin}
	var rows []tRow
	add := func(on tTrigger, to tState, who []tRole, guards []string, emits string, from ...tState) {
		for _, s := range from {
			rows = append(rows, tRow{From: s, On: on, To: to, Who: who, Guards: guards, Emits: []string{emits}})
		}
	}
	g := func(names ...string) []string { return names }
	add("assign", toContact, office, g("center active"), "ticket.assigned", toAssign)
	add("reschedule", toAssign, office, g("reason"), "ticket.rescheduled", toContact, unreachable, confirmed, exchange, awaiting)
	add("contact", confirmed, all, g("appointment"), "ticket.contacted", toContact, unreachable, confirmed, awaiting, exchange)
	add("not_reached", unreachable, all, g("attempt"), "ticket.not_reached", toContact, unreachable)
	add("wait_parts", awaiting, field, g("open part line"), "ticket.waits", toContact, confirmed)
	add("parts_received", toContact, field, g("none open", "no future appointment"), "ticket.parts_received", awaiting)
	add("parts_received", confirmed, field, g("none open", "future appointment"), "ticket.parts_received", awaiting)
	add("request_exchange", exchange, office, g("authorization"), "ticket.exchange_requested", toContact, confirmed, awaiting)
	add("close", closed, []tRole{center}, g("report complete"), "ticket.closed", confirmed)
	add("reject", confirmed, office, g("reason"), "ticket.rejected", closed)
	add("verify", verified, office, g("amounts ok"), "ticket.verified", closed)
	add("unverify", closed, boss, g("reason", "no voucher"), "ticket.unverified", verified)
	add("invoice", invoiced, field, g("on voucher"), "ticket.invoiced", verified)
	add("cancel", cancelled, office, g("motivation"), "ticket.cancelled", toAssign, toContact, unreachable, confirmed, exchange, awaiting)
	add("cancel", cancelled, boss, g("motivation"), "ticket.cancelled", closed)
	add("reopen", toAssign, boss, g("reason"), "ticket.reopened", cancelled)
	return fsm.Definition[tState, tTrigger, tRole, tFacts]{
		Name:    "ticket",
		States:  []tState{toAssign, toContact, unreachable, confirmed, exchange, awaiting, closed, verified, invoiced, cancelled},
		Initial: toAssign,
		Final:   []tState{invoiced},
		Roles:   []fsm.Role[tRole]{{operator, "O"}, {admin, "A"}, {center, "C"}, {system, "S"}},
		Guards: []fsm.Guard[tFacts]{
			fact("center active", "center.inactive", func(f tFacts) bool { return f.Center }),
			fact("reason", "reason.missing", func(f tFacts) bool { return f.Reason }),
			fact("appointment", "appointment.missing", func(f tFacts) bool { return f.Appointment }),
			fact("attempt", "attempt.future", func(f tFacts) bool { return f.Attempt }),
			fact("open part line", "parts.none_open", func(f tFacts) bool { return f.OpenParts }),
			fact("none open", "parts.still_open", func(f tFacts) bool { return !f.OpenParts }),
			fact("no future appointment", "appointment.future", func(f tFacts) bool { return !f.Future }),
			fact("future appointment", "appointment.none", func(f tFacts) bool { return f.Future }),
			fact("authorization", "authorization.missing", func(f tFacts) bool { return f.Auth }),
			fact("report complete", "report.incomplete", func(f tFacts) bool { return f.Report }),
			fact("amounts ok", "charge.missing", func(f tFacts) bool { return f.Amounts }),
			fact("no voucher", "voucher.already", func(f tFacts) bool { return f.NoVoucher }),
			fact("on voucher", "voucher.mismatch", func(f tFacts) bool { return f.OnVoucher }),
			fact("motivation", "motivation.missing", func(f tFacts) bool { return f.Motive }),
		},
		Open: []tRow{{On: "open", To: toAssign, Who: office, Emits: []string{"ticket.opened"}}},
		Rows: rows,
	}
}

// ticketFacts varies what one row combines; guards that never meet in a row
// share an axis.
func ticketFacts() []tFacts {
	return fsmtest.Product(tFacts{},
		fsmtest.Bool(func(f *tFacts, v bool) { f.Center, f.Attempt, f.Auth, f.Motive, f.Appointment = v, v, v, v, v }),
		fsmtest.Bool(func(f *tFacts, v bool) { f.Report, f.Amounts, f.OnVoucher = v, v, v }),
		fsmtest.Bool(func(f *tFacts, v bool) { f.Reason = v }),
		fsmtest.Bool(func(f *tFacts, v bool) { f.NoVoucher = v }),
		fsmtest.Bool(func(f *tFacts, v bool) { f.OpenParts = v }),
		fsmtest.Bool(func(f *tFacts, v bool) { f.Future = v }),
	)
}

func TestTicketFigures(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	got := fsmtest.Exhaust(t, table, fsmtest.Spec[tRole, tFacts]{
		Facts:    ticketFacts(),
		Together: [][]tRole{{operator, admin}, {operator, admin, center, system}},
	})
	require.Equal(t, fsmtest.Figures{
		States: 10, Triggers: 14, Roles: 4, Rows: 33,
		Pairs: 140, LegalPairs: 32, Triples: 560, LegalTriples: 67,
		Cases: (140 + 1) * 6 * 64,
	}, got)
}

func TestTicketEveryStateIsReached(t *testing.T) {
	require.Equal(t, map[tState]int{
		toAssign: 0, toContact: 1, cancelled: 1, confirmed: 2, unreachable: 2, exchange: 2, awaiting: 2,
		closed: 3, verified: 4, invoiced: 5,
	}, fsmtest.GraphOf(fsm.MustNew(ticketDefinition())).Depths(toAssign))
}

func TestTicketWaysOut(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	for _, s := range table.States() {
		reached := fsmtest.GraphOf(table).Depths(s)
		require.Contains(t, reached, invoiced, s)
		if s == invoiced {
			require.Len(t, reached, 1, "invoiced is left by nothing")
			continue
		}
		require.Contains(t, reached, cancelled, s)
		require.False(t, table.IsFinal(s), s)
	}
	require.True(t, table.IsFinal(invoiced))
}

func TestTicketMandatoryWaypoints(t *testing.T) {
	graph := fsmtest.GraphOf(fsm.MustNew(ticketDefinition()))
	for _, s := range []tState{toContact, confirmed, closed, verified} {
		require.NotContains(t, graph.Without(s).Depths(toAssign), invoiced, s)
	}
	for _, s := range []tState{unreachable, exchange, awaiting, cancelled} {
		require.Contains(t, graph.Without(s).Depths(toAssign), invoiced, s)
	}
	ways := graph.Paths(toAssign, invoiced, 100)
	require.Len(t, ways, 6)
	longest := slices.MaxFunc(ways, func(a, b []tRow) int { return len(a) - len(b) })
	require.Len(t, longest, 7)
	require.Len(t, graph.Paths(toAssign, invoiced, 4), 4, "the limit holds")
}

// Money moves only if the service center and the manufacturer both act.
func TestTicketFourEyes(t *testing.T) {
	graph := fsmtest.GraphOf(fsm.MustNew(ticketDefinition()))
	reached := func(from tState, who ...tRole) []tState {
		return slices.Sorted(maps.Keys(graph.By(who...).Depths(from)))
	}
	require.Equal(t, []tState{awaiting, closed, confirmed, toContact, unreachable}, reached(toContact, center, system))
	require.Equal(t, []tState{cancelled, confirmed, exchange, toAssign, toContact, unreachable}, reached(toAssign, operator))
	require.NotContains(t, reached(toAssign, operator, admin, system), closed)
}

// Every illegal triple gets the answer of the first check that objects.
func TestTicketAnswers(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	_, err := table.Next(closed, "contact", []tRole{center}, tFacts{})
	var illegal *fsm.IllegalTransition
	require.ErrorAs(t, err, &illegal)
	require.Equal(t, &fsm.IllegalTransition{From: "closed", On: "contact", Allowed: []string{"reject", "verify", "cancel"}}, illegal)
	require.ErrorIs(t, err, fsm.ErrIllegalTransition)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	require.Equal(t, "fsm.illegal_transition", fault.CodeOf(err))

	_, err = table.Next(closed, "verify", []tRole{center, "stranger"}, tFacts{})
	var role *fsm.RoleError
	require.ErrorAs(t, err, &role)
	require.Equal(t, &fsm.RoleError{From: "closed", On: "verify", Needs: []string{"operator", "admin"}}, role)
	require.ErrorIs(t, err, fsm.ErrForbidden)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
	require.Equal(t, "fsm.forbidden", fault.CodeOf(err))

	_, err = table.Next(verified, "unverify", []tRole{admin}, tFacts{})
	var guard *fsm.GuardError
	require.ErrorAs(t, err, &guard)
	require.Equal(t, []string{"reason.missing", "voucher.already"}, codes(guard.Problems))
	require.ErrorIs(t, err, fsm.ErrGuard)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	require.Equal(t, "fsm.guard", fault.CodeOf(err))
	require.Equal(t, guard.Problems, fault.IssuesOf(err))

	step, err := table.Next(verified, "unverify", []tRole{center, admin}, tFacts{Reason: true, NoVoucher: true})
	require.NoError(t, err)
	require.Equal(t, closed, step.To)
	require.Equal(t, []string{"ticket.unverified"}, table.Emits(step))
}

// Parts that arrive lead to one of two states; as long as some are missing,
// the answer is that alone, not that the appointment decides otherwise.
func TestTicketPartsReceived(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	for _, c := range []struct {
		facts tFacts
		to    tState
		codes []string
	}{
		{tFacts{}, toContact, nil},
		{tFacts{Future: true}, confirmed, nil},
		{tFacts{OpenParts: true}, "", []string{"parts.still_open"}},
		{tFacts{OpenParts: true, Future: true}, "", []string{"parts.still_open"}},
	} {
		step, err := table.Next(awaiting, "parts_received", []tRole{system}, c.facts)
		require.Equal(t, c.to, step.To)
		var guard *fsm.GuardError
		if errors.As(err, &guard) {
			require.Equal(t, c.codes, codes(guard.Problems))
		} else {
			require.Empty(t, c.codes)
		}
	}
}

func TestTicketOpen(t *testing.T) {
	table := fsm.MustNew(ticketDefinition())
	step, err := table.Open("open", []tRole{operator}, tFacts{})
	require.NoError(t, err)
	require.Equal(t, fsm.Step[tState]{To: toAssign, Row: 33}, step)
	require.Equal(t, []string{"ticket.opened"}, table.Emits(step))
	_, err = table.Open("open", []tRole{center}, tFacts{})
	require.ErrorIs(t, err, fsm.ErrForbidden)
	_, err = table.Open("assign", []tRole{operator}, tFacts{})
	var illegal *fsm.IllegalTransition
	require.ErrorAs(t, err, &illegal)
	require.Equal(t, []string{"open"}, illegal.Allowed)
	_, err = table.Next("", "open", []tRole{operator}, tFacts{})
	require.ErrorIs(t, err, fsm.ErrIllegalTransition, "a thing without a state was never opened")
}

func TestTicketCharts(t *testing.T) {
	fsmtest.Charts(t, "testdata", "ticket", fsm.MustNew(ticketDefinition()), golden.Update())
}

func codes(problems []fsm.Problem) (out []string) {
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return out
}
