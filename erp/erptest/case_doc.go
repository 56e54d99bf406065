package erptest

import (
	"errors"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// docCases hold each kind of document that is pushed to the same claims.
func docCases() []testCase {
	var all []testCase
	for _, k := range []kind{payments, invoices, messages} {
		for _, c := range []struct {
			name, claim string
			run         func(*scene, kind)
			ops         func(kind) []erp.Op
		}{
			{"twice", "a %s pushed and ensured again under its key stays one", docTwice, both},
			{"race", "8 concurrent pushes of one key make exactly one %s, and all get its id", docRace, both},
			{"many", "8 concurrent pushes of 8 keys of a %s are 8 documents, each with an id of its own", docMany, pushed},
			{"lost_answer", "a %s whose answer is lost is OutcomeUnknown; the next round finds it and makes no other", docLostAnswer, both},
			{"lost_request", "a %s that never arrived may be OutcomeUnknown; the next round makes exactly one", docLostRequest, both},
			{"blind", "a %s with neither keys nor look-up parks when its answer is lost, and resuming sends nothing", docBlind, pushed},
			{"refused", "a refused %s is Rejected, in the ERP's words, and leaves nothing behind", docRefused, pushed},
			{"found", "a %s is found by its key with the amount it was pushed with, and NotFound before, whatever others are there", docFound, both},
			{"look_lost", "a look-up of a %s that fails on the way is Retryable or NotSent, and never taken for its absence", docLookLost, found},
			{"told", "a %s of ours is told with our key, exactly as it was pushed", docTold, pushedAndTold},
		} {
			all = append(all, testCase{k.name + "_" + c.name, strings.NewReplacer("a %s", k.article+" "+k.name, "%s", k.name).Replace(c.claim), func(s *scene) {
				s.need(k.push)
				c.run(s, k)
			}, c.ops(k)})
		}
	}
	return append(all, testCase{"message_draft", "a message on a draft is told as on that order, by the id that it keeps when it is confirmed", messageDraft,
		on(erp.OpPushMessage, erp.OpPullMessages)}, testCase{"payment_part", "a payment of a part of an invoice is told with that part, and the invoice with as much less to pay", paymentPart,
		on(erp.OpPushPayment, erp.OpPullPayments, erp.OpPullInvoices)}, testCase{"invoice_credit", "a credit note is told as one, in positive amounts, or its push is Rejected; it is never an invoice", creditNote,
		on(erp.OpPushInvoice, erp.OpPullInvoices)}, testCase{"payment_refund", "money paid back is told as paid back, or its payment is Rejected; it is never money received", refund, on(erp.OpPushPayment, erp.OpPullPayments)})
}

// The operations that a claim about documents speaks for.
func pushed(k kind) []erp.Op        { return on(k.push) }
func found(k kind) []erp.Op         { return on(k.find) }
func both(k kind) []erp.Op          { return on(k.push, k.find) }
func pushedAndTold(k kind) []erp.Op { return on(k.push, k.pull) }

func docTwice(s *scene, k kind) {
	s.needKeyed(k)
	d := k.doc(s, 1)
	first, err := d.once(s.client)
	s.must(string(k.push), err)
	second, err := d.once(s.client)
	if c := erp.ClassOf(err); err == nil && second.ID != first.ID || err != nil && c != erp.Duplicate {
		s.broken("the second push answered %s and the id %q after %q", show(err), second.ID, first.ID)
	}
	third, err := d.ensure(s.newClient())
	s.must("the round after it", err)
	if third.ID != first.ID {
		s.broken("the round after it answered the id %q after %q", third.ID, first.ID)
	}
	s.docs(k, d.key, 1)
}

func docRace(s *scene, k kind) {
	s.needKeyed(k)
	d := k.doc(s, 1)
	var ids [8]string
	errs := s.atOnce(len(ids), func(i int) error { // a loser may not see the winner's document yet
		r, err := d.ensure(s.newClient())
		ids[i] = r.ID
		return err
	})
	for i := range ids {
		if errs[i] != nil || ids[i] == "" || ids[i] != ids[0] {
			s.broken("racer %d got the id %q and %s, racer 0 the id %q", i, ids[i], show(errs[i]), ids[0])
		}
	}
	s.docs(k, d.key, 1)
}

func docMany(s *scene, k kind) {
	var all [8]doc
	for i := range all {
		all[i] = k.doc(s, i+1)
	}
	var ids [8]string
	errs := s.atOnce(len(ids), func(i int) error {
		r, err := all[i].once(s.newClient())
		ids[i] = r.ID
		return err
	})
	s.apart(ids[:], errs)
	for _, d := range all {
		s.docs(k, d.key, 1)
	}
}

func docLostAnswer(s *scene, k kind) {
	s.needKeyed(k)
	d := k.doc(s, 1)
	s.fail(k.push, AnswerLost)
	if _, err := d.ensure(s.client); erp.ClassOf(err) != erp.OutcomeUnknown {
		s.broken("it answered %s", show(err))
	}
	s.docs(k, d.key, 1)
	s.settleDoc(k, d)
}

func docLostRequest(s *scene, k kind) {
	s.needKeyed(k)
	d := k.doc(s, 1)
	s.fail(k.push, RequestLost)
	_, err := d.ensure(s.client)
	if c := erp.ClassOf(err); c != erp.OutcomeUnknown && c != erp.Retryable {
		s.broken("it answered %s", show(err))
	}
	s.docs(k, d.key, 0)
	s.settleDoc(k, d)
}

// settleDoc runs further rounds, which must all answer one document.
func (s *scene) settleDoc(k kind, d doc) {
	s.Helper()
	first, err := d.resume(s.newClient())
	s.must("the next round", err)
	second, err := d.resume(s.newClient())
	s.must("the round after it", err)
	if first.ID == "" || first.ID != second.ID {
		s.broken("one round answered the id %q, the next %q", first.ID, second.ID)
	}
	s.docs(k, d.key, 1)
}

func docBlind(s *scene, k kind) {
	if s.client.KeysOf(k.push) != erp.Neither {
		s.skip("the adapter has %s of %s %s", s.client.KeysOf(k.push), k.article, k.name)
	}
	d := k.doc(s, 1)
	s.fail(k.push, AnswerLost)
	_, err := d.ensure(s.client)
	s.parked(err)
	_, err = d.resume(s.client)
	s.parked(err)
	s.docs(k, d.key, 1)
}

func docRefused(s *scene, k kind) {
	d := k.doc(s, 1)
	s.fail(k.push, Refused)
	_, err := d.once(s.client)
	var e *erp.Error
	if !errors.As(err, &e) || e.Class != erp.Rejected {
		s.broken("it answered %s", show(err))
	} else if !strings.Contains(e.Text, RefusedText) {
		s.broken("the text is %q, without the ERP's %q", e.Text, RefusedText)
	}
	s.docs(k, d.key, 0)
}

func docFound(s *scene, k kind) {
	s.need(k.find)
	d, others := k.doc(s, 1), []doc{k.doc(s, 12), k.doc(s, 3)}
	_, err := others[0].once(s.client)
	s.must(string(k.push), err)
	if r, err := d.look(s.client); erp.ClassOf(err) != erp.NotFound {
		s.broken("before it was pushed the look-up answered %s, id %q", show(err), r.ID)
	}
	pushed, err := d.once(s.client)
	s.must(string(k.push), err)
	_, err = others[1].once(s.client)
	s.must(string(k.push), err)
	found, err := d.look(s.client)
	s.must(string(k.find), err)
	if found.ID != pushed.ID || found.State != pushed.State {
		s.broken("found id %q in state %q, pushed id %q in state %q", found.ID, found.State, pushed.ID, pushed.State)
	}
	for _, r := range []erp.DocReceipt{pushed, found} {
		if d.amount != nil && r.Gross != nil && !r.Gross.Equal(*d.amount) {
			s.broken("the amount is told as %s, not %s", r.Gross.StringFixed(4), d.amount.StringFixed(4))
		}
	}
}

func docLookLost(s *scene, k kind) {
	s.need(k.find)
	d := k.doc(s, 1)
	_, err := d.once(s.client)
	s.must(string(k.push), err)
	look := func() error { _, err := d.look(s.impatient()); return err }
	s.failsOnTheWay(k.find, look)
	s.must(string(k.find)+" after it", look())
}

func docTold(s *scene, k kind) {
	s.need(k.pull)
	s.needKeyed(k)
	d := k.doc(s, 1)
	r, err := d.once(s.client)
	s.must(string(k.push), err)
	switch k.stream {
	case erp.Payments:
		want := s.payment(1)
		p := newest(s, r.ID, s.client.PullPayments, func(p erp.Payment) erp.Head { return p.Head })[r.ID]
		if p.Key != want.Key || p.Customer != want.Customer || p.Refund != want.Refund || p.Currency != want.Currency || !p.Amount.Equal(want.Amount) {
			s.broken("it is told with the key %q, customer %q and amount %s %s", p.Key, p.Customer, p.Amount.StringFixed(4), p.Currency)
		}
	case erp.Invoices:
		want := s.invoice(1)
		i := newest(s, r.ID, s.client.PullInvoices, func(i erp.Invoice) erp.Head { return i.Head })[r.ID]
		if i.Key != want.Key || i.Number != want.Number || i.Credit != want.Credit || i.Currency != want.Currency || !i.Totals.Net.Equal(want.Totals.Net) ||
			!i.Totals.Tax.Equal(want.Totals.Tax) || !i.Totals.Gross.Equal(want.Totals.Gross) {
			s.broken("it is told with the key %q, number %q and gross %s %s", i.Key, i.Number, i.Totals.Gross.StringFixed(4), i.Currency)
		}
	case erp.Messages:
		m := newest(s, r.ID, s.client.PullMessages, func(m erp.Message) erp.Head { return m.Head })[r.ID]
		if want := SampleMessage(d.key, "").Text; m.Key != d.key || s.Message == nil && m.Text != want {
			s.broken("it is told with the key %q and the text %q", m.Key, m.Text)
		}
	}
}

func refund(s *scene) {
	s.need(erp.OpPushPayment, erp.OpPullPayments)
	p := s.payment(1)
	p.Refund, p.Allocations = true, nil
	r, err := s.client.PushPayment(s.ctx, p)
	if erp.ClassOf(err) == erp.Rejected {
		return
	}
	s.must(string(erp.OpPushPayment), err)
	if told := newest(s, r.ID, s.client.PullPayments, func(p erp.Payment) erp.Head { return p.Head })[r.ID]; !told.Refund {
		s.broken("%s %s paid back are told as received", p.Amount.StringFixed(4), p.Currency)
	}
}
