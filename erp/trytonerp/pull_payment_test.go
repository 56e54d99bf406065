package trytonerp

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func paymentHead(r erp.Payment) erp.Head { return r.Head }

func paymentText(p erp.Payment) string {
	all := fmt.Sprintf("%s %s %s %s %s by %s: %q", p.Customer, p.Date, text(p.Amount), p.Currency, p.State, p.Method, p.Reference)
	if p.Refund {
		all = "back to " + all
	}
	for _, a := range p.Allocations {
		all += fmt.Sprintf(", %s of %s", text(a.Amount), a.Invoice)
	}
	return all
}

// What people book and what we push is told each once, with what it pays; what
// is reversed is cancelled then.
func TestPaymentsAreTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	c, ctx := in.Client, t.Context()
	a := connected(t, in.Address, Options{WebShop: "Connector", PaymentMethods: map[string]string{"transfer": "Bank transfer"}})
	_, at := pulled(t, a.PullPayments, nil, paymentHead)
	told := func() (all []erp.Payment) {
		rows, next := pulled(t, a.PullPayments, at, paymentHead)
		at = next
		for _, r := range rows {
			require.NoError(t, r.Check())
			all = append(all, r)
		}
		return all
	}
	today := time.Now().UTC().Format(time.DateOnly)
	var ids []string
	for range 2 {
		id := keyed(t, c, fresh(t), testtryton.Item{Code: "KETTLE-1", Quantity: "10"}) // 959.04
		require.NoError(t, c.Confirm(ctx, id))
		_, err := c.Deliver(ctx, id)
		require.NoError(t, err)
		ids = append(ids, posted(t, c, id)...)
	}
	require.Empty(t, told(), "invoices are no payments")
	require.NoError(t, c.Pay(ctx, numeral(ids[0]), "500.00", "by cheque 7"))
	rows := told()
	require.Len(t, rows, 1)
	require.Contains(t, []string{today, time.Now().UTC().Format(time.DateOnly)}, rows[0].Date, "Tryton's own date")
	require.Equal(t, fmt.Sprintf(`C0002 %s 500.00 EUR posted by transfer: "by cheque 7", 500.00 of %s`, rows[0].Date, ids[0]), paymentText(rows[0]))
	require.NotEmpty(t, rows[0].Number)

	p := erp.Payment{Head: erp.Head{Key: fresh(t)}, State: erp.PaymentPosted, Customer: "C0002", Date: today, Amount: decimal.RequireFromString("2000.00"), Currency: "EUR",
		Method: "transfer", Reference: "Merci", Allocations: []erp.PaymentPart{{Invoice: ids[0], Amount: decimal.RequireFromString("459.04")},
			{Invoice: ids[1], Amount: decimal.RequireFromString("900.00")}}}
	r, err := a.PushPayment(ctx, p)
	require.NoError(t, err)
	rows = told()
	require.Len(t, rows, 2, "the other payment of the invoice that is paid now comes again")
	for _, row := range rows {
		if row.ID == r.ID {
			require.Equal(t, []string{p.Key, r.Number}, []string{row.Key, row.Number})
			require.Equal(t, fmt.Sprintf(`C0002 %s 2000.00 EUR posted by transfer: "Merci", 459.04 of %s, 900.00 of %s`, today, ids[0], ids[1]), paymentText(row))
		}
	}

	back := erp.Payment{Head: erp.Head{Key: fresh(t)}, Refund: true, State: erp.PaymentPosted, Customer: "C0002", Date: today,
		Amount: decimal.RequireFromString("12.30"), Currency: "EUR"}
	r, err = a.PushPayment(ctx, back)
	require.NoError(t, err)
	rows = told()
	require.Len(t, rows, 1)
	require.Equal(t, []string{r.ID, back.Key, "back to C0002 " + today + ` 12.30 EUR posted by transfer: ""`}, []string{rows[0].ID, rows[0].Key, paymentText(rows[0])})

	require.NoError(t, c.Reverse(ctx, numeral(r.ID)))
	rows = told()
	require.Len(t, rows, 1)
	require.Equal(t, []any{r.ID, erp.PaymentCancelled}, []any{rows[0].ID, rows[0].State})
	require.Empty(t, told())
	all, err := a.ListIDs(ctx, erp.Payments, nil, 1000)
	require.NoError(t, err)
	require.Contains(t, all.Rows, r.ID)
}
