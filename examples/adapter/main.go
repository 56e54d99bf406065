// Adapter shows the smallest ERP adapter worth copying, at work.
//
//	go run ./examples/adapter
//
// To connect an ERP of your own, copy four files and leave the rest:
//
//	wire.go     what the ERP's JSON looks like
//	map.go      its words for ours, numbers as text
//	http.go     one request: bounded, no redirects, every failure in its class
//	adapter.go  one method for each thing that the ERP can do
//
// Then write adapter_test.go: erptest holds the adapter to everything that
// callers rely on, and says by name what it could not try. The package erp
// explains the classes of errors; the one to get right is a write whose answer
// is lost (erp.Lost), because it must be looked up and never repeated blindly.
//
// An adapter has no retries, no rate limit, no circuit breaker and no
// validation. erp.Client adds them to any adapter.
//
// The ERP itself is faked (fake.go, people.go), so that this runs anywhere.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "adapter:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	books := &fake{token: "example-token"}
	server := httptest.NewServer(books.handler())
	defer server.Close()
	adapter := NewAdapter(server.URL, "example-token")
	defer adapter.http.CloseIdleConnections()
	client := erp.NewClient(adapter, &erp.Options{Now: time.Now, Rate: 50, Burst: 10})

	o := order("cart-42")
	for range 2 { // as often as it takes: one document
		r, err := client.EnsureOrder(ctx, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "order %s is the ERP's %s, %s\n", r.Key, r.ID, r.State)
	}

	two := decimal.NewFromInt(2) // the company's people: confirmed, 2 of 3 delivered
	if err := books.open("1"); err != nil {
		return err
	}
	if err := books.ship("1", map[string]decimal.Decimal{"L1": two}); err != nil {
		return err
	}
	if err := news(ctx, out, client); err != nil {
		return err
	}
	invoices, err := client.PullInvoices(ctx, nil, 1)
	if err != nil {
		return err
	}
	owed := invoices.Rows[0]
	paid, err := client.EnsurePayment(ctx, erp.Payment{Head: erp.Head{Key: "pay-7"}, State: erp.PaymentPosted, Customer: o.Customer, Date: o.Date,
		Amount: decimal.NewFromInt(50), Currency: o.Currency, Method: "transfer",
		Allocations: []erp.PaymentPart{{Invoice: owed.ID, Amount: decimal.NewFromInt(50)}}})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "payment %s of %s is the ERP's %s\n", paid.Key, paid.Gross.StringFixed(2), paid.ID)
	left, err := client.PullInvoices(ctx, invoices.Next, 10)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "invoice %s: %s left to pay\n", left.Rows[0].Number, left.Rows[0].Residual.StringFixed(2))
	return nil
}

// news prints what changed in the ERP. A real portal stores each page's cursor
// with what it did about the rows.
func news(ctx context.Context, out io.Writer, client *erp.Client) error {
	orders, err := client.PullOrders(ctx, nil, 100)
	if err != nil {
		return err
	}
	for _, o := range orders.Rows {
		fmt.Fprintf(out, "order %s is %s now, %s\n", o.Key, o.State, o.Number)
	}
	deliveries, err := client.PullDeliveries(ctx, nil, 100)
	if err != nil {
		return err
	}
	for _, d := range deliveries.Rows {
		fmt.Fprintf(out, "delivery %s: %s of %s\n", d.Number, text(d.Lines[0].Quantity), d.Lines[0].SKU)
	}
	invoices, err := client.PullInvoices(ctx, nil, 100)
	if err != nil {
		return err
	}
	for _, i := range invoices.Rows {
		fmt.Fprintf(out, "invoice %s: %s %s\n", i.Number, i.Totals.Gross.StringFixed(2), i.Currency)
	}
	return nil
}

func order(key string) erp.Order {
	d := decimal.RequireFromString
	return erp.Order{Key: key, Revision: 1, Reference: "FR10002601050042", Customer: "C0002", Currency: "EUR", Date: today,
		Lines: []erp.OrderLine{{Key: "L1", SKU: "00120", Text: "Worktop", Quantity: d("3"), Unit: "C62", UnitPrice: d("49.96"),
			TaxCategory: "S", TaxRate: d("20"), Net: d("149.88")}},
		Net: d("149.88"), Tax: d("29.98"), Gross: d("179.86")}
}
