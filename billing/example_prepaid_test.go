package billing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/store"
)

// Money paid in advance is given to the invoice in the transaction that issues
// it: nobody sees the invoice unpaid.
func ExampleService_AllocateTx_prepaid() {
	s := newShop(exampleT{}, settings{})
	advance := s.arrived("100.00")
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	var inv billing.Document
	s.update(func(ctx context.Context, tx store.Tx) (err error) {
		inv, err = s.bills.IssueTx(ctx, tx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
		if err != nil {
			return err
		}
		_, err = s.bills.AllocateTx(ctx, tx, operator, billing.AllocateInput{Payment: advance.ID, Invoices: []billing.PayFor{{Document: inv.ID}}})
		return err
	})
	inv = s.doc(inv.ID)
	fmt.Println("payable", inv.Totals.Payable, "paid", inv.Paid, "left", inv.Left())
	// Output:
	// payable 119.99 EUR paid 100.00 EUR left 19.99 EUR
}
