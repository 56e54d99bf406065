package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func atomicCases() []Case {
	return []Case{
		{"atomic/commit", "what one Update writes to documents, outbox, counters and keys is there together after it", atomicCommit},
		{"atomic/rollback", "an Update whose closure answers an error changes nothing and answers that error", atomicRollback},
		{"atomic/panic", "an Update whose closure panics changes nothing, and the store goes on", atomicPanic},
		{"atomic/goexit", "an Update whose closure ends its goroutine changes nothing, and the store goes on", atomicGoexit},
		{"atomic/late_refusal", "an Update of which one write is refused changes nothing, whichever write it is", atomicLateRefusal},
		{"atomic/context", "a cancelled context runs nothing; one cancelled inside the closure commits nothing", atomicContext},
		{"atomic/view_panic", "a View whose closure panics or fails leaves the store in order", atomicViewPanic},
	}
}

func atomicCommit(e *env) {
	t := e.tenant()
	e.plant(t)
	e.update(t, writeAll)
	e.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, k := range kinds() {
			fresh, err := k.get(ctx, tx, k.id(k.sample(7)))
			if err != nil {
				return err
			}
			e.same(fresh, k.at(k.sample(7), 1), "a new "+k.name)
			changed, err := k.get(ctx, tx, k.id(k.sample(1)))
			if err != nil {
				return err
			}
			e.same(changed, k.at(k.edit(k.sample(1), 7), 2), "a changed "+k.name)
			if k.remove != nil {
				_, err = k.get(ctx, tx, k.id(k.sample(2)))
				e.is(err, k.notFound, "a deleted "+k.name)
			}
		}
		return nil
	})
	var facts []string
	for _, ev := range e.drain(t, event.Facts) {
		facts = append(facts, ev.ID)
	}
	e.same(facts, []string{"order/1-1", "order/7-1", "order/7-2"}, "facts")
	e.true(len(e.drain(t, event.ERP)) == 1, "the ERP topic does not hold one event")
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Counters().Next(ctx, "s")
		e.true(err != nil || n == 3, "the next number is %d, want 3", n)
		return err
	})
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
		e.same(string(result), `"done"`, "result of the key")
		return err
	})
}

func atomicRollback(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	for _, want := range []error{errUndo, order.ErrNotFound, fmt.Errorf("wrapped: %w", cart.ErrNotFound)} {
		err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			if err := writeAll(ctx, tx); err != nil {
				return err
			}
			return want
		})
		e.true(errors.Is(err, want), "the closure answered %v, Update %v", want, err)
		e.unchanged(t, before, "after a closure's error")
	}
	e.update(t, writeAll)
}

// panicking runs an Update or View whose closure panics; engines may let the
// panic go on or answer uow.ErrPanic.
func panicking(e *env, run func(context.Context, func(context.Context, store.Tx) error) error) {
	e.Helper()
	var err error
	var thrown any
	func() {
		defer func() { thrown = recover() }()
		err = run(e.ctx, func(ctx context.Context, tx store.Tx) error {
			// In a View the writes are refused, which does not matter here.
			_ = writeAll(ctx, tx)
			panic("as the test wants")
		})
	}()
	switch {
	case thrown == nil:
		e.is(err, uow.ErrPanic, "a panicking closure")
	case thrown != "as the test wants":
		e.Fatalf("the panic became %v", thrown)
	}
}

func atomicPanic(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	for range 3 {
		panicking(e, t.Update)
		e.unchanged(t, before, "after a panic")
	}
	e.update(t, writeAll)
}

func atomicGoexit(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	e.bounded(time.Minute, "a closure that ends its goroutine", func() {
		_ = t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			_ = writeAll(ctx, tx)
			runtime.Goexit()
			return nil
		})
	})
	e.unchanged(t, before, "after the goroutine ended")
	e.update(t, writeAll)
}

// atomicLateRefusal makes each refusal that may come as late as the commit,
// before, between and after good writes.
func atomicLateRefusal(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	bad := map[string]closure{
		"a taken id":     func(ctx context.Context, tx store.Tx) error { return saveOrder(ctx, tx, sampleOrder(3)) },
		"a taken number": func(ctx context.Context, tx store.Tx) error { return saveOrder(ctx, tx, twinOrder(3, "other")) },
		"a stale version": func(ctx context.Context, tx store.Tx) error {
			o := sampleOrder(3)
			o.Version = 9
			return saveOrder(ctx, tx, o)
		},
		"a stale deletion": func(ctx context.Context, tx store.Tx) error {
			return tx.Orders().Delete(ctx, sampleOrder(3).ID, 9)
		},
		"a taken event": func(ctx context.Context, tx store.Tx) error {
			return tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/1", 1))
		},
	}
	for what, refused := range bad {
		for _, place := range []string{"first", "last"} {
			err := t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
				if place == "first" {
					return errors.Join(refused(ctx, tx), writeAll(ctx, tx))
				}
				return errors.Join(writeAll(ctx, tx), refused(ctx, tx))
			})
			k := fault.KindOf(err)
			e.true(k == fault.Exists || k == fault.Conflict, "%s, %s of the writes: got %v", what, place, err)
			e.unchanged(t, before, what+", "+place+" of the writes")
		}
	}
}

func saveOrder(ctx context.Context, tx store.Tx, o order.Order) error {
	_, err := tx.Orders().Save(ctx, o)
	return err
}

func twinOrder(n int, id order.ID) order.Order {
	o := sampleOrder(n)
	o.ID = id
	return o
}

func atomicContext(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	dead, cancel := context.WithCancel(e.ctx)
	cancel()
	for name, run := range map[string]func(context.Context, func(context.Context, store.Tx) error) error{"Update": t.Update, "View": t.View} {
		ran := false
		err := run(dead, func(context.Context, store.Tx) error { ran = true; return nil })
		e.kind(err, fault.Unavailable, name+" with a cancelled context")
		e.true(!ran, "%s ran its closure with a cancelled context", name)
	}
	_, err := t.Queue().Claim(dead, event.Claim{Topic: event.Facts, Lease: time.Minute})
	e.kind(err, fault.Unavailable, "Claim with a cancelled context")

	ctx, cancel := context.WithCancel(e.ctx)
	err = t.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := writeAll(ctx, tx); err != nil {
			return err
		}
		cancel()
		return nil
	})
	e.kind(err, fault.Unavailable, "a context cancelled inside Update")
	e.unchanged(t, before, "after a cancelled Update")

	ctx, cancel = context.WithCancel(e.ctx)
	err = t.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		cancel()
		_, err := tx.Orders().Get(ctx, sampleOrder(1).ID)
		e.true(err != nil, "a read with a cancelled context went through")
		return err
	})
	e.kind(err, fault.Unavailable, "a read with a cancelled context")
	e.unchanged(t, before, "after a cancelled read")
	e.update(t, writeAll)
}

func atomicViewPanic(e *env) {
	t := e.tenant()
	e.plant(t)
	before := e.dump(t)
	for range 20 {
		panicking(e, t.View)
		err := t.View(e.ctx, func(ctx context.Context, tx store.Tx) error { return errUndo })
		e.true(errors.Is(err, errUndo), "the closure answered %v, View %v", errUndo, err)
	}
	e.unchanged(t, before, "after failing Views")
}
