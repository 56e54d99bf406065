package billing

import (
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// AllocateInput gives money that a confirmed payment has left to invoices.
type AllocateInput struct {
	Key     string    `json:"key,omitempty"`
	Payment PaymentID `json:"payment"`
	Version int64     `json:"version,omitempty"` // 0 expects any
	// Invoices are served in this order.
	Invoices []PayFor `json:"invoices"`
}

// Allocate gives what a confirmed payment has left to invoices, in one
// transaction with their orders. It counts from the later of the day of payment
// and the issue date on, so that it does not matter when somebody got to it.
//
// Errors, in the order of the checks: ErrNoPayment; ErrNotFound;
// uow.ErrKeyReused; uow.ErrVersion; ErrMirror for a payment that the ERP keeps;
// ErrUnconfirmed for one that is not confirmed, and for a refund;
// access.ErrForbidden without payment.settle; ErrInvalid with every issue, among
// them billing.left for more than an invoice or the payment has left.
func (s *Service) Allocate(ctx context.Context, a access.Actor, in AllocateInput) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.AllocateTx(ctx, tx, a, in) })
}

// AllocateTx is Allocate inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) AllocateTx(ctx context.Context, tx Tx, a access.Actor, in AllocateInput) (Payment, error) {
	p, err := s.seePayment(ctx, tx, a, in.Payment)
	if err != nil {
		return Payment{}, err
	}
	docs, err := s.seeAll(ctx, tx, a, in.Invoices)
	if err != nil {
		return Payment{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("allocate", a), in.Key, in, func() (Payment, error) {
		if err := s.mayAllocate(a, p, in.Version); err != nil {
			return Payment{}, err
		}
		given, err := in.parts(p, docs)
		if err != nil {
			return Payment{}, err
		}
		for i := range docs {
			if err := s.give(ctx, tx, a, &p, &docs[i], given[i]); err != nil {
				return Payment{}, err
			}
		}
		s.note(&p, a, "allocated", p.State, partner.Date{}, "")
		return s.savePayment(ctx, tx, p, allocated(p, a))
	})
}

func allocated(p Payment, a access.Actor) PaymentAllocated {
	return PaymentAllocated{AboutPayment: aboutPayment(p, a), Allocations: p.Allocations, Rest: p.Rest()}
}

// mayAllocate checks version, state and permission, in this order.
func (s *Service) mayAllocate(a access.Actor, p Payment, version int64) error {
	if err := paymentAt(p, version); err != nil {
		return err
	}
	switch {
	case p.Mirror():
		return ErrMirror
	case p.Direction != Incoming || p.State != order.PaymentConfirmed:
		return ErrUnconfirmed.With("%s %s is %s", p.Direction, p.Number, p.State)
	case !s.policy.May(a, access.PaymentSettle, p.owner()):
		return access.Denied(access.PaymentSettle)
	}
	return nil
}

// parts are what each invoice gets, or ErrInvalid with all that does not fit.
func (in AllocateInput) parts(p Payment, docs []Document) ([]int64, error) {
	var is fault.Issues
	if len(docs) == 0 {
		is.Add("invoices", "required", "name the invoices")
	}
	out := make([]int64, len(docs))
	rest, seen := p.rest(), map[ID]bool{}
	for i, d := range docs {
		path := fmt.Sprintf("invoices[%d]", i)
		if p.payable(&is, path, d, seen) {
			out[i] = portion(&is, path+".amount", in.Invoices[i].Amount, d, rest)
			rest -= out[i]
		}
	}
	return out, is.Err(ErrInvalid)
}

// portion is what an invoice gets of the rest of a payment: what was asked for,
// or for none as much as both have left. What does not fit is noted.
func portion(is *fault.Issues, path string, want money.Amount, d Document, rest int64) int64 {
	n := want.Minor()
	if want.IsNone() {
		n = min(rest, d.left())
	} else {
		checkAmount(is, path, want, d.Currency)
	}
	switch {
	case n > d.left() || d.left() == 0:
		is.Add(path, "billing.left", "%s has %s left", d.Number, d.Left())
		return 0
	case n > rest || rest == 0:
		is.Add(path, "billing.left", "the payment has %s left", money.FromMinor(rest, d.Currency))
		return 0
	}
	return max(n, 0)
}

// UnallocateInput takes money back from an invoice.
type UnallocateInput struct {
	Key     string    `json:"key,omitempty"`
	Payment PaymentID `json:"payment"`
	Version int64     `json:"version,omitempty"` // 0 expects any
	// Document is the invoice; "" takes back from all.
	Document ID     `json:"document,omitempty"`
	Reason   string `json:"reason"` // 1 to 2000 characters
}

// Unallocate takes what a confirmed payment gave to an invoice, or to all, back
// to the payment, as if it had never been given; the history keeps that it
// was.
//
// Errors, in the order of the checks: ErrNoPayment; uow.ErrKeyReused;
// uow.ErrVersion; ErrMirror; ErrUnconfirmed; access.ErrForbidden without
// payment.settle; ErrInvalid without a reason; ErrLeft when nothing is
// allocated there.
func (s *Service) Unallocate(ctx context.Context, a access.Actor, in UnallocateInput) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.UnallocateTx(ctx, tx, a, in) })
}

// UnallocateTx is Unallocate inside a transaction of the caller's. An error
// means that the transaction has to be abandoned.
func (s *Service) UnallocateTx(ctx context.Context, tx Tx, a access.Actor, in UnallocateInput) (Payment, error) {
	p, err := s.seePayment(ctx, tx, a, in.Payment)
	if err != nil {
		return Payment{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("unallocate", a), in.Key, in, func() (Payment, error) {
		if err := s.mayAllocate(a, p, in.Version); err != nil {
			return Payment{}, err
		}
		var is fault.Issues
		needNote(&is, "reason", in.Reason, order.ReasonMax)
		if err := is.Err(ErrInvalid); err != nil {
			return Payment{}, err
		}
		before := p.Allocations
		if err := s.take(ctx, tx, a, &p, in.Document); err != nil {
			return Payment{}, err
		}
		if len(p.Allocations) == len(before) {
			return Payment{}, ErrLeft.With("payment %s gave nothing there", p.Number)
		}
		s.note(&p, a, "unallocated", p.State, partner.Date{}, in.Reason)
		saved, err := s.savePayment(ctx, tx, p, allocated(p, a))
		if err != nil {
			return Payment{}, err
		}
		return saved, s.catchUpAll(ctx, tx, a, before)
	})
}

// take gives what an invoice got back to the payment, of all invoices for "".
func (s *Service) take(ctx context.Context, tx Tx, a access.Actor, p *Payment, from ID) error {
	kept := make([]Allocation, 0, len(p.Allocations))
	for _, al := range p.Allocations {
		if al.Document == "" || from != "" && al.Document != from {
			kept = append(kept, al)
			continue
		}
		if err := s.unpay(ctx, tx, a, *p, al); err != nil {
			return err
		}
	}
	p.Allocations = slices.Clip(kept)
	return nil
}
