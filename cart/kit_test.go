package cart_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// The people of the tests. Lind designs and Merle buys for the kitchen studio
// Atelier Vert, Costa is its admin, Berg keeps its books; Roth buys for
// another dealer; Kern works for the seller.
var (
	lind  = access.Actor{ID: "lind", Name: "Dora Lind", Partner: "vert", Roles: []access.Role{access.Designer}}
	merle = access.Actor{ID: "merle", Name: "Paul Merle", Partner: "vert", Roles: []access.Role{access.Purchaser}}
	costa = access.Actor{ID: "costa", Name: "Ana Costa", Partner: "vert", Roles: []access.Role{access.PartnerAdmin}}
	berg  = access.Actor{ID: "berg", Name: "Nils Berg", Partner: "vert", Roles: []access.Role{access.Accountant}}
	roth  = access.Actor{ID: "roth", Name: "Eva Roth", Partner: "bleu", Roles: []access.Role{access.Purchaser}}
	kern  = access.Actor{ID: "kern", Name: "Otto Kern", Roles: []access.Role{access.Operator}}
)

// held is the baton in the hand of one of them.
func held(a access.Actor) cart.Baton { return cart.Baton{Holder: a.ID, Partner: a.Partner} }

// The products of the tests.
const (
	tray   catalog.ID = "tray"   // 065612405, 9.45, whole pieces
	handle catalog.ID = "handle" // INOX-SP, 4.20, by the half dozen, 6 to 60
	cable  catalog.ID = "cable"  // CABLE, 1.10, by the half metre
	relic  catalog.ID = "relic"  // OLD-1, blocked
	custom catalog.ID = "custom" // CUST-1, for bleu only
	free   catalog.ID = "gift"   // NOPRICE, without a price
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// kit is a store with a service, a clock and ids that count.
type kit struct {
	uow.Runner[cart.Tx]
	*cart.Service
	// shop is the store of this package's own; nil on another.
	shop *shop
	mu   sync.Mutex
	at   time.Time
	ids  int
}

func newKit(pricer pricing.Pricer, opts *cart.Options) *kit {
	s := newShop()
	k := newKitOn(s, pricer, opts)
	k.shop = s
	return k
}

// newKitOn is newKit on any store.
func newKitOn(run uow.Runner[cart.Tx], pricer pricing.Pricer, opts *cart.Options) *kit {
	k := &kit{Runner: run, at: start}
	var o cart.Options
	if opts != nil {
		o = *opts
	}
	o.Now, o.NewID = k.now, k.newID
	if o.Currency.IsZero() {
		o.Currency = money.EUR
	}
	if pricer == nil {
		pricer = listPricer()
	}
	k.Service = cart.NewService(run, pricer, &o)
	k.seed()
	return k
}

func (k *kit) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *kit) later(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(d)
}

func (k *kit) newID() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ids++
	return fmt.Sprintf("id%04d", k.ids)
}

func listPricer() *pricing.ListPricer {
	table, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.MustRate("20")})
	must(err)
	return pricing.NewListPricer(table, nil)
}

func (k *kit) seed() {
	member := func(a access.Actor) partner.Member {
		return partner.Member{ID: a.ID, Name: a.Name, Roles: a.Roles, Active: true}
	}
	gone := partner.Member{ID: "gone", Name: "Jan Alt", Roles: []access.Role{access.Designer}}
	vert := partner.Partner{ID: "vert", Number: "FR10002527", Name: "Atelier Vert", Type: partner.Studio, Active: true,
		Counterparties: []partner.Counterparty{{ID: "sarl", Name: "Atelier Vert SARL", Country: "FR", Default: true}},
		Addresses:      []partner.Address{{ID: "a1", Company: "Atelier Vert", Country: "FR", Default: true}},
		Members:        []partner.Member{member(lind), member(merle), member(costa), member(berg), gone}}
	bleu := partner.Partner{ID: "bleu", Number: "FR10015195", Name: "Maison Bleue", Type: partner.Dealer, Active: true,
		Members: []partner.Member{member(roth)}}
	shut := partner.Partner{ID: "shut", Number: "FR10009999", Name: "Ancien", Type: partner.Dealer}
	k.change(func(ctx context.Context, tx cart.Tx) error {
		for _, p := range []partner.Partner{vert, bleu, shut} {
			if _, err := tx.Partners().Save(ctx, p); err != nil {
				return err
			}
		}
		for _, p := range goods() {
			if _, err := tx.Products().Save(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func goods() []catalog.Product {
	q := money.MustQuantity
	good := func(id catalog.ID, sku catalog.SKU, price string, rule catalog.QuantityRule) catalog.Product {
		p := catalog.Product{ID: id, SKU: sku, Names: map[string]string{"en": string(id)}, Unit: "C62", Tax: "standard",
			Online: true, Sale: catalog.SaleFree, Quantity: rule}
		if price != "" {
			p.Prices = listed(price)
		}
		return p
	}
	all := []catalog.Product{
		good(tray, "065612405", "9.45", catalog.QuantityRule{}),
		good(handle, "INOX-SP", "4.20", catalog.QuantityRule{Step: q("6"), Min: q("6"), Max: q("60")}),
		good(cable, "CABLE", "1.10", catalog.QuantityRule{Step: q("0.5")}),
		good(relic, "OLD-1", "1.00", catalog.QuantityRule{}),
		good(custom, "CUST-1", "5.00", catalog.QuantityRule{}),
		good(free, "NOPRICE", "", catalog.QuantityRule{}),
	}
	all[3].Sale = catalog.SaleBlocked
	all[4].Sale, all[4].Referenced = catalog.SaleReferenced, []access.PartnerID{"bleu"}
	return all
}

func listed(price string) []catalog.ListPrice {
	p, err := money.ParsePrice(price, money.EUR)
	must(err)
	return []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: p}}}}
}

func (k *kit) change(fn func(ctx context.Context, tx cart.Tx) error) {
	must(k.Update(context.Background(), fn))
}

// reprice gives a product another list price.
func (k *kit) reprice(id catalog.ID, price string) {
	k.change(func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Products().Get(ctx, id)
		if err != nil {
			return err
		}
		p.Prices = listed(price)
		_, err = tx.Products().Save(ctx, p)
		return err
	})
}

// cart makes a cart and puts products in; it is the actor's.
func (k *kit) cart(a access.Actor, name string, puts ...cart.PutInput) cart.Cart {
	ctx := context.Background()
	c := get(k.Create(ctx, a, cart.CreateInput{Name: name}))
	for _, p := range puts {
		p.Cart = c.ID
		c = get(k.Put(ctx, a, p))
	}
	return c
}

func put(id catalog.ID, quantity string) cart.PutInput {
	return cart.PutInput{Product: id, Quantity: money.MustQuantity(quantity)}
}

// order does what package order does around a cart.
func (k *kit) order(a access.Actor, in cart.OrderInput, ref string) error {
	return k.Update(context.Background(), func(ctx context.Context, tx cart.Tx) error {
		ready, err := k.OrderTx(ctx, tx, a, in)
		if err != nil {
			return err
		}
		return k.EmptyTx(ctx, tx, ready, cart.Ordered{Order: cart.OrderID("order-" + ref), Ref: ref, By: a.Stamp(), At: k.now()})
	})
}

// events lists the types of all committed events, oldest first.
func (k *kit) events() []string {
	k.shop.mu.RLock()
	defer k.shop.mu.RUnlock()
	var out []string
	for _, e := range k.shop.state.events {
		out = append(out, e.Type)
	}
	return out
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func get[V any](v V, err error) V {
	must(err)
	return v
}

// tickets is a port that knows some open tickets.
type tickets map[cart.TicketID]bool

var errTicket = fault.Define(fault.Precondition, "test.ticket_closed", "the ticket is not open")

func (t tickets) TicketOpen(_ context.Context, id cart.TicketID, _ access.Actor) error {
	if t[id] {
		return nil
	}
	return errTicket
}

// remote is a pricer that calls out: it is not pure, and refuses to be asked
// while a transaction is open.
type remote struct {
	pricing.Pricer
	asked int
	// before runs before each answer, as somebody else's work meanwhile.
	before func()
}

func newRemote() *remote { return &remote{Pricer: struct{ pricing.Pricer }{listPricer()}} }

var errInside = errors.New("asked inside a transaction")

func (r *remote) Quote(ctx context.Context, b pricing.Basket) (pricing.Quote, error) {
	r.asked++
	if insideTx(ctx) {
		return pricing.Quote{}, errInside
	}
	if r.before != nil {
		r.before()
	}
	q, err := r.Pricer.Quote(ctx, b)
	q.Seal = "the remote system's own mark"
	return q, err
}
