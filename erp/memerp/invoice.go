package memerp

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// bill is an invoice or credit note as the ERP keeps it; a draft has no number
// and is not told of.
type bill struct {
	doc   erp.Invoice
	order *Document // nil for one that was pushed
	draft bool
	paid  decimal.Decimal
	// What credit notes took so far: of each line, and of each adjustment.
	back   []decimal.Decimal
	backed []decimal.Decimal
}

// billed is what the invoices of an order took of it so far.
type billed struct {
	discounts []decimal.Decimal
	whole     bool
}

// Drafts returns the ids of the order's invoices and credit notes that are not
// posted yet, oldest first.
func (e *ERP) Drafts(order string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ids []string
	for _, b := range e.bills {
		if b.draft && b.order != nil && b.order.ID == order {
			ids = append(ids, b.doc.ID)
		}
	}
	return ids
}

// Post gives a draft its number and day. A credit note waits for the invoice
// that it corrects. It reports whether the document is posted now.
func (e *ERP) Post(invoice string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	b := at(e.o.Start, e.bills, invoice)
	if b == nil || b.doc.State == erp.InvoiceCancelled {
		return false
	}
	if !b.draft {
		return true
	}
	series := "INV-%05d"
	if b.doc.Credit {
		if of := at(e.o.Start, e.bills, b.doc.Corrects); of.draft {
			return false
		}
		series = "CN-%05d"
	}
	day := e.today()
	b.draft, b.doc.Number, b.doc.Date = false, e.count(series), day.Format(time.DateOnly)
	if !b.doc.Credit {
		b.doc.Due = day.AddDate(0, 0, 30).Format(time.DateOnly)
	}
	e.finishIfOver(b.order)
	e.stamp(&b.doc.Head)
	return true
}

// Void cancels an invoice that nothing was paid on and nothing credited, and
// reports whether it is cancelled now.
func (e *ERP) Void(invoice string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	b := at(e.o.Start, e.bills, invoice)
	if b == nil || b.draft || b.paid.IsPositive() || e.credited(b.doc.ID) {
		return false
	}
	if b.doc.State != erp.InvoiceCancelled {
		b.doc.State = erp.InvoiceCancelled
		e.stamp(&b.doc.Head)
	}
	return true
}

// Invoices returns the posted and cancelled invoices and credit notes as
// copies, in the order of their making.
func (e *ERP) Invoices() []erp.Invoice {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []erp.Invoice
	for _, b := range e.bills {
		if !b.draft {
			all = append(all, b.row())
		}
	}
	return all
}

// Below, the lock is held.

func (b *bill) row() erp.Invoice {
	i := b.doc.Clone()
	left := i.Totals.Gross.Sub(b.paid)
	if i.State == erp.InvoiceCancelled {
		left = decimal.Zero
	}
	i.Residual = &left
	return i
}

func (e *ERP) credited(id string) bool {
	for _, b := range e.bills {
		if b.doc.Corrects == id && b.doc.State == erp.InvoicePosted {
			return true
		}
	}
	return false
}

// bill drafts the invoice of what was just shipped, or of the whole order when
// nothing more will leave. Each discount is invoiced as far as the goods are.
func (e *ERP) bill(d *Document, shipped []erp.LineQuantity) {
	if e.o.InvoicePerOrder {
		shipped = nil
		if (!d.anyOpen() || d.State == erp.StateDone) && d.anyShipped() && !d.billed.whole {
			d.billed.whole = true
			for _, g := range d.Goods {
				if kept := g.Shipped.Sub(g.Returned); kept.IsPositive() {
					shipped = append(shipped, erp.LineQuantity{Key: g.Key, Quantity: kept})
				}
			}
		}
	}
	if e.o.InvoicedElsewhere || len(shipped) == 0 {
		return
	}
	digits := digitsOf(d.Order.Currency)
	b := e.draft(d)
	for _, q := range shipped {
		l := d.line(q.Key)
		b.doc.Lines = append(b.doc.Lines, erp.InvoiceLine{Order: d.ID, Key: l.Key, SKU: l.SKU, Text: l.Text, Unit: l.Unit, Quantity: q.Quantity,
			UnitPrice: l.UnitPrice, PriceBase: l.PriceBase, Net: net(l, q.Quantity, digits), TaxCategory: l.TaxCategory, TaxRate: l.TaxRate})
	}
	var done, all decimal.Decimal
	for i, l := range d.Order.Lines {
		done, all = done.Add(net(l, d.Goods[i].Shipped, digits)), all.Add(net(l, l.Quantity, digits))
	}
	if !d.anyOpen() && !d.anyCancelled() {
		done = all
	}
	for i, a := range d.Order.Discounts {
		share := part(a.Amount, done, all, digits).Sub(d.billed.discounts[i])
		d.billed.discounts[i] = d.billed.discounts[i].Add(share)
		if !share.IsZero() {
			a.Amount = share
			b.doc.Adjustments = append(b.doc.Adjustments, a)
		}
	}
	b.add(digits)
}

// draft begins an invoice or credit note of the order.
func (e *ERP) draft(d *Document) *bill {
	b := &bill{order: d, draft: true, doc: erp.Invoice{Head: erp.Head{ID: e.id(len(e.bills))},
		State: erp.InvoicePosted, Customer: d.Order.Customer, Currency: d.Order.Currency}}
	e.bills = append(e.bills, b)
	return b
}

// add sums the lines and adjustments up.
func (b *bill) add(digits int32) {
	var x taxes
	for _, l := range b.doc.Lines {
		x.add(l.TaxCategory, l.TaxRate, l.Net)
	}
	for _, a := range b.doc.Adjustments {
		x.add(a.TaxCategory, a.TaxRate, a.Amount)
	}
	b.doc.Taxes, b.doc.Totals = x.sum(digits)
	b.back = make([]decimal.Decimal, len(b.doc.Lines))
	b.backed = make([]decimal.Decimal, len(b.doc.Adjustments))
}

// finishIfOver ends an order that is delivered and invoiced.
func (e *ERP) finishIfOver(d *Document) {
	if d == nil || d.anyOpen() || d.State != erp.StateConfirmed {
		return
	}
	for _, b := range e.bills {
		if b.order == d && b.draft {
			return
		}
	}
	e.move(d, erp.StateDone)
}

func (d *Document) line(key string) erp.OrderLine {
	for _, l := range d.Order.Lines {
		if l.Key == key {
			return l
		}
	}
	return erp.OrderLine{}
}

func (d *Document) anyCancelled() bool {
	for _, g := range d.Goods {
		if g.Cancelled.IsPositive() {
			return true
		}
	}
	return false
}
