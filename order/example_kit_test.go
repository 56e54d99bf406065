package order_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// The examples share one small shop: the partner "nord", for whom bruno buys,
// an oven at 640.00 EUR and a gasket at 9.45 EUR, 20 % tax. Its clock stands
// still and its ids count up, so that the outputs are the same every time.

// exampleShop opens the shop's store and its services.
func exampleShop() (*cart.Service, *order.Service) {
	carts, orders, _ := exampleShopOf(&order.Options{})
	return carts, orders
}

// exampleShopOf is exampleShop with options of its own, and the store.
func exampleShopOf(opts *order.Options) (*cart.Service, *order.Service, store.Tenanted) {
	now := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	n := 0
	newID := func() string { n++; return fmt.Sprintf("id-%d", n) }
	shop, err := memstore.New(&memstore.Options{Now: now}).For("fr")
	must(err)
	must(shop.Update(context.Background(), exampleStock))

	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	must(err)
	carts := cart.NewService(uow.Narrow(shop, func(tx store.Tx) cart.Tx { return tx }), pricing.NewListPricer(taxes, nil),
		&cart.Options{Now: now, NewID: newID, Currency: money.EUR})
	opts.Now, opts.NewID = now, newID
	return carts, order.NewService(uow.Narrow(shop, func(tx store.Tx) order.Tx { return tx }), carts, opts), shop
}

func exampleStock(ctx context.Context, tx store.Tx) error {
	home := partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"}
	if _, err := tx.Partners().Save(ctx, partner.Partner{ID: "nord", Number: "FR10002527", Name: "Studio Nord", Type: partner.Studio, Active: true,
		Counterparties: []partner.Counterparty{{ID: "legal", Name: "Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}}}); err != nil {
		return err
	}
	for _, p := range []catalog.Product{product("oven", "OV-1", "640.00"), product("gasket", "065612405", "9.45")} {
		if _, err := tx.Products().Save(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// exampleOffer fills a cart with one oven and two gaskets and prices it.
func exampleOffer(carts *cart.Service, name string) cart.Priced {
	ctx := context.Background()
	c, err := carts.Create(ctx, buyer, cart.CreateInput{Name: name})
	must(err)
	_, err = carts.Put(ctx, buyer, cart.PutInput{Cart: c.ID, SKU: "OV-1", Quantity: money.QuantityOf(1)})
	must(err)
	_, err = carts.Put(ctx, buyer, cart.PutInput{Cart: c.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
	must(err)
	offer, err := carts.Recalculate(ctx, buyer, cart.RecalculateInput{Cart: c.ID})
	must(err)
	return offer
}

// exampleOrder places such a cart.
func exampleOrder() (*order.Service, order.Receipt) {
	carts, orders := exampleShop()
	return orders, exampleNext(carts, orders, "Kitchen")
}

func exampleNext(carts *cart.Service, orders *order.Service, name string) order.Receipt {
	offer := exampleOffer(carts, name)
	receipt, err := orders.Place(context.Background(), buyer, order.PlaceInput{Cart: offer.Cart.ID, Seal: offer.Quote.Seal})
	must(err)
	return receipt
}

func must(err error) {
	if err != nil {
		log.Panic(err)
	}
}
