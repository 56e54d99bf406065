package order_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// What a pricer is told of a buyer who never ordered, and visited the fair.
func ExampleNewFacts() {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	shop, err := memstore.New(nil).For("fr")
	must(err)
	turnovers := pricing.NewTurnovers(uow.Narrow(shop, func(tx store.Tx) pricing.TurnoverTx { return tx }), nil)
	facts := order.NewFacts(turnovers, &order.FactsOptions{
		Attended: func(context.Context, cart.Tx, partner.Partner, time.Time) ([]string, error) {
			return []string{"FAIR-2026"}, nil
		},
	})
	// A service of carts asks it with cart.Options.Facts.
	must(shop.View(context.Background(), func(ctx context.Context, tx store.Tx) error {
		f, err := facts.FactsTx(ctx, tx, partner.Partner{ID: "nord"}, pricing.Asks{First: true, Attended: true}, at)
		fmt.Println(f.First, f.Attended, err)
		return err
	}))
	// Output:
	// true [FAIR-2026] <nil>
}

// Where what is delivered counts, every command that moves goods records it; an
// order from before the ledger was kept is recorded by hand, once.
func ExampleService_RecordTurnover() {
	ctx := context.Background()
	carts, orders, shop := exampleShopOf(&order.Options{Turnover: pricing.TurnoverDelivered})
	receipt := exampleNext(carts, orders, "Kitchen")
	_, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	must(err)
	_, err = orders.Ship(ctx, operator, order.ShipInput{Order: receipt.Order})
	must(err)

	turnovers := pricing.NewTurnovers(uow.Narrow(shop, func(tx store.Tx) pricing.TurnoverTx { return tx }), nil)
	page, err := turnovers.Find(ctx, operator, pricing.TurnoverSearch{Partner: "nord"})
	for _, e := range page.Rows {
		fmt.Println(e.Day, e.Document.Kind, e.Document.Number, e.Net)
	}
	fmt.Println(err)
	made, err := orders.RecordTurnover(ctx, machine, receipt.Order)
	fmt.Println(len(made), err)
	// Output:
	// 2026-11-22 delivery FR10002527260001-1 658.90 EUR
	// <nil>
	// 0 <nil>
}
