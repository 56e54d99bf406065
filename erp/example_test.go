package erp_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/fault"
)

func exampleOrder(key string) erp.Order {
	return erp.Order{
		Key: key, Revision: 1, Reference: "FR10002527190474", Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		Lines: []erp.OrderLine{{
			Key: "L1", SKU: "00120", Quantity: decimal.New(2, 0), UnitPrice: decimal.New(4996, -2),
			TaxCategory: "S", TaxRate: decimal.New(20, 0), Net: decimal.New(9992, -2),
		}},
		Net: decimal.New(9992, -2), Tax: decimal.New(1998, -2), Gross: decimal.New(11990, -2),
	}
}

func ExampleNewClient() {
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	fmt.Println(client.Describe().Name, client.Describe().Keys, client.Supports(erp.OpRevise))
	// Output: memerp lookup_by_key true
}

func ExampleClient_EnsureOrder() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)

	books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	_, err := client.EnsureOrder(ctx, exampleOrder("K-1"))
	fmt.Println(fault.KindOf(err), "with", books.Count("K-1"), "document")

	r, err := client.EnsureOrder(ctx, exampleOrder("K-1"))
	fmt.Println(r.ID, r.State, err, "with", books.Count("K-1"), "document")
	// Output:
	// unknown_outcome with 1 document
	// 1 draft <nil> with 1 document
}

func ExampleClient_ResumeOrder() {
	client := erp.NewClient(memerp.New(&memerp.Options{Keys: memerp.NoKeys}).Adapter(), nil)
	_, err := client.ResumeOrder(context.Background(), exampleOrder("K-1"))
	var e *erp.Error
	fmt.Println(errors.As(err, &e) && e.Park, err)
	// Output: true erp.outcome_unknown: memerp push_order
}

func ExampleClient_PushOrder() {
	client := erp.NewClient(memerp.New(nil).Adapter(), nil)
	bad := exampleOrder("K 1")
	bad.Lines[0].UnitPrice = decimal.New(49960001, -6)
	bad.Gross = bad.Net
	_, err := client.PushOrder(context.Background(), bad)
	for _, issue := range fault.IssuesOf(err) {
		fmt.Println(issue.Path, issue.Code)
	}
	// Output:
	// key key.shape
	// lines[0].unit_price price.digits
	// gross gross.sum
}

func ExampleClient_FindOrder() {
	client := erp.NewClient(memerp.New(nil).Adapter(), nil)
	_, err := client.FindOrder(context.Background(), "K-1")
	fmt.Println(err, errors.Is(err, erp.ErrNotFound))
	// Output: erp.not_found: memerp find_order true
}

func ExampleClient_ReviseOrder() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	draft, _ := client.PushOrder(ctx, exampleOrder("K-1"))

	second := exampleOrder("K-1")
	second.Revision = 2
	r, err := client.ReviseOrder(ctx, draft.ID, second)
	fmt.Println(r.State, r.Revision, err)

	books.Confirm(draft.ID)
	second.Revision = 3
	r, err = client.ReviseOrder(ctx, draft.ID, second)
	fmt.Println(r.State, r.Revision, err) // nothing changed, and the ERP says so only here
	// Output:
	// draft 2 <nil>
	// confirmed 2 <nil>
}

func ExampleClient_CancelOrder() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	draft, _ := client.PushOrder(ctx, exampleOrder("K-1"))
	r, err := client.CancelOrder(ctx, draft.ID, "entered twice")
	fmt.Println(r.State, err)
	// Output: cancelled <nil>
}

func ExampleClient_AdvanceOrder() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	draft, _ := client.PushOrder(ctx, exampleOrder("K-1"))
	fmt.Printf("%q\n", draft.Number)
	r, err := client.AdvanceOrder(ctx, draft.ID, erp.StateConfirmed)
	fmt.Printf("%q %s %v\n", r.Number, r.State, err)
	// Output:
	// ""
	// "S00001" confirmed <nil>
}

func ExampleClient_Reset() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	books.Fail(erp.OpPing, 1, memerp.BadLogin)
	fmt.Println(client.Ping(ctx))
	fmt.Println(client.Ping(ctx)) // not sent any more
	client.Reset()
	fmt.Println(client.Ping(ctx), books.Calls(erp.OpPing), "calls")
	// Output:
	// erp.auth: memerp ping: login failed
	// erp.stopped: memerp ping: login failed
	// <nil> 2 calls
}

func ExampleReceipt_Drift() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	books.Fail(erp.OpPush, 1, memerp.Drift(decimal.New(5, -1)))
	r, _ := client.PushOrder(ctx, exampleOrder("K-1"))
	d, drifted := r.Drift(exampleOrder("K-1"))
	fmt.Println(drifted, d.Net.StringFixed(2), d.Tax.StringFixed(2), d.Gross.StringFixed(2))
	// Output: true 0.50 0.10 0.60
}

func ExampleNewError() {
	err := erp.NewError(erp.Rejected, erp.OpPush, "Unknown customer (password=hunter2)", nil)
	fmt.Println(err)
	fmt.Println(fault.KindOf(err), erp.ClassOf(err))
	// Output:
	// erp.rejected: push_order: Unknown customer (password=***)
	// precondition rejected
}
