package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// issues names path and code of what is wrong with an input.
func payIssues(err error) string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return strings.Join(out, ", ")
}

func TestPayIsRecordedAndSettlesNothing(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN") // 768.00 with VAT
	s.events(event.Facts)
	p, err := s.bills.Pay(s.ctx, accountant, billing.PayInput{Amount: eur("768.00"), Method: billing.Transfer, Reference: "INV 1",
		Date: day("2026-11-25"), Invoices: []billing.PayFor{{Document: d.ID}}})
	require.NoError(t, err)
	require.Equal(t, "P-2026-000001", p.Number)
	require.Equal(t, order.PaymentAwaiting, p.State)
	require.Equal(t, billing.Incoming, p.Direction)
	require.Equal(t, []any{billing.SellerID("acme"), partner.ID("nord"), partner.CounterpartyID("legal")}, []any{p.Seller, p.Partner, p.Buyer})
	require.Equal(t, accountant.Stamp(), p.CreatedBy)
	require.Equal(t, []string{"payment.recorded"}, types(s.events(event.Facts), "payment."))
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(d.ID))
	require.Equal(t, order.PaymentAwaiting, s.doc(d.ID).Payment)
	o := s.get(d.Orders[0].Order)
	require.Equal(t, order.PaymentAwaiting, o.Payment(), "A19 R20: the order's column payment")
	require.Equal(t, order.Unpaid, o.Paid())
	require.Empty(t, types(s.events(event.ERP), "payment."), "the ERP learns of money that is there")
	require.Equal(t, "P-2026-000002", s.paid("1.00").Number)
	s.audit()
}

func TestA19R23ChequeNeedsItsNumber(t *testing.T) {
	s := newShop(t, settings{})
	pay := func(m billing.Method, number string) error {
		_, err := s.bills.Pay(s.ctx, buyer, billing.PayInput{Amount: eur("1.00"), Method: m, Cheque: number})
		return err
	}
	require.Equal(t, "cheque billing.cheque_number", payIssues(pay(billing.Cheque, "")))
	require.Equal(t, "cheque billing.cheque_number", payIssues(pay(billing.Card, "12")))
	require.NoError(t, pay(billing.Cheque, "0012345"))
	require.NoError(t, pay(billing.Card, ""))

	// A refund by cheque gets its number when the cheque is written.
	p := s.arrived("50.00")
	r, err := s.bills.Refund(s.ctx, operator, billing.RefundInput{Payment: p.ID, Method: billing.Cheque, Reason: "paid twice"})
	require.NoError(t, err)
	confirm := billing.PaymentAdvanceInput{Payment: r.ID, On: billing.Confirm}
	_, err = s.bills.Advance(s.ctx, operator, confirm)
	require.ErrorIs(t, err, fsm.ErrGuard)
	require.Equal(t, "cheque billing.cheque_number", payIssues(err))
	confirm.Cheque = "77"
	r, err = s.bills.Advance(s.ctx, operator, confirm)
	require.NoError(t, err)
	require.Equal(t, "77", r.Cheque)
	s.audit()
}

func TestPayNamesEveryProblem(t *testing.T) {
	s := newShop(t, settings{})
	d, e := s.bought("1 OVEN"), s.bought("1 GASKET")
	cn := s.credited(s.bought("1 OVEN").ID)
	long := strings.Repeat("x", 3000)
	_, err := s.bills.Pay(s.ctx, buyer, billing.PayInput{Amount: eur("-1.00"), Cheque: "1", Reference: long, Note: long, Seller: "other", Buyer: "ghost", Date: day("2028-01-01")})
	require.ErrorIs(t, err, billing.ErrInvalid)
	require.Equal(t, "buyer unknown, seller unknown, amount amount.sign, method required, cheque billing.cheque_number, reference text.long, note text.long, date date.far", payIssues(err))

	pay := func(amount string, parts ...billing.PayFor) string {
		_, err := s.bills.Pay(s.ctx, operator, billing.PayInput{Partner: "nord", Amount: money.MustAmount(amount, money.EUR), Method: billing.Card, Invoices: parts})
		require.ErrorIs(t, err, billing.ErrInvalid)
		return payIssues(err)
	}
	require.Equal(t, "invoices[0].amount billing.left", pay("900.00", billing.PayFor{Document: d.ID, Amount: eur("768.01")}))
	require.Equal(t, "invoices[1].amount billing.left", pay("700.00", billing.PayFor{Document: d.ID}, billing.PayFor{Document: e.ID}), "nothing is left for the second")
	require.Equal(t, "invoices[0].amount billing.left", pay("1.00", billing.PayFor{Document: d.ID, Amount: eur("1.01")}))
	require.Equal(t, "invoices[0].amount amount.sign", pay("1.00", billing.PayFor{Document: d.ID, Amount: eur("-1.00")}))
	require.Equal(t, "invoices[0].amount amount.currency", pay("1.00", billing.PayFor{Document: d.ID, Amount: money.MustAmount("1.00", money.USD)}))
	require.Equal(t, "invoices[1].document repeated", pay("9.00", billing.PayFor{Document: d.ID, Amount: eur("1.00")}, billing.PayFor{Document: d.ID}))
	require.Equal(t, "invoices[0].document kind", pay("9.00", billing.PayFor{Document: cn.ID}))

	foreign := s.issued(s.shipped(stranger, "1 OVEN"))
	require.Equal(t, "invoices[0].document account", pay("9.00", billing.PayFor{Document: foreign.ID}))
	_, err = s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: money.MustAmount("9.00", money.USD), Method: billing.Card, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.Equal(t, "invoices[0].document account", payIssues(err), "another currency is another account")
	_, err = s.bills.Pay(s.ctx, operator, billing.PayInput{Amount: eur("9.00"), Buyer: "branch", Method: billing.Card, Invoices: []billing.PayFor{{Document: d.ID}}})
	require.Equal(t, "invoices[0].document account", payIssues(err), "another legal entity is another account")
	s.audit()
}

// shipped is an order of which everything has left.
func (s *shop) shipped(a access.Actor, lines ...string) order.ID {
	s.t.Helper()
	o := s.sold(a, lines...)
	s.ship(o.ID)
	return o.ID
}

func TestPayIsForOnesOwn(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	pay := func(a access.Actor, in billing.PayInput) error {
		in.Amount, in.Method = eur("1.00"), billing.Card
		_, err := s.bills.Pay(s.ctx, a, in)
		return err
	}
	require.ErrorIs(t, pay(stranger, billing.PayInput{Invoices: []billing.PayFor{{Document: d.ID}}}), billing.ErrNotFound)
	require.ErrorIs(t, pay(stranger, billing.PayInput{Partner: "nord"}), partner.ErrNotFound)
	require.ErrorIs(t, pay(access.Actor{}, billing.PayInput{Partner: "nord"}), partner.ErrNotFound)
	require.ErrorIs(t, pay(designer, billing.PayInput{}), partner.ErrNotFound, "a designer has no books")
	require.ErrorIs(t, pay(machine, billing.PayInput{Partner: "nord"}), access.ErrForbidden, "a machine reports")
	require.NoError(t, pay(stranger, billing.PayInput{}), "on account of its own")
	require.NoError(t, pay(operator, billing.PayInput{Invoices: []billing.PayFor{{Document: d.ID}}}), "the invoice says whose it is")

	p := s.paid("2.00", d)
	_, err := s.bills.GetPayment(s.ctx, stranger, p.ID)
	require.ErrorIs(t, err, billing.ErrNoPayment)
	_, err = s.bills.Advance(s.ctx, stranger, billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Cancel})
	require.ErrorIs(t, err, billing.ErrNoPayment)
	page, err := s.bills.FindPayments(s.ctx, stranger, billing.PaymentQuery{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	require.Equal(t, partner.ID("sud"), page.Rows[0].Partner)
	page, err = s.bills.FindPayments(s.ctx, stranger, billing.PaymentQuery{Partner: "nord"})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
	page, err = s.bills.FindPayments(s.ctx, operator, billing.PaymentQuery{Document: d.ID})
	require.NoError(t, err)
	require.Len(t, page.Rows, 2)
	_, err = s.bills.FindPayments(s.ctx, operator, billing.PaymentQuery{States: []order.PaymentState{"lost"}, Sort: "size", Direction: "up", From: day("2026-02-01"), Until: day("2026-01-01")})
	require.Equal(t, "states unknown, direction unknown, sort unknown, until range", payIssues(err))
	s.audit()
}

// The same key gives the first answer, whatever happened since; another input
// under it is refused.
func TestPaymentCommandsAreRepeatable(t *testing.T) {
	s := newShop(t, settings{})
	d, e := s.bought("1 OVEN"), s.bought("1 OVEN")
	cn := s.credited(s.bought("1 OVEN").ID, "1")
	require.Equal(t, "0.00", cn.Left().Text())
	pay := billing.PayInput{Key: "k", Amount: eur("1000.00"), Method: billing.Card, Invoices: []billing.PayFor{{Document: d.ID}}}
	p, err := s.bills.Pay(s.ctx, buyer, pay)
	require.NoError(t, err)
	confirm := billing.PaymentAdvanceInput{Key: "k", Payment: p.ID, On: billing.Confirm}
	q, err := s.bills.Advance(s.ctx, operator, confirm)
	require.NoError(t, err)
	give := billing.AllocateInput{Key: "k", Payment: p.ID, Invoices: []billing.PayFor{{Document: e.ID, Amount: eur("100.00")}}}
	r, err := s.bills.Allocate(s.ctx, operator, give)
	require.NoError(t, err)
	take := billing.UnallocateInput{Key: "k", Payment: p.ID, Document: e.ID, Reason: "wrong one"}
	u, err := s.bills.Unallocate(s.ctx, operator, take)
	require.NoError(t, err)
	back := billing.RefundInput{Key: "k", Payment: p.ID, Method: billing.Transfer, Amount: eur("10.00"), Reason: "too much"}
	f, err := s.bills.Refund(s.ctx, operator, back)
	require.NoError(t, err)
	before, _ := s.everything()

	for want, again := range map[string]func() (billing.Payment, error){
		"pay":        func() (billing.Payment, error) { return s.bills.Pay(s.ctx, buyer, pay) },
		"advance":    func() (billing.Payment, error) { return s.bills.Advance(s.ctx, operator, confirm) },
		"allocate":   func() (billing.Payment, error) { return s.bills.Allocate(s.ctx, operator, give) },
		"unallocate": func() (billing.Payment, error) { return s.bills.Unallocate(s.ctx, operator, take) },
		"refund":     func() (billing.Payment, error) { return s.bills.Refund(s.ctx, operator, back) },
	} {
		got, err := again()
		require.NoError(t, err, want)
		first := map[string]billing.Payment{"pay": p, "advance": q, "allocate": r, "unallocate": u, "refund": f}[want]
		require.Equal(t, first, got, want)
	}
	after, payments := s.everything()
	require.Equal(t, before, after)
	require.Len(t, payments, 2)
	pay.Amount = eur("2.00")
	_, err = s.bills.Pay(s.ctx, buyer, pay)
	require.ErrorIs(t, err, uow.ErrKeyReused)
	s.audit()
}

func TestConfirmedMoneySettles(t *testing.T) {
	s := newShop(t, settings{})
	o := s.sold(buyer, "3 OVEN")
	s.ship(o.ID, "2")
	first := s.issued(o.ID) // 1536.00
	s.ship(o.ID)
	second := s.issued(o.ID) // 768.00
	s.events(event.Facts)

	// One payment over several invoices, in the order given.
	p := s.paid("2000.00", first, second)
	require.Equal(t, "1536.00 464.00", allots(p))
	s.pass(3)
	p = s.move(p, billing.Confirm)
	require.Equal(t, day("2026-11-25"), p.Date, "the day the money was there")
	require.Equal(t, [3]string{"1536.00", "0.00", "0.00"}, s.figures(first.ID))
	require.Equal(t, [3]string{"464.00", "0.00", "304.00"}, s.figures(second.ID))
	require.Equal(t, order.PartlyPaid, s.get(o.ID).Paid())
	facts := s.events(event.Facts)
	require.Equal(t, []string{"payment.recorded", "payment.advanced"}, types(facts, "payment."))
	require.Equal(t, []string{"invoice.settled"}, types(facts, "invoice."))
	require.Contains(t, types(s.events(event.ERP), "payment."), "payment.push_requested")

	// Several payments on one invoice; what is too much is credit owed.
	q := s.paid("200.00", second)
	r := s.paid("304.00", second)
	s.move(q, billing.Confirm)
	r = s.move(r, billing.Confirm)
	require.Equal(t, "104.00", allots(r))
	require.Equal(t, "200.00", r.Rest().Text())
	require.Equal(t, [3]string{"768.00", "0.00", "0.00"}, s.figures(second.ID))
	require.Equal(t, order.FullyPaid, s.get(o.ID).Paid())
	require.Equal(t, order.PaymentConfirmed, s.get(o.ID).Payment())
	require.Equal(t, "200.00", s.owed().Owed.Text())
	s.audit()
}

// allots are the amounts of a payment's allocations.
func allots(p billing.Payment) string {
	var out []string
	for _, al := range p.Allocations {
		out = append(out, al.Amount.Text())
	}
	return strings.Join(out, " ")
}

// A document over several orders shares what is paid by their gross parts, by
// the largest remainder.
func TestSettledIsSharedOverOrders(t *testing.T) {
	s := newShop(t, settings{})
	a, b, c := s.shipped(buyer, "1 THIRD"), s.shipped(buyer, "1 THIRD"), s.shipped(buyer, "2 THIRD")
	d := s.issued(a, b, c)
	require.Equal(t, "40.00 40.00 79.99", fmt.Sprint(d.Orders[0].Gross.Text(), " ", d.Orders[1].Gross.Text(), " ", d.Orders[2].Gross.Text()))
	s.arrived("0.05", d)
	settled := func() string {
		return fmt.Sprint(s.get(a).Bills[0].Settled.Text(), " ", s.get(b).Bills[0].Settled.Text(), " ", s.get(c).Bills[0].Settled.Text())
	}
	require.Equal(t, "0.01 0.01 0.03", settled())
	s.audit()
	s.arrived("100.00", d)
	require.Equal(t, "25.02 25.01 50.02", settled())
	s.audit()
	s.arrived("59.94", d)
	require.Equal(t, "40.00 40.00 79.99", settled())
	s.audit()
}

func TestBouncedPaymentReopensWhatItSettled(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.arrived("800.00", d)
	require.Equal(t, "32.00", s.owed().Owed.Text())
	s.pass(10)
	s.events(event.Facts)
	refuse := billing.PaymentAdvanceInput{Payment: p.ID, On: billing.Refuse, Reason: "no cover", Date: day("2026-11-21")}
	_, err := s.bills.Advance(s.ctx, operator, refuse)
	require.Equal(t, "date date.before", payIssues(err))
	refuse.Date = day("2026-12-03")
	_, err = s.bills.Advance(s.ctx, operator, refuse)
	require.Equal(t, "date date.future", payIssues(err))
	refuse.Date, refuse.Reason = day("2026-11-30"), ""
	_, err = s.bills.Advance(s.ctx, operator, refuse)
	require.Equal(t, "reason reason.missing", payIssues(err))
	_, err = s.bills.Advance(s.ctx, accountant, refuse)
	require.Equal(t, fault.Forbidden, fault.KindOf(err), "a customer does not refuse")
	refuse.Reason = "no cover"
	p, err = s.bills.Advance(s.ctx, operator, refuse)
	require.NoError(t, err)
	require.Equal(t, order.PaymentRefused, p.State)
	require.Equal(t, "768.00", allots(p), "it stays known what it had paid")
	require.Equal(t, "0.00", p.Rest().Text())
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(d.ID))
	require.Equal(t, order.Unpaid, s.get(d.Orders[0].Order).Paid())
	require.Equal(t, order.PaymentRefused, s.get(d.Orders[0].Order).Payment())
	facts := s.events(event.Facts)
	require.Equal(t, []string{"invoice.reopened"}, types(facts, "invoice."))
	s.audit()

	require.Equal(t, "-32.00 -32.00 768.00", closings(s, "2026-11-22", "2026-11-29", "2026-11-30"), "its money was there for a time")
	q := s.arrived("768.00", d)
	require.Equal(t, "768.00", allots(q))
	s.audit()
}

func closings(s *shop, days ...string) string {
	var out []string
	for _, d := range days {
		out = append(out, s.statement(billing.StatementInput{Until: day(d)}).Closing.Text())
	}
	return strings.Join(out, " ")
}

func TestAllocateAndTakeBack(t *testing.T) {
	s := newShop(t, settings{})
	p := s.arrived("1000.00") // on account, before there is an invoice
	s.pass(7)
	d, e := s.bought("1 OVEN"), s.bought("1 OVEN")
	give := billing.AllocateInput{Payment: p.ID, Version: p.Version, Invoices: []billing.PayFor{{Document: d.ID}, {Document: e.ID}}}
	_, err := s.bills.Allocate(s.ctx, accountant, give)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.Allocate(s.ctx, stranger, give)
	require.ErrorIs(t, err, billing.ErrNoPayment)
	p, err = s.bills.Allocate(s.ctx, operator, give)
	require.NoError(t, err)
	require.Equal(t, "768.00 232.00", allots(p))
	require.Equal(t, day("2026-11-29"), p.Allocations[0].On, "not before the invoice")
	_, err = s.bills.Allocate(s.ctx, operator, give)
	require.ErrorIs(t, err, uow.ErrVersion)
	give.Version = 0
	_, err = s.bills.Allocate(s.ctx, operator, give)
	require.Equal(t, "invoices[0].amount billing.left, invoices[1].amount billing.left", payIssues(err), "nothing is left of the first, nor of the payment")
	_, err = s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: p.ID})
	require.Equal(t, "invoices required", payIssues(err))
	_, err = s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: s.paid("1.00").ID, Invoices: give.Invoices})
	require.ErrorIs(t, err, billing.ErrUnconfirmed)
	s.audit()

	take := billing.UnallocateInput{Payment: p.ID, Document: d.ID}
	_, err = s.bills.Unallocate(s.ctx, operator, take)
	require.Equal(t, "reason required", payIssues(err))
	take.Reason = "meant for the other"
	p, err = s.bills.Unallocate(s.ctx, operator, take)
	require.NoError(t, err)
	require.Equal(t, "232.00", allots(p))
	require.Equal(t, "768.00", p.Rest().Text())
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(d.ID))
	_, err = s.bills.Unallocate(s.ctx, operator, take)
	require.ErrorIs(t, err, billing.ErrLeft)
	s.audit()
	p, err = s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: p.ID, Invoices: []billing.PayFor{{Document: e.ID}}})
	require.NoError(t, err)
	require.Equal(t, "768.00", allots(p), "two parts for one invoice are one")
	_, err = s.bills.Unallocate(s.ctx, operator, billing.UnallocateInput{Payment: p.ID, Reason: "all of it"})
	require.NoError(t, err)
	require.Equal(t, "1000.00", s.payment(p.ID).Rest().Text())
	s.audit()
}

func TestCreditIsSetOff(t *testing.T) {
	s := newShop(t, settings{})
	// A credit note on an open invoice is set off against it at issue.
	open := s.bought("2 OVEN")
	cn := s.credited(open.ID, "1")
	require.Equal(t, [3]string{"0.00", "768.00", "768.00"}, s.figures(open.ID))
	require.Equal(t, [3]string{"0.00", "768.00", "0.00"}, s.figures(cn.ID))
	s.audit()
	// On a paid one it is owed, and can be used for another.
	s.arrived("768.00", open)
	cn = s.credited(open.ID, "1")
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(cn.ID))
	require.Equal(t, "768.00", s.owed().Owed.Text())
	d := s.bought("1 GASKET", "1 OVEN") // 779.34
	use := billing.SetOffInput{Credit: cn.ID, Invoice: d.ID, Amount: eur("700.00")}
	_, err := s.bills.SetOff(s.ctx, buyer, use)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.SetOff(s.ctx, stranger, use)
	require.ErrorIs(t, err, billing.ErrNotFound)
	s.events(event.Facts)
	cn, err = s.bills.SetOff(s.ctx, operator, use)
	require.NoError(t, err)
	require.Equal(t, []string{"invoice.set_off"}, types(s.events(event.Facts), "invoice."))
	require.Equal(t, [3]string{"0.00", "700.00", "79.34"}, s.figures(d.ID))
	_, err = s.bills.SetOff(s.ctx, operator, use)
	require.ErrorIs(t, err, billing.ErrLeft)
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Version: 1, Invoice: d.ID})
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: d.ID})
	require.NoError(t, err)
	require.Equal(t, [3]string{"0.00", "768.00", "0.00"}, s.figures(cn.ID))
	require.Equal(t, order.PartlyPaid, s.get(d.Orders[0].Order).Paid())
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: d.ID, Invoice: cn.ID, Amount: eur("0.00")})
	require.Equal(t, "credit kind, invoice kind, amount amount.sign", payIssues(err))
	foreign := s.issued(s.shipped(stranger, "1 OVEN"))
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: foreign.ID})
	require.Equal(t, "invoice account", payIssues(err))
	s.audit()
}
