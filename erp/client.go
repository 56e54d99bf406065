package erp

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Options of a Client. The zero value of a field means its default.
type Options struct {
	// Now is the clock of the rate limit and of the circuit breaker. Without
	// one (nil) both are off: nothing below the root package reads the
	// system's clock on its own.
	Now func() time.Time
	// Sleep waits for d or until ctx is done, whose error it returns.
	// Default: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Random returns a number in [0, 1) for the jitter between attempts.
	// Default: no jitter, each delay in full.
	Random func() float64
	// Attempts is the most times a read, or a call that did not leave, is
	// tried, the first included. Default 4.
	Attempts int
	// BaseDelay is the upper bound of the first delay; it doubles from
	// attempt to attempt. Default 200 ms.
	BaseDelay time.Duration
	// MaxDelay bounds every delay. An ERP that asks for a longer one gets no
	// further attempt in this call. Default 10 s.
	MaxDelay time.Duration
	// CallTimeout bounds one attempt. Default 30 s; negative: no bound.
	CallTimeout time.Duration
	// Rate is the most calls a second, over all goroutines. Default: no limit.
	Rate float64
	// Burst is how many calls may go at once within Rate. Default 1.
	Burst int
	// BreakerFailures is after how many failures in a row (NotSent,
	// Retryable, OutcomeUnknown) calls are held back. Default 5.
	BreakerFailures int
	// BreakerOpenFor is for how long, until one probe goes through. Default 30 s.
	BreakerOpenFor time.Duration
}

// Client is the portable type over an adapter: callers use it, integrators
// write adapters. It validates, limits, breaks the circuit, repeats what may
// be repeated, refuses receipts that cannot be the answer (Contract for a
// read, OutcomeUnknown for a write) and answers for what the adapter cannot do,
// so that no adapter has to. It implements every capability interface itself
// and is safe for concurrent use.
type Client struct {
	adapter Adapter
	about   Description
	o       Options
	limit   *rate.Limiter
	breaker *breaker

	mu      sync.Mutex
	absent  map[Op]bool
	stopped *Error
}

var _ interface {
	Describer
	Pinger
	OrderPusher
	OrderFinder
	OrderReviser
	OrderCanceller
	OrderAdvancer
	RestCanceller
	PaymentPusher
	PaymentFinder
	InvoicePusher
	InvoiceFinder
	MessagePusher
	MessageFinder
	OrderPuller
	DeliveryPuller
	InvoicePuller
	PaymentPuller
	MessagePuller
	PartyPuller
	ProductPuller
	PricePuller
	StockPuller
	Lister
} = (*Client)(nil)

// NewClient makes the client of an adapter. It asks for the Description once;
// opts may be nil.
func NewClient(a Adapter, opts *Options) *Client {
	c := &Client{adapter: a, about: a.Describe(), absent: map[Op]bool{}}
	if opts != nil {
		c.o = *opts
	}
	c.o.fill()
	c.breaker = newBreaker(c.o.Now, c.o.BreakerFailures, c.o.BreakerOpenFor)
	if c.o.Rate > 0 && c.o.Now != nil {
		c.limit = rate.NewLimiter(rate.Limit(c.o.Rate), c.o.Burst)
	}
	return c
}

func (o *Options) fill() {
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Random == nil {
		o.Random = func() float64 { return 1 }
	}
	orInt(&o.Attempts, 4)
	orInt(&o.Burst, 1)
	orInt(&o.BreakerFailures, 5)
	orDuration(&o.BaseDelay, 200*time.Millisecond)
	orDuration(&o.MaxDelay, 10*time.Second)
	orDuration(&o.BreakerOpenFor, 30*time.Second)
	if o.CallTimeout == 0 {
		o.CallTimeout = 30 * time.Second
	}
}

func orInt(v *int, def int) {
	if *v <= 0 {
		*v = def
	}
}

func orDuration(v *time.Duration, def time.Duration) {
	if *v <= 0 {
		*v = def
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Describe implements Describer with the adapter's description.
func (c *Client) Describe() Description { return c.about }

// CallTimeout is how long one attempt may take, 0 for no bound.
func (c *Client) CallTimeout() time.Duration { return max(c.o.CallTimeout, 0) }

// Supports reports whether the adapter has the operation (see Has) and has not
// answered Unsupported yet.
func (c *Client) Supports(op Op) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.absent[op] && Has(c.adapter, op)
}

// Reset starts a client again that an Auth error stopped, closes the breaker
// and forgets what the adapter did not support.
func (c *Client) Reset() {
	c.mu.Lock()
	c.stopped = nil
	c.absent = map[Op]bool{}
	c.mu.Unlock()
	c.breaker.success()
}
