package erpsync

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// Letters lets a person settle what the relay could not: list, retry, drop.
type Letters struct {
	desk
	queue event.Queue
	books Books
}

// NewLetters makes the dead letters of one tenant's queue and services. A nil
// policy is access.Default(), where admins may.
func NewLetters(q event.Queue, books Books, p *access.Policy) *Letters {
	return &Letters{desk: desk{p}, queue: q, books: books}
}

// desk is where people settle what machines could not; a nil policy is
// access.Default().
type desk struct{ policy *access.Policy }

func (d desk) may(a access.Actor) error {
	policy := d.policy
	if policy == nil {
		policy = access.Default()
	}
	if !policy.Everywhere(a, access.ERPLetters) {
		return access.Denied(access.ERPLetters)
	}
	return nil
}

// List answers dead letters in order of burial, at most limit, and the cursor
// of the rest ("" at the end). Errors: access.ErrForbidden.
func (l *Letters) List(ctx context.Context, a access.Actor, after string, limit int) ([]event.Letter, string, error) {
	if err := l.may(a); err != nil {
		return nil, "", err
	}
	return l.queue.Dead(ctx, event.ERP, after, limit)
}

// Retry gives a dead letter back to the relay, due at once. Errors:
// access.ErrForbidden, event.ErrNoLetter.
func (l *Letters) Retry(ctx context.Context, a access.Actor, id string) error {
	if err := l.may(a); err != nil {
		return err
	}
	return l.queue.Revive(ctx, event.ERP, id)
}

// Drop removes a dead letter for good: a person has settled the matter. The
// problem that it left on its document goes with it, but for that of a payment or
// an invoice whose push is open still; an order shows that of its other dead
// letters, if any. Errors: access.ErrForbidden, event.ErrNoLetter; those of the
// store.
func (l *Letters) Drop(ctx context.Context, a access.Actor, id string) error {
	if err := l.may(a); err != nil {
		return err
	}
	letter, err := l.find(ctx, id)
	if err != nil {
		return err
	}
	if err := l.forget(ctx, a, letter); err != nil {
		return err
	}
	return l.queue.Drop(ctx, event.ERP, id)
}

// NeverArrived settles a push of unknown outcome, of an order, a payment, an
// invoice or a message, on an ERP that cannot be asked: a person has looked, and
// the document is not there. The push is made again. Errors:
// access.ErrForbidden, event.ErrNoLetter, ErrWork for a letter that is no push
// or whose document has no push open; those of the store.
func (l *Letters) NeverArrived(ctx context.Context, a access.Actor, id string) error {
	open, err := l.parked(ctx, a, id)
	if err != nil {
		return err
	}
	if err := open.undo(ctx); err != nil {
		return err
	}
	return l.queue.Revive(ctx, event.ERP, id)
}

// Arrived settles a push of unknown outcome the other way: the person found
// the document, under the ERP's id and, if it has one, its number. The relay
// goes on from there. Errors: as for NeverArrived, and ErrWork with its issue
// for a blank id; billing.ErrExists and billing.ErrPaymentExists for the id of
// another document.
func (l *Letters) Arrived(ctx context.Context, a access.Actor, id, erpID, number string) error {
	open, err := l.parked(ctx, a, id)
	if err != nil {
		return err
	}
	var is fault.Issues
	if erpID = strings.TrimSpace(erpID); erpID == "" {
		is.Add("erp_id", "required", "is the ERP's id of the document that was found")
	}
	if err := is.Err(ErrWork); err != nil {
		return err
	}
	if err := open.link(ctx, erpID, strings.TrimSpace(number)); err != nil {
		return err
	}
	return l.queue.Revive(ctx, event.ERP, id)
}

// unsettled is a push of unknown outcome, and how a person's word on it is
// noted.
type unsettled struct {
	undo func(ctx context.Context) error
	link func(ctx context.Context, erpID, number string) error
}

// parked finds the push that a dead letter holds.
func (l *Letters) parked(ctx context.Context, a access.Actor, id string) (unsettled, error) {
	if err := l.may(a); err != nil {
		return unsettled{}, err
	}
	letter, err := l.find(ctx, id)
	if err != nil {
		return unsettled{}, err
	}
	t, is, err := l.books.tagOf(ctx, l.actor(a), letter.Event)
	switch {
	case err != nil:
		return unsettled{}, err
	case !is:
		return l.parkedOrder(ctx, a, letter)
	}
	closed := ErrWork.With("no push of %s %s is open", t.kind, t.name)
	if t.have.ID != "" { // the ERP told of it since
		return unsettled{
			undo: func(context.Context) error { return closed },
			link: func(_ context.Context, erpID, _ string) error {
				if erpID != t.have.ID {
					return closed
				}
				return nil
			},
		}, nil
	}
	if t.have.SentAt.IsZero() {
		return unsettled{}, closed
	}
	return unsettled{
		undo: func(ctx context.Context) error { return t.note(ctx, order.Twin{}) },
		link: func(ctx context.Context, erpID, number string) error {
			return t.note(ctx, order.Twin{ID: erpID, Number: number})
		},
	}, nil
}

func (l *Letters) parkedOrder(ctx context.Context, a access.Actor, letter event.Letter) (unsettled, error) {
	job, err := decode[order.SyncRequested](letter.Event)
	if err == nil && job.Withdraw {
		err = ErrWork.With("the letter is a withdrawal")
	}
	if err != nil {
		return unsettled{}, err
	}
	o, err := l.books.Orders.Get(ctx, l.actor(a), job.Order)
	if err == nil && o.ERP.Sent <= o.ERP.Revision {
		err = ErrWork.With("no push of %s is open", o.Ref)
	}
	if err != nil {
		return unsettled{}, err
	}
	report := func(ctx context.Context, in order.Report) error {
		in, err := lasting(ctx, l.queue, o, event.Event{ID: letter.ID}, in)
		if err == nil {
			_, err = l.books.Orders.ReportERP(ctx, l.actor(a), in)
		}
		return err
	}
	return unsettled{
		undo: func(ctx context.Context) error { return report(ctx, order.Report{Unsent: true}) },
		link: func(ctx context.Context, erpID, number string) error {
			return report(ctx, order.Report{Revision: o.ERP.Sent, ID: erpID, Number: number, State: string(erp.StateDraft)})
		},
	}, nil
}

func (l *Letters) find(ctx context.Context, id string) (event.Letter, error) {
	for after := ""; ; {
		page, next, err := l.queue.Dead(ctx, event.ERP, after, 500)
		if err != nil {
			return event.Letter{}, err
		}
		for _, letter := range page {
			if letter.ID == id {
				return letter, nil
			}
		}
		if next == "" {
			return event.Letter{}, event.ErrNoLetter
		}
		after = next
	}
}

// actor acts for the relay, in the person's name.
func (l *Letters) actor(a access.Actor) access.Actor {
	m := access.Machine("erp-relay")
	m.Name = a.Name
	return m
}
