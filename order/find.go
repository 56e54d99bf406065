package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one order; ErrNotFound when there is none that the actor sees.
func (s *Service) Get(ctx context.Context, a access.Actor, id ID) (Order, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.GetTx(ctx, tx, a, id) })
}

// GetTx is Get inside a transaction of the caller's.
func (s *Service) GetTx(ctx context.Context, tx Tx, a access.Actor, id ID) (Order, error) {
	return s.see(ctx, tx, a, id)
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
	return o, nil
}

// Find lists orders, one page at a time. The partner side sees its own orders
// only, whatever the query says. Bad queries are ErrInvalid with every issue,
// or uow.ErrPage.
func (s *Service) Find(ctx context.Context, a access.Actor, q Query) (uow.Page[Header], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Header], error) { return s.FindTx(ctx, tx, a, q) })
}

// FindTx is Find inside a transaction of the caller's.
func (s *Service) FindTx(ctx context.Context, tx Tx, a access.Actor, q Query) (uow.Page[Header], error) {
	if !s.policy.Everywhere(a, access.OrderRead) {
		own := access.Owner{Partner: a.Partner}
		if !s.policy.May(a, access.OrderRead, own) || (q.Partner != "" && q.Partner != a.Partner) {
			return uow.EmptyPage[Header](q.Page), nil
		}
		q.Partner = a.Partner
	}
	if err := q.check(s.life); err != nil {
		return uow.Page[Header]{}, err
	}
	// Who asks by a number wants that order, whatever became of it.
	q.All = q.All || q.Ref != "" || q.ERPNumber != "" || q.Ticket != ""
	return tx.Orders().Find(ctx, q)
}

func (q Query) check(life *Life) error {
	var is fault.Issues
	for _, st := range q.States {
		if !life.Has(st) {
			is.Add("states", "unknown", "%q is no state of an order", st)
		}
	}
	if !slices.Contains([]Sort{NewestFirst, OldestFirst, ByRef, ByRefDesc}, q.Sort) {
		is.Add("sort", "unknown", "%q is no order of orders", q.Sort)
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		is.Add("until", "range", "must lie after from")
	}
	return is.Err(ErrInvalid)
}

// Allowed answers what the actor may do with the order now, and for what it
// may not do yet, why: the buttons of a portal. The reason that some triggers
// need is taken as given.
func (s *Service) Allowed(ctx context.Context, a access.Actor, id ID) ([]fsm.Option[State, Trigger], error) {
	o, err := s.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	all := s.life.Allowed(o.State, a.Roles, Facts{Reason: "given", Gaps: s.gaps(o)})
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
