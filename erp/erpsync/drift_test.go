package erpsync_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// drift compares the books once.
func (w *world) drift(opts ...erpsync.DriftOptions) erpsync.DriftReport {
	w.t.Helper()
	var o erpsync.DriftOptions
	if len(opts) > 0 {
		o = opts[0]
	}
	o.Now, o.NewID = w.clock, w.newID
	r, err := erpsync.NewDrift(tenant, w.store, w.client, &o).Run(w.ctx)
	require.NoError(w.t, err)
	return r
}

// differences are without ids without ids: "order gross differs edited_by_hand 789.48 790.48 1.00 EUR".
func differences(xs []erpsync.Difference) []string {
	var out []string
	for _, x := range xs {
		text := fmt.Sprintf("%s %s %s: %s | %s", x.Document, x.Field, x.Cause, x.Ours, x.Theirs)
		if x.Field == "" {
			text = fmt.Sprintf("%s %s %s", x.Document, x.Fault, x.Cause)
		}
		if !x.Money.IsNone() {
			text += " (" + x.Money.String() + ")"
		}
		out = append(out, text)
	}
	return out
}

// told are the events of drift since the last call.
func (w *world) news() []string {
	w.t.Helper()
	var out []string
	for {
		ds, err := w.store.Queue().Claim(w.ctx, event.Claim{Topic: event.Facts, Limit: 100, Lease: time.Minute})
		require.NoError(w.t, err)
		if len(ds) == 0 {
			return out
		}
		for _, d := range ds {
			if d.Type == "drift.found" || d.Type == "drift.settled" {
				x := decoded[erpsync.Difference](w.t, d.Event)
				out = append(out, d.Type+" "+differences([]erpsync.Difference{x})[0])
			}
			require.NoError(w.t, w.store.Queue().Done(w.ctx, d))
		}
	}
}

// noDrift checks that the comparison of the books finds nothing but what rounding
// brings about.
func (w *world) noDrift() {
	w.t.Helper()
	for _, x := range w.drift().Differences {
		require.Equal(w.t, erpsync.RoundingPolicy, x.Cause, "%+v", x)
	}
}

// onAccount books a payment in the ERP that is for no invoice.
func (w *world) onAccount(amount decimal.Decimal) {
	w.t.Helper()
	_, err := w.books.Pay(erp.Payment{Customer: "FR10002527", Amount: amount, Currency: "EUR", Method: "cheque", Cheque: "0815"})
	require.NoError(w.t, err)
}

// delivered is an order of which all has left and is invoiced, paid in part.
func (w *world) delivered() order.ID {
	w.t.Helper()
	id := w.confirmed(1, 2)
	_, ok := w.books.Pick(w.twin(id).ID)
	require.True(w.t, ok)
	w.posts(id)
	w.paysThere(w.books.Invoices()[len(w.books.Invoices())-1], dec("100.00"))
	w.sync()
	return id
}

// After a day's work both sides hold the same, and the report says how much.
func TestDriftOfBooksInStep(t *testing.T) {
	w := newWorld(t, setup{})
	require.Empty(t, w.drift().Differences, "empty books")
	w.delivered()
	w.place() // awaits validation, as a draft there
	id := w.confirmed(3, 0+1)
	w.books.SetStock(oven, dec("1"), "")
	_, ok := w.books.Pick(w.twin(id).ID, w.of(id, 0, "2"))
	require.True(t, ok)
	w.posts(id)
	w.sync()
	_, ok = w.books.Return(w.twin(id).ID, "broken", w.of(id, 0, "1"))
	require.True(t, ok)
	w.posts(id)
	w.sync()
	w.paid(w.docs()[1], dec("10.00"))
	w.sync()
	r := w.drift()
	require.Empty(t, differences(r.Differences))
	require.Empty(t, r.Unread)
	for _, s := range r.Sums {
		require.Equal(t, s.Here, s.There, "%s", s.Document)
		require.Equal(t, s.Ours, s.Theirs, "%s", s.Document)
		require.Positive(t, s.Here, "%s", s.Document)
	}
	require.Len(t, r.Sums, 4)
	require.Empty(t, w.news())
}

// What people do in the ERP by hand is named, with its cause, and told once.
func TestDriftNamesWhatPeopleDo(t *testing.T) {
	for name, c := range map[string]struct {
		up   setup
		does func(w *world, id order.ID)
		want []string
	}{
		"another price": {does: func(w *world, id order.ID) {
			w.books.Edit(w.twin(id).ID, func(o *erp.Order) { o.Lines[0].UnitPrice = dec("641.00") })
		}, want: []string{"order gross edited_by_hand: 790.68 | 791.88 (1.20 EUR)", "order net edited_by_hand: 658.90 | 659.90 (1.00 EUR)", "order tax edited_by_hand: 131.78 | 131.98 (0.20 EUR)"}},
		"another quantity": {does: func(w *world, id order.ID) {
			w.books.Edit(w.twin(id).ID, func(o *erp.Order) { o.Lines[1].Quantity = dec("3") })
			w.sync()
		}, want: []string{"order gross edited_by_hand: 790.68 | 802.02 (11.34 EUR)", "order net edited_by_hand: 658.90 | 668.35 (9.45 EUR)",
			"order tax edited_by_hand: 131.78 | 133.67 (1.89 EUR)", "order ordered edited_by_hand: 2 | 3", "order reserved edited_by_hand: 2 | 3"}},
		"deleted": {does: func(w *world, id order.ID) { w.books.Delete(erp.Orders, w.twin(id).ID) },
			want: []string{"order missing_there lost_document (-790.68 EUR)"}},
		"not pulled yet": {does: func(w *world, id order.ID) { w.books.Cancel(w.twin(id).ID, "no money") },
			want: []string{"order state not_yet_pulled: confirmed | cancelled", "delivery state not_yet_pulled: planned | cancelled"}},
		"deleted and made again": {does: func(w *world, id order.ID) {
			again := w.twin(id).Order
			w.books.Delete(erp.Orders, w.twin(id).ID)
			_, err := w.books.Adapter().(erp.OrderPusher).PushOrder(w.ctx, again)
			require.NoError(w.t, err)
			_, err = w.puller.Step(w.ctx)
			require.NoError(w.t, err)
		}, want: []string{"order missing_there lost_document (-790.68 EUR)", "order double double_document (790.68 EUR)"}},
		"given up here, and not there": {up: setup{books: memerp.Options{Without: []erp.Op{erp.OpCancelRest}}}, does: func(w *world, id order.ID) {
			_, err := w.orders.CancelRest(w.ctx, operator, order.CancelRestInput{Order: id, Reason: "because",
				Lines: []order.LineQuantity{{Line: w.get(id).Lines[0].ID, Quantity: quantity("1")}}})
			require.NoError(w.t, err)
			w.settle()
		}, want: []string{"order cancelled not_yet_pushed: 1 | 0", "order reserved not_yet_pushed: 0 | 1"}},
		"a delivery that is not pulled": {does: func(w *world, id order.ID) {
			_, ok := w.books.Pick(w.twin(id).ID, w.of(id, 0, "1"))
			require.True(w.t, ok)
		}, want: []string{"order reserved not_yet_pulled: 1 | 0", "delivery missing_here not_yet_pulled", "delivery state not_yet_pulled: planned | done",
			"delivery quantity not_yet_pulled: 2 | 0"}},
		"a cheque that bounced": {does: func(w *world, id order.ID) {
			w.onAccount(dec("5.00"))
			w.sync()
			w.books.TakeBack("1", erp.PaymentFailed)
		}, want: []string{"payment state not_yet_pulled: confirmed | failed"}},
		"an invoice that cannot be read": {up: setup{wrap: func(_ *world, a erp.Adapter) erp.Adapter {
			return &tampered{whole: a.(whole), invoice: func(i *erp.Invoice) { i.Date = "yesterday" }}
		}}, does: func(w *world, id order.ID) {
			_, ok := w.books.Pick(w.twin(id).ID)
			require.True(w.t, ok)
			w.posts(id)
			w.pulls()
		}, want: []string{"invoice missing_here parked (790.68 EUR)"}},
		"a delivery that is rounded by itself": {does: func(w *world, id order.ID) {
			for range 2 { // 4.725 and 4.725 for 9.45
				_, ok := w.books.Pick(w.twin(id).ID, w.of(id, 1, "0.5"))
				require.True(w.t, ok)
			}
			_, ok := w.books.Pick(w.twin(id).ID)
			require.True(w.t, ok)
			w.posts(id)
			w.sync()
		}, want: []string{"order billed rounding_policy: 790.68 | 790.70 (0.02 EUR)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.up)
			id := w.confirmed(1, 2)
			require.Empty(t, differences(w.drift().Differences))
			c.does(w, id)
			require.Equal(t, c.want, differences(w.drift().Differences))
		})
	}
}

// An unchanged difference is told once, and once that it is settled.
func TestDriftIsToldOnce(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.confirmed(1, 2)
	w.news()
	w.books.Edit(w.twin(id).ID, func(o *erp.Order) { o.Lines[0].UnitPrice = dec("641.00") })
	w.sync()
	first := w.drift()
	require.Len(t, first.Differences, 3)
	told := w.news()
	require.Len(t, told, 3)
	require.Equal(t, "drift.found order gross edited_by_hand: 790.68 | 791.88 (1.20 EUR)", told[0])
	w.pass(time.Hour)
	again := w.drift()
	require.Empty(t, w.news(), "nothing has changed")
	require.Equal(t, first.Differences, again.Differences, "known since the first run")

	w.books.Edit(w.twin(id).ID, func(o *erp.Order) { o.Lines[0].UnitPrice = dec("642.00") })
	w.drift()
	require.Len(t, w.news(), 6, "settled as it was, found as it is")
	w.books.Edit(w.twin(id).ID, func(o *erp.Order) { o.Lines[0].UnitPrice = dec("640.00") })
	w.sync()
	require.Empty(t, w.drift().Differences)
	require.Equal(t, "drift.settled order gross edited_by_hand: 790.68 | 793.08 (2.40 EUR)", w.news()[0])
	w.drift()
	require.Empty(t, w.news())
}

// What is on its way is listed at once, and told of when it takes too long.
func TestDriftIsPatient(t *testing.T) {
	w := newWorld(t, setup{})
	w.confirmed(1, 2)
	w.onAccount(dec("5.00"))
	w.sync()
	w.books.TakeBack("1", erp.PaymentFailed)
	w.news()
	require.Len(t, w.drift().Differences, 1)
	require.Empty(t, w.news())
	w.pass(59 * time.Minute)
	w.drift()
	require.Empty(t, w.news())
	w.pass(time.Minute)
	w.drift()
	require.Equal(t, []string{"drift.found payment state not_yet_pulled: confirmed | failed"}, w.news())
	w.sync()
	w.drift()
	require.Equal(t, []string{"drift.settled payment state not_yet_pulled: confirmed | failed"}, w.news())
}

// Of more differences than fit, the first are listed and told of, and the others
// when these are settled; none is told of twice.
func TestDriftIsBounded(t *testing.T) {
	w := newWorld(t, setup{})
	var ids []order.ID
	for range 5 {
		ids = append(ids, w.confirmed(1, 2))
	}
	for _, id := range ids {
		w.books.Delete(erp.Orders, w.twin(id).ID)
	}
	w.news()
	small := erpsync.DriftOptions{Limit: 2, Page: 1, IDs: 1}
	r := w.drift(small)
	require.Len(t, r.Differences, 2)
	require.Equal(t, 3, r.More)
	require.Len(t, w.news(), 2)
	r = w.drift(small)
	require.Equal(t, 3, r.More)
	require.Empty(t, w.news())
	r = w.drift(erpsync.DriftOptions{Limit: 9, Page: 2})
	require.Len(t, r.Differences, 5)
	require.Len(t, w.news(), 3)
}

// What is settled makes room at once for what is new.
func TestDriftForgetsWhatIsSettledFirst(t *testing.T) {
	w := newWorld(t, setup{})
	ids := []string{w.twin(w.confirmed(1, 2)).ID, w.twin(w.confirmed(1, 2)).ID}
	costs := func(id, price string) {
		require.True(t, w.books.Edit(id, func(o *erp.Order) { o.Lines[0].UnitPrice = dec(price) }))
		w.sync()
	}
	costs(ids[0], "641.00")
	require.Len(t, w.drift(erpsync.DriftOptions{Limit: 3}).Differences, 3)
	costs(ids[0], "640.00")
	costs(ids[1], "641.00")
	w.news()
	r := w.drift(erpsync.DriftOptions{Limit: 3})
	require.Len(t, r.Differences, 3)
	require.Zero(t, r.More)
	require.Equal(t, ids[1], r.Differences[0].ERPID)
	require.Len(t, w.news(), 6)
}

// With room for few ids the ERP is read again, and nothing escapes.
func TestDriftReadsAgainWhatDoesNotFit(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{Overlap: 3}})
	for range 6 {
		w.delivered()
	}
	gone := w.books.Orders()[2].ID
	w.books.Delete(erp.Orders, gone)
	w.books.Delete(erp.Payments, "4")
	want := w.drift()
	require.Equal(t, []string{"order missing_there lost_document (-790.68 EUR)", "payment missing_there lost_document (-100.00 EUR)"}, differences(want.Differences))
	for _, room := range []int{1, 2, 3, 5} {
		got := w.drift(erpsync.DriftOptions{IDs: room, Page: 2})
		require.Equal(t, want.Differences, got.Differences, "room for %d", room)
		require.Equal(t, want.Sums, got.Sums, "room for %d", room)
	}
}

// The report is for the seller's people.
func TestDriftIsReadByPermission(t *testing.T) {
	w := newWorld(t, setup{})
	d := erpsync.NewDrift(tenant, w.store, w.client, &erpsync.DriftOptions{Now: w.clock, NewID: w.newID})
	_, err := d.Last(w.ctx, operator)
	require.ErrorIs(t, err, erpsync.ErrNoReport)
	w.place()
	want := w.drift()
	for _, a := range []access.Actor{operator, admin} {
		got, err := d.Last(w.ctx, a)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, a := range []access.Actor{buyer, {}} {
		_, err := d.Last(w.ctx, a)
		require.ErrorIs(t, err, access.ErrForbidden)
	}
}

// A run that meets an error keeps nothing, and of two that end together one is
// kept.
func TestDriftKeepsNothingOfARunThatFails(t *testing.T) {
	during := func(*world) {}
	w := newWorld(t, setup{wrap: func(w *world, a erp.Adapter) erp.Adapter { return &interrupted{a.(whole), func() { during(w) }} }})
	id := w.confirmed(1, 2)
	w.books.Delete(erp.Orders, w.twin(id).ID)
	w.news()
	w.books.Fail(erp.OpPullPayments, 20, memerp.Refuse("closed for stocktaking"))
	d := erpsync.NewDrift(tenant, w.store, w.client, &erpsync.DriftOptions{Now: w.clock, NewID: w.newID})
	_, err := d.Run(w.ctx)
	require.ErrorContains(t, err, "closed for stocktaking")
	_, err = d.Last(w.ctx, admin)
	require.ErrorIs(t, err, erpsync.ErrNoReport)
	require.Empty(t, w.news())
	w.books.Fail(erp.OpPullPayments, 0, memerp.Refuse(""))

	other := newWorld(t, setup{wrap: func(w *world, a erp.Adapter) erp.Adapter { return &interrupted{a.(whole), func() { during(w) }} }})
	once := false
	during = func(w *world) {
		if !once {
			once = true
			w.drift()
		}
	}
	_, err = erpsync.NewDrift(tenant, other.store, other.client, &erpsync.DriftOptions{Now: other.clock, NewID: other.newID}).Run(other.ctx)
	require.ErrorIs(t, err, erpsync.ErrOvertaken)
}

// interrupted is an adapter in whose reading of payments something happens.
type interrupted struct {
	whole
	during func()
}

func (a *interrupted) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	a.during()
	return a.whole.PullPayments(ctx, after, limit)
}

// Invoices made here are held against the ERP's too.
func TestDriftOfInvoicesMadeHere(t *testing.T) {
	w := newWorld(t, here(setup{}))
	id := w.confirmed(1, 2)
	_, ok := w.books.Pick(w.twin(id).ID)
	require.True(t, ok)
	w.sync()
	d, err := w.bills.Issue(w.ctx, operator, billing.IssueInput{Orders: []billing.OrderVersion{{Order: id}}})
	require.NoError(t, err)
	require.Equal(t, []string{"invoice missing_there not_yet_pushed (-790.68 EUR)"}, differences(w.drift().Differences))
	w.sync()
	w.paid(d, dec("790.68"))
	w.sync()
	require.Empty(t, differences(w.drift().Differences))
}
