package erpsync

import (
	"context"
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/order"
)

// pending says that there is nothing to do but to look again, within a while.
type pending struct {
	note   string
	within time.Duration
}

func (p *pending) Error() string { return p.note }

// ensure makes the document, once. The order remembers that a push is under
// way before it leaves, so that whoever comes next knows that there is
// something to look for: the next attempt, another relay, a withdrawal.
func (r *Relay) ensure(ctx context.Context, o order.Order, doc erp.Order) (erp.Receipt, order.Order, error) {
	if o.ERP.Sent > o.ERP.Revision {
		return r.resume(ctx, o, doc)
	}
	return r.create(ctx, doc, order.Report{Order: o.ID, Sending: o.Revision})
}

// resume goes on after a push that may have left. An ERP that makes one
// document of one key is simply told again. Elsewhere a document that is not
// found may still be in the making, and a second push could make a second one:
// not found is believed after a while. An ERP that cannot be asked at all is
// for a person.
func (r *Relay) resume(ctx context.Context, o order.Order, doc erp.Order) (erp.Receipt, order.Order, error) {
	if r.client.Describe().Keys != erp.NativeIdempotency {
		if r.client.Supports(erp.OpFind) {
			got, err := r.client.FindOrder(ctx, doc.Key)
			if c := erp.ClassOf(err); c != erp.NotFound && c != erp.Unsupported {
				return got, o, err
			}
		}
		if left := r.grace(o.ERP.SentAt); left > 0 {
			return erp.Receipt{}, o, &pending{note: "an earlier push may still arrive", within: left}
		}
	}
	if !r.client.Reconciles() {
		got, err := r.client.ResumeOrder(ctx, doc)
		return got, o, err
	}
	return r.create(ctx, doc, order.Report{Order: o.ID, Unsent: true, Sending: o.Revision})
}

// grace is how long after a push began its document may still appear.
func (r *Relay) grace(sent time.Time) time.Duration {
	return sent.Add(max(r.o.Grace, r.client.CallTimeout())).Sub(r.o.Now())
}

// create pushes under a claim, and gives the claim back when nothing was done.
func (r *Relay) create(ctx context.Context, doc erp.Order, claim order.Report) (erp.Receipt, order.Order, error) {
	o, err := r.books.Orders.ReportERP(ctx, r.actor, claim)
	if err != nil {
		return erp.Receipt{}, o, err
	}
	got, err := r.client.EnsureOrder(ctx, doc)
	if undone(err) {
		// The time of this delivery may be over, and it is worth knowing.
		after, stop := aftermath(ctx)
		defer stop()
		if _, fail := r.books.Orders.ReportERP(after, r.actor, order.Report{Order: o.ID, Unsent: true}); fail != nil {
			return erp.Receipt{}, o, fail
		}
	}
	return got, o, err
}

// undone reports whether a failed push is known to have made no document. What
// cannot be read may have been done (Contract), and a refused duplicate is
// somebody's document, perhaps one of an earlier push of ours.
func undone(err error) bool {
	switch erp.ClassOf(err) {
	case erp.NotSent, erp.Retryable, erp.Rejected, erp.NeedsConfirmation, erp.Auth, erp.Unsupported:
		return !errors.Is(err, erp.ErrDuplicate)
	}
	return false
}

// aftermath is a context for the little that is still to be noted when ctx may
// have ended.
func aftermath(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}
