package erp_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
)

// down is an ERP that fails until it is up.
func down(up *bool) *script {
	a := newScript(nil)
	a.hook = func(_ context.Context, op erp.Op) error {
		if *up {
			return nil
		}
		return erp.NewError(erp.Retryable, op, "503", nil)
	}
	return a
}

func push(t *testing.T, c *erp.Client) error {
	_, err := c.PushOrder(t.Context(), small("K"))
	return err
}

func TestTheBreakerOpensProbesAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := false
		a := down(&up)
		c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 3, BreakerOpenFor: 10 * time.Second, Attempts: 1})
		for range 3 {
			require.ErrorIs(t, push(t, c), erp.ErrRetryable)
		}
		time.Sleep(4 * time.Second)
		err := push(t, c)
		require.ErrorIs(t, err, erp.ErrCircuitOpen)
		require.ErrorIs(t, err, erp.ErrNotSent, "a held call has not left")
		var e *erp.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, 6*time.Second, e.RetryAfter)
		require.Equal(t, erp.Breaker{State: erp.BreakerOpen, Failures: 3, Wait: 6 * time.Second}, c.Breaker())
		require.Equal(t, 3, a.calls(erp.OpPush))

		time.Sleep(6 * time.Second)
		require.Equal(t, erp.BreakerHalfOpen, c.Breaker().State)
		require.ErrorIs(t, push(t, c), erp.ErrRetryable, "the probe fails")
		require.ErrorIs(t, push(t, c), erp.ErrCircuitOpen, "and opens it anew")
		require.Equal(t, 4, a.calls(erp.OpPush))

		time.Sleep(10 * time.Second)
		up = true
		require.NoError(t, push(t, c), "the probe succeeds")
		require.Equal(t, erp.Breaker{State: erp.BreakerClosed}, c.Breaker())
		up = false
		for range 3 {
			require.ErrorIs(t, push(t, c), erp.ErrRetryable, "closed: failures are counted from none")
		}
		require.ErrorIs(t, push(t, c), erp.ErrCircuitOpen)
		c.Reset()
		require.ErrorIs(t, push(t, c), erp.ErrRetryable)
	})
}

// Half-open lets one probe through, however many call.
func TestOneProbeAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := false
		a := down(&up)
		c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 1, BreakerOpenFor: time.Second, Attempts: 1})
		require.Error(t, push(t, c))
		time.Sleep(time.Second)
		up = true
		gate := make(chan struct{})
		a.hook = func(context.Context, erp.Op) error { <-gate; return nil }
		results := make(chan error, 8)
		for range 8 {
			go func() { results <- push(t, c) }()
		}
		synctest.Wait()
		require.Len(t, results, 7)
		for range 7 {
			require.ErrorIs(t, <-results, erp.ErrCircuitOpen)
		}
		close(gate)
		require.NoError(t, <-results)
		require.NoError(t, push(t, c))
	})
}

// A probe whose caller leaves, or whose adapter panics, is nobody's verdict,
// and the next call probes.
func TestAnAbandonedProbeIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := false
		a := down(&up)
		c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 1, BreakerOpenFor: time.Second, Attempts: 1})
		require.Error(t, push(t, c))
		time.Sleep(time.Second)
		up = true
		ctx, cancel := context.WithCancel(t.Context())
		a.hook = func(ctx context.Context, op erp.Op) error { cancel(); return erp.Lost(op, ctx.Err()) }
		_, err := c.PushOrder(ctx, small("K"))
		require.ErrorIs(t, err, erp.ErrOutcomeUnknown)
		a.hook = func(context.Context, erp.Op) error { panic("adapter bug") }
		require.Panics(t, func() { _ = push(t, c) })
		a.hook = nil
		require.NoError(t, push(t, c))
	})
}

// A call that began before the breaker opened neither opens it for longer nor
// takes the probe's place.
func TestALateFailureDoesNotProlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newScript(nil)
		gate := make(chan struct{})
		a.hook = func(_ context.Context, op erp.Op) error {
			if op == erp.OpCancel {
				<-gate
			}
			return erp.NewError(erp.Retryable, op, "503", nil)
		}
		c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 1, BreakerOpenFor: 10 * time.Second, Attempts: 1})
		late := make(chan error, 1)
		go func() { _, err := c.CancelOrder(t.Context(), "1", "why"); late <- err }()
		synctest.Wait()
		require.ErrorIs(t, push(t, c), erp.ErrRetryable)
		time.Sleep(9 * time.Second)
		close(gate)
		require.ErrorIs(t, <-late, erp.ErrRetryable)
		time.Sleep(time.Second)
		require.ErrorIs(t, push(t, c), erp.ErrRetryable, "the probe goes after ten seconds")
	})
}

// A refusal is an answer: the ERP is alive.
func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	a := newScript(nil)
	a.hook = func(_ context.Context, op erp.Op) error { return erp.Reject(op, "no") }
	c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 1})
	for range 5 {
		require.ErrorIs(t, push(t, c), erp.ErrRejected)
	}
}

func TestWithoutAClockTheBreakerIsOff(t *testing.T) {
	up := false
	c := erp.NewClient(down(&up), &erp.Options{BreakerFailures: 1, Rate: 0.001})
	for range 5 {
		require.ErrorIs(t, push(t, c), erp.ErrRetryable)
	}
}

// A deadline that passes is the ERP's slowness; a caller who cancels is not.
func TestSlownessOpensTheBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newScript(nil)
		a.hook = func(ctx context.Context, op erp.Op) error { <-ctx.Done(); return erp.Lost(op, ctx.Err()) }
		c := erp.NewClient(a, &erp.Options{Now: time.Now, BreakerFailures: 1})
		cancelled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := c.PushOrder(cancelled, small("K"))
		require.ErrorIs(t, err, context.Canceled)
		late, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.PushOrder(late, small("K"))
		require.ErrorIs(t, err, erp.ErrOutcomeUnknown)
		require.ErrorIs(t, push(t, c), erp.ErrCircuitOpen)
	})
}
