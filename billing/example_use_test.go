package billing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
)

// The ERP's credit note of 40.00 has 10.00 left there; no payment was made back,
// and so 30.00 were set off against the invoice.
func ExampleService_FollowUse() {
	ctx := context.Background()
	s := newShop(exampleT{}, settings{bills: &billing.Options{Sellers: []billing.Seller{acme}}})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	s.back(o.ID, "1")
	invoice, err := s.bills.ReportInvoice(ctx, machine, report(o, "E1", "3"))
	fmt.Println(invoice.Left(), err)
	in, rest := report(o, "C1", "1"), eur("10.00")
	in.Kind, in.Corrects, in.Reason, in.Residual = billing.CreditNote, "E1", "damaged", &rest
	credit, err := s.bills.ReportInvoice(ctx, machine, in)
	fmt.Println(credit.SetOff, err)
	credit, err = s.bills.FollowUse(ctx, machine, credit.ID)
	fmt.Println(credit.SetOff, s.doc(invoice.ID).Left(), err)
	// Output:
	// 119.99 EUR <nil>
	// 0.00 EUR <nil>
	// 30.00 EUR 89.99 EUR <nil>
}
