package trytonerp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
)

// A payment on account whose key is the id of an invoice pays nothing of it.
func TestKeyIsNoInvoice(t *testing.T) {
	h, ctx := shared(t), t.Context()
	i := h.invoiced(t, "12.00")
	p := received("5.00")
	p.Key = fmt.Sprint(i.ID)
	r, err := h.shared.PushPayment(ctx, p)
	require.NoError(t, err)
	h.stands(t, i.ID, "posted", "12.00")
	found, err := h.shared.FindPayment(ctx, p.Key)
	require.NoError(t, err)
	require.Equal(t, r, found)
	require.Zero(t, paymentLine{Text: mark(p.Key, "")}.invoice())
}

// Keys that differ in the case of a letter are two, also where the database takes
// one for the other.
func TestKeysThatDifferInCase(t *testing.T) {
	h, ctx := shared(t), t.Context()
	p := received("5.00")
	_, err := h.shared.PushPayment(ctx, p)
	require.NoError(t, err)
	o, err := h.shared.PushOrder(ctx, order(unique("msg"), 1))
	require.NoError(t, err)
	m := erptest.SampleMessage(unique("msg"), o.ID)
	_, err = h.shared.PushMessage(ctx, m)
	require.NoError(t, err)
	_, err = h.shared.FindPayment(ctx, strings.ToUpper(p.Key))
	require.Equal(t, erp.NotFound, erp.ClassOf(err), "%v", err)
	_, err = h.shared.FindMessage(ctx, strings.ToUpper(m.Key))
	require.Equal(t, erp.NotFound, erp.ClassOf(err), "%v", err)
}

// persists pushes a payment as the relay does: again where the outcome is not
// known, or where Tryton had no time.
func persists(ctx context.Context, a *Adapter, p erp.Payment) (r erp.DocReceipt, err error) {
	for range 10 {
		r, err = a.PushPayment(ctx, p)
		if c := erp.ClassOf(err); c != erp.OutcomeUnknown && c != erp.Retryable {
			break
		}
	}
	return r, err
}

// Of processes that push one payment at once one books it.
func TestOnePaymentFromManyProcesses(t *testing.T) {
	h, ctx := shared(t), t.Context()
	i := h.invoiced(t, "120.00")
	p := received("20.00", i)
	p.Allocations[0].Amount = p.Amount
	rivals := []*Adapter{h.adapter(t), h.adapter(t), h.adapter(t)}
	receipts, errs := make([]erp.DocReceipt, len(rivals)), make([]error, len(rivals))
	var wg sync.WaitGroup
	for n, a := range rivals {
		require.NoError(t, a.Ping(ctx))
		wg.Go(func() { receipts[n], errs[n] = persists(ctx, a, p) })
	}
	wg.Wait()
	for n := range rivals {
		require.NoError(t, errs[n])
		require.Equal(t, receipts[0], receipts[n])
	}
	require.Equal(t, 1, h.moves(t, p.Key))
	h.stands(t, i.ID, "posted", "100.00")

	// One who reads before the other has booked, and pays after him, however soon
	// after the last change of the invoice.
	for n := 1; n <= 2; n++ {
		p.Key = unique("pay")
		h.staged.before("wizard.account.invoice.pay.create", func() {
			_, err := rivals[0].PushPayment(ctx, p)
			require.NoError(t, err)
		})
		_, err := rivals[1].PushPayment(ctx, p)
		require.NoError(t, err)
		require.Equal(t, 1, h.moves(t, p.Key))
		h.stands(t, i.ID, "posted", fmt.Sprintf("%d.00", 100-20*n))
	}

	// Tryton refuses him who pays all that was due, because nothing is due any more.
	whole := h.invoiced(t, "12.00")
	p = received("12.00", whole)
	h.staged.before("wizard.account.invoice.pay.create", func() {
		_, err := rivals[0].PushPayment(ctx, p)
		require.NoError(t, err)
	})
	r, err := rivals[1].PushPayment(ctx, p)
	require.NoError(t, err)
	found, err := rivals[0].FindPayment(ctx, p.Key)
	require.NoError(t, err)
	require.Equal(t, found, r)
	require.Equal(t, 1, h.moves(t, p.Key))
	h.stands(t, whole.ID, "paid", "0.00")
}

// Two moves of one key are for a person to see.
func TestPaymentThatIsThereTwice(t *testing.T) {
	h, ctx := shared(t), t.Context()
	p := received("5.00")
	r, err := h.shared.PushPayment(ctx, p)
	require.NoError(t, err)
	_, err = h.people.Call(ctx, "model.account.move.copy", []int{number(r.ID)}, map[string]any{})
	require.NoError(t, err)
	_, err = h.shared.FindPayment(ctx, p.Key)
	require.Equal(t, erp.Contract, erp.ClassOf(err))
	require.ErrorContains(t, err, "is booked as the moves "+r.ID+" and ")
	_, err = h.shared.PushPayment(ctx, p)
	require.Equal(t, erp.Contract, erp.ClassOf(err))
	require.Equal(t, 2, h.moves(t, p.Key))
}

// Money that came is booked, though its collection was planned.
func TestPlannedPaymentsHoldNothingUp(t *testing.T) {
	h, ctx := shared(t), t.Context()
	i := h.invoiced(t, "120.00")
	var owed []struct {
		Lines []int64 `json:"lines_to_pay"`
		Party int64
	}
	require.NoError(t, h.people.Read(ctx, &owed, "account.invoice", []int{i.ID}, "lines_to_pay", "party"))
	journals, err := h.people.Search(ctx, "account.payment.journal", []any{"id", ">", 0})
	require.NoError(t, err)
	require.NotEmpty(t, journals)
	_, err = h.people.Create(ctx, "account.payment", map[string]any{"journal": journals[0], "kind": "receivable", "party": owed[0].Party, "line": owed[0].Lines[0],
		"amount": exact{decimal.NewFromInt(120)}, "date": day(time.Now().UTC().Format(time.DateOnly))})
	require.NoError(t, err)
	for _, amount := range []string{"50.00", "70.00"} {
		p := received(amount, i)
		p.Allocations[0].Amount = p.Amount
		_, err = h.shared.PushPayment(ctx, p)
		require.NoError(t, err)
	}
	now, err := h.people.Invoice(ctx, i.ID)
	require.NoError(t, err)
	require.Equal(t, "paid", now.State)
}

// What only a person can mend is not looked up in vain.
func TestWhatStandsAgainstAPayment(t *testing.T) {
	for _, c := range []struct{ is, becomes erp.Class }{
		{erp.Rejected, erp.Rejected}, {erp.NeedsConfirmation, erp.NeedsConfirmation}, {erp.Auth, erp.Auth}, {erp.Contract, erp.Contract},
		{erp.Conflict, erp.OutcomeUnknown}, {erp.Retryable, erp.OutcomeUnknown}, {erp.NotSent, erp.OutcomeUnknown},
	} {
		err := unsettled(erp.OpPushPayment, erp.NewError(c.is, erp.OpPushPayment, "", nil))
		require.Equal(t, c.becomes, erp.ClassOf(err), "%v", c.is)
	}
}

// Of processes that push one payment of several invoices at once, or one on
// account, one books it, without any lease between them.
func TestOnePaymentOfSeveralInvoicesFromManyProcesses(t *testing.T) {
	h, ctx := shared(t), t.Context()
	rivals := []*Adapter{h.adapter(t), h.adapter(t), h.adapter(t)}
	for _, a := range rivals {
		require.NoError(t, a.Ping(ctx))
	}
	agree := func(p erp.Payment) {
		t.Helper()
		var all sync.WaitGroup
		errs := make([]error, len(rivals))
		for n, a := range rivals {
			all.Go(func() { _, errs[n] = persists(ctx, a, p) })
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
		first, err := rivals[0].FindPayment(ctx, p.Key)
		require.NoError(t, err)
		for _, a := range rivals {
			r, err := a.PushPayment(ctx, p)
			require.NoError(t, err)
			require.Equal(t, first, r)
		}
		require.Equal(t, 1, h.moves(t, p.Key))
	}
	for range 3 {
		i, j := h.invoiced(t, "12.00"), h.invoiced(t, "24.00")
		p := received("36.00", i, j)
		p.Allocations[0].Amount, p.Allocations[1].Amount = dec("12.00"), dec("24.00")
		agree(p)
		h.stands(t, i.ID, "paid", "0.00")
		h.stands(t, j.ID, "paid", "0.00")
		agree(received("5.00"))
	}

	// One who has looked when the other enters it, whoever posts first.
	for _, posted := range []bool{true, false} {
		p := received("5.00")
		h.staged.before("model.account.move.create", func() {
			if !posted {
				require.NoError(t, rivals[0].book(ctx, erp.OpPushPayment, p))
				return
			}
			_, err := rivals[0].PushPayment(ctx, p)
			require.NoError(t, err)
		})
		_, err := rivals[1].PushPayment(ctx, p)
		require.NoError(t, err)
		agree(p)
	}
}
