package billing

import (
	"context"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// mirrorPayment writes what the ERP says over what was known.
func (s *Service) mirrorPayment(ctx context.Context, tx Tx, a access.Actor, p Payment, in PaymentReport, docs []Document) (Payment, error) {
	if p.Version > 0 && in.same(p, docs) {
		before := p.ERP
		p.link(in.Twin, "", s)
		return s.saveTwin(ctx, tx, a, p, before)
	}
	before := p
	in.into(&p)
	if err := s.numberMirror(ctx, tx, &p, before); err != nil {
		return Payment{}, err
	}
	problems, err := s.reapply(ctx, tx, a, &p, before, in, docs)
	if err != nil {
		return Payment{}, err
	}
	p.link(in.Twin, strings.Join(problems, "; "), s)
	if p.Version == 0 {
		p.ID, p.CreatedBy, p.CreatedAt = PaymentID(s.newID()), a.Stamp(), s.now()
	}
	s.step(&p, a, before, in)
	facts := []event.Payload{PaymentMirrored{AboutPayment: aboutPayment(p, a), State: p.State, Amount: p.Amount, Date: p.Date, Rest: p.Rest(), ERPID: p.ERP.ID}}
	if p.Version > 0 && before.State != p.State {
		last := p.History[len(p.History)-1]
		facts = append(facts, PaymentAdvanced{AboutPayment: aboutPayment(p, a), From: before.State, To: p.State, Amount: p.Amount, On: last.On})
	}
	return s.savePayment(ctx, tx, p, facts...)
}

// same reports whether a report says nothing new of a mirror, beyond its
// sequence.
func (in PaymentReport) same(p Payment, docs []Document) bool {
	q := p
	in.into(&q)
	told := map[ID]int64{}
	for i, al := range in.Allocations {
		told[docs[i].ID] += al.Amount.Minor()
	}
	for _, al := range p.Allocations {
		if al.Document != "" {
			told[al.Document] -= al.Amount.Minor()
		}
	}
	for _, al := range p.Pending {
		told[al.Document] -= al.Amount.Minor()
	}
	for _, n := range told {
		if n != 0 {
			return false
		}
	}
	return q.Direction == p.Direction && q.State == p.State && q.Seller == p.Seller && q.Partner == p.Partner && q.Buyer == p.Buyer &&
		q.Method == p.Method && q.Cheque == p.Cheque && q.Reference == p.Reference && q.Amount == p.Amount && q.Date == p.Date &&
		(q.Number == p.Number || q.bracketed() == p.Number)
}

// into writes the payment as the ERP has it; what it gave to documents is
// left out. What the ERP does not say of the buyer stays as it is known.
func (in PaymentReport) into(p *Payment) {
	p.Direction, p.State, p.Seller, p.Partner = in.Direction, in.State, in.Seller, in.Partner
	p.Method, p.Cheque, p.Reference, p.Amount, p.Date = in.Method, in.Cheque, in.Reference, in.Amount, in.Date
	if in.Buyer != "" {
		p.Buyer = in.Buyer
	}
	p.ERP.ID = in.Twin.ID
	if p.Number = in.Twin.Number; p.Number == "" {
		p.Number = in.Twin.ID
	}
	p.Allocations, p.Pending = p.refunds(), nil
}

// numberMirror keeps the numbers of payments unique: an ERP may number in two
// journals alike, or as we do. Then the id in the ERP stands in brackets.
func (s *Service) numberMirror(ctx context.Context, tx Tx, p *Payment, before Payment) error {
	if p.Number == before.Number {
		return nil
	}
	taken, err := numbered(ctx, tx, *p)
	if taken {
		p.Number = p.bracketed()
	}
	return err
}

// numbered reports whether another payment has the number.
func numbered(ctx context.Context, tx Tx, p Payment) (bool, error) {
	found, err := tx.Payments().Find(ctx, PaymentQuery{Number: p.Number, Page: uow.PageRequest{Limit: 2}})
	return slices.ContainsFunc(found.Rows, func(other Payment) bool { return other.ID != p.ID }), err
}

func (p Payment) bracketed() string { return p.Number + " (" + p.ERP.ID + ")" }

// refunds are the allocations to refunds, which the ERP knows nothing of.
func (p Payment) refunds() (out []Allocation) {
	for _, al := range p.Allocations {
		if al.Payment != "" {
			out = append(out, al)
		}
	}
	return out
}

// desk holds documents while money is moved between them, so that each is
// saved once, and only if something changed in the end.
type desk struct {
	docs  []*Document
	asWas []Document
}

func (k *desk) get(ctx context.Context, tx Tx, id ID) (*Document, error) {
	for _, d := range k.docs {
		if d.ID == id {
			return d, nil
		}
	}
	d, err := tx.Invoices().Get(ctx, id)
	if err != nil {
		return nil, err
	}
	k.docs, k.asWas = append(k.docs, &d), append(k.asWas, d)
	return &d, nil
}

// reapply takes back what a mirrored payment did before and does what the
// report says, and answers what did not fit.
func (s *Service) reapply(ctx context.Context, tx Tx, a access.Actor, p *Payment, before Payment, in PaymentReport, docs []Document) ([]string, error) {
	var k desk
	for _, al := range before.Allocations {
		if al.Document == "" {
			continue
		}
		d, err := k.get(ctx, tx, al.Document)
		if err != nil {
			return nil, err
		}
		d.Payment = p.State
		if before.State == order.PaymentConfirmed {
			d.add(&d.Paid, -al.Amount.Minor())
		}
	}
	var problems []string
	for i, al := range in.Allocations {
		d, err := k.get(ctx, tx, docs[i].ID)
		if err != nil {
			return nil, err
		}
		if problem := p.portion(d, al.Amount); problem != "" {
			problems = append(problems, problem)
		}
	}
	for i, d := range k.docs {
		was := &k.asWas[i]
		if d.Paid.Minor() == was.Paid.Minor() && d.Payment == was.Payment {
			continue
		}
		if err := s.settle(ctx, tx, a, d, was.left()); err != nil {
			return nil, err
		}
	}
	return problems, nil
}

// portion gives a document its part of a reported payment, or notes it as a
// wish while the payment is not confirmed, and says what does not fit.
func (p *Payment) portion(d *Document, amount money.Amount) string {
	if d.Kind != p.Direction.pays() || d.Void || !p.fits(*d) {
		p.leave(d, amount.Minor())
		return "nothing of it can go to " + d.Number
	}
	n := min(amount.Minor(), p.Amount.Minor()-p.allocated())
	if p.State == order.PaymentConfirmed {
		n = min(n, d.free())
	}
	d.Payment = p.State
	if n = max(n, 0); n > 0 {
		p.allot(d, n)
		if p.Buyer == "" {
			p.Buyer = d.Buyer.ID
		}
		if p.State == order.PaymentConfirmed {
			d.add(&d.Paid, n)
		}
	}
	if n < amount.Minor() {
		p.leave(d, amount.Minor()-n)
		return d.Number + " takes " + money.FromMinor(n, d.Currency).String() + " of " + amount.String()
	}
	return ""
}

// link notes what is known of the twin.
func (p *Payment) link(t order.Twin, problem string, s *Service) {
	l := &p.ERP
	l.ID, l.Problem, l.At = t.ID, problem, s.now()
	if t.Number != "" {
		l.Number = t.Number
	}
	if t.State != "" {
		l.State = t.State
	}
	l.Sequence = max(l.Sequence, t.Sequence)
}

// step notes in the history what a report changed: the state, or the day from
// which confirmed money counts.
func (s *Service) step(p *Payment, a access.Actor, before Payment, in PaymentReport) {
	what, on := "erp", partner.Date{}
	switch {
	case p.State == order.PaymentConfirmed && (before.State != p.State || before.Date != p.Date):
		on = p.Date
	case before.State == order.PaymentConfirmed && p.State != before.State:
		if on = in.Back; on.IsZero() {
			on = s.today()
		}
		on = later(on, before.Date)
	}
	if p.Version == 0 {
		what = mirrored
	} else if on.IsZero() && before.State == p.State {
		p.UpdatedAt = s.now()
		return
	}
	s.note(p, a, what, before.State, on, "")
}
