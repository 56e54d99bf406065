package erpsync_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// The puller brings what people did in the ERP: here a delivery. In a portal
// Run does this all day.
func ExampleNewPuller() {
	ctx := context.Background()
	shop, orders, receipt := exampleShop()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	relay := erpsync.NewRelay("fr", shop.Queue(), erpsync.Books{Orders: orders}, client, &erpsync.Options{Now: exampleNow})
	_, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	must(err)
	_, err = relay.Step(ctx)
	must(err)

	puller := erpsync.NewPuller("fr", shop, erpsync.Books{Orders: orders}, client, &erpsync.PullOptions{Now: exampleNow,
		Observe: func(p erpsync.Pulled) {
			if p.Rows > 0 {
				fmt.Println(p.Stream, p.Rows)
			}
		}})
	delivery, _ := books.Pick("1")
	books.Ship(delivery, "DPD", "0512")
	_, err = puller.Step(ctx)
	must(err)
	o, err := orders.Get(ctx, buyer, receipt.Order)
	must(err)
	ds, err := orders.Deliveries(ctx, buyer, receipt.Order)
	must(err)
	fmt.Println(o.Delivered(), ds[0].Number, ds[0].Carrier, ds[0].Tracking)
	// Output:
	// orders 1
	// deliveries 1
	// delivered OUT/00001 DPD 0512
}

// Of the ERP's customers the dealers become partners; suppliers do not.
func ExampleParties() {
	ctx := context.Background()
	shop, _, _ := exampleShop()
	books := memerp.New(nil)
	books.SaveParty(erp.Party{Code: "C0009", Name: "Sud SAS", VATID: "FR40303265045", Groups: []string{"Dealers"}, Active: true})
	books.SaveParty(erp.Party{Code: "S0001", Name: "Aciers SA", Groups: []string{"Suppliers"}, Active: true})
	partners := partner.NewService(uow.Narrow(shop, func(tx store.Tx) partner.Tx { return tx }), &partner.Options{Now: exampleNow})
	puller := erpsync.NewPuller("fr", shop, erpsync.Books{Partners: partners}, erp.NewClient(books.Adapter(), nil), &erpsync.PullOptions{Now: exampleNow,
		Parties: erpsync.Parties{Take: func(p erp.Party) bool { return slices.Contains(p.Groups, "Dealers") }}})
	_, err := puller.Step(ctx)
	must(err)
	for _, number := range []string{"C0009", "S0001"} {
		page, err := partners.Find(ctx, operator, partner.Query{Number: number})
		must(err)
		for _, h := range page.Rows {
			fmt.Println(h.Number, h.Name, h.Active)
		}
	}
	// Output: C0009 Sud SAS true
}

// A change that the books refuse waits for a person, and the stream goes on.
func ExampleNewParking() {
	ctx := context.Background()
	shop, orders, _ := exampleShop()
	books := memerp.New(nil)
	delivery := erp.Delivery{Head: erp.Head{ID: "7", Sequence: 1}, Order: "1", State: "lost", Lines: nil}
	adapter := oneDelivery{books.Adapter(), delivery}
	puller := erpsync.NewPuller("fr", shop, erpsync.Books{Orders: orders}, erp.NewClient(adapter, nil), &erpsync.PullOptions{Now: exampleNow})
	_, err := puller.Step(ctx)
	must(err)

	parking := erpsync.NewParking(puller, nil)
	list, _, err := parking.List(ctx, admin, "", 10)
	must(err)
	for _, k := range list {
		fmt.Println(k.ID, "waits for a", k.Awaits)
		fmt.Println(k.Cause)
		fmt.Println(parking.Drop(ctx, admin, k))
	}
	// Output:
	// deliveries/7 waits for a person
	// erp.invalid_document: the document does not fit the ERP or its sums are wrong: state: "lost" is no state of a delivery (state.unknown)
	// <nil>
}

// oneDelivery is an adapter that tells of one delivery.
type oneDelivery struct {
	erp.Adapter
	row erp.Delivery
}

func (a oneDelivery) PullDeliveries(_ context.Context, after erp.Cursor, _ int) (erp.Page[erp.Delivery], error) {
	if len(after) > 0 {
		return erp.Page[erp.Delivery]{Next: after}, nil
	}
	return erp.Page[erp.Delivery]{Rows: []erp.Delivery{a.row}, Next: erp.Cursor("1")}, nil
}
