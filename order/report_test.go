package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

func (s *shop) report(in order.Report) order.Order {
	s.t.Helper()
	o, err := s.orders.ReportERP(s.ctx, machine, in)
	require.NoError(s.t, err)
	require.Equal(s.t, document(s.t, o), document(s.t, s.get(in.Order)), "what is answered is what is stored")
	return o
}

// What the ERP says of the twin, by the order's own state: where the order
// goes, and which events follow.
func TestReportMovesTheOrderOn(t *testing.T) {
	const linked, moved = "order.linked", "order.advanced"
	for _, c := range []struct {
		name   string
		from   order.State
		report order.Report
		to     order.State
		facts  []string
	}{
		{"a draft was made", order.Awaiting, order.Report{Revision: 1, ID: "7", State: "draft"}, order.Awaiting, []string{linked}},
		{"a draft of a validated order", order.Validated, order.Report{Revision: 1, ID: "7", State: "draft"}, order.Validated, []string{linked}},
		{"confirmed", order.Validated, order.Report{Revision: 1, ID: "7", State: "confirmed"}, order.Confirmed, []string{linked, moved}},
		{"done at once", order.Validated, order.Report{Revision: 1, ID: "7", State: "done"}, order.Closed, []string{linked, moved, moved}},
		{"done", order.Confirmed, order.Report{State: "done"}, order.Closed, []string{linked, moved}},
		{"cancelled there after validation", order.Validated, order.Report{State: "cancelled"}, order.Cancelled, []string{linked, moved, "order.axes_changed"}},
		{"cancelled there after confirmation", order.Confirmed, order.Report{State: "cancelled"}, order.Cancelled, []string{linked, moved, "order.axes_changed"}},
		{"confirmed with older content", order.Validated, order.Report{ID: "7", State: "confirmed"}, order.Validated, []string{linked}},
		{"confirmed before validation", order.Awaiting, order.Report{Revision: 1, ID: "7", State: "confirmed"}, order.Awaiting, []string{linked}},
		{"cancelled before validation", order.Awaiting, order.Report{State: "cancelled"}, order.Awaiting, []string{linked}},
		{"a withdrawn order's twin", order.Cancelled, order.Report{State: "cancelled"}, order.Cancelled, []string{linked}},
		{"a late word on a rejected order", order.Rejected, order.Report{Revision: 1, ID: "7", State: "confirmed"}, order.Rejected, []string{linked}},
		{"an unknown state", order.Validated, order.Report{Revision: 1, ID: "7", State: "unknown"}, order.Validated, []string{linked}},
		{"a refusal", order.Validated, order.Report{Problem: "the customer is blocked"}, order.Validated, []string{linked}},
		{"about to leave", order.Awaiting, order.Report{Sending: 1}, order.Awaiting, nil},
		{"nothing", order.Validated, order.Report{}, order.Validated, nil},
		{"all is well, as before", order.Validated, order.Report{Solved: true}, order.Validated, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, nil)
			before := s.inState(c.from)
			s.events(event.Facts)
			s.events(event.ERP)
			s.pass(time.Hour)
			c.report.Order = before.ID
			o := s.report(c.report)
			require.Equal(t, c.to, o.State)
			require.Equal(t, c.facts, types(s.events(event.Facts), ""))
			require.Empty(t, s.events(event.ERP), "what comes from the ERP asks nothing of the relay")
			require.Equal(t, document(t, o), document(t, s.get(o.ID)))
			require.Equal(t, len(before.History)+steps(c.facts), len(o.History), "one entry for each step")
			if o.ERP != before.ERP {
				require.Equal(t, s.clock(), o.ERP.At)
			}

			s.pass(time.Hour)
			if c.report.Sending > 0 {
				return // a claim is taken once
			}
			again := s.report(c.report)
			require.Equal(t, document(t, o), document(t, again), "the same report changes nothing, the version included")
			require.Empty(t, s.events(event.Facts))
		})
	}
}

// steps counts the transitions among events.
func steps(facts []string) (n int) {
	for _, f := range facts {
		if f == "order.advanced" {
			n++
		}
	}
	return n
}

func TestReportNumberComesLaterThanTheID(t *testing.T) {
	s := newShop(t, nil)
	o := s.inState(order.Validated)
	o = s.report(order.Report{Order: o.ID, Revision: 1, ID: "7", State: "confirmed"})
	require.Equal(t, order.Confirmed, o.State)
	require.Empty(t, o.ERP.Number)
	o = s.report(order.Report{Order: o.ID, Number: "S00012"})
	require.Equal(t, "7", o.ERP.ID, "empty fields leave what is known")
	require.Equal(t, "confirmed", o.ERP.State)
	require.Equal(t, "S00012", o.ERP.Number)
	page, err := s.orders.Find(s.ctx, operator, order.Query{ERPNumber: "S00012"})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	require.Equal(t, "S00012", page.Rows[0].ERPNumber)
}

// What the ERP did early takes effect as soon as the order is validated, even
// when the ERP only says the same again.
func TestReportCatchesUpAfterValidation(t *testing.T) {
	for early, want := range map[string]order.State{"confirmed": order.Confirmed, "done": order.Closed, "cancelled": order.Cancelled} {
		s := newShop(t, nil)
		o := s.placed(buyer)
		in := order.Report{Order: o.ID, Revision: 1, ID: "7", State: early}
		require.Equal(t, order.Awaiting, s.report(in).State)
		s.advance(operator, o.ID, order.Validate)
		require.Equal(t, want, s.report(in).State)
	}
}

func TestReportDriftIsAnEventOfItsOwn(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	ours := o.Quote.Gross
	more, err := ours.Add(money.MustAmount("0.01", money.EUR))
	require.NoError(t, err)
	s.events(event.Facts)

	o = s.report(order.Report{Order: o.ID, Revision: 1, ID: "7", State: "draft", Gross: more})
	require.Equal(t, "0.01 EUR", o.ERP.Drift.String())
	require.Equal(t, []string{"order.linked", "order.drifted"}, types(s.events(event.Facts), ""))
	require.Equal(t, ours, o.Quote.Gross, "ours is never corrected")

	version := o.Version
	o = s.report(order.Report{Order: o.ID, Revision: 1, ID: "7", State: "draft", Gross: more})
	require.Equal(t, version, o.Version)
	require.Empty(t, s.events(event.Facts), "told once")

	o = s.report(order.Report{Order: o.ID, Revision: 1, Gross: ours})
	require.True(t, o.ERP.Drift.IsZero())
	require.Empty(t, s.events(event.Facts), "agreement is no drift")
	version = o.Version
	require.Equal(t, version, s.report(order.Report{Order: o.ID, Revision: 1, Gross: ours}).Version)

	o = s.report(order.Report{Order: o.ID, Gross: more})
	require.True(t, o.ERP.Drift.IsZero(), "a total of another revision says nothing about this one")
	o = s.report(order.Report{Order: o.ID, Revision: 1, Gross: money.MustAmount("1.00", money.MustCurrency("CHF"))})
	require.True(t, o.ERP.Drift.IsZero(), "nor does one in another currency")
}

func TestReportSendingAndUnsent(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	is := func(sent, revision int, open bool, in order.Report) {
		t.Helper()
		s.pass(time.Minute)
		in.Order = o.ID
		l := s.report(in).ERP
		require.Equal(t, [2]int{sent, revision}, [2]int{l.Sent, l.Revision})
		require.Equal(t, open, !l.SentAt.IsZero(), "an open push has its instant")
		if in.Sending > 0 {
			require.Equal(t, s.clock(), l.SentAt)
		}
	}
	is(1, 0, true, order.Report{Sending: 1})
	is(0, 0, false, order.Report{Unsent: true})
	is(1, 0, true, order.Report{Sending: 1})
	is(1, 0, true, order.Report{Problem: "wait"})
	is(1, 0, true, order.Report{Sending: 1, Unsent: true})
	is(1, 1, false, order.Report{Revision: 1, ID: "7"})
	is(2, 1, true, order.Report{Sending: 2})
	is(2, 1, true, order.Report{Revision: 1, ID: "7"})
	is(1, 1, false, order.Report{Unsent: true})
	is(3, 3, false, order.Report{Revision: 3})
	is(3, 3, false, order.Report{Revision: 2})
}

// Of two who want to let the order leave, one may; and nobody may once the
// order is none to be sent.
func TestReportSendingIsAClaim(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	refused := func(in order.Report) {
		t.Helper()
		before := s.get(in.Order)
		_, err := s.orders.ReportERP(s.ctx, machine, in)
		require.ErrorIs(t, err, order.ErrSending)
		require.Equal(t, fault.Conflict, fault.KindOf(err))
		require.Equal(t, document(t, before), document(t, s.get(in.Order)), "a refusal changes nothing")
	}
	s.report(order.Report{Order: o.ID, Sending: 1})
	refused(order.Report{Order: o.ID, Sending: 1})
	refused(order.Report{Order: o.ID, Sending: 2})
	s.report(order.Report{Order: o.ID, Sending: 1, Unsent: true})
	s.report(order.Report{Order: o.ID, Revision: 1, ID: "7"})
	refused(order.Report{Order: o.ID, Sending: 1})
	refused(order.Report{Order: o.ID, Sending: 1, Unsent: true})
	for _, state := range []order.State{order.Draft, order.Rejected, order.Cancelled, order.Confirmed, order.Closed} {
		refused(order.Report{Order: s.inState(state).ID, Sending: 9})
	}
}

func TestReportProblemUntilSolved(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	o = s.report(order.Report{Order: o.ID, Problem: "unknown article"})
	require.Equal(t, "unknown article", o.ERP.Problem)
	o = s.report(order.Report{Order: o.ID, State: "draft"})
	require.Equal(t, "unknown article", o.ERP.Problem, "nobody said that it is solved")
	o = s.report(order.Report{Order: o.ID, Solved: true})
	require.Empty(t, o.ERP.Problem)
}

func TestReportIsForMachines(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	for _, a := range []access.Actor{buyer, designer, operator, admin} {
		_, err := s.orders.ReportERP(s.ctx, a, order.Report{Order: o.ID, ID: "7"})
		require.ErrorIs(t, err, access.ErrForbidden, a.ID)
	}
	for _, a := range []access.Actor{stranger, {}} {
		_, err := s.orders.ReportERP(s.ctx, a, order.Report{Order: o.ID, ID: "7"})
		require.ErrorIs(t, err, order.ErrNotFound)
	}
	_, err := s.orders.ReportERP(s.ctx, machine, order.Report{Order: "none", ID: "7"})
	require.ErrorIs(t, err, order.ErrNotFound)
	require.Equal(t, document(t, o), document(t, s.get(o.ID)))
}
