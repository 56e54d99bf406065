package erptest

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

func secretCases() []testCase {
	return []testCase{
		{"secrets", "no error of any case, nothing that is answered and may stand in an event, and nothing that is logged shows a credential", secrets, on()},
	}
}

// secrets is the last case: it provokes errors of its own, and then answers for
// those, and for the answers, of all cases before it.
func secrets(s *scene) {
	switch {
	case len(s.h.Secrets) > 0:
	case s.h.NoSecrets:
		s.skip("the adapter is given no credentials (Harness.NoSecrets)")
	default:
		s.untried("no credentials are named (Harness.Secrets)")
	}
	gone, cancel := context.WithCancel(s.ctx)
	cancel()
	s.client = erp.NewClient(s.Adapter, &erp.Options{Attempts: 1}) // errors are wanted, not patience
	calls := everyCall(s)
	for _, op := range erp.Ops() {
		if !s.client.Supports(op) {
			continue
		}
		for _, f := range []Fault{BadLogin, RequestLost, Busy} {
			if s.canFail(op, f) {
				_ = calls[op]()
				s.client.Reset()
			}
		}
		if s.Proxy == nil {
			continue
		}
		for _, f := range []WireFault{CutBefore, LoginPage, Truncated, Redirected} {
			s.Proxy.Next(f, s.requests(op))
			_ = calls[op]()
			s.client.Reset()
		}
		s.Proxy.Heal()
	}
	if p, ok := s.Adapter.(erp.OrderPusher); ok && s.client.Supports(erp.OpPush) {
		_, _ = p.PushOrder(gone, s.order(1, 1))
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for _, leak := range s.watch.leaks {
		s.broken("%s", leak)
	}
	if s.h.Logs == nil {
		return
	}
	for _, line := range strings.Split(s.h.Logs(), "\n") {
		if n := s.watch.within(line); n > 0 {
			s.broken("secret %d was logged: %q", n, s.watch.hidden(line))
		}
	}
}
