package erptest

import (
	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// kind is a kind of document that is pushed; doc makes the one of key n.
type kind struct {
	article, name    string
	stream           erp.Stream
	push, find, pull erp.Op
	doc              func(s *scene, n int) doc
}

// doc is one document on its way; amount is nil where it has none.
type doc struct {
	key                  string
	amount               *decimal.Decimal
	once, ensure, resume func(*erp.Client) (erp.DocReceipt, error)
	look                 func(*erp.Client) (erp.DocReceipt, error)
}

var payments = kind{"a", "payment", erp.Payments, erp.OpPushPayment, erp.OpFindPayment, erp.OpPullPayments, func(s *scene, n int) doc {
	p := s.payment(n)
	return doc{s.key(n), &p.Amount,
		func(c *erp.Client) (erp.DocReceipt, error) { return c.PushPayment(s.ctx, p) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.EnsurePayment(s.ctx, p) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.ResumePayment(s.ctx, p) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.FindPayment(s.ctx, p.Key) }}
}}

var invoices = kind{"an", "invoice", erp.Invoices, erp.OpPushInvoice, erp.OpFindInvoice, erp.OpPullInvoices, func(s *scene, n int) doc {
	i := s.invoice(n)
	return doc{s.key(n), &i.Totals.Gross,
		func(c *erp.Client) (erp.DocReceipt, error) { return c.PushInvoice(s.ctx, i) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.EnsureInvoice(s.ctx, i) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.ResumeInvoice(s.ctx, i) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.FindInvoice(s.ctx, i.Key) }}
}}

var messages = kind{"a", "message", erp.Messages, erp.OpPushMessage, erp.OpFindMessage, erp.OpPullMessages, func(s *scene, n int) doc {
	m := s.message(n)
	return doc{s.key(n), nil,
		func(c *erp.Client) (erp.DocReceipt, error) { return c.PushMessage(s.ctx, m) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.EnsureMessage(s.ctx, m) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.ResumeMessage(s.ctx, m) },
		func(c *erp.Client) (erp.DocReceipt, error) { return c.FindMessage(s.ctx, m.Key) }}
}}

func (s *scene) payment(n int) erp.Payment {
	if s.Payment != nil {
		return s.Payment(s.key(n))
	}
	return SamplePayment(s.key(n))
}

func (s *scene) invoice(n int) erp.Invoice {
	if s.Invoice != nil {
		return s.Invoice(s.key(n))
	}
	return SampleInvoice(s.key(n))
}

// message is on an order of the suite's own unless the harness knows better.
func (s *scene) message(n int) erp.Message {
	s.Helper()
	if s.Message != nil {
		return s.Message(s.key(n))
	}
	s.need(erp.OpPush)
	return SampleMessage(s.key(n), s.push(100+n).ID)
}

// docs is how many documents the ERP has of the key, where that can be seen.
func (s *scene) docs(k kind, key string, want int) {
	s.Helper()
	got := 0
	switch {
	case s.Count != nil:
		n, err := s.Count(s.ctx, k.stream, key)
		s.must("the harness's Count", err)
		got = n
	case s.client.Supports(k.pull) && s.client.KeysOf(k.push) != erp.Neither:
		for _, f := range feeds() {
			if f.stream == k.stream {
				_, all := s.end(f)
				for _, r := range all {
					if r.Key == key {
						got++
					}
				}
			}
		}
	default:
		return
	}
	if got != want {
		s.broken("the ERP holds %d documents of the key, not %d", got, want)
	}
}

// needKeyed skips the case where nothing keeps two attempts apart.
func (s *scene) needKeyed(k kind) {
	s.Helper()
	if s.client.KeysOf(k.push) == erp.Neither {
		s.skip("the adapter has neither keys nor look-up of %s %s", k.article, k.name)
	}
}
