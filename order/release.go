package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// ErrReleased: logistics has the order already.
var ErrReleased = fault.Define(fault.Precondition, "order.already_released", "the order was handed to logistics already")

// ReleaseInput hands an order to logistics.
type ReleaseInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
}

// Release hands an order to logistics, once: it is confirmed, or validated
// where no ERP was ever told of it, and nothing of it is on hold.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase; access.ErrForbidden without order.ship; ErrPhase
// for a validated order that an ERP has to confirm; ErrReleased; ErrHeld with
// an issue for everything that waits.
func (s *Service) Release(ctx context.Context, a access.Actor, in ReleaseInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.ReleaseTx(ctx, tx, a, in) })
}

// ReleaseTx is Release inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) ReleaseTx(ctx context.Context, tx Tx, a access.Actor, in ReleaseInput) (Order, error) {
	t := target{"release", in.Key, in.Order, in.Version, in, []State{Validated, Confirmed}, access.OrderShip}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		if !o.deliverable() {
			return nil, ErrPhase.With("the ERP has to confirm %s first", o.Ref)
		}
		if o.Released != nil {
			return nil, ErrReleased
		}
		if err := fault.Issues(o.holds()).Err(ErrHeld); err != nil {
			return nil, err
		}
		o.note(s.now(), a.Stamp(), "released", o.State, "")
		o.Released = &Release{By: a.Stamp(), At: s.now()}
		return []event.Payload{ReleasedToLogistics{About: about(*o, a), Country: o.ShipTo.Country, Lines: len(o.Lines), Direct: o.Direct}}, nil
	})
}

// ReleaseMany releases many orders as AdvanceMany advances them: handing a
// screenful to logistics.
func (s *Service) ReleaseMany(ctx context.Context, a access.Actor, orders []Target) ([]Outcome, error) {
	return s.each(ctx, orders, func(t Target) (Order, error) {
		return s.Release(ctx, a, ReleaseInput{Order: t.Order, Version: t.Version})
	})
}

// deliverable reports whether the goods may leave: the order is confirmed, or
// validated where nothing of it ever left for an ERP that would confirm it.
func (o Order) deliverable() bool {
	return o.State == Confirmed || o.State == Validated && o.ERP.Sent == 0 && o.ERP.ID == ""
}
