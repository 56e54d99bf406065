package trytonerp

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// shared is the Tryton of all tests.
func shared(t *testing.T) *erpHost {
	t.Helper()
	return hostAt(t, testtryton.Server(t), testtryton.Admin(t))
}

// unique is a key that no other test and no run before has.
func unique(name string) string { return fmt.Sprintf("%s-%x", name, time.Now().UnixNano()) }

// invoiced is a posted invoice of the customer of the samples over the amount,
// which is one with its tax of 20 %.
func (h *erpHost) invoiced(t *testing.T, gross string) testtryton.Invoice {
	t.Helper()
	o := erptest.SampleOrder(unique("inv"), 1)
	o.Discounts, o.Lines = nil, o.Lines[:1]
	o.Gross = decimal.RequireFromString(gross)
	o.Net = o.Gross.DivRound(decimal.RequireFromString("1.2"), 2)
	o.Tax = o.Gross.Sub(o.Net)
	l := &o.Lines[0]
	l.Quantity, l.UnitPrice, l.Net = decimal.NewFromInt(1), o.Net, o.Net
	r, err := h.shared.PushOrder(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, h.people.Confirm(t.Context(), number(r.ID)))
	_, err = h.people.Deliver(t.Context(), number(r.ID))
	require.NoError(t, err)
	posted, err := h.people.PostInvoices(t.Context(), number(r.ID))
	require.NoError(t, err)
	require.Len(t, posted, 1)
	require.EqualValues(t, gross, posted[0].Total)
	return posted[0]
}

// stands checks how much of an invoice is due, and in which state it is.
func (h *erpHost) stands(t *testing.T, id int, state, due string) {
	t.Helper()
	i, err := h.people.Invoice(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []any{state, due}, []any{i.State, decimal.RequireFromString(string(i.Due)).StringFixed(2)})
}

// moves is how many moves bear the mark of a key.
func (h *erpHost) moves(t *testing.T, key string) int {
	t.Helper()
	ids, err := h.people.Search(t.Context(), "account.move", []any{"description", "like", "comptoir:" + strings.ReplaceAll(key, "_", `\_`) + "%"})
	require.NoError(t, err)
	return len(ids)
}

func received(amount string, of ...testtryton.Invoice) erp.Payment {
	p := erptest.SamplePayment(unique("pay"))
	p.Date, p.Amount = time.Now().UTC().Format(time.DateOnly), decimal.RequireFromString(amount)
	for _, i := range of {
		p.Allocations = append(p.Allocations, erp.PaymentPart{Invoice: fmt.Sprint(i.ID), Number: i.Number, Amount: decimal.RequireFromString(string(i.Total))})
	}
	return p
}

// One invoice is paid in two parts, each found again by its key, and more than
// is due is refused.
func TestPartsOfAnInvoice(t *testing.T) {
	h, ctx := shared(t), t.Context()
	i := h.invoiced(t, "120.00")
	first := received("50.00", i)
	first.Allocations[0].Amount = first.Amount
	_, err := h.shared.FindPayment(ctx, first.Key)
	require.Equal(t, erp.NotFound, erp.ClassOf(err))
	r, err := h.shared.PushPayment(ctx, first)
	require.NoError(t, err)
	require.True(t, r.Gross.Equal(first.Amount))
	require.NotEmpty(t, r.Number)
	h.stands(t, i.ID, "posted", "70.00")

	second := received("70.01", i)
	second.Allocations[0] = erp.PaymentPart{Number: i.Number, Amount: second.Amount}
	_, err = h.shared.PushPayment(ctx, second)
	require.Equal(t, erp.Rejected, erp.ClassOf(err))
	require.ErrorContains(t, err, "allocations[0].invoice: the invoice "+i.Number+" is posted and 70.00 is due, not 70.01")
	require.Zero(t, h.moves(t, second.Key))
	second.Amount = decimal.RequireFromString("70.00")
	second.Allocations[0].Amount = second.Amount
	_, err = h.shared.PushPayment(ctx, second)
	require.NoError(t, err)
	h.stands(t, i.ID, "paid", "0.00")

	for _, p := range []erp.Payment{first, second} {
		found, err := h.shared.FindPayment(ctx, p.Key)
		require.NoError(t, err)
		again, err := h.shared.PushPayment(ctx, p)
		require.NoError(t, err)
		require.Equal(t, found, again)
		require.Equal(t, 1, h.moves(t, p.Key))
	}
}

// One payment pays two invoices, one of them in part, and leaves something on
// account; a refund of the rest goes out.
func TestPaymentOfManyInvoices(t *testing.T) {
	h, ctx := shared(t), t.Context()
	a, b := h.invoiced(t, "60.00"), h.invoiced(t, "120.00")
	p := received("150.00", a, b)
	p.Allocations[1].Amount = decimal.NewFromInt(80)
	r, err := h.shared.PushPayment(ctx, p)
	require.NoError(t, err)
	require.True(t, r.Gross.Equal(p.Amount), r.Gross)
	h.stands(t, a.ID, "paid", "0.00")
	h.stands(t, b.ID, "posted", "40.00")
	found, err := h.shared.FindPayment(ctx, p.Key)
	require.NoError(t, err)
	require.Equal(t, r, found)

	back := received("10.00")
	back.Refund = true
	r, err = h.shared.PushPayment(ctx, back)
	require.NoError(t, err)
	var lines []struct {
		Debit, Credit exact
		Party         *int
	}
	var move []struct{ Lines []int }
	require.NoError(t, h.people.Read(ctx, &move, "account.move", []int{number(r.ID)}, "lines"))
	require.NoError(t, h.people.Read(ctx, &lines, "account.move.line", move[0].Lines, "debit", "credit", "party"))
	require.Len(t, lines, 2)
	for _, l := range lines {
		require.Equal(t, l.Party != nil, l.Debit.IsPositive(), "the customer's account is debited")
	}
}

// A payment that is interrupted anywhere is not found until it is whole, and is
// one when it is pushed again.
func TestPaymentIsWholeInTheEnd(t *testing.T) {
	h, ctx := shared(t), t.Context()
	large, due := h.invoiced(t, "120.00"), decimal.NewFromInt(120)
	for _, at := range []string{"model.account.move.create", "model.account.move.post", "model.account.invoice.write",
		"wizard.account.move.reconcile_lines.create", "wizard.account.move.reconcile_lines.execute"} {
		for _, f := range []erptest.WireFault{erptest.CutBefore, erptest.CutAfter} {
			t.Run(fmt.Sprintf("%s %s", at, f), func(t *testing.T) {
				i, state := large, "posted"
				if closes := strings.HasPrefix(at, "wizard."); closes {
					i, state = h.invoiced(t, "12.00"), "paid"
				}
				p := received("20.00", i)
				p.Allocations[0].Amount = decimal.NewFromInt(12)
				h.proxy.Next(f, func(_ *http.Request, body []byte) bool { return method(body) == at })
				_, err := h.shared.PushPayment(ctx, p)
				require.Zero(t, h.proxy.Counts().Waiting)
				require.Equal(t, erp.OutcomeUnknown, erp.ClassOf(err), "%v", err)
				_, err = h.shared.FindPayment(ctx, p.Key)
				// The last step: the line is put to an invoice of which something is due yet, or the paid invoice is closed.
				last := strings.HasSuffix(at, "invoice.write") || strings.HasSuffix(at, "reconcile_lines.execute")
				if last && f == erptest.CutAfter {
					require.NoError(t, err)
				} else {
					require.Equal(t, erp.NotFound, erp.ClassOf(err), "%v", err)
				}
				r, err := h.shared.PushPayment(ctx, p)
				require.NoError(t, err)
				require.True(t, r.Gross.Equal(p.Amount))
				require.Equal(t, 1, h.moves(t, p.Key))
				left := decimal.Zero
				if state == "posted" {
					due = due.Sub(p.Allocations[0].Amount)
					left = due
				}
				h.stands(t, i.ID, state, left.StringFixed(2))
			})
		}
	}
}

// Whatever is wrong is said at once, and nothing is booked.
func TestPaymentsThatCannotBe(t *testing.T) {
	h, ctx := shared(t), t.Context()
	i := h.invoiced(t, "12.00")
	p := received("100.00", i)
	p.State, p.Customer = erp.PaymentDraft, "C0001"
	p.Allocations = append(p.Allocations, erp.PaymentPart{Number: "none", Amount: decimal.NewFromInt(1)}, erp.PaymentPart{Invoice: "x", Amount: decimal.NewFromInt(1)})
	_, err := h.shared.PushPayment(ctx, p)
	require.Equal(t, erp.Rejected, erp.ClassOf(err))
	for _, text := range []string{"state: ", "allocations[0].invoice: the invoice " + i.Number + " is of another customer", `allocations[1].invoice: Tryton has no invoice "none"`,
		`allocations[2].invoice: Tryton has no invoice "x"`} {
		require.ErrorContains(t, err, text)
	}
	require.Zero(t, h.moves(t, p.Key))

	q := received("5.00")
	q.Date, q.Customer, q.Currency = "2001-01-01", "nobody", "USD"
	_, err = h.shared.PushPayment(ctx, q)
	for _, text := range []string{"date: Tryton has no open period for 2001-01-01", `customer: Tryton has no party of the code "nobody"`, "currency: only a payment of one"} {
		require.ErrorContains(t, err, text)
	}
	h.o.PaymentMethods = map[string]string{"transfer": "Cash"}
	_, err = h.adapter(t).PushPayment(ctx, received("5.00"))
	require.ErrorContains(t, err, `method: Tryton has no payment method "Cash"`)
}

// A credit note is paid back.
func TestRefundOfACreditNote(t *testing.T) {
	h, ctx := shared(t), t.Context()
	o := order(unique("back"), 1)
	o.Discounts = nil
	o.Net, o.Tax, o.Gross = decimal.RequireFromString("141.17"), decimal.RequireFromString("26.78"), decimal.RequireFromString("167.95")
	r, err := h.shared.PushOrder(ctx, o)
	require.NoError(t, err)
	require.NoError(t, h.people.Confirm(ctx, number(r.ID)))
	_, err = h.people.Deliver(ctx, number(r.ID))
	require.NoError(t, err)
	_, err = h.people.PostInvoices(ctx, number(r.ID))
	require.NoError(t, err)
	back, err := h.people.Return(ctx, number(r.ID), testtryton.Item{Code: "BOOK-1", Quantity: "1"})
	require.NoError(t, err)
	credit, err := h.people.PostInvoices(ctx, back)
	require.NoError(t, err)
	p := received("10.55")
	p.Refund = true
	p.Allocations = []erp.PaymentPart{{Invoice: fmt.Sprint(credit[0].ID), Amount: p.Amount}}
	_, err = h.shared.PushPayment(ctx, p)
	require.NoError(t, err)
	h.stands(t, credit[0].ID, "paid", "0.00")
}
