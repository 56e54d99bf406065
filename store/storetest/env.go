package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// env is what one case works with.
type env struct {
	testing.TB
	h     Harness
	ctx   context.Context
	clock *fakeClock
	shop  *shop
	open  []store.Store
}

// errUndo ends a closure that must not commit.
var errUndo = errors.New("undo")

func (e *env) options() Options { return e.shop.options() }

// store opens a fresh store, closed when the case ends.
func (e *env) store() store.Store {
	e.Helper()
	s := e.h.Open(e.TB, e.options())
	if s == nil {
		e.Fatal("the harness opened no store")
	}
	e.open = append(e.open, s)
	return s
}

// close closes what the case opened.
func (e *env) close() {
	for _, s := range e.open {
		closeInTime(e.TB, s)
	}
}

// tenant returns a fresh tenant of the shared store.
func (e *env) tenant() store.Tenanted {
	e.Helper()
	if e.shop.store == nil {
		e.shop.store = e.h.Open(e.shop.tb, e.options())
	}
	e.shop.n++
	return e.of(e.shop.store, access.Tenant(fmt.Sprint("seller-", e.shop.n)))
}

func (e *env) of(s store.Store, name access.Tenant) store.Tenanted {
	e.Helper()
	t, err := s.For(name)
	e.must(err)
	return t
}

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatalf("unexpected error: %v", err)
	}
}

// is wants an error of the sentinel's code and kind.
func (e *env) is(err error, want *fault.Error, what string) {
	e.Helper()
	switch {
	case !errors.Is(err, want):
		e.Fatalf("%s: got error %v, want %s", what, err, want.FaultCode())
	case fault.KindOf(err) != want.FaultKind():
		e.Fatalf("%s: the error's kind is %s, want %s: %v", what, fault.KindOf(err), want.FaultKind(), err)
	}
}

// kind wants an error of a kind.
func (e *env) kind(err error, want fault.Kind, what string) {
	e.Helper()
	if err == nil || fault.KindOf(err) != want {
		e.Fatalf("%s: got error %v of kind %s, want kind %s", what, err, fault.KindOf(err), want)
	}
}

func (e *env) true(ok bool, format string, args ...any) {
	e.Helper()
	if !ok {
		e.Fatalf(format, args...)
	}
}

// same wants equal values, times as instants.
func (e *env) same(got, want any, what string) {
	e.Helper()
	if d := difference(got, want); d != "" {
		e.Fatalf("%s: %s", what, d)
	}
}

type closure = func(ctx context.Context, tx store.Tx) error

func (e *env) update(t store.Tenanted, fn closure) {
	e.Helper()
	e.must(t.Update(e.ctx, fn))
}

func (e *env) view(t store.Tenanted, fn closure) {
	e.Helper()
	e.must(t.View(e.ctx, fn))
}

// read answers what fn reads in a View.
func read[R any](e *env, t store.Tenanted, fn func(ctx context.Context, tx store.Tx) (R, error)) R {
	e.Helper()
	out, err := uow.Ask(e.ctx, t, fn)
	e.must(err)
	return out
}

// wrote answers what fn returns from an Update.
func wrote[R any](e *env, t store.Tenanted, fn func(ctx context.Context, tx store.Tx) (R, error)) R {
	e.Helper()
	out, err := uow.Do(e.ctx, t, fn)
	e.must(err)
	return out
}

// patient repeats fn while the store says that it is too busy.
func patient(fn func() error) error {
	var err error
	for range 200 {
		if err = fn(); !errors.Is(err, uow.ErrBusy) {
			return err
		}
	}
	return err
}

// crowd runs n functions at once and returns their errors by number.
func crowd(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func engineInject(s store.Store, fn func(point string) error) (store.Store, bool) {
	return engine.Inject(s, fn)
}

// bounded runs fn in a goroutine and fails the case when it does not end.
func (e *env) bounded(limit time.Duration, what string, fn func()) {
	e.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		e.Fatalf("%s has not ended after %s", what, limit)
	}
}

// hook fails the case when the harness lacks what it needs.
func (e *env) hook(there bool, name string) {
	e.Helper()
	if !there {
		e.Fatalf("the harness has no %s; if %s cannot have one, name this case in Exceptions with the reason", name, e.h.Name)
	}
}

// inject returns a handle on s that asks fn at every statement.
func (e *env) inject(s store.Store, fn func(point string) error) store.Store {
	e.Helper()
	hook := e.h.Inject
	if hook == nil {
		hook = engineInject
	}
	out, ok := hook(s, fn)
	e.hook(ok, "Inject")
	return out
}

// dataOf finds the typed data of an error.
func dataOf[T any](err error) (T, bool) {
	var none T
	for err != nil {
		var f *fault.Error
		if !errors.As(err, &f) {
			return none, false
		}
		if d, ok := f.Data().(T); ok {
			return d, true
		}
		err = f.Unwrap()
	}
	return none, false
}

func cut(t time.Time) time.Time { return clock.Cut(t) }
