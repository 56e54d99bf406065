package erpsync

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// ours makes holdings of our documents.
type ours struct {
	tenant access.Tenant
	client *erp.Client
	zone   *time.Location
}

// The states of the ERP that go with ours.
var (
	orderAgrees = map[order.State][]string{
		order.Draft: {"draft", "cancelled"}, order.Awaiting: {"draft"}, order.Validated: {"draft"}, order.Confirmed: {"confirmed"},
		order.Closed: {"confirmed", "done"}, order.Rejected: {"cancelled"}, order.Cancelled: {"cancelled"},
	}
	deliveryAgrees = map[order.DeliveryState][]string{order.Planned: {"planned"}, order.Shipped: {"done"}, order.Void: {"cancelled"}}
	paymentAgrees  = map[order.PaymentState][]string{
		order.PaymentAwaiting: {"draft"}, order.PaymentProcessing: {"draft"}, order.PaymentConfirmed: {"posted"},
		order.PaymentRefused: {"failed", "cancelled"}, order.PaymentCancelled: {"failed", "cancelled"}, order.PaymentError: {"draft", "failed"},
	}
)

// order is an order of ours. The ERP ought to hold it from where the relay would
// have brought it, and as long as it stands. Errors: those of money beyond its
// range.
func (r ours) order(o order.Order) (Holding, error) {
	doc, err := Document(r.tenant, o, r.zone)
	if err != nil {
		return Holding{}, err
	}
	h := Holding{Kind: OrderDoc, ID: string(o.ID), Twin: o.ERP.ID, Key: doc.Key, Name: string(o.Ref), State: string(o.State), Agrees: orderAgrees[o.State],
		Own: int64(o.Revision), Heard: o.ERP.Sequence, Hears: true, noted: o.ERP.At, Asks: true, Unread: o.ERP.ID == "", Ended: o.State == order.Rejected || o.State == order.Cancelled,
		Currency: doc.Currency, Amount: doc.Gross, Lists: []string{"ordered", "reserved", "cancelled"}}
	h.Due = o.ERP.ID != "" || r.client.Supports(erp.OpPush) &&
		(o.State == order.Validated || o.State == order.Awaiting && r.client.Supports(erp.OpRevise))
	switch l := o.ERP; {
	case l.Sent > l.Revision:
		h.Behind = fmt.Sprintf("the push of revision %d has been open since %s", l.Sent, l.SentAt.Format(time.RFC3339))
	case o.Revision > l.Revision:
		h.Behind = fmt.Sprintf("revision %d is not acknowledged, revision %d is", o.Revision, l.Revision)
	}
	if h.Behind != "" && o.ERP.Problem != "" {
		h.Behind += ": " + o.ERP.Problem
	}
	h.text("number", o.ERP.Number, false)
	h.Figures = append(h.Figures, Sums{doc.Net, doc.Tax, doc.Gross}.figures(true)...)
	for i, l := range o.Lines {
		key := doc.Lines[i].Key
		h.Figures = append(h.Figures, Figure{Line: key, Field: "ordered", Value: l.Quantity.Decimal(), Content: true},
			Figure{Line: key, Field: "reserved", Value: l.Goods.Reserved.Decimal()},
			Figure{Line: key, Field: "cancelled", Value: l.Goods.Cancelled.Decimal(), Wish: true})
	}
	for _, l := range doc.Lines {
		h.Calc = append(h.Calc, CalcLine{Quantity: l.Quantity, Price: l.UnitPrice, Base: l.PriceBase, Net: l.Net, Category: l.TaxCategory, Rate: l.TaxRate})
	}
	for _, d := range doc.Discounts {
		h.Calc = append(h.Calc, CalcLine{Net: d.Amount, Category: d.TaxCategory, Rate: d.TaxRate})
	}
	h.Billed, h.Invoices = billedSums(o), len(o.Bills)
	return h, nil
}

// billedSums are the sums of an order's invoices, nil unless they are for all of
// it and nothing was given up, sent back or credited.
func billedSums(o order.Order) *Sums {
	for _, l := range o.Lines {
		if l.Billed.Invoiced != l.Quantity || !l.Goods.Cancelled.IsZero() || !l.Goods.Returned.IsZero() || !l.Goods.Excess.IsZero() {
			return nil
		}
	}
	var s Sums
	for _, b := range o.Bills {
		if b.Credit {
			return nil
		}
		s.Net, s.Tax, s.Gross = s.Net.Add(b.Net.Decimal()), s.Tax.Add(b.Tax.Decimal()), s.Gross.Add(b.Gross.Decimal())
	}
	return &s
}

// delivery is one of the ERP's, as it came here; one that was made here has no
// twin and is not looked for.
func (r ours) delivery(d order.Delivery) Holding {
	h := Holding{Kind: DeliveryDoc, ID: string(d.ID), Twin: d.ERP.ID, Name: d.Number, Due: d.ERP.ID != "", Ended: d.State == order.Void,
		State: string(d.State), Agrees: deliveryAgrees[d.State], Heard: d.ERP.Sequence, Hears: true, noted: d.ERP.At, Lists: []string{"quantity"}}
	h.text("carrier", d.Carrier, false)
	h.text("tracking", d.Tracking, false)
	if !d.Date.IsZero() {
		h.text("date", d.Date.String(), false)
	}
	for _, l := range d.Lines {
		h.add(Figure{Line: Key(r.tenant, l.Line), Field: "quantity", Value: l.Quantity.Decimal()})
	}
	return h
}

// invoice is an invoice or credit note: a mirror, or one of our own that the ERP
// was told of, if it takes such.
func (r ours) invoice(d billing.Document) Holding {
	own := d.Issuer == billing.Here
	h := Holding{Kind: InvoiceDoc, ID: string(d.ID), Twin: d.ERP.ID, Name: d.Number, Ended: d.Void, State: "posted", Agrees: []string{"posted"},
		Heard: d.ERP.Sequence, Hears: true, noted: d.ERP.At, Unread: d.ERP.ID == "", Due: d.ERP.ID != "" || own && r.client.Supports(erp.OpPushInvoice),
		Currency: d.Currency.Code(), Amount: d.Totals.Gross.Decimal(), Minus: d.Kind == billing.CreditNote}
	if d.Void {
		h.State, h.Agrees = "cancelled", []string{"cancelled"}
	}
	if own {
		h.Key, h.Behind = Key(r.tenant, d.ID), behindTwin(d.ERP)
	}
	h.text("number", d.Number, own)
	h.text("customer", cmp.Or(d.Buyer.Code, d.Customer), own)
	h.text("date", d.Issued.String(), own)
	h.Figures = append(h.Figures, Sums{d.Totals.Net.Decimal(), d.Totals.Tax.Decimal(), d.Totals.Gross.Decimal()}.figures(own)...)
	if !own || d.SetOff.IsZero() { // of a set-off made here no ERP is told
		h.Figures = append(h.Figures, Figure{Field: "left", Value: d.Left().Decimal(), Money: true})
	}
	if !own {
		h.Lists = []string{"quantity", "net"}
		for _, l := range d.Lines {
			key := string(l.SKU)
			if l.OrderLine != "" {
				key = Key(r.tenant, l.OrderLine)
			}
			h.add(Figure{Line: cmp.Or(key, l.Name), Field: "quantity", Value: l.Quantity.Decimal()})
			h.add(Figure{Line: cmp.Or(key, l.Name), Field: "net", Value: l.Net.Decimal(), Money: true})
		}
	}
	for _, l := range d.Lines {
		h.Calc = append(h.Calc, CalcLine{Quantity: l.Quantity.Decimal(), Price: l.Price.Decimal(), Base: l.Price.Base().Decimal(), Net: l.Net.Decimal(),
			Category: string(l.Category), Rate: l.Rate.Decimal()})
	}
	for _, a := range d.Adjustments {
		h.Calc = append(h.Calc, CalcLine{Net: a.Amount.Decimal(), Category: string(a.Category), Rate: a.Rate.Decimal()})
	}
	return h
}

// behindTwin says why the ERP may not hold a document of ours as it is.
func behindTwin(t order.Twin) string {
	switch {
	case t.ID != "":
		return ""
	case t.Problem != "":
		return t.Problem
	case !t.SentAt.IsZero():
		return "its push has been open since " + t.SentAt.Format(time.RFC3339)
	}
	return "it has not been pushed yet"
}

// payment is one of ours, which the ERP ought to hold from its confirmation, if
// it takes payments, or a mirror.
func (r ours) payment(p billing.Payment) Holding {
	mirror := p.Mirror()
	h := Holding{Kind: PaymentDoc, ID: string(p.ID), Twin: p.ERP.ID, Name: p.Number, State: string(p.State), Agrees: paymentAgrees[p.State],
		Ended: p.State == order.PaymentRefused || p.State == order.PaymentCancelled, Heard: p.ERP.Sequence, Hears: true, noted: p.ERP.At, Minus: p.Direction == billing.Refund, Unread: p.ERP.ID == "",
		Due:      p.ERP.ID != "" || p.State == order.PaymentConfirmed && r.client.Supports(erp.OpPushPayment),
		Currency: p.Amount.Currency().Code(), Amount: p.Amount.Decimal(), Lists: []string{"allocated"}}
	if !mirror {
		h.Key, h.Behind = Key(r.tenant, p.ID), behindTwin(p.ERP)
	}
	h.text("direction", string(p.Direction), !mirror)
	h.Figures = append(h.Figures, Figure{Field: "amount", Value: p.Amount.Decimal(), Money: true, Content: !mirror})
	for _, al := range slices.Concat(p.Allocations, p.Pending) {
		if al.Document != "" {
			h.add(Figure{Line: al.Number, Field: "allocated", Value: al.Amount.Decimal(), Money: true, Content: !mirror})
		}
	}
	return h
}

// sign is how a document counts in the sums of its kind.
func sign(credit bool) decimal.Decimal {
	if credit {
		return decimal.NewFromInt(-1)
	}
	return decimal.NewFromInt(1)
}

// total is an amount in the sums of a report.
func total(d decimal.Decimal, code string) (money.Amount, bool) {
	cur, err := money.ParseCurrency(code)
	if err != nil {
		return money.Amount{}, false
	}
	a := amount(d, cur)
	return a, !a.IsNone()
}
