package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// releaseTx takes everything that settles a document away from it, because the
// ERP voided it, made it smaller or booked it on another account: the money of payments is theirs again
// (and Pending, where the ERP keeps them), and
// credit notes have left what they had. The other documents, the payments and
// the orders of both are saved; d is changed in memory only. What open refunds
// promised of it stays promised, and cannot be paid while it is not there.
func (s *Service) releaseTx(ctx context.Context, tx Tx, a access.Actor, d *Document) error {
	if err := s.undoUses(ctx, tx, a, d); err != nil {
		return err
	}
	page := uow.PageRequest{Limit: uow.MaxPage}
	for {
		found, err := tx.Payments().Find(ctx, PaymentQuery{Document: d.ID, Sort: OldestFirst, Page: page})
		if err != nil {
			return err
		}
		for _, p := range found.Rows {
			if p.State != order.PaymentConfirmed {
				continue
			}
			if err := s.withdraw(ctx, tx, a, p, d); err != nil {
				return err
			}
		}
		if page.After = found.Next; page.After == "" {
			return nil
		}
	}
}

// withdraw takes a payment's money from a document without saving that.
func (s *Service) withdraw(ctx context.Context, tx Tx, a access.Actor, p Payment, d *Document) error {
	p.Allocations = slices.DeleteFunc(slices.Clone(p.Allocations), func(al Allocation) bool {
		if al.Document == d.ID {
			d.add(&d.Paid, -al.Amount.Minor())
			if p.Mirror() {
				p.leave(d, al.Amount.Minor())
			}
		}
		return al.Document == d.ID
	})
	s.note(&p, a, "released", p.State, partner.Date{}, d.Number)
	_, err := s.savePayment(ctx, tx, p, allocated(p, a))
	return err
}
