package storetest

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

// laterKinds are the kinds of documents that follow an order.
func laterKinds() []kind {
	deliveries := kindOf(order.DeliveryDocKind, typed[order.Delivery]{
		sample: sampleDelivery,
		head:   func(d *order.Delivery) (*string, *int64) { return (*string)(&d.ID), &d.Version },
		edit:   func(d *order.Delivery, n int) { d.Note = fmt.Sprint("note ", n) },
		twin:   func(*order.Delivery) {},
		get: func(ctx context.Context, tx store.Tx, id string) (order.Delivery, error) {
			return tx.Deliveries().Get(ctx, order.DeliveryID(id))
		},
		save: func(ctx context.Context, tx store.Tx, d order.Delivery) (order.Delivery, error) {
			return tx.Deliveries().Save(ctx, d)
		},
		notFound: order.ErrNoDelivery, exists: order.ErrDeliveryExists,
	})
	threads := kindOf(thread.DocKind, typed[thread.Thread]{
		sample: sampleThread,
		head:   func(t *thread.Thread) (*string, *int64) { return (*string)(&t.ID), &t.Version },
		edit:   func(t *thread.Thread, n int) { t.Partner = access.PartnerID(fmt.Sprint("p", n)) },
		get: func(ctx context.Context, tx store.Tx, id string) (thread.Thread, error) {
			return tx.Threads().Get(ctx, thread.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, t thread.Thread) (thread.Thread, error) {
			return tx.Threads().Save(ctx, t)
		},
		notFound: thread.ErrNotFound, exists: thread.ErrExists,
	})
	invoices := kindOf(billing.DocKind, typed[billing.Document]{
		sample: sampleInvoice,
		head:   func(d *billing.Document) (*string, *int64) { return (*string)(&d.ID), &d.Version },
		edit:   func(d *billing.Document, n int) { d.Customer = fmt.Sprint("FR", n) },
		twin:   func(*billing.Document) {},
		get: func(ctx context.Context, tx store.Tx, id string) (billing.Document, error) {
			return tx.Invoices().Get(ctx, billing.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, d billing.Document) (billing.Document, error) {
			return tx.Invoices().Save(ctx, d)
		},
		notFound: billing.ErrNotFound, exists: billing.ErrExists,
	})
	heads := kindOf(billing.SeriesDocKind, typed[billing.Head]{
		sample: sampleHead,
		head:   func(h *billing.Head) (*string, *int64) { return (*string)(&h.ID), &h.Version },
		edit:   func(h *billing.Head, n int) { h.Counter = int64(n) },
		get: func(ctx context.Context, tx store.Tx, id string) (billing.Head, error) {
			return tx.Series().Get(ctx, billing.HeadID(id))
		},
		save: func(ctx context.Context, tx store.Tx, h billing.Head) (billing.Head, error) {
			return tx.Series().Save(ctx, h)
		},
		notFound: billing.ErrNoSeries, exists: billing.ErrSeriesExists,
	})
	payments := kindOf(billing.PaymentDocKind, typed[billing.Payment]{
		sample: samplePayment,
		head:   func(p *billing.Payment) (*string, *int64) { return (*string)(&p.ID), &p.Version },
		edit:   func(p *billing.Payment, n int) { p.Note = fmt.Sprint("note ", n) },
		twin:   func(*billing.Payment) {},
		get: func(ctx context.Context, tx store.Tx, id string) (billing.Payment, error) {
			return tx.Payments().Get(ctx, billing.PaymentID(id))
		},
		save: func(ctx context.Context, tx store.Tx, p billing.Payment) (billing.Payment, error) {
			return tx.Payments().Save(ctx, p)
		},
		notFound: billing.ErrNoPayment, exists: billing.ErrPaymentExists,
	})
	turnover := kindOf(pricing.TurnoverKind, typed[pricing.TurnoverEntry]{
		sample: sampleTurnover,
		head:   func(e *pricing.TurnoverEntry) (*string, *int64) { return (*string)(&e.ID), &e.Version },
		edit:   func(e *pricing.TurnoverEntry, n int) { e.Document.Number = fmt.Sprint("INV-", n) },
		twin:   func(*pricing.TurnoverEntry) {},
		get: func(ctx context.Context, tx store.Tx, id string) (pricing.TurnoverEntry, error) {
			return tx.Turnover().Get(ctx, pricing.TurnoverID(id))
		},
		save: func(ctx context.Context, tx store.Tx, e pricing.TurnoverEntry) (pricing.TurnoverEntry, error) {
			return tx.Turnover().Save(ctx, e)
		},
		notFound: pricing.ErrNoTurnover, exists: pricing.ErrTurnoverExists,
	})
	return append([]kind{deliveries, threads, invoices, heads, payments, turnover}, codeKinds()...)
}

// The places of the kinds in kinds.
const (
	atOrders     = 4
	atDeliveries = 5
	atThreads    = 6
	atInvoices   = 7
	atPayments   = 9
	atTurnover   = 10
)
