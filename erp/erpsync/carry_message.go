package erpsync

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// loadMessage reads a message of ours. A thread keeps no note of pushes under
// way: an ERP that neither keys messages nor looks them up gets a person after
// a lost answer, and one that looks them up without a unique key and works on a
// message longer than the grace of the client's time-out may end with two.
func loadMessage(job thread.PushRequested) load {
	return func(ctx context.Context, r *Relay) (cargo, string, error) {
		t, twin, err := r.threadOf(ctx, job.Thread)
		if err != nil {
			return cargo{}, "", err
		}
		m, ok := t.Message(job.Message)
		switch {
		case !ok:
			return cargo{}, "there is no such message", nil
		case !r.client.Supports(erp.OpPushMessage):
			return cargo{}, "the ERP takes no messages", nil
		case twin == "":
			return cargo{}, "", &pending{note: "waits for the document to arrive there", within: r.o.MaxBackoff}
		}
		doc := erp.Message{Head: erp.Head{Key: Key(r.tenant, order.ID(m.ID))}, Kind: t.Doc.Kind, Document: twin, Author: m.By.Name,
			Text: m.Text, At: m.At.Format(time.RFC3339), Internal: m.Internal}
		return cargo{push: erp.OpPushMessage, have: order.Twin{ID: m.ERP},
			note: func(ctx context.Context, t order.Twin) error {
				if t.ID == "" {
					return nil
				}
				_, err := r.orders.ReportMessageTwin(ctx, r.actor, job.Thread, m.ID, t.ID)
				return err
			},
			ensure:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.EnsureMessage(ctx, doc) },
			resume:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.ResumeMessage(ctx, doc) },
			find:    func(ctx context.Context) (erp.DocReceipt, error) { return r.client.FindMessage(ctx, doc.Key) },
			differs: func(erp.DocReceipt) string { return "" },
		}, "", nil
	}
}

// threadOf reads a thread and the ERP's id of its document.
func (r *Relay) threadOf(ctx context.Context, id thread.ID) (thread.Thread, string, error) {
	doc := id.Doc()
	switch doc.Kind {
	case thread.OnDelivery:
		d, err := r.orders.GetDelivery(ctx, r.actor, order.DeliveryID(doc.ID))
		if err != nil {
			return thread.Thread{}, "", err
		}
		t, err := r.orders.Thread(ctx, r.actor, doc)
		return t, d.ERP.ID, err
	case thread.OnInvoice:
		if r.billing == nil {
			return thread.Thread{}, "", ErrWork.With("the relay has no billing to read messages of")
		}
		d, err := r.billing.Get(ctx, r.actor, billing.ID(doc.ID))
		if err != nil {
			return thread.Thread{}, "", err
		}
		t, err := r.billing.Thread(ctx, r.actor, d.ID)
		return t, d.ERP.ID, err
	}
	o, err := r.orders.Get(ctx, r.actor, order.ID(doc.ID))
	if err != nil {
		return thread.Thread{}, "", err
	}
	t, err := r.orders.Thread(ctx, r.actor, doc)
	return t, o.ERP.ID, err
}
