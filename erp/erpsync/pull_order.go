package erpsync

import (
	"context"
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// twinOf finds the order of a change: by the ERP's id, or else by our key, as
// the relay may not have told the order its id yet.
func (p *Puller) twinOf(ctx context.Context, tx store.Tx, erpID, key string) (order.Order, error) {
	o, err := tx.Orders().ByERP(ctx, erpID)
	if !errors.Is(err, order.ErrNotFound) {
		return o, err
	}
	for _, id := range idsOf[order.ID](key) {
		o, err := tx.Orders().Get(ctx, id)
		if !errors.Is(err, order.ErrNotFound) {
			return o, err
		}
	}
	return order.Order{}, order.ErrNotFound
}

// linesByKey gives the order's line ids by the keys that the ERP knows.
func linesByKey(t access.Tenant, o order.Order) map[string]order.LineID {
	out := make(map[string]order.LineID, len(o.Lines))
	for _, l := range o.Lines {
		out[Key(t, l.ID)] = l.ID
	}
	return out
}

// order applies a change of an order. One that is none of ours is left: the
// ERP has others. One that may be ours under a key that does not tell, or
// under no key at all, waits until the relay, or a person, knows its id.
func (p *Puller) order(ctx context.Context, tx store.Tx, c erp.OrderChange) error {
	o, err := p.twinOf(ctx, tx, c.ID, c.Key)
	if errors.Is(err, order.ErrNotFound) {
		blind := c.Key == "" && p.client.KeysOf(erp.OpPush) == erp.Neither &&
			slices.ContainsFunc(c.Lines, func(l erp.LineChange) bool { return ourKey(l.Key) })
		if c.State != erp.StateCancelled && (blind || hashedKey(c.Key)) {
			return awaits("order", c.ID, err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if is, err := second("order", c.ID, string(o.Ref), order.Twin{ID: o.ERP.ID, State: o.ERP.State}, c.State == erp.StateCancelled); is {
		return err
	}
	in := order.Report{Order: o.ID, ID: c.ID, Number: c.Number, State: string(c.State), Revision: c.Revision, Sequence: c.Sequence}
	if in.Revision > o.Revision {
		return ErrChange.With("the ERP holds revision %d of %s, which is at %d", c.Revision, o.Ref, o.Revision)
	}
	if c.Totals != nil {
		in.Gross = amount(c.Totals.Gross, o.Currency)
	}
	ids := linesByKey(p.tenant, o)
	var is fault.Issues
	for _, l := range c.Lines {
		id, ours := ids[l.Key]
		if !ours {
			continue
		}
		in.Lines = append(in.Lines, order.LineReport{Line: id,
			Reserved: count(&is, l.Key+".reserved", l.Reserved), Cancelled: count(&is, l.Key+".cancelled", l.Cancelled)})
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	_, err = p.books.Orders.ReportERPTx(ctx, tx, p.actor, in)
	return err
}

// delivery applies a delivery or a return. One of an order that is not here
// waits for it if any of its lines has a key of the form of ours; else it
// belongs to an order of the ERP's own and is left, as is one that was
// cancelled before its order was known.
func (p *Puller) delivery(ctx context.Context, tx store.Tx, c erp.Delivery) error {
	o, err := p.twinOf(ctx, tx, c.Order, "")
	if errors.Is(err, order.ErrNotFound) && (c.State == erp.DeliveryCancelled ||
		!slices.ContainsFunc(c.Lines, func(l erp.DeliveryLine) bool { return ourKey(l.Key) })) {
		return nil
	}
	if err != nil {
		return awaits("order", c.Order, err)
	}
	in := order.DeliveryReport{Order: o.ID, Kind: order.Outgoing, State: order.Planned,
		Twin:    order.Twin{ID: c.ID, Number: c.Number, State: string(c.State), Sequence: c.Sequence},
		Carrier: c.Carrier, Tracking: c.Tracking, BackOrderOf: c.BackOrderOf, Reason: c.Reason}
	if c.Return {
		in.Kind = order.Return
	}
	switch c.State {
	case erp.DeliveryDone:
		in.State = order.Shipped
	case erp.DeliveryCancelled:
		in.State = order.Void
	}
	var is fault.Issues
	in.Date = day(&is, "date", c.Date)
	ids := linesByKey(p.tenant, o)
	for _, l := range c.Lines {
		if id, ours := ids[l.Key]; ours { // others are goods that the ERP's people added
			in.Lines = append(in.Lines, order.LineQuantity{Line: id, Quantity: count(&is, l.Key+".quantity", l.Quantity)})
		}
	}
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	_, err = p.books.Orders.ReportDeliveryTx(ctx, tx, p.actor, in)
	return err
}
