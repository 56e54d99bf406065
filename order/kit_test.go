package order_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// The people of the tests.
var (
	designer  = access.Actor{ID: "odile", Name: "Odile", Partner: "nord", Roles: []access.Role{access.Designer}}
	buyer     = access.Actor{ID: "bruno", Name: "Bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
	stranger  = access.Actor{ID: "mara", Name: "Mara", Partner: "sud", Roles: []access.Role{access.Purchaser}}
	operator  = access.Actor{ID: "vera", Name: "Vera", Roles: []access.Role{access.Operator}}
	admin     = access.Actor{ID: "anna", Name: "Anna", Roles: []access.Role{access.Admin}}
	machine   = access.Machine("relay")
	startTime = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
)

// shop is a tenant with two partners, two products and a clock of its own.
type shop struct {
	t      testing.TB
	ctx    context.Context
	store  store.Tenanted
	carts  *cart.Service
	orders *order.Service

	mu  sync.Mutex
	now time.Time
	ids atomic.Int64
}

func newShop(t testing.TB, opts *order.Options) *shop {
	t.Helper()
	return newShopWith(t, opts, &cart.Options{})
}

func newShopWith(t testing.TB, opts *order.Options, carts *cart.Options) *shop {
	t.Helper()
	s := &shop{t: t, ctx: context.Background(), now: startTime}
	st := memstore.New(&memstore.Options{Now: s.clock})
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	var err error
	s.store, err = st.For("fr")
	require.NoError(t, err)
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	require.NoError(t, err)
	carts.Now, carts.NewID, carts.Currency, carts.Tickets, carts.Limits.Carts = s.clock, s.newID, money.EUR, openTickets{}, 400
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), pricing.NewListPricer(taxes, nil), carts)
	if opts == nil {
		opts = &order.Options{}
	}
	opts.Now, opts.NewID = s.clock, s.newID
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, opts)
	s.seed()
	return s
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *shop) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *shop) newID() string { return fmt.Sprintf("%032x", s.ids.Add(1)) }

func (s *shop) seed() {
	home := partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"}
	legal := partner.Counterparty{ID: "legal", Name: "Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		for _, p := range []partner.Partner{
			{ID: "nord", Number: "FR10002527", Name: "Studio Nörd", Type: partner.Studio, Active: true, Counterparties: []partner.Counterparty{legal}},
			{ID: "sud", Number: "FR10015195", Name: "Sud", Type: partner.Dealer, Active: true, Counterparties: []partner.Counterparty{legal}},
		} {
			if _, err := tx.Partners().Save(ctx, p); err != nil {
				return err
			}
		}
		for _, p := range []catalog.Product{product("oven", "OV-1", "640.00"), product("gasket", "065612405", "9.45")} {
			if _, err := tx.Products().Save(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}))
}

func product(id catalog.ID, sku catalog.SKU, price string) catalog.Product {
	return catalog.Product{ID: id, SKU: sku, Names: map[string]string{"en": "The " + string(id)}, Unit: "C62", Tax: "standard", Online: true, Sale: catalog.SaleFree,
		Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice(price, money.EUR)}}}}}
}

// reprice changes a product's price behind everyone's back.
func (s *shop) reprice(id catalog.ID, price string) {
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Products().Get(ctx, id)
		if err != nil {
			return err
		}
		p.Prices[0].Breaks[0].Price = money.MustPrice(price, money.EUR)
		_, err = tx.Products().Save(ctx, p)
		return err
	}))
}

// offer makes a priced cart: one oven, two gaskets.
func (s *shop) offer(a access.Actor) (cart.Cart, pricing.Quote) {
	s.t.Helper()
	c, err := s.carts.Create(s.ctx, a, cart.CreateInput{Name: "Cart " + s.newID()[26:], Note: "kitchen"})
	require.NoError(s.t, err)
	return s.fill(a, c)
}

func (s *shop) fill(a access.Actor, c cart.Cart) (cart.Cart, pricing.Quote) {
	s.t.Helper()
	var err error
	for _, l := range []struct {
		sku catalog.SKU
		n   int64
	}{{"OV-1", 1}, {"065612405", 2}} {
		c, err = s.carts.Put(s.ctx, a, cart.PutInput{Cart: c.ID, SKU: l.sku, Quantity: money.QuantityOf(l.n), Note: "for " + string(l.sku)})
		require.NoError(s.t, err)
	}
	priced, err := s.carts.Recalculate(s.ctx, a, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	return priced.Cart, priced.Quote
}

// placed makes an order of such a cart.
func (s *shop) placed(a access.Actor) order.Order {
	s.t.Helper()
	c, q := s.offer(a)
	r, err := s.orders.Place(s.ctx, a, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	require.NoError(s.t, err)
	o, err := s.orders.Get(s.ctx, a, r.Order)
	require.NoError(s.t, err)
	return o
}

func (s *shop) advance(a access.Actor, id order.ID, on order.Trigger) order.Order {
	s.t.Helper()
	o, err := s.orders.Advance(s.ctx, a, order.AdvanceInput{Order: id, On: on, Reason: "because"})
	require.NoError(s.t, err)
	return o
}

// events drains a topic in order and names what it held.
func (s *shop) events(topic event.Topic) []event.Delivery {
	s.t.Helper()
	var out []event.Delivery
	for {
		ds, err := s.store.Queue().Claim(s.ctx, event.Claim{Topic: topic, Limit: 100, Lease: time.Minute})
		require.NoError(s.t, err)
		if len(ds) == 0 {
			return out
		}
		for _, d := range ds {
			require.NoError(s.t, s.store.Queue().Done(s.ctx, d))
		}
		out = append(out, ds...)
	}
}

// openTickets has every ticket open.
type openTickets struct{}

func (openTickets) TicketOpen(context.Context, cart.TicketID, access.Actor) error { return nil }

// draft makes an order that is not submitted yet.
func (s *shop) draft(a access.Actor) order.Order {
	s.t.Helper()
	c, q := s.offer(a)
	r, err := s.orders.Place(s.ctx, a, order.PlaceInput{Cart: c.ID, Seal: q.Seal, AsDraft: true})
	require.NoError(s.t, err)
	return s.get(r.Order)
}

// get reads an order as it is stored.
func (s *shop) get(id order.ID) order.Order {
	s.t.Helper()
	o, err := s.orders.Get(s.ctx, operator, id)
	require.NoError(s.t, err)
	return o
}

// inState makes an order and leads it to a state.
func (s *shop) inState(want order.State) order.Order {
	s.t.Helper()
	if want == order.Draft {
		return s.draft(buyer)
	}
	o := s.placed(buyer)
	steps := map[order.State][]order.Trigger{
		order.Validated: {order.Validate}, order.Rejected: {order.Reject}, order.Cancelled: {order.Cancel},
		order.Confirmed: {order.Validate, order.Confirm}, order.Closed: {order.Validate, order.Confirm, order.Close},
	}[want]
	for _, on := range steps {
		by := operator
		if on == order.Confirm || on == order.Close {
			by = machine
		}
		o = s.advance(by, o.ID, on)
	}
	require.Equal(s.t, want, o.State)
	return o
}

func types(ds []event.Delivery, prefix string) []string {
	var out []string
	for _, d := range ds {
		if len(d.Type) >= len(prefix) && d.Type[:len(prefix)] == prefix {
			out = append(out, d.Type)
		}
	}
	return out
}
