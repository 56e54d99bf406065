package billing_test

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// One payment over an invoice, told of by the customer and confirmed by the
// seller; what is too much is credit owed.
func ExampleService_Pay() {
	ctx := context.Background()
	s, invoice := examplePaid()
	p, err := s.bills.Pay(ctx, buyer, billing.PayInput{Amount: eur("800.00"), Method: billing.Transfer, Reference: "INV-2026-000001",
		Invoices: []billing.PayFor{{Document: invoice.ID}}})
	fmt.Println(p.Number, p.State, p.Allocations[0].Amount, err)
	p, err = s.bills.Advance(ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	fmt.Println(p.State, p.Rest(), s.doc(invoice.ID).Left(), err)

	_, err = s.bills.Pay(ctx, buyer, billing.PayInput{Amount: eur("1.00"), Method: billing.Cheque})
	fmt.Println(fault.IssuesOf(err)[0])
	// Output:
	// P-2026-000001 awaiting 768.00 EUR <nil>
	// confirmed 32.00 EUR 0.00 EUR <nil>
	// cheque: a cheque needs its number (billing.cheque_number)
}

// A payment bounces: what it settled is open again.
func ExampleService_Advance() {
	s, invoice := examplePaid()
	p := s.arrived("768.00", invoice)
	p, err := s.bills.Advance(context.Background(), operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Refuse, Reason: "no cover"})
	fmt.Println(p.State, s.doc(invoice.ID).Left(), err)
	// Output: refused 768.00 EUR <nil>
}

// Money that came before the invoice is allocated later, and taken back when
// it was meant for another.
func ExampleService_Allocate() {
	s, invoice := examplePaid()
	p := s.arrived("1000.00")
	p, err := s.bills.Allocate(context.Background(), operator, billing.AllocateInput{Payment: p.ID, Invoices: []billing.PayFor{{Document: invoice.ID}}})
	fmt.Println(p.Allocations[0].Amount, p.Rest(), err)
	// Output: 768.00 EUR 232.00 EUR <nil>
}

func ExampleService_Unallocate() {
	s, invoice := examplePaid()
	p := s.arrived("1000.00", invoice)
	p, err := s.bills.Unallocate(context.Background(), operator, billing.UnallocateInput{Payment: p.ID, Document: invoice.ID, Reason: "meant for another"})
	fmt.Println(p.Rest(), s.doc(invoice.ID).Left(), err)
	// Output: 1000.00 EUR 768.00 EUR <nil>
}

// The credit note on a paid invoice pays the next one.
func ExampleService_SetOff() {
	s, invoice := examplePaid()
	s.arrived("768.00", invoice)
	credit, next := s.credited(invoice.ID), s.bought("1 GASKET")
	credit, err := s.bills.SetOff(context.Background(), operator, billing.SetOffInput{Credit: credit.ID, Invoice: next.ID})
	fmt.Println(credit.SetOff, credit.Left(), s.doc(next.ID).Left(), err)
	// Output: 11.34 EUR 756.66 EUR 0.00 EUR <nil>
}

// What is promised to be paid back cannot be used for anything else.
func ExampleService_Refund() {
	ctx := context.Background()
	s, invoice := examplePaid()
	s.arrived("768.00", invoice)
	credit := s.credited(invoice.ID)
	in := billing.RefundInput{Document: credit.ID, Method: billing.Transfer, Reason: "returned"}
	p, err := s.bills.Refund(ctx, operator, in)
	fmt.Println(p.Direction, p.State, p.Amount, err)
	_, err = s.bills.Refund(ctx, operator, in)
	fmt.Println(fault.CodeOf(err))
	p, err = s.bills.Advance(ctx, operator, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm})
	fmt.Println(p.State, s.doc(credit.ID).Left(), err)
	// Output:
	// refund awaiting 768.00 EUR <nil>
	// billing.left
	// confirmed 0.00 EUR <nil>
}

// A payment that the ERP booked; when its invoice has not arrived yet, the
// change can be parked.
func ExampleService_ReportPayment() {
	ctx := context.Background()
	s, invoice := examplePaid()
	in := billing.PaymentReport{Twin: order.Twin{ID: "4711", Number: "BNK1/2026/0007", Sequence: 3}, Direction: billing.Incoming, State: order.PaymentConfirmed,
		Partner: "nord", Amount: eur("768.00"), Date: day("2026-11-22"), Allocations: []billing.AllocationReport{{Number: invoice.Number, Amount: eur("768.00")}}}
	p, err := s.bills.ReportPayment(ctx, machine, in)
	fmt.Println(p.Number, p.State, s.doc(invoice.ID).Left(), err)
	in.Twin.ID, in.Allocations[0].Number = "4712", "F-9"
	_, err = s.bills.ReportPayment(ctx, machine, in)
	fmt.Println(err)
	// Output:
	// BNK1/2026/0007 confirmed 0.00 EUR <nil>
	// billing.awaits: F-9 is not here yet
}

func ExampleService_ReportPaymentTwin() {
	s, _ := examplePaid()
	p := s.arrived("5.00")
	p, err := s.bills.ReportPaymentTwin(context.Background(), machine, p.ID, order.Twin{ID: "4711", Number: "BNK1/2026/0007", State: "posted"})
	fmt.Println(p.ERP.Number, p.ERP.State, err)
	// Output: BNK1/2026/0007 posted <nil>
}

func ExampleService_GetPayment() {
	s, _ := examplePaid()
	p := s.paid("5.00")
	got, err := s.bills.GetPayment(context.Background(), accountant, p.ID)
	fmt.Println(got.Number, got.Amount, err)
	_, err = s.bills.GetPayment(context.Background(), stranger, p.ID)
	fmt.Println(err)
	// Output:
	// P-2026-000001 5.00 EUR <nil>
	// billing.no_payment: no such payment
}

func ExampleService_FindPayments() {
	s, invoice := examplePaid()
	s.paid("5.00")
	s.arrived("7.00", invoice)
	page, err := s.bills.FindPayments(context.Background(), buyer, billing.PaymentQuery{States: []order.PaymentState{order.PaymentConfirmed}})
	fmt.Println(len(page.Rows), page.Rows[0].Amount, err)
	// Output: 1 7.00 EUR <nil>
}

// The buttons of a portal.
func ExampleService_AllowedPayment() {
	s, _ := examplePaid()
	p := s.paid("5.00")
	options, err := s.bills.AllowedPayment(context.Background(), buyer, p.ID)
	for _, o := range options {
		fmt.Println(o.On, o.To, o.Ready, err)
	}
	// Output: cancel cancelled true <nil>
}

func ExampleService_Statement() {
	s, invoice := examplePaid()
	s.arrived("500.00", invoice)
	st, err := s.bills.Statement(context.Background(), accountant, billing.StatementInput{Currency: money.EUR})
	for _, r := range st.Rows {
		fmt.Printf("%s %-7s %s %7s %7s %7s\n", r.Date, r.Kind, r.Number, r.Ours.Debit.Text(), r.Ours.Credit.Text(), r.Balance.Text())
	}
	fmt.Println(st.Closing, st.Ageing.NotDue, st.Credit.Owed, err)
	// Output:
	// 2026-11-22 invoice INV-2026-000001  768.00    0.00  768.00
	// 2026-11-22 payment P-2026-000001    0.00  500.00  268.00
	// 268.00 EUR 268.00 EUR 0.00 EUR <nil>
}

func ExampleStatement_Text() {
	s, invoice := examplePaid()
	s.arrived("768.00", invoice)
	st, err := s.bills.Statement(context.Background(), accountant, billing.StatementInput{Currency: money.EUR})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(st.Text("en")[:43])
	// Output: Statement of account and reconciliation act
}

// exampleT lets the shop of the tests run in an example.
type exampleT struct{}

func (exampleT) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (exampleT) FailNow()                          { panic("failed") }
func (exampleT) Helper()                           {}
func (exampleT) Cleanup(func())                    {}

// examplePaid is a shop with an invoice over an oven, 768.00 EUR with VAT.
func examplePaid() (*shop, billing.Document) {
	s := newShop(exampleT{}, settings{})
	return s, s.bought("1 OVEN")
}

// The code by which the ERP knows who pays.
func ExampleService_CustomerCode() {
	s, invoice := examplePaid()
	code, err := s.bills.CustomerCode(context.Background(), operator, invoice.Partner, invoice.Buyer.ID)
	fmt.Println(code, err)
	// Output: FR10002527 <nil>
}
