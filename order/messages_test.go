package order_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

func (s *shop) post(a access.Actor, doc thread.Doc, text string) (thread.Message, error) {
	return s.orders.Post(s.ctx, a, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: text}})
}

// A21 R65: orders and deliveries have threads of their own; what one does not
// see has none, and its existence does not show.
func TestCorrespondenceOnOrdersAndDeliveries(t *testing.T) {
	s := newShop(t, nil)
	o := s.inState(order.Confirmed)
	d := order.Delivery{ID: "d-1", Order: o.ID, OrderRef: o.Ref, Partner: "nord", Kind: order.Outgoing, State: order.Shipped, Number: "1"}
	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Deliveries().Save(ctx, d)
		return err
	}))
	onOrder, onDelivery := order.DocOf(o.ID), order.DeliveryDocOf(d.ID)
	for _, c := range []struct {
		doc    thread.Doc
		absent error
	}{{onOrder, order.ErrNotFound}, {onDelivery, order.ErrNoDelivery}} {
		_, err := s.post(buyer, c.doc, "hello "+c.doc.Kind)
		require.NoError(t, err)
		got, err := s.orders.Thread(s.ctx, operator, c.doc)
		require.NoError(t, err)
		require.Len(t, got.Messages, 1)
		require.Equal(t, "hello "+c.doc.Kind, got.Messages[0].Text)
		for _, doc := range []thread.Doc{c.doc, {Kind: c.doc.Kind, ID: "none"}} {
			who := stranger
			if doc.ID == "none" {
				who = operator
			}
			_, err = s.orders.Thread(s.ctx, who, doc)
			require.ErrorIs(t, err, c.absent)
			_, err = s.post(who, doc, "x")
			require.ErrorIs(t, err, c.absent)
			_, err = s.orders.MarkRead(s.ctx, who, doc, "")
			require.ErrorIs(t, err, c.absent)
			_, err = s.orders.ReportMessage(s.ctx, who, order.MessageReport{Doc: doc, Incoming: thread.Incoming{ERP: "1", Text: "x"}})
			require.ErrorIs(t, err, c.absent)
		}
	}
	_, err := s.post(operator, thread.Doc{Kind: "invoice", ID: "1"}, "x")
	require.Equal(t, []string{"doc.kind unknown"}, issues(err))

	page, err := s.orders.FindThreads(s.ctx, buyer, thread.Query{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 2)
	unread, err := s.orders.Unread(s.ctx, operator, onOrder.Thread(), onDelivery.Thread())
	require.NoError(t, err)
	require.Equal(t, map[thread.ID]int{onOrder.Thread(): 1, onDelivery.Thread(): 1}, unread)
	_, err = s.orders.MarkRead(s.ctx, operator, onOrder, "")
	require.NoError(t, err)
	unread, err = s.orders.Unread(s.ctx, operator, onOrder.Thread(), onDelivery.Thread())
	require.NoError(t, err)
	require.Equal(t, map[thread.ID]int{onOrder.Thread(): 0, onDelivery.Thread(): 1}, unread)
}

// Correspondence goes on in every state, and leaves the order as it is.
func TestMessagesInEveryState(t *testing.T) {
	s := newShop(t, &order.Options{MaxMessages: 2})
	for _, st := range everyState {
		o := s.inState(st)
		_, err := s.post(buyer, order.DocOf(o.ID), "x")
		require.NoError(t, err, st)
		_, err = s.post(operator, order.DocOf(o.ID), "y")
		require.NoError(t, err, st)
		_, err = s.post(operator, order.DocOf(o.ID), "z")
		require.ErrorIs(t, err, thread.ErrFull)
		require.Equal(t, o, s.get(o.ID))
	}
}
