package memerp_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
)

// Of many who pay 10.00 of an invoice of 50.40 five succeed, and one key is one
// payment; readers see whole documents meanwhile.
func TestManyPayAtOnce(t *testing.T) {
	books := memerp.New(nil)
	id := confirmed(t, books, "K", 1)
	books.Pick(id)
	postAll(t, books, id)
	keyed := pay("0.40", erp.PaymentPart{Invoice: "1", Amount: dec("0.40")})
	keyed.Key, keyed.Date = "P", "2026-01-05"
	var paid, pushed atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := books.Pay(pay("10.00", erp.PaymentPart{Invoice: "1", Amount: dec("10.00")})); err == nil {
				paid.Add(1)
			}
			if _, err := books.Adapter().(erp.PaymentPusher).PushPayment(bg, keyed); err == nil {
				pushed.Add(1)
			}
			page, err := books.Adapter().(erp.InvoicePuller).PullInvoices(bg, nil, 10)
			if err != nil || page.Rows[0].Check() != nil {
				t.Errorf("%v %v", err, page)
			}
		})
	}
	wg.Wait()
	require.Equal(t, []int64{5, 1}, []int64{paid.Load(), pushed.Load()})
	require.True(t, books.Invoices()[0].Residual.IsZero())
}
