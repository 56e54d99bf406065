package order

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// MaxDeliveries is how many deliveries and returns an order may have.
const MaxDeliveries = 1000

// LineQuantity is how much of one line of an order.
type LineQuantity struct {
	Line     LineID         `json:"line"`
	Quantity money.Quantity `json:"quantity"`
}

// twinned reports whether the ERP has the order, or may have.
func (o Order) twinned() bool { return o.ERP.ID != "" || o.ERP.Sent > 0 }

// moves refuses states in which no goods leave.
func (o Order) moves() error {
	switch {
	case o.deliverable():
		return nil
	case o.State == Validated:
		return ErrPhase.With("the ERP has to confirm %s first", o.Ref)
	}
	return ErrPhase.With("%s is %s", o.Ref, o.State)
}

// picked reads the lines of a command: those named, or else all there is. most
// is how much there is of a line, beyond the error for more than that.
func (o *Order) picked(named []LineQuantity, most, all func(Line) money.Quantity, beyond *fault.Error) ([]LineQuantity, error) {
	if len(named) == 0 {
		var out []LineQuantity
		for _, l := range o.Lines {
			if q := all(l); q.Sign() > 0 {
				out = append(out, LineQuantity{Line: l.ID, Quantity: q})
			}
		}
		if len(out) == 0 {
			return nil, ErrNothingLeft
		}
		return out, nil
	}
	var wrong, over fault.Issues
	seen := make(map[LineID]bool, len(named))
	for i, n := range named {
		path := "lines[" + strconv.Itoa(i) + "]"
		l := o.line(n.Line)
		switch {
		case l == nil:
			wrong.Add(path, "unknown", "the order has no line %s", n.Line)
			continue
		case seen[n.Line]:
			wrong.Add(path, "repeated", "line %s is named twice", n.Line)
		case n.Quantity.Sign() <= 0:
			wrong.Add(path+".quantity", "range", "must be above zero")
		case n.Quantity.Cmp(most(*l)) > 0:
			over.Add(path+".quantity", "too_much", "of %s there is %s, not %s", l.SKU, most(*l), n.Quantity)
		}
		seen[n.Line] = true
	}
	if len(wrong) > 0 {
		return nil, append(wrong, over...).Err(ErrInvalid)
	}
	return slices.Clone(named), over.Err(beyond)
}

// pack makes the lines of a delivery.
func (o *Order) pack(lines []LineQuantity) []DeliveryLine {
	out := make([]DeliveryLine, 0, len(lines))
	for _, n := range lines {
		if l := o.line(n.Line); l != nil {
			out = append(out, DeliveryLine{Line: l.ID, SKU: l.SKU, Name: l.Name, Unit: l.Unit, Quantity: n.Quantity})
		}
	}
	return out
}

// begin makes a delivery that is not there yet.
func (s *Service) begin(o Order, a access.Actor, kind DeliveryKind) Delivery {
	now := s.now()
	return Delivery{ID: DeliveryID(s.newID()), Order: o.ID, OrderRef: o.Ref, Partner: o.Customer.Partner, Kind: kind,
		CreatedBy: a.Stamp(), CreatedAt: now}
}

// land writes a delivery as it is now, and what it makes of the order's
// ledgers and of turnover: both, and all events, or none. What changes nothing is not written.
func (s *Service) land(ctx context.Context, tx Tx, a access.Actor, o Order, d Delivery) (Delivery, error) {
	was, err := tx.Deliveries().OfOrder(ctx, o.ID)
	if err != nil {
		return Delivery{}, err
	}
	i := slices.IndexFunc(was, func(x Delivery) bool { return x.ID == d.ID })
	ds := cloned(was)
	if i < 0 {
		if len(ds) >= MaxDeliveries {
			return Delivery{}, ErrFull.With("%s has %d deliveries", o.Ref, len(ds))
		}
		i, ds, was = len(ds), append(ds, d), append(was, Delivery{})
	}
	if d.Number == "" {
		d.Number = nextNumber(o, ds)
	}
	d.UpdatedAt = was[i].UpdatedAt
	ds[i] = d
	axes, lines := o.Axes(), o.Lines
	spills, err := o.reweigh(was, ds)
	if err != nil {
		return Delivery{}, err
	}
	if alike(was[i], ds[i]) {
		return was[i], nil
	}
	if _, err := s.recordGoods(ctx, tx, o, was, ds); err != nil {
		return Delivery{}, err
	}
	for k := range ds {
		if err := s.rewrite(ctx, tx, a, o, was[k], &ds[k]); err != nil {
			return Delivery{}, err
		}
	}
	if facts := spilled(spills, o, ds[i].ID, a); len(facts) > 0 || !sameGoods(lines, o.Lines) {
		o.note(s.now(), a.Stamp(), step(was[i], ds[i]), o.State, ds[i].Number)
		facts = append(facts, turned(axes, o, a)...)
		if _, err := s.save(ctx, tx, o, nil, facts...); err != nil {
			return Delivery{}, err
		}
	}
	return ds[i], nil
}

// sameGoods reports whether lines have the same goods ledgers.
func sameGoods(a, b []Line) bool {
	return slices.EqualFunc(a, b, func(x, y Line) bool { return x.Goods == y.Goods })
}

// rewrite saves a delivery that changed, if only its excess.
func (s *Service) rewrite(ctx context.Context, tx Tx, a access.Actor, o Order, was Delivery, d *Delivery) (err error) {
	if !reflect.DeepEqual(was, *d) {
		*d, err = s.saveDelivery(ctx, tx, a, o, was, *d)
	}
	return err
}

// cloned copies deliveries with their lines.
func cloned(ds []Delivery) []Delivery {
	ds = slices.Clone(ds)
	for i := range ds {
		ds[i].Lines = slices.Clone(ds[i].Lines)
	}
	return ds
}

// saveDelivery writes one delivery and tells of it.
func (s *Service) saveDelivery(ctx context.Context, tx Tx, a access.Actor, o Order, was, d Delivery) (Delivery, error) {
	d.UpdatedAt = s.now()
	saved, err := tx.Deliveries().Save(ctx, d)
	if err != nil {
		return Delivery{}, err
	}
	fact := told(was, saved, newsOf(o, saved, a))
	if fact == nil {
		return saved, nil
	}
	return saved, s.append(ctx, tx, event.Facts, DeliveryDocKind+"/"+string(saved.ID), saved.Version, fact)
}

// told is the news of a delivery, nil if only the ERP's counter moved.
func told(was, now Delivery, n DeliveryNews) event.Payload {
	switch {
	case now.State == was.State:
		was.Version, was.UpdatedAt, was.ERP.Sequence, was.ERP.At = now.Version, now.UpdatedAt, now.ERP.Sequence, now.ERP.At
		if reflect.DeepEqual(was, now) {
			return nil
		}
		return DeliveryChanged{n}
	case now.State == Planned && was.State == "":
		return DeliveryPlanned{n}
	case now.State == Shipped && now.Kind == Return:
		return DeliveryReturned{n}
	case now.State == Shipped:
		return DeliveryShipped{n}
	case now.State == Void:
		return DeliveryCancelled{n}
	}
	return DeliveryChanged{n}
}

// alike reports whether a report brought nothing new, not even a counter.
func alike(was, now Delivery) bool {
	was.ERP.At, was.UpdatedAt = time.Time{}, time.Time{}
	now.ERP.At, now.UpdatedAt = time.Time{}, time.Time{}
	return reflect.DeepEqual(was, now)
}

// step is the word of a delivery in the order's history.
func step(was, now Delivery) string {
	switch {
	case now.State != Shipped || was.State == Shipped:
		return "delivery_corrected"
	case now.Kind == Return:
		return "returned"
	}
	return "shipped"
}

// spilled is the news of excess that grew.
func spilled(spills []spill, o Order, d DeliveryID, a access.Actor) []event.Payload {
	var out []event.Payload
	for _, s := range spills {
		switch {
		case s.is.Cmp(s.was) <= 0:
		case s.kind == Return:
			out = append(out, OverReturnNoted{About: about(o, a), Delivery: d, Line: s.line, Excess: s.is})
		default:
			out = append(out, OverDeliveryNoted{About: about(o, a), Delivery: d, Line: s.line, Excess: s.is})
		}
	}
	return out
}

// nextNumber is the order's reference with a counter.
func nextNumber(o Order, ds []Delivery) string {
	for n := len(ds); ; n++ {
		number := fmt.Sprintf("%s-%d", o.Ref, n)
		if !slices.ContainsFunc(ds, func(d Delivery) bool { return d.Number == number }) {
			return number
		}
	}
}
