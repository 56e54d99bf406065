package erptest

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

func timeCases() []testCase {
	return []testCase{
		{"deadline", "a call ends at its deadline although the ERP still works; a write is OutcomeUnknown then", deadline, on(erp.OpPush, erp.OpFind)},
		{"cancelled_midway", "a call ends at once when its context is cancelled while the ERP works; a write is OutcomeUnknown then", cancelledMidway,
			on(erp.OpPush, erp.OpFind)},
		{"goroutines", "calls leave no goroutine behind, be they answered, refused or given up", goroutines, on()},
	}
}

// grace is how long a call may take to notice that nobody waits any more.
const grace = time.Second

func deadline(s *scene) { s.givenUp(s.inTime) }

func cancelledMidway(s *scene) {
	s.givenUp(func(d time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(s.ctx)
		t := time.AfterFunc(d, cancel)
		return ctx, func() { t.Stop(); cancel() }
	})
}

// leave makes the context of a caller who leaves after d.
type leave func(d time.Duration) (context.Context, context.CancelFunc)

// inTime is the leave of a deadline.
func (s *scene) inTime(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, d)
}

// givenUp makes a push and a look-up of a slow ERP whose caller soon leaves.
func (s *scene) givenUp(l leave) {
	s.Helper()
	s.need(erp.OpPush)
	s.fail(erp.OpPush, Slow)
	s.leaves(erp.OpPush, l, func(ctx context.Context) error {
		_, err := s.client.PushOrder(ctx, s.order(1, 1))
		return err
	}, erp.OutcomeUnknown)
	if s.client.Supports(erp.OpFind) && s.canFail(erp.OpFind, Slow) {
		s.leaves(erp.OpFind, l, func(ctx context.Context) error {
			_, err := s.client.FindOrder(ctx, s.key(2))
			return err
		}, erp.Retryable, erp.NotSent)
	}
}

// leaves makes one call whose caller leaves, and checks when and how it ends.
// One that had not left by then is made again, with more patience.
func (s *scene) leaves(op erp.Op, l leave, call func(context.Context) error, want ...erp.Class) {
	s.Helper()
	var err error
	for patience := s.h.Patience; patience <= 64*s.h.Patience; patience *= 4 {
		var late bool
		if err, late = left(l, patience, call); late {
			s.broken("%s still goes on %s after its caller left", op, grace)
			return
		}
		if slices.Contains(want, erp.ClassOf(err)) {
			return
		}
		if erp.ClassOf(err) != erp.NotSent {
			break
		}
	}
	s.broken("%s answered %s", op, show(err))
}

// left makes the call and reports whether it took notice too late.
func left(l leave, patience time.Duration, call func(context.Context) error) (err error, late bool) {
	ctx, cancel := l(patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call(ctx) }()
	<-ctx.Done()
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case err = <-done:
		return err, false
	case <-t.C:
		return <-done, true
	}
}

// goroutines compares their number before and after rounds of calls. Others of
// the process may come and go, so a leak is what shows each of three times.
func goroutines(s *scene) {
	s.need(erp.OpPush)
	const rounds = 8
	s.calls(0) // connections, which may stay
	for try := range 3 {
		before := runtime.NumGoroutine()
		for n := range rounds {
			s.calls(1 + try*rounds + n)
		}
		more := 0
		for range 100 {
			if more = runtime.NumGoroutine() - before; more < rounds/2 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		if try == 2 {
			s.broken("after %d rounds of calls there are %d goroutines more", rounds, more)
		}
	}
}

// calls makes a round of them. What they answer is the matter of other cases.
func (s *scene) calls(n int) {
	c := s.newClient()
	_, _ = c.PushOrder(s.ctx, s.order(n, 1))
	_, _ = c.FindOrder(s.ctx, s.key(n))
	for _, f := range feeds() {
		_, _ = f.pull(s.ctx, c, nil, 2)
	}
	gone, cancel := context.WithCancel(s.ctx)
	cancel()
	if p, ok := s.Adapter.(erp.OrderPusher); ok {
		_, _ = p.PushOrder(gone, s.order(n, 1))
	}
}
