package erptest

import (
	"context"
	"errors"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

func faultCases() []testCase {
	return []testCase{
		{"lost_answer", "a push whose answer is lost is OutcomeUnknown; the next round finds the document and makes no other", lostAnswer, on(erp.OpPush, erp.OpFind)},
		{"lost_request", "a push that never arrived may be OutcomeUnknown; the next round makes exactly one document", lostRequest, on(erp.OpPush, erp.OpFind)},
		{"lost_change", "a change whose answer is lost is OutcomeUnknown, and once repeated has the effect of once", lostChange, on(erp.OpRevise, erp.OpCancel, erp.OpAdvance)},
		{"blind_park", "with neither keys nor look-up a lost answer parks, and resuming sends nothing", blindPark, on(erp.OpPush)},
		{"rival", "a document created between our look-up and our push is found and answered, not doubled", rival, on(erp.OpPush, erp.OpFind)},
		{"refused", "a business refusal is Rejected, in the ERP's words, and leaves nothing behind", refused, on(erp.OpPush)},
		{"refused_change", "a refusal of a change is Rejected, in the ERP's words, and leaves the order as it was", refusedChange,
			on(erp.OpRevise, erp.OpCancel, erp.OpAdvance, erp.OpCancelRest)},
		{"refused_field", "a refusal because of one field names the field beside the ERP's words", refusedField, on(erp.OpPush)},
		{"busy", "an ERP that is busy is Retryable or NotSent, leaves nothing behind, and works afterwards", busy, on(erp.OpPush)},
		{"bad_login", "refused credentials are Auth, of a push and of a look-up, and the client does not try them again until Reset", badLogin, on(erp.OpPush)},
		{"cancelled", "a cancelled context ends a call at once and leaves no document", cancelled, on(erp.OpPush)},
	}
}

func lostAnswer(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	s.fail(erp.OpPush, AnswerLost)
	_, err := s.client.EnsureOrder(s.ctx, s.order(1, 1))
	if erp.ClassOf(err) != erp.OutcomeUnknown {
		s.broken("it answered %s", show(err))
	}
	s.exactly(1, 1)
	s.settle(1)
}

func lostRequest(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	s.fail(erp.OpPush, RequestLost)
	_, err := s.client.EnsureOrder(s.ctx, s.order(1, 1))
	if c := erp.ClassOf(err); c != erp.OutcomeUnknown && c != erp.Retryable {
		s.broken("it answered %s", show(err))
	}
	s.settle(1)
}

// settle runs further rounds, which must all answer one document.
func (s *scene) settle(n int) {
	s.Helper()
	first, err := s.newClient().ResumeOrder(s.ctx, s.order(n, 1))
	s.must("the next round", err)
	second, err := s.newClient().ResumeOrder(s.ctx, s.order(n, 1))
	s.must("the round after it", err)
	if first.ID == "" || first.ID != second.ID {
		s.broken("one round answered the id %q, the next %q", first.ID, second.ID)
	}
	s.exactly(n, 1)
}

func lostChange(s *scene) {
	s.need(erp.OpPush)
	tried := 0
	for n, change := range []struct {
		op   erp.Op
		want erp.OrderState
		call func(id string, n int) (erp.Receipt, error)
	}{
		{erp.OpRevise, erp.StateDraft, func(id string, n int) (erp.Receipt, error) {
			return s.client.ReviseOrder(s.ctx, id, s.order(n, 2))
		}},
		{erp.OpCancel, erp.StateCancelled, func(id string, _ int) (erp.Receipt, error) {
			return s.client.CancelOrder(s.ctx, id, "entered twice")
		}},
		{erp.OpAdvance, erp.StateConfirmed, func(id string, _ int) (erp.Receipt, error) {
			return s.client.AdvanceOrder(s.ctx, id, erp.StateConfirmed)
		}},
	} {
		if !s.client.Supports(change.op) {
			continue
		}
		tried++
		r := s.push(n)
		s.fail(change.op, AnswerLost)
		if _, err := change.call(r.ID, n); erp.ClassOf(err) != erp.OutcomeUnknown {
			s.broken("%s answered %s", change.op, show(err))
		}
		got, err := change.call(r.ID, n)
		if c := erp.ClassOf(err); err != nil && c != erp.Conflict && c != erp.Rejected {
			s.broken("%s answered %s when repeated", change.op, show(err))
		}
		later := change.op == erp.OpAdvance && s.h.ConfirmsLater && got.State == erp.StateDraft
		if err == nil && got.State != change.want && !later {
			s.broken("%s answered the state %q when repeated", change.op, got.State)
		}
		if change.op == erp.OpRevise && err == nil {
			s.revised(got, r.ID, n, 2)
		}
	}
	if tried == 0 {
		s.skip("the adapter changes no orders")
	}
}

func blindPark(s *scene) {
	s.need(erp.OpPush)
	if s.client.Describe().Keys != erp.Neither {
		s.skip("the adapter declares %s", s.client.Describe().Keys)
	}
	s.fail(erp.OpPush, AnswerLost)
	_, err := s.client.EnsureOrder(s.ctx, s.order(1, 1))
	s.parked(err)
	_, err = s.client.ResumeOrder(s.ctx, s.order(1, 1))
	s.parked(err)
	s.exactly(1, 1)
}

func (s *scene) parked(err error) {
	s.Helper()
	var e *erp.Error
	if !errors.As(err, &e) || e.Class != erp.OutcomeUnknown || !e.Park {
		s.broken("it answered %s, not an outcome to park", show(err))
	}
}

func rival(s *scene) {
	s.need(erp.OpPush)
	s.needKeys()
	s.fail(erp.OpPush, Rival)
	r, err := s.client.EnsureOrder(s.ctx, s.order(1, 1))
	s.must("EnsureOrder", err)
	if r.ID == "" {
		s.broken("the receipt has no id")
	}
	s.exactly(1, 1)
}

func refused(s *scene) {
	s.need(erp.OpPush)
	s.fail(erp.OpPush, Refused)
	_, err := s.client.PushOrder(s.ctx, s.order(1, 1))
	var e *erp.Error
	if !errors.As(err, &e) || e.Class != erp.Rejected {
		s.broken("it answered %s", show(err))
	} else if !strings.Contains(e.Text, RefusedText) {
		s.broken("the text is %q, without the ERP's %q", e.Text, RefusedText)
	}
	s.exactly(1, 0)
}

func refusedChange(s *scene) {
	s.need(erp.OpPush)
	has, tried := false, false
	for n, c := range []struct {
		op   erp.Op
		call func(id string, n int) error
	}{
		{erp.OpRevise, func(id string, n int) error { _, err := s.client.ReviseOrder(s.ctx, id, s.order(n, 2)); return err }},
		{erp.OpCancel, func(id string, _ int) error { _, err := s.client.CancelOrder(s.ctx, id, "entered twice"); return err }},
		{erp.OpAdvance, func(id string, _ int) error {
			_, err := s.client.AdvanceOrder(s.ctx, id, erp.StateConfirmed)
			return err
		}},
		{erp.OpCancelRest, func(id string, n int) error {
			_, err := s.client.CancelRest(s.ctx, id, oneOf(s.order(n, 1).Lines[0].Key))
			return err
		}},
	} {
		if !s.client.Supports(c.op) {
			continue
		}
		has = true
		r := s.push(n)
		if c.op == erp.OpCancelRest {
			s.confirm(r.ID, n)
		}
		s.needSight()
		before := s.truth(n)
		if !s.canFail(c.op, Refused) {
			continue
		}
		tried = true
		var e *erp.Error
		if err := c.call(r.ID, n); !errors.As(err, &e) || e.Class != erp.Rejected {
			s.broken("%s answered %s", c.op, show(err))
		} else if !strings.Contains(e.Text, RefusedText) {
			s.broken("%s: the text is %q, without the ERP's %q", c.op, e.Text, RefusedText)
		}
		if after := s.truth(n); after != before {
			s.broken("%s was refused, and the order, which was %q, is %q", c.op, before, after)
		}
	}
	switch {
	case !has:
		s.skip("the adapter changes no orders")
	case !tried:
		s.untried("the harness cannot have a change refused")
	}
}

func refusedField(s *scene) {
	s.need(erp.OpPush)
	s.fail(erp.OpPush, BadField)
	_, err := s.client.PushOrder(s.ctx, s.order(1, 1))
	var e *erp.Error
	if !errors.As(err, &e) || e.Class != erp.Rejected {
		s.broken("it answered %s", show(err))
		return
	}
	for _, want := range []string{RefusedText, RefusedField} {
		if !strings.Contains(e.Text, want) {
			s.broken("the text is %q, without the ERP's %q", e.Text, want)
		}
	}
	s.exactly(1, 0)
}

func busy(s *scene) {
	s.need(erp.OpPush)
	s.fail(erp.OpPush, Busy)
	r, err := s.client.PushOrder(s.ctx, s.order(1, 1))
	switch erp.ClassOf(err) {
	case erp.Retryable:
		s.exactly(1, 0)
		r, err = s.client.PushOrder(s.ctx, s.order(1, 1))
		s.must("the push after it", err)
	case 0: // NotSent, which the client repeated on its own
	default:
		s.broken("it answered %s", show(err))
		return
	}
	if r.ID == "" {
		s.broken("the receipt has no id")
	}
	s.exactly(1, 1)
}

func badLogin(s *scene) {
	s.need(erp.OpPush)
	s.fail(erp.OpPush, BadLogin)
	if _, err := s.client.PushOrder(s.ctx, s.order(1, 1)); erp.ClassOf(err) != erp.Auth {
		s.broken("it answered %s", show(err))
	}
	if _, err := s.client.PushOrder(s.ctx, s.order(1, 1)); !errors.Is(err, erp.ErrStopped) {
		s.broken("the next push answered %s", show(err))
	}
	s.exactly(1, 0)
	s.client.Reset()
	_, err := s.client.PushOrder(s.ctx, s.order(1, 1))
	s.must("the push after Reset", err)
	s.exactly(1, 1)
	if op, read, ok := s.reads(1); ok && s.canFail(op, BadLogin) {
		if err := read(); erp.ClassOf(err) != erp.Auth {
			s.broken("%s answered %s", op, show(err))
		}
	}
}

func cancelled(s *scene) {
	s.need(erp.OpPush)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	// Straight at the adapter: the client would not even ask it.
	_, err := s.Adapter.(erp.OrderPusher).PushOrder(ctx, s.order(1, 1))
	if err == nil {
		s.broken("the push succeeded")
	} else if c := erp.ClassOf(err); c != erp.NotSent && c != erp.OutcomeUnknown {
		s.broken("it answered %s, which is neither NotSent nor OutcomeUnknown", show(err))
	}
	s.exactly(1, 0)
}
