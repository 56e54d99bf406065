package erpsync

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/thread"
)

// loadMessage reads a message of ours, which waits for its document to arrive.
func loadMessage(job thread.PushRequested) load {
	return func(ctx context.Context, r *Relay) (cargo, string, error) {
		doc := job.Thread.Doc()
		twin, none, err := r.books.twin(ctx, r.actor, doc, r.client.Supports(erp.OpPushInvoice))
		if none != "" || err != nil {
			return cargo{}, none, err
		}
		t, err := r.books.thread(ctx, r.actor, job.Thread)
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
		out := erp.Message{Head: erp.Head{Key: Key(r.tenant, m.ID)}, Kind: doc.Kind, Document: twin, Author: m.By.Name,
			Text: m.Text, At: m.At.Format(time.RFC3339), Internal: m.Internal}
		return cargo{push: erp.OpPushMessage, tag: r.books.messageTag(r.actor, job.Thread, m),
			ensure:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.EnsureMessage(ctx, out) },
			resume:  func(ctx context.Context) (erp.DocReceipt, error) { return r.client.ResumeMessage(ctx, out) },
			find:    func(ctx context.Context) (erp.DocReceipt, error) { return r.client.FindMessage(ctx, out.Key) },
			differs: func(erp.DocReceipt) string { return "" },
		}, "", nil
	}
}
