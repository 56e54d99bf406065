package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

func closeCases() []Case {
	return []Case{
		{"close/later_calls", "after Close every call of store, tenant and queue is store.ErrClosed; a second Close does nothing", closeLaterCalls},
		{"close/waits", "Close waits for running transactions, which end as if it had not been called", closeWaits},
	}
}

func closeLaterCalls(e *env) {
	s := e.store()
	t := e.of(s, "seller")
	e.plant(t)
	queue := t.Queue()
	for range 3 {
		e.must(s.Close())
	}
	e.must(errors.Join(crowd(8, func(int) error { return s.Close() })...))
	_, err := s.For("seller")
	e.is(err, store.ErrClosed, "For")
	_, err = s.Tenants(e.ctx)
	e.is(err, store.ErrClosed, "Tenants")
	ran := func(context.Context, store.Tx) error { return errors.New("the closure ran") }
	e.is(t.Update(e.ctx, ran), store.ErrClosed, "Update")
	e.is(t.View(e.ctx, ran), store.ErrClosed, "View")
	for _, m := range append(queueMethods(queue), queueMethods(t.Queue())...) {
		e.is(m.call(e.ctx), store.ErrClosed, m.name)
	}
}

func closeWaits(e *env) {
	s := e.store()
	t := e.of(s, "seller")
	e.plant(t)
	inside, leave := make(chan struct{}, 2), make(chan struct{})
	ended := make(chan error, 2)
	go func() {
		ended <- t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			inside <- struct{}{}
			<-leave
			return writeAll(ctx, tx)
		})
	}()
	go func() {
		ended <- t.View(e.ctx, func(ctx context.Context, tx store.Tx) error {
			inside <- struct{}{}
			<-leave
			_, err := tx.Orders().Get(ctx, sampleOrder(1).ID)
			return err
		})
	}()
	<-inside
	<-inside
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case <-closed:
		close(leave)
		e.Fatal("Close did not wait for the running transactions")
	case <-time.After(100 * time.Millisecond):
	}
	close(leave)
	for range 2 {
		e.must(<-ended)
	}
	select {
	case err := <-closed:
		e.must(err)
	case <-time.After(30 * time.Second):
		e.Fatal("Close has not ended although nothing runs")
	}
	if e.h.Reopen == nil {
		return
	}
	s = e.h.Reopen(e.TB, s, e.options())
	e.open = append(e.open, s)
	e.depth(e.of(s, "seller"), event.ERP, event.Depth{Waiting: 1})
}
