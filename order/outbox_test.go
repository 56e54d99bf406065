package order_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// work drains the relay's topic and reads it.
func (s *shop) work() []order.SyncRequested {
	s.t.Helper()
	var out []order.SyncRequested
	for _, d := range s.events(event.ERP) {
		require.Equal(s.t, "order.sync_requested", d.Type)
		var job order.SyncRequested
		require.NoError(s.t, json.Unmarshal(d.Data, &job))
		require.Equal(s.t, "order/"+string(job.Order), d.Subject)
		out = append(out, job)
	}
	return out
}

// What each step asks of the relay: a push when the order is submitted or
// validated, a withdrawal when it ends after it was submitted, and nothing of
// drafts and of what the ERP itself reported.
func TestWorkForTheRelay(t *testing.T) {
	note := "by the back door"
	push := func(o order.Order, revision int) []order.SyncRequested {
		return []order.SyncRequested{{Order: o.ID, Ref: o.Ref, Revision: revision}}
	}
	away := func(o order.Order, revision int, reason string) []order.SyncRequested {
		return []order.SyncRequested{{Order: o.ID, Ref: o.Ref, Revision: revision, Withdraw: true, Reason: reason}}
	}
	type act func(s *shop, o order.Order)
	fire := func(a access.Actor, on order.Trigger) act {
		return func(s *shop, o order.Order) { s.advance(a, o.ID, on) }
	}
	revise := func(s *shop, o order.Order) {
		_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Note: &note})
		require.NoError(s.t, err)
	}
	remove := func(s *shop, o order.Order) {
		require.NoError(s.t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID, Reason: "gone"}))
	}
	steps := func(all ...act) act {
		return func(s *shop, o order.Order) {
			for _, do := range all {
				do(s, o)
			}
		}
	}
	for _, c := range []struct {
		name  string
		from  order.State
		first act
		then  act
		want  func(order.Order) []order.SyncRequested
	}{
		{"submit a draft", order.Draft, nil, fire(buyer, order.Submit), func(o order.Order) []order.SyncRequested { return push(o, 1) }},
		{"revise a draft", order.Draft, nil, revise, nil},
		{"cancel a draft", order.Draft, nil, fire(buyer, order.Cancel), nil},
		{"delete a draft", order.Draft, nil, remove, nil},
		{"revise a submitted order", order.Awaiting, nil, revise, func(o order.Order) []order.SyncRequested { return push(o, 2) }},
		{"validate", order.Awaiting, nil, fire(operator, order.Validate), func(o order.Order) []order.SyncRequested { return push(o, 1) }},
		{"reject", order.Awaiting, nil, fire(operator, order.Reject), func(o order.Order) []order.SyncRequested { return away(o, 1, "because") }},
		{"cancel a submitted order", order.Awaiting, nil, fire(buyer, order.Cancel), func(o order.Order) []order.SyncRequested { return away(o, 1, "because") }},
		{"delete a submitted order", order.Awaiting, nil, remove, func(o order.Order) []order.SyncRequested { return away(o, 1, "gone") }},
		{"recall", order.Awaiting, nil, fire(buyer, order.Recall), nil},
		{"revise what was recalled", order.Awaiting, fire(buyer, order.Recall), revise, nil},
		{"cancel what was recalled", order.Awaiting, fire(buyer, order.Recall), fire(buyer, order.Cancel), func(o order.Order) []order.SyncRequested { return away(o, 1, "because") }},
		{"delete what was recalled", order.Awaiting, fire(buyer, order.Recall), remove, func(o order.Order) []order.SyncRequested { return away(o, 1, "gone") }},
		{"submit again", order.Awaiting, steps(fire(buyer, order.Recall), revise), fire(buyer, order.Submit), func(o order.Order) []order.SyncRequested { return push(o, 2) }},
		{"confirm", order.Validated, nil, fire(machine, order.Confirm), nil},
		{"undo a validation", order.Validated, nil, fire(admin, order.Cancel), func(o order.Order) []order.SyncRequested { return away(o, 1, "because") }},
		{"close", order.Confirmed, nil, fire(machine, order.Close), nil},
		{"cancel a confirmed order", order.Confirmed, nil, fire(admin, order.Cancel), func(o order.Order) []order.SyncRequested { return away(o, 1, "because") }},
		{"cancelled in the ERP", order.Confirmed, nil, func(s *shop, o order.Order) {
			_, err := s.orders.ReportERP(s.ctx, machine, order.Report{Order: o.ID, State: "cancelled"})
			require.NoError(s.t, err)
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, nil)
			o := s.inState(c.from)
			if c.first != nil {
				c.first(s, o)
			}
			s.work()
			c.then(s, o)
			var want []order.SyncRequested
			if c.want != nil {
				want = c.want(o)
			}
			require.Equal(t, want, s.work())
		})
	}
}

// A withdrawal carries what is known of the twin, since a deleted order can no
// longer be read.
func TestWithdrawalNamesTheTwin(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	_, err := s.orders.ReportERP(s.ctx, machine, order.Report{Order: o.ID, Sending: 1})
	require.NoError(t, err)
	_, err = s.orders.ReportERP(s.ctx, machine, order.Report{Order: o.ID, Revision: 1, ID: "77", State: "draft"})
	require.NoError(t, err)
	s.work()
	require.NoError(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID, Reason: "mistake"}))
	require.Equal(t, []order.SyncRequested{{Order: o.ID, Ref: o.Ref, Revision: 1, Withdraw: true, ERPID: "77", Sent: 1, Reason: "mistake"}}, s.work())
}

// The events of one order stand in the order of its versions, deletion last.
func TestEventsFollowTheVersions(t *testing.T) {
	s := newShop(t, nil)
	s.events(event.Facts)
	o := s.placed(buyer)
	two := money.QuantityOf(2)
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: o.Lines[0].ID, Quantity: &two}}})
	require.NoError(t, err)
	s.advance(buyer, o.ID, order.Recall)
	require.NoError(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}))
	var got []string
	last := int64(0)
	for _, d := range s.events(event.Facts) {
		if d.Subject != "order/"+string(o.ID) {
			continue
		}
		require.Equal(t, last+1, d.Version)
		last = d.Version
		got = append(got, d.Type)
	}
	require.Equal(t, []string{"order.placed", "order.revised", "order.advanced", "order.deleted"}, got)
}
