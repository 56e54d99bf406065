package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one order; ErrNotFound when there is none that the actor sees.
// Whoever may not read internal things gets Order.Shared.
func (s *Service) Get(ctx context.Context, a access.Actor, id ID) (Order, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.GetTx(ctx, tx, a, id) })
}

// GetTx is Get inside a transaction of the caller's.
func (s *Service) GetTx(ctx context.Context, tx Tx, a access.Actor, id ID) (Order, error) {
	return s.shown(a)(s.see(ctx, tx, a, id))
}

// GetByRef returns the order of a reference, as Get does.
func (s *Service) GetByRef(ctx context.Context, a access.Actor, ref Ref) (Order, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.GetByRefTx(ctx, tx, a, ref) })
}

// GetByRefTx is GetByRef inside a transaction of the caller's.
func (s *Service) GetByRefTx(ctx context.Context, tx Tx, a access.Actor, ref Ref) (Order, error) {
	o, err := tx.Orders().ByRef(ctx, ref)
	if err != nil {
		return Order{}, err
	}
	if !s.policy.May(a, access.OrderRead, owner(o)) {
		return Order{}, ErrNotFound
	}
	return s.shown(a)(o, nil)
}

// Allowed answers what the actor may do with the order now, and for what it
// may not do yet, why: the buttons of a portal. The reason that some triggers
// need is taken as given.
func (s *Service) Allowed(ctx context.Context, a access.Actor, id ID) ([]fsm.Option[State, Trigger], error) {
	var p partner.Partner
	o, err := uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) {
		o, err := s.GetTx(ctx, tx, a, id)
		if err == nil {
			p, err = s.buyer(ctx, tx, o)
		}
		return o, err
	})
	if err != nil {
		return nil, err
	}
	all := s.life.Allowed(o.State, a.Roles, s.facts(o, p, "given"))
	return slices.DeleteFunc(all, func(opt fsm.Option[State, Trigger]) bool {
		return !s.policy.May(a, ActionOf(opt.On), owner(o))
	}), nil
}

// ActionOf is the permission that a trigger needs; an integrator's own trigger
// needs that of a seller.
func ActionOf(t Trigger) access.Action {
	switch t {
	case opPlace, opWrite:
		return access.OrderPlace
	case Submit, Recall:
		return access.OrderEdit
	case Cancel:
		return access.OrderCancel
	case Confirm, Close:
		return access.OrderAdvance
	}
	return access.OrderValidate
}
