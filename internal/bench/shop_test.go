package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

const (
	tenant   = access.Tenant("bench")
	partners = 1000
	products = 500
	lines    = 10 // of every order
	// saved is how many carts are prepared per transaction.
	saved = 200
)

var operator = access.Actor{ID: "vera", Name: "Vera Lindt", Roles: []access.Role{access.Operator}}

// shop is one tenant on one engine: partners, products and the services over
// them, with carts made ready outside of the measured time.
type shop struct {
	b      testing.TB
	ctx    context.Context
	store  store.Tenanted
	carts  *cart.Service
	orders *order.Service
	bills  *billing.Service
	// quotes are the partners' offers of their carts, made on demand.
	quotes map[int]cart.Cart
	// sent are the partners' orders that have left, made on demand.
	sent map[int]goods
	made atomic.Int64
}

func newShop(b testing.TB, st store.Store) *shop {
	b.Helper()
	s := &shop{b: b, ctx: context.Background(), quotes: map[int]cart.Cart{}, sent: map[int]goods{}}
	var err error
	s.store, err = st.For(tenant)
	require.NoError(b, err)
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	require.NoError(b, err)
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }),
		pricing.NewListPricer(taxes, nil), &cart.Options{Currency: money.EUR})
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, nil)
	s.bills, err = billing.NewService(uow.Narrow(s.store, func(tx store.Tx) billing.Tx { return tx }), s.orders, issuingHere())
	require.NoError(b, err)
	s.seed()
	return s
}

func (s *shop) update(fn func(ctx context.Context, tx store.Tx) error) {
	s.b.Helper()
	require.NoError(s.b, s.store.Update(s.ctx, fn))
}

func (s *shop) seed() {
	for from := 0; from < partners; from += saved {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for i := from; i < from+saved; i++ {
				if _, err := tx.Partners().Save(ctx, partnerAt(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.update(func(ctx context.Context, tx store.Tx) error {
		for i := range products {
			if _, err := tx.Products().Save(ctx, productAt(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

func partnerAt(i int) partner.Partner {
	home := partner.Address{ID: "home", Company: "Atelier Nord SARL", Contact: "Odile Renard", Street: "12 rue des Tanneurs",
		Postcode: "59000", City: "Lille", Country: "FR", Phone: "+33 3 20 00 00 00", Default: true}
	return partner.Partner{
		ID: partnerID(i), Number: fmt.Sprintf("FR%08d", i), Name: fmt.Sprintf("Atelier Nord %d", i), Type: partner.Studio, Active: true, Lang: "fr",
		Counterparties: []partner.Counterparty{{ID: "legal", Name: "Atelier Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}},
		Addresses:      []partner.Address{home},
		CreatedAt:      time.Now(), UpdatedAt: time.Now(),
	}
}

func productAt(i int) catalog.Product {
	price := func(minus int) catalog.Break {
		return catalog.Break{From: money.QuantityOf(int64(minus)), Price: money.MustPrice(fmt.Sprintf("%d.%02d", 20+i-minus/5, i%100), money.EUR)}
	}
	return catalog.Product{
		ID: productID(i), SKU: sku(i), Names: map[string]string{"en": fmt.Sprintf("Gasket %d", i), "fr": fmt.Sprintf("Joint %d", i)},
		Unit: "C62", Tax: "standard", Online: true, Sale: catalog.SaleFree,
		Prices:    []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{price(0), price(10), price(50)}}},
		CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}
}

func partnerID(i int) partner.ID { return partner.ID(fmt.Sprintf("0190a5d0-ac96-774b-bcce-%012d", i)) }
func productID(i int) catalog.ID { return catalog.ID(fmt.Sprintf("0190a5d1-ac96-774b-bcce-%012d", i)) }
func sku(i int) catalog.SKU      { return catalog.SKU(fmt.Sprintf("0656%05d", i)) }
func buyerOf(i int) access.Actor {
	return access.Actor{ID: "bruno", Name: "Bruno Keller", Partner: partnerID(i), Roles: []access.Role{access.Purchaser}}
}

// offer is a priced cart of one partner; the quote is the service's own.
func (s *shop) offer(p int) cart.Cart {
	s.b.Helper()
	if c, ok := s.quotes[p]; ok {
		return c
	}
	now := time.Now()
	c := cart.Cart{ID: cart.ID(ids.V7(now)), Partner: partnerID(p), Name: "offer", Note: "kitchen of the Renards", Currency: money.EUR,
		Baton: cart.Baton{Holder: "bruno", Partner: partnerID(p)}, CreatedBy: buyerOf(p).Stamp(), CreatedAt: now, UpdatedAt: now}
	for i := range lines {
		n := (p*7 + i) % products
		c.Lines = append(c.Lines, cart.Line{ID: cart.LineID(ids.V7(now)), Product: productID(n), SKU: sku(n), Quantity: money.QuantityOf(int64(i + 1))})
	}
	s.update(func(ctx context.Context, tx store.Tx) error { _, err := tx.Carts().Save(ctx, c); return err })
	priced, err := s.carts.Preview(s.ctx, buyerOf(p), cart.PreviewInput{Cart: c.ID})
	require.NoError(s.b, err)
	c.Quote = &priced.Quote
	s.quotes[p] = c
	return c
}

// job is one order waiting to be placed.
type job struct {
	actor access.Actor
	in    order.PlaceInput
}

// prepare stores n priced carts and returns how they are ordered. With hot all
// are of one customer, so that all draw from one counter; otherwise neighbours
// are of different customers.
func (s *shop) prepare(n int, hot bool) []job {
	s.b.Helper()
	jobs := make([]job, n)
	all := make([]cart.Cart, n)
	for i := range n {
		p := 0
		if !hot {
			p = i % partners
		}
		c := s.offer(p)
		c.ID, c.Name = cart.ID(ids.V7(time.Now())), fmt.Sprintf("kitchen %d", s.made.Add(1))
		all[i] = c
		jobs[i] = job{actor: buyerOf(p), in: order.PlaceInput{Key: "order of " + string(c.ID), Cart: c.ID, Seal: c.Quote.Seal}}
	}
	for from := 0; from < n; from += saved {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for _, c := range all[from:min(n, from+saved)] {
				if _, err := tx.Carts().Save(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return jobs
}

func (s *shop) place(j job) (order.Receipt, error) { return s.orders.Place(s.ctx, j.actor, j.in) }
