package erpsync_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

const (
	tenant = access.Tenant("fr")
	oven   = "OV-1"
	gasket = "065612405"
)

// The people of the tests.
var (
	buyer    = access.Actor{ID: "bruno", Name: "Bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	operator = access.Actor{ID: "vera", Name: "Vera", Roles: []access.Role{access.Operator}}
	admin    = access.Actor{ID: "anna", Name: "Anna", Roles: []access.Role{access.Admin}}
)

// setup says what a world is like; the zero value is an ERP that can do all.
type setup struct {
	books  memerp.Options
	client erp.Options
	relay  erpsync.Options
	pull   erpsync.PullOptions
	bills  *billing.Options
	// wrap puts something between the client and the ERP.
	wrap func(*world, erp.Adapter) erp.Adapter
	// reach is how the relay reaches store and queue; nil: directly.
	reach *points
	// short makes ids that no key can tell.
	short bool
	// real leaves the clock to the machine (or to a bubble of synctest).
	real bool
}

// world is a tenant with two products and one partner, the company's books,
// and a relay between them, all on one clock.
type world struct {
	t      testing.TB
	ctx    context.Context
	store  store.Tenanted
	carts  *cart.Service
	orders *order.Service
	bills  *billing.Service
	goods  *catalog.Service
	books  *memerp.ERP
	client *erp.Client
	relay  *erpsync.Relay
	puller *erpsync.Puller
	up     setup

	mu      sync.Mutex
	now     time.Time
	handled []erpsync.Handled
	ids     atomic.Int64
	// atERP is called within every call that arrives at the ERP with a
	// memerp.Slow waiting for it.
	atERP func(context.Context) error
}

func newWorld(t testing.TB, up setup) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), up: up, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	st := memstore.New(&memstore.Options{Now: w.clock, Wait: time.Minute})
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	var err error
	w.store, err = st.For(tenant)
	require.NoError(t, err)
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	require.NoError(t, err)
	w.carts = cart.NewService(uow.Narrow(w.store, func(tx store.Tx) cart.Tx { return tx }), pricing.NewListPricer(taxes, nil),
		&cart.Options{Now: w.clock, NewID: w.newID, Currency: money.EUR, Limits: cart.Limits{Carts: 400}})
	w.orders = w.service(w.store)
	w.bills, w.goods = w.billing(w.store, w.orders), w.catalog(w.store)
	w.seed()

	up.books.Sleep = func(ctx context.Context, d time.Duration) error {
		if w.atERP != nil {
			return w.atERP(ctx)
		}
		return ctx.Err()
	}
	up.books.Now = w.clock
	w.books = memerp.New(&up.books)
	adapter := w.books.Adapter()
	if up.wrap != nil {
		adapter = up.wrap(w, adapter)
	}
	if up.client.Sleep == nil {
		up.client.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	w.client = erp.NewClient(adapter, &up.client)
	w.relay, w.puller = w.newRelay(), w.newPuller()
	return w
}

func (w *world) service(run uow.Runner[store.Tx]) *order.Service {
	return order.NewService(uow.Narrow(run, func(tx store.Tx) order.Tx { return tx }), w.carts, &order.Options{Now: w.clock, NewID: w.newID})
}

func (w *world) billing(run uow.Runner[store.Tx], orders *order.Service) *billing.Service {
	o := billing.Options{}
	if w.up.bills != nil {
		o = *w.up.bills
	}
	o.Now, o.NewID = w.clock, w.newID
	s, err := billing.NewService(uow.Narrow(run, func(tx store.Tx) billing.Tx { return tx }), orders, &o)
	require.NoError(w.t, err)
	return s
}

func (w *world) catalog(run uow.Runner[store.Tx]) *catalog.Service {
	return catalog.NewService(uow.Narrow(run, func(tx store.Tx) catalog.Tx { return tx }), &catalog.Options{Now: w.clock, NewID: w.newID})
}

func (w *world) partners(run uow.Runner[store.Tx]) *partner.Service {
	return partner.NewService(uow.Narrow(run, func(tx store.Tx) partner.Tx { return tx }), &partner.Options{Now: w.clock, NewID: w.newID})
}

// allBooks are the services over a store that may be brittle.
func (w *world) allBooks(st store.Tenanted) erpsync.Books {
	orders := w.service(st)
	return erpsync.Books{Orders: orders, Billing: w.billing(st, orders), Catalog: w.catalog(st), Partners: w.partners(st)}
}

// newPuller makes one more puller over the same client.
func (w *world) newPuller() *erpsync.Puller {
	o, st := w.up.pull, w.store
	o.Now = w.clock
	if p := w.up.reach; p != nil {
		st = brittleRunner{w.store, p}
	}
	return erpsync.NewPuller(tenant, st, w.allBooks(st), w.client, &o)
}

// newRelay makes one more relay on the same queue and client.
func (w *world) newRelay() *erpsync.Relay {
	o := w.up.relay
	o.Now = w.clock
	o.Random = func() float64 { return 0.5 }
	o.Observe = func(h erpsync.Handled) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.handled = append(w.handled, h)
	}
	books, queue := w.allBooks(w.store), w.store.Queue()
	if p := w.up.reach; p != nil {
		books, queue = w.allBooks(brittleRunner{w.store, p}), brittleQueue{queue, p}
	}
	return erpsync.NewRelay(tenant, queue, books, w.client, &o)
}

func (w *world) clock() time.Time {
	if w.up.real {
		return time.Now()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) newID() string {
	if w.up.short {
		return fmt.Sprint("id-", w.ids.Add(1))
	}
	return fmt.Sprintf("%032x", w.ids.Add(1))
}

func (w *world) seed() {
	home := partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"}
	legal := partner.Counterparty{ID: "legal", Name: "Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}
	require.NoError(w.t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Partners().Save(ctx, partner.Partner{ID: "nord", Number: "FR10002527", Name: "Studio Nord", Type: partner.Studio,
			Active: true, Counterparties: []partner.Counterparty{legal}}); err != nil {
			return err
		}
		for sku, price := range map[catalog.SKU]string{"OV-1": "640.00", "065612405": "9.45"} {
			if _, err := tx.Products().Save(ctx, catalog.Product{ID: catalog.ID("p-" + sku), SKU: sku, Names: map[string]string{"en": "Article " + string(sku)},
				Unit: "C62", Tax: "standard", Online: true, Sale: catalog.SaleFree,
				Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice(price, money.EUR)}}}}}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// place orders one oven and two gaskets.
func (w *world) place() order.ID {
	w.t.Helper()
	return w.placed(1, 2)
}

// placed orders so many ovens and gaskets.
func (w *world) placed(ovens, gaskets int64) order.ID {
	w.t.Helper()
	c, err := w.carts.Create(w.ctx, buyer, cart.CreateInput{Name: "Cart " + w.newID()})
	require.NoError(w.t, err)
	for _, l := range []struct {
		sku catalog.SKU
		n   int64
	}{{oven, ovens}, {gasket, gaskets}} {
		_, err = w.carts.Put(w.ctx, buyer, cart.PutInput{Cart: c.ID, SKU: l.sku, Quantity: money.QuantityOf(l.n)})
		require.NoError(w.t, err)
	}
	p, err := w.carts.Recalculate(w.ctx, buyer, cart.RecalculateInput{Cart: c.ID})
	require.NoError(w.t, err)
	r, err := w.orders.Place(w.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: p.Quote.Seal})
	require.NoError(w.t, err)
	return r.Order
}

// revise asks for n ovens instead.
func (w *world) revise(id order.ID, n int64) {
	w.t.Helper()
	q := money.QuantityOf(n)
	_, err := w.orders.Revise(w.ctx, buyer, order.ReviseInput{Order: id, Lines: []order.LineChange{{Line: w.get(id).Lines[0].ID, Quantity: &q}}})
	require.NoError(w.t, err)
}

func (w *world) fire(a access.Actor, id order.ID, on order.Trigger) {
	w.t.Helper()
	_, err := w.orders.Advance(w.ctx, a, order.AdvanceInput{Order: id, On: on, Reason: "because"})
	require.NoError(w.t, err)
}

func (w *world) validate(id order.ID) { w.t.Helper(); w.fire(operator, id, order.Validate) }

func (w *world) remove(id order.ID) {
	w.t.Helper()
	require.NoError(w.t, w.orders.Delete(w.ctx, buyer, order.DeleteInput{Order: id}))
}

func (w *world) get(id order.ID) order.Order {
	w.t.Helper()
	o, err := w.orders.Get(w.ctx, operator, id)
	require.NoError(w.t, err)
	return o
}

// step works once whatever is due now, and answers how much that was.
func (w *world) step() int {
	w.t.Helper()
	n, err := w.relay.Step(w.ctx)
	require.NoError(w.t, err)
	return n
}

// settle works until nothing is left to do, letting time pass between.
func (w *world) settle() {
	w.t.Helper()
	for turn := 0; w.depth().Waiting > 0; turn++ {
		require.Less(w.t, turn, 500, "the queue never empties")
		if w.step() == 0 {
			w.pass(time.Minute)
		}
	}
}

func (w *world) depth() event.Depth {
	w.t.Helper()
	d, err := w.store.Queue().Depth(w.ctx, event.ERP)
	require.NoError(w.t, err)
	return d
}

// twins are the documents that the ERP holds of an order.
func (w *world) twins(id order.ID) []memerp.Document {
	key := erpsync.Key(tenant, id)
	return slices.DeleteFunc(w.books.Orders(), func(d memerp.Document) bool { return d.Order.Key != key })
}

// twin is the one document of an order.
func (w *world) twin(id order.ID) memerp.Document {
	w.t.Helper()
	all := w.twins(id)
	require.Len(w.t, all, 1, "exactly one document")
	return all[0]
}

// agree checks that the ERP holds exactly one document of the order's content.
func (w *world) agree(id order.ID) {
	w.t.Helper()
	o, d := w.get(id), w.twin(id)
	require.Equal(w.t, o.Revision, d.Order.Revision)
	require.Len(w.t, d.Order.Lines, len(o.Lines))
	for i, l := range o.Lines {
		require.True(w.t, l.Quantity.Decimal().Equal(d.Order.Lines[i].Quantity))
	}
	require.True(w.t, o.Quote.Gross.Decimal().Equal(d.Totals.Gross), "%s is %s in the ERP", o.Quote.Gross, d.Totals.Gross)
}

// drain forgets what was handled and returns it.
func (w *world) drain() []erpsync.Handled {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.handled
	w.handled = nil
	return out
}

// letters lists the dead letters, all of them.
func (w *world) letters() []event.Letter {
	w.t.Helper()
	ls, next, err := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil).List(w.ctx, admin, "", 500)
	require.NoError(w.t, err)
	require.Empty(w.t, next)
	return ls
}

// able is an adapter that can do everything, for tests that change its answers.
type able interface {
	erp.Adapter
	erp.Pinger
	erp.OrderPusher
	erp.OrderFinder
	erp.OrderReviser
	erp.OrderCanceller
	erp.OrderAdvancer
}

// retryAll gives every dead letter back to the relay and settles.
func (w *world) retryAll() {
	w.t.Helper()
	letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	for _, l := range w.letters() {
		require.NoError(w.t, letters.Retry(w.ctx, admin, l.ID))
	}
	w.settle()
}
