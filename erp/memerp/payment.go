package memerp

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Pay books a payment by hand, posted at once; an empty Date is today, and the
// document's head is not looked at. It may pay posted invoices in parts, and as
// a refund credit notes; what the allocations leave is on account. It answers
// the id; ErrRejected says why it cannot be.
func (e *ERP) Pay(p erp.Payment) (id string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p = p.Clone()
	if p.Head, p.State = (erp.Head{}), erp.PaymentPosted; p.Date == "" {
		p.Date = e.today().Format(time.DateOnly)
	}
	if text := e.unpayable(p); text != "" {
		return "", erp.Reject(erp.OpPushPayment, text)
	}
	return e.enter(p).ID, nil
}

// Book posts a payment that is a draft, and reports whether it is posted now.
func (e *ERP) Book(payment string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := at(e.o.Start, e.payments, payment)
	if p == nil {
		return false
	}
	if p.State == erp.PaymentDraft && e.unpayable(*p) == "" {
		e.post(p)
	}
	return p.State == erp.PaymentPosted
}

// TakeBack makes a payment failed (a cheque that bounced) or cancelled, and
// its invoices owe the money again. It reports whether the state is so now.
func (e *ERP) TakeBack(payment string, as erp.PaymentState) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := at(e.o.Start, e.payments, payment)
	if p == nil || as != erp.PaymentFailed && as != erp.PaymentCancelled {
		return false
	}
	switch p.State {
	case erp.PaymentPosted:
		p.State = as
		e.allocate(p, decimal.NewFromInt(-1))
		e.stamp(&p.Head)
	case erp.PaymentDraft:
		p.State = as
		e.stamp(&p.Head)
	}
	return p.State == as
}

// Payments returns all payments in the order of their entry, as copies, with
// the keys they were pushed with.
func (e *ERP) Payments() []erp.Payment {
	e.mu.Lock()
	defer e.mu.Unlock()
	return copies(e.payments, erp.Payment.Clone)
}

// Below, the lock is held.

func (e *ERP) enter(p erp.Payment) *erp.Payment {
	doc := &p
	doc.ID = e.id(len(e.payments))
	e.payments = append(e.payments, doc)
	if doc.State == erp.PaymentPosted {
		e.post(doc)
	} else {
		e.stamp(&doc.Head)
	}
	return doc
}

func (e *ERP) post(p *erp.Payment) {
	p.State, p.Number = erp.PaymentPosted, e.count("PAY-%05d")
	e.allocate(p, decimal.NewFromInt(1))
	e.stamp(&p.Head)
}

func (e *ERP) allocate(p *erp.Payment, sign decimal.Decimal) {
	for _, a := range p.Allocations {
		b := e.billOf(a)
		b.paid = b.paid.Add(a.Amount.Mul(sign))
		e.stamp(&b.doc.Head)
	}
}

// unpayable says why a payment cannot be booked, "" when it can.
func (e *ERP) unpayable(p erp.Payment) string {
	if !p.Amount.IsPositive() {
		return "The amount must be above zero."
	}
	left, owed := p.Amount, map[*bill]decimal.Decimal{}
	for _, a := range p.Allocations {
		b := e.billOf(a)
		switch {
		case b == nil:
			return fmt.Sprintf("There is no invoice %s%s.", a.Invoice, a.Number)
		case b.doc.State != erp.InvoicePosted || b.doc.Credit != p.Refund:
			return fmt.Sprintf("The document %s cannot be paid so.", b.doc.Number)
		case b.doc.Customer != p.Customer || b.doc.Currency != p.Currency:
			return fmt.Sprintf("The invoice %s is of another customer or currency.", b.doc.Number)
		}
		owed[b] = owed[b].Add(a.Amount)
		left = left.Sub(a.Amount)
		if !a.Amount.IsPositive() || left.IsNegative() || b.paid.Add(owed[b]).GreaterThan(b.doc.Totals.Gross) {
			return fmt.Sprintf("The amount for the invoice %s is more than there is.", b.doc.Number)
		}
	}
	return ""
}

// billOf finds a posted invoice by its id, or by its number.
func (e *ERP) billOf(a erp.PaymentPart) *bill {
	for _, b := range e.bills {
		if !b.draft && (a.Invoice == b.doc.ID || a.Invoice == "" && a.Number == b.doc.Number) {
			return b
		}
	}
	return nil
}
