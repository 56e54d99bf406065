package billing_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// together runs n of something at once and returns what each answered.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// Sixteen payments of the whole amount are confirmed at once: one settles the
// invoice, fifteen are credit owed.
func TestRaceOfPaymentsForOneInvoice(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("1 OVEN")
	var pays []billing.Payment
	for range 16 {
		pays = append(pays, s.paid("768.00", d))
	}
	for _, err := range together(16, func(i int) error {
		return second(s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: pays[i].ID, On: billing.Confirm}))
	}) {
		require.NoError(t, err)
	}
	winners := 0
	for _, p := range pays {
		if got := s.payment(p.ID); len(got.Allocations) == 1 {
			require.Equal(t, "768.00", allots(got))
			winners++
		} else {
			require.Equal(t, "768.00", got.Rest().Text())
		}
	}
	require.Equal(t, 1, winners)
	require.Equal(t, "11520.00", s.owed().Owed.Text())
	s.audit()
}

// The last euro of a payment is allocated to one of many invoices, and of a
// credit note it is set off once, promised once.
func TestRaceForTheLastEuro(t *testing.T) {
	s := newShop(t, settings{})
	paidUp := s.bought("1 OVEN")
	s.arrived("768.00", paidUp)
	cn, p := s.credited(paidUp.ID), s.arrived("768.00")
	var docs []billing.Document
	for range 8 {
		docs = append(docs, s.bought("2 OVEN"))
	}
	won := func(errs []error) (n int) {
		for _, err := range errs {
			if err == nil {
				n++
				continue
			}
			require.Contains(t, []fault.Kind{fault.Invalid, fault.Precondition}, fault.KindOf(err), "%v", err)
			require.Contains(t, err.Error(), "left", fmt.Sprint(err))
		}
		return n
	}
	require.Equal(t, 1, won(together(16, func(i int) error {
		if i%4 == 3 {
			return second(s.bills.Refund(s.ctx, operator, billing.RefundInput{Payment: p.ID, Amount: p.Amount, Method: billing.Transfer, Reason: "too much"}))
		}
		return second(s.bills.Allocate(s.ctx, operator, billing.AllocateInput{Payment: p.ID, Invoices: []billing.PayFor{{Document: docs[i%8].ID, Amount: p.Amount}}}))
	})))
	require.Equal(t, 1, won(together(16, func(i int) error {
		if i%4 == 3 {
			return second(s.bills.Refund(s.ctx, operator, billing.RefundInput{Document: cn.ID, Amount: cn.Totals.Payable, Method: billing.Transfer, Reason: "returned"}))
		}
		return second(s.bills.SetOff(s.ctx, operator, billing.SetOffInput{Credit: cn.ID, Invoice: docs[i%8].ID, Amount: cn.Totals.Payable}))
	})))
	s.audit()
}

// Credit notes, with their set-off, race payments of the same invoice: whoever
// comes first is served, nothing is settled twice.
func TestRaceOfCreditNotesAndPayments(t *testing.T) {
	s := newShop(t, settings{})
	d := s.bought("8 OVEN") // 6144.00
	var pays []billing.Payment
	for range 8 {
		pays = append(pays, s.paid("1000.00", d))
	}
	for _, err := range together(16, func(i int) error {
		if i < 8 {
			return second(s.bills.Advance(s.ctx, operator, billing.PaymentAdvanceInput{Payment: pays[i].ID, On: billing.Confirm}))
		}
		_, err := s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: d.ID, Reason: "damaged", Lines: []billing.CreditLine{{Line: "1", Quantity: money.QuantityOf(1)}}})
		return err
	}) {
		if err != nil {
			require.ErrorIs(t, err, billing.ErrTooMuch)
		}
	}
	require.Equal(t, "0.00", s.doc(d.ID).Left().Text())
	require.Equal(t, "8000.00", s.owed().Owed.Text(), "all of it was credited, and all of the money is owed")
	s.audit()
}
