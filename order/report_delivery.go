package order

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// DeliveryReport is a delivery or return as it stands in the ERP, whole.
type DeliveryReport struct {
	Order ID `json:"order"`
	// Twin names it by its ID; Number, State and Sequence are the ERP's. The
	// other fields are not read.
	Twin Twin `json:"twin"`
	// Kind is Outgoing if empty.
	Kind  DeliveryKind  `json:"kind,omitempty"`
	State DeliveryState `json:"state"`
	// Lines are by lines of the order; those of the same line are summed, those
	// of nothing left out.
	Lines []LineQuantity `json:"lines"`
	// Empty texts and dates leave what is known.
	Carrier     string       `json:"carrier,omitempty"`
	Tracking    string       `json:"tracking,omitempty"`
	BackOrderOf string       `json:"back_order_of,omitempty"`
	Reason      string       `json:"reason,omitempty"`
	Date        partner.Date `json:"date,omitzero"`
}

// ReportDelivery records a delivery or return as the ERP has it, and the
// order's goods ledger follows: only what is shipped counts, and what is no
// longer, or is less, is given back. A report of the same Sequence as the last,
// or an older one, changes nothing; without a Sequence it is taken as the
// newest. The ledger does not depend on the order in which deliveries are
// reported.
//
// What the ERP says has happened is not refused: what it ships beyond the
// order, or after that was cancelled here, is the line's Excess and told by
// order.over_delivered; what comes back beyond what was shipped counts nowhere,
// stands as Excess on the return and is told by order.over_returned. The
// order's state does not matter, but a draft has no deliveries.
//
// Errors: ErrNotFound; access.ErrForbidden without order.report; ErrPhase for a
// draft; ErrInvalid with every issue: no Twin.ID, an unknown line, kind or
// state, a quantity below zero, a twin known as another kind or of another
// order; ErrFull beyond MaxDeliveries; money.ErrOverflow.
func (s *Service) ReportDelivery(ctx context.Context, a access.Actor, in DeliveryReport) (Delivery, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Delivery, error) { return s.ReportDeliveryTx(ctx, tx, a, in) })
}

// ReportDeliveryTx is ReportDelivery inside a transaction of the caller's.
func (s *Service) ReportDeliveryTx(ctx context.Context, tx Tx, a access.Actor, in DeliveryReport) (Delivery, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Delivery{}, err
	}
	if err := s.policy.Check(a, access.OrderReport, access.OrderRead, owner(o), ErrNotFound); err != nil {
		return Delivery{}, err
	}
	if o.State == Draft {
		return Delivery{}, ErrPhase.With("%s is %s", o.Ref, o.State)
	}
	if in.Kind == "" {
		in.Kind = Outgoing
	}
	lines, err := in.check(&o)
	if err != nil {
		return Delivery{}, err
	}
	d, err := tx.Deliveries().ByERP(ctx, in.Twin.ID)
	switch {
	case errors.Is(err, ErrNoDelivery):
		d = s.begin(o, a, in.Kind)
	case err != nil:
		return Delivery{}, err
	case d.Order != o.ID || d.Kind != in.Kind:
		var is fault.Issues
		is.Add("twin.id", "taken", "%s is known as a %s of %s", in.Twin.ID, d.Kind, d.OrderRef)
		return Delivery{}, is.Err(ErrInvalid)
	case in.Twin.Sequence != 0 && in.Twin.Sequence <= d.ERP.Sequence:
		return d, nil
	}
	in.into(&d)
	d.Lines, d.ERP.At = o.pack(lines), s.now()
	if d.State == Shipped && d.Date.IsZero() {
		d.Date = s.day(d.Date)
	}
	return s.land(ctx, tx, a, o, d)
}

// check notes what is wrong with a report and returns how much there is of each
// line.
func (in DeliveryReport) check(o *Order) ([]LineQuantity, error) {
	var is fault.Issues
	if in.Twin.ID == "" {
		is.Add("twin.id", "required", "name the ERP's document")
	}
	if in.Kind != Outgoing && in.Kind != Return {
		is.Add("kind", "unknown", "%q is no kind of delivery", in.Kind)
	}
	if !slices.Contains([]DeliveryState{Planned, Shipped, Void}, in.State) {
		is.Add("state", "unknown", "%q is no state of a delivery", in.State)
	}
	sums := make(map[LineID]money.Quantity, len(in.Lines))
	for i, n := range in.Lines {
		path := "lines[" + strconv.Itoa(i) + "]"
		if o.line(n.Line) == nil {
			is.Add(path, "unknown", "the order has no line %s", n.Line)
			continue
		}
		if n.Quantity.Sign() < 0 {
			is.Add(path+".quantity", "range", "is below zero")
			continue
		}
		sum, err := sums[n.Line].Add(n.Quantity)
		if err != nil {
			is.AddUnder(path+".quantity", err)
		}
		sums[n.Line] = sum
	}
	var out []LineQuantity
	for _, l := range o.Lines {
		if q := sums[l.ID]; q.Sign() > 0 {
			out = append(out, LineQuantity{Line: l.ID, Quantity: q})
		}
	}
	return out, is.Err(ErrInvalid)
}

// into writes what the ERP says, but for the lines.
func (in DeliveryReport) into(d *Delivery) {
	t := &d.ERP
	t.ID, d.State = in.Twin.ID, in.State
	t.Sequence = max(t.Sequence, in.Twin.Sequence)
	take(&t.State, in.Twin.State)
	take(&t.Number, in.Twin.Number)
	take(&d.Number, in.Twin.Number)
	take(&d.Carrier, in.Carrier)
	take(&d.Tracking, in.Tracking)
	take(&d.BackOrderOf, in.BackOrderOf)
	take(&d.Reason, in.Reason)
	if !in.Date.IsZero() {
		d.Date = in.Date
	}
}

// take writes a text that is told.
func take(known *string, told string) {
	if told != "" {
		*known = told
	}
}
