package memerp

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// PushPayment implements erp.PaymentPusher. A payment that cannot be booked is
// Rejected.
func (a adapter) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	e := a.erp
	return a.push(ctx, erp.OpPushPayment, p.Key, e.paymentOf, func() (erp.DocReceipt, error) {
		p = p.Clone()
		if p.State = erp.PaymentPosted; e.o.PaymentsWait {
			p.State = erp.PaymentDraft
		}
		p.Number = ""
		if text := e.unpayable(p); text != "" {
			return erp.DocReceipt{}, erp.Reject(erp.OpPushPayment, text)
		}
		return receiptOf(e.enter(p).Head, string(p.State), p.Amount), nil
	})
}

// FindPayment implements erp.PaymentFinder.
func (a adapter) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return a.find(ctx, erp.OpFindPayment, key, a.erp.paymentOf)
}

// PushInvoice implements erp.InvoicePusher: the document is posted as it is,
// under its own number.
func (a adapter) PushInvoice(ctx context.Context, i erp.Invoice) (erp.DocReceipt, error) {
	e := a.erp
	return a.push(ctx, erp.OpPushInvoice, i.Key, e.invoiceOf, func() (erp.DocReceipt, error) {
		if text := e.unbookable(i); text != "" {
			return erp.DocReceipt{}, erp.Reject(erp.OpPushInvoice, text)
		}
		b := &bill{doc: i.Clone()}
		b.doc.ID = e.id(len(e.bills))
		b.back, b.backed = make([]decimal.Decimal, len(i.Lines)), make([]decimal.Decimal, len(i.Adjustments))
		e.bills = append(e.bills, b)
		e.stamp(&b.doc.Head)
		return receiptOf(b.doc.Head, string(b.doc.State), b.doc.Totals.Gross), nil
	})
}

// FindInvoice implements erp.InvoiceFinder.
func (a adapter) FindInvoice(ctx context.Context, key string) (erp.DocReceipt, error) {
	return a.find(ctx, erp.OpFindInvoice, key, a.erp.invoiceOf)
}

// PushMessage implements erp.MessagePusher.
func (a adapter) PushMessage(ctx context.Context, m erp.Message) (erp.DocReceipt, error) {
	e := a.erp
	return a.push(ctx, erp.OpPushMessage, m.Key, e.messageOf, func() (erp.DocReceipt, error) {
		if !e.exists(m) {
			return erp.DocReceipt{}, erp.NoSuch(erp.OpPushMessage)
		}
		h := e.write(m).Head
		return erp.DocReceipt{ID: h.ID, Key: h.Key}, nil
	})
}

// FindMessage implements erp.MessageFinder.
func (a adapter) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return a.find(ctx, erp.OpFindMessage, key, a.erp.messageOf)
}

// push is what every push of a document does about its key.
func (a adapter) push(ctx context.Context, op erp.Op, key string, held func(string) *erp.DocReceipt,
	insert func() (erp.DocReceipt, error)) (erp.DocReceipt, error) {
	e := a.erp
	f, err := e.arrive(ctx, op)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if f.what == duplicate && held(key) == nil {
		if _, err := insert(); err != nil {
			return erp.DocReceipt{}, err
		}
	}
	if first := held(key); first != nil && e.o.Keys == UniqueKeys {
		return erp.DocReceipt{}, erp.NewError(erp.Duplicate, op, "The key on the document must be unique.", nil)
	} else if first != nil && e.o.Keys == IdempotentKeys {
		return leave(f, op, *first)
	}
	r, err := insert()
	if err != nil {
		return r, err
	}
	if e.o.Keys == NoKeys {
		r.Key = ""
	}
	return leave(f, op, r)
}

func (a adapter) find(ctx context.Context, op erp.Op, key string, held func(string) *erp.DocReceipt) (erp.DocReceipt, error) {
	f, err := a.erp.arrive(ctx, op)
	if err != nil {
		return erp.DocReceipt{}, err
	}
	a.erp.mu.Lock()
	defer a.erp.mu.Unlock()
	r := held(key)
	if r == nil || a.erp.o.Keys == NoKeys {
		return erp.DocReceipt{}, erp.NoSuch(op)
	}
	return leave(f, op, *r)
}

// Below, the lock is held. A look-up answers nil for none.

func (e *ERP) paymentOf(key string) *erp.DocReceipt {
	for _, p := range e.payments {
		if p.Key == key && key != "" && !e.gone[erp.Payments][p.ID] {
			r := receiptOf(p.Head, string(p.State), p.Amount)
			return &r
		}
	}
	return nil
}

func (e *ERP) invoiceOf(key string) *erp.DocReceipt {
	for _, b := range e.bills {
		if b.doc.Key == key && key != "" && !e.gone[erp.Invoices][b.doc.ID] {
			r := receiptOf(b.doc.Head, string(b.doc.State), b.doc.Totals.Gross)
			return &r
		}
	}
	return nil
}

func (e *ERP) messageOf(key string) *erp.DocReceipt {
	for _, m := range e.messages {
		if m.Key == key && key != "" && !e.gone[erp.Messages][m.ID] {
			return &erp.DocReceipt{ID: m.ID, Key: m.Key}
		}
	}
	return nil
}

func receiptOf(h erp.Head, state string, gross decimal.Decimal) erp.DocReceipt {
	return erp.DocReceipt{ID: h.ID, Key: h.Key, Number: h.Number, State: state, Gross: &gross}
}

// unbookable says why an invoice of ours cannot be booked, "" when it can.
func (e *ERP) unbookable(i erp.Invoice) string {
	for _, b := range e.bills {
		if !b.draft && b.doc.Number == i.Number && b.doc.Key != i.Key {
			return fmt.Sprintf("The number %s is taken.", i.Number)
		}
	}
	if i.Corrects != "" && (at(e.o.Start, e.bills, i.Corrects) == nil || at(e.o.Start, e.bills, i.Corrects).draft) {
		return fmt.Sprintf("There is no invoice %s to correct.", i.Corrects)
	}
	for _, l := range i.Lines {
		if l.Order != "" && e.byID(l.Order) == nil {
			return fmt.Sprintf("There is no order %s.", l.Order)
		}
	}
	return ""
}
