package erptest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

func wireCases() []testCase {
	all := []testCase{
		{"wire_lost_answer", "an order whose answer is cut on the wire is OutcomeUnknown; the next round finds it and makes no other", wireLostAnswer, on(erp.OpPush, erp.OpFind)},
		{"wire_lost_request", "an order that is cut before it reaches the ERP may be OutcomeUnknown; the next round makes exactly one", wireLostRequest, on(erp.OpPush, erp.OpFind)},
		{"wire_doubled", "an order that the wire brings twice is one document, and the push ends with it", wireDoubled, on(erp.OpPush, erp.OpFind)},
		{"wire_retry_after", "429 and 503 are Retryable, say for how long, and leave nothing behind", wireRetryAfter, on(erp.OpPush, erp.OpFind)},
		{"wire_truncated", "an answer that is cut off is OutcomeUnknown of a write and Retryable of a read", wireTruncated, on(erp.OpPush, erp.OpFind)},
		{"wire_unreadable", "half an answer, or a page for people, is believed neither as a document nor as its absence", wireUnreadable, on(erp.OpPush, erp.OpFind)},
		{"wire_slow", "an answer that is late or drips keeps nobody beyond his deadline, and a write is OutcomeUnknown then", wireSlow, on(erp.OpPush, erp.OpFind)},
		{"wire_redirect", "a redirect is not followed: nothing is sent elsewhere, a credential least of all", wireRedirect, on(erp.OpPush, erp.OpFind)},
		{"wire_storm", "over a wire that cuts, doubles, refuses or spoils most requests each of 24 orders is one document in the end", wireStorm, on(erp.OpPush, erp.OpFind)},
	}
	for i, c := range all {
		all[i].run = func(s *scene) {
			s.need(erp.OpPush)
			switch {
			case s.Proxy != nil:
			case s.h.NoWire:
				s.skip("nothing is sent to this ERP over a wire (Harness.NoWire)")
			default:
				s.untried("no proxy stands before the ERP (Subject.Proxy)")
			}
			defer s.Proxy.Heal()
			c.run(s)
		}
	}
	return all
}

// requests are those that carry the operation out.
func (s *scene) requests(op erp.Op) Match {
	if s.Wire != nil {
		if m := s.Wire(op); m != nil {
			return m
		}
	}
	writes := erp.Lost(op, nil).Class == erp.OutcomeUnknown
	return func(r *http.Request, _ []byte) bool {
		return !writes || r.Method != http.MethodGet && r.Method != http.MethodHead
	}
}

// wire makes the call meet the fault. A fault that hit nothing proves nothing.
func (s *scene) wire(f WireFault, op erp.Op, call func() error) error {
	s.Helper()
	s.Proxy.Next(f, s.requests(op))
	err := call()
	if s.Proxy.Counts().Waiting > 0 {
		s.missed(f, op)
	}
	return err
}

func (s *scene) missed(f WireFault, op erp.Op) {
	s.Helper()
	s.broken("%q hit no request of %s: the Proxy sees none that Subject.Wire or ProxyOptions.Match accepts", f, op)
	s.FailNow()
}

// impatient makes a client that tries once.
func (s *scene) impatient() *erp.Client { return erp.NewClient(s.Adapter, &erp.Options{Attempts: 1}) }

func (s *scene) pushes(n int) func() error {
	return func() error { _, err := s.impatient().PushOrder(s.ctx, s.order(n, 1)); return err }
}

func (s *scene) ensures(n int) func() error {
	return func() error { _, err := s.impatient().EnsureOrder(s.ctx, s.order(n, 1)); return err }
}

// reads is a read that any ERP answers; false when the adapter has none.
func (s *scene) reads(n int) (op erp.Op, call func() error, ok bool) {
	if s.client.Supports(erp.OpFind) {
		return erp.OpFind, func() error { _, err := s.impatient().FindOrder(s.ctx, s.key(n)); return err }, true
	}
	for _, f := range feeds() {
		if s.client.Supports(f.op) {
			return f.op, func() error { _, err := f.pull(s.ctx, s.impatient(), nil, 10); return err }, true
		}
	}
	return "", nil, false
}

// classed checks that an error is of one of the classes.
func (s *scene) classed(f WireFault, op erp.Op, err error, want ...erp.Class) {
	s.Helper()
	if !slices.Contains(want, erp.ClassOf(err)) {
		s.broken("%s, %q, answered %s", op, f, show(err))
	}
}

func wireLostAnswer(s *scene) {
	s.needKeys()
	s.classed(CutAfter, erp.OpPush, s.wire(CutAfter, erp.OpPush, s.ensures(1)), erp.OutcomeUnknown)
	s.exactly(1, 1)
	s.settle(1)
}

func wireLostRequest(s *scene) {
	s.needKeys()
	s.classed(CutBefore, erp.OpPush, s.wire(CutBefore, erp.OpPush, s.ensures(1)), erp.OutcomeUnknown, erp.Retryable)
	s.exactly(1, 0)
	s.settle(1)
}

func wireDoubled(s *scene) {
	s.needKeys()
	if err := s.wire(Doubled, erp.OpPush, s.ensures(1)); err != nil {
		s.broken("it answered %s", show(err))
	}
	s.exactly(1, 1)
	s.settle(1)
}

func wireRetryAfter(s *scene) {
	asked := s.Proxy.o.RetryAfter
	said := func(f WireFault, op erp.Op, err error) {
		var e *erp.Error
		if s.classed(f, op, err, erp.Retryable); errors.As(err, &e) && e.RetryAfter != asked {
			s.broken("%s, %q, is to wait %s, the ERP asked for %s", op, f, e.RetryAfter, asked)
		}
	}
	for i, f := range []WireFault{TooMany, Unavailable} {
		said(f, erp.OpPush, s.wire(f, erp.OpPush, s.pushes(i+1)))
		s.exactly(i+1, 0)
		s.must("the push after it", s.pushes(i+1)())
		s.exactly(i+1, 1)
		if op, read, ok := s.reads(i + 1); ok {
			said(f, op, s.wire(f, op, read))
		}
	}
}

func wireTruncated(s *scene) {
	s.classed(Truncated, erp.OpPush, s.wire(Truncated, erp.OpPush, s.pushes(1)), erp.OutcomeUnknown)
	s.exactly(1, 1)
	if s.client.Reconciles() {
		s.settle(1)
	}
	if op, read, ok := s.reads(1); ok {
		s.classed(Truncated, op, s.wire(Truncated, op, read), erp.Retryable)
		s.must(string(op)+" after it", read())
	}
}

func wireUnreadable(s *scene) {
	for i, f := range []WireFault{LoginPage, Halved} {
		n := i + 1
		s.classed(f, erp.OpPush, s.wire(f, erp.OpPush, s.pushes(n)), erp.OutcomeUnknown, erp.Contract, erp.Auth)
		s.exactly(n, i)
		if s.client.Reconciles() {
			s.settle(n)
		} else if i == 0 {
			s.must("the push after it", s.pushes(n)())
		}
		if op, read, ok := s.reads(n); ok {
			s.classed(f, op, s.wire(f, op, read), erp.Retryable, erp.Contract, erp.Auth)
			s.must(string(op)+" after it", read())
		}
	}
}

func wireSlow(s *scene) {
	for i, f := range []WireFault{Late, Drip} {
		n := s.pushSlow(f, 1+i*10)
		// The ERP may still be at it when the caller has left.
		s.await(func() bool { documents, ok := s.count(n); return !ok || documents > 0 })
		s.exactly(n, 1)
		if s.client.Reconciles() {
			s.settle(n)
		}
	}
}

// pushSlow pushes an order whose caller leaves before the answer is there, and
// tells its key. A request that was given up before it arrived proves nothing,
// and another order is pushed with more patience.
func (s *scene) pushSlow(f WireFault, n int) int {
	s.Helper()
	s.Proxy.Next(f, s.requests(erp.OpPush))
	for more := time.Duration(1); more <= 64; more *= 4 {
		s.leaves(erp.OpPush, func(d time.Duration) (context.Context, context.CancelFunc) { return s.inTime(d * more) },
			func(ctx context.Context) error {
				_, err := s.impatient().PushOrder(ctx, s.order(n, 1))
				return err
			}, erp.OutcomeUnknown)
		for range 20 {
			if s.Proxy.Counts().Waiting == 0 {
				return n
			}
			time.Sleep(10 * time.Millisecond)
		}
		n++
	}
	s.missed(f, erp.OpPush)
	return n
}

func wireRedirect(s *scene) {
	check := func(op erp.Op, err error) {
		if c := erp.ClassOf(err); c == 0 || c == erp.NotFound {
			s.broken("%s, redirected, answered %s", op, show(err))
		}
		if n := s.Proxy.Counts().Strays; n > 0 {
			s.broken("%s: %d requests followed the redirect", op, n)
		}
	}
	check(erp.OpPush, s.wire(Redirected, erp.OpPush, s.pushes(1)))
	s.exactly(1, 0)
	s.must("the push after it", s.pushes(1)())
	if op, read, ok := s.reads(1); ok {
		check(op, s.wire(Redirected, op, read))
	}
}

// wireStorm repeats rounds as a relay does, each with a client that remembers
// nothing, until the order is there.
func wireStorm(s *scene) {
	s.needKeys()
	const orders, rounds = 24, 500
	s.Proxy.Random(0.6)
	ids, errs := make([]string, orders), make([]error, orders)
	for i := range orders {
		for round := range rounds {
			var r erp.Receipt
			if round == 0 {
				r, errs[i] = s.impatient().EnsureOrder(s.ctx, s.order(i+1, 1))
			} else {
				r, errs[i] = s.impatient().ResumeOrder(s.ctx, s.order(i+1, 1))
			}
			ids[i] = r.ID
			if c := erp.ClassOf(errs[i]); c == 0 || c == erp.Rejected || c == erp.NotFound || c == erp.Unsupported {
				break
			}
		}
	}
	s.Proxy.Heal()
	if len(s.Proxy.Counts().Faults) == 0 {
		s.missed("a storm", erp.OpPush)
	}
	s.apart(ids, errs)
	for i := range orders {
		s.exactly(i+1, 1)
		s.settle(i + 1)
	}
}
