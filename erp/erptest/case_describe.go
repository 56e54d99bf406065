package erptest

import (
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
)

func describeCases() []testCase {
	return []testCase{
		{"describe", "an adapter names its ERP, always describes it alike, and has the look-up it declares", describe},
		{"ping", "an ERP that is up and accepts our credentials answers a ping", ping},
		{"unsupported", "what an adapter cannot do is answered Unsupported, each time, and asked of it at most once", unsupported},
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
	_, finder := s.Adapter.(erp.OrderFinder)
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
	calls := map[erp.Op]func() error{
		erp.OpPing: func() error { return s.client.Ping(s.ctx) },
		erp.OpPush: func() error { _, err := s.client.PushOrder(s.ctx, s.order(1, 1)); return err },
		erp.OpFind: func() error { _, err := s.client.FindOrder(s.ctx, s.key(1)); return err },
		erp.OpRevise: func() error {
			_, err := s.client.ReviseOrder(s.ctx, absentID, s.order(1, 2))
			return err
		},
		erp.OpCancel: func() error { _, err := s.client.CancelOrder(s.ctx, absentID, "no more needed"); return err },
		erp.OpAdvance: func() error {
			_, err := s.client.AdvanceOrder(s.ctx, absentID, erp.StateConfirmed)
			return err
		},
	}
	missing := 0
	for _, op := range []erp.Op{erp.OpPing, erp.OpPush, erp.OpFind, erp.OpRevise, erp.OpCancel, erp.OpAdvance} {
		if s.client.Supports(op) && op == erp.OpPush {
			continue // would create a document
		}
		err := calls[op]()
		if s.client.Supports(op) {
			if errors.Is(err, erp.ErrUnsupported) {
				s.broken("%s is supported and answered %v", op, err)
			}
			continue
		}
		missing++
		for i := range 2 {
			if err := calls[op](); !errors.Is(err, erp.ErrUnsupported) {
				s.broken("%s answered %s, call %d", op, show(err), i+1)
			}
		}
	}
	if missing == 0 {
		s.skip("the adapter has every operation")
	}
}

// absentID is an ERP id that no ERP gave: numeric, for those that parse it.
const absentID = "999999999"

func show(err error) string {
	if err == nil {
		return "success"
	}
	return fmt.Sprintf("%s (%v)", erp.ClassOf(err), err)
}
