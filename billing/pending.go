package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// The ERP's payments and invoices change together there and arrive here one by
// one. What a confirmed payment of the ERP pays and a document has no room for
// yet is kept as Pending, and given as soon as there is room, so that the order
// of arrival does not matter.

// leave notes what the ERP says a payment pays and could not be given.
func (p *Payment) leave(d *Document, minor int64) {
	if minor <= 0 || p.State != order.PaymentConfirmed {
		return
	}
	p.Pending = slices.Clone(p.Pending)
	for i := range p.Pending {
		if al := &p.Pending[i]; al.Document == d.ID {
			al.Amount = money.FromMinor(al.Amount.Minor()+minor, al.Amount.Currency())
			return
		}
	}
	p.Pending = append(p.Pending, Allocation{Document: d.ID, Number: d.Number, Amount: money.FromMinor(minor, p.Amount.Currency())})
}

// catchUp gives a document that has room again, or more of it, what payments of
// the ERP have pending for it.
func (s *Service) catchUp(ctx context.Context, tx Tx, a access.Actor, id ID) error {
	page := uow.PageRequest{Limit: uow.MaxPage}
	for {
		found, err := tx.Payments().Find(ctx, PaymentQuery{Document: id, States: []order.PaymentState{order.PaymentConfirmed}, Sort: OldestFirst, Page: page})
		if err != nil {
			return err
		}
		for _, p := range found.Rows {
			if err := s.fulfil(ctx, tx, a, p, id); err != nil {
				return err
			}
		}
		if page.After = found.Next; page.After == "" {
			return nil
		}
	}
}

// fulfil gives a document what a payment has pending for it, as far as both go.
func (s *Service) fulfil(ctx context.Context, tx Tx, a access.Actor, p Payment, id ID) error {
	i := slices.IndexFunc(p.Pending, func(al Allocation) bool { return al.Document == id })
	if i < 0 {
		return nil
	}
	d, err := tx.Invoices().Get(ctx, id)
	if err != nil {
		return err
	}
	want := p.Pending[i].Amount.Minor()
	n := min(want, d.free(), p.Amount.Minor()-p.allocated())
	if d.Void || d.Kind != p.Direction.pays() || !p.fits(d) || n <= 0 {
		return nil
	}
	p.Pending = slices.Clone(p.Pending)
	if p.Pending[i].Amount = money.FromMinor(want-n, d.Currency); n == want {
		p.Pending = slices.Delete(p.Pending, i, i+1)
	}
	if len(p.Pending) == 0 {
		p.Pending, p.ERP.Problem = nil, ""
	}
	if err := s.give(ctx, tx, a, &p, &d, n); err != nil {
		return err
	}
	s.note(&p, a, "erp", p.State, partner.Date{}, d.Number)
	_, err = s.savePayment(ctx, tx, p, allocated(p, a))
	return err
}

// pays is the kind of document that money of a direction settles.
func (x Direction) pays() Kind {
	if x == Refund {
		return CreditNote
	}
	return Invoice
}

// freed gives what a reported payment paid before and pays no more to the
// payments of the ERP that wait for it.
func (s *Service) freed(ctx context.Context, tx Tx, a access.Actor, before, now Payment) (Payment, error) {
	if before.State != order.PaymentConfirmed || now.Version == before.Version {
		return now, nil
	}
	less := slices.DeleteFunc(slices.Clone(before.Allocations), func(al Allocation) bool {
		return now.State == order.PaymentConfirmed && slices.ContainsFunc(now.Allocations, func(x Allocation) bool {
			return x.Document == al.Document && x.Amount.Minor() >= al.Amount.Minor()
		})
	})
	if err := s.catchUpAll(ctx, tx, a, less); err != nil {
		return Payment{}, err
	}
	return tx.Payments().Get(ctx, now.ID)
}

// catchUpAll is catchUp for the documents of allocations that ended.
func (s *Service) catchUpAll(ctx context.Context, tx Tx, a access.Actor, ended []Allocation) error {
	for _, al := range ended {
		if al.Document == "" {
			continue
		}
		if err := s.catchUp(ctx, tx, a, al.Document); err != nil {
			return err
		}
	}
	return nil
}
