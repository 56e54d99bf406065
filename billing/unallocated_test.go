package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
)

// The column payment of an order forgets a payment that was meant for another
// invoice, as the invoice does (A19 R20, R21).
func TestUnallocatedPaymentLeavesTheOrder(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.move(s.paid("768.00", d), billing.Confirm)
	require.Equal(t, order.PaymentConfirmed, s.get(d.Orders[0].Order).Payment())
	_, err := s.bills.Unallocate(s.ctx, operator, billing.UnallocateInput{Payment: p.ID, Document: d.ID, Reason: "meant for another"})
	require.NoError(t, err)
	o := s.get(d.Orders[0].Order)
	require.Equal(t, order.Unpaid, o.Paid())
	require.Equal(t, s.doc(d.ID).Payment, o.Payment())
	require.Empty(t, o.Payment())
	page, err := s.orders.Find(s.ctx, operator, order.Query{Payments: []order.PaymentState{order.PaymentConfirmed}})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
	s.audit()
}
