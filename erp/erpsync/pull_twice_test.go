package erpsync_test

import (
	"cmp"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/order"
)

// rekeyed tells of orders under other keys.
type rekeyed struct {
	whole
	keys map[string]string
}

func (a *rekeyed) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	page, err := a.whole.PullOrders(ctx, after, limit)
	for i, r := range page.Rows {
		page.Rows[i].Key = cmp.Or(a.keys[r.Key], r.Key)
	}
	return page, err
}

// An ERP without unique keys ended with two documents of one order. The second
// one does not take the first one's place, and that the ERP's people cancel it
// does not cancel the order.
func TestSecondDocumentOfAnOrder(t *testing.T) {
	keys := map[string]string{} // what the ERP tells instead
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { return &rekeyed{in.(whole), keys} }})
	id := w.confirmed(1, 1)
	first := w.twin(id)
	again := first.Order
	again.Key += "-again"
	second, err := w.books.Adapter().(erp.OrderPusher).PushOrder(w.ctx, again)
	require.NoError(t, err)
	keys[again.Key] = first.Order.Key
	require.NotEqual(t, first.ID, second.ID)
	w.sync()
	require.Equal(t, first.ID, w.get(id).ERP.ID)
	require.Len(t, w.parked(), 1)
	require.Contains(t, w.parked()[0].Cause, "document "+first.ID)

	require.True(t, w.books.Cancel(second.ID, "made twice"))
	w.sync()
	require.Empty(t, w.parked())
	require.Equal(t, order.Confirmed, w.get(id).State)
	require.Equal(t, first.ID, w.get(id).ERP.ID)
	w.picks(first.ID)
	w.sync()
	require.Equal(t, order.FullyDelivered, w.get(id).Delivered())
}

func (a *rekeyed) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	page, err := a.whole.PullPayments(ctx, after, limit)
	for i, r := range page.Rows {
		page.Rows[i].Key = cmp.Or(a.keys[r.Key], r.Key)
	}
	return page, err
}

// A payment of ours that the ERP booked twice counts once, is shown, and is not
// refused when its second booking is.
func TestPaymentBookedTwice(t *testing.T) {
	for mode, up := range map[string]setup{"keys": {}, "short ids": {short: true}} {
		t.Run(mode, func(t *testing.T) {
			keys := map[string]string{}
			up.wrap = func(_ *world, in erp.Adapter) erp.Adapter { return &rekeyed{in.(whole), keys} }
			w := newWorld(t, up)
			id := w.confirmed(1, 1)
			w.picks(w.twin(id).ID)
			w.posts(id)
			w.sync()
			p := w.paid(w.docs()[0], dec("10"))
			w.sync()
			booked := w.books.Payments()[0]
			again := booked
			again.Head = erp.Head{Key: "again-" + booked.Key, Number: booked.Number}
			keys[again.Key] = booked.Key
			_, err := w.books.Adapter().(erp.PaymentPusher).PushPayment(w.ctx, again)
			require.NoError(t, err)
			w.sync()
			got := w.payments()
			require.Len(t, got, 1)
			require.Equal(t, booked.ID, got[0].ERP.ID)
			require.Len(t, w.parked(), 1)
			require.Contains(t, w.parked()[0].Cause, p.Number+" is document "+booked.ID)

			require.True(t, w.books.TakeBack(w.books.Payments()[1].ID, erp.PaymentFailed))
			w.sync()
			require.Empty(t, w.parked())
			require.Equal(t, order.PaymentConfirmed, w.payments()[0].State)
		})
	}
}
