package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// A cancelled or rejected order wants nothing any more: its ledgers and axes
// say so, under either policy, and what has left stays to be paid.
func TestCancelledOrdersWantNothing(t *testing.T) {
	for _, policy := range []order.InvoicePolicy{order.OnDelivery, order.OnOrder} {
		t.Run(string(policy), func(t *testing.T) {
			s := newShop(t, &order.Options{Invoice: policy})
			o := s.asked(3, 0)
			s.events(event.Facts)
			o = s.advance(buyer, o.ID, order.Cancel)
			require.Equal(t, [6]string{"0", "0", "0", "3", "0", "0"}, stands(o.Lines[0]))
			require.Equal(t, order.Axes{Delivered: order.NothingToDeliver, Invoiced: order.NothingDue, Paid: order.NothingBilled}, o.Axes())
			require.Equal(t, o.Axes(), one[order.AxesChanged](s, s.events(event.Facts)).Axes)

			o = s.sold(3, 0)
			s.ship(order.ShipInput{Order: o.ID, Lines: some(o, 1)})
			_, err := s.bill(invoice(t, o, "1", 2))
			require.NoError(t, err)
			s.report(order.Report{Order: o.ID, Sequence: 1, Lines: []order.LineReport{{Line: o.Lines[0].ID, Reserved: pieces(2)}}})
			s.events(event.Facts)
			o = s.report(order.Report{Order: o.ID, Sequence: 2, State: "cancelled"})
			require.Equal(t, [6]string{"0", "0", "1", "2", "0", "0"}, stands(o.Lines[0]))
			require.Equal(t, order.FullyDelivered, o.Delivered())
			require.Equal(t, order.ToCredit, o.Invoiced(), "two are invoiced, one was shipped")
			require.Equal(t, o.Axes(), one[order.AxesChanged](s, s.events(event.Facts)).Axes)

			// What the ERP had shipped before is told late, and counts.
			s.delivered(order.DeliveryReport{Order: o.ID, Twin: order.Twin{ID: "t1", Sequence: 1}, State: order.Shipped, Lines: some(o, 1)})
			o = s.get(o.ID)
			require.Equal(t, [6]string{"0", "0", "2", "1", "0", "0"}, stands(o.Lines[0]))
			require.Equal(t, order.FullyInvoiced, o.Invoiced())
		})
	}
}

// What is given up before the relay has brought the order to the ERP is told
// as well: the order arrives there with all it had.
func TestCancelRestOfAnOrderOnItsWay(t *testing.T) {
	s := newShop(t, nil)
	o := s.asked(5, 0)
	s.advance(operator, o.ID, order.Validate)
	s.events(event.ERP)
	_, err := s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: o.ID, Lines: some(o, 2), Reason: "because"})
	require.NoError(t, err)
	require.Equal(t, o.ID, one[order.RestCancelRequested](s, s.events(event.ERP)).Order)
}

// What an ERP shipped before the order was validated counts anew when the
// quantity grows: nobody ships it twice.
func TestReviseCountsWhatWasShipped(t *testing.T) {
	s := newShop(t, nil)
	o := s.asked(3, 0)
	s.delivered(order.DeliveryReport{Order: o.ID, Twin: order.Twin{ID: "t1", Sequence: 1}, State: order.Shipped, Lines: some(o, 5)})
	require.Equal(t, [6]string{"0", "0", "3", "0", "0", "2"}, stands(s.get(o.ID).Lines[0]))
	s.events(event.Facts)
	six := pieces(6)
	now, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: o.Lines[0].ID, Quantity: &six}}})
	require.NoError(t, err)
	require.Equal(t, [6]string{"1", "0", "5", "0", "0", "0"}, stands(now.Lines[0]))
	require.Equal(t, order.PartlyDelivered, now.Delivered())
	require.Equal(t, now.Axes(), one[order.AxesChanged](s, s.events(event.Facts)).Axes)
	ds, err := s.orders.Deliveries(s.ctx, operator, o.ID)
	require.NoError(t, err)
	require.True(t, ds[0].Lines[0].Excess.IsZero())
}
