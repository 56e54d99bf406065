package billing_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
)

// at once runs n calls together and returns their errors.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func won(errs []error) (n int) {
	for _, err := range errs {
		if err == nil {
			n++
		}
	}
	return n
}

// Of all who invoice one order exactly one gets an invoice.
func TestRaceForOneInvoice(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "3 THIRD")
	errs := atOnce(32, func(int) error {
		_, err := s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: o.ID}}})
		return err
	})
	require.Equal(t, 1, won(errs))
	for _, err := range errs {
		if err != nil {
			require.ErrorIs(t, err, billing.ErrNothingDue)
		}
	}
	require.Len(t, s.get(o.ID).Bills, 1)
}

// 100 goroutines invoice 100 orders in one series: no gap, no repeat, the chain
// intact.
func TestRaceForNumbers(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	orders := make([]order.Order, 100)
	for i := range orders {
		orders[i] = s.sold(buyer, "1 THIRD")
	}
	docs := make([]billing.Document, len(orders))
	errs := atOnce(len(orders), func(i int) (err error) {
		docs[i], err = s.bills.Issue(s.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: orders[i].ID}}})
		return err
	})
	got := map[string]bool{}
	for i, err := range errs {
		require.NoError(t, err)
		got[docs[i].Number] = true
	}
	for i := range orders {
		require.True(t, got[fmt.Sprintf("INV-2026-%06d", i+1)], "number %d is missing", i+1)
	}
	v, err := s.bills.Verify(s.ctx, operator, "acme", billing.InvoiceSeries)
	require.NoError(t, err)
	require.Nil(t, v.Broken)
	require.EqualValues(t, len(orders), v.Records)
}

// Of all who credit the last unit of an invoice exactly one gets a credit note.
func TestRaceForTheLastUnitToCredit(t *testing.T) {
	s := newShop(t, settings{orders: &order.Options{Invoice: order.OnOrder}})
	o := s.sold(buyer, "3 THIRD")
	inv := s.issued(o.ID)
	errs := atOnce(16, func(int) error {
		_, err := s.bills.Credit(s.ctx, operator, billing.CreditInput{Document: inv.ID, Reason: "damaged",
			Lines: []billing.CreditLine{{Line: "1", Quantity: money.QuantityOf(2)}}})
		return err
	})
	require.Equal(t, 1, won(errs))
	for _, err := range errs {
		if err != nil {
			require.Equal(t, fault.Precondition, fault.KindOf(err), "%v", err)
			require.ErrorIs(t, err, billing.ErrTooMuch)
		}
	}
	require.Equal(t, money.QuantityOf(2), s.get(o.ID).Lines[0].Billed.Credited)
}
