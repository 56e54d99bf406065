package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// Deliveries returns the deliveries and returns of an order, oldest first.
// Errors: ErrNotFound when there is no such order that the actor sees.
func (s *Service) Deliveries(ctx context.Context, a access.Actor, id ID) ([]Delivery, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) ([]Delivery, error) { return s.DeliveriesTx(ctx, tx, a, id) })
}

// DeliveriesTx is Deliveries inside a transaction of the caller's.
func (s *Service) DeliveriesTx(ctx context.Context, tx Tx, a access.Actor, id ID) ([]Delivery, error) {
	if _, err := s.see(ctx, tx, a, id); err != nil {
		return nil, err
	}
	return tx.Deliveries().OfOrder(ctx, id)
}

// GetDelivery returns one delivery or return; whoever sees the order sees it.
// Errors: ErrNoDelivery.
func (s *Service) GetDelivery(ctx context.Context, a access.Actor, id DeliveryID) (Delivery, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Delivery, error) { return s.GetDeliveryTx(ctx, tx, a, id) })
}

// GetDeliveryTx is GetDelivery inside a transaction of the caller's.
func (s *Service) GetDeliveryTx(ctx context.Context, tx Tx, a access.Actor, id DeliveryID) (Delivery, error) {
	d, err := tx.Deliveries().Get(ctx, id)
	if err != nil {
		return Delivery{}, err
	}
	if !s.policy.May(a, access.OrderRead, access.Owner{Partner: d.Partner}) {
		return Delivery{}, ErrNoDelivery
	}
	return d, nil
}

// FindDeliveries lists deliveries and returns, the newest first, one page at a
// time. The partner side sees its own only, whatever the query says. Bad
// queries are ErrInvalid with every issue, or uow.ErrPage.
func (s *Service) FindDeliveries(ctx context.Context, a access.Actor, q DeliveryQuery) (uow.Page[DeliveryHeader], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[DeliveryHeader], error) {
		return s.FindDeliveriesTx(ctx, tx, a, q)
	})
}

// FindDeliveriesTx is FindDeliveries inside a transaction of the caller's.
func (s *Service) FindDeliveriesTx(ctx context.Context, tx Tx, a access.Actor, q DeliveryQuery) (uow.Page[DeliveryHeader], error) {
	if !s.policy.Everywhere(a, access.OrderRead) {
		if !s.policy.May(a, access.OrderRead, access.Owner{Partner: a.Partner}) || (q.Partner != "" && q.Partner != a.Partner) {
			return uow.EmptyPage[DeliveryHeader](q.Page), nil
		}
		q.Partner = a.Partner
	}
	var is fault.Issues
	if q.Kind != "" && q.Kind != Outgoing && q.Kind != Return {
		is.Add("kind", "unknown", "%q is no kind of delivery", q.Kind)
	}
	for _, st := range q.States {
		if !slices.Contains([]DeliveryState{Planned, Shipped, Void}, st) {
			is.Add("states", "unknown", "%q is no state of a delivery", st)
		}
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		is.Add("until", "range", "must lie after from")
	}
	if err := is.Err(ErrInvalid); err != nil {
		return uow.Page[DeliveryHeader]{}, err
	}
	return tx.Deliveries().Find(ctx, q)
}

// GetByERP returns the order whose twin in the ERP has the id, as Get does.
func (s *Service) GetByERP(ctx context.Context, a access.Actor, erpID string) (Order, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.GetByERPTx(ctx, tx, a, erpID) })
}

// GetByERPTx is GetByERP inside a transaction of the caller's.
func (s *Service) GetByERPTx(ctx context.Context, tx Tx, a access.Actor, erpID string) (Order, error) {
	o, err := tx.Orders().ByERP(ctx, erpID)
	if err != nil {
		return Order{}, err
	}
	if !s.policy.May(a, access.OrderRead, owner(o)) {
		return Order{}, ErrNotFound
	}
	return s.shown(a)(o, nil)
}
