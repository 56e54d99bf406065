// Package memsubject puts an ERP in memory before the suite of erptest, with
// every hook open: what the tests of memerp and of the suite itself share.
package memsubject

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// Slow is how long the fault Slow takes.
const Slow = 2500 * time.Millisecond

// Open makes the ERP and the subject over it; o may be nil. Its clock is in a
// zone of half hours, so that an instant told in the wrong one shows.
func Open(o *memerp.Options) (*memerp.ERP, erptest.Subject) {
	var opts memerp.Options
	if o != nil {
		opts = *o
	}
	if opts.Now == nil {
		opts.Now = clock()
	}
	books := memerp.New(&opts)
	p := people{books, new(int), new(int)}
	return books, erptest.Subject{
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
			fault, ok := Faults()[f]
			if ok {
				books.Fail(op, 1, fault)
			}
			return ok
		},
		Happen:  p.happen,
		Deliver: func(_ context.Context, order string, lines []erp.LineQuantity) error { return p.deliver(order, lines) },
		Return: func(_ context.Context, order string, lines []erp.LineQuantity) error {
			_, ok := books.Return(order, "broken", lines...)
			return errors.Join(yes(ok), p.post(order))
		},
		Delete: func(_ context.Context, s erp.Stream, id string) error { return yes(books.Delete(s, id)) },
		Reopen: books.Adapter,
		Count:  func(_ context.Context, s erp.Stream, key string) (int, error) { return p.count(s, key), nil },
		Now:    opts.Now,
	}
}

// Faults are memerp's for the suite's.
func Faults() map[erptest.Fault]memerp.Fault {
	return map[erptest.Fault]memerp.Fault{
		erptest.AnswerLost:  memerp.AnswerLost,
		erptest.RequestLost: memerp.RequestLost,
		erptest.Refused:     memerp.Refuse(erptest.RefusedText),
		erptest.BadField:    memerp.Refuse(erptest.RefusedField + ": " + erptest.RefusedText),
		erptest.Busy:        memerp.Busy,
		erptest.BadLogin:    memerp.BadLogin,
		erptest.Rival:       memerp.Rival,
		erptest.Slow:        memerp.Slow(Slow),
	}
}

// clock goes on by a second at each reading.
func clock() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 1, 5, 8, 0, 0, 0, time.FixedZone("", 5*3600+1800))
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}
