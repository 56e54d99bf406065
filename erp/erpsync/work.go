package erpsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// task is one piece of the relay's work.
type task interface {
	do(ctx context.Context, r *Relay, d event.Delivery) (result, error)
	// complain leaves the reason of a dead letter, or of a long wait, on the
	// document, where its people see it. It is a courtesy: the queue holds the
	// reason in any case.
	complain(ctx context.Context, r *Relay, err error, dead bool)
	// order is the order that it is about, "" for none.
	order() order.ID
}

// taskOf reads the work of an event.
func taskOf(e event.Event) (task, error) {
	switch e.Type {
	case typeOf(order.SyncRequested{}):
		job, err := decode[order.SyncRequested](e)
		return syncTask(job), err
	case typeOf(order.RestCancelRequested{}):
		job, err := decode[order.RestCancelRequested](e)
		return restTask(job), err
	case typeOf(billing.PaymentPushRequested{}):
		job, err := decode[billing.PaymentPushRequested](e)
		return cargoTask{from: loadPayment(job.Payment)}, err
	case typeOf(billing.InvoicePushRequested{}):
		job, err := decode[billing.InvoicePushRequested](e)
		return cargoTask{from: loadInvoice(job.Document)}, err
	case typeOf(thread.PushRequested{}):
		job, err := decode[thread.PushRequested](e)
		return cargoTask{from: loadMessage(job)}, err
	}
	return nil, ErrWork.With("%s is not work for the relay", e.Type)
}

func typeOf(p event.Payload) string {
	name, _ := p.EventType()
	return name
}

// decode reads the payload of an event of its type and schema.
func decode[P event.Payload](e event.Event) (P, error) {
	var job P
	name, schema := job.EventType()
	if e.Type != name || e.Schema != schema {
		return job, ErrWork.With("%s, schema %d, is not work for the relay", e.Type, e.Schema)
	}
	if err := json.Unmarshal(e.Data, &job); err != nil {
		return job, ErrWork.Because(err)
	}
	return job, nil
}

// result is what a delivery came to: done, again after a while, or, with an
// error and no again, a dead letter. Free: what is tried again did not fail,
// and does not count as an attempt. Tell: the document's people should know
// what is waited for.
type result struct {
	task  task
	note  string
	err   error
	again time.Duration
	free  bool
	tell  bool
}

func (r result) text() string {
	if r.err != nil {
		return r.err.Error()
	}
	return r.note
}

func (r result) order() order.ID {
	if r.task == nil {
		return ""
	}
	return r.task.order()
}

// complain speaks while the lease lasts and the delivery is not given back:
// whoever has it next, or the order's next one, has the last word.
func (r result) complain(ctx context.Context, by *Relay, left time.Duration) {
	dead := r.err != nil && r.again == 0
	if r.task == nil || !dead && !r.tell {
		return
	}
	ctx, stop := context.WithTimeout(ctx, left)
	defer stop()
	r.task.complain(ctx, by, r.err, dead)
}

func (r *Relay) work(ctx context.Context, d event.Delivery) (res result) {
	t, err := taskOf(d.Event)
	if err != nil {
		return result{err: err}
	}
	defer func() {
		if p := recover(); p != nil {
			res = r.failed(d, t, fmt.Errorf("panic: %v", p))
		}
	}()
	res, err = t.do(ctx, r, d)
	var look *pending
	switch {
	case errors.As(err, &look):
		return result{task: t, note: look.note, again: min(look.within, r.backoff(r.waits.count(d.ID))), free: true}
	case err != nil:
		return r.failed(d, t, err)
	}
	res.task = t
	return res
}

// syncTask brings an order to the ERP, or takes it back.
type syncTask order.SyncRequested

func (t syncTask) order() order.ID { return t.Order }

func (t syncTask) do(ctx context.Context, r *Relay, d event.Delivery) (result, error) {
	if t.Withdraw {
		return r.withdraw(ctx, d, order.SyncRequested(t))
	}
	return r.push(ctx, d, order.SyncRequested(t))
}

// complain does not speak for an order that has moved on to another revision.
// A wait does not replace what is shown already.
func (t syncTask) complain(ctx context.Context, r *Relay, err error, dead bool) {
	o, gone := r.books.Orders.Get(ctx, r.actor, t.Order)
	if gone != nil || o.Revision > t.Revision || !dead && o.ERP.Problem != "" {
		return
	}
	_, _ = r.books.Orders.ReportERP(ctx, r.actor, order.Report{Order: o.ID, Problem: err.Error()})
}
