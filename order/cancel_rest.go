package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// CancelRestInput gives up what was not shipped.
type CancelRestInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Lines are what is given up; empty means all that is open. What the ERP
	// has reserved is given up only of lines that are named, after what is
	// open.
	Lines []LineQuantity `json:"lines,omitempty"`
	// Reason is needed, 1 to 2000 characters.
	Reason string `json:"reason"`
}

// CancelRest gives up what is not yet shipped of some lines, or of all. Where
// the ERP has the order, or is to have it, the relay tells it; what it ships all
// the same counts as excess.
//
// Errors, in the order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase, as for Ship; access.ErrForbidden without
// order.ship; ErrInvalid with every issue; ErrOverCancel (Precondition,
// order.over_cancel) with an issue for every line of which there is not so much
// left; ErrNothingLeft.
func (s *Service) CancelRest(ctx context.Context, a access.Actor, in CancelRestInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.CancelRestTx(ctx, tx, a, in) })
}

// CancelRestTx is CancelRest inside a transaction of the caller's. An error
// means that the transaction has to be abandoned.
func (s *Service) CancelRestTx(ctx context.Context, tx Tx, a access.Actor, in CancelRestInput) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	return s.shown(a)(uow.Once(ctx, tx.Keys(), scope("cancel_rest", a), in.Key, in, func() (Order, error) {
		if err := at(o, in.Version); err != nil {
			return Order{}, err
		}
		if err := o.moves(); err != nil {
			return Order{}, err
		}
		if err := s.policy.Check(a, access.OrderShip, access.OrderRead, owner(o), ErrNotFound); err != nil {
			return Order{}, err
		}
		var is fault.Issues
		check.Reason(&is, "reason", in.Reason, ReasonMax)
		lines, err := o.picked(in.Lines, Line.Deliverable, Line.Open, ErrOverCancel)
		if err := both(is, err); err != nil {
			return Order{}, err
		}
		return s.cancelRest(ctx, tx, a, o, lines, in.Reason)
	}))
}

func (s *Service) cancelRest(ctx context.Context, tx Tx, a access.Actor, o Order, lines []LineQuantity, reason string) (Order, error) {
	axes := o.Axes()
	for _, n := range lines {
		o.line(n.Line).forgo(n.Quantity)
	}
	o.note(s.now(), a.Stamp(), "rest_cancelled", o.State, reason)
	fact := RestCancelled{About: about(o, a), Lines: lines, Reason: reason}
	saved, err := s.save(ctx, tx, o, nil, append([]event.Payload{fact}, turned(axes, o, a)...)...)
	if err != nil || saved.State == Confirmed && !saved.twinned() { // of a validated order a push may be due
		return saved, err
	}
	return saved, s.append(ctx, tx, event.ERP, DocKind+"/"+string(saved.ID), saved.Version,
		RestCancelRequested{Order: saved.ID, Ref: saved.Ref, Revision: saved.Revision})
}
