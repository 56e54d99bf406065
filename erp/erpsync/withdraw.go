package erpsync

import (
	"context"
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// withdraw cancels the twin, wherever an earlier push may have left one.
func (r *Relay) withdraw(ctx context.Context, d event.Delivery, job order.SyncRequested) (result, error) {
	id, sent, state := job.ERPID, job.Sent, erp.StateUnknown
	// open is when a push left whose document may still appear. What is known
	// of a deleted order left before the order was deleted.
	var open time.Time
	if id == "" && sent > 0 {
		open = d.Time
	}
	// A push that was under way at the withdrawal has told the order since.
	o, err := r.books.Orders.Get(ctx, r.actor, job.Order)
	switch {
	case err == nil:
		id, sent, open = o.ERP.ID, o.ERP.Sent, time.Time{}
		if sent > o.ERP.Revision {
			open = o.ERP.SentAt
		}
	case !errors.Is(err, order.ErrNotFound):
		return result{}, err
	}
	if r.client.Supports(erp.OpFind) {
		got, err := r.client.FindOrder(ctx, Key(r.tenant, job.Order))
		switch erp.ClassOf(err) {
		case 0:
			id, state = got.ID, got.State
		case erp.NotFound:
			if left := r.grace(open); !open.IsZero() && left > 0 {
				return result{}, &pending{note: "a push before the withdrawal may still arrive", within: left}
			}
			return r.over(ctx, d, o, "the ERP has no such order")
		case erp.Unsupported:
		default:
			return result{}, err
		}
	}
	switch {
	case state == erp.StateCancelled:
		return r.withdrawn(ctx, job)
	case id == "" && sent == 0:
		return r.over(ctx, d, o, "the order never left")
	case id == "" || !r.client.Supports(erp.OpCancel):
		return result{}, ErrStands.With("%s was withdrawn; look for it in the ERP and cancel it there", job.Ref)
	}
	reason := job.Reason
	if reason == "" {
		reason = "withdrawn"
	}
	got, err := r.client.CancelOrder(ctx, id, reason)
	if err != nil {
		return result{}, err
	}
	if got.State != erp.StateCancelled {
		return result{}, ErrStands.With("%s stayed %s in the ERP", job.Ref, got.State)
	}
	return r.withdrawn(ctx, job)
}

// over ends a delivery that found nothing left to do, and with it the problem
// that it has left on the order.
func (r *Relay) over(ctx context.Context, d event.Delivery, o order.Order, note string) (result, error) {
	if o.ERP.Problem != "" {
		in, err := lasting(ctx, r.queue, o, d.Event, order.Report{})
		if err == nil {
			_, err = r.books.Orders.ReportERP(ctx, r.actor, in)
		}
		if err != nil && !errors.Is(err, order.ErrNotFound) {
			return result{}, err
		}
	}
	return result{note: note}, nil
}

// withdrawn notes the end of the twin on the order, if that is still there.
func (r *Relay) withdrawn(ctx context.Context, job order.SyncRequested) (result, error) {
	_, err := r.books.Orders.ReportERP(ctx, r.actor, order.Report{Order: job.Order, State: string(erp.StateCancelled), Solved: true})
	if err != nil && !errors.Is(err, order.ErrNotFound) {
		return result{}, err
	}
	return result{note: "cancelled in the ERP"}, nil
}
