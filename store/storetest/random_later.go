package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// variedLater makes the next content of a document that follows an order.
// Numbers, twins and places in a chain collide now and then.
func (d *duel) variedLater(k kind, v any) any {
	odd := fmt.Sprint("x", d.r.IntN(3*pool))
	switch v := v.(type) {
	case order.Delivery:
		v.Order, v.State = order.ID(fmt.Sprint("o", d.r.IntN(2))), pick(d.r, order.Planned, order.Shipped)
		v.ERP.ID = pick(d.r, "", odd)
		return v
	case thread.Thread:
		v.Partner, v.Messages = pick(d.r, v.Partner, "p0"), v.Messages[:d.r.IntN(3)]
		return v
	case billing.Document:
		v.Number, v.ERP.ID = odd, pick(d.r, "", "", odd)
		v.Chain.Position = int64(d.r.IntN(3 * pool))
		v.Paid, v.Void = pick(d.r, v.Paid, v.Totals.Payable, money.FromMinor(1, euro)), d.r.IntN(5) == 0
		v.Orders[0].Order = order.ID(fmt.Sprint("o", d.r.IntN(2)))
		return v
	case billing.Payment:
		v.Number, v.ERP.ID, v.State = odd, pick(d.r, "", odd), pick(d.r, order.PaymentAwaiting, order.PaymentConfirmed)
		v.Allocations[0].Document = pick[billing.ID](d.r, "i1", "i2")
		return v
	case pricing.TurnoverEntry:
		v.Partner, v.Day = partner.ID(fmt.Sprint("p", d.r.IntN(2))), sampleTurnover(d.r.IntN(3)).Day
		v.Document.ID, v.Revision = fmt.Sprint("i", d.r.IntN(pool)), int64(d.r.IntN(4))
		return v
	case pricing.Campaign:
		v.Prefix, v.Active = pick(d.r, "", "X"+odd[1:]), d.r.IntN(2) == 0
		return v
	case pricing.Redemption:
		v.Cart, v.Code = pick[pricing.CartID](d.r, "c0", "c1"), pick[pricing.CodeID](d.r, "A", "B")
		v.State = pick(d.r, pricing.CodeReserved, pricing.CodeLapsed, pricing.CodeConfirmed, pricing.CodeReleased)
		return v
	default:
		return k.edit(v, d.n)
	}
}

// listLater makes a random list or look-up of what follows an order.
func (d *duel) listLater(n, limit int) act {
	switch d.r.IntN(9) {
	case 5:
		q := pricing.TurnoverSearch{Partner: pick[partner.ID](d.r, "", "p0"), Oldest: d.r.IntN(2) == 0,
			From: pick(d.r, partner.Date{}, sampleTurnover(1).Day), Known: pick(d.r, time.Time{}, sampleTurnover(3).Known)}
		return act{fmt.Sprintf("turnover %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[pricing.TurnoverEntry], error) {
				q.Page = p
				return tx.Turnover().Find(ctx, q)
			})
		}}
	case 6:
		id, from := fmt.Sprint("i", d.r.IntN(pool)), int64(d.r.IntN(3))
		return act{fmt.Sprint("turnover of ", id, " from ", from), func(ctx context.Context, tx store.Tx) (any, error) {
			return tx.Turnover().OfDocument(ctx, pricing.InvoiceTurnover, id, from, 1+limit)
		}}
	case 7, 8:
		return d.listCodes(limit)
	case 0:
		q := order.DeliveryQuery{Order: pick[order.ID](d.r, "", "o0"), States: pick(d.r, nil, []order.DeliveryState{order.Planned})}
		return act{fmt.Sprintf("deliveries %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[order.DeliveryHeader], error) {
				q.Page = p
				return tx.Deliveries().Find(ctx, q)
			})
		}}
	case 1:
		q := thread.Query{Shared: d.r.IntN(2) == 0}
		return act{fmt.Sprintf("threads %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[thread.Header], error) {
				q.Page = p
				return tx.Threads().Find(ctx, q)
			})
		}}
	case 2:
		q := billing.Query{Order: pick[order.ID](d.r, "", "o0"), Open: pick(d.r, nil, new(true)), DueUntil: pick(d.r, partner.Date{}, sampleInvoice(3).Due),
			Sort: pick(d.r, billing.NewestFirst, billing.OldestFirst, billing.ByDue)}
		return act{fmt.Sprintf("invoices %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[billing.Header], error) {
				q.Page = p
				return tx.Invoices().Find(ctx, q)
			})
		}}
	case 3:
		q := billing.PaymentQuery{Document: pick[billing.ID](d.r, "", "i1"), Sort: pick(d.r, billing.NewestFirst, billing.OldestFirst)}
		return act{fmt.Sprintf("payments %+v", q), func(ctx context.Context, tx store.Tx) (any, error) {
			return paged(limit, func(p uow.PageRequest) (uow.Page[billing.Payment], error) {
				q.Page = p
				return tx.Payments().Find(ctx, q)
			})
		}}
	case 4:
		from := int64(d.r.IntN(pool))
		return act{fmt.Sprint("chain from ", from), func(ctx context.Context, tx store.Tx) (any, error) {
			return tx.Invoices().Chain(ctx, "acme/inv", from, 1+limit)
		}}
	default:
		f := pick(d.r, finders()...)
		text := pick(d.r, f.by(n), fmt.Sprint("x", d.r.IntN(3*pool)))
		return act{f.name + " " + text, func(ctx context.Context, tx store.Tx) (any, error) { return f.find(ctx, tx, text) }}
	}
}

// inbox makes an act on the inbox.
func (d *duel) inbox(n int) act {
	p := sampleParked(n)
	p.Sequence = int64(d.r.IntN(4))
	switch d.r.IntN(6) {
	case 0:
		to := fmt.Sprint("page ", d.n)
		return act{"move to " + to, func(ctx context.Context, tx store.Tx) (any, error) { return nil, moveOn(ctx, tx, to) }}
	case 1:
		version := int64(d.r.IntN(4))
		return act{fmt.Sprint("move from ", version), func(ctx context.Context, tx store.Tx) (any, error) {
			return nil, tx.Inbox().Move(ctx, event.Cursor{Stream: stream, Version: version})
		}}
	case 2, 3:
		return act{fmt.Sprint("park ", p.ID, p.Sequence), func(ctx context.Context, tx store.Tx) (any, error) { return nil, tx.Inbox().Park(ctx, p) }}
	case 4:
		return act{fmt.Sprint("unpark ", p.ID, p.Sequence), func(ctx context.Context, tx store.Tx) (any, error) {
			return nil, tx.Inbox().Unpark(ctx, p.ID, p.Sequence)
		}}
	default:
		return act{"awaiting " + p.Awaits, func(ctx context.Context, tx store.Tx) (any, error) { return tx.Inbox().Awaiting(ctx, p.Awaits) }}
	}
}
