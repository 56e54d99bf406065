package memerp

import (
	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// What comes back is credited. Called with the lock held.

// credit drafts credit notes for goods that came back, oldest invoice first.
func (e *ERP) credit(d *Document, lines []erp.LineQuantity, reason string) {
	left := map[string]decimal.Decimal{}
	for _, l := range lines {
		left[l.Key] = l.Quantity
	}
	digits := digitsOf(d.Order.Currency)
	for _, of := range e.bills {
		if of.order != d || of.doc.Credit || of.doc.State != erp.InvoicePosted {
			continue
		}
		var rows []erp.InvoiceLine
		for i, l := range of.doc.Lines {
			q := decimal.Min(left[l.Key], l.Quantity.Sub(of.back[i]))
			if !q.IsPositive() {
				continue
			}
			before := part(l.Net, of.back[i], l.Quantity, digits)
			left[l.Key], of.back[i] = left[l.Key].Sub(q), of.back[i].Add(q)
			l.Quantity, l.Net = q, part(l.Net, of.back[i], of.doc.Lines[i].Quantity, digits).Sub(before)
			rows = append(rows, l)
		}
		if len(rows) > 0 {
			b := e.draft(d)
			b.doc.Credit, b.doc.Corrects, b.doc.Reason, b.doc.Lines = true, of.doc.ID, reason, rows
			b.doc.Adjustments = of.adjustmentsBack(digits)
			b.add(digits)
		}
	}
}

// adjustmentsBack is what a credit note takes of the invoice's adjustments.
func (b *bill) adjustmentsBack(digits int32) []erp.Discount {
	var done, all decimal.Decimal
	whole := true
	for i, l := range b.doc.Lines {
		done, all = done.Add(part(l.Net, b.back[i], l.Quantity, digits)), all.Add(l.Net)
		whole = whole && b.back[i].Equal(l.Quantity)
	}
	if whole {
		done = all
	}
	var rows []erp.Discount
	for i, a := range b.doc.Adjustments {
		share := part(a.Amount, done, all, digits).Sub(b.backed[i])
		b.backed[i] = b.backed[i].Add(share)
		if !share.IsZero() {
			a.Amount = share
			rows = append(rows, a)
		}
	}
	return rows
}
