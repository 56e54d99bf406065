package erp_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// A stream is read page by page, from a cursor that is stored with what was
// done about the rows.
func ExampleClient_PullDeliveries() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	r, _ := client.EnsureOrder(ctx, small("cart-42"))
	books.Confirm(r.ID)
	books.Pick(r.ID, erp.LineQuantity{Key: "L1", Quantity: dec("1")})

	var cursor erp.Cursor
	for {
		page, err := client.PullDeliveries(ctx, cursor, 1)
		if err != nil {
			fmt.Println(erp.ClassOf(err))
			return
		}
		for _, d := range page.Rows {
			fmt.Printf("%s %s %s:%s, rest of %q\n", d.Number, d.State, d.Lines[0].Key, d.Lines[0].Quantity.StringFixed(0), d.BackOrderOf)
		}
		if cursor = page.Next; !page.More {
			break
		}
	}
	// Output:
	// OUT/00001 done L1:1, rest of ""
	// OUT/00002 planned L1:1, rest of "OUT/00001"
}

// A payment whose answer is lost is one payment all the same.
func ExampleClient_EnsurePayment() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	payment := erp.Payment{Head: erp.Head{Key: "pay-7"}, State: erp.PaymentPosted, Customer: "C0002", Date: "2026-01-05",
		Amount: dec("100.00"), Currency: "EUR", Method: "transfer"}
	books.Fail(erp.OpPushPayment, 1, memerp.AnswerLost)
	for range 2 {
		r, err := client.EnsurePayment(ctx, payment)
		fmt.Println(r.Number, erp.ClassOf(err), len(books.Payments()))
	}
	// Output:
	//  outcome_unknown 1
	// PAY-00001  1
}

func ExampleHas() {
	adapter := memerp.New(&memerp.Options{Without: []erp.Op{erp.OpPullStock}}).Adapter()
	fmt.Println(erp.Has(adapter, erp.OpPullOrders), erp.Has(adapter, erp.OpPullStock))
	// Output: true false
}

// What the list does not name any more was deleted.
func ExampleClient_ListIDs() {
	ctx := context.Background()
	books := memerp.New(nil)
	client := erp.NewClient(books.Adapter(), nil)
	for _, sku := range []string{"A", "B", "C"} {
		books.SaveProduct(erp.Product{SKU: sku, Active: true})
	}
	page, _ := client.PullProducts(ctx, nil, 10)
	known := map[string]string{}
	for _, p := range page.Rows {
		known[p.ID] = p.SKU
	}
	books.Delete(erp.Products, "2")

	var cursor erp.Cursor
	for {
		list, err := client.ListIDs(ctx, erp.Products, cursor, 1)
		if err != nil {
			fmt.Println(erp.ClassOf(err))
			return
		}
		for _, id := range list.Rows {
			delete(known, id)
		}
		if cursor = list.Next; !list.More {
			break
		}
	}
	fmt.Println("gone:", known)
	// Output: gone: map[2:B]
}
