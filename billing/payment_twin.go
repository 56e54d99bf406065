package billing

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// ReportPaymentTwin records what the relay learned of the twin of a payment of
// ours. Empty ID, Number and State and a lower Sequence leave what is known;
// SentAt and Problem are as given: a relay gives SentAt before a push leaves
// and none once it was answered. A SentAt is a claim: of two for one push the
// second is refused, unless it brings the Problem of the first. A report without
// the id of a twin that is known is about a push that is over, and changes
// nothing. Reporting the same again changes nothing otherwise.
//
// Errors: ErrNoPayment; access.ErrForbidden without payment.report; ErrMirror
// for a payment that the ERP keeps; order.ErrSending for a claim while another
// push is open or the twin is known; ErrPaymentExists when another payment has
// the twin, or this one has another.
func (s *Service) ReportPaymentTwin(ctx context.Context, a access.Actor, id PaymentID, t order.Twin) (Payment, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Payment, error) { return s.ReportPaymentTwinTx(ctx, tx, a, id, t) })
}

// ReportPaymentTwinTx is ReportPaymentTwin inside a transaction of the
// caller's.
func (s *Service) ReportPaymentTwinTx(ctx context.Context, tx Tx, a access.Actor, id PaymentID, t order.Twin) (Payment, error) {
	p, err := s.seePayment(ctx, tx, a, id)
	if err != nil {
		return Payment{}, err
	}
	if !s.policy.May(a, access.PaymentReport, p.owner()) {
		return Payment{}, access.Denied(access.PaymentReport)
	}
	if p.Mirror() {
		return Payment{}, ErrMirror
	}
	before := p.ERP
	if err := claim(before, t, p.Number); err != nil {
		return Payment{}, err
	}
	if another(before, t) {
		return Payment{}, ErrPaymentExists.With("%s is %s in the ERP, not %s", p.Number, before.ID, t.ID)
	}
	if over(before, t) {
		return p, nil
	}
	p.link(t, t.Problem, s)
	p.ERP.SentAt = clock.Cut(t.SentAt)
	return s.saveTwin(ctx, tx, a, p, before)
}

// saveTwin saves a payment of which the ERP's side changed, and other facts
// with it; nothing when nothing did.
func (s *Service) saveTwin(ctx context.Context, tx Tx, a access.Actor, p Payment, before order.Twin, facts ...event.Payload) (Payment, error) {
	now := p.ERP
	before.At = now.At
	if now == before && len(facts) == 0 {
		return tx.Payments().Get(ctx, p.ID)
	}
	if now.ID != before.ID || now.Number != before.Number || now.State != before.State || now.Problem != before.Problem {
		facts = append(facts, PaymentLinked{AboutPayment: aboutPayment(p, a), ERPID: now.ID, ERPNo: now.Number, State: now.State, Problem: now.Problem})
	}
	p.UpdatedAt = s.now()
	return s.savePayment(ctx, tx, p, facts...)
}

// comeBack links a payment of ours to the twin that the ERP tells of and lets
// it follow as far as that is possible.
func (s *Service) comeBack(ctx context.Context, tx Tx, a access.Actor, p Payment, in PaymentReport, docs []Document) (Payment, error) {
	before := p.ERP
	p.ERP.ID = in.Twin.ID // it is there already and need not be brought
	var problems []string
	if in.Amount != p.Amount || in.Direction != p.Direction {
		problems = append(problems, "the ERP has "+string(in.Direction)+" of "+in.Amount.String())
	}
	p, problem, err := s.followERP(ctx, tx, a, p, in)
	if err != nil {
		return Payment{}, err
	}
	if problem != "" {
		problems = append(problems, problem)
	}
	var facts []event.Payload
	if p.State == order.PaymentConfirmed && p.Direction == Incoming {
		more, added, err := s.adopt(ctx, tx, a, &p, in, docs)
		if err != nil {
			return Payment{}, err
		}
		problems = append(problems, more...)
		if added {
			facts = append(facts, allocated(p, a))
		}
	}
	p.link(in.Twin, strings.Join(problems, "; "), s)
	p.ERP.SentAt = time.Time{} // what comes back has arrived
	return s.saveTwin(ctx, tx, a, p, before, facts...)
}

// triggers lead from the ERP's word for a state to ours.
var triggers = map[order.PaymentState]PaymentTrigger{
	order.PaymentProcessing: Process, order.PaymentConfirmed: Confirm, order.PaymentRefused: Refuse,
	order.PaymentError: Fail, order.PaymentCancelled: Cancel,
}

// followERP moves a payment of ours into the state that the ERP tells of, if
// the life cycle has a way there, and else says what differs. That the ERP is
// behind (it has no later state yet) is no difference.
func (s *Service) followERP(ctx context.Context, tx Tx, a access.Actor, p Payment, in PaymentReport) (Payment, string, error) {
	if in.State == p.State || in.State == order.PaymentAwaiting || in.State == order.PaymentProcessing && !p.open() {
		return p, "", nil
	}
	move := PaymentAdvanceInput{Payment: p.ID, On: triggers[in.State], Date: in.Date, Reason: "as the ERP says"}
	back := p.State == order.PaymentConfirmed
	if back {
		move.Date = in.Back
	}
	if today := s.today(); move.Date.IsZero() || move.Date.After(today) {
		move.Date = today
	}
	if back {
		move.Date = later(move.Date, p.Date)
	}
	facts := PaymentFacts{Direction: p.Direction, Reason: move.Reason}
	var err error
	if facts.Source, err = s.sourceGap(ctx, tx, p); err != nil {
		return p, "", err
	}
	step, err := paymentLife.Next(p.State, move.On, []access.Role{access.Operator}, facts)
	if errors.Is(err, fsm.ErrIllegalTransition) || errors.Is(err, fsm.ErrGuard) {
		return p, "the ERP has it " + string(in.State) + ", here it is " + string(p.State), nil
	}
	if err != nil {
		return p, "", err
	}
	out, err := s.move(ctx, tx, a, p, step.To, move)
	return out, "", err
}

// adopt adds the allocations that the ERP made beyond ours, as far as payment
// and documents have something left.
func (s *Service) adopt(ctx context.Context, tx Tx, a access.Actor, p *Payment, in PaymentReport, docs []Document) (problems []string, added bool, err error) {
	told := map[ID]int64{}
	for i, al := range in.Allocations {
		told[docs[i].ID] += al.Amount.Minor()
	}
	for _, al := range p.Allocations {
		told[al.Document] -= al.Amount.Minor()
	}
	for _, doc := range docs {
		more := told[doc.ID]
		told[doc.ID] = 0
		if more <= 0 {
			continue
		}
		d, err := tx.Invoices().Get(ctx, doc.ID)
		if err != nil {
			return nil, false, err
		}
		n := min(more, d.free(), p.rest())
		if d.Kind != Invoice || d.Void || !p.fits(d) || n <= 0 {
			n = 0
		} else if err := s.give(ctx, tx, a, p, &d, n); err != nil {
			return nil, false, err
		} else {
			added = true
			s.note(p, a, "erp", p.State, partner.Date{}, "")
		}
		if n < more {
			problems = append(problems, "the ERP gives "+money.FromMinor(more-n, d.Currency).String()+" more to "+d.Number)
		}
	}
	return problems, added, nil
}
