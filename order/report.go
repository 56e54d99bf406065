package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// ErrSending refuses to let a revision leave: another push is still open, the
// ERP has acknowledged it already, or the order is not to be sent as it stands.
var ErrSending = fault.Define(fault.Conflict, "order.sending", "the order may not leave for the ERP now")

// Report is what the relay learned of an order's twin. Empty fields leave
// what is known.
type Report struct {
	Order ID `json:"order"`
	// Sending says that this revision is about to leave: recorded before the
	// call, so that a lost one is noticed. It is a claim: of two reports for
	// one push the second is ErrSending, unless it brings Unsent as well.
	Sending int `json:"sending,omitempty"`
	// Unsent takes an earlier Sending back: it is known to have done nothing.
	Unsent bool `json:"unsent,omitempty"`
	// Revision is what the ERP acknowledged.
	Revision int    `json:"revision,omitempty"`
	ID       string `json:"id,omitempty"`
	Number   string `json:"number,omitempty"`
	// State is the ERP's: "draft", "confirmed", "done", "cancelled".
	State string `json:"state,omitempty"`
	// Gross is the ERP's own total, none when it tells none.
	Gross money.Amount `json:"gross,omitzero"`
	// Problem is the ERP's refusal; Solved clears the last one.
	Problem string `json:"problem,omitempty"`
	Solved  bool   `json:"solved,omitempty"`
	// Sequence is the ERP's counter of this change, 0 where it is not told. Of
	// a change that is not newer than the last, State, Gross and Lines are
	// ignored.
	Sequence int64 `json:"sequence,omitempty"`
	// Lines are what the ERP reserved and cancelled; lines left out stay.
	Lines []LineReport `json:"lines,omitempty"`
}

// ReportERP records what the ERP said and moves the order on where that
// follows: a validated order whose twin is confirmed becomes confirmed, a
// confirmed one whose twin is done is closed, and one that the ERP cancelled
// is cancelled. Reporting the same again changes nothing.
//
// What it says of the lines yields to what is known to be shipped, since its
// streams are not synchronous: see Goods. A cancellation made here is undone
// only by an ERP that cancels less than it said before.
//
// Errors: ErrNotFound; access.ErrForbidden without order.report; ErrInvalid for
// quantities below zero and for a line that the order does not have, unless the
// ERP holds an older revision; ErrSending for
// a Sending while a push is open (ERP.Sent above ERP.Revision) or the revision
// is acknowledged, and in a state other than awaiting validation or validated.
func (s *Service) ReportERP(ctx context.Context, a access.Actor, in Report) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.ReportERPTx(ctx, tx, a, in) })
}

// ReportERPTx is ReportERP inside a transaction of the caller's.
func (s *Service) ReportERPTx(ctx context.Context, tx Tx, a access.Actor, in Report) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	if err := s.policy.Check(a, access.OrderReport, access.OrderRead, owner(o), ErrNotFound); err != nil {
		return Order{}, err
	}
	before, now := o.ERP, s.now()
	if in.stale(before) {
		in.State, in.Gross, in.Lines = "", money.Amount{}, nil
	}
	if err := in.into(&o, now); err != nil {
		return Order{}, err
	}
	lines, axes := o.Lines, o.Axes()
	goods, err := s.goods(ctx, tx, a, &o, in)
	if err != nil {
		return Order{}, err
	}
	moves, err := s.follow(&o, a)
	if err != nil {
		return Order{}, err
	}
	if o.ERP == before && len(moves) == 0 && sameGoods(lines, o.Lines) {
		return o, nil
	}
	facts := append(in.facts(o, a, before), goods...)
	for _, m := range moves {
		facts = append(facts, m)
	}
	facts = append(facts, turned(axes, o, a)...)
	o.ERP.At, o.UpdatedAt = now, now
	return s.save(ctx, tx, o, nil, facts...)
}

// facts are the news beside the steps.
func (in Report) facts(o Order, a access.Actor, before ERPLink) (out []event.Payload) {
	if l := o.ERP; l.ID != before.ID || l.Number != before.Number || l.State != before.State || l.Problem != before.Problem {
		out = append(out, Linked{About: about(o, a), ERPID: l.ID, Number: l.Number, State: l.State, Problem: l.Problem})
	}
	if d := o.ERP.Drift; d != before.Drift && d.Sign() != 0 {
		out = append(out, Drifted{About: about(o, a), Ours: o.Quote.Gross, ERP: in.Gross})
	}
	return out
}

// send takes the claim of a push, and gives up the one before if told so.
func (in Report) send(o *Order, now time.Time) error {
	l := &o.ERP
	if in.Unsent {
		l.Sent = l.Revision
	}
	if in.Sending == 0 {
		return nil
	}
	switch {
	case o.State != Awaiting && o.State != Validated:
		return ErrSending.With("%s is %s", o.Ref, o.State)
	case in.Sending < o.Revision:
		return ErrSending.With("%s is at revision %d by now, past %d", o.Ref, o.Revision, in.Sending)
	case l.Sent > l.Revision:
		return ErrSending.With("revision %d of %s has been leaving since %s", l.Sent, o.Ref, l.SentAt.Format(time.RFC3339))
	case in.Sending <= l.Revision:
		return ErrSending.With("the ERP holds revision %d of %s", l.Revision, o.Ref)
	}
	l.Sent, l.SentAt = in.Sending, now
	return nil
}

func (in Report) into(o *Order, now time.Time) error {
	if err := in.send(o, now); err != nil {
		return err
	}
	l := &o.ERP
	l.Sent = max(l.Sent, in.Revision)
	l.Revision = max(l.Revision, in.Revision)
	l.Sequence = max(l.Sequence, in.Sequence)
	if l.Sent == l.Revision {
		l.SentAt = time.Time{}
	}
	if in.ID != "" {
		l.ID = in.ID
	}
	if in.Number != "" {
		l.Number = in.Number
	}
	if in.State != "" {
		l.State = in.State
	}
	if in.Problem != "" {
		l.Problem = in.Problem
	}
	if in.Solved {
		l.Problem = ""
	}
	// A total of another revision says nothing about this one.
	if !in.Gross.IsNone() && in.Revision == o.Revision {
		if d, err := in.Gross.Sub(o.Quote.Gross); err == nil {
			l.Drift = d
		}
		if l.Drift.IsZero() { // as it is read back, so that the same report is no news
			l.Drift = money.Amount{}
		}
	}
	return nil
}

// follow fires what the ERP's state entails, as far as the agreement has come.
// Whoever may report may do that, a cancellation too.
func (s *Service) follow(o *Order, a access.Actor) ([]Advanced, error) {
	var out []Advanced
	for {
		on, reason := entailed(*o)
		if on == "" {
			return out, nil
		}
		f := s.facts(*o, partner.Partner{}, reason)
		f.Invoiced = nil // it has happened, whatever stands on invoices
		m, err := s.fire(o, a, access.OrderAdvance, on, f)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
}

func entailed(o Order) (Trigger, string) {
	switch {
	case o.ERP.State == "cancelled" && (o.State == Validated || o.State == Confirmed):
		return Cancel, "cancelled in the ERP"
	case o.State == Validated && (o.ERP.State == "confirmed" || o.ERP.State == "done") && o.ERP.Revision >= o.Revision:
		return Confirm, ""
	case o.State == Confirmed && o.ERP.State == "done":
		return Close, ""
	}
	return "", ""
}
