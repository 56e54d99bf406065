package storetest

import (
	"context"
	"fmt"
	"sync"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// points counts the statements of transactions and fails the chosen one.
type points struct {
	mu    sync.Mutex
	seen  []string
	fail  int // the number of the call that fails, -1 for none
	with  error
	every bool // fail at every call from that one on
}

func (p *points) ask(point string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.seen)
	p.seen = append(p.seen, point)
	if p.fail >= 0 && (n == p.fail || p.every && n >= p.fail) {
		return p.with
	}
	return nil
}

// place is the kind of transaction that the failures are tried on: it makes
// an order of a cart and touches every port.
func place(ctx context.Context, tx store.Tx) error {
	if err := tx.Prefetch(ctx, uow.Ref{Kind: cart.DocKind, ID: "c0001"}, uow.Ref{Kind: partner.DocKind, ID: "p0001"}); err != nil {
		return err
	}
	c, err := tx.Carts().Get(ctx, "c0001")
	if err != nil {
		return err
	}
	if _, err := tx.Partners().Get(ctx, "p0002"); err != nil {
		return err
	}
	if _, err := tx.Products().BySKU(ctx, []catalog.SKU{"065000001"}); err != nil {
		return err
	}
	prior, err := tx.Keys().Reserve(ctx, "scope", "key", keyInput)
	if err != nil || prior != nil {
		return err
	}
	c.Lines = nil
	if _, err := tx.Carts().Save(ctx, c); err != nil {
		return err
	}
	o := sampleOrder(50)
	if _, err := tx.Orders().Save(ctx, o); err != nil {
		return err
	}
	if _, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Count: true}}); err != nil {
		return err
	}
	if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent("order/50", 1), sampleEvent("order/50", 2)); err != nil {
		return err
	}
	n, err := tx.Counters().Next(ctx, "s")
	if err != nil {
		return err
	}
	o.Version, o.CustomerNo = 1, fmt.Sprint(n)
	if _, err := tx.Orders().Save(ctx, o); err != nil {
		return err
	}
	return tx.Keys().Fulfil(ctx, "scope", "key", []byte(`"first"`))
}

// bench holds a store with a handle that fails on demand.
type bench struct {
	e      *env
	s      store.Store
	points *points
	faulty store.Store
	n      int
}

func newBench(e *env) *bench {
	e.Helper()
	b := &bench{e: e, s: e.store(), points: &points{fail: -1}}
	b.faulty = e.inject(b.s, b.points.ask)
	return b
}

// fresh plants a new tenant and returns its sound and its faulty handle.
func (b *bench) fresh() (sound, faulty store.Tenanted) {
	b.e.Helper()
	b.n++
	name := access.Tenant(fmt.Sprint("bench-", b.n))
	sound = b.e.of(b.s, name)
	b.e.plant(sound)
	return sound, b.e.of(b.faulty, name)
}

// arm chooses the call that fails, counted from now.
func (b *bench) arm(call int, with error, every bool) {
	b.points.mu.Lock()
	defer b.points.mu.Unlock()
	b.points.seen, b.points.fail, b.points.with, b.points.every = nil, call, with, every
}

// dry runs fn without failures and returns its points, the state after it and
// its events.
func (b *bench) dry(fn closure) (seen []string, state string, events []event.Event) {
	b.e.Helper()
	sound, faulty := b.fresh()
	b.arm(-1, nil, false)
	b.e.update(faulty, fn)
	seen = b.points.seen
	state = b.e.dump(sound)
	return seen, state, b.e.drain(sound, event.Facts)
}
