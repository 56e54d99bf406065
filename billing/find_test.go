package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

func TestEachSideSeesItsOwnDocuments(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	ours, theirs := s.issued(s.sold(buyer, "1 OVEN").ID), s.issued(s.sold(stranger, "1 OVEN").ID)
	find := func(a access.Actor, q billing.Query) []billing.ID {
		page, err := s.bills.Find(s.ctx, a, q)
		require.NoError(t, err)
		var out []billing.ID
		for _, h := range page.Rows {
			out = append(out, h.ID)
		}
		return out
	}
	require.Equal(t, []billing.ID{theirs.ID, ours.ID}, find(operator, billing.Query{}))
	require.Equal(t, []billing.ID{ours.ID}, find(buyer, billing.Query{}))
	require.Equal(t, []billing.ID{ours.ID}, find(buyer, billing.Query{Partner: "nord"}))
	require.Empty(t, find(buyer, billing.Query{Partner: "sud"}))
	require.Empty(t, find(designer, billing.Query{}))
	require.Equal(t, []billing.ID{ours.ID}, find(operator, billing.Query{Order: ours.Orders[0].Order}))
	page, err := s.bills.Find(s.ctx, designer, billing.Query{Page: uow.PageRequest{Count: true}})
	require.NoError(t, err)
	require.Equal(t, &uow.Total{}, page.Total)

	for _, a := range []access.Actor{stranger, designer, {}} {
		_, err := s.bills.Get(s.ctx, a, ours.ID)
		require.ErrorIs(t, err, billing.ErrNotFound)
		_, err = s.bills.GetByNumber(s.ctx, a, "", ours.Number)
		require.ErrorIs(t, err, billing.ErrNotFound)
	}
	got, err := s.bills.GetByNumber(s.ctx, buyer, "acme", ours.Number)
	require.NoError(t, err)
	require.Equal(t, ours, got)
	_, err = s.bills.Find(s.ctx, operator, billing.Query{Kind: "x", Payments: []order.PaymentState{"x"}, Sort: "x",
		From: partner.MustDate("2026-01-02"), Until: partner.MustDate("2026-01-01")})
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, []string{"kind unknown", "payments unknown", "until range", "sort unknown"}, issuesOf(err))
}

func TestMessagesOnAnInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	d := s.issued(s.sold(buyer, "1 OVEN").ID)
	post := func(a access.Actor, text string, internal bool) error {
		_, err := s.bills.Post(s.ctx, a, billing.PostInput{Document: d.ID, PostInput: thread.PostInput{Text: text, Internal: internal}})
		return err
	}
	require.ErrorIs(t, post(stranger, "hello", false), billing.ErrNotFound)
	require.NoError(t, post(buyer, "why 768.00?", false))
	require.NoError(t, post(operator, "he asks each year", true))
	require.Equal(t, []string{"message.push_requested", "message.push_requested"}, types(s.events(event.ERP), "message."))
	_, err := s.bills.ReportMessage(s.ctx, machine, d.ID, thread.Incoming{ERP: "M1", Author: "Ines", Text: "20 % VAT"})
	require.NoError(t, err)
	_, err = s.bills.ReportMessage(s.ctx, machine, d.ID, thread.Incoming{ERP: "M1", Author: "Ines", Text: "20 % VAT"})
	require.NoError(t, err)

	theirs, err := s.bills.Thread(s.ctx, buyer, d.ID)
	require.NoError(t, err)
	require.Len(t, theirs.Messages, 2)
	require.Equal(t, 1, theirs.Unread(buyer))
	theirs, err = s.bills.MarkRead(s.ctx, buyer, d.ID, "")
	require.NoError(t, err)
	require.Zero(t, theirs.Unread(buyer))
	whole, err := s.bills.Thread(s.ctx, operator, d.ID)
	require.NoError(t, err)
	require.Len(t, whole.Messages, 3)
	_, err = s.bills.Thread(s.ctx, designer, d.ID)
	require.ErrorIs(t, err, billing.ErrNotFound, "who may not see the invoice")
}
