package adapter

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// From the order to a payment. A portal has erpsync do all of this, which
// stores each page's cursor with what it did about the rows.
func Example() {
	books := memerp.New(nil)
	server := httptest.NewServer(serve(books))
	defer server.Close()
	client := erp.NewClient(New(server.URL, token), nil)
	ctx, d := context.Background(), decimal.RequireFromString

	o := erp.Order{Key: "cart-42", Revision: 1, Reference: "FR10002601050042", Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		Lines: []erp.OrderLine{{Key: "L1", SKU: "00120", Text: "Worktop", Quantity: d("3"), Unit: "C62", UnitPrice: d("49.96"),
			TaxCategory: "S", TaxRate: d("20"), Net: d("149.88")}},
		Net: d("149.88"), Tax: d("29.98"), Gross: d("179.86")}
	var order erp.Receipt
	for range 2 { // as often as it takes: one document
		order, _ = client.EnsureOrder(ctx, o)
		fmt.Println("order", order.Key, "is the ERP's", order.ID, order.State)
	}
	books.Confirm(order.ID) // the company's people: 2 of 3 leave
	books.Pick(order.ID, erp.LineQuantity{Key: "L1", Quantity: d("2")})
	books.Post(books.Drafts(order.ID)[0])

	invoices, _ := client.PullInvoices(ctx, nil, 100)
	owed := invoices.Rows[0]
	fmt.Println("invoice", owed.Number, "of", owed.Totals.Gross.StringFixed(2), owed.Currency)
	paid, err := client.EnsurePayment(ctx, erp.Payment{Head: erp.Head{Key: "pay-7"}, State: erp.PaymentPosted, Customer: o.Customer, Date: o.Date,
		Amount: d("50"), Currency: o.Currency, Method: "transfer", Allocations: []erp.PaymentPart{{Invoice: owed.ID, Amount: d("50")}}})
	fmt.Println("payment", paid.Key, "is the ERP's", paid.Number, err)
	news, _ := client.PullInvoices(ctx, invoices.Next, 100)
	fmt.Println(news.Rows[0].Residual.StringFixed(2), "left to pay")
	// Output:
	// order cart-42 is the ERP's 1 draft
	// order cart-42 is the ERP's 1 draft
	// invoice INV-00001 of 119.90 EUR
	// payment pay-7 is the ERP's PAY-00001 <nil>
	// 69.90 left to pay
}
