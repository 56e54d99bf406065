package erpsync

import (
	"context"
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
	in := thread.Incoming{ERP: c.ID, Message: thread.MessageID(unkey(c.Key)), Author: c.Author, Text: c.Text, Internal: c.Internal}
	var is fault.Issues
	in.At = instant(&is, "at", c.At)
	if err := is.Err(ErrChange); err != nil {
		return err
	}
	if in.At.After(p.o.Now().Add(time.Hour)) {
		in.At = time.Time{} // a clock of theirs that is ahead
	}
	switch c.Kind {
	case "order":
		o, err := p.twinOf(ctx, tx, c.Document, "")
		if err != nil {
			return awaits("order", c.Document, err)
		}
		_, err = p.books.Orders.ReportMessageTx(ctx, tx, p.actor, order.MessageReport{Doc: order.DocOf(o.ID), Incoming: in})
		return err
	case "delivery":
		d, err := tx.Deliveries().ByERP(ctx, c.Document)
		if err != nil {
			return awaits("delivery", c.Document, err)
		}
		_, err = p.books.Orders.ReportMessageTx(ctx, tx, p.actor, order.MessageReport{Doc: order.DeliveryDocOf(d.ID), Incoming: in})
		return err
	case "invoice":
		d, err := tx.Invoices().ByERP(ctx, c.Document)
		if err != nil {
			return awaits("invoice", c.Document, err)
		}
		if p.books.Billing == nil {
			return nil
		}
		_, err = p.books.Billing.ReportMessageTx(ctx, tx, p.actor, d.ID, in)
		return err
	}
	return ErrChange.With("messages on a %q are not known", c.Kind)
}
