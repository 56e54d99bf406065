package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one invoice or credit note; ErrNotFound when there is none that
// the actor sees: of the partner's side only its own, with invoice.read.
func (s *Service) Get(ctx context.Context, a access.Actor, id ID) (Document, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.GetTx(ctx, tx, a, id) })
}

// GetTx is Get inside a transaction of the caller's.
func (s *Service) GetTx(ctx context.Context, tx Tx, a access.Actor, id ID) (Document, error) {
	return s.see(ctx, tx, a, id)
}

// GetByNumber returns the document of a seller's number, "" the default
// seller's, as Get does.
func (s *Service) GetByNumber(ctx context.Context, a access.Actor, seller SellerID, number string) (Document, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.GetByNumberTx(ctx, tx, a, seller, number) })
}

// GetByNumberTx is GetByNumber inside a transaction of the caller's.
func (s *Service) GetByNumberTx(ctx context.Context, tx Tx, a access.Actor, seller SellerID, number string) (Document, error) {
	if seller == "" {
		seller = s.opts.Sellers[0].ID
	}
	d, err := tx.Invoices().ByNumber(ctx, seller, number)
	return s.shown(a, d, err)
}

// GetByERP returns the document whose twin in the ERP has the id, as Get does.
func (s *Service) GetByERP(ctx context.Context, a access.Actor, erpID string) (Document, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.GetByERPTx(ctx, tx, a, erpID) })
}

// GetByERPTx is GetByERP inside a transaction of the caller's.
func (s *Service) GetByERPTx(ctx context.Context, tx Tx, a access.Actor, erpID string) (Document, error) {
	d, err := tx.Invoices().ByERP(ctx, erpID)
	return s.shown(a, d, err)
}

func (s *Service) shown(a access.Actor, d Document, err error) (Document, error) {
	if err != nil {
		return Document{}, err
	}
	if !s.policy.May(a, access.InvoiceRead, owner(d)) {
		return Document{}, ErrNotFound
	}
	return d, nil
}

// Find lists invoices and credit notes, one page at a time. The partner side
// sees its own only, whatever the query says. Bad queries are ErrInvalid with
// every issue, or uow.ErrPage.
func (s *Service) Find(ctx context.Context, a access.Actor, q Query) (uow.Page[Header], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Header], error) { return s.FindTx(ctx, tx, a, q) })
}

// FindTx is Find inside a transaction of the caller's.
func (s *Service) FindTx(ctx context.Context, tx Tx, a access.Actor, q Query) (uow.Page[Header], error) {
	if !s.policy.Everywhere(a, access.InvoiceRead) {
		own := access.Owner{Partner: a.Partner}
		if !s.policy.May(a, access.InvoiceRead, own) || (q.Partner != "" && q.Partner != a.Partner) {
			return uow.EmptyPage[Header](q.Page), nil
		}
		q.Partner = a.Partner
	}
	if err := q.check(); err != nil {
		return uow.Page[Header]{}, err
	}
	return tx.Invoices().Find(ctx, q)
}

func (q Query) check() error {
	var is fault.Issues
	if q.Kind != "" && !q.Kind.valid() {
		is.Add("kind", "unknown", "%q is no kind of document", q.Kind)
	}
	known := []order.PaymentState{order.PaymentAwaiting, order.PaymentProcessing, order.PaymentRefused,
		order.PaymentConfirmed, order.PaymentCancelled, order.PaymentError}
	for _, p := range q.Payments {
		if !slices.Contains(known, p) {
			is.Add("payments", "unknown", "%q is no state of a payment", p)
		}
	}
	check.Line(&is, "number", q.Number, 100)
	if !q.From.IsZero() && !q.Until.IsZero() && q.Until.Before(q.From) {
		is.Add("until", "range", "lies before from")
	}
	if !slices.Contains([]Sort{NewestFirst, OldestFirst, ByDue}, q.Sort) {
		is.Add("sort", "unknown", "%q is no order of documents", q.Sort)
	}
	return is.Err(ErrInvalid)
}
