package erptest_test

import (
	"context"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// subject opens every hook of the suite on an ERP in memory.
func subject(books *memerp.ERP) erptest.Subject {
	return erptest.Subject{
		Adapter: books.Adapter(),
		Held: func(_ context.Context, key string) ([]erptest.Held, error) {
			var held []erptest.Held
			for _, d := range books.Orders() {
				if d.Order.Key == key {
					held = append(held, erptest.Held{ID: d.ID, State: d.State, Order: &d.Order})
				}
			}
			return held, nil
		},
		Confirm: func(_ context.Context, id string) error {
			books.Confirm(id)
			return nil
		},
		Fail: func(op erp.Op, f erptest.Fault) bool {
			books.Fail(op, 1, faults[f])
			return true
		},
	}
}

var faults = map[erptest.Fault]memerp.Fault{
	erptest.AnswerLost:  memerp.AnswerLost,
	erptest.RequestLost: memerp.RequestLost,
	erptest.Refused:     memerp.Refuse(erptest.RefusedText),
	erptest.Busy:        memerp.Busy,
	erptest.BadLogin:    memerp.BadLogin,
	erptest.Rival:       memerp.Rival,
}
