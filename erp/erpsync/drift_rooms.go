package erpsync

import (
	"context"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func (r *reckoning) orders(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Orders().Find(ctx, order.Query{All: true, Sort: order.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: order.DocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		o, err := tx.Orders().Get(ctx, h.ID)
		if err == nil {
			out[i], err = r.x.ours.order(o)
		}
		if err != nil {
			return nil, "", err
		}
	}
	return out, page.Next, nil
}

func (r *reckoning) deliveries(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Deliveries().Find(ctx, order.DeliveryQuery{Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: order.DeliveryDocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		d, err := tx.Deliveries().Get(ctx, h.ID)
		if err != nil {
			return nil, "", err
		}
		out[i] = r.x.ours.delivery(d)
	}
	return out, page.Next, nil
}

func (r *reckoning) invoices(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Invoices().Find(ctx, billing.Query{Sort: billing.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	refs := make([]uow.Ref, len(page.Rows))
	for i, h := range page.Rows {
		refs[i] = uow.Ref{Kind: billing.DocKind, ID: string(h.ID)}
	}
	out := make([]Holding, len(page.Rows))
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return nil, "", err
	}
	for i, h := range page.Rows {
		d, err := tx.Invoices().Get(ctx, h.ID)
		if err != nil {
			return nil, "", err
		}
		out[i] = r.x.ours.invoice(d)
	}
	return out, page.Next, nil
}

func (r *reckoning) payments(ctx context.Context, tx store.Tx, after string) ([]Holding, string, error) {
	page, err := tx.Payments().Find(ctx, billing.PaymentQuery{Sort: billing.OldestFirst, Page: uow.PageRequest{After: after, Limit: r.d.o.Page}})
	if err != nil {
		return nil, "", err
	}
	out := make([]Holding, len(page.Rows))
	for i, p := range page.Rows {
		out[i] = r.x.ours.payment(p)
	}
	return out, page.Next, nil
}
