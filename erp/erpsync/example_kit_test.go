package erpsync_test

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

// exampleNow is the clock of the examples; it stands still.
func exampleNow() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

// exampleShop opens a store with one partner and one product, and places an
// order of it.
func exampleShop() (store.Tenanted, *order.Service, order.Receipt) {
	ctx := context.Background()
	n := 0
	newID := func() string { n++; return fmt.Sprintf("id-%d", n) }
	shop, err := memstore.New(&memstore.Options{Now: exampleNow}).For("fr")
	must(err)
	home := partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"}
	must(shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Partners().Save(ctx, partner.Partner{ID: "nord", Number: "FR10002527", Name: "Studio Nord", Type: partner.Studio, Active: true,
			Counterparties: []partner.Counterparty{{ID: "legal", Name: "Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}}}); err != nil {
			return err
		}
		_, err := tx.Products().Save(ctx, catalog.Product{ID: "oven", SKU: "OV-1", Names: map[string]string{"en": "The oven"}, Unit: "C62", Tax: "standard",
			Online: true, Sale: catalog.SaleFree, Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice("640.00", money.EUR)}}}}})
		return err
	}))
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	must(err)
	carts := cart.NewService(uow.Narrow(shop, func(tx store.Tx) cart.Tx { return tx }), pricing.NewListPricer(taxes, nil),
		&cart.Options{Now: exampleNow, NewID: newID, Currency: money.EUR})
	orders := order.NewService(uow.Narrow(shop, func(tx store.Tx) order.Tx { return tx }), carts, &order.Options{Now: exampleNow, NewID: newID})

	c, err := carts.Create(ctx, buyer, cart.CreateInput{Name: "Kitchen"})
	must(err)
	_, err = carts.Put(ctx, buyer, cart.PutInput{Cart: c.ID, SKU: "OV-1", Quantity: money.QuantityOf(1)})
	must(err)
	offer, err := carts.Recalculate(ctx, buyer, cart.RecalculateInput{Cart: c.ID})
	must(err)
	receipt, err := orders.Place(ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: offer.Quote.Seal})
	must(err)
	return shop, orders, receipt
}

func must(err error) {
	if err != nil {
		log.Panic(err)
	}
}
