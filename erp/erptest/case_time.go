package erptest

import (
	"context"
	"runtime"
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

func deadline(s *scene) {
	s.givenUp(func() (context.Context, context.CancelFunc) { return context.WithTimeout(s.ctx, s.h.Patience) })
}

func cancelledMidway(s *scene) {
	s.givenUp(func() (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(s.ctx)
		t := time.AfterFunc(s.h.Patience, cancel)
		return ctx, func() { t.Stop(); cancel() }
	})
}

// givenUp makes a push and a look-up of a slow ERP whose caller soon leaves.
func (s *scene) givenUp(leave func() (context.Context, context.CancelFunc)) {
	s.Helper()
	s.need(erp.OpPush)
	s.fail(erp.OpPush, Slow)
	s.leaves(erp.OpPush, leave, func(ctx context.Context) error {
		_, err := s.client.PushOrder(ctx, s.order(1, 1))
		return err
	}, erp.OutcomeUnknown)
	if s.client.Supports(erp.OpFind) && s.canFail(erp.OpFind, Slow) {
		s.leaves(erp.OpFind, leave, func(ctx context.Context) error {
			_, err := s.client.FindOrder(ctx, s.key(2))
			return err
		}, erp.Retryable, erp.NotSent)
	}
}

// leaves makes one call whose caller leaves, and checks when and how it ends.
func (s *scene) leaves(op erp.Op, leave func() (context.Context, context.CancelFunc), call func(context.Context) error, want ...erp.Class) {
	s.Helper()
	ctx, cancel := leave()
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call(ctx) }()
	<-ctx.Done()
	late := time.NewTimer(grace)
	defer late.Stop()
	var err error
	select {
	case err = <-done:
	case <-late.C:
		s.broken("%s still goes on %s after its caller left", op, grace)
		<-done
		return
	}
	for _, c := range want {
		if erp.ClassOf(err) == c {
			return
		}
	}
	s.broken("%s answered %s", op, show(err))
}

// goroutines compares their number before and after rounds of calls. Others of
// the process may come and go, so a leak is what shows each of three times.
func goroutines(s *scene) {
	s.need(erp.OpPush)
	const rounds = 20
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
