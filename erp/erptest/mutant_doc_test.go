package erptest_test

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// docHooks break what is done about payments, invoices and messages; a nil
// function is the ERP's own.
type docHooks struct {
	books *memerp.ERP
	push  func(m mutant, op erp.Op, key string, push, find docCall) (erp.DocReceipt, error)
	find  func(m mutant, op erp.Op, key string) (erp.DocReceipt, error)
	// found changes what look-ups answer.
	found func(op erp.Op, r erp.DocReceipt, err error) (erp.DocReceipt, error)
}

type docCall func() (erp.DocReceipt, error)

func (m mutant) Has(op erp.Op) bool {
	if m.has != nil {
		return m.has(op)
	}
	return m.whole.Has(op)
}

func (m mutant) pushDoc(op erp.Op, key string, push, find docCall) (erp.DocReceipt, error) {
	if m.docs.push != nil {
		return m.docs.push(m, op, key, push, find)
	}
	return push()
}

func (m mutant) findDoc(op erp.Op, key string, find docCall) (erp.DocReceipt, error) {
	if m.docs.find != nil {
		return m.docs.find(m, op, key)
	}
	r, err := find()
	if m.docs.found != nil {
		return m.docs.found(op, r, err)
	}
	return r, err
}

func (m mutant) PushPayment(ctx context.Context, p erp.Payment) (erp.DocReceipt, error) {
	return m.pushDoc(erp.OpPushPayment, p.Key, func() (erp.DocReceipt, error) { return m.whole.PushPayment(ctx, p) },
		func() (erp.DocReceipt, error) { return m.whole.FindPayment(ctx, p.Key) })
}

func (m mutant) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	return m.findDoc(erp.OpFindPayment, key, func() (erp.DocReceipt, error) { return m.whole.FindPayment(ctx, key) })
}

func (m mutant) PushInvoice(ctx context.Context, i erp.Invoice) (erp.DocReceipt, error) {
	return m.pushDoc(erp.OpPushInvoice, i.Key, func() (erp.DocReceipt, error) { return m.whole.PushInvoice(ctx, i) },
		func() (erp.DocReceipt, error) { return m.whole.FindInvoice(ctx, i.Key) })
}

func (m mutant) FindInvoice(ctx context.Context, key string) (erp.DocReceipt, error) {
	return m.findDoc(erp.OpFindInvoice, key, func() (erp.DocReceipt, error) { return m.whole.FindInvoice(ctx, key) })
}

func (m mutant) PushMessage(ctx context.Context, msg erp.Message) (erp.DocReceipt, error) {
	return m.pushDoc(erp.OpPushMessage, msg.Key, func() (erp.DocReceipt, error) { return m.whole.PushMessage(ctx, msg) },
		func() (erp.DocReceipt, error) { return m.whole.FindMessage(ctx, msg.Key) })
}

func (m mutant) FindMessage(ctx context.Context, key string) (erp.DocReceipt, error) {
	return m.findDoc(erp.OpFindMessage, key, func() (erp.DocReceipt, error) { return m.whole.FindMessage(ctx, key) })
}

// docs are the cases of the claim for each kind of document.
func docs(claims ...string) []string {
	var all []string
	for _, c := range claims {
		all = append(all, "payment_"+c, "invoice_"+c, "message_"+c)
	}
	return all
}

func pushingDocs(hook func(op erp.Op, push, find docCall) (erp.DocReceipt, error)) func(whole) mutant {
	return func(whole) mutant {
		return mutant{docs: docHooks{push: func(_ mutant, op erp.Op, _ string, push, find docCall) (erp.DocReceipt, error) {
			return hook(op, push, find)
		}}}
	}
}

// docErrors passes the errors of a class on in another.
func docErrors(from, to erp.Class) func(whole) mutant {
	return pushingDocs(func(op erp.Op, push, _ docCall) (erp.DocReceipt, error) {
		r, err := push()
		if erp.ClassOf(err) == from {
			return erp.DocReceipt{}, erp.NewError(to, op, "something went wrong", nil)
		}
		return r, err
	})
}

// docRefusals calls duplicates refusals, depending on how often they were looked up.
func docRefusals(refuses func(looked int) bool) func(whole) mutant {
	return func(whole) mutant {
		t, all := newTally(), newMeeting()
		return mutant{docs: docHooks{
			find: func(m mutant, op erp.Op, key string) (erp.DocReceipt, error) {
				t.count(t.looked, key)
				r, err := m.docs.held(op, key)
				if err != nil {
					all.wait(key, docs("race")...)
				}
				return r, err
			},
			push: func(_ mutant, op erp.Op, key string, push, _ docCall) (erp.DocReceipt, error) {
				r, err := push()
				if erp.ClassOf(err) == erp.Duplicate && refuses(t.of(t.looked, key)) {
					return r, erp.Reject(op, "something went wrong")
				}
				return r, err
			}}}
	}
}

func docMutants() map[string]breakage {
	return map[string]breakage{
		"document's duplicate called a refusal":                        {caught: docs("twice", "race"), make: docRefusals(func(int) bool { return true })},
		"document's duplicate that was not looked up called a refusal": {caught: docs("twice"), make: docRefusals(func(looked int) bool { return looked == 0 })},
		"document looked up, then pushed, no unique key": {keys: memerp.NoKeys, caught: docs("race"),
			make: func(w whole) mutant {
				all := newMeeting()
				return mutant{
					has: func(op erp.Op) bool {
						switch op {
						case erp.OpPullPayments, erp.OpPullInvoices, erp.OpPullMessages:
							return false
						case erp.OpFindPayment, erp.OpFindInvoice, erp.OpFindMessage:
							return true
						}
						return w.Has(op)
					},
					docs: docHooks{
						find: func(m mutant, op erp.Op, key string) (erp.DocReceipt, error) { return m.docs.held(op, key) },
						push: func(m mutant, op erp.Op, key string, push, _ docCall) (erp.DocReceipt, error) {
							if _, err := m.docs.held(op, key); err == nil {
								return erp.DocReceipt{}, erp.NewError(erp.Duplicate, op, "", nil)
							}
							all.wait(key, docs("race")...)
							return push()
						}},
				}
			}},
		"document's lost answer called retryable": {caught: docs("lost_answer"),
			make: pushingDocs(func(op erp.Op, push, find docCall) (erp.DocReceipt, error) {
				r, err := push()
				if _, absent := find(); erp.ClassOf(err) == erp.OutcomeUnknown && absent == nil {
					return r, erp.NewError(erp.Retryable, op, "", err)
				}
				return r, err
			})},
		"document's lost request called done": {caught: docs("lost_request"),
			make: pushingDocs(func(_ erp.Op, push, find docCall) (erp.DocReceipt, error) {
				r, err := push()
				if _, absent := find(); erp.ClassOf(err) == erp.OutcomeUnknown && absent != nil {
					return erp.DocReceipt{ID: "0"}, nil
				}
				return r, err
			})},
		"document pushed again blindly": {keys: memerp.NoKeys, caught: docs("blind"),
			make: pushingDocs(func(_ erp.Op, push, _ docCall) (erp.DocReceipt, error) {
				r, err := push()
				if erp.ClassOf(err) == erp.OutcomeUnknown {
					return push()
				}
				return r, err
			})},
		"document's refusal called retryable":  {caught: docs("refused"), make: docErrors(erp.Rejected, erp.Retryable)},
		"document's refusal without its words": {caught: docs("refused"), make: docErrors(erp.Rejected, erp.Rejected)},
		"absent document answered as a first": {keys: memerp.IdempotentKeys, caught: docs("found"),
			make: func(w whole) mutant {
				return mutant{docs: docHooks{find: func(m mutant, op erp.Op, key string) (erp.DocReceipt, error) {
					r, err := m.docs.held(op, key)
					if err != nil {
						return erp.DocReceipt{ID: "1"}, nil
					}
					return r, err
				}}}
			}},
		"amount through a float": {caught: []string{"payment_found", "invoice_found"},
			make: pushingDocs(func(_ erp.Op, push, _ docCall) (erp.DocReceipt, error) {
				r, err := push()
				if r.Gross != nil {
					f := r.Gross.Add(decimal.New(1, -9))
					r.Gross = &f
				}
				return r, err
			})},
		"document looked up by the beginning of its key": {caught: docs("found"),
			make: func(whole) mutant {
				return mutant{docs: docHooks{find: func(m mutant, op erp.Op, key string) (erp.DocReceipt, error) {
					return m.docs.heldOf(op, func(k string) bool { return strings.HasPrefix(k, key) })
				}}}
			}},
		"failed look-up of a document called absence": {caught: docs("look_lost"),
			make: func(whole) mutant {
				return mutant{docs: docHooks{found: func(op erp.Op, r erp.DocReceipt, err error) (erp.DocReceipt, error) {
					if erp.ClassOf(err) == erp.Retryable {
						return r, erp.NoSuch(op)
					}
					return r, err
				}}}
			}},
		"message told on the number of its order": {caught: []string{"message_draft"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{message: func(m *erp.Message) { m.Document = "S0000" + m.Document }}}
			}},
		"invoice told as all to be paid": {caught: []string{"payment_part"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) { i.Residual = &i.Totals.Gross }}}
			}},
		"credit note of ours told as an invoice": {caught: []string{"invoice_credit"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{invoice: func(i *erp.Invoice) { i.Credit = i.Credit && i.Key == "" }}}
			}},
		"payment told on account": {caught: []string{"payment_part"},
			make: func(whole) mutant {
				return mutant{goods: goodsHooks{payment: func(p *erp.Payment) { p.Allocations = nil }}}
			}},
		"document told without its key": {caught: docs("told"),
			make: func(whole) mutant {
				return mutant{pulls: pullHooks{answer: func(op erp.Op, p *twisted) {
					if op != erp.OpPullOrders {
						for _, h := range p.heads {
							h.Key = ""
						}
					}
				}}}
			}},
	}
}

// held looks a key up in the books of an ERP that has no look-up.
func (h docHooks) held(op erp.Op, key string) (erp.DocReceipt, error) {
	return h.heldOf(op, func(k string) bool { return k == key })
}

func (h docHooks) heldOf(op erp.Op, is func(key string) bool) (erp.DocReceipt, error) {
	answer := func(head erp.Head, state string, amount decimal.Decimal) (erp.DocReceipt, bool) {
		return erp.DocReceipt{ID: head.ID, State: state, Gross: &amount}, is(head.Key)
	}
	switch op {
	case erp.OpFindPayment, erp.OpPushPayment:
		for _, p := range h.books.Payments() {
			if r, ok := answer(p.Head, string(p.State), p.Amount); ok {
				return r, nil
			}
		}
	case erp.OpFindInvoice, erp.OpPushInvoice:
		for _, i := range h.books.Invoices() {
			if r, ok := answer(i.Head, string(i.State), i.Totals.Gross); ok {
				return r, nil
			}
		}
	case erp.OpFindMessage, erp.OpPushMessage:
		for _, m := range h.books.Messages() {
			if r, ok := answer(m.Head, "", decimal.Zero); ok {
				return erp.DocReceipt{ID: r.ID}, nil
			}
		}
	}
	return erp.DocReceipt{}, erp.NoSuch(op)
}
