package erp

import (
	"context"
	"time"
)

// call runs one operation through all that the Client promises. C is the
// capability interface of op.
func call[C, R any](ctx context.Context, c *Client, op Op, fn func(context.Context, C) (R, error)) (R, error) {
	var zero R
	able, ok := c.adapter.(C)
	if !ok || !c.Supports(op) {
		return zero, c.name(NotSupported(op))
	}
	for attempt := 1; ; attempt++ {
		probe, err := c.admit(ctx, op)
		if err != nil {
			return zero, err
		}
		got, err := try(ctx, c, op, probe, func(ctx context.Context) (R, error) { return fn(ctx, able) })
		if err == nil {
			return got, nil
		}
		if !c.again(ctx, err, attempt) || c.o.Sleep(ctx, c.delay(err, attempt)) != nil {
			return zero, err
		}
	}
}

// try makes one attempt and draws the conclusions for the next calls.
func try[R any](ctx context.Context, c *Client, op Op, probe bool, fn func(context.Context) (R, error)) (R, *Error) {
	var zero R
	bound, cancel := ctx, context.CancelFunc(func() {})
	if c.o.CallTimeout > 0 {
		bound, cancel = context.WithTimeout(ctx, c.o.CallTimeout)
	}
	defer cancel()
	answered := false
	defer func() {
		if !answered { // a panic in the adapter must not keep the probe for ever
			c.breaker.abandon(probe)
		}
	}()
	got, err := fn(bound)
	answered = true
	if err == nil {
		c.breaker.success()
		return got, nil
	}
	e := asError(op, c.about.Name, err)
	c.learn(ctx, e, probe)
	return zero, e
}

// learn feeds the breaker and remembers what no repetition will change.
func (c *Client) learn(ctx context.Context, e *Error, probe bool) {
	switch e.Class {
	case NotSent, Retryable, OutcomeUnknown:
		if ctx.Err() == context.Canceled { // the caller left; that says nothing about the ERP
			c.breaker.abandon(probe)
		} else {
			c.breaker.failure(probe)
		}
		return
	case Auth:
		c.mu.Lock()
		if c.stopped == nil {
			c.stopped = e
		}
		c.mu.Unlock()
	case Unsupported:
		c.mu.Lock()
		c.absent[e.Op] = true
		c.mu.Unlock()
	}
	c.breaker.success() // it refused, so it is alive
}

// admit waits for the rate limit and asks the breaker, in this order, so that
// nobody waits with the probe in hand. Nothing it refuses has left.
func (c *Client) admit(ctx context.Context, op Op) (probe bool, refusal *Error) {
	if e := c.refused(op); e != nil {
		return false, e
	}
	if err := ctx.Err(); err != nil {
		return false, c.name(Unsent(op, err))
	}
	if err := c.await(ctx); err != nil {
		return false, c.name(Unsent(op, err))
	}
	if e := c.refused(op); e != nil { // stopped while we waited
		return false, e
	}
	probe, wait, ok := c.breaker.allow()
	if !ok {
		e := Unsent(op, nil)
		e.RetryAfter, e.code = wait, ErrCircuitOpen
		return false, c.name(e)
	}
	return probe, nil
}

// await takes one call out of the rate limit's bucket.
func (c *Client) await(ctx context.Context) error {
	if c.limit == nil {
		return nil
	}
	now := c.o.Now()
	r := c.limit.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d <= 0 {
		return nil
	}
	err := c.o.Sleep(ctx, d)
	if err != nil {
		r.CancelAt(c.o.Now())
	}
	return err
}

func (c *Client) refused(op Op) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped == nil {
		return nil
	}
	e := NewError(Auth, op, c.stopped.Text, nil)
	e.code = ErrStopped
	return c.name(e)
}

// again decides whether one more attempt is safe and of use.
func (c *Client) again(ctx context.Context, e *Error, attempt int) bool {
	if attempt >= c.o.Attempts || ctx.Err() != nil || e.RetryAfter > c.o.MaxDelay {
		return false
	}
	return e.Class == NotSent || e.Class == Retryable && !e.Op.writes()
}

// delay is exponential with full jitter, and at least what the ERP asked for.
func (c *Client) delay(e *Error, attempt int) time.Duration {
	ceiling := c.o.BaseDelay
	for i := 1; i < attempt && ceiling < c.o.MaxDelay; i++ {
		ceiling *= 2
	}
	ceiling = min(ceiling, c.o.MaxDelay)
	return max(time.Duration(c.o.Random()*float64(ceiling)), e.RetryAfter)
}

func (c *Client) name(e *Error) *Error {
	e.Adapter = c.about.Name
	return e
}
