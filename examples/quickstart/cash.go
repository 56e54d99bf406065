package main

import (
	"context"
	"fmt"

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

// cash is the order's way to money: two deliveries, two invoices, two
// payments, a return with its credit note.
func (of *office) cash(ctx context.Context) error {
	for _, step := range []func(context.Context) error{of.ask, of.deliver, of.payHere, of.deliverTheRest, of.payThere, of.takeBack, of.account, of.compare, of.health} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ask lets the buyer ask and, where the ERP tells of messages, its people answer,
// on the order.
func (of *office) ask(ctx context.Context) error {
	doc := order.DocOf(of.order)
	if _, err := of.Orders.Post(ctx, bruno, order.PostInput{Doc: doc, PostInput: thread.PostInput{Text: "When does the third " + of.plot.Called + " come?"}}); err != nil {
		return err
	}
	if err := of.sync(ctx); err != nil {
		return err
	}
	if of.client.Supports(erp.OpPullMessages) {
		if err := of.people.answer(ctx, of.twin, "Next week, with the next truck."); err != nil {
			return err
		}
		if err := of.sync(ctx); err != nil {
			return err
		}
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

// deliver ships what is there: two of the three pieces.
func (of *office) deliver(ctx context.Context) error {
	fmt.Fprintln(of.say, "\nThe warehouse ships what is there")
	return of.ship(ctx, of.plot.there(), "TB-10077")
}

// deliverTheRest ships the third piece.
func (of *office) deliverTheRest(ctx context.Context) error {
	fmt.Fprintf(of.say, "\nThe third %s has come in\n", of.plot.Called)
	if err := of.people.count(ctx, of.plot.Scarce, 1); err != nil {
		return err
	}
	return of.ship(ctx, of.plot.piece(), "TB-10121")
}

// ship lets the warehouse ship, and the bookkeeper post the invoice.
func (of *office) ship(ctx context.Context, what []goods, tracking string) error {
	if err := of.people.ship(ctx, of.twin, what, "Transports Bleus", tracking); err != nil {
		return err
	}
	if err := of.sync(ctx); err != nil {
		return err
	}
	return of.told(ctx)
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
	if err := of.people.pay(ctx, inv, "0004711"); err != nil {
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

// takeBack takes one piece back and credits it.
func (of *office) takeBack(ctx context.Context) error {
	fmt.Fprintf(of.say, "\nOne %s comes back, dented\n", of.plot.Called)
	if err := of.people.takeBack(ctx, of.twin, of.plot.piece(), "dented on arrival"); err != nil {
		return err
	}
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
