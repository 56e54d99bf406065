package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
)

// What had left of an order that the ERP cancelled is invoiced, under either
// policy, and no more.
func TestWhatLeftOfACancelledOrderIsInvoiced(t *testing.T) {
	for _, policy := range []order.InvoicePolicy{order.OnDelivery, order.OnOrder} {
		t.Run(string(policy), func(t *testing.T) {
			s := newShop(t, settings{orders: &order.Options{Invoice: policy}})
			o := s.sold(buyer, "3 OVEN")
			s.ship(o.ID, "1")
			_, err := s.orders.ReportERP(s.ctx, machine, order.Report{Order: o.ID, State: "cancelled"})
			require.NoError(t, err)
			d := s.issued(o.ID)
			require.Equal(t, "1", d.Lines[0].Quantity.String())
			require.Equal(t, order.FullyInvoiced, s.get(o.ID).Invoiced())
			_, err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
			require.ErrorIs(t, err, billing.ErrNothingDue)
		})
	}
}
