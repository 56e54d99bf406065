package billing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/thread"
)

// Who issues is data: here the tenant's own invoices and credit notes, in
// series of their own; what does not fit together is told at once.
func ExampleNewService() {
	acme := billing.Seller{ID: "acme", Name: "Acme SAS", VATID: "FR87900123456"}
	s, err := billing.NewService(nil, nil, &billing.Options{
		Sellers: []billing.Seller{acme},
		Issuers: []billing.IssuerRule{{Seller: "acme", Issuer: billing.Here}},
		Series:  []billing.Series{{ID: "main", Seller: "acme", Kind: billing.Invoice, Pattern: "{year}-{month}-{seq:9}"}},
	})
	fmt.Println(err)
	for _, one := range s.Series("acme") {
		fmt.Println(one.Kind, one.Pattern)
	}
	_, err = billing.NewService(nil, nil, &billing.Options{Issuers: []billing.IssuerRule{{Issuer: billing.Here}}, DueDays: 9999})
	for _, i := range fault.IssuesOf(err) {
		fmt.Println(i)
	}
	// Output:
	// <nil>
	// invoice {year}-{month}-{seq:9}
	// credit_note CN-{year}-{seq:6}
	// sellers[0].name: is missing (required)
	// due_days: at most 3650 days, not 9999 (range)
}

// Three pieces at 33.33, delivered in two parts: the VAT of both invoices sums
// to that of the order, 20.00.
func ExampleService_Issue() {
	ctx := context.Background()
	s := newShop(exampleT{}, settings{})
	o := s.sold(buyer, "3 THIRD")

	first := s.ship(o.ID, "1")
	d, err := s.bills.Issue(ctx, operator, billing.IssueInput{Key: "delivery-1", Deliveries: []order.DeliveryID{first.ID}})
	fmt.Println(d.Number, d.Totals.Net, d.Totals.Tax, d.Totals.Gross, err)

	s.ship(o.ID)
	d, err = s.bills.Issue(ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
	fmt.Println(d.Number, d.Totals.Net, d.Totals.Tax, d.Totals.Gross, err)
	fmt.Println(d.Check())

	_, err = s.bills.Issue(ctx, operator, billing.IssueInput{Deliveries: []order.DeliveryID{first.ID}})
	fmt.Println(fault.CodeOf(err))
	// Output:
	// INV-2026-000001 33.33 EUR 6.67 EUR 40.00 EUR <nil>
	// INV-2026-000002 66.66 EUR 13.33 EUR 79.99 EUR <nil>
	// <nil>
	// billing.nothing_due
}

// A part of an invoice is credited, then the rest: together exactly the
// invoice.
func ExampleService_Credit() {
	ctx := context.Background()
	s := newShop(exampleT{}, settings{})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	inv := s.issued(o.ID)
	c, err := s.bills.Credit(ctx, operator, billing.CreditInput{Document: inv.ID, Reason: "damaged",
		Lines: []billing.CreditLine{{Line: "1", Quantity: money.QuantityOf(1)}}})
	fmt.Println(c.Number, "on", c.Corrects.Number, c.Totals.Gross, "set off", c.SetOff, err)
	c, err = s.bills.Credit(ctx, operator, billing.CreditInput{Document: inv.ID, Reason: "sent back"})
	fmt.Println(c.Number, "on", c.Corrects.Number, c.Totals.Gross, "set off", c.SetOff, err)
	fmt.Println(inv.Totals.Gross)
	// Output:
	// CN-2026-000001 on INV-2026-000001 40.00 EUR set off 40.00 EUR <nil>
	// CN-2026-000002 on INV-2026-000001 79.99 EUR set off 79.99 EUR <nil>
	// 119.99 EUR
}

// Goods leave and the invoice is made, in one transaction.
func ExampleService_AndInvoice() {
	s := newShop(exampleT{}, settings{})
	o := s.sold(buyer, "2 OVEN")
	d, made, err := s.bills.AndInvoice(context.Background(), operator, "monday-1", func(ctx context.Context, tx order.Tx) (order.ID, error) {
		parcel, err := s.orders.ShipTx(ctx, tx, operator, order.ShipInput{Order: o.ID, Carrier: "DHL", Tracking: "00340"})
		return parcel.Order, err
	})
	fmt.Println(made, d.Number, d.Totals.Gross, err)
	fmt.Println(s.get(o.ID).Delivered(), s.get(o.ID).Invoiced(), s.get(o.ID).Paid())
	// Output:
	// true INV-2026-000001 1536.00 EUR <nil>
	// delivered invoiced unpaid
}

// The ERP issues; its invoice is mirrored, its quantities stand on the order.
func ExampleService_ReportInvoice() {
	ctx := context.Background()
	s := newShop(exampleT{}, settings{bills: &billing.Options{Sellers: []billing.Seller{acme}}})
	o := s.sold(buyer, "3 THIRD")
	s.ship(o.ID)
	in := billing.InvoiceReport{Twin: order.Twin{ID: "4711", State: "posted", Sequence: 12}, Kind: billing.Invoice, Number: "2026/0815",
		Partner: "nord", Buyer: o.Customer.Counterparty, Issued: day("2026-11-22"), Due: day("2026-12-22"), Currency: money.EUR,
		Lines: []billing.Line{{Order: o.ID, OrderLine: o.Lines[0].ID, Name: "The third", Quantity: money.QuantityOf(3), Net: eur("99.99"),
			Category: "S", Rate: money.RateOf(20)}},
		Taxes:  []pricing.Tax{{Category: "S", Rate: money.RateOf(20), Base: eur("99.99"), Tax: eur("20.00")}},
		Totals: billing.Totals{Net: eur("99.99"), Tax: eur("20.00"), Gross: eur("119.99")},
	}
	d, err := s.bills.ReportInvoice(ctx, machine, in)
	fmt.Println(d.Number, d.Issuer, d.Left(), err)
	fmt.Println(s.get(o.ID).Invoiced())

	in.Twin.Sequence, in.Twin.State, in.Void = 13, "cancelled", true
	d, err = s.bills.ReportInvoice(ctx, machine, in)
	fmt.Println(d.Void, s.get(o.ID).Invoiced(), err)
	// Output:
	// 2026/0815 erp 119.99 EUR <nil>
	// invoiced
	// true not_invoiced <nil>
}

// The relay books a document of our own in the ERP and tells of its twin.
func ExampleService_ReportInvoiceTwin() {
	s, invoice := examplePaid()
	d, err := s.bills.ReportInvoiceTwin(context.Background(), machine, invoice.ID, order.Twin{ID: "4711", Number: "MOVE/7", State: "posted"})
	fmt.Println(d.Number, "is", d.ERP.Number, err)
	// Output: INV-2026-000001 is MOVE/7 <nil>
}

// What an actor may not see does not exist for it.
func ExampleService_Get() {
	s, invoice := examplePaid()
	d, err := s.bills.Get(context.Background(), buyer, invoice.ID)
	fmt.Println(d.Number, err)
	_, err = s.bills.Get(context.Background(), stranger, invoice.ID)
	fmt.Println(err)
	// Output:
	// INV-2026-000001 <nil>
	// billing.not_found: no such invoice or credit note
}

func ExampleService_GetByNumber() {
	s, _ := examplePaid()
	d, err := s.bills.GetByNumber(context.Background(), buyer, "acme", "INV-2026-000001")
	fmt.Println(d.Totals.Gross, err)
	// Output: 768.00 EUR <nil>
}

func ExampleService_GetByERP() {
	ctx := context.Background()
	s, invoice := examplePaid()
	_, err := s.bills.ReportInvoiceTwin(ctx, machine, invoice.ID, order.Twin{ID: "4711"})
	fmt.Println(err)
	d, err := s.bills.GetByERP(ctx, buyer, "4711")
	fmt.Println(d.Number, err)
	// Output:
	// <nil>
	// INV-2026-000001 <nil>
}

// What a customer has to pay, the first due first.
func ExampleService_Find() {
	s, _ := examplePaid()
	open := true
	page, err := s.bills.Find(context.Background(), buyer, billing.Query{Kind: billing.Invoice, Open: &open, Sort: billing.ByDue})
	for _, h := range page.Rows {
		fmt.Println(h.Number, h.Due, h.Left)
	}
	fmt.Println(err)
	// Output:
	// INV-2026-000001 2026-12-22 768.00 EUR
	// <nil>
}

// Both sides write on an invoice; internal messages stay on the seller's.
func ExampleService_Post() {
	ctx := context.Background()
	s, invoice := examplePaid()
	_, err := s.bills.Post(ctx, buyer, billing.PostInput{Document: invoice.ID, PostInput: thread.PostInput{Text: "Please name our order 77."}})
	fmt.Println(err)
	_, err = s.bills.Post(ctx, operator, billing.PostInput{Document: invoice.ID, PostInput: thread.PostInput{Text: "Third time.", Internal: true}})
	fmt.Println(err)
	t, _ := s.bills.Thread(ctx, buyer, invoice.ID)
	fmt.Println(len(t.Messages), t.Messages[0].Text)
	// Output:
	// <nil>
	// <nil>
	// 1 Please name our order 77.
}

func ExampleService_Thread() {
	s, invoice := examplePaid()
	t, err := s.bills.Thread(context.Background(), buyer, invoice.ID)
	fmt.Println(len(t.Messages), err)
	// Output: 0 <nil>
}

func ExampleService_MarkRead() {
	ctx := context.Background()
	s, invoice := examplePaid()
	_, err := s.bills.Post(ctx, operator, billing.PostInput{Document: invoice.ID, PostInput: thread.PostInput{Text: "Thank you."}})
	fmt.Println(err)
	t, err := s.bills.MarkRead(ctx, buyer, invoice.ID, "")
	fmt.Println(t.Unread(buyer), err)
	// Output:
	// <nil>
	// 0 <nil>
}

func ExampleService_ReportMessage() {
	s, invoice := examplePaid()
	m, err := s.bills.ReportMessage(context.Background(), machine, invoice.ID, thread.Incoming{ERP: "M-1", Author: "Ines", Text: "Sent by post."})
	fmt.Println(m.By.Name, m.Seller, err)
	// Output: Ines true <nil>
}

// A document holds itself against EN 16931 and names the rule that it breaks.
func ExampleDocument_Check() {
	_, d := examplePaid()
	fmt.Println(d.Check())
	d.Totals.Payable = eur("767.99")
	for _, i := range fault.IssuesOf(d.Check()) {
		fmt.Println(i)
	}
	// Output:
	// <nil>
	// totals.payable: is 767.99 EUR, not 768.00 EUR (BR-CO-16)
}

func ExampleDocument_Text() {
	s := newShop(exampleT{}, settings{})
	o := s.sold(buyer, "3 THIRD", "1 BOOK")
	s.ship(o.ID)
	fmt.Print(s.issued(o.ID).Text("en"))
	// Output:
	// Invoice INV-2026-000001
	// Issued             2026-11-22
	// Due                2026-12-22
	// Delivered          2026-11-22
	// Seller             Acme SAS, 900123456, FR87900123456
	//                    1 quai du Port, 33000 Bordeaux, FR
	// Buyer              Nord SARL, FR87900123456
	//                    12 rue des Tanneurs, 59000 Lille, FR
	// Customer           FR10002527
	// Ship to            Nord SARL, 12 rue des Tanneurs, 59000 Lille, FR
	// Order              FR10002527260001
	// --------------------------------------------------------------------------------
	// Article                                Quantity        Price     VAT         Net
	// --------------------------------------------------------------------------------
	// THIRD The third                               3        33.33    S 20       99.99
	// BOOK The book                                 1        12.34   S 5.5       12.34
	// --------------------------------------------------------------------------------
	// Lines                                                                 112.33 EUR
	// Net                                                                   112.33 EUR
	// VAT S 20 % on 99.99 EUR                                                20.00 EUR
	// VAT S 5.5 % on 12.34 EUR                                                0.68 EUR
	// Total with VAT                                                        133.01 EUR
	// To pay                                                                133.01 EUR
}
