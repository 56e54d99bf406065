package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// meanwhile runs fn in another goroutine while a transaction is open. An
// engine that makes writers wait for readers finishes it later.
func (e *env) meanwhile(fn func() error) (finish func()) {
	e.Helper()
	done := make(chan error, 1)
	go func() { done <- fn() }()
	select {
	case err := <-done:
		done <- err
	case <-time.After(time.Second):
	}
	return func() {
		e.Helper()
		select {
		case err := <-done:
			e.must(err)
		case <-time.After(30 * time.Second):
			e.Fatal("a writer that ran beside a View has not ended")
		}
	}
}

func viewSnapshot(e *env) {
	t := e.tenant()
	e.plant(t)
	look := func(ctx context.Context, tx store.Tx) (string, error) {
		var out string
		for _, k := range kinds() {
			for _, n := range []int{1, 2, 7} {
				v, err := k.get(ctx, tx, k.id(k.sample(n)))
				if errors.Is(err, k.notFound) {
					out += fmt.Sprintf("%s %d none\n", k.name, n)
					continue
				}
				if err != nil {
					return "", err
				}
				out += fmt.Sprintf("%s %d %d\n", k.name, n, k.version(v))
			}
		}
		o, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Count: true}})
		if err != nil {
			return "", err
		}
		for _, h := range o.Rows {
			out += fmt.Sprintf("%s %d of %d orders\n", h.ID, h.Version, o.Total.N)
		}
		c, err := tx.Carts().Find(ctx, cart.Query{Page: uow.PageRequest{Count: true}})
		if err != nil {
			return "", err
		}
		for _, h := range c.Rows {
			out += fmt.Sprintf("%s of %d carts\n", h.ID, c.Total.N)
		}
		return out, nil
	}
	before := read(e, t, look)
	finish := func() {}
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		// The snapshot is taken by the first read at the latest.
		if _, err := tx.Partners().Get(ctx, samplePartner(3).ID); err != nil {
			return err
		}
		finish = e.meanwhile(func() error { return t.Update(e.ctx, writeAll) })
		for range 2 {
			now, err := look(ctx, tx)
			if err != nil {
				return err
			}
			e.true(now == before, "the View saw what was committed while it ran\nbefore:\n%s\nnow:\n%s", before, now)
		}
		return nil
	})
	finish()
	e.true(read(e, t, look) != before, "the commit is not seen afterwards")
}

// viewConsistent has writers move pieces between two places while readers
// add them up.
func viewConsistent(e *env) {
	t := e.tenant()
	const sum = 100
	for n := range 2 {
		a := sampleStock(n)
		a.OnHand = quantity(sum * (1 - n))
		e.mustPut(t, kinds()[2], a)
	}
	rounds := count(30, 1000)
	errs := crowd(4, func(i int) error {
		for range rounds {
			if i > 0 {
				if err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error { return adds(ctx, tx, sum) }); err != nil {
					return err
				}
				continue
			}
			if err := patient(func() error { return t.Update(e.ctx, movePiece) }); err != nil {
				return err
			}
		}
		return nil
	})
	e.must(errors.Join(errs...))
}

func adds(ctx context.Context, tx store.Tx, want int) error {
	a, err := getStock(ctx, tx, string(sampleStock(0).Product))
	if err != nil {
		return err
	}
	b, err := getStock(ctx, tx, string(sampleStock(1).Product))
	if err != nil {
		return err
	}
	got, err := a.OnHand.Add(b.OnHand)
	if err == nil && got != quantity(want) {
		err = fmt.Errorf("a View saw %s and %s, together not %d", a.OnHand, b.OnHand, want)
	}
	return err
}

func movePiece(ctx context.Context, tx store.Tx) error {
	for n, by := range []int{-1, 1} {
		a, err := getStock(ctx, tx, string(sampleStock(n).Product))
		if err != nil {
			return err
		}
		if a.OnHand, err = a.OnHand.Add(quantity(by)); err != nil {
			return err
		}
		if _, err = tx.Products().SaveAvailability(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func updateOwnWrites(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		for round := range 2 {
			for _, k := range kinds() {
				v, err := k.save(ctx, tx, k.sample(10+round))
				if err != nil {
					return err
				}
				got, err := k.get(ctx, tx, k.id(v))
				if err != nil {
					return err
				}
				e.same(got, v, k.name+" of the same transaction")
				if k.remove == nil {
					continue
				}
				if err := k.remove(ctx, tx, k.id(k.sample(1+round)), 1); err != nil {
					return err
				}
				_, err = k.get(ctx, tx, k.id(k.sample(1+round)))
				e.is(err, k.notFound, k.name+" deleted in the same transaction")
			}
			if err := ownLists(e, ctx, tx, round); err != nil {
				return err
			}
		}
		return errUndo
	})
	e.true(errors.Is(err, errUndo), "the closure failed: %v", err)
	e.unchanged(t, before, "after reading own writes")
}

func ownLists(e *env, ctx context.Context, tx store.Tx, round int) error {
	counted := uow.PageRequest{Count: true}
	orders, err := tx.Orders().Find(ctx, order.Query{Sort: order.OldestFirst, Page: counted})
	if err != nil {
		return err
	}
	// One more and one less than planted, twice.
	e.true(len(orders.Rows) == 3 && orders.Total.N == 3, "%d orders of %d in a list, want 3", len(orders.Rows), orders.Total.N)
	e.true(orders.Rows[len(orders.Rows)-1].ID == sampleOrder(10+round).ID, "the newest order is %s", orders.Rows[2].ID)
	o, err := tx.Orders().ByRef(ctx, sampleOrder(10+round).Ref)
	if err != nil {
		return err
	}
	e.same(o.ID, sampleOrder(10+round).ID, "order by reference")
	_, err = tx.Orders().ByRef(ctx, sampleOrder(1+round).Ref)
	e.is(err, order.ErrNotFound, "a deleted order by reference")
	skus, err := tx.Products().BySKU(ctx, []catalog.SKU{sampleProduct(1).SKU, sampleProduct(10 + round).SKU})
	if err != nil {
		return err
	}
	e.true(len(skus) == 2, "%d products by number, want 2", len(skus))
	partners, err := tx.Partners().Find(ctx, partner.Query{Words: fmt.Sprint("lemaux ", 10+round)})
	if err != nil {
		return err
	}
	e.true(len(partners.Rows) == 1, "%d partners by word, want 1", len(partners.Rows))
	carts, err := tx.Carts().Find(ctx, cart.Query{Name: fmt.Sprint("CUISINE ", 10+round)})
	e.true(err != nil || len(carts.Rows) == 1, "%d carts by name, want 1", len(carts.Rows))
	return err
}
