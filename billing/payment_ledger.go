package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// mirrored is the first step of a payment that the ERP keeps.
const mirrored = "mirrored"

// Mirror reports whether the ERP keeps the payment and ours is a copy.
func (p Payment) Mirror() bool { return len(p.History) > 0 && p.History[0].What == mirrored }

// Rest is what a confirmed payment of a customer leaves after what it pays and
// what refunds of it promise or paid back: credit owed. It is zero in every
// other state, and of a refund.
func (p Payment) Rest() money.Amount { return money.FromMinor(p.rest(), p.Amount.Currency()) }

func (p *Payment) rest() int64 {
	if p.State != order.PaymentConfirmed || p.Direction != Incoming {
		return 0
	}
	return max(0, p.Amount.Minor()-p.allocated())
}

func (p *Payment) allocated() int64 {
	var sum int64 // at most Amount
	for i := range p.Allocations {
		sum += p.Allocations[i].Amount.Minor()
	}
	return sum
}

// open reports whether a payment may still come to be confirmed.
func (p *Payment) open() bool {
	return p.State == order.PaymentAwaiting || p.State == order.PaymentProcessing || p.State == order.PaymentError
}

func (p Payment) account() account {
	return account{p.Seller, p.Partner, p.Buyer, p.Amount.Currency()}
}

func (p Payment) owner() access.Owner { return access.Owner{Partner: p.Partner} }

// fits reports whether the payment and the document count in one account. A
// payment of which nobody said which legal entity made it fits those of its
// partner.
func (p Payment) fits(d Document) bool {
	acc := p.account()
	if acc.buyer == "" {
		acc.buyer = d.Buyer.ID
	}
	return acc == d.account()
}

// allot adds a part for a document to the allocations; parts for one document
// are one.
func (p *Payment) allot(d *Document, minor int64) {
	amount := money.FromMinor(minor, d.Currency)
	on := later(p.Date, d.Issued)
	for i := range p.Allocations {
		if al := &p.Allocations[i]; al.Document == d.ID {
			d.add(&al.Amount, minor)
			al.On = on
			return
		}
	}
	p.Allocations = append(p.Allocations, Allocation{Document: d.ID, Number: d.Number, Amount: amount, On: on})
}

// note appends one step to the history.
func (s *Service) note(p *Payment, a access.Actor, what string, from order.PaymentState, on partner.Date, text string) {
	now := s.now()
	p.History = append(p.History, PaymentStep{At: now, By: a.Stamp(), What: what, From: from, To: p.State, On: on, Note: text})
	p.UpdatedAt = now
}

// seePayment reads a payment as the actor sees it: what is not visible is not
// found.
func (s *Service) seePayment(ctx context.Context, tx Tx, a access.Actor, id PaymentID) (Payment, error) {
	p, err := tx.Payments().Get(ctx, id)
	if err != nil {
		return Payment{}, err
	}
	if !s.policy.May(a, access.PaymentRead, p.owner()) {
		return Payment{}, ErrNoPayment
	}
	return p, nil
}

// paymentAt refuses a version that the caller did not expect; 0 expects any.
func paymentAt(p Payment, version int64) error {
	if version != 0 && version != p.Version {
		return uow.Conflict(PaymentDocKind, string(p.ID), version, p.Version)
	}
	return nil
}

// savePayment writes a payment and tells the world.
func (s *Service) savePayment(ctx context.Context, tx Tx, p Payment, facts ...event.Payload) (Payment, error) {
	saved, err := tx.Payments().Save(ctx, p)
	if err != nil {
		return Payment{}, err
	}
	return saved, s.tell(ctx, tx, event.Facts, PaymentDocKind+"/"+string(saved.ID), saved.Version, facts...)
}

// push asks the relay to book the payment in the ERP.
func (s *Service) push(ctx context.Context, tx Tx, p Payment) error {
	return s.tell(ctx, tx, event.ERP, PaymentDocKind+"/"+string(p.ID), p.Version, PaymentPushRequested{Payment: p.ID})
}

// mark writes the state of a payment onto the documents that it is for, as
// their last.
func (s *Service) mark(ctx context.Context, tx Tx, a access.Actor, p Payment) error {
	for _, al := range p.Allocations {
		if al.Document == "" {
			continue
		}
		d, err := tx.Invoices().Get(ctx, al.Document)
		if err != nil {
			return err
		}
		if d.Payment == p.State {
			continue
		}
		d.Payment = p.State
		if err := s.settle(ctx, tx, a, &d, d.left()); err != nil {
			return err
		}
	}
	return nil
}

// chequeGap is what a payment lacks as a cheque.
func (p Payment) chequeGap() []fsm.Problem {
	if p.Method == Cheque && p.Cheque == "" {
		return []fsm.Problem{{Path: "cheque", Code: "billing.cheque_number", Message: "a cheque needs its number"}}
	}
	return nil
}

// reserve tells the payment whose rest a refund pays back of the refund.
func (p *Payment) reserve(refund Payment, amount money.Amount, on partner.Date) {
	p.Allocations = append(p.Allocations, Allocation{Payment: refund.ID, Number: refund.Number, Amount: amount, On: on})
}

// unreserve takes that back.
func (p *Payment) unreserve(refund PaymentID) {
	p.Allocations = slices.DeleteFunc(p.Allocations, func(al Allocation) bool { return al.Payment == refund })
}
