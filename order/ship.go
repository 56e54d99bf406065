package order

import (
	"context"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// The bound of a carrier and of its number, in characters.
const maxCarrier = 100

// ShipInput records by hand that goods left.
type ShipInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Lines are what left; empty means all that is open or reserved.
	Lines []LineQuantity `json:"lines,omitempty"`
	// Carrier and Tracking have at most 100 characters, Note 2000.
	Carrier  string `json:"carrier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	Note     string `json:"note,omitempty"`
	// Date is the day they left; none is today in the tenant's zone.
	Date partner.Date `json:"date,omitzero"`
}

// Ship records by hand that goods left, all or a part: what the ERP reserved is
// taken first, then what is open. It makes a delivery numbered "<reference>-<n>".
// Where the ERP ships, its own word arrives by ReportDelivery, and this command
// would count the goods twice.
//
// A line that is on hold keeps all that is left from leaving; name the others.
//
// Errors, in the order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase unless the order is confirmed, or validated
// and unknown to any ERP; access.ErrForbidden without order.ship; ErrInvalid
// with every issue; ErrOverDelivery (Precondition, order.over_delivery) with an
// issue for every line of which there is not so much; ErrNothingLeft; ErrHeld;
// ErrFull.
func (s *Service) Ship(ctx context.Context, a access.Actor, in ShipInput) (Delivery, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Delivery, error) { return s.ShipTx(ctx, tx, a, in) })
}

// ShipTx is Ship inside a transaction of the caller's. An error means that the
// transaction has to be abandoned.
func (s *Service) ShipTx(ctx context.Context, tx Tx, a access.Actor, in ShipInput) (Delivery, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Delivery{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("ship", a), in.Key, in, func() (Delivery, error) {
		if err := at(o, in.Version); err != nil {
			return Delivery{}, err
		}
		if err := o.moves(); err != nil {
			return Delivery{}, err
		}
		if err := s.policy.Check(a, access.OrderShip, access.OrderRead, owner(o), ErrNotFound); err != nil {
			return Delivery{}, err
		}
		var is fault.Issues
		check.Line(&is, "carrier", in.Carrier, maxCarrier)
		check.Line(&is, "tracking", in.Tracking, maxCarrier)
		check.Note(&is, "note", in.Note, maxNote)
		lines, err := o.picked(in.Lines, Line.Deliverable, Line.Deliverable, ErrOverDelivery)
		if err := both(is, err); err != nil {
			return Delivery{}, err
		}
		if err := o.waits(lines); err != nil {
			return Delivery{}, err
		}
		d := s.begin(o, a, Outgoing)
		d.State, d.Lines, d.Carrier, d.Tracking, d.Note, d.Date = Shipped, o.pack(lines), in.Carrier, in.Tracking, in.Note, s.day(in.Date)
		for _, n := range lines {
			o.line(n.Line).draw(n.Quantity)
		}
		return s.land(ctx, tx, a, o, d)
	})
}

// waits refuses goods that are on hold.
func (o *Order) waits(lines []LineQuantity) error {
	if o.Hold != nil {
		return ErrHeld.With("%s is on hold: %s", o.Ref, o.Hold.Reason)
	}
	var is fault.Issues
	for i, n := range lines {
		if l := o.line(n.Line); l.Hold != nil {
			is.Add("lines["+strconv.Itoa(i)+"]", "held", "line %s is on hold: %s", l.ID, l.Hold.Reason)
		}
	}
	return is.Err(ErrHeld)
}

// day is the day given, or else today.
func (s *Service) day(d partner.Date) partner.Date {
	if d.IsZero() {
		return partner.DateOf(s.now(), s.zone)
	}
	return d
}

// both joins the issues of a command's texts with what is wrong with its lines:
// all of the input's mistakes are one ErrInvalid.
func both(is fault.Issues, lines error) error {
	if len(is) == 0 {
		return lines
	}
	is.AddUnder("", lines)
	return is.Err(ErrInvalid)
}
