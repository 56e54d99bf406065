package erptest

import (
	"github.com/comptoir-go/comptoir/erp"
)

func stateCases() []testCase {
	return []testCase{
		{"advance_confirm", "the answer to a confirmation tells the state reached, as a read right after it does", advanceConfirm, on(erp.OpAdvance)},
		{"number_later", "a document without a number gets one later; the id stays, and a number once given stays", numberLater, on(erp.OpFind)},
		{"advance_wrong", "confirming a cancelled order changes nothing and does not answer confirmed", advanceWrong, on(erp.OpAdvance)},
		{"cancel_draft", "cancelling a draft answers cancelled, as a read right after it does", cancelDraft, on(erp.OpCancel)},
		{"cancel_twice", "cancelling twice has the effect of once", cancelTwice, on(erp.OpCancel)},
		{"cancel_confirmed", "the answer to cancelling a confirmed order is the state it is really in, or a refusal", cancelConfirmed, on(erp.OpCancel)},
		{"unknown_id", "revising, cancelling or advancing an id the ERP does not have is NotFound", unknownID, on(erp.OpRevise, erp.OpCancel, erp.OpAdvance)},
	}
}

// wrongState checks an answer to a change that the state may not allow: a
// refusal, or the state the order is really in.
func (s *scene) wrongState(r erp.Receipt, err error, n int) {
	s.Helper()
	if err != nil {
		if c := erp.ClassOf(err); c != erp.Conflict && c != erp.Rejected {
			s.broken("it answered %s, which is neither Conflict nor Rejected", show(err))
		}
		return
	}
	if is := s.truth(n); r.State != is {
		s.broken("it answered the state %q, the ERP has %q", r.State, is)
	}
}

func advanceConfirm(s *scene) {
	s.need(erp.OpPush, erp.OpAdvance)
	s.needSight()
	r := s.push(1)
	got, err := s.client.AdvanceOrder(s.ctx, r.ID, erp.StateConfirmed)
	s.must("advance_order", err)
	if got.ID != r.ID {
		s.broken("it answered the id %q for %q", got.ID, r.ID)
	}
	if s.h.ConfirmsLater && got.State == erp.StateDraft {
		s.await(func() bool { return s.seen(1) == erp.StateConfirmed })
		got.State = erp.StateConfirmed
	}
	if is := s.truth(1); got.State != is {
		s.broken("it answered the state %q, the ERP has %q", got.State, is)
	}
}

func numberLater(s *scene) {
	s.need(erp.OpPush, erp.OpFind)
	pushed := s.push(1)
	s.confirm(pushed.ID, 1)
	var number string
	s.await(func() bool {
		r, err := s.client.FindOrder(s.ctx, s.key(1))
		s.must("find_order", err)
		return r.Number != ""
	})
	for i := range 3 {
		r, err := s.client.FindOrder(s.ctx, s.key(1))
		s.must("find_order", err)
		if r.ID != pushed.ID {
			s.broken("the id was %q and is %q at read %d", pushed.ID, r.ID, i+1)
		}
		if number != "" && r.Number != number {
			s.broken("the number was %q and is %q at read %d", number, r.Number, i+1)
		}
		number = r.Number
	}
	if number == "" {
		s.broken("a confirmed order has no number")
	}
	if pushed.Number != "" && pushed.Number != number {
		s.Logf("the draft had the number %q, the order has %q", pushed.Number, number)
	}
}

func advanceWrong(s *scene) {
	s.need(erp.OpPush, erp.OpCancel, erp.OpAdvance)
	s.needSight()
	r := s.push(1)
	_, err := s.client.CancelOrder(s.ctx, r.ID, "entered twice")
	s.must("cancel_order", err)
	got, err := s.client.AdvanceOrder(s.ctx, r.ID, erp.StateConfirmed)
	s.wrongState(got, err, 1)
	if is := s.truth(1); is != erp.StateCancelled {
		s.broken("the cancelled order is %q now", is)
	}
}

func cancelDraft(s *scene) {
	s.need(erp.OpPush, erp.OpCancel)
	s.needSight()
	r := s.push(1)
	got, err := s.client.CancelOrder(s.ctx, r.ID, "entered twice")
	s.must("cancel_order", err)
	if got.State != erp.StateCancelled {
		s.broken("it answered the state %q", got.State)
	}
	if is := s.truth(1); is != erp.StateCancelled {
		s.broken("the ERP has the state %q", is)
	}
}

func cancelTwice(s *scene) {
	s.need(erp.OpPush, erp.OpCancel)
	s.needSight()
	r := s.push(1)
	for range 2 {
		got, err := s.client.CancelOrder(s.ctx, r.ID, "entered twice")
		s.wrongState(got, err, 1)
	}
	if is := s.truth(1); is != erp.StateCancelled {
		s.broken("the ERP has the state %q", is)
	}
}

func cancelConfirmed(s *scene) {
	s.need(erp.OpPush, erp.OpCancel)
	s.needSight()
	r := s.push(1)
	s.confirm(r.ID, 1)
	got, err := s.client.CancelOrder(s.ctx, r.ID, "changed his mind")
	s.wrongState(got, err, 1)
}

func unknownID(s *scene) {
	tried := false
	check := func(op erp.Op, call func() error) {
		if !s.client.Supports(op) {
			return
		}
		tried = true
		if err := call(); erp.ClassOf(err) != erp.NotFound {
			s.broken("%s answered %s", op, show(err))
		}
	}
	check(erp.OpRevise, func() error { _, err := s.client.ReviseOrder(s.ctx, absentID, s.order(1, 2)); return err })
	check(erp.OpCancel, func() error { _, err := s.client.CancelOrder(s.ctx, absentID, "gone"); return err })
	check(erp.OpAdvance, func() error {
		_, err := s.client.AdvanceOrder(s.ctx, absentID, erp.StateConfirmed)
		return err
	})
	if !tried {
		s.skip("the adapter changes no orders")
	}
}
