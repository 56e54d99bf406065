package erpsync_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/thread"
)

// arrivedAs is what a person sees who looks for a document of ours in the
// ERP: its id there, "" for none.
func (w *world) arrivedAs(e event.Event) string {
	w.t.Helper()
	switch e.Type {
	case "payment.push_requested":
		key := erpsync.Key(tenant, decoded[billing.PaymentPushRequested](w.t, e).Payment)
		for _, p := range w.books.Payments() {
			if p.Key == key {
				return p.ID
			}
		}
	case "invoice.push_requested":
		key := erpsync.Key(tenant, decoded[billing.InvoicePushRequested](w.t, e).Document)
		for _, i := range w.books.Invoices() {
			if i.Key == key {
				return i.ID
			}
		}
	case "message.push_requested":
		key := erpsync.Key(tenant, decoded[thread.PushRequested](w.t, e).Message)
		for _, m := range w.books.Messages() {
			if m.Key == key {
				return m.ID
			}
		}
	case "order.sync_requested":
		if ds := w.twins(decoded[order.SyncRequested](w.t, e).Order); len(ds) > 0 {
			return ds[0].ID
		}
	}
	return ""
}

// person settles the dead letters as somebody who can see into the ERP.
func (w *world) person() {
	w.t.Helper()
	letters := erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil)
	for _, l := range w.letters() {
		id := w.arrivedAs(l.Event)
		if l.Type == "order.sync_requested" && decoded[order.SyncRequested](w.t, l.Event).Withdraw {
			if id != "" {
				require.True(w.t, w.books.Cancel(id, "by hand"))
			}
			require.NoError(w.t, letters.Drop(w.ctx, admin, l.ID))
			continue
		}
		var err error
		if id != "" {
			err = letters.Arrived(w.ctx, admin, l.ID, id, "")
		} else {
			err = letters.NeverArrived(w.ctx, admin, l.ID)
		}
		if errors.Is(err, erpsync.ErrWork) { // settled in the meantime
			err = letters.Retry(w.ctx, admin, l.ID)
		}
		require.NoError(w.t, err, l.Cause)
	}
	// What was said on an order that was withdrawn before it was known here.
	parking := erpsync.NewParking(w.puller, nil)
	for _, k := range w.parked() {
		there, _ := strings.CutPrefix(k.Awaits, "order/")
		_, unknown := w.orders.GetByERP(w.ctx, operator, there)
		if d, ok := w.books.Order(there); ok && d.State == erp.StateCancelled && unknown != nil {
			require.NoError(w.t, parking.Drop(w.ctx, admin, k))
		}
	}
}

// settled lets relay, puller and person work until all are at rest.
func (w *world) settled() {
	w.t.Helper()
	w.sync()
	for turn := 0; len(w.letters()) > 0; turn++ {
		require.Less(w.t, turn, 10)
		w.person()
		w.sync()
	}
}

// cash is the story of an order from the draft to its credit note, with
// everything that relay and puller can be asked to do; rest is called wherever
// they get their turn.
func cash(w *world, rest func()) {
	mine := w.up.bills != nil
	id := w.placed(2, 2)
	rest()
	w.revise(id, 4)
	rest()
	gone := w.placed(1, 1)
	rest()
	w.fire(buyer, gone, order.Cancel)
	rest()
	w.validate(id)
	rest()
	there := w.twin(id).ID
	w.writes(buyer, id, "Where is it?")
	rest()
	invoice := func() {
		rest()
		if mine {
			w.issued(id)
		}
		w.posts(id)
		rest()
	}
	w.picks(there, w.of(id, 0, "2"), w.of(id, 1, "2"))
	invoice()
	w.cancelsRest(id, 0)
	rest()
	w.picks(there, w.of(id, 0, "1"))
	invoice()
	for _, d := range w.docs() {
		w.paid(d, d.Totals.Gross.Decimal())
		rest()
	}
	_, ok := w.books.Return(there, "damaged", w.of(id, 0, "1"))
	require.True(w.t, ok)
	rest()
	if mine {
		_, err := w.bills.Credit(w.ctx, operator, billing.CreditInput{Document: w.docs()[0].ID, Reason: "damaged",
			Lines: []billing.CreditLine{{Line: "1", Quantity: w.get(id).Lines[0].Goods.Returned}}})
		require.NoError(w.t, err)
	}
	w.posts(id)
	w.books.Say(erp.Message{Kind: "order", Document: there, Text: "Credited."})
	w.books.SaveProduct(erp.Product{SKU: oven, Names: map[string]string{"en": "The oven"}, Active: true})
	w.books.SetPrice(erp.Price{SKU: oven, List: "dealers", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("600")}}})
	w.books.SetStock(oven, dec("9"), "")
	rest()
}

func (w *world) picks(there string, lines ...erp.LineQuantity) {
	w.t.Helper()
	_, ok := w.books.Pick(there, lines...)
	require.True(w.t, ok)
}

// cancelsRest gives one up of what is left of a line.
func (w *world) cancelsRest(id order.ID, line int) {
	w.t.Helper()
	l := w.get(id).Lines[line]
	_, err := w.orders.CancelRest(w.ctx, operator, order.CancelRestInput{Order: id, Reason: "no more needed",
		Lines: []order.LineQuantity{{Line: l.ID, Quantity: quantity("1")}}})
	require.NoError(w.t, err)
}

// allOps are the operations of both directions, without the ping.
var allOps = slices.DeleteFunc(erp.Ops(), func(op erp.Op) bool { return op == erp.OpPing })

// modes are what ERPs make of keys, each with either issuer of invoices.
var modes = map[string]setup{
	"unique keys":     {},
	"idempotent keys": {books: memerp.Options{Keys: memerp.IdempotentKeys}},
	"no keys":         {books: memerp.Options{Keys: memerp.NoKeys}},
	// Keys that do not tell of what they were made.
	"short ids":             {short: true},
	"short ids, here":       here(setup{short: true}),
	"unique keys, here":     here(setup{}),
	"idempotent keys, here": here(setup{books: memerp.Options{Keys: memerp.IdempotentKeys}}),
	"no keys, here":         here(setup{books: memerp.Options{Keys: memerp.NoKeys}}),
}

// Every answer that can be lost between us and the ERP: each operation, before
// and after the work, once and twice in a row, at every call where that is
// asked for. In the end both sides stand as if nothing had happened.
func TestEveryLostAnswer(t *testing.T) {
	for mode, up := range modes {
		t.Run(mode, func(t *testing.T) {
			dry := newWorld(t, up)
			cash(dry, dry.settled)
			dry.inStep()
			want := dry.ledger()
			require.Contains(t, want, "waiting 0, dead 0, parked 0")
			runs := 0
			for _, op := range allOps {
				calls := dry.books.Calls(op)
				ofMoney := strings.HasSuffix(string(op), "invoice") || strings.HasSuffix(string(op), "invoices") || strings.HasSuffix(string(op), "payment")
				if calls == 0 || strings.HasSuffix(mode, "here") && !ofMoney && !soaking {
					continue // the others are as where the ERP invoices
				}
				for nth := range calls {
					for cut, f := range map[string]memerp.Fault{"before": memerp.RequestLost, "after": memerp.AnswerLost} {
						for times := 1; times <= 2; times++ {
							// Of the many pulls a few, and of reads once is enough.
							reads := strings.HasPrefix(string(op), "pull") || strings.HasPrefix(string(op), "find")
							if !soaking && (reads && (nth%(calls/2+1) != 0 || times > 1) || !reads && nth > 2) {
								continue
							}
							w := newWorld(t, up)
							w.books.Fail(op, nth, memerp.Slow(time.Second))
							w.books.Fail(op, times, f)
							cash(w, w.settled)
							w.inStep()
							require.Equal(t, want, w.ledger(), fmt.Sprint(op, " ", nth+1, " cut ", cut, " the work, ", times, " times"))
							runs++
						}
					}
				}
			}
			require.Greater(t, runs, 6)
		})
	}
}

// What pulls do wrong short of losing an answer changes nothing either.
func TestPullsThatStumble(t *testing.T) {
	faults := map[string]memerp.Fault{"shuffled": memerp.Shuffled, "doubled": memerp.Doubled, "half a page": memerp.HalfPage, "lagging": memerp.Lagging,
		"busy": memerp.Busy, "not sent": memerp.NotSent}
	for mode, up := range map[string]setup{"unique keys": {}, "no keys": modes["no keys"], "here": here(setup{})} {
		for _, limit := range []int{1, 3, 200} {
			up.pull.Limit = limit
			up.books.Overlap = limit / 2
			dry := newWorld(t, up)
			cash(dry, dry.settled)
			want := dry.ledger()
			for name, f := range faults {
				t.Run(fmt.Sprint(mode, ", ", name, ", pages of ", limit), func(t *testing.T) {
					w := newWorld(t, up)
					for _, s := range erp.Streams() {
						w.books.Fail(erp.PullOf(s), 7, f)
					}
					cash(w, w.settled)
					w.inStep()
					require.Equal(t, want, w.ledger())
				})
			}
		}
	}
}
