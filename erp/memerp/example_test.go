package memerp_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

func ExampleNew() {
	ctx := context.Background()
	books := memerp.New(nil)
	adapter := books.Adapter().(erp.OrderPusher)
	draft, err := adapter.PushOrder(ctx, order("K-1", 1))
	fmt.Printf("id %s, number %q, %s, %v\n", draft.ID, draft.Number, draft.State, err)

	books.Confirm(draft.ID) // the company's own people
	for _, d := range books.Orders() {
		fmt.Println(d.ID, d.Number, d.State, d.Totals.Gross.StringFixed(2))
	}
	// Output:
	// id 1, number "", draft, <nil>
	// 1 S00001 confirmed 50.40
}

func ExampleERP_Fail() {
	ctx := context.Background()
	books := memerp.New(nil)
	adapter := books.Adapter().(erp.OrderPusher)
	books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	books.Fail(erp.OpPush, 1, memerp.Refuse("The customer is blocked."))
	for _, key := range []string{"K-1", "K-2", "K-3"} {
		_, err := adapter.PushOrder(ctx, order(key, 1))
		fmt.Println(books.Count(key), err)
	}
	// Output:
	// 1 erp.outcome_unknown: push_order: connection reset by peer
	// 0 erp.rejected: push_order: The customer is blocked.
	// 1 <nil>
}

func ExampleERP_Cancel() {
	ctx := context.Background()
	books := memerp.New(nil)
	draft, _ := books.Adapter().(erp.OrderPusher).PushOrder(ctx, order("K-1", 1))
	books.Confirm(draft.ID)
	fmt.Println(books.Cancel(draft.ID, "out of stock"), books.Confirm(draft.ID))
	// Output: true false
}

// Two of three are there: they are delivered and invoiced, the third waits.
func ExampleERP_Pick() {
	ctx := context.Background()
	books := memerp.New(nil)
	books.SetStock("00120", dec("2"), "")
	draft, _ := books.Adapter().(erp.OrderPusher).PushOrder(ctx, order("K-1", 3))
	books.Confirm(draft.ID)
	books.Pick(draft.ID)
	for _, d := range books.Deliveries() {
		fmt.Println(d.Number, d.State, d.Lines[0].SKU, d.Lines[0].Quantity.StringFixed(0))
	}
	for _, id := range books.Drafts(draft.ID) {
		books.Post(id)
	}
	for _, i := range books.Invoices() {
		fmt.Println(i.Number, i.Totals.Gross.StringFixed(2))
	}
	// Output:
	// OUT/00001 done 00120 2
	// OUT/00002 planned 00120 1
	// INV-00001 90.76
}
