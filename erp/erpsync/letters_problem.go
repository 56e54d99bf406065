package erpsync

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// lasting makes a report the good news of an event that is done: the problem that
// is left is the cause of the latest of the order's other dead letters that still
// matters. Dead letters are gone through only when the order has a problem.
func lasting(ctx context.Context, q event.Queue, o order.Order, done event.Event, in order.Report) (order.Report, error) {
	in.Order, in.Solved = o.ID, true
	if o.ERP.Problem == "" {
		return in, nil
	}
	latest := int64(-1)
	for after := ""; ; {
		page, next, err := q.Dead(ctx, event.ERP, after, 500)
		if err != nil {
			return in, err
		}
		for _, l := range page {
			if l.ID != done.ID && l.Version > latest && matters(o, l.Event, done) {
				latest, in.Problem, in.Solved = l.Version, l.Cause, false
			}
		}
		if after = next; next == "" {
			return in, nil
		}
	}
}

// matters reports whether a dead letter still says something about the order: not
// when it was overtaken, by a later revision or by later work of its kind that is
// done, and when the order has ended only if it is a withdrawal.
func matters(o order.Order, e, done event.Event) bool {
	t, err := taskOf(e)
	if err != nil || t.order() != o.ID || e.Type == done.Type && e.Version < done.Version {
		return false
	}
	switch t := t.(type) {
	case syncTask:
		return t.Revision >= o.Revision && (t.Withdraw || !ended(o))
	case restTask:
		return t.Revision >= o.Revision && !ended(o)
	}
	return false
}

// forget takes the problem off the document that a dead letter has left it on, if
// it is still that one. A payment or an invoice whose push is open keeps it.
func (l *Letters) forget(ctx context.Context, a access.Actor, letter event.Letter) error {
	if l.books.Orders == nil { // nothing can be read
		return nil
	}
	t, is, err := l.books.tagOf(ctx, l.actor(a), letter.Event)
	if err == nil && is {
		if t.have.Problem != letter.Cause || t.have.Problem == "" || !t.have.SentAt.IsZero() {
			return nil
		}
		return t.note(ctx, order.Twin{})
	}
	var work task
	if err == nil {
		work, err = taskOf(letter.Event)
	}
	var o order.Order
	if err == nil {
		o, err = l.books.Orders.Get(ctx, l.actor(a), work.order())
	}
	if errors.Is(err, ErrWork) || fault.KindOf(err) == fault.NotFound { // there is no document
		return nil
	}
	if err != nil || o.ERP.Problem != letter.Cause || o.ERP.Problem == "" {
		return err
	}
	in, err := lasting(ctx, l.queue, o, event.Event{ID: letter.ID}, order.Report{})
	if err == nil {
		_, err = l.books.Orders.ReportERP(ctx, l.actor(a), in)
	}
	return err
}
