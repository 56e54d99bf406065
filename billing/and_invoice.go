package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// AndInvoice runs one command on an order and invoices what the order has to
// invoice then, in one transaction: progress told or goods shipped with the
// option "generate an invoice". When nothing is due, or the order is not
// validated, the command is done and there is no invoice. step calls a Tx
// method of order.Service with its own key and names the order:
//
//	doc, made, err := bills.AndInvoice(ctx, a, func(ctx context.Context, tx order.Tx) (order.ID, error) {
//		d, err := orders.ShipTx(ctx, tx, a, order.ShipInput{Order: id, Key: key})
//		return d.Order, err
//	})
//
// made reports whether there is an invoice. Done again with the same key the
// step changes nothing, and then nothing is due: made is false.
//
// Errors: those of step and of Issue. Either way nothing is done.
func (s *Service) AndInvoice(ctx context.Context, a access.Actor, step func(ctx context.Context, tx order.Tx) (order.ID, error)) (d Document, made bool, err error) {
	type answer struct {
		d    Document
		made bool
	}
	out, err := uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (answer, error) {
		d, made, err := s.AndInvoiceTx(ctx, tx, a, step)
		return answer{d, made}, err
	})
	return out.d, out.made, err
}

// AndInvoiceTx is AndInvoice inside a transaction of the caller's. An error
// means that the transaction has to be abandoned.
func (s *Service) AndInvoiceTx(ctx context.Context, tx Tx, a access.Actor, step func(ctx context.Context, tx order.Tx) (order.ID, error)) (d Document, made bool, err error) {
	id, err := step(ctx, tx)
	if err != nil {
		return Document{}, false, err
	}
	o, err := s.orders.GetTx(ctx, tx, a, id)
	if err != nil {
		return Document{}, false, err
	}
	if !billable(o) || !due(o) {
		return Document{}, false, nil
	}
	d, err = s.IssueTx(ctx, tx, a, IssueInput{Orders: []OrderVersion{{Order: id}}})
	return d, err == nil, err
}

// due reports whether a line has something to invoice.
func due(o order.Order) bool {
	for _, l := range o.Lines {
		if l.ToInvoice(o.Policy).Sign() > 0 {
			return true
		}
	}
	return false
}
