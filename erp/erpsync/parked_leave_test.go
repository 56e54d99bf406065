package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/thread"
)

// neighbour has another tenant bring an order of this customer to the same ERP,
// whose people confirm, ship and invoice it, and write on all three.
func (w *world) neighbour(customer string, id order.ID) {
	w.t.Helper()
	key := erpsync.Key("it", id)
	theirs := erp.Order{Key: key, Revision: 1, Reference: "IT-1", Customer: customer, Date: "2026-11-22", Currency: "EUR",
		Lines: []erp.OrderLine{{Key: erpsync.Key("it", id+"1"), SKU: oven, Unit: "C62", Quantity: dec("1"), UnitPrice: dec("640"), Net: dec("640"), TaxCategory: "S", TaxRate: dec("20")}},
		Net:   dec("640"), Tax: dec("128"), Gross: dec("768")}
	got, err := w.books.Adapter().(erp.OrderPusher).PushOrder(w.ctx, theirs)
	require.NoError(w.t, err)
	require.True(w.t, w.books.Confirm(got.ID))
	delivery, ok := w.books.Pick(got.ID)
	require.True(w.t, ok)
	for _, draft := range w.books.Drafts(got.ID) {
		w.books.Post(draft)
	}
	invoices := w.books.Invoices()
	for _, m := range []erp.Message{{Kind: "order", Document: got.ID}, {Kind: "delivery", Document: delivery}, {Kind: "invoice", Document: invoices[len(invoices)-1].ID}} {
		m.Text = "Not yours"
		_, ok := w.books.Say(m)
		require.True(w.t, ok)
	}
}

// dropped are the changes of which an event tells that they were forgotten.
func (w *world) dropped() (ids []string) {
	w.t.Helper()
	for {
		ds, err := w.store.Queue().Claim(w.ctx, event.Claim{Topic: event.Facts, Limit: 100, Lease: time.Minute})
		require.NoError(w.t, err)
		if len(ds) == 0 {
			return ids
		}
		for _, d := range ds {
			if d.Type == "erp.change_dropped" {
				got := decoded[erpsync.ChangeDropped](w.t, d.Event)
				require.Equal(w.t, "parked/"+got.ID, d.Subject)
				ids = append(ids, got.ID)
			}
			require.NoError(w.t, w.store.Queue().Done(w.ctx, d))
		}
	}
}

// What another tenant's people write on their deliveries and invoices waits until
// those streams have shown that the documents are not here, and is left then; what
// is written on ours, which came before its document, is not.
func TestMessagesOnSomebodyElsesDocumentsAreLeft(t *testing.T) {
	w := newWorld(t, setup{})
	w.neighbour("IT10004711", "0192f0c1-7a4e-7b1e-9d33-5a1f00000001")
	w.pulls()
	require.Len(t, w.parked(), 5, "delivery, invoice and three messages")
	w.pass(3 * time.Minute)
	w.pulls()
	require.Len(t, w.parked(), 5, "an interval later they may still be ours")
	w.pass(2 * time.Minute)
	w.pulls()
	w.pulls()
	w.pulls()
	require.Empty(t, w.parked())
	require.Empty(t, w.dropped(), "they were never ours")

	id := w.confirmed(1, 1)
	w.picks(w.twin(id).ID)
	w.posts(id)
	invoice := w.books.Invoices()[1]
	w.books.Say(erp.Message{Kind: "invoice", Document: invoice.ID, Text: "Please pay."})
	for range 6 { // the stream of invoices fails, and is not at its end
		w.books.Fail(erp.OpPullInvoices, 1, memerp.Refuse("not today"))
		_, err := w.puller.Step(w.ctx)
		require.Error(t, err)
		w.pass(5 * time.Minute)
	}
	require.Len(t, w.parked(), 1)
	w.sync()
	require.Empty(t, w.parked())
	require.Empty(t, w.dropped())
	require.Len(t, w.said(thread.Doc{Kind: thread.OnInvoice, ID: string(w.doc(invoice.Number).ID)}), 1)
}

// What is written on a draft, of which no stream tells, comes before its document
// and waits until that is posted, however often the streams are read meanwhile.
func TestMessageOnADraftArrivesWhenItIsPosted(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.confirmed(1, 1)
	w.picks(w.twin(id).ID)
	draft := w.books.Drafts(w.twin(id).ID)[0]
	_, ok := w.books.Say(erp.Message{Kind: "invoice", Document: draft, Text: "Discount granted by phone"})
	require.True(t, ok)
	for range 8 {
		w.pulls()
		w.pass(3 * time.Minute)
	}
	require.Len(t, w.parked(), 1)
	require.True(t, w.books.Post(draft))
	w.sync()
	require.Empty(t, w.parked())
	require.Len(t, w.said(thread.Doc{Kind: thread.OnInvoice, ID: string(w.docs()[0].ID)}), 1)
	require.Empty(t, w.dropped())
}

// An order whose key does not tell whose it is waits, with all that hangs on it,
// for as long as the options say; then it is forgotten, and an event tells of it.
// The invoice of a customer that is here, which nobody knows to be another's, is for
// a person then.
func TestWhatWaitsForTooLongIsDropped(t *testing.T) {
	for name, keep := range map[string]time.Duration{"default": 0, "a week": 7 * 24 * time.Hour, "for ever": -1} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{short: true, pull: erpsync.PullOptions{ParkedFor: keep}})
			s := w.schedule("one", nil)
			step := func() {
				t.Helper()
				for range 3 {
					_, err := s.Step(w.ctx)
					require.NoError(t, err)
					w.pass(5 * time.Minute)
				}
			}
			from := w.clock()
			w.neighbour("FR10002527", "id-1")
			step()
			require.Len(t, w.parked(), 6, "all of it")
			length := map[string]time.Duration{"default": 90 * 24 * time.Hour, "a week": 7 * 24 * time.Hour, "for ever": 365 * 24 * time.Hour}[name]
			at := stream(t, s, erp.Orders)
			if keep < 0 {
				require.Zero(t, at.Drops)
			} else {
				require.Equal(t, from.Add(length), at.Drops)
			}
			w.pass(length - time.Hour)
			step()
			require.Len(t, w.parked(), 6)
			require.Empty(t, w.dropped())
			w.pass(time.Hour)
			for range 4 {
				step()
			}
			if keep < 0 {
				require.Len(t, w.parked(), 6)
				return
			}
			require.ElementsMatch(t, []string{"invoices/1 person", "messages/3 invoice/1"}, w.awaited())
			require.Equal(t, []string{"orders/1"}, w.dropped(), "the rest hangs on them")
			require.Zero(t, stream(t, s, erp.Orders).Drops)
		})
	}
}

// What waits for a person, and a second document of ours, are never forgotten.
func TestWhatIsOursIsNotDropped(t *testing.T) {
	keys := map[string]string{}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { return &rekeyed{in.(whole), keys} }})
	id := w.confirmed(1, 1)
	again := w.twin(id).Order
	again.Key += "-again"
	_, err := w.books.Adapter().(erp.OrderPusher).PushOrder(w.ctx, again)
	require.NoError(t, err)
	keys[again.Key] = w.twin(id).Order.Key
	require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		return tx.Inbox().Park(ctx, event.Parked{ID: "invoices/77", Stream: "invoices", Awaits: "person", Data: []byte(`{}`), Since: w.clock()})
	}))
	w.sync()
	require.Len(t, w.parked(), 2)
	w.pass(400 * 24 * time.Hour)
	for range 4 {
		w.pulls()
		w.pass(10 * time.Minute)
	}
	require.Len(t, w.parked(), 2)
	require.Empty(t, w.dropped())
}
