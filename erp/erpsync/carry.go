package erpsync

import (
	"cmp"
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// cargo is a document of ours that the ERP is to hold once: a payment, an
// invoice, a message.
type cargo struct {
	tag
	push erp.Op
	// ensure, resume and find are the client's, of this document.
	ensure, resume, find func(ctx context.Context) (erp.DocReceipt, error)
	// differs says what in the ERP's answer is not as it was sent; "" nothing.
	differs func(erp.DocReceipt) string
}

// load reads the cargo of a task as it is now; a note instead says why there
// is nothing to carry.
type load func(ctx context.Context, r *Relay) (c cargo, none string, err error)

// carry brings the ERP to hold exactly one document. As with orders, what is
// about to leave is noted before it leaves; after a lost answer it is looked
// for, and its absence is believed when the grace period is over; an ERP that
// can neither key nor look up is for a person.
func (r *Relay) carry(ctx context.Context, from load) (result, error) {
	c, none, err := from(ctx, r)
	switch {
	case err != nil:
		return result{}, err
	case none != "":
		return result{note: none}, nil
	case c.have.ID != "":
		return result{note: "the ERP has it"}, nil
	case !r.client.Supports(c.push):
		return result{note: "the ERP takes no " + c.kind + "s"}, nil
	}
	if !c.have.SentAt.IsZero() {
		if got, found, err := r.lookFor(ctx, c); found || err != nil {
			return r.carried(ctx, c, got, err)
		}
		if r.client.KeysOf(c.push) == erp.Neither {
			got, err := c.resume(ctx) // sends nothing
			return r.carried(ctx, c, got, err)
		}
		if err := c.note(ctx, order.Twin{}); err != nil {
			return result{}, err
		}
	}
	err = c.note(ctx, order.Twin{SentAt: r.o.Now()})
	if errors.Is(err, order.ErrSending) || errors.Is(err, thread.ErrSending) {
		// Another relay sends it, or the ERP has told of it: look anew.
		return result{}, &pending{note: err.Error(), within: r.o.MaxBackoff}
	}
	if err != nil {
		return result{}, err
	}
	got, err := c.ensure(ctx)
	if undone(err) {
		after, stop := aftermath(ctx)
		defer stop()
		if fail := c.note(after, order.Twin{}); fail != nil {
			return result{}, fail
		}
	}
	return r.carried(ctx, c, got, err)
}

// lookFor looks for a document that may have left before.
func (r *Relay) lookFor(ctx context.Context, c cargo) (erp.DocReceipt, bool, error) {
	keys := r.client.KeysOf(c.push)
	if keys == erp.NativeIdempotency {
		return erp.DocReceipt{}, false, nil
	}
	if keys == erp.LookupByKey {
		got, err := c.find(ctx)
		if class := erp.ClassOf(err); class != erp.NotFound && class != erp.Unsupported {
			return got, err == nil, err
		}
	}
	if left := r.grace(c.have.SentAt); left > 0 {
		return erp.DocReceipt{}, false, &pending{note: "an earlier push may still arrive", within: left}
	}
	return erp.DocReceipt{}, false, nil
}

func (r *Relay) carried(ctx context.Context, c cargo, got erp.DocReceipt, err error) (result, error) {
	if err != nil {
		return result{}, err
	}
	t := order.Twin{ID: got.ID, Number: got.Number, State: got.State, Problem: c.differs(got)}
	if err := c.note(ctx, t); err != nil {
		return result{}, err
	}
	return result{note: "the ERP holds " + c.kind + " " + cmp.Or(got.Number, got.ID)}, nil
}

// cargoTask is the work of carrying a document.
type cargoTask struct{ from load }

func (cargoTask) order() order.ID { return "" }

func (t cargoTask) do(ctx context.Context, r *Relay, _ event.Delivery) (result, error) {
	return r.carry(ctx, t.from)
}

// complain leaves the twin's other marks as they are.
func (t cargoTask) complain(ctx context.Context, r *Relay, err error, dead bool) {
	c, none, gone := t.from(ctx, r)
	if gone != nil || none != "" || !dead && c.have.Problem != "" {
		return
	}
	_ = c.note(ctx, order.Twin{SentAt: c.have.SentAt, Problem: err.Error()})
}
