package erptest

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// What is said and paid on another document.

func messageDraft(s *scene) {
	s.need(erp.OpPushMessage, erp.OpPullMessages)
	m := s.message(1)
	r, err := s.client.PushMessage(s.ctx, m)
	s.must(string(erp.OpPushMessage), err)
	told := func(when string) {
		got := newest(s, r.ID, s.client.PullMessages, func(m erp.Message) erp.Head { return m.Head })[r.ID]
		if got.Kind != m.Kind || got.Document != m.Document {
			s.broken("%s it is told as on the %s %q, not the %s %q", when, got.Kind, got.Document, m.Kind, m.Document)
		}
	}
	told("on the draft")
	if s.Message == nil {
		s.confirm(m.Document, 101)
		told("on the confirmed order")
		if s.client.Supports(erp.OpPullOrders) {
			s.orderRow(m.Document)
		}
	}
}

func paymentPart(s *scene) {
	s.need(erp.OpPush, erp.OpPushPayment, erp.OpPullPayments, erp.OpPullInvoices)
	invoice := s.invoiced()
	switch {
	case invoice == nil:
		s.skip("the ERP makes no invoices of deliveries")
	case invoice.Residual == nil:
		s.skip("the ERP does not tell what is left to pay")
	}
	bills := feedOf(erp.Invoices, (*erp.Client).PullInvoices, func(i erp.Invoice) erp.Head { return i.Head })
	before, _ := s.end(bills)
	part := decimal.Min(decimal.NewFromInt(1), *invoice.Residual)
	p := s.payment(2)
	p.Customer, p.Currency, p.Amount = invoice.Customer, invoice.Currency, part
	p.Allocations = []erp.PaymentPart{{Invoice: invoice.ID, Amount: part}}
	r, err := s.client.PushPayment(s.ctx, p)
	s.must(string(erp.OpPushPayment), err)
	told := newest(s, r.ID, s.client.PullPayments, func(p erp.Payment) erp.Head { return p.Head })[r.ID]
	if told.State != erp.PaymentPosted {
		s.skip("a payment of ours waits for the ERP's people")
	}
	if len(told.Allocations) != 1 || !of(told.Allocations[0], invoice) || !told.Allocations[0].Amount.Equal(part) {
		s.broken("%s of the invoice %q were paid, and are told as %+v", part.StringFixed(4), invoice.ID, told.Allocations)
	}
	news := known{}
	if s.readOn(bills, before, 200, news, nil); news[invoice.ID].ID == "" {
		s.broken("that the invoice %q was paid in part is no change of it", invoice.ID)
	}
	after := newest(s, invoice.ID, s.client.PullInvoices, func(i erp.Invoice) erp.Head { return i.Head })[invoice.ID]
	if want := invoice.Residual.Sub(part); after.Residual == nil || !after.Residual.Equal(want) {
		s.broken("of the invoice %q %v are told as left, not %s", invoice.ID, after.Residual, want.StringFixed(4))
	}
}

func creditNote(s *scene) {
	s.need(erp.OpPushInvoice, erp.OpPullInvoices)
	first, err := s.client.PushInvoice(s.ctx, s.invoice(2))
	s.must(string(erp.OpPushInvoice), err)
	i := s.invoice(1)
	i.Credit, i.Corrects, i.Reason = true, first.ID, "sent back"
	r, err := s.client.PushInvoice(s.ctx, i)
	if erp.ClassOf(err) == erp.Rejected {
		return
	}
	s.must(string(erp.OpPushInvoice), err)
	if told := newest(s, r.ID, s.client.PullInvoices, func(i erp.Invoice) erp.Head { return i.Head })[r.ID]; !told.Credit || !told.Totals.Gross.Equal(i.Totals.Gross) {
		s.broken("a credit note of %s is told as one: %t, of %s", i.Totals.Gross.StringFixed(4), told.Credit, told.Totals.Gross.StringFixed(4))
	}
}

// of reports whether the part is one of the invoice.
func of(p erp.PaymentPart, i *erp.Invoice) bool {
	return p.Invoice == i.ID || p.Invoice == "" && p.Number == i.Number
}

// invoiced is the invoice of an order that has left, the highest where there are several, nil where the ERP makes none.
func (s *scene) invoiced() *erp.Invoice {
	s.Helper()
	if s.Deliver == nil {
		s.untried("the harness has no Deliver")
	}
	r := s.push(1)
	s.confirm(r.ID, 1)
	var all []erp.LineQuantity
	for _, l := range s.order(1, 1).Lines {
		all = append(all, erp.LineQuantity{Key: l.Key, Quantity: l.Quantity})
	}
	s.deliver(r.ID, all...)
	var highest *erp.Invoice
	for _, i := range newest(s, "", s.client.PullInvoices, func(i erp.Invoice) erp.Head { return i.Head }) {
		if i.State != erp.InvoicePosted || i.Credit || !slices.ContainsFunc(i.Lines, func(l erp.InvoiceLine) bool { return l.Order == r.ID }) {
			continue
		}
		if highest == nil || cmp.Or(i.Totals.Gross.Cmp(highest.Totals.Gross), cmp.Compare(highest.ID, i.ID)) > 0 {
			highest = &i
		}
	}
	return highest
}
