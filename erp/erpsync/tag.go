package erpsync

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// tag is what is known of the twin of a document of ours.
type tag struct {
	// kind and name say to people which document it is: "payment", "P-2026-000001".
	kind, name string
	have       order.Twin
	// note records what is known of the twin now. A SentAt is a claim that a
	// second one is refused: order.ErrSending, thread.ErrSending.
	note func(ctx context.Context, t order.Twin) error
}

func (b Books) paymentTag(a access.Actor, p billing.Payment) tag {
	return tag{kind: "payment", name: p.Number, have: p.ERP, note: func(ctx context.Context, t order.Twin) error {
		_, err := b.Billing.ReportPaymentTwin(ctx, a, p.ID, t)
		return err
	}}
}

func (b Books) invoiceTag(a access.Actor, d billing.Document) tag {
	return tag{kind: "invoice", name: d.Number, have: d.ERP, note: func(ctx context.Context, t order.Twin) error {
		_, err := b.Billing.ReportInvoiceTwin(ctx, a, d.ID, t)
		return err
	}}
}

// messageTag is of a message, which has no room for number, state and problem.
func (b Books) messageTag(a access.Actor, of thread.ID, m thread.Message) tag {
	return tag{kind: "message", name: string(m.ID), have: order.Twin{ID: m.ERP, SentAt: m.SentAt}, note: func(ctx context.Context, t order.Twin) (err error) {
		switch {
		case t.ID != "":
			_, err = b.Orders.ReportMessageTwin(ctx, a, of, m.ID, t.ID)
		case t.Problem == "":
			_, err = b.Orders.ReportMessageSending(ctx, a, of, m.ID, t.SentAt)
		}
		return err
	}}
}

// needBilling refuses work on payments and invoices without the service.
func (b Books) needBilling() error {
	if b.Billing == nil {
		return ErrWork.With("there is no billing to read payments and invoices of")
	}
	return nil
}

// tagOf reads the tag of the document that an event has pushed, false for
// events of another kind.
func (b Books) tagOf(ctx context.Context, a access.Actor, e event.Event) (t tag, is bool, err error) {
	switch e.Type {
	case typeOf(billing.PaymentPushRequested{}):
		job, err := decode[billing.PaymentPushRequested](e)
		if err = errors.Join(err, b.needBilling()); err != nil {
			return tag{}, true, err
		}
		p, err := b.Billing.GetPayment(ctx, a, job.Payment)
		return b.paymentTag(a, p), true, err
	case typeOf(billing.InvoicePushRequested{}):
		job, err := decode[billing.InvoicePushRequested](e)
		if err = errors.Join(err, b.needBilling()); err != nil {
			return tag{}, true, err
		}
		d, err := b.Billing.Get(ctx, a, job.Document)
		return b.invoiceTag(a, d), true, err
	case typeOf(thread.PushRequested{}):
		job, err := decode[thread.PushRequested](e)
		if err != nil {
			return tag{}, true, err
		}
		th, err := b.thread(ctx, a, job.Thread)
		if err != nil {
			return tag{}, true, err
		}
		m, ok := th.Message(job.Message)
		if !ok {
			err = thread.ErrNoMessage
		}
		return b.messageTag(a, job.Thread, m), true, err
	}
	return tag{}, false, nil
}

// thread reads the correspondence on a document.
func (b Books) thread(ctx context.Context, a access.Actor, id thread.ID) (thread.Thread, error) {
	doc := id.Doc()
	if doc.Kind != thread.OnInvoice {
		return b.Orders.Thread(ctx, a, doc)
	}
	if err := b.needBilling(); err != nil {
		return thread.Thread{}, err
	}
	return b.Billing.Thread(ctx, a, billing.ID(doc.ID))
}

// twin finds what a document with a thread is called in the ERP, "" while it
// may still arrive there; none says why it never will.
func (b Books) twin(ctx context.Context, a access.Actor, doc thread.Doc, takesInvoices bool) (id, none string, err error) {
	const nowhere = "the ERP does not hold the document"
	switch doc.Kind {
	case thread.OnDelivery:
		d, err := b.Orders.GetDelivery(ctx, a, order.DeliveryID(doc.ID))
		if err == nil && d.ERP.ID == "" { // made here by hand
			none = nowhere
		}
		return d.ERP.ID, none, err
	case thread.OnInvoice:
		if err := b.needBilling(); err != nil {
			return "", "", err
		}
		d, err := b.Billing.Get(ctx, a, billing.ID(doc.ID))
		if err == nil && d.ERP.ID == "" && !takesInvoices {
			none = nowhere
		}
		return d.ERP.ID, none, err
	}
	o, err := b.Orders.Get(ctx, a, order.ID(doc.ID))
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return "", "the order was deleted", nil
	case err == nil && o.ERP.ID == "" && ended(o):
		none = nowhere
	}
	return o.ERP.ID, none, err
}
