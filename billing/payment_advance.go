package billing

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// PaymentAdvanceInput asks to fire one trigger of a payment's life cycle.
type PaymentAdvanceInput struct {
	Key     string         `json:"key,omitempty"`
	Payment PaymentID      `json:"payment"`
	Version int64          `json:"version,omitempty"` // 0 expects any
	On      PaymentTrigger `json:"on"`
	// Date is the day the money was there, or was taken back; zero is today.
	// It is not after today, and a payment is not taken back before it was
	// there. Other triggers take none.
	Date partner.Date `json:"date,omitzero"`
	// Cheque is the number of the cheque where it was not known before.
	Cheque string `json:"cheque,omitempty"`
	// Reason is needed to refuse and for a technical error.
	Reason string `json:"reason,omitempty"`
}

// Advance fires one trigger on a payment or refund: Process, Confirm, Refuse,
// Fail or Cancel.
//
// Confirmed money settles what the payment is for: each invoice, in the order
// of the allocations, takes its part but never more than it has left, and what
// remains is credit owed. All of it, the orders included, is one transaction. A
// confirmed payment that is refused (it bounced) gives everything back. A
// confirmed refund has left; one that is refused, cancelled or bounced frees
// the credit that it was promised from. A confirmed payment that was recorded
// here is brought to the ERP.
//
// Errors, in the order of the checks: ErrNoPayment; uow.ErrKeyReused;
// uow.ErrVersion; ErrMirror for a payment that the ERP keeps;
// *fsm.IllegalTransition (Precondition); access.ErrForbidden or *fsm.RoleError
// (Forbidden); *fsm.GuardError (Precondition) with every problem, among them
// billing.cheque_number and billing.left; ErrInvalid for the date, the cheque
// or the reason.
func (s *Service) Advance(ctx context.Context, a access.Actor, in PaymentAdvanceInput) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.AdvanceTx(ctx, tx, a, in) })
}

// AdvanceTx is Advance inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) AdvanceTx(ctx context.Context, tx Tx, a access.Actor, in PaymentAdvanceInput) (Payment, error) {
	p, err := s.seePayment(ctx, tx, a, in.Payment)
	if err != nil {
		return Payment{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("advance_payment", a), in.Key, in, func() (Payment, error) {
		if err := paymentAt(p, in.Version); err != nil {
			return Payment{}, err
		}
		if p.Mirror() {
			return Payment{}, ErrMirror
		}
		return s.advance(ctx, tx, a, p, in)
	})
}

func (s *Service) advance(ctx context.Context, tx Tx, a access.Actor, p Payment, in PaymentAdvanceInput) (Payment, error) {
	if in.Cheque != "" && p.Cheque == "" {
		p.Cheque = in.Cheque
	}
	step, err := s.decide(ctx, tx, a, p, in)
	if err != nil {
		return Payment{}, err
	}
	if in.Date.IsZero() {
		in.Date = s.today()
	}
	if err := in.check(p, step.To, s.today()); err != nil {
		return Payment{}, err
	}
	return s.move(ctx, tx, a, p, step.To, in)
}

// decide asks table, permission and guards.
func (s *Service) decide(ctx context.Context, tx Tx, a access.Actor, p Payment, in PaymentAdvanceInput) (fsm.Step[order.PaymentState], error) {
	facts := PaymentFacts{Direction: p.Direction, Reason: in.Reason, Cheque: p.chequeGap()}
	var err error
	if facts.Source, err = s.sourceGap(ctx, tx, p); err != nil {
		return fsm.Step[order.PaymentState]{}, err
	}
	step, err := paymentLife.Next(p.State, in.On, a.Roles, facts)
	if errors.Is(err, fsm.ErrIllegalTransition) {
		return step, err
	}
	if act := PaymentActionOf(in.On); !s.mayDo(a, act, p.owner()) {
		return step, access.Denied(act)
	}
	return step, err
}

// mayDo lets machines settle with payment.report: they say what a bank said.
func (s *Service) mayDo(a access.Actor, act access.Action, of access.Owner) bool {
	return s.policy.May(a, act, of) || act == access.PaymentSettle && s.policy.May(a, access.PaymentReport, of)
}

func (in PaymentAdvanceInput) check(p Payment, to order.PaymentState, today partner.Date) error {
	var is fault.Issues
	if in.Date.After(today) {
		is.Add("date", "date.future", "%s is not here yet", in.Date)
	}
	if p.State == order.PaymentConfirmed && in.Date.Before(p.Date) {
		is.Add("date", "date.before", "the money was there on %s", p.Date)
	}
	if to != order.PaymentConfirmed && p.State != order.PaymentConfirmed && in.Date != today {
		is.Add("date", "date.none", "no money moves with this step")
	}
	check.Line(&is, "cheque", in.Cheque, maxCheque)
	if in.Cheque != "" && (p.Method != Cheque || in.Cheque != p.Cheque) {
		is.Add("cheque", "billing.cheque_number", "is no cheque, or has another number already")
	}
	check.Note(&is, "reason", in.Reason, order.ReasonMax)
	return is.Err(ErrInvalid)
}

// move brings a payment into another state with all that follows from it.
func (s *Service) move(ctx context.Context, tx Tx, a access.Actor, p Payment, to order.PaymentState, in PaymentAdvanceInput) (Payment, error) {
	from := p.State
	p.State = to
	var on partner.Date
	var err error
	switch {
	case to == order.PaymentConfirmed:
		on, p.Date = in.Date, in.Date
		err = s.arrive(ctx, tx, a, &p)
	case from == order.PaymentConfirmed:
		on = in.Date
		err = s.bounce(ctx, tx, a, p)
	case p.Direction == Refund && !p.open():
		err = s.free(ctx, tx, a, p)
	default:
		err = s.mark(ctx, tx, a, p)
	}
	if err != nil {
		return Payment{}, err
	}
	s.note(&p, a, string(in.On), from, on, in.Reason)
	fact := PaymentAdvanced{AboutPayment: aboutPayment(p, a), From: from, To: to, Amount: p.Amount, On: on, Reason: in.Reason}
	if p.rest() > 0 {
		fact.Rest = p.Rest()
	}
	saved, err := s.keep(ctx, tx, p, from, fact)
	if ended := !p.open() && to != order.PaymentConfirmed; err != nil || !ended || from != order.PaymentConfirmed && p.Direction != Refund {
		return saved, err // nothing has room again
	}
	return saved, s.catchUpAll(ctx, tx, a, p.Allocations)
}

// keep saves a payment that moved; one that is newly confirmed is brought to
// the ERP, unless it is there already.
func (s *Service) keep(ctx context.Context, tx Tx, p Payment, from order.PaymentState, facts ...event.Payload) (Payment, error) {
	saved, err := s.savePayment(ctx, tx, p, facts...)
	if err != nil || saved.ERP.ID != "" || from == order.PaymentConfirmed || saved.State != order.PaymentConfirmed {
		return saved, err
	}
	return saved, s.push(ctx, tx, saved)
}
