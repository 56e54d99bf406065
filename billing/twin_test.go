package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
)

// A second document of ours in the ERP never takes the place of the first, so
// that what is done to the one there is not taken for the other's.
func TestSecondTwinNeverTakesTheFirstsPlace(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "2 OVEN")
	s.ship(o.ID)
	d := s.issued(o.ID)
	_, err := s.bills.ReportInvoiceTwin(s.ctx, machine, d.ID, order.Twin{ID: "1", State: "posted"})
	require.NoError(t, err)
	before := s.doc(d.ID)
	_, err = s.bills.ReportInvoiceTwin(s.ctx, machine, d.ID, order.Twin{ID: "2", State: "cancelled"})
	require.ErrorIs(t, err, billing.ErrExists)
	require.Equal(t, before, s.doc(d.ID))

	p, err := s.bills.Pay(s.ctx, buyer, billing.PayInput{Amount: d.Totals.Payable, Method: billing.Transfer, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(t, err)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	require.NoError(t, err)
	_, err = s.bills.ReportPaymentTwin(s.ctx, machine, p.ID, order.Twin{ID: "7", State: "posted"})
	require.NoError(t, err)
	_, err = s.bills.ReportPaymentTwin(s.ctx, machine, p.ID, order.Twin{ID: "8", State: "failed"})
	require.ErrorIs(t, err, billing.ErrPaymentExists)
	got, err := s.bills.GetPayment(s.ctx, operator, p.ID)
	require.NoError(t, err)
	require.Equal(t, "7", got.ERP.ID)
}

// An invoice of the ERP names orders of one partner only: nobody reads of
// another's.
func TestMirrorIsOfOnePartner(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "3 THIRD")
	in := report(o, "E1", "3")
	in.Partner = "sud"
	_, err := s.bills.ReportInvoice(s.ctx, machine, in)
	require.ErrorIs(t, err, billing.ErrMixed)
	require.Equal(t, order.NotInvoiced, s.get(o.ID).Invoiced())
}
