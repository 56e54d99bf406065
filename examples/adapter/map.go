package adapter

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Our words for the ERP's, and back. A word of the ERP's that is missing here
// is told as no state of ours, so that nothing is done about the document.

var (
	orderStates = map[string]erp.OrderState{
		"draft": erp.StateDraft, "open": erp.StateConfirmed, "closed": erp.StateDone, "void": erp.StateCancelled,
	}
	deliveryStates = map[string]erp.DeliveryState{"planned": erp.DeliveryPlanned, "done": erp.DeliveryDone, "void": erp.DeliveryCancelled}
	invoiceStates  = map[string]erp.InvoiceState{"posted": erp.InvoicePosted, "void": erp.InvoiceCancelled}
	paymentStates  = map[string]erp.PaymentState{
		"draft": erp.PaymentDraft, "posted": erp.PaymentPosted, "bounced": erp.PaymentFailed, "void": erp.PaymentCancelled,
	}
)

func orderState(word string) erp.OrderState {
	if s, ok := orderStates[word]; ok {
		return s
	}
	return erp.StateUnknown
}

func (h wireHead) head() erp.Head {
	return erp.Head{ID: h.ID, Key: h.Ref, Number: h.Number, Sequence: h.Change}
}

// toWire leaves out what this ERP has no field for: the invoice address and
// the tickets of repairs.
func toWire(o erp.Order) wireOrder {
	w := wireOrder{wireHead: wireHead{Ref: o.Key}, Revision: o.Revision, Customer: o.Customer, PO: o.CustomerOrderNo, Currency: o.Currency,
		Day: o.Date, ShipTo: o.ShipTo, Note: o.Note}
	for _, l := range o.Lines {
		w.Lines = append(w.Lines, wireLine{Ref: l.Key, SKU: l.SKU, Text: l.Text, Qty: text(l.Quantity), Unit: l.Unit, Price: text(l.UnitPrice),
			Per: text(l.PriceBase), Net: text(l.Net), Cat: l.TaxCategory, VAT: text(l.TaxRate)})
	}
	for _, d := range o.Discounts { // this ERP has no discounts: they travel as lines without an article
		w.Lines = append(w.Lines, wireLine{Ref: d.Key, Text: d.Text, Net: text(d.Amount), Cat: d.TaxCategory, VAT: text(d.TaxRate)})
	}
	return w
}

func (w wireOrder) receipt() (erp.Receipt, error) {
	var n numbers
	return erp.Receipt{ID: w.ID, Key: w.Ref, Number: w.Number, State: orderState(w.State), Revision: w.Revision,
		Version: fmt.Sprint(w.Change), Totals: n.totals(w.Sums)}, n.err
}

func (w wireOrder) change() (erp.OrderChange, error) {
	var n numbers
	o := erp.OrderChange{Head: w.head(), State: orderState(w.State), Revision: w.Revision, Totals: n.totals(w.Sums)}
	for _, l := range w.Lines {
		ordered := n.read(l.Qty)
		o.Lines = append(o.Lines, erp.LineChange{Key: l.Ref, Ordered: &ordered, Reserved: n.read(l.Reserved), Cancelled: n.read(l.Dropped)})
	}
	return o, n.err
}

func (w wireDelivery) neutral() (erp.Delivery, error) {
	var n numbers
	d := erp.Delivery{Head: w.head(), Order: w.Order, Return: w.Back, State: deliveryStates[w.State], Date: w.Day,
		Carrier: w.Carrier, Tracking: w.Tracking, BackOrderOf: w.RestOf, Reason: w.Reason}
	for _, l := range w.Lines {
		d.Lines = append(d.Lines, erp.DeliveryLine{Key: l.Ref, SKU: l.SKU, Quantity: n.read(l.Qty)})
	}
	return d, n.err
}

func (w wireInvoice) neutral() (erp.Invoice, error) {
	var n numbers
	open := n.read(w.Open)
	i := erp.Invoice{Head: w.head(), Credit: w.Credit, State: invoiceStates[w.State], Customer: w.Customer, Date: w.Day, Due: w.Due,
		Currency: w.Currency, Corrects: w.Corrects, Reason: w.Reason, Totals: *n.totals(&w.Sums), Residual: &open}
	for _, l := range w.Lines {
		if l.SKU == "" {
			i.Adjustments = append(i.Adjustments, erp.Discount{Key: l.Ref, Text: l.Text, Amount: n.read(l.Net), TaxCategory: l.Cat, TaxRate: n.read(l.VAT)})
			continue
		}
		i.Lines = append(i.Lines, erp.InvoiceLine{Order: w.Order, Key: l.Ref, SKU: l.SKU, Text: l.Text, Unit: l.Unit, Quantity: n.read(l.Qty),
			UnitPrice: n.read(l.Price), PriceBase: n.read(l.Per), Net: n.read(l.Net), TaxCategory: l.Cat, TaxRate: n.read(l.VAT)})
	}
	for _, v := range w.VAT {
		i.Taxes = append(i.Taxes, erp.InvoiceTax{Category: v.Cat, Rate: n.read(v.Rate), Base: n.read(v.Base), Tax: n.read(v.Tax)})
	}
	return i, n.err
}

func paymentToWire(p erp.Payment) wirePayment {
	w := wirePayment{wireHead: wireHead{Ref: p.Key}, Out: p.Refund, Customer: p.Customer, Currency: p.Currency, Day: p.Date,
		Amount: text(p.Amount), Method: p.Method, Cheque: p.Cheque, Text: p.Reference}
	for _, a := range p.Allocations {
		w.Pays = append(w.Pays, wirePart{a.Invoice, a.Number, text(a.Amount)})
	}
	return w
}

func (w wirePayment) neutral() (erp.Payment, error) {
	var n numbers
	p := erp.Payment{Head: w.head(), Refund: w.Out, State: paymentStates[w.State], Customer: w.Customer, Date: w.Day,
		Amount: n.read(w.Amount), Currency: w.Currency, Method: w.Method, Cheque: w.Cheque, Reference: w.Text}
	for _, a := range w.Pays {
		p.Allocations = append(p.Allocations, erp.PaymentPart{Invoice: a.Invoice, Number: a.Number, Amount: n.read(a.Amount)})
	}
	return p, n.err
}

func (w wirePayment) receipt() (erp.DocReceipt, error) {
	p, err := w.neutral()
	return erp.DocReceipt{ID: p.ID, Key: p.Key, Number: p.Number, State: string(p.State), Gross: &p.Amount}, err
}

// text writes a number with the digits it carries; decimal's own String
// depends on a variable of the whole process.
func text(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }

// numbers reads numbers, "" as zero, and keeps the first that is none. A few
// letters can stand for gigabytes of digits (1e999999999), so that exponents
// and long numbers are not even tried.
type numbers struct{ err error }

func (n *numbers) read(s string) decimal.Decimal {
	if s == "" {
		return decimal.Zero
	}
	err := fmt.Errorf("%.20q is no number", s)
	if len(s) <= 20 && !strings.ContainsAny(s, "eE") {
		var d decimal.Decimal
		if d, err = decimal.NewFromString(s); err == nil {
			return d
		}
	}
	if n.err == nil {
		n.err = err
	}
	return decimal.Zero
}

func (n *numbers) totals(w *wireSums) *erp.Totals {
	if w == nil {
		return nil
	}
	return &erp.Totals{Net: n.read(w.Net), Tax: n.read(w.Tax), Gross: n.read(w.Gross)}
}
