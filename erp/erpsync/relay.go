package erpsync

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/order"
)

// Options tune a Relay. The zero value is ready to use.
type Options struct {
	// Now is the clock. Default: the machine's.
	Now func() time.Time
	// Random gives the jitter of retries, in [0, 1). Default: math/rand.
	Random func() float64
	// Zone is the tenant's time zone, for the day of documents. Default: UTC.
	Zone *time.Location
	// Lease is how long a step may keep its deliveries before another worker
	// may claim them. Default: 1 minute.
	Lease time.Duration
	// PerDelivery bounds the work on one delivery; a tenth of Lease, at most a
	// second, is left for its end. What a step has no time left for is given
	// back. Default: half of Lease.
	PerDelivery time.Duration
	// Batch is how many deliveries a step claims. Default: 16.
	Batch int
	// MaxAttempts is after how many failed tries a delivery is buried; an ERP
	// that is merely away is waited for without end. Default: 8.
	MaxAttempts int
	// Backoff is the first delay after a failure; it doubles up to MaxBackoff.
	// Defaults: 1 s and 5 minutes.
	Backoff, MaxBackoff time.Duration
	// Grace is how long after a push whose answer is missing its document may
	// still appear in the ERP: for so long "not found" is not believed, neither
	// by a second push nor by a withdrawal. It is at least the client's
	// CallTimeout. Default: 2 minutes.
	Grace time.Duration
	// Poll is how often a validated order is looked at until the ERP has
	// confirmed and numbered it, without end: the interval grows to a tenth of
	// the time waited so far, and up to MaxPoll. A withdrawal of a validated
	// order waits for the next look. Defaults: 10 s and 15 minutes.
	Poll, MaxPoll time.Duration
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
	// Released says that its turn never came; it is due again at once.
	Released Verdict = "released"
	// Lost says that the lease had passed on; somebody else answers for it.
	Lost Verdict = "lost"
)

// Relay carries orders, payments, invoices of our own and messages to one
// tenant's ERP. Any number of relays may run on
// one queue; each delivery is worked by one at a time.
type Relay struct {
	tenant access.Tenant
	queue  event.Queue
	books  Books
	client *erp.Client
	actor  access.Actor
	o      Options
	waits  waits
}

// NewRelay makes the relay of one tenant over its queue, its services and a
// client of its ERP. Work of a service that is nil becomes a dead letter; the
// catalog has none.
func NewRelay(t access.Tenant, q event.Queue, books Books, c *erp.Client, opts *Options) *Relay {
	r := &Relay{tenant: t, queue: q, books: books, client: c, actor: access.Machine("erp-relay")}
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
	orDefault(&o.Grace, 2*time.Minute)
	orDefault(&o.Poll, 10*time.Second)
	orDefault(&o.MaxPoll, 15*time.Minute)
	orDefault(&o.Idle, time.Second)
	orDefault(&o.Batch, 16)
	orDefault(&o.MaxAttempts, 8)
	orDefault(&o.PerDelivery, o.Lease/2)
	o.PerDelivery = min(o.PerDelivery, o.Lease)
}

// rest is how much of a lease is kept for saying how the delivery ended.
func (o *Options) rest() time.Duration { return min(o.Lease/10, time.Second) }

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
// deliveries that were. Those whose turn does not come, because the time is
// short, ctx ended or the store failed, are given back at once. An error is
// the store's; the ERP's failures end in the deliveries.
func (r *Relay) Step(ctx context.Context) (int, error) { return r.step(ctx, r.o.Batch) }

// step claims at most so many deliveries.
func (r *Relay) step(ctx context.Context, most int) (int, error) {
	began := r.o.Now()
	ds, err := r.queue.Claim(ctx, event.Claim{Topic: event.ERP, Limit: most, Lease: r.o.Lease})
	if err != nil {
		return 0, err
	}
	r.waits.line(ds)
	for i, d := range ds {
		// Measured by our own clock alone, which need not be the store's.
		left := r.o.Lease - r.o.Now().Sub(began)
		if i > 0 && left < min(r.o.PerDelivery, r.o.Lease/2) || left <= r.o.rest() {
			r.release(ctx, ds[i:])
			break
		}
		if err := r.handle(ctx, d, left); err != nil {
			r.release(ctx, ds[i+1:])
			return len(ds), err
		}
	}
	return len(ds), nil
}

// release gives back what was not begun. What cannot be given back comes again
// when its lease is over.
func (r *Relay) release(ctx context.Context, ds []event.Delivery) {
	ctx, stop := aftermath(ctx)
	defer stop()
	for _, d := range ds {
		h := Handled{Event: d.ID, Verdict: Released, Attempt: d.Attempt, Note: "its turn did not come"}
		if err := r.queue.Release(ctx, d, r.o.Now(), d.Cause); err != nil {
			h.Verdict = Lost
		}
		r.o.Observe(h)
	}
}

// handle works one delivery, whose lease lasts for left, and settles it. When
// ctx ends in between the delivery stays leased and comes again.
func (r *Relay) handle(ctx context.Context, d event.Delivery, left time.Duration) error {
	// The bound keeps a slow ERP from letting two workers act at once; keys
	// and look-ups make even that harmless.
	work, stop := context.WithTimeout(ctx, min(left-r.o.rest(), r.o.PerDelivery))
	defer stop()
	began := r.o.Now()
	res := r.work(work, d)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h := Handled{Event: d.ID, Order: res.order(), Attempt: d.Attempt, Note: res.note, Err: res.err}
	now := r.o.Now()
	if res.again > 0 {
		// What takes long comes again late and after the others, so that it
		// leaves them time.
		spent := now.Sub(began)
		res.again = max(res.again, min(4*spent, r.o.MaxBackoff))
		if spent > r.o.PerDelivery/4 {
			r.waits.slow(d.ID)
		}
	} else {
		r.waits.forget(d.ID)
	}
	res.complain(ctx, r, left-now.Sub(began))
	var err error
	switch {
	case res.again > 0:
		h.Verdict = Retry
		back := r.queue.Retry
		if res.free {
			back = r.queue.Release
		}
		err = back(ctx, d, now.Add(res.again), res.text())
	case res.err != nil:
		h.Verdict = Buried
		err = r.queue.Bury(ctx, d, res.text())
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
