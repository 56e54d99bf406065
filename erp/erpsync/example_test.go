package erpsync_test

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// The relay pushes the order's draft when it is placed, and confirms it in the
// ERP when the seller has validated it. In a portal Run does this all day.
func ExampleNewRelay() {
	ctx := context.Background()
	shop, orders, receipt := exampleShop()
	books := memerp.New(nil)
	relay := erpsync.NewRelay("fr", shop.Queue(), erpsync.Books{Orders: orders}, erp.NewClient(books.Adapter(), nil), &erpsync.Options{Now: exampleNow,
		Observe: func(h erpsync.Handled) { fmt.Println(h.Verdict, "-", h.Note) }})

	if _, err := relay.Step(ctx); err != nil {
		fmt.Println(err)
	}
	if _, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate}); err != nil {
		fmt.Println(err)
	}
	if _, err := relay.Step(ctx); err != nil {
		fmt.Println(err)
	}
	o, err := orders.Get(ctx, operator, receipt.Order)
	fmt.Println(o.State, o.ERP.Number, err)
	fmt.Println(len(books.Orders()), "document")
	// Output:
	// done - the ERP holds the order: draft
	// done - the ERP holds the order: confirmed
	// confirmed S00001 <nil>
	// 1 document
}

// A refusal of the ERP waits for a person, who mends the cause and retries.
func ExampleNewLetters() {
	ctx := context.Background()
	shop, orders, receipt := exampleShop()
	books := memerp.New(nil)
	books.Fail(erp.OpPush, 1, memerp.Refuse("The customer is blocked."))
	relay := erpsync.NewRelay("fr", shop.Queue(), erpsync.Books{Orders: orders}, erp.NewClient(books.Adapter(), nil), &erpsync.Options{Now: exampleNow})
	step := func() {
		if _, err := relay.Step(ctx); err != nil {
			fmt.Println(err)
		}
		o, err := orders.Get(ctx, operator, receipt.Order)
		fmt.Printf("problem %q, %v\n", o.ERP.Problem, err)
	}
	step()

	letters := erpsync.NewLetters(shop.Queue(), erpsync.Books{Orders: orders}, nil)
	list, _, err := letters.List(ctx, admin, "", 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range list {
		fmt.Println(l.Cause)
		fmt.Println(letters.Retry(ctx, admin, l.ID))
	}
	step()
	// Output:
	// problem "erp.rejected: memerp push_order: The customer is blocked.", <nil>
	// erp.rejected: memerp push_order: The customer is blocked.
	// <nil>
	// problem "", <nil>
}

func ExampleKey() {
	fmt.Println(erpsync.Key("fr", "0192f0c1-7a4e-7b1e-9d33-5a1f00000001"))
	fmt.Println(erpsync.Key("fr", "order-1"))
	// Output:
	// 0192f0c17a4e7b1e9d335a1f00000001
	// KCI6PQAVQUHBDRZFJEZH2OTG7VFVB4P2U
}

func ExampleDocument() {
	_, orders, receipt := exampleShop()
	o, err := orders.Get(context.Background(), operator, receipt.Order)
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := erpsync.Document("fr", o, time.UTC)
	fmt.Println(doc.Reference, doc.Customer, doc.Date, doc.Gross.StringFixed(2), doc.Currency, err)
	for _, l := range doc.Lines {
		fmt.Println(l.SKU, l.Quantity, l.Unit, "at", l.UnitPrice, l.TaxCategory, l.TaxRate)
	}
	// Output:
	// FR10002527260001 FR10002527 2026-11-22 768.00 EUR <nil>
	// OV-1 1 C62 at 640 S 20
}
