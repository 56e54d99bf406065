package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func serialCases() []Case {
	return []Case{
		{"serial/write_skew", "two Updates that each check what the other changes do not both go through", serialWriteSkew},
		{"serial/phantom", "two Updates that each find nothing and then add do not both add", serialPhantom},
		{"serial/lost_update", "reading and saving in one Update loses nobody's change and never answers a conflict", serialLostUpdate},
		{"serial/deadline", "whoever waits for another transaction gets the context's own error when that ends, and nothing stays", serialDeadline},
		{"view/snapshot", "a View sees one state: what is committed while it runs is not seen in it, by id or in lists", viewSnapshot},
		{"view/consistent", "a View never sees half of a transaction", viewConsistent},
		{"update/own_writes", "a transaction reads its own writes, by id, by number and in lists", updateOwnWrites},
	}
}

// meet lets two transactions reach the same place at the same time, where the
// engine lets them; one that runs them one after the other is not held up.
type meet struct {
	mu   sync.Mutex
	here int
	both chan struct{}
}

func (m *meet) wait() {
	m.mu.Lock()
	m.here++
	if m.here == 2 {
		close(m.both)
	}
	m.mu.Unlock()
	select {
	case <-m.both:
	case <-time.After(20 * time.Millisecond):
	}
}

func newMeet() *meet { return &meet{both: make(chan struct{})} }

// serialWriteSkew is the duty roster of two doctors: each may leave while
// another is there.
func serialWriteSkew(e *env) {
	t := e.tenant()
	for round := range count(8, 100) {
		a, b := samplePartner(2*round), samplePartner(2*round+1)
		e.mustPut(t, kinds()[0], a)
		e.mustPut(t, kinds()[0], b)
		m := newMeet()
		errs := crowd(2, func(i int) error {
			return patient(func() error {
				return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
					me, err := tx.Partners().Get(ctx, []partner.ID{a.ID, b.ID}[i])
					if err != nil {
						return err
					}
					other, err := tx.Partners().Get(ctx, []partner.ID{b.ID, a.ID}[i])
					if err != nil {
						return err
					}
					m.wait()
					if !me.Active || !other.Active {
						return nil
					}
					me.Active = false
					_, err = tx.Partners().Save(ctx, me)
					return err
				})
			})
		})
		e.must(errors.Join(errs...))
		e.view(t, func(ctx context.Context, tx store.Tx) error {
			x, err := tx.Partners().Get(ctx, a.ID)
			y, err2 := tx.Partners().Get(ctx, b.ID)
			e.true(x.Active != y.Active, "round %d: active are %v and %v, want exactly one", round, x.Active, y.Active)
			return errors.Join(err, err2)
		})
	}
}

func serialPhantom(e *env) {
	t := e.tenant()
	yes := true
	for round := range count(8, 100) {
		owner := partner.ID(fmt.Sprint("p", round))
		m := newMeet()
		errs := crowd(2, func(i int) error {
			return patient(func() error {
				return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
					list, err := tx.Carts().Find(ctx, cart.Query{Partner: owner, Default: &yes})
					if err != nil {
						return err
					}
					m.wait()
					if len(list.Rows) > 0 {
						return nil
					}
					c := sampleCart(2*round + i)
					c.Partner, c.Default = owner, true
					_, err = tx.Carts().Save(ctx, c)
					return err
				})
			})
		})
		e.must(errors.Join(errs...))
		list := read(e, t, func(ctx context.Context, tx store.Tx) (uow.Page[cart.Header], error) {
			return tx.Carts().Find(ctx, cart.Query{Partner: owner, Default: &yes})
		})
		e.true(len(list.Rows) == 1, "round %d: %d default carts, want 1", round, len(list.Rows))
	}
}

func serialLostUpdate(e *env) {
	t := e.tenant()
	e.mustPut(t, kinds()[2], sampleStock(0))
	id := sampleStock(0).Product
	workers, each := 8, count(6, 100)
	errs := crowd(workers, func(int) error {
		for range each {
			err := patient(func() error {
				return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
					a, err := getStock(ctx, tx, string(id))
					if err != nil {
						return err
					}
					if a.OnHand, err = a.OnHand.Add(quantity(1)); err != nil {
						return err
					}
					_, err = tx.Products().SaveAvailability(ctx, a)
					return err
				})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	e.must(errors.Join(errs...))
	a := read(e, t, func(ctx context.Context, tx store.Tx) (catalog.Availability, error) {
		return getStock(ctx, tx, string(id))
	})
	want := quantity(workers * each)
	e.true(a.OnHand == want, "%s after %s increments", a.OnHand, want)
	e.true(a.Version == int64(workers*each)+1, "version %d after %d saves", a.Version, workers*each+1)
}
