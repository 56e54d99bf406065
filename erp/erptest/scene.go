package erptest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// scene is one case at work.
type scene struct {
	*testing.T
	Subject
	ctx     context.Context
	h       Harness
	client  *erp.Client
	name    string
	claim   string
	outcome *ending
	watch   *watch
}

// ending is how a case ended that did not run to its end.
type ending struct {
	ran, ok bool
	reason  string // why it was skipped, "" when it was not
	untried bool   // the harness could not, and not the ERP
}

// newClient makes a client without memory of earlier calls.
func (s *scene) newClient() *erp.Client {
	return erp.NewClient(s.Adapter, &erp.Options{Now: time.Now, BaseDelay: 5 * time.Millisecond})
}

// broken reports a violation together with the claim it violates.
func (s *scene) broken(format string, args ...any) {
	s.Helper()
	s.Errorf("%s\n\tthe claim: %s", fmt.Sprintf(format, args...), s.claim)
}

// skip ends a case that does not apply to this ERP.
func (s *scene) skip(format string, args ...any) {
	s.Helper()
	s.outcome.reason = fmt.Sprintf(format, args...)
	s.Skip(s.outcome.reason)
}

// untried ends a case that the harness has no means for.
func (s *scene) untried(format string, args ...any) {
	s.Helper()
	s.outcome.untried = true
	s.skip(format, args...)
}

// need skips the case when the adapter lacks one of the operations.
func (s *scene) need(ops ...erp.Op) {
	s.Helper()
	for _, op := range ops {
		if !s.client.Supports(op) {
			s.skip("the adapter has no %s", op)
		}
	}
}

// needKeys skips the case for an ERP that keeps no keys of ours.
func (s *scene) needKeys() {
	s.Helper()
	if s.client.Describe().Keys == erp.Neither {
		s.skip("the adapter declares neither keys nor look-up")
	}
}

// fail sets a fault, or skips the case when neither the harness nor the way to
// the ERP can.
func (s *scene) fail(op erp.Op, f Fault) {
	s.Helper()
	if !s.canFail(op, f) {
		s.untried("the harness cannot make %q happen to %s", f, op)
	}
}

func (s *scene) canFail(op erp.Op, f Fault) bool {
	if s.Fail != nil && s.Fail(op, f) {
		return true
	}
	on, ok := map[Fault]WireFault{AnswerLost: CutAfter, RequestLost: CutBefore, Busy: Unavailable, Slow: Late}[f]
	if !ok || s.Proxy == nil {
		return false
	}
	s.Proxy.Next(on, s.requests(op))
	return true
}

func (s *scene) key(n int) string { return fmt.Sprintf("%s%s-%d", s.h.Prefix, s.name, n) }

func (s *scene) order(n, revision int) erp.Order { return s.h.Order(s.key(n), revision) }

// push creates the order of key n, revision 1, or ends the case.
func (s *scene) push(n int) erp.Receipt {
	s.Helper()
	r, err := s.client.PushOrder(s.ctx, s.order(n, 1))
	if erp.ClassOf(err) == erp.Duplicate {
		s.broken("the ERP has the key %q already; one that keeps its documents needs a new Harness.Prefix at each run: %v", s.key(n), err)
		s.FailNow()
	}
	s.must("push_order", err)
	return r
}

func (s *scene) must(what string, err error) {
	s.Helper()
	if err != nil {
		s.broken("%s failed: %v", what, err)
		s.FailNow()
	}
}

// confirm has the order of key n confirmed, or skips the case when nobody can.
func (s *scene) confirm(id string, n int) {
	s.Helper()
	switch {
	case s.Confirm != nil:
		s.must("the harness's Confirm", s.Confirm(s.ctx, id))
	case s.client.Supports(erp.OpAdvance):
		r, err := s.client.AdvanceOrder(s.ctx, id, erp.StateConfirmed)
		s.must("advance_order", err)
		if r.State == erp.StateDraft && s.h.ConfirmsLater {
			s.await(func() bool { return s.seen(n) != erp.StateDraft })
		}
	default:
		s.untried("the harness has no Confirm and the adapter no %s", erp.OpAdvance)
	}
}

// await asks again and again for up to 5 seconds.
func (s *scene) await(done func() bool) {
	s.Helper()
	for range 500 {
		if done() || s.ctx.Err() != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// seen is the state a look-up tells, or else the truth.
func (s *scene) seen(n int) erp.OrderState {
	s.Helper()
	if !s.client.Supports(erp.OpFind) {
		return s.truth(n)
	}
	r, err := s.client.FindOrder(s.ctx, s.key(n))
	s.must("find_order", err)
	return r.State
}

// count is how many documents the ERP holds for the key of n, where the
// harness can see; otherwise ok is false.
func (s *scene) count(n int) (documents int, ok bool) {
	s.Helper()
	if s.Held == nil {
		return 0, false
	}
	held, err := s.Held(s.ctx, s.key(n))
	s.must("the harness's Held", err)
	return len(held), true
}

// exactly checks the count where it can be seen.
func (s *scene) exactly(n, want int) {
	s.Helper()
	if got, ok := s.count(n); ok && got != want {
		s.broken("the ERP holds %d documents of the key, not %d", got, want)
	}
}

// truth is where the order of key n stands in the ERP, by the harness or by
// a look-up; the case is skipped when neither can tell.
func (s *scene) truth(n int) erp.OrderState {
	s.Helper()
	if s.Held != nil {
		held, err := s.Held(s.ctx, s.key(n))
		s.must("the harness's Held", err)
		if len(held) != 1 {
			s.broken("the ERP holds %d documents of the key, not 1", len(held))
			s.FailNow()
		}
		return held[0].State
	}
	s.needSight()
	r, err := s.newClient().FindOrder(s.ctx, s.key(n))
	s.must("find_order", err)
	return r.State
}

// needSight skips the case when nothing can tell what the ERP holds.
func (s *scene) needSight() {
	s.Helper()
	if s.Held == nil && !s.client.Supports(erp.OpFind) {
		s.untried("the harness has no Held and the adapter no %s", erp.OpFind)
	}
}
