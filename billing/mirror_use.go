package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// FollowUse sets a mirrored credit note off against the invoice that it
// corrects, as far as the ERP has done so: as far as the Residuals of both are
// below what is left here. A Residual is lower because of payments, too, and so
// it is for whoever has reported all payments that the ERP knew when it told the
// Residuals. A document of another kind, one that is void or tells no Residual,
// and one that is in step already stay as they are.
//
// Errors: ErrNotFound; access.ErrForbidden without invoice.report.
func (s *Service) FollowUse(ctx context.Context, a access.Actor, id ID) (Document, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Document, error) { return s.FollowUseTx(ctx, tx, a, id) })
}

// FollowUseTx is FollowUse inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) FollowUseTx(ctx context.Context, tx Tx, a access.Actor, id ID) (Document, error) {
	d, err := s.see(ctx, tx, a, id)
	if err != nil {
		return Document{}, err
	}
	if err := s.policy.Check(a, access.InvoiceReport, access.InvoiceRead, owner(d), ErrNotFound); err != nil {
		return Document{}, err
	}
	if d.Issuer != ByERP || d.Residual == nil {
		return d, nil
	}
	return s.followUse(ctx, tx, a, d)
}

// followUse sets a mirrored credit note off as far as both documents have
// something left and the ERP, where it tells, says that they have not.
func (s *Service) followUse(ctx context.Context, tx Tx, a access.Actor, c Document) (Document, error) {
	if c.Kind != CreditNote || c.Void || c.Corrects == nil || c.Corrects.Document == "" {
		return c, nil
	}
	inv, err := tx.Invoices().Get(ctx, c.Corrects.Document)
	if err != nil {
		return Document{}, err
	}
	if inv.account() != c.account() || inv.Kind != Invoice {
		return c, nil
	}
	n := min(c.free(), inv.left())
	if c.Residual != nil {
		n = min(n, c.left()-c.Residual.Minor())
		if inv.Residual != nil {
			n = min(n, inv.left()-inv.Residual.Minor())
		}
	}
	if n > 0 {
		err = s.setOffTx(ctx, tx, a, &c, &inv, money.FromMinor(n, c.Currency))
	}
	return c, err
}
