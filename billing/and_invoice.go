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
// method of order.Service and names the order:
//
//	doc, made, err := bills.AndInvoice(ctx, a, key, func(ctx context.Context, tx order.Tx) (order.ID, error) {
//		d, err := orders.ShipTx(ctx, tx, a, order.ShipInput{Order: id})
//		return d.Order, err
//	})
//
// made reports whether there is an invoice. key makes the call repeatable: the
// same key runs no step again and gives the first answer; "" is none.
//
// Errors: uow.ErrKeyLong; those of step and of Issue. Either way nothing is
// done.
func (s *Service) AndInvoice(ctx context.Context, a access.Actor, key string, step func(ctx context.Context, tx order.Tx) (order.ID, error)) (d Document, made bool, err error) {
	out, err := uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (andInvoiced, error) {
		d, made, err := s.AndInvoiceTx(ctx, tx, a, key, step)
		return andInvoiced{d, made}, err
	})
	return out.Document, out.Made, err
}

// andInvoiced is the answer of AndInvoice.
type andInvoiced struct {
	Document Document `json:"document"`
	Made     bool     `json:"made"`
}

// AndInvoiceTx is AndInvoice inside a transaction of the caller's. An error
// means that the transaction has to be abandoned.
func (s *Service) AndInvoiceTx(ctx context.Context, tx Tx, a access.Actor, key string, step func(ctx context.Context, tx order.Tx) (order.ID, error)) (d Document, made bool, err error) {
	out, err := uow.Once(ctx, tx.Keys(), scope("and_invoice", a), key, nil, func() (andInvoiced, error) {
		id, err := step(ctx, tx)
		if err != nil {
			return andInvoiced{}, err
		}
		o, err := s.orders.GetTx(ctx, tx, a, id)
		if err != nil || !billable(o) || !due(o) {
			return andInvoiced{}, err
		}
		d, err := s.IssueTx(ctx, tx, a, IssueInput{Orders: []OrderVersion{{Order: id}}})
		return andInvoiced{d, true}, err
	})
	if err != nil {
		return Document{}, false, err
	}
	return out.Document, out.Made, nil
}

// due reports whether a line has something to invoice.
func due(o order.Order) bool {
	for _, l := range o.Lines {
		if dueOf(o, l) > 0 {
			return true
		}
	}
	return false
}
