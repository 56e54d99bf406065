package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/uow"
)

func credits(s *shop) string {
	c := s.owed()
	return c.Owed.Text() + " " + c.Promised.Text() + " " + c.Free.Text()
}

// A refund is promised before it is executed, and what is promised is gone for
// everybody else.
func TestRefundOfCreditNoteIsPromisedFirst(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	s.arrived("768.00", d)
	cn := s.credited(d.ID)
	other := s.bought("1 OVEN")
	require.Equal(t, "768.00 0.00 768.00", credits(s))

	in := billing.RefundInput{Document: cn.ID, Amount: eur("700.00"), Method: billing.Transfer, Reason: "returned\nas agreed"}
	_, err := s.bills.Refund(s.ctx, buyer, in)
	require.ErrorIs(t, err, access.ErrForbidden)
	_, err = s.bills.Refund(s.ctx, stranger, in)
	require.ErrorIs(t, err, billing.ErrNotFound)
	s.events(event.Facts)
	r, err := s.bills.Refund(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, []any{billing.Refund, order.PaymentAwaiting, "700.00", in.Reason}, []any{r.Direction, r.State, allots(r), r.Note})
	require.Equal(t, []string{"payment.recorded"}, types(s.events(event.Facts), "payment."))
	require.Equal(t, [3]string{"0.00", "0.00", "768.00"}, s.figures(cn.ID), "nothing has left yet")
	require.Equal(t, "768.00 700.00 68.00", credits(s))
	s.audit()

	// Not twice, and not for an invoice any more.
	_, err = s.bills.Refund(s.ctx, operator, in)
	require.ErrorIs(t, err, billing.ErrLeft)
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: other.ID, Amount: eur("68.01")})
	require.ErrorIs(t, err, billing.ErrLeft)
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: other.ID})
	require.NoError(t, err)
	require.Equal(t, [3]string{"0.00", "68.00", "700.00"}, s.figures(cn.ID))
	_, err = s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: other.ID})
	require.ErrorIs(t, err, billing.ErrLeft)
	_, err = s.bills.Advance(s.ctx, accountant, billing.PaymentAdvanceInput{Payment: r.ID, On: billing.Cancel})
	require.ErrorIs(t, err, fsm.ErrGuard, "a refund is the seller's to give up")
	s.audit()

	// Given up, it is free again; promised anew and executed, it has left.
	s.move(r, billing.Cancel)
	require.Equal(t, "700.00 0.00 700.00", credits(s))
	s.audit()
	in.Amount = money.Amount{}
	r, err = s.bills.Refund(s.ctx, operator, in)
	require.NoError(t, err)
	require.Equal(t, "700.00", r.Amount.Text(), "all that is left")
	s.move(s.move(r, billing.Process), billing.Fail)
	require.Equal(t, "700.00 700.00 0.00", credits(s), "an error keeps the promise")
	s.audit()
	r = s.move(r, billing.Confirm)
	require.Equal(t, [3]string{"700.00", "68.00", "0.00"}, s.figures(cn.ID))
	require.Equal(t, "0.00 0.00 0.00", credits(s))
	s.audit()
	// The bank brings it back: it is owed again.
	s.pass(4)
	s.move(r, billing.Refuse)
	require.Equal(t, [3]string{"0.00", "68.00", "700.00"}, s.figures(cn.ID))
	require.Equal(t, "700.00 0.00 700.00", credits(s))
	s.audit()
}

func TestRefundOfOverpaymentReservesIt(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.arrived("800.00", d)
	in := billing.RefundInput{Payment: p.ID, Version: p.Version, Amount: eur("32.01"), Method: billing.Transfer, Reason: "too much"}
	_, err := s.bills.Refund(s.ctx, operator, in)
	require.ErrorIs(t, err, billing.ErrLeft)
	in.Amount = eur("30.00")
	r, err := s.bills.Refund(s.ctx, operator, in)
	require.NoError(t, err)
	_, err = s.bills.Refund(s.ctx, operator, in)
	require.ErrorIs(t, err, uow.ErrVersion)
	require.Equal(t, "2.00", s.payment(p.ID).Rest().Text())
	require.Equal(t, "32.00 30.00 2.00", credits(s))
	e := s.bought("1 OVEN")
	_, err = s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: p.ID, Invoices: []billing.PayFor{{Document: e.ID, Amount: eur("2.01")}}})
	require.Equal(t, "invoices[0].amount billing.left", payIssues(err), "what is promised goes nowhere else")
	s.audit()

	// The payment bounces before the refund has left: the refund cannot leave.
	s.pass(1)
	s.move(p, billing.Refuse)
	_, err = s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: r.ID, On: billing.Confirm})
	require.ErrorIs(t, err, fsm.ErrGuard)
	require.Equal(t, "payment billing.left", payIssues(err))
	s.audit()
	s.move(r, billing.Cancel)
	require.Equal(t, "0.00 0.00 0.00", credits(s))
	s.audit()
}

// A payment that bounces after its rest was paid back leaves a debt without an
// invoice; the books say so.
func TestRefundBeforeTheBounceIsOwedByTheCustomer(t *testing.T) {
	s := newShop(t, settings{})
	p := s.arrived("50.00")
	r, err := s.bills.Refund(s.ctx, operator, billing.RefundInput{Payment: p.ID, Method: billing.Transfer, Reason: "not ours"})
	require.NoError(t, err)
	s.move(r, billing.Confirm)
	s.pass(2)
	s.move(p, billing.Refuse)
	require.Equal(t, "-50.00 0.00 0.00", credits(s))
	require.Equal(t, "50.00", s.statement(billing.StatementInput{}).Closing.Text())
	s.audit()
}

func TestRefundNamesEveryProblem(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	p := s.arrived("800.00", d)
	refund := func(in billing.RefundInput) error {
		_, err := s.bills.Refund(s.ctx, operator, in)
		return err
	}
	require.Equal(t, "document required", payIssues(refund(billing.RefundInput{})))
	require.Equal(t, "document required", payIssues(refund(billing.RefundInput{Document: d.ID, Payment: p.ID})))
	require.Equal(t, "amount amount.sign, method required, reason required", payIssues(refund(billing.RefundInput{Payment: p.ID, Amount: eur("-1.00"), Reason: " "})))
	require.Equal(t, "amount amount.currency", payIssues(refund(billing.RefundInput{Payment: p.ID, Amount: money.MustAmount("1.00", money.USD), Method: "m", Reason: "r"})))
	require.ErrorIs(t, refund(billing.RefundInput{Document: d.ID, Method: "m", Reason: "r"}), billing.ErrLeft, "an invoice is no credit")
	require.ErrorIs(t, refund(billing.RefundInput{Payment: s.paid("1.00").ID, Method: "m", Reason: "r"}), billing.ErrUnconfirmed)
	require.ErrorIs(t, refund(billing.RefundInput{Payment: "ghost", Method: "m", Reason: "r"}), billing.ErrNoPayment)
	s.audit()
}

func TestAllowedPaymentShowsTheButtons(t *testing.T) {
	s := newShop(t, settings{})
	p := s.paid("1.00")
	names := func(a access.Actor) (out []billing.PaymentTrigger) {
		opts, err := s.bills.AllowedPayment(s.ctx, a, p.ID)
		require.NoError(t, err)
		for _, o := range opts {
			if o.Ready {
				out = append(out, o.On)
			}
		}
		return out
	}
	require.Equal(t, []billing.PaymentTrigger{billing.Cancel}, names(accountant))
	require.Equal(t, []billing.PaymentTrigger{billing.Process, billing.Confirm, billing.Refuse, billing.Fail}, names(machine))
	require.Equal(t, paymentTriggers, names(operator))
	_, err := s.bills.AllowedPayment(s.ctx, stranger, p.ID)
	require.ErrorIs(t, err, billing.ErrNoPayment)
}
