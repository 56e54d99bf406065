package billing_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// account is a year of a customer: 768.00 invoiced on 22 November, paid in two
// parts of which one bounces, one returned and credited, one overpaid.
func account(t *testing.T) *shop {
	s := newShop(t, settings{})
	first := s.bought("1 OVEN") // due 2026-12-22
	s.pass(10)                  // 2 December
	s.arrived("500.00", first)
	cheque, err := s.bills.Pay(s.ctx, buyer, billing.PayInput{Amount: eur("268.00"), Method: billing.Cheque, Cheque: "0012345", Invoices: []billing.PayFor{{Document: first.ID}}})
	require.NoError(t, err)
	s.move(cheque, billing.Confirm)
	s.pass(5) // 7 December
	s.move(cheque, billing.Refuse)
	second := s.bought("2 OVEN") // 1536.00, due 2027-01-06
	s.pass(10)                   // 17 December
	s.arrived("1600.00", second)
	s.credited(second.ID, "1") // owed: 64.00 and 768.00
	s.pass(3)                  // 20 December
	docs, _ := s.everything()
	var cn billing.Document
	for _, d := range docs {
		if d.Kind == billing.CreditNote {
			cn = d
		}
	}
	r, err := s.bills.Refund(s.ctx, operator, billing.RefundInput{Document: cn.ID, Amount: eur("700.00"), Method: billing.Transfer, Reason: "returned"})
	require.NoError(t, err)
	s.pass(1) // 21 December
	s.move(r, billing.Confirm)
	_, err = s.bills.Refund(s.ctx, operator, billing.RefundInput{Document: cn.ID, Amount: eur("60.00"), Method: billing.Transfer, Reason: "returned"})
	require.NoError(t, err)
	s.bought("1 GASKET") // 11.34, due 2027-01-20
	return s
}

func TestR41ReconciliationAct(t *testing.T) {
	s := account(t)
	st := s.statement(billing.StatementInput{From: day("2026-12-01"), Until: day("2026-12-31")})
	require.Equal(t, "768.00", st.Opening.Text())
	require.Equal(t, "147.34", st.Closing.Text())
	var rows []string
	for _, r := range st.Rows {
		rows = append(rows, fmt.Sprint(r.Date, " ", r.Kind, " ", r.Ours.Debit.Text(), " ", r.Ours.Credit.Text(), " ", r.Balance.Text()))
		require.Equal(t, r.Ours.Debit, r.Mirrored.Credit, "the other party books it on the other side")
		require.Equal(t, r.Ours.Credit, r.Mirrored.Debit)
	}
	require.Equal(t, []string{
		"2026-12-02 payment 0.00 500.00 268.00",
		"2026-12-02 payment 0.00 268.00 0.00",
		"2026-12-07 invoice 1536.00 0.00 1536.00",
		"2026-12-07 bounced 268.00 0.00 1804.00",
		"2026-12-17 credit_note 0.00 768.00 1036.00",
		"2026-12-17 payment 0.00 1600.00 -564.00",
		"2026-12-21 invoice 11.34 0.00 -552.66",
		"2026-12-21 refund 700.00 0.00 147.34",
	}, rows)
	require.Equal(t, []string{"2515.34", "3136.00", "3136.00", "2515.34"},
		[]string{st.Turnover.Debit.Text(), st.Turnover.Credit.Text(), st.Mirrored.Debit.Text(), st.Mirrored.Credit.Text()})
	require.Equal(t, []string{"132.00", "60.00", "72.00"}, []string{st.Credit.Owed.Text(), st.Credit.Promised.Text(), st.Credit.Free.Text()})
	require.Equal(t, "279.34", st.Ageing.Total.Text())
	golden.Check(t, "testdata/statement.en.txt", []byte(st.Text("en")))
	golden.Check(t, "testdata/statement.fr.txt", []byte(st.Text("fr-BE")))
	s.audit()
}

// Ageing at a date is by the days after the due date, from what was left then.
func TestStatementAgeing(t *testing.T) {
	s := account(t)
	ages := func(until string) string {
		g := s.statement(billing.StatementInput{Until: day(until)}).Ageing
		return fmt.Sprint(g.NotDue.Text(), " ", g.To30.Text(), " ", g.To60.Text(), " ", g.To90.Text(), " ", g.Over90.Text(), " ", g.Total.Text())
	}
	require.Equal(t, "0.00 0.00 0.00 0.00 0.00 0.00", ages("2026-11-21"), "nothing was there")
	require.Equal(t, "768.00 0.00 0.00 0.00 0.00 768.00", ages("2026-12-01"))
	require.Equal(t, "268.00 0.00 0.00 0.00 0.00 268.00", ages("2026-12-02"), "what bounced since is matched no more")
	require.Equal(t, "1804.00 0.00 0.00 0.00 0.00 1804.00", ages("2026-12-07"))
	require.Equal(t, "279.34 0.00 0.00 0.00 0.00 279.34", ages("2026-12-22"), "the due date itself is in time")
	require.Equal(t, "11.34 268.00 0.00 0.00 0.00 279.34", ages("2026-12-23"))
	require.Equal(t, "11.34 268.00 0.00 0.00 0.00 279.34", ages("2027-01-20"))
	require.Equal(t, "0.00 279.34 0.00 0.00 0.00 279.34", ages("2027-01-21"), "30 days and 1 day")
	require.Equal(t, "0.00 11.34 268.00 0.00 0.00 279.34", ages("2027-01-22"))
	require.Equal(t, "0.00 0.00 11.34 268.00 0.00 279.34", ages("2027-02-21"))
	require.Equal(t, "0.00 0.00 0.00 11.34 268.00 279.34", ages("2027-03-23"))
	st := s.statement(billing.StatementInput{Until: day("2027-01-21")})
	require.Equal(t, []any{2, 30, 1}, []any{len(st.Open), st.Open[0].Days, st.Open[1].Days})
}

func TestStatementIsOfOneAccount(t *testing.T) {
	s := account(t)
	s.issued(s.shipped(stranger, "1 OVEN"))
	ask := func(a access.Actor, in billing.StatementInput) (billing.Statement, error) {
		in.Currency = money.EUR
		return s.bills.Statement(s.ctx, a, in)
	}
	own, err := ask(accountant, billing.StatementInput{})
	require.NoError(t, err)
	all := s.statement(billing.StatementInput{})
	require.Equal(t, all, own, "A20 R41: the customer's accountant has it on request")
	legal, err := ask(accountant, billing.StatementInput{Buyer: "legal"})
	require.NoError(t, err)
	require.Equal(t, "Nord SARL", legal.Name)
	require.Equal(t, all.Rows, legal.Rows)
	branch, err := ask(accountant, billing.StatementInput{Buyer: "branch"})
	require.NoError(t, err)
	require.Empty(t, branch.Rows)
	require.Equal(t, "0.00", branch.Closing.Text())
	for _, a := range []access.Actor{stranger, designer, {}} {
		_, err = ask(a, billing.StatementInput{Partner: "nord"})
		require.ErrorIs(t, err, partner.ErrNotFound)
	}
	_, err = ask(operator, billing.StatementInput{Partner: "ghost"})
	require.ErrorIs(t, err, partner.ErrNotFound)
	_, err = s.bills.Statement(s.ctx, operator, billing.StatementInput{Partner: "nord", From: day("2026-12-02"), Until: day("2026-12-01")})
	require.Equal(t, "currency required, until range", payIssues(err))
	usd, err := s.bills.Statement(s.ctx, operator, billing.StatementInput{Partner: "nord", Currency: money.USD})
	require.NoError(t, err)
	require.Empty(t, usd.Rows)
	require.Equal(t, "0.00 USD", usd.Closing.String())
}

// Nobody signs a balance of zero for a name that was mistyped; a seller and a
// legal entity that are there no more keep their books.
func TestStatementOfStrangers(t *testing.T) {
	s := account(t)
	st := s.statement(billing.StatementInput{})
	for want, in := range map[string]billing.StatementInput{
		"seller unknown":                {Seller: "acmee"},
		"buyer unknown":                 {Buyer: "legale"},
		"seller unknown, buyer unknown": {Seller: "acmee", Buyer: "legale"},
	} {
		in.Partner, in.Currency = "nord", money.EUR
		_, err := s.bills.Statement(s.ctx, operator, in)
		require.ErrorIs(t, err, billing.ErrInvalid)
		require.Equal(t, want, payIssues(err))
	}
	other, err := billing.NewService(uow.Narrow(s.store, func(tx store.Tx) billing.Tx { return tx }), s.orders, &billing.Options{Sellers: []billing.Seller{{ID: "heir"}}, Now: s.clock})
	require.NoError(t, err)
	for _, c := range []money.Currency{money.EUR, money.USD} {
		left, err := other.Statement(s.ctx, operator, billing.StatementInput{Partner: "nord", Seller: "acme", Currency: c})
		require.NoError(t, err)
		require.Equal(t, map[money.Currency]string{money.EUR: st.Closing.Text(), money.USD: "0.00"}[c], left.Closing.Text())
	}
}

// A document that the ERP voided does not count, at any date, and what paid it
// is owed.
func TestVoidedDocumentsDoNotCount(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.sold(buyer, "1 OVEN")
	s.ship(o.ID)
	in := report(o, "inv-1", "1")
	d := s.mirrored(in)
	s.report(fromERP("7", 1, "800.00", billing.AllocationReport{ERPID: "inv-1", Amount: eur("768.00")}))
	require.Equal(t, [3]string{"768.00", "0.00", "0.00"}, s.figures(d.ID))
	s.audit()
	in.Void, in.Twin.Sequence = true, 9
	s.mirrored(in)
	require.Equal(t, "-800.00", s.statement(billing.StatementInput{}).Closing.Text())
	require.Equal(t, "800.00", s.owed().Owed.Text())
	s.audit()
}

// What was set off on a document that the ERP voids is given back: a credit note
// is used no more, and what was used on an invoice can be used again.
func TestVoidingGivesSetOffsBack(t *testing.T) {
	s := newShop(t, settings{bills: mirrors()})
	o := s.get(s.shipped(buyer, "2 OVEN"))
	d := s.mirrored(report(o, "inv-1", "2"))
	credit := report(o, "cn-1", "1")
	credit.Kind, credit.Corrects, credit.Reason = billing.CreditNote, "inv-1", "damaged"
	s.mirrored(credit)
	require.Equal(t, [3]string{"0.00", "768.00", "768.00"}, s.figures(d.ID))
	credit.Void, credit.Twin.Sequence = true, 2
	s.mirrored(credit)
	require.Equal(t, [3]string{"0.00", "0.00", "1536.00"}, s.figures(d.ID))
	require.Empty(t, s.doc(d.ID).Uses)
	require.Equal(t, "0.00", s.owed().Owed.Text())
	s.audit()

	s.arrived("1536.00", d)
	credit.Twin.ID, credit.Number, credit.Void = "cn-2", "CN-2", false
	cn := s.mirrored(credit)
	next := report(s.get(s.shipped(buyer, "1 GASKET")), "inv-2", "1")
	other := s.mirrored(next)
	_, err := s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: other.ID})
	require.NoError(t, err)
	require.Equal(t, [3]string{"0.00", "11.34", "756.66"}, s.figures(cn.ID))
	next.Void, next.Twin.Sequence = true, 2
	s.mirrored(next)
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(cn.ID))
	require.Equal(t, "768.00", s.owed().Owed.Text())
	s.audit()
}

// A page of the store is not the end of an account.
func TestStatementReadsEveryPage(t *testing.T) {
	s := newShop(t, settings{})
	const n = 1203
	for range n / 401 {
		s.update(func(ctx context.Context, tx store.Tx) error {
			for range 401 {
				if _, err := tx.Payments().Save(ctx, billing.Payment{ID: billing.PaymentID(s.newID()), Number: s.newID(), Direction: billing.Incoming, Seller: "acme",
					Partner: "nord", State: "confirmed", Amount: eur("0.01"), Date: day("2026-11-01"),
					History: []billing.PaymentStep{{To: "confirmed", On: day("2026-11-01")}}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	st := s.statement(billing.StatementInput{})
	require.Len(t, st.Rows, n)
	require.Equal(t, "-12.03", st.Closing.Text())
}

// endless is an account with more payments than anybody can read.
type endless struct{ store.Tx }

func (e endless) Payments() billing.Payments { return endlessPayments{e.Tx.Payments()} }

type endlessPayments struct{ billing.Payments }

func (endlessPayments) Find(_ context.Context, q billing.PaymentQuery) (uow.Page[billing.Payment], error) {
	rows := make([]billing.Payment, q.Page.Size())
	for i := range rows {
		rows[i].Amount = eur("1.00")
	}
	return uow.Page[billing.Payment]{Rows: rows, Next: "more"}, nil
}

// An account of more documents and payments than a statement may have is
// refused, and not read to its end.
func TestStatementIsBounded(t *testing.T) {
	s := newShop(t, settings{})
	run := uow.Narrow(s.store, func(tx store.Tx) billing.Tx { return endless{tx} })
	opts := here()
	opts.Now = s.clock
	bills, err := billing.NewService(run, s.orders, opts)
	require.NoError(t, err)
	_, err = bills.Statement(s.ctx, operator, billing.StatementInput{Partner: "nord", Currency: money.EUR})
	require.ErrorIs(t, err, billing.ErrStatementTooLong)
}
