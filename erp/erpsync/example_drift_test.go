package erpsync_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// Somebody changes a price in the ERP. The comparison of the night names it.
func ExampleNewDrift() {
	ctx := context.Background()
	shop, orders, receipt := exampleShop()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	relay := erpsync.NewRelay("fr", shop.Queue(), erpsync.Books{Orders: orders}, client, &erpsync.Options{Now: exampleNow})
	_, err := orders.Advance(ctx, operator, order.AdvanceInput{Order: receipt.Order, On: order.Validate})
	must(err)
	_, err = relay.Step(ctx)
	must(err)
	puller := erpsync.NewPuller("fr", shop, erpsync.Books{Orders: orders}, client, &erpsync.PullOptions{Now: exampleNow})

	books.Edit("1", func(o *erp.Order) { o.Lines[0].UnitPrice = decimal.NewFromInt(650) })
	_, err = puller.Step(ctx)
	must(err)

	drift := erpsync.NewDrift("fr", shop, client, &erpsync.DriftOptions{Now: exampleNow})
	report, err := drift.Run(ctx)
	must(err)
	for _, d := range report.Differences {
		fmt.Println(d.Document, d.Name, d.Field, d.Cause, d.Ours, d.Theirs, d.Money)
	}
	_, err = drift.Last(ctx, buyer)
	fmt.Println(err)
	// Output:
	// order FR10002527260001 gross edited_by_hand 768.00 780.00 12.00 EUR
	// order FR10002527260001 net edited_by_hand 640.00 650.00 10.00 EUR
	// order FR10002527260001 tax edited_by_hand 128.00 130.00 2.00 EUR
	// access.forbidden: erp.drift needs a role that allows it
}

// Compare works on any two books, without a store and without an ERP.
func ExampleCompare() {
	gross := func(text string) []erpsync.Figure {
		return []erpsync.Figure{{Field: "amount", Value: decimal.RequireFromString(text), Money: true}}
	}
	ours := []erpsync.Holding{{Kind: erpsync.PaymentDoc, ID: "p-1", Twin: "77", Due: true, Currency: "EUR", Figures: gross("100.00")},
		{Kind: erpsync.PaymentDoc, ID: "p-2", Twin: "78", Due: true, Currency: "EUR", Figures: gross("5.00")}}
	theirs := []erpsync.Holding{{Kind: erpsync.PaymentDoc, ID: "77", Due: true, Figures: gross("99.50")}}
	for _, d := range erpsync.Compare(ours, theirs) {
		fmt.Println(d.ID, d.Fault, d.Field, d.Cause, d.Money)
	}
	// Output:
	// p-1 differs amount edited_by_hand -0.50 EUR
	// p-2 missing_there  lost_document
}
