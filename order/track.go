package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// TrackInput says who carries a delivery. Nil fields stay.
type TrackInput struct {
	Delivery DeliveryID `json:"delivery"`
	Version  int64      `json:"version,omitempty"` // 0 expects any
	// Carrier and Tracking have at most 100 characters, Note 2000.
	Carrier  *string `json:"carrier,omitempty"`
	Tracking *string `json:"tracking,omitempty"`
	Note     *string `json:"note,omitempty"`
}

// Track writes carrier, tracking number and note of a delivery or return, of
// the ERP's too; what the ERP says of them later holds. Doing it again changes
// nothing.
//
// Errors, in the order of the checks: ErrNoDelivery; uow.ErrVersion;
// access.ErrForbidden without order.ship; ErrInvalid with every issue.
func (s *Service) Track(ctx context.Context, a access.Actor, in TrackInput) (Delivery, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Delivery, error) { return s.TrackTx(ctx, tx, a, in) })
}

// TrackTx is Track inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) TrackTx(ctx context.Context, tx Tx, a access.Actor, in TrackInput) (Delivery, error) {
	d, err := s.GetDeliveryTx(ctx, tx, a, in.Delivery)
	if err != nil {
		return Delivery{}, err
	}
	if in.Version != 0 && in.Version != d.Version {
		return Delivery{}, uow.Conflict(DeliveryDocKind, string(d.ID), in.Version, d.Version)
	}
	if err := s.policy.Check(a, access.OrderShip, access.OrderRead, access.Owner{Partner: d.Partner}, ErrNoDelivery); err != nil {
		return Delivery{}, err
	}
	var is fault.Issues
	was := d
	if in.Carrier != nil {
		check.Line(&is, "carrier", *in.Carrier, maxCarrier)
		d.Carrier = *in.Carrier
	}
	if in.Tracking != nil {
		check.Line(&is, "tracking", *in.Tracking, maxCarrier)
		d.Tracking = *in.Tracking
	}
	if in.Note != nil {
		check.Note(&is, "note", *in.Note, maxNote)
		d.Note = *in.Note
	}
	if err := is.Err(ErrInvalid); err != nil || alike(was, d) {
		return d, err
	}
	return s.saveDelivery(ctx, tx, a, Order{ID: d.Order, Ref: d.OrderRef, Customer: Customer{Partner: d.Partner}}, was, d)
}
