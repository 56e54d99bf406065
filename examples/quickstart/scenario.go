package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// The people of the scenario; a portal takes them from its own login.
var (
	odile = access.Actor{ID: "odile", Name: "Odile Marchand", Company: "Studio Nord", Partner: "studio-nord", Roles: []access.Role{access.Designer}, Lang: "en"}
	bruno = access.Actor{ID: "bruno", Name: "Bruno Keller", Company: "Studio Nord", Partner: "studio-nord", Roles: []access.Role{access.Purchaser}, Lang: "en"}
	clara = access.Actor{ID: "clara", Name: "Clara Petit", Company: "Studio Nord", Partner: "studio-nord", Roles: []access.Role{access.Accountant}, Lang: "en"}
	vera  = access.Actor{ID: "vera", Name: "Vera Lindt", Company: "The maker", Roles: []access.Role{access.Operator}, Lang: "en"}
)

// State is what -json prints.
type State struct {
	Store string        `json:"store"`
	Order order.Order   `json:"order"`
	Carts []cart.Header `json:"carts"`
	// Second is what whoever ordered second was told.
	Second string `json:"second"`
	// ERP is the order as the ERP holds it.
	ERP        erp.Receipt        `json:"erp"`
	Deliveries []order.Delivery   `json:"deliveries"`
	Invoices   []billing.Document `json:"invoices"`
	Payments   []billing.Payment  `json:"payments"`
	// Balance is the customer's account with the seller.
	Balance billing.Statement `json:"balance"`

	charts string
}

// story is what is ordered, and what of it is short at first.
type story struct {
	// Cart is the first cart, Pasted the second as a text.
	Cart   []goods `json:"cart"`
	Pasted string  `json:"pasted"`
	// Scarce is the article of which one piece comes later, and which people
	// call so.
	Scarce catalog.SKU `json:"scarce"`
	Called string      `json:"called"`
}

// there is what can be shipped at once: all but one piece of the scarce article.
func (s story) there() []goods {
	out := slices.Clone(s.Cart)
	for i := range out {
		if out[i].SKU == s.Scarce {
			out[i].Quantity = out[i].Quantity.Sub(decimal.NewFromInt(1))
		}
	}
	return out
}

// piece is one of the scarce article.
func (s story) piece() []goods { return []goods{{s.Scarce, decimal.NewFromInt(1)}} }

func scenario(ctx context.Context, st store.Store, ch choice, say io.Writer) (State, error) {
	k, err := openCounter(ctx, st)
	if err != nil {
		return State{}, err
	}
	partners, products, err := load(ctx, k, ch.data)
	if err != nil {
		return State{}, err
	}
	var plot story
	if err := read(filepath.Join(ch.data, "story.json"), &plot); err != nil {
		return State{}, err
	}
	fmt.Fprintf(say, "Loaded %d partners and %d products\n", partners, products)

	kitchen, err := fillCarts(ctx, k, plot, say)
	if err != nil {
		return State{}, err
	}
	quote, err := handOver(ctx, k, kitchen, say)
	if err != nil {
		return State{}, err
	}
	receipt, second, err := orderTwice(ctx, k, kitchen, quote, say)
	if err != nil {
		return State{}, err
	}
	office, err := openOffice(ctx, k, ch.erp, plot, say)
	if err != nil {
		return State{}, err
	}
	defer office.close()
	if err := office.confirm(ctx, receipt.Order); err != nil {
		return State{}, err
	}
	if err := office.cash(ctx); err != nil {
		return State{}, err
	}
	state, err := office.state(ctx)
	state.Second = second
	return state, err
}

// fillCarts fills two named carts side by side: one line by line, the other
// from pasted text.
func fillCarts(ctx context.Context, k *comptoir.Counter, plot story, say io.Writer) (cart.Cart, error) {
	kitchen, err := named(ctx, k, "Kitchen Martin")
	if err != nil {
		return cart.Cart{}, err
	}
	for _, l := range plot.Cart {
		q, err := money.QuantityFromDecimal(l.Quantity)
		if err != nil {
			return cart.Cart{}, err
		}
		if kitchen, err = k.Carts.Put(ctx, odile, cart.PutInput{Cart: kitchen.ID, SKU: l.SKU, Quantity: q}); err != nil {
			return cart.Cart{}, err
		}
	}
	showroom, err := named(ctx, k, "Showroom kettles")
	if err != nil {
		return cart.Cart{}, err
	}
	if len(showroom.Lines) == 0 {
		quick, err := k.Carts.QuickOrder(ctx, odile, cart.QuickInput{Cart: showroom.ID, Text: plot.Pasted})
		if err != nil {
			return cart.Cart{}, err
		}
		showroom = quick.Cart
	}
	fmt.Fprintf(say, "\n%s filled two carts: %q (%d lines) and %q (%d lines)\n", odile.Name, kitchen.Name, len(kitchen.Lines), showroom.Name, len(showroom.Lines))
	return kitchen, nil
}

// named finds the designer's cart of that name or makes it.
func named(ctx context.Context, k *comptoir.Counter, name string) (cart.Cart, error) {
	page, err := k.Carts.Find(ctx, odile, cart.Query{Name: name})
	if err != nil {
		return cart.Cart{}, err
	}
	if len(page.Rows) == 0 {
		return k.Carts.Create(ctx, odile, cart.CreateInput{Name: name})
	}
	c, err := k.Carts.Get(ctx, odile, page.Rows[0].ID)
	if err != nil || c.Baton.HeldBy(odile) {
		return c, err
	}
	// A run before handed it over; its holder hands it back.
	return k.Carts.HandOver(ctx, bruno, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: odile.ID}})
}

// handOver prices the cart and gives it to the purchaser.
func handOver(ctx context.Context, k *comptoir.Counter, c cart.Cart, say io.Writer) (pricing.Quote, error) {
	priced, err := k.Carts.Recalculate(ctx, odile, cart.RecalculateInput{Cart: c.ID})
	if err != nil {
		return pricing.Quote{}, err
	}
	q := priced.Quote
	fmt.Fprintf(say, "%q costs %s net, %s with VAT; the offer holds until %s, seal %.12s…\n",
		c.Name, q.Net, q.Gross, q.Until.Format("2006-01-02 15:04"), q.Seal)
	_, err = k.Carts.HandOver(ctx, odile, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: bruno.ID}, Note: "please order"})
	fmt.Fprintf(say, "%s handed it over to %s\n", odile.Name, bruno.Name)
	return q, err
}

// orderTwice orders the same offer twice at once: one order comes of it.
func orderTwice(ctx context.Context, k *comptoir.Counter, c cart.Cart, q pricing.Quote, say io.Writer) (order.Receipt, string, error) {
	var wg sync.WaitGroup
	receipts, errs := make([]order.Receipt, 2), make([]error, 2)
	for i := range errs {
		wg.Go(func() {
			receipts[i], errs[i] = k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: c.ID, Seal: q.Seal, CustomerNo: "PO-4711"})
		})
	}
	wg.Wait()
	won := 0
	if errs[0] != nil {
		won = 1
	}
	var already *cart.AlreadyOrdered
	switch {
	case errs[won] != nil:
		return order.Receipt{}, "", errors.Join(errs...)
	case !errors.As(errs[1-won], &already):
		return order.Receipt{}, "", fmt.Errorf("the second order should have been refused, got %v", errs[1-won])
	}
	r := receipts[won]
	fmt.Fprintf(say, "\n%s pressed \"order\" twice at once: order %s, %s\n", bruno.Name, r.Ref, r.State)
	fmt.Fprintf(say, "the second press was told: %v\n", already)
	return r, already.Error(), nil
}
