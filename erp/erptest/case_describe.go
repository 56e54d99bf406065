package erptest

import (
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
)

func describeCases() []testCase {
	return []testCase{
		{"describe", "an adapter names its ERP, always describes it alike, and has the look-up it declares", describe, on()},
		{"ping", "an ERP that is up and accepts our credentials answers a ping", ping, on(erp.OpPing)},
		{"unsupported", "what an adapter cannot do is answered Unsupported, each time, and asked of it at most once", unsupported, on()},
	}
}

func describe(s *scene) {
	d := s.Adapter.Describe()
	if d.Name == "" {
		s.broken("the description has no name")
	}
	if d.PriceDigits < 0 || d.QuantityDigits < 0 || d.MaxLines < 0 || d.BatchSize < 0 {
		s.broken("a limit below zero: %+v", d)
	}
	if again := s.Adapter.Describe(); again != d {
		s.broken("described as %+v and then as %+v", d, again)
	}
	finder := erp.Has(s.Adapter, erp.OpFind)
	if d.Keys == erp.LookupByKey && !finder {
		s.broken("it declares look-up by key and has no FindOrder")
	}
	if d.Keys == erp.Neither && finder {
		s.broken("it declares neither keys nor look-up and has a FindOrder")
	}
}

func ping(s *scene) {
	s.need(erp.OpPing)
	s.must("ping", s.client.Ping(s.ctx))
}

func unsupported(s *scene) {
	missing := 0
	calls := everyCall(s)
	for _, op := range erp.Ops() {
		call := calls[op]
		if s.client.Supports(op) {
			if op == erp.OpPush || op == erp.OpPushPayment || op == erp.OpPushInvoice || op == erp.OpPushMessage {
				continue // would create a document
			}
			if err := call(); s.client.Supports(op) {
				if errors.Is(err, erp.ErrUnsupported) {
					s.broken("%s is supported and answered %v", op, err)
				}
				continue
			}
		}
		missing++
		for i := range 2 {
			if err := call(); !errors.Is(err, erp.ErrUnsupported) {
				s.broken("%s answered %s, call %d", op, show(err), i+1)
			}
		}
		if n := s.watch.asked(op); n > 1 {
			s.broken("the adapter was asked for %s %d times", op, n)
		}
	}
	if missing == 0 {
		s.skip("the adapter has every operation")
	}
}

// everyCall makes each operation once, on what the ERP does not have.
func everyCall(s *scene) map[erp.Op]func() error {
	c, ctx, key := s.client, s.ctx, s.key(1)
	calls := map[erp.Op]func() error{
		erp.OpPing:        func() error { return c.Ping(ctx) },
		erp.OpPush:        func() error { _, err := c.PushOrder(ctx, s.order(1, 1)); return err },
		erp.OpFind:        func() error { _, err := c.FindOrder(ctx, key); return err },
		erp.OpRevise:      func() error { _, err := c.ReviseOrder(ctx, absentID, s.order(1, 2)); return err },
		erp.OpCancel:      func() error { _, err := c.CancelOrder(ctx, absentID, "no more needed"); return err },
		erp.OpAdvance:     func() error { _, err := c.AdvanceOrder(ctx, absentID, erp.StateConfirmed); return err },
		erp.OpCancelRest:  func() error { _, err := c.CancelRest(ctx, absentID, oneOf("L1")); return err },
		erp.OpPushPayment: func() error { _, err := c.PushPayment(ctx, SamplePayment(key)); return err },
		erp.OpFindPayment: func() error { _, err := c.FindPayment(ctx, key); return err },
		erp.OpPushInvoice: func() error { _, err := c.PushInvoice(ctx, SampleInvoice(key)); return err },
		erp.OpFindInvoice: func() error { _, err := c.FindInvoice(ctx, key); return err },
		erp.OpPushMessage: func() error { _, err := c.PushMessage(ctx, SampleMessage(key, absentID)); return err },
		erp.OpFindMessage: func() error { _, err := c.FindMessage(ctx, key); return err },
	}
	listed := erp.Orders
	for _, f := range feeds() {
		if c.Supports(f.op) {
			listed = f.stream // what is not pulled is not listed
		}
		calls[f.op] = func() error { _, err := f.pull(ctx, c, nil, 1); return err }
	}
	calls[erp.OpListIDs] = func() error { _, err := c.ListIDs(ctx, listed, nil, 1); return err }
	return calls
}

// absentID is an ERP id that no ERP gave: numeric, for those that parse it.
const absentID = "999999999"

func show(err error) string {
	if err == nil {
		return "success"
	}
	return fmt.Sprintf("%s (%v)", erp.ClassOf(err), err)
}
