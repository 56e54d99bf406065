package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

var onePage = uow.PageRequest{Limit: 100, Count: true}

func decimalOf(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

// cash is the order's way to money: two deliveries, two invoices, two
// payments, a return with its credit note.
func (of *office) cash(ctx context.Context) error {
	for _, step := range []func(context.Context) error{of.ask, of.deliver, of.payHere, of.deliverTheRest, of.payThere, of.takeBack, of.account} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ask lets the buyer ask and the ERP's people answer, on the order.
func (of *office) ask(ctx context.Context) error {
	doc := order.DocOf(of.order)
	if _, err := of.Orders.Post(ctx, bruno, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "When does the third oven come?"}}); err != nil {
		return err
	}
	if err := of.sync(ctx); err != nil {
		return err
	}
	of.books.Say(erp.Message{Kind: "order", Document: of.twin, Author: "Warehouse", Text: "Next week, with the next truck."})
	if err := of.sync(ctx); err != nil {
		return err
	}
	t, err := of.Orders.Thread(ctx, bruno, doc)
	if err != nil {
		return err
	}
	fmt.Fprintln(of.say)
	for _, m := range t.Messages {
		fmt.Fprintf(of.say, "%s wrote: %s\n", m.By.Name, m.Text)
	}
	return nil
}

// deliver ships what is in stock: two ovens of three.
func (of *office) deliver(ctx context.Context) error {
	fmt.Fprintln(of.say, "\nThe warehouse ships what is there")
	return of.ship(ctx, "Transports Bleus", "TB-10077")
}

// deliverTheRest ships the third oven.
func (of *office) deliverTheRest(ctx context.Context) error {
	fmt.Fprintln(of.say, "\nThe third oven has come in")
	of.books.SetStock("OV-6102", decimalOf(1), "")
	return of.ship(ctx, "Transports Bleus", "TB-10121")
}

// ship picks what is set aside and posts the invoice of it.
func (of *office) ship(ctx context.Context, carrier, tracking string) error {
	id, ok := of.books.Pick(of.twin)
	if !ok {
		return fmt.Errorf("nothing of order %s can be picked", of.twin)
	}
	of.books.Ship(id, carrier, tracking)
	of.post()
	if err := of.sync(ctx); err != nil {
		return err
	}
	return of.told(ctx)
}

// post gives the ERP's drafts their numbers.
func (of *office) post() {
	for _, draft := range of.books.Drafts(of.twin) {
		of.books.Post(draft)
	}
}

// told prints what the buyer sees of the order now, and the last document.
func (of *office) told(ctx context.Context) error {
	o, err := of.Orders.Get(ctx, bruno, of.order)
	if err != nil {
		return err
	}
	ds, err := of.Orders.Deliveries(ctx, bruno, of.order)
	if err != nil {
		return err
	}
	for _, d := range ds {
		fmt.Fprintf(of.say, "  %s %s: %s", d.Kind, d.Number, d.State)
		if d.Carrier != "" {
			fmt.Fprintf(of.say, ", %s %s", d.Carrier, d.Tracking)
		}
		fmt.Fprintln(of.say)
		for _, l := range d.Lines {
			fmt.Fprintf(of.say, "    %s × %s\n", l.Quantity, l.SKU)
		}
	}
	fmt.Fprintf(of.say, "Order %s: %s, %s, %s\n", o.Ref, o.Delivered(), o.Invoiced(), o.Paid())
	if len(o.Bills) == 0 {
		return nil
	}
	d, err := of.Billing.Get(ctx, bruno, o.Bills[len(o.Bills)-1].Document)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "\n%s", d.Text("en"))
	return nil
}

// payHere pays the first invoice on the portal: the accountant tells of the
// transfer, the seller sees the money, the relay books it in the ERP.
func (of *office) payHere(ctx context.Context) error {
	inv, err := of.lastInvoice(ctx)
	if err != nil {
		return err
	}
	p, err := of.Billing.Pay(ctx, clara, billing.PayInput{Amount: inv.Totals.Payable, Method: billing.Transfer, Reference: inv.Number,
		Invoices: []billing.PayFor{{Document: inv.ID}}})
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "\n%s told of a transfer of %s: %s, %s\n", clara.Name, p.Amount, p.Number, p.State)
	if p, err = of.Billing.Advance(ctx, vera, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Confirm}); err != nil {
		return err
	}
	fmt.Fprintf(of.say, "%s saw the money: %s\n", vera.Name, p.State)
	if err := of.sync(ctx); err != nil {
		return err
	}
	booked, err := of.client.FindPayment(ctx, erpsync.Key(of.Tenant, order.ID(p.ID)))
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "In the ERP: payment %s, %s\n", booked.Number, booked.State)
	return nil
}

// payThere pays the second invoice by a cheque that the ERP's people book; the
// portal learns of it.
func (of *office) payThere(ctx context.Context) error {
	inv, err := of.lastInvoice(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "\nThe bookkeeper books a cheque of %s for %s in the ERP\n", inv.Totals.Payable, inv.Number)
	amount := inv.Totals.Payable.Decimal()
	if _, err := of.books.Pay(erp.Payment{Customer: inv.Customer, Amount: amount, Currency: "EUR", Method: "cheque", Cheque: "0004711",
		Allocations: []erp.PaymentPart{{Invoice: inv.ERP.ID, Amount: amount}}}); err != nil {
		return err
	}
	if err := of.sync(ctx); err != nil {
		return err
	}
	o, err := of.Orders.Get(ctx, bruno, of.order)
	if err != nil {
		return err
	}
	fmt.Fprintf(of.say, "Order %s: %s, %s, %s\n", o.Ref, o.Delivered(), o.Invoiced(), o.Paid())
	return nil
}

// takeBack takes one oven back and credits it.
func (of *office) takeBack(ctx context.Context) error {
	fmt.Fprintln(of.say, "\nOne oven comes back, dented")
	doc, _ := of.books.Order(of.twin)
	if _, ok := of.books.Return(of.twin, "dented on arrival", erp.LineQuantity{Key: doc.Goods[0].Key, Quantity: decimalOf(1)}); !ok {
		return fmt.Errorf("the return of order %s was not taken", of.twin)
	}
	of.post()
	if err := of.sync(ctx); err != nil {
		return err
	}
	return of.told(ctx)
}

// lastInvoice is the invoice that came last.
func (of *office) lastInvoice(ctx context.Context) (billing.Document, error) {
	o, err := of.Orders.Get(ctx, vera, of.order)
	if err != nil {
		return billing.Document{}, err
	}
	if len(o.Bills) == 0 {
		return billing.Document{}, fmt.Errorf("order %s has no invoice", o.Ref)
	}
	return of.Billing.Get(ctx, vera, o.Bills[len(o.Bills)-1].Document)
}

// account prints the customer's statement.
func (of *office) account(ctx context.Context) error {
	st, err := of.statement(ctx)
	if err == nil {
		fmt.Fprintf(of.say, "\n%s", st.Text("en"))
	}
	return err
}

// statement is the account of the company that bought.
func (of *office) statement(ctx context.Context) (billing.Statement, error) {
	o, err := of.Orders.Get(ctx, clara, of.order)
	if err != nil {
		return billing.Statement{}, err
	}
	return of.Billing.Statement(ctx, clara, billing.StatementInput{Buyer: o.Customer.Counterparty.ID, Currency: money.EUR})
}

// state is everything that came of it.
func (of *office) state(ctx context.Context) (State, error) {
	o, err := of.Orders.Get(ctx, bruno, of.order)
	if err != nil {
		return State{}, err
	}
	s := State{Order: o, charts: "\nLife cycle of an order\n" + of.Orders.Life().Mermaid() +
		"\nLife cycle of a payment\n" + billing.DefaultPaymentLife().Mermaid()}
	if s.Deliveries, err = of.Orders.Deliveries(ctx, bruno, of.order); err != nil {
		return State{}, err
	}
	for _, b := range o.Bills {
		d, err := of.Billing.Get(ctx, clara, b.Document)
		if err != nil {
			return State{}, err
		}
		s.Invoices = append(s.Invoices, d)
		paid, err := of.Billing.FindPayments(ctx, clara, billing.PaymentQuery{Document: b.Document, Sort: billing.OldestFirst})
		if err != nil {
			return State{}, err
		}
		s.Payments = append(s.Payments, paid.Rows...)
	}
	if s.Balance, err = of.statement(ctx); err != nil {
		return State{}, err
	}
	carts, err := of.Carts.Find(ctx, bruno, cart.Query{})
	if err != nil {
		return State{}, err
	}
	s.Carts = carts.Rows
	s.ERP, err = of.client.FindOrder(ctx, erpsync.Key(of.Tenant, of.order))
	return s, err
}
