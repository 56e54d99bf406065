package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// arrive lets confirmed money do what it is for: that of a customer serves the
// invoices in the order of the allocations, each with at most what it has left
// and the payment has; a refund has been paid back.
func (s *Service) arrive(ctx context.Context, tx Tx, a access.Actor, p *Payment) error {
	if p.Direction == Refund {
		return s.repay(ctx, tx, a, p)
	}
	wishes := p.Allocations
	p.Allocations = nil
	for _, al := range wishes {
		d, err := tx.Invoices().Get(ctx, al.Document)
		if err != nil {
			return err
		}
		if d.Void || d.Kind != Invoice || !p.fits(d) {
			continue
		}
		if err := s.give(ctx, tx, a, p, &d, min(al.Amount.Minor(), d.left(), p.rest())); err != nil {
			return err
		}
	}
	return nil
}

// give moves minor units from a confirmed payment to a document.
func (s *Service) give(ctx context.Context, tx Tx, a access.Actor, p *Payment, d *Document, minor int64) error {
	was := d.left()
	d.Payment = p.State
	if minor > 0 {
		d.add(&d.Paid, minor)
		p.allot(d, minor)
		if p.Buyer == "" {
			p.Buyer = d.Buyer.ID
		}
	}
	return s.settle(ctx, tx, a, d, was)
}

// unpay takes an allocation's money from its document. A document that no
// payment covers any more and that none is on its way to has no payment state.
func (s *Service) unpay(ctx context.Context, tx Tx, a access.Actor, p Payment, al Allocation) error {
	d, err := tx.Invoices().Get(ctx, al.Document)
	if err != nil {
		return err
	}
	was := d.left()
	d.add(&d.Paid, -al.Amount.Minor())
	switch {
	case p.State != order.PaymentConfirmed:
		d.Payment = p.State
	case d.Paid.IsZero():
		d.Payment = ""
	}
	return s.settle(ctx, tx, a, &d, was)
}

// bounce takes back what a confirmed payment did. The payment keeps its
// allocations, for the record of what it had paid; they count no more.
func (s *Service) bounce(ctx context.Context, tx Tx, a access.Actor, p Payment) error {
	for _, al := range p.Allocations {
		if al.Document == "" {
			continue
		}
		if err := s.unpay(ctx, tx, a, p, al); err != nil {
			return err
		}
	}
	return s.unreserve(ctx, tx, p)
}

// promise reserves what a refund is to pay back.
func (s *Service) promise(ctx context.Context, tx Tx, a access.Actor, p Payment, d *Document) error {
	d.add(&d.Promised, p.Amount.Minor())
	d.Payment = p.State
	return s.settle(ctx, tx, a, d, d.left())
}

// free gives back what a refund that will not be paid had reserved.
func (s *Service) free(ctx context.Context, tx Tx, a access.Actor, p Payment) error {
	for _, al := range p.Allocations {
		if al.Document == "" {
			continue
		}
		d, err := tx.Invoices().Get(ctx, al.Document)
		if err != nil {
			return err
		}
		d.keepPromised(-al.Amount.Minor())
		d.Payment = p.State
		if err := s.settle(ctx, tx, a, &d, d.left()); err != nil {
			return err
		}
	}
	return s.unreserve(ctx, tx, p)
}

// keepPromised changes Promised; zero is stored as none.
func (d *Document) keepPromised(minor int64) {
	d.add(&d.Promised, minor)
	if d.Promised.IsZero() {
		d.Promised = money.Amount{}
	}
}

// repay turns the promise of a refund into money paid back.
func (s *Service) repay(ctx context.Context, tx Tx, a access.Actor, p *Payment) error {
	for i := range p.Allocations {
		al := &p.Allocations[i]
		if al.Document == "" {
			al.On = p.Date
			continue
		}
		d, err := tx.Invoices().Get(ctx, al.Document)
		if err != nil {
			return err
		}
		was := d.left()
		d.keepPromised(-al.Amount.Minor())
		d.add(&d.Paid, al.Amount.Minor())
		d.Payment, al.On = p.State, later(p.Date, d.Issued)
		if err := s.settle(ctx, tx, a, &d, was); err != nil {
			return err
		}
	}
	return nil
}

// unreserve tells the payment that a refund was to be paid from that its rest
// is free again.
func (s *Service) unreserve(ctx context.Context, tx Tx, p Payment) error {
	if p.Direction != Refund {
		return nil
	}
	for _, al := range p.Allocations {
		if al.Payment == "" {
			continue
		}
		src, err := tx.Payments().Get(ctx, al.Payment)
		if err != nil {
			return err
		}
		src.unreserve(p.ID)
		src.UpdatedAt = s.now()
		if _, err := s.savePayment(ctx, tx, src); err != nil {
			return err
		}
	}
	return nil
}

// sourceGap says why what an open refund is to pay back is not there any more:
// the payment bounced, or the ERP voided the credit note.
func (s *Service) sourceGap(ctx context.Context, tx Tx, p Payment) ([]fsm.Problem, error) {
	if p.Direction != Refund || !p.open() {
		return nil, nil
	}
	gone := func(number string) []fsm.Problem {
		return []fsm.Problem{{Path: "payment", Code: "billing.left", Message: number + " does not cover the refund any more"}}
	}
	for _, al := range p.Allocations {
		switch {
		case al.Document != "":
			d, err := tx.Invoices().Get(ctx, al.Document)
			if err != nil || d.Void || !p.fits(d) || d.Promised.Minor() < al.Amount.Minor() || d.left() < al.Amount.Minor() {
				return gone(al.Number), err
			}
		default:
			src, err := tx.Payments().Get(ctx, al.Payment)
			if err != nil || src.State != order.PaymentConfirmed {
				return gone(al.Number), err
			}
		}
	}
	return nil, nil
}
