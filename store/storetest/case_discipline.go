package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func disciplineCases() []Case {
	return []Case{
		{"nested/marked", "a transaction or queue call begun with a closure's context is uow.ErrNested, and the outer one may go on", nestedMarked},
		{"nested/foreign", "an Update inside an Update with a foreign context ends in bounded time, in success or Unavailable", nestedForeign},
		{"done/every_method", "every method of a transaction, its repositories kept or not, is uow.ErrDone after the closure", doneEveryMethod},
		{"view/read_only", "every writing method is uow.ErrReadOnly in a View, every reading one works", viewReadOnly},
		{"prefetch/hint", "Prefetch changes no answer: missing documents and unknown kinds are no error, later Gets read the same", prefetchHint},
	}
}

func nestedMarked(e *env) {
	s := e.store()
	t, other := e.of(s, "seller"), e.of(s, "other")
	e.plant(t)
	nothing := func(context.Context, store.Tx) error { return errors.New("the inner closure ran") }
	inner := func(ctx context.Context, _ store.Tx) error {
		deep, cancel := context.WithCancel(ctx)
		defer cancel()
		for _, ctx := range []context.Context{ctx, deep} {
			for _, in := range []store.Tenanted{t, other} {
				e.is(in.Update(ctx, nothing), uow.ErrNested, "Update inside a transaction")
				e.is(in.View(ctx, nothing), uow.ErrNested, "View inside a transaction")
				for _, m := range queueMethods(in.Queue()) {
					e.is(m.call(ctx), uow.ErrNested, m.name+" inside a transaction")
				}
			}
		}
		return nil
	}
	e.view(t, inner)
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := inner(ctx, tx); err != nil {
			return err
		}
		return writeAll(ctx, tx)
	})
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Orders().Get(ctx, sampleOrder(7).ID)
		return err
	})
}

func nestedForeign(e *env) {
	t := e.tenant()
	e.mustPut(t, kinds()[0], samplePartner(1))
	ran := 0
	var inner error
	e.bounded(100*time.Second, "an Update inside another with a foreign context", func() {
		err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			ran++
			p, err := tx.Partners().Get(ctx, samplePartner(1).ID)
			if err != nil {
				return err
			}
			if ran == 1 {
				inner = t.Update(context.WithoutCancel(e.ctx), func(ctx context.Context, tx store.Tx) error {
					_, err := tx.Partners().Save(ctx, samplePartner(2))
					return err
				})
			}
			p.Region = "outer"
			_, err = tx.Partners().Save(ctx, p)
			return err
		})
		if err != nil {
			e.Errorf("the outer Update failed: %v", err)
		}
	})
	e.true(inner == nil || fault.KindOf(inner) == fault.Unavailable, "the inner Update failed: %v", inner)
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Get(ctx, samplePartner(1).ID)
		e.true(p.Region == "outer", "the outer Update is lost")
		_, there := tx.Partners().Get(ctx, samplePartner(2).ID)
		e.true((there == nil) == (inner == nil), "the inner Update answered %v and reading its partner %v", inner, there)
		return err
	})
}

func doneEveryMethod(e *env) {
	t := e.tenant()
	e.plant(t)
	var kept store.Tx
	var ports []method
	keep := func(ctx context.Context, tx store.Tx) error {
		kept, ports = tx, methods(tx)
		_, err := tx.Partners().Get(ctx, samplePartner(1).ID)
		return err
	}
	afterwards := func(what string) {
		e.Helper()
		for _, m := range append(methods(kept), ports...) {
			e.is(m.call(e.ctx), uow.ErrDone, m.name+" after "+what)
		}
	}
	before := e.dump(t)
	e.view(t, keep)
	afterwards("a View")
	e.update(t, keep)
	afterwards("an Update")
	_ = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
		_ = keep(ctx, tx)
		return errUndo
	})
	afterwards("a failed Update")
	func() {
		defer func() { _ = recover() }()
		_ = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_ = keep(ctx, tx)
			panic("as the test wants")
		})
	}()
	afterwards("a panic")
	e.unchanged(t, before, "after calls to ended transactions")
}

func viewReadOnly(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, m := range methods(tx) {
			writes, known := writers[m.name]
			e.true(known, "the suite does not know whether %s writes; add it to writers", m.name)
			err := m.call(ctx)
			switch {
			case writes:
				e.is(err, uow.ErrReadOnly, m.name+" in a View")
			case err != nil && fault.KindOf(err) != fault.NotFound && !errors.Is(err, uow.ErrPage):
				e.Fatalf("%s in a View: %v", m.name, err)
			}
		}
		return nil
	})
	e.unchanged(t, before, "after writes in a View")
}

func prefetchHint(e *env) {
	t := e.tenant()
	e.plant(t)
	var refs []uow.Ref
	for _, k := range kinds() {
		for _, n := range []int{1, 2, 1, 8} {
			refs = append(refs, uow.Ref{Kind: k.name, ID: k.id(k.sample(n))})
		}
	}
	refs = append(refs, uow.Ref{Kind: "unheard of", ID: "x"}, uow.Ref{}, uow.Ref{Kind: order.DocKind, ID: "a\x00"})
	look := func(ctx context.Context, tx store.Tx) error {
		for _, hint := range [][]uow.Ref{nil, refs, refs} {
			if err := tx.Prefetch(ctx, hint...); err != nil {
				return fmt.Errorf("prefetch: %w", err)
			}
			for _, k := range kinds() {
				v, err := k.get(ctx, tx, k.id(k.sample(1)))
				if err != nil {
					return err
				}
				e.same(v, k.at(k.sample(1), 1), k.name+" after Prefetch")
				_, err = k.get(ctx, tx, k.id(k.sample(8)))
				e.is(err, k.notFound, k.name+" that is missing after Prefetch")
			}
		}
		return nil
	}
	e.view(t, look)
	e.update(t, look)
	// What was fetched early does not hide what is written later, nor is it
	// left over for the next transaction.
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Prefetch(ctx, refs...); err != nil {
			return err
		}
		c, err := tx.Carts().Get(ctx, sampleCart(1).ID)
		if err != nil {
			return err
		}
		c.Note = "written"
		if _, err := tx.Carts().Save(ctx, c); err != nil {
			return err
		}
		if _, err := tx.Orders().Save(ctx, sampleOrder(8)); err != nil {
			return err
		}
		if err := tx.Prefetch(ctx, refs...); err != nil {
			return err
		}
		c, err = tx.Carts().Get(ctx, c.ID)
		e.true(c.Note == "written", "Prefetch took a written cart back: %v", err)
		_, err2 := tx.Orders().Get(ctx, sampleOrder(8).ID)
		return errors.Join(err, err2)
	})
	c := read(e, t, func(ctx context.Context, tx store.Tx) (cart.Cart, error) {
		return tx.Carts().Get(ctx, sampleCart(1).ID)
	})
	e.true(c.Note == "written" && c.Version == 2, "the cart is %+v", c)
}
