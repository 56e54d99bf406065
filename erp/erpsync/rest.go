package erpsync

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// ErrRest: the ERP cannot be told that the rest of an order is given up.
var ErrRest = fault.Define(fault.Precondition, "erpsync.rest", "the rest of the order is given up here and still open in the ERP; cancel it there")

// restTask tells the ERP what of an order is given up.
type restTask order.RestCancelRequested

func (t restTask) order() order.ID { return t.Order }

func (t restTask) do(ctx context.Context, r *Relay, d event.Delivery) (result, error) {
	o, err := r.books.Orders.Get(ctx, r.actor, t.Order)
	if errors.Is(err, order.ErrNotFound) || err == nil && ended(o) {
		return result{note: "the order has ended"}, nil
	}
	switch {
	case err != nil:
		return result{}, err
	case o.ERP.ID == "" && o.ERP.Sent == 0 && o.State != order.Validated:
		return result{note: "the order is not in the ERP"}, nil // it was confirmed here, and never left
	case o.ERP.ID == "":
		return result{}, &pending{note: "waits for the order to arrive there", within: r.o.MaxBackoff}
	case !r.client.Supports(erp.OpCancelRest):
		return result{}, ErrRest.With("the rest of %s is given up here; cancel it in the ERP", o.Ref)
	}
	var lines []erp.LineQuantity
	for _, l := range o.Lines {
		if l.Goods.Cancelled.Sign() > 0 {
			lines = append(lines, erp.LineQuantity{Key: Key(r.tenant, l.ID), Quantity: trim(l.Goods.Cancelled.Decimal())})
		}
	}
	if len(lines) == 0 {
		return result{note: "nothing is given up"}, nil
	}
	got, err := r.client.CancelRest(ctx, o.ERP.ID, lines)
	if err != nil {
		return result{}, err
	}
	if got.State == erp.StateDraft { // it kept silent about a state that does not allow it
		return result{}, &pending{note: "waits for the ERP to confirm the order", within: r.o.MaxBackoff}
	}
	in, err := lasting(ctx, r.queue, o, d.Event, order.Report{ID: got.ID, Number: got.Number, State: string(got.State)})
	if err == nil {
		_, err = r.books.Orders.ReportERP(ctx, r.actor, in)
	}
	return result{note: "the ERP gave up the rest"}, err
}

func (t restTask) complain(ctx context.Context, r *Relay, err error, dead bool) {
	syncTask{Order: t.Order, Ref: t.Ref, Revision: t.Revision}.complain(ctx, r, err, dead)
}
