package erptest

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

func pushCases() []testCase {
	return []testCase{
		{"push_draft", "a pushed order is a draft with an id, answered with the key the ERP stores or none", pushDraft, on(erp.OpPush)},
		{"push_untouched", "pushing changes nothing in the caller's order", pushUntouched, on(erp.OpPush)},
		{"push_content", "the ERP holds the order for its customer, each line once, with SKU, text, quantity and price as pushed", pushContent, on(erp.OpPush)},
		{"push_totals", "the totals reported are the ERP's own, and they agree for an order without surprises", pushTotals, on(erp.OpPush)},
		{"totals_own", "of an order whose tax is a digit too high the totals reported are the ERP's own, or none, or it is Rejected", totalsOwn, on(erp.OpPush)},
		{"push_twice", "a second push of a key makes no second document: the same id, or Duplicate", pushTwice, on(erp.OpPush)},
		{"ensure_twice", "ensuring a key twice answers the same document", ensureTwice, on(erp.OpPush, erp.OpFind)},
		{"ensure_race", "8 concurrent pushes of one key make exactly one document, and all get its id", ensureRace, on(erp.OpPush, erp.OpFind)},
		{"push_many", "8 concurrent pushes of 8 keys are 8 documents, each with an id of its own", pushMany, on(erp.OpPush)},
		{"find_absent", "looking up a key the ERP does not have is NotFound, whatever others it has, one that begins with it among them", findAbsent, on(erp.OpFind)},
		{"find_same", "looking up a key answers the document that was pushed", findSame, on(erp.OpFind)},
		{"find_lost", "a look-up that fails on the way is Retryable or NotSent, and never taken for the absence of the document", findLost, on(erp.OpFind)},
		{"key_whole", "keys of 35 characters are kept whole: two that differ in the last one are two documents", keyWhole, on(erp.OpPush)},
	}
}

func pushDraft(s *scene) {
	s.need(erp.OpPush)
	r := s.push(1)
	if r.ID == "" {
		s.broken("the receipt has no id")
	}
	if r.State != erp.StateDraft {
		s.broken("the state is %q, not draft", r.State)
	}
	if r.Key != "" && r.Key != s.key(1) {
		s.broken("the key is %q, not %q", r.Key, s.key(1))
	}
	if r.Revision != 0 && r.Revision != 1 {
		s.broken("the revision is %d, not 1", r.Revision)
	}
	s.exactly(1, 1)
}

func pushUntouched(s *scene) {
	s.need(erp.OpPush)
	o := s.order(1, 1)
	before, err := json.Marshal(o)
	s.must("marshal", err)
	_, err = s.Adapter.(erp.OrderPusher).PushOrder(s.ctx, o)
	s.must("push_order", err)
	after, err := json.Marshal(o)
	s.must("marshal", err)
	if string(before) != string(after) {
		s.broken("before %s\nafter  %s", before, after)
	}
}

func pushContent(s *scene) {
	s.need(erp.OpPush)
	s.push(1)
	want := s.order(1, 1)
	s.content(1, want)
	held, err := s.Held(s.ctx, s.key(1))
	s.must("the harness's Held", err)
	for _, h := range held {
		if h.Order != nil && h.Order.Customer != "" && h.Order.Customer != want.Customer {
			s.broken("the ERP holds it for the customer %q, not %q", h.Order.Customer, want.Customer)
		}
	}
}

// content compares what the ERP holds for key n, or skips the case.
func (s *scene) content(n int, want erp.Order) {
	s.Helper()
	s.eachLine(n, want, func(g, w erp.OrderLine) bool {
		return g.Key == w.Key && g.SKU == w.SKU && g.Text == w.Text && g.Quantity.Equal(w.Quantity) && g.UnitPrice.Equal(w.UnitPrice)
	})
}

// eachLine compares the lines that the ERP holds for key n, or skips the case.
func (s *scene) eachLine(n int, want erp.Order, same func(got, want erp.OrderLine) bool) {
	s.Helper()
	if s.Held == nil {
		s.untried("the harness has no Held")
	}
	held, err := s.Held(s.ctx, s.key(n))
	s.must("the harness's Held", err)
	if len(held) != 1 {
		s.broken("the ERP holds %d documents of the key, not 1", len(held))
		return
	}
	if held[0].Order == nil {
		s.untried("the harness's Held reads no content back")
	}
	got := held[0].Order.Lines
	if len(got) != len(want.Lines) {
		s.broken("the ERP holds %d lines, not %d", len(got), len(want.Lines))
		return
	}
	for i, w := range want.Lines {
		if !same(got[i], w) {
			s.broken("line %d: the ERP holds %s, not %s", i, line(got[i]), line(w))
		}
	}
}

func line(l erp.OrderLine) string {
	b, err := json.Marshal(l)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func pushTotals(s *scene) {
	s.need(erp.OpPush)
	r := s.push(1)
	if r.Totals == nil {
		s.skip("the ERP computes no totals")
	}
	if d, drifted := r.Drift(s.order(1, 1)); drifted {
		s.broken("the ERP's totals differ from ours by net %s, tax %s, gross %s",
			d.Net.StringFixed(4), d.Tax.StringFixed(4), d.Gross.StringFixed(4))
	}
}

// totalsOwn pushes an order that contradicts itself only where the ERP computes:
// an adapter that answers what it was asked for would hide what the ERP made of it.
func totalsOwn(s *scene) {
	s.need(erp.OpPush)
	for _, digits := range []int32{2, 0, 3} {
		o := s.order(1, 1).Clone()
		more := decimal.New(1, -digits)
		o.Tax, o.Gross = o.Tax.Add(more), o.Gross.Add(more)
		if o.Check(s.client.Describe()) != nil {
			continue
		}
		r, err := s.client.PushOrder(s.ctx, o)
		if erp.ClassOf(err) == erp.Rejected {
			return
		}
		s.must("push_order", err)
		if r.Totals == nil {
			s.skip("the ERP computes no totals")
		}
		if _, drifted := r.Drift(o); !drifted {
			s.broken("it answered the tax of the order, %s, which the ERP cannot have come to", o.Tax.StringFixed(4))
		}
		return
	}
	s.untried("the harness's order takes no other tax")
}

func pushTwice(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	first := s.push(1)
	second, err := s.client.PushOrder(s.ctx, s.order(1, 1))
	switch {
	case err == nil && second.ID != first.ID:
		s.broken("the second push answered the id %q after %q", second.ID, first.ID)
	case err != nil && erp.ClassOf(err) != erp.Duplicate:
		s.broken("the second push answered %s", show(err))
	case err != nil && s.client.Describe().Keys == erp.NativeIdempotency:
		s.broken("it declares native idempotency and answered %s", show(err))
	}
	s.exactly(1, 1)
}

func ensureTwice(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	first, err := s.client.EnsureOrder(s.ctx, s.order(1, 1))
	s.must("the first EnsureOrder", err)
	second, err := s.newClient().EnsureOrder(s.ctx, s.order(1, 1))
	s.must("the second EnsureOrder", err)
	if second.ID != first.ID {
		s.broken("the second answered the id %q after %q", second.ID, first.ID)
	}
	s.exactly(1, 1)
}

func ensureRace(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	// A loser may meet the winner's document before it is visible; the next
	// round finds it.
	var ids [8]string
	errs := s.atOnce(len(ids), func(i int) error {
		r, err := s.newClient().EnsureOrder(s.ctx, s.order(1, 1))
		ids[i] = r.ID
		return err
	})
	for i := range ids {
		if errs[i] != nil {
			s.broken("racer %d: %v", i, errs[i])
		} else if ids[i] == "" || ids[i] != ids[0] {
			s.broken("racer %d got the id %q, racer 0 got %q", i, ids[i], ids[0])
		}
	}
	s.exactly(1, 1)
}

func pushMany(s *scene) {
	s.need(erp.OpPush)
	var ids [8]string
	errs := s.atOnce(len(ids), func(i int) error {
		r, err := s.newClient().PushOrder(s.ctx, s.order(i+1, 1))
		ids[i] = r.ID
		return err
	})
	s.apart(ids[:], errs)
	for i := range ids {
		s.exactly(i+1, 1)
	}
}

// atOnce makes n calls at the same time; one that fails for now is made again.
func (s *scene) atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			for range 10 {
				errs[i] = call(i)
				if c := erp.ClassOf(errs[i]); c != erp.Retryable && c != erp.NotSent {
					return
				}
			}
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// apart checks that all calls succeeded, each with an id of its own.
func (s *scene) apart(ids []string, errs []error) {
	s.Helper()
	first := map[string]int{}
	for i, id := range ids {
		if before, twice := first[id]; errs[i] != nil || id == "" {
			s.broken("push %d got the id %q and %s", i+1, id, show(errs[i]))
		} else if twice {
			s.broken("push %d and push %d got the same id %q", before+1, i+1, id)
		}
		first[id] = i
	}
}

func findAbsent(s *scene) {
	s.need(erp.OpFind)
	if s.client.Supports(erp.OpPush) {
		s.push(12)
	}
	r, err := s.client.FindOrder(s.ctx, s.key(1))
	if erp.ClassOf(err) != erp.NotFound {
		s.broken("it answered %s, id %q", show(err), r.ID)
	}
}

func findSame(s *scene) {
	s.need(erp.OpPush, erp.OpFind)
	s.push(2)
	pushed := s.push(1)
	s.push(3)
	found, err := s.client.FindOrder(s.ctx, s.key(1))
	s.must("find_order", err)
	if found.ID != pushed.ID || found.State != pushed.State {
		s.broken("found id %q in state %q, pushed id %q in state %q", found.ID, found.State, pushed.ID, pushed.State)
	}
}

func findLost(s *scene) {
	s.need(erp.OpPush, erp.OpFind)
	s.push(1)
	look := func() error { _, err := s.impatient().FindOrder(s.ctx, s.key(1)); return err }
	s.failsOnTheWay(erp.OpFind, look)
	s.must("find_order after it", look())
}

// failsOnTheWay makes the look-up of a document that is there fail in each way
// that the harness can. That it succeeds is right: the transport may ask again.
func (s *scene) failsOnTheWay(op erp.Op, look func() error) {
	s.Helper()
	tried := false
	for _, f := range []Fault{AnswerLost, RequestLost, Busy} {
		if !s.canFail(op, f) {
			continue
		}
		tried = true
		if err := look(); err != nil && erp.ClassOf(err) != erp.Retryable && erp.ClassOf(err) != erp.NotSent {
			s.broken("%q: it answered %s", f, show(err))
		}
	}
	if !tried {
		s.untried("the harness cannot make %s fail on the way", op)
	}
}

func keyWhole(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	stem := s.h.Prefix + "Key.whole_of-35-"
	stem += strings.Repeat("x", erp.KeyMax-1-len(stem))
	var ids [2]string
	for i, end := range []string{"a", "b"} {
		r, err := s.client.EnsureOrder(s.ctx, s.h.Order(stem+end, 1))
		s.must("EnsureOrder", err)
		ids[i] = r.ID
	}
	if ids[0] == ids[1] {
		s.broken("both keys answered the id %q", ids[0])
	}
}
