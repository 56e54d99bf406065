package erpsync

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// Options tune a Relay. The zero value is ready to use.
type Options struct {
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// Random gives the jitter of retries, in [0, 1). Default: math/rand.
	Random func() float64
	// Zone is the tenant's time zone, for the day of documents. Default: UTC.
	Zone *time.Location
	// Lease is how long one delivery may take before another worker may
	// claim it. Default: 1 minute.
	Lease time.Duration
	// Batch is how many deliveries a step claims. Default: 16.
	Batch int
	// MaxAttempts is after how many tries a failing delivery is buried; an ERP
	// that is merely away is waited for without end. Default: 8.
	MaxAttempts int
	// Backoff is the first delay after a failure; it doubles up to MaxBackoff.
	// Defaults: 1 s and 5 minutes.
	Backoff, MaxBackoff time.Duration
	// Poll is how often a validated order is looked at until the ERP has
	// confirmed and numbered it, and MaxPolls how many times. Defaults: 10 s
	// and 60; after that the pull brings the news.
	Poll     time.Duration
	MaxPolls int
	// Idle is how long Run sleeps when nothing is due. Default: 1 s.
	Idle time.Duration
	// HoldConfirm leaves confirming to the ERP's own people: the draft of a
	// validated order is pushed and watched, not advanced.
	HoldConfirm bool
	// Observe is told of every delivery handled. It must not block.
	Observe func(Handled)
}

// Handled is what became of one delivery.
type Handled struct {
	Event   string
	Order   order.ID
	Verdict Verdict
	Attempt int
	// Note says what was done or waited for; Err is the failure, if any.
	Note string
	Err  error
}

// Verdict is how a delivery ended.
type Verdict string

// The verdicts.
const (
	Done   Verdict = "done"
	Retry  Verdict = "retry"
	Buried Verdict = "buried"
	// Lost says that the lease had passed on; somebody else answers for it.
	Lost Verdict = "lost"
)

// Relay carries orders to one tenant's ERP. Any number of relays may run on
// one queue; each delivery is worked by one at a time.
type Relay struct {
	tenant access.Tenant
	queue  event.Queue
	orders *order.Service
	client *erp.Client
	actor  access.Actor
	o      Options
}

// NewRelay makes the relay of one tenant over its queue, its orders and a
// client of its ERP.
func NewRelay(t access.Tenant, q event.Queue, orders *order.Service, c *erp.Client, opts *Options) *Relay {
	r := &Relay{tenant: t, queue: q, orders: orders, client: c, actor: access.Machine("erp-relay")}
	if opts != nil {
		r.o = *opts
	}
	r.o.fill()
	return r
}

func (o *Options) fill() {
	o.Now = clock.Or(o.Now)
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Observe == nil {
		o.Observe = func(Handled) {}
	}
	orDefault(&o.Lease, time.Minute)
	orDefault(&o.Backoff, time.Second)
	orDefault(&o.MaxBackoff, 5*time.Minute)
	orDefault(&o.Poll, 10*time.Second)
	orDefault(&o.Idle, time.Second)
	orDefault(&o.Batch, 16)
	orDefault(&o.MaxAttempts, 8)
	orDefault(&o.MaxPolls, 60)
}

func orDefault[N ~int | ~int64](v *N, def N) {
	if *v <= 0 {
		*v = def
	}
}

// Run works until ctx ends and then answers its error. A store that fails is
// waited for like an empty queue.
func (r *Relay) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if n, err := r.Step(ctx); err == nil && n > 0 {
			continue
		}
		t := time.NewTimer(r.o.Idle)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
	}
	return ctx.Err()
}

// Step claims one batch of due work, handles it and answers how many
// deliveries that were. An error is the store's; the ERP's failures end in the
// deliveries.
func (r *Relay) Step(ctx context.Context) (int, error) {
	ds, err := r.queue.Claim(ctx, event.Claim{Topic: event.ERP, Limit: r.o.Batch, Lease: r.o.Lease})
	if err != nil {
		return 0, err
	}
	for _, d := range ds {
		if err := r.handle(ctx, d); err != nil {
			return len(ds), err
		}
	}
	return len(ds), nil
}

// handle works one delivery and settles it. When ctx ends in between the
// delivery stays leased and comes again.
func (r *Relay) handle(ctx context.Context, d event.Delivery) error {
	// What is left of the lease bounds the work, so that a slow ERP does not
	// let two workers act at once; keys and look-ups make even that harmless.
	left := d.Until.Sub(r.o.Now())
	if left <= 0 {
		r.o.Observe(Handled{Event: d.ID, Verdict: Lost, Attempt: d.Attempt, Note: "the lease ended before its turn came"})
		return nil
	}
	work, stop := context.WithTimeout(ctx, left)
	defer stop()
	res := r.work(work, d)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h := Handled{Event: d.ID, Order: res.job.Order, Attempt: d.Attempt, Note: res.note, Err: res.err}
	var err error
	switch {
	case res.again > 0:
		h.Verdict = Retry
		err = r.queue.Retry(ctx, d, r.o.Now().Add(res.again), res.text())
	case res.err != nil:
		h.Verdict = Buried
		if err = r.queue.Bury(ctx, d, res.text()); err == nil {
			r.complain(ctx, res.job, res.err)
		}
	default:
		h.Verdict = Done
		err = r.queue.Done(ctx, d)
	}
	if errors.Is(err, event.ErrLeaseLost) {
		h.Verdict, err = Lost, nil
	}
	r.o.Observe(h)
	return err
}

// result is what a delivery came to: done, again after a while, or, with an
// error and no again, a dead letter.
type result struct {
	job   order.SyncRequested
	note  string
	err   error
	again time.Duration
}

func (r result) text() string {
	if r.err != nil {
		return r.err.Error()
	}
	return r.note
}

func (r *Relay) work(ctx context.Context, d event.Delivery) (res result) {
	job, err := decode(d.Event)
	if err != nil {
		return result{err: err}
	}
	defer func() {
		if p := recover(); p != nil {
			res = r.failed(d, job, fmt.Errorf("panic: %v", p))
		}
	}()
	if job.Withdraw {
		res, err = r.withdraw(ctx, job)
	} else {
		res, err = r.push(ctx, d, job)
	}
	if err != nil {
		return r.failed(d, job, err)
	}
	res.job = job
	return res
}

// failed decides what a failure means: wait, look again, or a person.
func (r *Relay) failed(d event.Delivery, job order.SyncRequested, err error) result {
	res := result{job: job, err: err}
	delay := r.backoff(d.Attempt)
	switch r.class(err) {
	case patient:
		res.again = delay
	case impatient:
		if d.Attempt < r.o.MaxAttempts {
			res.again = delay
		}
	}
	return res
}

// temper is how a failure is waited for.
type temper uint8

const (
	final     temper = iota // for a person
	patient                 // for as long as it takes
	impatient               // a bounded number of times
)

func (r *Relay) class(err error) temper {
	var e *erp.Error
	if !errors.As(err, &e) {
		switch {
		case errors.Is(err, erp.ErrInvalidDocument):
			return final
		case errors.Is(err, uow.ErrVersion), fault.KindOf(err) == fault.Unavailable:
			return patient
		}
		return impatient
	}
	switch e.Class {
	case erp.NotSent, erp.Retryable, erp.Auth:
		return patient
	case erp.OutcomeUnknown:
		if e.Park {
			return final
		}
		return patient
	case erp.Rejected, erp.NeedsConfirmation, erp.Unsupported, erp.Contract:
		return final
	}
	return impatient
}

// backoff doubles from Backoff to MaxBackoff, with half of it jitter.
func (r *Relay) backoff(attempt int) time.Duration {
	d := r.o.Backoff
	for i := 1; i < attempt && d < r.o.MaxBackoff; i++ {
		d *= 2
	}
	d = min(d, r.o.MaxBackoff)
	return d/2 + time.Duration(r.o.Random()*float64(d/2))
}

// complain leaves the reason of a dead letter on the order, where its people
// see it, unless the order has moved on to another revision. It is a courtesy:
// the letter holds the reason in any case.
func (r *Relay) complain(ctx context.Context, job order.SyncRequested, err error) {
	o, gone := r.orders.Get(ctx, r.actor, job.Order)
	if gone != nil || o.Revision > job.Revision {
		return
	}
	_, _ = r.orders.ReportERP(ctx, r.actor, order.Report{Order: o.ID, Problem: err.Error()})
}
