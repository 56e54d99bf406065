package billing_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// The month is in front, and the counter runs on over the months.
func ExampleSeries_Number() {
	s := billing.Series{ID: "web", Seller: "acme", Kind: billing.Invoice, Pattern: "{year}-{month}-{seq:9}"}
	fmt.Println(s.Number(partner.MustDate("2013-02-27"), 7))
	fmt.Println(s.Number(partner.MustDate("2013-03-01"), 8))
	// Output:
	// 2013-02-000000007 <nil>
	// 2013-03-000000008 <nil>
}

func ExampleSeries_Check() {
	fmt.Println(billing.Series{Pattern: "INV {seq:6}", Reset: billing.YearlyReset}.Check())
	// Output: billing.series: the series of numbers is not valid: pattern: "INV " holds what no number may: letters are A-Z, a-z, 0-9 and + - _ / (pattern.letters); reset: numbers would repeat each year: the pattern needs {year} or {yy} (reset.year)
}

// Somebody with access to the database changes an invoice that was issued.
func ExampleService_Verify() {
	ctx := context.Background()
	s, invoice := examplePaid()
	v, err := s.bills.Verify(ctx, operator, "acme", billing.InvoiceSeries)
	fmt.Println(v.Records, v.Broken == nil, err)

	s.update(func(ctx context.Context, tx store.Tx) error {
		d, err := tx.Invoices().Get(ctx, invoice.ID)
		if err != nil {
			return err
		}
		d.Lines[0].Name = "The stove"
		_, err = tx.Invoices().Save(ctx, d)
		return err
	})
	v, err = s.bills.Verify(ctx, operator, "acme", billing.InvoiceSeries)
	fmt.Println(v.Records, v.Broken.Position, v.Broken.Number, v.Broken.What, err)
	// Output:
	// 1 true <nil>
	// 0 1 INV-2026-000001 hash <nil>
}

// An archive is verified without a store.
func ExampleVerifyChain() {
	s, invoice := examplePaid()
	series := s.bills.Series("acme")[0]
	archive := []billing.Document{invoice}
	head := billing.Head{Position: 1, Counter: 1, Issued: invoice.Issued, Hash: invoice.Chain.Hash}
	fmt.Println(billing.VerifyChain(series, head, slices.Values(archive)).Broken == nil)

	archive[0].Note = "changed"
	fmt.Println(billing.VerifyChain(series, head, slices.Values(archive)).Broken.What)
	// Output:
	// true
	// hash
}
