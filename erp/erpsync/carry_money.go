package erpsync

import (
	"cmp"
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// loadPayment reads a payment that is to be booked.
func loadPayment(id billing.PaymentID) load {
	return func(ctx context.Context, r *Relay) (cargo, string, error) {
		if err := r.books.needBilling(); err != nil {
			return cargo{}, "", err
		}
		p, err := r.books.Billing.GetPayment(ctx, r.actor, id)
		if err != nil {
			return cargo{}, "", err
		}
		if p.State != order.PaymentConfirmed {
			return cargo{}, "the payment is " + string(p.State), nil
		}
		doc, err := r.paymentDoc(ctx, p)
		if err != nil {
			return cargo{}, "", err
		}
		return cargo{push: erp.OpPushPayment, tag: r.books.paymentTag(r.actor, p),
			ensure:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.EnsurePayment(ctx, doc) },
			resume:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.ResumePayment(ctx, doc) },
			find:    func(ctx context.Context) (erp.DocReceipt, error) { return r.client.FindPayment(ctx, doc.Key) },
			differs: func(got erp.DocReceipt) string { return differs(got, p.Amount) },
		}, "", nil
	}
}

func differs(got erp.DocReceipt, ours money.Amount) string {
	if got.Gross == nil || got.Gross.Equal(ours.Decimal()) {
		return ""
	}
	return "the ERP holds " + got.Gross.StringFixed(max(0, -got.Gross.Exponent())) + " instead of " + ours.String()
}

// paymentDoc makes the ERP's document of a payment. An invoice of ours that is
// on its way there is waited for; to an ERP that takes none it is not named.
func (r *Relay) paymentDoc(ctx context.Context, p billing.Payment) (erp.Payment, error) {
	code, err := r.books.Billing.CustomerCode(ctx, r.actor, p.Partner, p.Buyer)
	if err != nil {
		return erp.Payment{}, err
	}
	doc := erp.Payment{Head: erp.Head{Key: Key(r.tenant, p.ID), Number: p.Number}, Refund: p.Direction == billing.Refund,
		State: erp.PaymentPosted, Customer: code, Date: p.Date.String(), Amount: p.Amount.Decimal(), Currency: p.Amount.Currency().Code(),
		Method: string(p.Method), Cheque: p.Cheque, Reference: p.Reference}
	for _, al := range p.Allocations {
		if al.Document == "" {
			continue // money of another payment that is paid back
		}
		d, err := r.books.Billing.Get(ctx, r.actor, al.Document)
		if err != nil {
			return erp.Payment{}, err
		}
		if d.ERP.ID == "" {
			if r.client.Supports(erp.OpPushInvoice) {
				return erp.Payment{}, &pending{note: "waits for " + d.Number + " to arrive there", within: r.o.MaxBackoff}
			}
			continue // an ERP that has not our invoices has the money on account
		}
		doc.Allocations = append(doc.Allocations, erp.PaymentPart{Invoice: d.ERP.ID, Number: d.Number, Amount: al.Amount.Decimal()})
	}
	return doc, nil
}

// loadInvoice reads an invoice or credit note of our own that is to be booked.
func loadInvoice(id billing.ID) load {
	return func(ctx context.Context, r *Relay) (cargo, string, error) {
		if err := r.books.needBilling(); err != nil {
			return cargo{}, "", err
		}
		d, err := r.books.Billing.Get(ctx, r.actor, id)
		if err != nil {
			return cargo{}, "", err
		}
		doc, err := r.invoiceDoc(ctx, d)
		if err != nil {
			return cargo{}, "", err
		}
		return cargo{push: erp.OpPushInvoice, tag: r.books.invoiceTag(r.actor, d),
			ensure:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.EnsureInvoice(ctx, doc) },
			resume:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.ResumeInvoice(ctx, doc) },
			find:    func(ctx context.Context) (erp.DocReceipt, error) { return r.client.FindInvoice(ctx, doc.Key) },
			differs: func(got erp.DocReceipt) string { return differs(got, d.Totals.Gross) },
		}, "", nil
	}
}

// invoiceDoc makes the ERP's document of an invoice of our own. Prices travel
// net; one that is stated gross travels as the line's net for its quantity.
func (r *Relay) invoiceDoc(ctx context.Context, d billing.Document) (erp.Invoice, error) {
	t := d.Totals
	doc := erp.Invoice{Head: erp.Head{Key: Key(r.tenant, d.ID), Number: d.Number}, Credit: d.Kind == billing.CreditNote, State: erp.InvoicePosted,
		Customer: cmp.Or(d.Buyer.Code, d.Customer), Seller: string(d.Seller.ID), Date: d.Issued.String(), Currency: d.Currency.Code(), Reason: d.Reason,
		Totals: erp.Totals{Net: t.Net.Decimal(), Tax: t.Tax.Decimal(), Gross: t.Gross.Decimal()}}
	if !d.Due.IsZero() {
		doc.Due = d.Due.String()
	}
	if d.Corrects != nil {
		inv, err := r.books.Billing.Get(ctx, r.actor, d.Corrects.Document)
		switch {
		case err != nil:
			return doc, err
		case inv.ERP.ID == "":
			return doc, &pending{note: "waits for " + inv.Number + " to arrive there", within: r.o.MaxBackoff}
		}
		doc.Corrects = inv.ERP.ID
	}
	twins := map[order.ID]string{}
	for _, l := range d.Lines {
		if _, known := twins[l.Order]; !known && l.Order != "" {
			o, err := r.books.Orders.Get(ctx, r.actor, l.Order)
			if err != nil && !errors.Is(err, order.ErrNotFound) {
				return doc, err
			}
			twins[l.Order] = o.ERP.ID
		}
		doc.Lines = append(doc.Lines, r.invoiceLine(l, twins[l.Order]))
	}
	for _, a := range d.Adjustments {
		doc.Adjustments = append(doc.Adjustments, erp.Discount{Code: a.Code, Text: a.Text, Amount: a.Amount.Decimal(),
			TaxCategory: string(a.Category), TaxRate: trim(a.Rate.Decimal())})
	}
	for _, x := range d.Taxes {
		doc.Taxes = append(doc.Taxes, erp.InvoiceTax{Category: string(x.Category), Rate: trim(x.Rate.Decimal()), Base: x.Base.Decimal(), Tax: x.Tax.Decimal()})
	}
	return doc, nil
}

func (r *Relay) invoiceLine(l billing.Line, twin string) erp.InvoiceLine {
	price, base := l.Net.Decimal(), l.Quantity.Decimal()
	// The net that the price gives for the quantity is not always the line's: a
	// stretch carries its part of the whole.
	whole := pricing.QuotedLine{Price: l.Price, Quantity: l.Quantity, Net: l.Net, Stated: l.Stated, Rate: l.Rate}
	if p, b, err := netPrice(whole); err == nil && !l.Price.IsNone() {
		price, base = p, b
	}
	out := erp.InvoiceLine{SKU: string(l.SKU), Text: l.Name, Unit: l.Unit, Quantity: trim(l.Quantity.Decimal()), UnitPrice: trim(price), PriceBase: trim(base),
		Net: l.Net.Decimal(), TaxCategory: string(l.Category), TaxRate: trim(l.Rate.Decimal())}
	if twin != "" && l.OrderLine != "" {
		out.Order, out.Key = twin, Key(r.tenant, l.OrderLine)
	}
	return out
}
