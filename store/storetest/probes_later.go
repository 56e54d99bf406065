package storetest

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

var deliveryProbes = map[string]probe{
	"Deliveries.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Deliveries().Get(ctx, sampleDelivery(1).ID)
		return wantErr(err, order.ErrNoDelivery)
	},
	"Deliveries.ByERP": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Deliveries().ByERP(ctx, sampleDelivery(1).ERP.ID)
		return wantErr(err, order.ErrNoDelivery)
	},
	"Deliveries.OfOrder": func(ctx context.Context, tx store.Tx) error {
		ds, err := tx.Deliveries().OfOrder(ctx, sampleDelivery(1).Order)
		return wantNone(len(ds), nil, err)
	},
	"Deliveries.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []order.DeliveryQuery{{}, {Partner: "p0001"}, {Order: "o0001"}, {Number: sampleDelivery(1).Number},
			{Tracking: sampleDelivery(1).Tracking}, {Kind: order.Outgoing}, {From: dawn}} {
			q.Page.Count = true
			page, err := tx.Deliveries().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Deliveries.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Deliveries().Save(ctx, sampleDelivery(1)))
	},
	"Threads.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Threads().Get(ctx, sampleThread(1).ID)
		return wantErr(err, thread.ErrNotFound)
	},
	"Threads.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []thread.Query{{}, {Partner: "p0001"}, {Kind: order.DocKind}, {Shared: true}} {
			q.Page.Count = true
			page, err := tx.Threads().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Threads.Holds": func(ctx context.Context, tx store.Tx) error {
		held, err := tx.Threads().Holds(ctx, hashOf(1))
		return wantNot(held, err)
	},
	"Threads.Save": func(ctx context.Context, tx store.Tx) error { return saved(tx.Threads().Save(ctx, sampleThread(1))) },
}

var billingProbes = map[string]probe{
	"Invoices.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Invoices().Get(ctx, sampleInvoice(1).ID)
		return wantErr(err, billing.ErrNotFound)
	},
	"Invoices.ByNumber": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Invoices().ByNumber(ctx, "acme", sampleInvoice(1).Number)
		return wantErr(err, billing.ErrNotFound)
	},
	"Invoices.ByERP": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Invoices().ByERP(ctx, sampleInvoice(1).ERP.ID)
		return wantErr(err, billing.ErrNotFound)
	},
	"Invoices.Chain": func(ctx context.Context, tx store.Tx) error {
		ds, err := tx.Invoices().Chain(ctx, "acme/inv", 1, 10)
		return wantNone(len(ds), nil, err)
	},
	"Invoices.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []billing.Query{{}, {Partner: "p0001"}, {Buyer: "b1"}, {Seller: "acme"}, {Number: sampleInvoice(1).Number},
			{Order: "o0001"}, {Open: new(true)}, {Sort: billing.ByDue}} {
			q.Page.Count = true
			page, err := tx.Invoices().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Invoices.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Invoices().Save(ctx, sampleInvoice(1)))
	},
	"Series.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Series().Get(ctx, sampleHead(1).ID)
		return wantErr(err, billing.ErrNoSeries)
	},
	"Series.Save": func(ctx context.Context, tx store.Tx) error { return saved(tx.Series().Save(ctx, sampleHead(1))) },
	"Turnover.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Turnover().Get(ctx, sampleTurnover(1).ID)
		return wantErr(err, pricing.ErrNoTurnover)
	},
	"Turnover.OfDocument": func(ctx context.Context, tx store.Tx) error {
		es, err := tx.Turnover().OfDocument(ctx, pricing.InvoiceTurnover, sampleTurnover(1).Document.ID, 0, 10)
		return wantNone(len(es), nil, err)
	},
	"Turnover.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []pricing.TurnoverSearch{{}, {Partner: "p0001"}, {Currency: "EUR", Oldest: true}, {Kind: pricing.InvoiceTurnover},
			{Document: sampleTurnover(1).Document.ID}, {From: sampleTurnover(1).Day}} {
			q.Page.Count = true
			page, err := tx.Turnover().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Turnover.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Turnover().Save(ctx, sampleTurnover(1)))
	},
	"Payments.Get": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Payments().Get(ctx, samplePayment(1).ID)
		return wantErr(err, billing.ErrNoPayment)
	},
	"Payments.ByERP": func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Payments().ByERP(ctx, samplePayment(1).ERP.ID)
		return wantErr(err, billing.ErrNoPayment)
	},
	"Payments.Find": func(ctx context.Context, tx store.Tx) error {
		for _, q := range []billing.PaymentQuery{{}, {Partner: "p0001"}, {Buyer: "b1"}, {Number: samplePayment(1).Number},
			{Document: "i0001"}, {States: []order.PaymentState{order.PaymentAwaiting}}} {
			q.Page.Count = true
			page, err := tx.Payments().Find(ctx, q)
			if err := wantNone(len(page.Rows), page.Total, err); err != nil {
				return err
			}
		}
		return nil
	},
	"Payments.Save": func(ctx context.Context, tx store.Tx) error {
		return saved(tx.Payments().Save(ctx, samplePayment(1)))
	},
}

var inboxProbes = map[string]probe{
	"Inbox.Cursor": func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Inbox().Cursor(ctx, stream)
		return wantNone(int(c.Version)+len(c.Value), nil, err)
	},
	"Inbox.Cursors": func(ctx context.Context, tx store.Tx) error {
		cs, err := tx.Inbox().Cursors(ctx, "", "", uow.MaxPage)
		return wantNone(len(cs), nil, err)
	},
	"Inbox.Move": func(ctx context.Context, tx store.Tx) error {
		return tx.Inbox().Move(ctx, event.Cursor{Stream: stream, Value: []byte("ours")})
	},
	"Inbox.Park":   func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Park(ctx, sampleParked(1)) },
	"Inbox.Unpark": func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Unpark(ctx, sampleParked(1).ID, 99) },
	"Inbox.Awaiting": func(ctx context.Context, tx store.Tx) error {
		ps, err := tx.Inbox().Awaiting(ctx, sampleParked(1).Awaits)
		return wantNone(len(ps), nil, err)
	},
	"Inbox.Waits": func(ctx context.Context, tx store.Tx) error {
		_, is, err := tx.Inbox().Waits(ctx, sampleParked(1).ID)
		if is {
			err = errors.Join(err, errors.New("it waits"))
		}
		return err
	},
	"Inbox.Parked": func(ctx context.Context, tx store.Tx) error {
		ps, _, err := tx.Inbox().Parked(ctx, "", uow.MaxPage)
		return wantNone(len(ps), nil, err)
	},
}
