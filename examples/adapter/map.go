package main

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Our words for the ERP's, and back.

var states = map[string]erp.OrderState{
	"draft": erp.StateDraft, "open": erp.StateConfirmed, "closed": erp.StateDone, "void": erp.StateCancelled,
}

func state(word string) erp.OrderState {
	if s, ok := states[word]; ok {
		return s
	}
	return erp.StateUnknown
}

func toWire(o erp.Order) wireOrder {
	w := wireOrder{Ref: o.Key, Revision: o.Revision, Customer: o.Customer, PO: o.CustomerOrderNo, Currency: o.Currency, Day: o.Date}
	for _, l := range o.Lines {
		per := l.PriceBase
		if per.IsZero() {
			per = decimal.NewFromInt(1)
		}
		w.Lines = append(w.Lines, wireLine{Ref: l.Key, SKU: l.SKU, Text: l.Text, Qty: text(l.Quantity), Price: text(l.UnitPrice),
			Per: text(per), Net: text(l.Net), VAT: text(l.TaxRate)})
	}
	for _, d := range o.Discounts { // this ERP has no discounts: they travel as lines without an article
		w.Lines = append(w.Lines, wireLine{Ref: d.Key, Text: d.Text, Qty: "1", Price: text(d.Amount), Per: "1", Net: text(d.Amount), VAT: text(d.TaxRate)})
	}
	return w
}

func (w wireOrder) receipt() erp.Receipt {
	return erp.Receipt{ID: w.ID, Key: w.Ref, Number: w.Number, State: state(w.State), Revision: w.Revision, Version: fmt.Sprint(w.Change)}
}

func (w wireOrder) change() (erp.OrderChange, error) {
	return erp.OrderChange{Head: erp.Head{ID: w.ID, Key: w.Ref, Number: w.Number, Sequence: w.Change}, State: state(w.State), Revision: w.Revision}, nil
}

// neutral leaves out lines without an article: they are no goods.
func (w wireDelivery) neutral() (erp.Delivery, error) {
	var n numbers
	d := erp.Delivery{Head: erp.Head{ID: w.ID, Number: w.Number, Sequence: w.Change}, Order: w.Order, State: erp.DeliveryDone, Date: w.Day}
	for _, l := range w.Lines {
		if l.SKU != "" {
			d.Lines = append(d.Lines, erp.DeliveryLine{Key: l.Ref, SKU: l.SKU, Quantity: n.read(l.Qty)})
		}
	}
	return d, n.err
}

func (w wireInvoice) neutral() (erp.Invoice, error) {
	var n numbers
	open := n.read(w.Open)
	i := erp.Invoice{Head: erp.Head{ID: w.ID, Number: w.Number, Sequence: w.Change}, State: erp.InvoicePosted, Customer: w.Customer, Date: w.Day,
		Currency: w.Currency, Totals: erp.Totals{Net: n.read(w.Net), Tax: n.read(w.Tax), Gross: n.read(w.Gross)}, Residual: &open}
	for _, l := range w.Lines {
		if l.SKU == "" {
			i.Adjustments = append(i.Adjustments, erp.Discount{Key: l.Ref, Text: l.Text, Amount: n.read(l.Net), TaxCategory: "S", TaxRate: n.read(l.VAT)})
			continue
		}
		i.Lines = append(i.Lines, erp.InvoiceLine{Order: w.Order, Key: l.Ref, SKU: l.SKU, Text: l.Text, Quantity: n.read(l.Qty), UnitPrice: n.read(l.Price),
			PriceBase: n.read(l.Per), Net: n.read(l.Net), TaxCategory: "S", TaxRate: n.read(l.VAT)})
	}
	for _, v := range w.VAT {
		i.Taxes = append(i.Taxes, erp.InvoiceTax{Category: "S", Rate: n.read(v.Rate), Base: n.read(v.Base), Tax: n.read(v.Tax)})
	}
	return i, n.err
}

func paymentToWire(p erp.Payment) wirePayment {
	w := wirePayment{Ref: p.Key, Customer: p.Customer, Currency: p.Currency, Day: p.Date, Amount: text(p.Amount), Text: p.Reference}
	for _, a := range p.Allocations {
		w.Pays = append(w.Pays, wirePart{Invoice: a.Invoice, Amount: text(a.Amount)})
	}
	return w
}

func (w wirePayment) receipt() (erp.DocReceipt, error) {
	var n numbers
	amount := n.read(w.Amount)
	return erp.DocReceipt{ID: w.ID, Key: w.Ref, State: string(erp.PaymentPosted), Gross: &amount}, n.err
}

// text writes a number with the digits it carries; decimal's own String
// depends on a variable of the whole process.
func text(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

// numbers reads numbers and keeps the first that is none. A few letters can
// stand for gigabytes of digits (1e999999999), so that exponents are refused.
type numbers struct{ err error }

func (n *numbers) read(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if len(s) > 20 || strings.ContainsAny(s, "eE") {
		err = fmt.Errorf("%.20q is no number", s)
	}
	if err != nil && n.err == nil {
		n.err = err
	}
	if err != nil {
		return decimal.Zero
	}
	return d
}
