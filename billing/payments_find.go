package billing

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

// GetPayment returns one payment or refund; ErrNoPayment when there is none
// that the actor sees.
func (s *Service) GetPayment(ctx context.Context, a access.Actor, id PaymentID) (Payment, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.GetPaymentTx(ctx, tx, a, id) })
}

// GetPaymentTx is GetPayment inside a transaction of the caller's.
func (s *Service) GetPaymentTx(ctx context.Context, tx Tx, a access.Actor, id PaymentID) (Payment, error) {
	return s.seePayment(ctx, tx, a, id)
}

// FindPayments lists payments and refunds, one page at a time. The partner
// side sees its own only, whatever the query says. Bad queries are ErrInvalid
// with every issue, or uow.ErrPage.
func (s *Service) FindPayments(ctx context.Context, a access.Actor, q PaymentQuery) (uow.Page[Payment], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Payment], error) { return s.FindPaymentsTx(ctx, tx, a, q) })
}

// FindPaymentsTx is FindPayments inside a transaction of the caller's.
func (s *Service) FindPaymentsTx(ctx context.Context, tx Tx, a access.Actor, q PaymentQuery) (uow.Page[Payment], error) {
	if !s.policy.Everywhere(a, access.PaymentRead) {
		own := access.Owner{Partner: a.Partner}
		if !s.policy.May(a, access.PaymentRead, own) || q.Partner != "" && q.Partner != a.Partner {
			return uow.EmptyPage[Payment](q.Page), nil
		}
		q.Partner = a.Partner
	}
	if err := q.check(); err != nil {
		return uow.Page[Payment]{}, err
	}
	return tx.Payments().Find(ctx, q)
}

func (q PaymentQuery) check() error {
	var is fault.Issues
	for _, st := range q.States {
		if !paymentLife.Has(st) {
			is.Add("states", "unknown", "%q is no state of a payment", st)
		}
	}
	if q.Direction != "" && q.Direction != Incoming && q.Direction != Refund {
		is.Add("direction", "unknown", "%q is no direction", q.Direction)
	}
	if q.Sort != NewestFirst && q.Sort != OldestFirst {
		is.Add("sort", "unknown", "%q is no order of payments", q.Sort)
	}
	if !q.From.IsZero() && !q.Until.IsZero() && q.Until.Before(q.From) {
		is.Add("until", "range", "is before from")
	}
	return is.Err(ErrInvalid)
}

// AllowedPayment answers what the actor may do with a payment now, and for
// what it may not do yet, why: the buttons of a portal. The reason that some
// triggers need is taken as given. Of a payment that the ERP keeps there is
// nothing to do.
func (s *Service) AllowedPayment(ctx context.Context, a access.Actor, id PaymentID) ([]fsm.Option[order.PaymentState, PaymentTrigger], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) ([]fsm.Option[order.PaymentState, PaymentTrigger], error) {
		p, err := s.seePayment(ctx, tx, a, id)
		if err != nil || p.Mirror() {
			return nil, err
		}
		facts := PaymentFacts{Direction: p.Direction, Reason: "given", Cheque: p.chequeGap()}
		if facts.Source, err = s.sourceGap(ctx, tx, p); err != nil {
			return nil, err
		}
		all := paymentLife.Allowed(p.State, a.Roles, facts)
		return slices.DeleteFunc(all, func(opt fsm.Option[order.PaymentState, PaymentTrigger]) bool {
			return !s.mayDo(a, PaymentActionOf(opt.On), p.owner())
		}), nil
	})
}
