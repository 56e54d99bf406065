package storetest_test

import (
	"context"
	"sync"
	"testing"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/storetest"
	"github.com/comptoir-go/comptoir/uow"
)

type closure = func(context.Context, store.Tx) error

type runner func(inner store.Tenanted, ctx context.Context, fn closure) error

// flaw is a way to break a store; what is nil stays sound.
type flaw struct {
	tenant  func(access.Tenant) access.Tenant
	update  runner
	view    runner
	tx      func(store.Tx) store.Tx
	queue   func(event.Queue) event.Queue
	tenants func([]access.Tenant) []access.Tenant
	close   func(store.Store) error
}

// broken is a sound store with a flaw.
type broken struct {
	store.Store
	flaw flaw
}

func (b broken) For(t access.Tenant) (store.Tenanted, error) {
	if b.flaw.tenant != nil && t != "" {
		t = b.flaw.tenant(t)
	}
	inner, err := b.Store.For(t)
	if err != nil {
		return nil, err
	}
	return brokenTenant{inner, b.flaw}, nil
}

func (b broken) Tenants(ctx context.Context) ([]access.Tenant, error) {
	ts, err := b.Store.Tenants(ctx)
	if b.flaw.tenants != nil {
		ts = b.flaw.tenants(ts)
	}
	return ts, err
}

func (b broken) Close() error {
	if b.flaw.close != nil {
		return b.flaw.close(b.Store)
	}
	return b.Store.Close()
}

type brokenTenant struct {
	store.Tenanted
	flaw flaw
}

func (b brokenTenant) wrap(fn closure) closure {
	if b.flaw.tx == nil {
		return fn
	}
	return func(ctx context.Context, tx store.Tx) error { return fn(ctx, b.flaw.tx(tx)) }
}

func (b brokenTenant) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if b.flaw.update != nil {
		return b.flaw.update(b.Tenanted, ctx, b.wrap(fn))
	}
	return b.Tenanted.Update(ctx, b.wrap(fn))
}

func (b brokenTenant) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if b.flaw.view != nil {
		return b.flaw.view(b.Tenanted, ctx, b.wrap(fn))
	}
	return b.Tenanted.View(ctx, b.wrap(fn))
}

func (b brokenTenant) Queue() event.Queue {
	if b.flaw.queue != nil {
		return b.flaw.queue(b.Tenanted.Queue())
	}
	return b.Tenanted.Queue()
}

// parts is a transaction of which some ports are replaced.
type parts struct {
	store.Tx
	partners partner.Repository
	products catalog.Repository
	orders   order.Repository
	invoices billing.Repository
	uses     pricing.RedemptionRepository
	outbox   event.Outbox
	inbox    event.Inbox
	counters uow.Counters
	keys     uow.Keys
}

func or[T comparable](a, b T) T {
	var none T
	if a == none {
		return b
	}
	return a
}

func (p parts) Partners() partner.Repository { return or(p.partners, p.Tx.Partners()) }
func (p parts) Products() catalog.Repository { return or(p.products, p.Tx.Products()) }
func (p parts) Carts() cart.Repository       { return p.Tx.Carts() }
func (p parts) Orders() order.Repository     { return or(p.orders, p.Tx.Orders()) }
func (p parts) Invoices() billing.Repository { return or(p.invoices, p.Tx.Invoices()) }
func (p parts) Redemptions() pricing.RedemptionRepository {
	return or(p.uses, p.Tx.Redemptions())
}
func (p parts) Outbox() event.Outbox   { return or(p.outbox, p.Tx.Outbox()) }
func (p parts) Inbox() event.Inbox     { return or(p.inbox, p.Tx.Inbox()) }
func (p parts) Counters() uow.Counters { return or(p.counters, p.Tx.Counters()) }
func (p parts) Keys() uow.Keys         { return or(p.keys, p.Tx.Keys()) }

// harness runs cases on memstore with a flaw.
func harness(f flaw) storetest.Harness {
	open := func(_ testing.TB, o storetest.Options) store.Store {
		return memstore.New(&memstore.Options{Now: o.Now, Wait: o.Wait})
	}
	return storetest.Harness{
		Name:   "broken",
		Open:   func(t testing.TB, o storetest.Options) store.Store { return broken{open(t, o), f} },
		Oracle: open,
		Inject: func(s store.Store, fn func(string) error) (store.Store, bool) {
			b := s.(broken)
			inner, ok := engine.Inject(b.Store, fn)
			return broken{inner, f}, ok
		},
	}
}

// The replaced ports.

type savingPartners struct {
	partner.Repository
	save func(context.Context, partner.Repository, partner.Partner) (partner.Partner, error)
}

func (r *savingPartners) Save(ctx context.Context, p partner.Partner) (partner.Partner, error) {
	return r.save(ctx, r.Repository, p)
}

func onSave(save func(context.Context, partner.Repository, partner.Partner) (partner.Partner, error)) flaw {
	return flaw{tx: func(tx store.Tx) store.Tx {
		return parts{Tx: tx, partners: &savingPartners{tx.Partners(), save}}
	}}
}

type cachingProducts struct {
	catalog.Repository
	mu    *sync.Mutex
	cache map[catalog.ID]catalog.Product
}

func (r *cachingProducts) Get(ctx context.Context, id catalog.ID) (catalog.Product, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p, ok := r.cache[id]; ok {
		return p, nil
	}
	p, err := r.Repository.Get(ctx, id)
	if err == nil {
		r.cache[id] = p
	}
	return p, err
}

func (r *cachingProducts) GetMany(ctx context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Product, error) {
	out := map[catalog.ID]catalog.Product{}
	for _, id := range ids {
		if p, err := r.Get(ctx, id); err == nil {
			out[id] = p
		}
	}
	return out, nil
}

type findingOrders struct {
	order.Repository
	find func(context.Context, order.Repository, order.Query) (uow.Page[order.Header], error)
}

func (r *findingOrders) Find(ctx context.Context, q order.Query) (uow.Page[order.Header], error) {
	return r.find(ctx, r.Repository, q)
}

func onFind(find func(context.Context, order.Repository, order.Query) (uow.Page[order.Header], error)) flaw {
	return flaw{tx: func(tx store.Tx) store.Tx { return parts{Tx: tx, orders: &findingOrders{tx.Orders(), find}} }}
}

type appending struct {
	event.Outbox
	append func(context.Context, event.Outbox, event.Topic, []event.Event) error
}

func (o *appending) Append(ctx context.Context, topic event.Topic, evs ...event.Event) error {
	return o.append(ctx, o.Outbox, topic, evs)
}

type counting struct {
	next func(context.Context, string) (int64, error)
}

func (c *counting) Next(ctx context.Context, series string) (int64, error) {
	return c.next(ctx, series)
}

type carelessKeys struct{ uow.Keys }

func (k *carelessKeys) Reserve(ctx context.Context, scope, key string, _ [32]byte) ([]byte, error) {
	return k.Keys.Reserve(ctx, scope, key, [32]byte{})
}

type claiming struct {
	event.Queue
	claim func(context.Context, event.Queue, event.Claim) ([]event.Delivery, error)
	done  func(context.Context, event.Queue, event.Delivery) error
}

func (q *claiming) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	if q.claim == nil {
		return q.Queue.Claim(ctx, c)
	}
	return q.claim(ctx, q.Queue, c)
}

func (q *claiming) Done(ctx context.Context, d event.Delivery) error {
	if q.done == nil {
		return q.Queue.Done(ctx, d)
	}
	return q.done(ctx, q.Queue, d)
}
