package erp

import (
	"sync"
	"time"
)

// breaker holds calls back after failures in a row. Closed it lets all
// through, open none, half-open one probe whose result decides. Without a
// clock it stays closed.
type breaker struct {
	now  func() time.Time
	max  int
	wait time.Duration

	mu       sync.Mutex
	failures int
	open     bool
	since    time.Time
	probing  bool
}

func newBreaker(now func() time.Time, failures int, wait time.Duration) *breaker {
	return &breaker{now: now, max: failures, wait: wait}
}

// allow reports whether a call may go, whether it is the probe, and if it may
// not, how long to wait. Every allowed call ends in exactly one of success,
// failure and abandon.
func (b *breaker) allow() (probe bool, wait time.Duration, ok bool) {
	if b.now == nil {
		return false, 0, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return false, 0, true
	}
	if left := b.wait - b.now().Sub(b.since); left > 0 {
		return false, left, false
	}
	if b.probing {
		return false, b.wait, false
	}
	b.probing = true
	return true, 0, true
}

// success closes the breaker, whoever had it: the ERP answers again.
func (b *breaker) success() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.open, b.probing = 0, false, false
}

// failure opens the breaker, or opens it anew after a failed probe. A call
// that began before it opened changes nothing any more.
func (b *breaker) failure(probe bool) {
	if b.now == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open && !probe {
		return
	}
	b.failures++
	if probe || b.failures >= b.max {
		b.open, b.since, b.probing = true, b.now(), false
	}
}

// abandon ends a call that told nothing about the ERP.
func (b *breaker) abandon(probe bool) {
	if !probe {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}

// BreakerState is how the circuit breaker of a Client stands.
type BreakerState string

// The states of the breaker.
const (
	// BreakerClosed lets all calls through.
	BreakerClosed BreakerState = "closed"
	// BreakerOpen holds all calls back.
	BreakerOpen BreakerState = "open"
	// BreakerHalfOpen lets one call through, whose result decides.
	BreakerHalfOpen BreakerState = "half_open"
	// BreakerStopped holds all calls back until Reset: the ERP refused our
	// credentials.
	BreakerStopped BreakerState = "stopped"
)

// Breaker is what a Client's circuit breaker says.
type Breaker struct {
	State BreakerState `json:"state"`
	// Failures counts those in a row.
	Failures int `json:"failures,omitempty"`
	// Wait is how long an open breaker still holds calls back.
	Wait time.Duration `json:"wait,omitempty"`
}

// Breaker tells how this Client's circuit breaker stands now. Without a clock
// it is closed or stopped.
func (c *Client) Breaker() Breaker {
	c.mu.Lock()
	stopped := c.stopped != nil
	c.mu.Unlock()
	at := c.breaker.standing()
	if stopped {
		at.State, at.Wait = BreakerStopped, 0
	}
	return at
}

func (b *breaker) standing() Breaker {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := Breaker{State: BreakerClosed, Failures: b.failures}
	if b.open {
		at.State = BreakerHalfOpen
		if at.Wait = max(b.wait-b.now().Sub(b.since), 0); at.Wait > 0 {
			at.State = BreakerOpen
		}
	}
	return at
}
