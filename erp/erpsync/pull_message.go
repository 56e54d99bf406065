package erpsync

import (
	"context"
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

// message applies a message on an order, a delivery or an invoice; it waits
// for its document.
func (p *Puller) message(ctx context.Context, tx store.Tx, c erp.Message) error {
	in := thread.Incoming{ERP: c.ID, Author: c.Author, Text: c.Text, Internal: c.Internal}
	var is fault.Issues
	in.At = instant(&is, "at", c.At)
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	if in.At.After(p.o.Now().Add(time.Hour)) {
		in.At = time.Time{} // a clock of theirs that is ahead
	}
	if c.Kind == thread.OnInvoice {
		return p.invoiceMessage(ctx, tx, c, in)
	}
	var doc thread.Doc
	switch c.Kind {
	case thread.OnOrder:
		o, err := p.twinOf(ctx, tx, c.Document, "")
		if err != nil {
			return awaits("order", c.Document, err)
		}
		doc = order.DocOf(o.ID)
	case thread.OnDelivery:
		d, err := tx.Deliveries().ByERP(ctx, c.Document)
		if err != nil {
			return awaits("delivery", c.Document, err)
		}
		doc = order.DeliveryDocOf(d.ID)
	default:
		return ErrChange.With("messages on a %q are not known", c.Kind)
	}
	if err := p.ourMessage(ctx, tx, doc, c, &in); err != nil {
		return err
	}
	_, err := p.books.Orders.ReportMessageTx(ctx, tx, p.actor, order.MessageReport{Doc: doc, Incoming: in})
	return err
}

func (p *Puller) invoiceMessage(ctx context.Context, tx store.Tx, c erp.Message, in thread.Incoming) error {
	if p.books.Billing == nil {
		return nil // there are no invoices here
	}
	d, err := tx.Invoices().ByERP(ctx, c.Document)
	if err != nil {
		return awaits("invoice", c.Document, err)
	}
	if err := p.ourMessage(ctx, tx, thread.Doc{Kind: thread.OnInvoice, ID: string(d.ID)}, c, &in); err != nil {
		return err
	}
	_, err = p.books.Billing.ReportMessageTx(ctx, tx, p.actor, d.ID, in)
	return err
}

// ourMessage finds which message of ours comes back, by its key. Without keys,
// one that says the same as a message whose push is open waits.
func (p *Puller) ourMessage(ctx context.Context, tx store.Tx, doc thread.Doc, c erp.Message, in *thread.Incoming) error {
	blind := c.Key == "" && p.client.Supports(erp.OpPushMessage) && p.client.KeysOf(erp.OpPushMessage) == erp.Neither
	if c.Key == "" && !blind {
		return nil
	}
	t, err := tx.Threads().Get(ctx, doc.Thread())
	if err != nil && !errors.Is(err, thread.ErrNotFound) {
		return err
	}
	for _, m := range t.Messages {
		switch {
		case m.ERP == c.ID:
			return nil
		case c.Key != "" && Key(p.tenant, m.ID) == c.Key:
			in.Message = m.ID
			return nil
		}
	}
	for _, m := range t.Messages {
		if blind && m.ERP == "" && !m.SentAt.IsZero() && m.Text == c.Text {
			return &waiting{what: "message/" + string(m.ID), err: errOpen}
		}
	}
	return nil
}
