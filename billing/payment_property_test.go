package billing_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// till runs random commands of billing on one account.
type till struct {
	*shop
	t    *rapid.T
	docs []billing.ID // invoices, credit notes
	pays []billing.PaymentID
	erp  map[string]int64 // sequences of the ERP's payments
	done map[string]int   // commands that succeeded
}

// ok lets a command succeed or refuse; a refusal changes nothing.
func (m *till) ok(what string, err error) bool {
	if err == nil {
		m.done[what]++
		return true
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Precondition:
		return false
	}
	require.NoError(m.t, err, what)
	return false
}

func (m *till) pick(kind billing.Kind) billing.Document {
	var all, open []billing.Document
	for _, id := range m.docs {
		if d := m.doc(id); d.Kind == kind {
			if all = append(all, d); d.Left().Sign() > 0 {
				open = append(open, d)
			}
		}
	}
	if len(all) == 0 {
		m.t.Skip("none yet")
	}
	if len(open) > 0 && rapid.IntRange(0, 3).Draw(m.t, "open") > 0 {
		all = open
	}
	return rapid.SampledFrom(all).Draw(m.t, "document")
}

func (m *till) pickPayment() billing.Payment {
	if len(m.pays) == 0 {
		m.t.Skip("none yet")
	}
	open := slices.DeleteFunc(slices.Clone(m.pays), func(id billing.PaymentID) bool {
		p := m.payment(id)
		return p.State == order.PaymentRefused || p.State == order.PaymentCancelled
	})
	if len(open) == 0 || rapid.IntRange(0, 7).Draw(m.t, "ended") == 0 {
		open = m.pays
	}
	return m.payment(rapid.SampledFrom(open).Draw(m.t, "payment"))
}

// amount is none, or around what it might be.
func (m *till) amount() money.Amount {
	if rapid.Bool().Draw(m.t, "all") {
		return money.Amount{}
	}
	return money.FromMinor(rapid.Int64Range(1, 120_00).Draw(m.t, "amount"), money.EUR)
}

// begin opens the account, mostly with something on every side: an invoice, a
// credit note on a paid one and money on account.
func (m *till) begin(t *rapid.T) {
	m.done["history"]++
	m.issue(t)
	if rapid.IntRange(0, 4).Draw(t, "bare") == 0 {
		return
	}
	paid := m.bought("2 THIRD")
	m.docs = append(m.docs, paid.ID)
	m.pays = append(m.pays, m.arrived("79.99", paid).ID, m.arrived("50.00").ID)
	m.docs = append(m.docs, m.credited(paid.ID).ID)
}

// tried holds the histories to having tried things with success, if there were
// enough of them to ask for it.
func (m *till) tried(t *testing.T, what ...string) {
	t.Log(m.done)
	for _, w := range what {
		if m.done["history"] >= 80 {
			require.Positive(t, m.done[w], "never happened: %s, of %v", w, m.done)
		}
	}
}

// repay moves a refund on, or promises one.
func (m *till) repay(t *rapid.T) {
	m.t = t
	for _, id := range m.pays {
		if p := m.payment(id); p.Direction == billing.Refund && p.State != order.PaymentRefused && p.State != order.PaymentCancelled {
			m.fire(p, rapid.SampledFrom(paymentTriggers).Draw(t, "trigger"))
			return
		}
	}
	m.refund(t)
}

func (m *till) issue(t *rapid.T) {
	m.t = t
	if len(m.docs) > 10 {
		t.Skip("a handful is enough")
	}
	ids := []order.ID{m.shipped(buyer, fmt.Sprintf("%d THIRD", rapid.IntRange(1, 3).Draw(t, "n")))}
	if rapid.Bool().Draw(t, "two orders") {
		ids = append(ids, m.shipped(buyer, "2 GASKET"))
	}
	m.docs = append(m.docs, m.issued(ids...).ID)
}

func (m *till) credit(t *rapid.T) {
	m.t = t
	d := m.pick(billing.Invoice)
	in := billing.CreditInput{Document: d.ID, Reason: "damaged"}
	if rapid.Bool().Draw(t, "part") {
		in.Lines = []billing.CreditLine{{Line: "1", Quantity: money.MustQuantity(rapid.SampledFrom([]string{"1", "0.5", "0.3333"}).Draw(t, "q"))}}
	}
	c, err := m.bills.Credit(m.ctx, operator, in)
	if m.ok("credit", err) {
		m.docs = append(m.docs, c.ID)
	}
}

func (m *till) pay(t *rapid.T) {
	m.t = t
	in := billing.PayInput{Partner: "nord", Method: billing.Transfer, Amount: money.FromMinor(rapid.Int64Range(1, 200_00).Draw(t, "money"), money.EUR)}
	for range rapid.IntRange(0, 2).Draw(t, "invoices") {
		in.Invoices = append(in.Invoices, billing.PayFor{Document: m.pick(billing.Invoice).ID, Amount: m.amount()})
	}
	p, err := m.bills.Pay(m.ctx, buyer, in)
	if m.ok("pay", err) {
		m.pays = append(m.pays, p.ID)
	}
}

func (m *till) advance(t *rapid.T) {
	m.t = t
	m.fire(m.pickPayment(), rapid.SampledFrom(append(paymentTriggers, billing.Confirm, billing.Confirm)).Draw(t, "trigger"))
}

func (m *till) fire(p billing.Payment, on billing.PaymentTrigger) {
	in := billing.PaymentAdvanceInput{Payment: p.ID, On: on, Reason: "because"}
	if on == billing.Confirm || p.State == order.PaymentConfirmed {
		in.Date = p.Date.AddDays(rapid.IntRange(-3, 3).Draw(m.t, "date"))
	}
	_, err := m.bills.Advance(m.ctx, operator, in)
	m.ok(string(p.Direction)+" "+string(on)+" "+string(p.State), err)
}

func (m *till) allocate(t *rapid.T) {
	m.t = t
	_, err := m.bills.Allocate(m.ctx, operator, billing.AllocateInput{Payment: m.pickPayment().ID,
		Invoices: []billing.PayFor{{Document: m.pick(billing.Invoice).ID, Amount: m.amount()}}})
	m.ok("allocate", err)
}

func (m *till) unallocate(t *rapid.T) {
	m.t = t
	_, err := m.bills.Unallocate(m.ctx, operator, billing.UnallocateInput{Payment: m.pickPayment().ID, Reason: "because"})
	m.ok("unallocate", err)
}

func (m *till) setOff(t *rapid.T) {
	m.t = t
	_, err := m.bills.SetOff(m.ctx, operator, billing.SetOffInput{Credit: m.pick(billing.CreditNote).ID, Invoice: m.pick(billing.Invoice).ID, Amount: m.amount()})
	m.ok("set off", err)
}

func (m *till) refund(t *rapid.T) {
	m.t = t
	if rapid.Bool().Draw(t, "of a payment") {
		m.refundPayment(t)
		return
	}
	m.promise(billing.RefundInput{Document: m.pick(billing.CreditNote).ID})
}

func (m *till) refundPayment(t *rapid.T) {
	m.t = t
	m.promise(billing.RefundInput{Payment: m.pickPayment().ID})
}

func (m *till) promise(in billing.RefundInput) {
	in.Method, in.Amount, in.Reason = billing.Transfer, m.amount(), "because"
	p, err := m.bills.Refund(m.ctx, operator, in)
	if m.ok("refund", err) {
		m.pays = append(m.pays, p.ID)
	}
}

// reported lets the ERP tell of payments of its own, again and out of order.
func (m *till) reported(t *rapid.T) {
	m.t = t
	id := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "twin")
	in := fromERP(id, rapid.Int64Range(0, m.erp[id]+1).Draw(t, "sequence"), "1.00")
	m.erp[id] = max(m.erp[id], in.Twin.Sequence)
	in.State = rapid.SampledFrom(append(billing.DefaultPaymentLife().States(), order.PaymentConfirmed)).Draw(t, "state")
	in.Amount = money.FromMinor(rapid.Int64Range(1, 200_00).Draw(t, "money"), money.EUR)
	in.Date = day("2026-11-20").AddDays(rapid.IntRange(0, 9).Draw(t, "date"))
	for range rapid.IntRange(0, 2).Draw(t, "parts") {
		in.Allocations = append(in.Allocations, to(m.pick(billing.Invoice), "60.00"))
	}
	_, err := m.bills.ReportPayment(m.ctx, machine, in)
	require.NoError(t, err)
	m.done["report"]++
}

// Whatever happens in whatever order, nothing is ever over-settled, and
// documents, payments, orders and statements tell one story after every step.
func TestLawMoneyAddsUpAfterEveryStep(t *testing.T) {
	fewer(t, 10)
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		m := &till{shop: newShop(rt, settings{}), t: rt, erp: map[string]int64{}, done: done}
		m.begin(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { m.audit() }, "repay": m.repay, "repay2": m.repay, "issue": m.issue, "credit": m.credit, "pay": m.pay, "pay2": m.pay, "advance": m.advance, "advance2": m.advance,
			"advance3": m.advance, "allocate": m.allocate, "unallocate": m.unallocate, "set off": m.setOff, "refund": m.refund, "reported": m.reported,
			"pass": func(t *rapid.T) { m.pass(rapid.IntRange(1, 20).Draw(t, "days")) },
		})
	})
	m := till{done: done}
	m.tried(t, "credit", "pay", "incoming confirm awaiting", "incoming refuse confirmed", "allocate", "unallocate", "set off", "refund",
		"refund confirm awaiting", "refund cancel awaiting", "report")
}

// mirrorCredit lets the ERP tell of a credit note on its invoice i, of a part
// of what is on it, used on it as far as it goes.
func (m *till) mirrorCredit(in billing.InvoiceReport, i int) {
	inv, err := m.bills.GetByERP(m.ctx, operator, fmt.Sprint("inv-", i))
	if err != nil || inv.Void {
		m.t.Skip("no invoice to credit")
	}
	in.Twin.ID, in.Number, in.Kind = fmt.Sprint("cn-", i), fmt.Sprint("CN-", i), billing.CreditNote
	in.Corrects, in.Reason = fmt.Sprint("inv-", i), "damaged"
	in.Void = rapid.IntRange(0, 2).Draw(m.t, "void") == 0
	d, err := m.bills.ReportInvoice(m.ctx, machine, in)
	if err == nil && !slices.Contains(m.docs, d.ID) {
		m.docs = append(m.docs, d.ID)
	}
	if err == nil && d.SetOff.Sign() > 0 {
		m.done["used"]++
	}
	if err == nil && d.Void && d.Version > 1 {
		m.done["credit void"]++
	}
	m.ok("mirror credit", err)
}

// The same where the ERP makes the invoices, and changes and voids them.
func TestLawMirroredMoneyAddsUpAfterEveryStep(t *testing.T) {
	fewer(t, 10)
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		m := &till{shop: newShop(rt, settings{bills: mirrors()}), t: rt, erp: map[string]int64{}, done: done}
		var orders []order.ID
		mirror := func(t *rapid.T) {
			m.t = t
			if len(orders) < 3 {
				orders = append(orders, m.shipped(buyer, "3 THIRD"))
			}
			i := rapid.IntRange(0, len(orders)-1).Draw(t, "order")
			quantity := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "q")
			in := report(m.get(orders[i]), fmt.Sprint("inv-", i), quantity)
			in.Twin.Sequence = rapid.Int64Range(max(1, m.erp[in.Twin.ID]-1), m.erp[in.Twin.ID]+2).Draw(t, "sequence")
			m.erp[in.Twin.ID] = max(m.erp[in.Twin.ID], in.Twin.Sequence)
			if rapid.IntRange(0, 2).Draw(t, "credit") == 0 && len(m.docs) > 0 {
				m.mirrorCredit(in, i)
				return
			}
			in.Void = rapid.IntRange(0, 3).Draw(t, "void") == 0
			before := len(m.docs)
			d, err := m.bills.ReportInvoice(m.ctx, machine, in)
			if !m.ok("mirror", err) { // more would be credited than invoiced
				return
			}
			if !slices.Contains(m.docs, d.ID) {
				m.docs = append(m.docs, d.ID)
			} else if d.Void {
				m.done["void"]++
			}
			if len(m.docs) == before {
				m.done["changed"]++
			}
		}
		m.done["history"]++
		mirror(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { m.audit() }, "mirror": mirror, "mirror2": mirror, "pay": m.pay, "advance": m.advance, "advance2": m.advance,
			"allocate": m.allocate, "unallocate": m.unallocate, "refund": m.refundPayment, "reported": m.reported, "reported2": m.reported,
			"pass": func(t *rapid.T) { m.pass(rapid.IntRange(1, 20).Draw(t, "days")) },
		})
	})
	m := till{done: done}
	m.tried(t, "void", "changed", "used", "credit void", "pay", "incoming confirm awaiting", "incoming refuse confirmed", "allocate", "refund", "report")
}

// The statement does not depend on the order in which payments were recorded.
func TestLawStatementForgetsTheOrderOfRecording(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		reports := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) billing.PaymentReport {
			in := fromERP("", 0, "1.00")
			in.Amount = money.FromMinor(rapid.Int64Range(20_00, 90_00).Draw(t, "money"), money.EUR)
			in.Date = day("2026-11-10").AddDays(rapid.IntRange(0, 30).Draw(t, "date"))
			in.State = rapid.SampledFrom([]order.PaymentState{order.PaymentConfirmed, order.PaymentConfirmed, order.PaymentAwaiting}).Draw(t, "state")
			return in
		}), 1, 6).Draw(rt, "payments")
		parts := rapid.SliceOfN(rapid.Int64Range(0, 20_00), len(reports), len(reports)).Draw(rt, "parts") // 6 × 20.00 fit into 159.99
		for i := range reports {
			reports[i].Twin.ID, reports[i].Twin.Number = fmt.Sprint(i), fmt.Sprint("B", i)
		}
		way := rapid.Permutation(reports).Draw(rt, "order")
		write := func(reports []billing.PaymentReport) []billing.Statement {
			s := newShop(t, settings{})
			d := s.bought("4 THIRD")
			for _, in := range reports {
				var i int
				_, err := fmt.Sscan(in.Twin.ID, &i)
				require.NoError(rt, err)
				if parts[i] > 0 {
					in.Allocations = []billing.AllocationReport{{Number: d.Number, Amount: money.FromMinor(parts[i], money.EUR)}}
				}
				s.report(in)
			}
			var out []billing.Statement
			for _, until := range []string{"2026-11-15", "2026-11-22", "2026-12-01", "2026-12-31", "2027-06-01"} {
				st := s.statement(billing.StatementInput{From: day("2026-11-12"), Until: day(until)})
				for i := range st.Rows {
					st.Rows[i].Payment = ""
				}
				out = append(out, st)
			}
			return out
		}
		require.Equal(rt, write(reports), write(way))
	})
}
