package storetest

import (
	"context"
	"errors"
	"strings"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

// dumpLater prints the documents that follow an order, the heads of the sample
// series, and the inbox.
func dumpLater(ctx context.Context, tx store.Tx, b *strings.Builder) error {
	deliveries, err := all(func(p uow.PageRequest) (uow.Page[order.DeliveryHeader], error) {
		return tx.Deliveries().Find(ctx, order.DeliveryQuery{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range deliveries {
		v, err := tx.Deliveries().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	threads, err := all(func(p uow.PageRequest) (uow.Page[thread.Header], error) {
		return tx.Threads().Find(ctx, thread.Query{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range threads {
		v, err := tx.Threads().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	invoices, err := all(func(p uow.PageRequest) (uow.Page[billing.Header], error) {
		return tx.Invoices().Find(ctx, billing.Query{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range invoices {
		v, err := tx.Invoices().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	payments, err := all(func(p uow.PageRequest) (uow.Page[billing.Payment], error) {
		return tx.Payments().Find(ctx, billing.PaymentQuery{Page: p})
	})
	if err != nil {
		return err
	}
	for _, v := range payments {
		if err := line(b, v, nil); err != nil {
			return err
		}
	}
	if err := dumpCodes(ctx, tx, b); err != nil {
		return err
	}
	entries, err := all(func(p uow.PageRequest) (uow.Page[pricing.TurnoverEntry], error) {
		return tx.Turnover().Find(ctx, pricing.TurnoverSearch{Page: p})
	})
	if err != nil {
		return err
	}
	for _, h := range entries {
		v, err := tx.Turnover().Get(ctx, h.ID)
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	return dumpInbox(ctx, tx, b)
}

func dumpInbox(ctx context.Context, tx store.Tx, b *strings.Builder) error {
	for n := range 20 {
		v, err := tx.Series().Get(ctx, sampleHead(n).ID)
		if errors.Is(err, billing.ErrNoSeries) {
			continue
		}
		if err := line(b, v, err); err != nil {
			return err
		}
	}
	c, err := tx.Inbox().Cursor(ctx, stream)
	if err := line(b, c, err); err != nil {
		return err
	}
	parked, err := all(func(p uow.PageRequest) (page uow.Page[event.Parked], err error) {
		page.Rows, page.Next, err = tx.Inbox().Parked(ctx, p.After, p.Limit)
		return page, err
	})
	if err != nil {
		return err
	}
	for _, p := range parked {
		if err := line(b, p, nil); err != nil {
			return err
		}
	}
	return nil
}
