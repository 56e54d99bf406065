package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// ReturnInput records by hand that goods came back.
type ReturnInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Lines are what came back; empty means all that the customer has.
	Lines []LineQuantity `json:"lines,omitempty"`
	// Reason and Note have at most 2000 characters.
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
	// Date is the day they arrived; none is today in the tenant's zone.
	Date partner.Date `json:"date,omitzero"`
}

// Return records by hand that goods came back, all or a part, in whatever state
// the order is: what was shipped may come back when the order is long closed.
// What was delivered beyond the order is taken back first. It makes a return
// numbered like a delivery; money moves by a credit note only.
//
// Errors, in the order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without order.ship; ErrInvalid with every
// issue; ErrOverReturn (Precondition, order.over_return) with an issue for every
// line of which the customer has not so much; ErrNothingLeft; ErrFull.
func (s *Service) Return(ctx context.Context, a access.Actor, in ReturnInput) (Delivery, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Delivery, error) { return s.ReturnTx(ctx, tx, a, in) })
}

// ReturnTx is Return inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) ReturnTx(ctx context.Context, tx Tx, a access.Actor, in ReturnInput) (Delivery, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Delivery{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("return", a), in.Key, in, func() (Delivery, error) {
		if err := at(o, in.Version); err != nil {
			return Delivery{}, err
		}
		if err := s.policy.Check(a, access.OrderShip, access.OrderRead, owner(o), ErrNotFound); err != nil {
			return Delivery{}, err
		}
		var is fault.Issues
		check.Note(&is, "reason", in.Reason, ReasonMax)
		check.Note(&is, "note", in.Note, maxNote)
		lines, err := o.picked(in.Lines, Line.Returnable, Line.Returnable, ErrOverReturn)
		if err := both(is, err); err != nil {
			return Delivery{}, err
		}
		d := s.begin(o, a, Return)
		d.State, d.Lines, d.Reason, d.Note, d.Date = Shipped, o.pack(lines), in.Reason, in.Note, s.day(in.Date)
		return s.land(ctx, tx, a, o, d)
	})
}
