package erpsync_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// awaited is what is parked and what for, "payments/1 invoice/1".
func (w *world) awaited() (all []string) {
	w.t.Helper()
	for _, k := range w.parked() {
		all = append(all, k.ID+" "+k.Awaits)
	}
	return all
}

// parks parks a row as a puller would have long ago.
func (w *world) parks(s erp.Stream, id, awaits string, row any, since time.Time) {
	w.t.Helper()
	data, err := json.Marshal(row)
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
		return tx.Inbox().Park(ctx, event.Parked{ID: string(s) + "/" + id, Stream: string(s), Sequence: 1, Awaits: awaits, Data: data, Cause: "not here", Since: since})
	}))
}

// turns has the puller work until what is old is settled.
func (w *world) turns() {
	w.t.Helper()
	for range 4 {
		w.pulls()
		w.pass(5 * time.Minute)
	}
}

// payment is a transfer of a customer for an invoice.
func payment(id, customer string, part erp.PaymentPart) erp.Payment {
	part.Amount = dec("10")
	return erp.Payment{Head: erp.Head{ID: id, Sequence: 1}, State: erp.PaymentPosted, Customer: customer, Amount: dec("10"), Currency: "EUR",
		Method: "transfer", Date: "2026-11-22", Allocations: []erp.PaymentPart{part}}
}

// An invoice of a customer of ours whose order never comes, and what was paid for
// it, by its id or by its number, are for a person in the end, one after the other;
// what is about nobody's money here is forgotten.
func TestMoneyOfACustomerIsNeverDropped(t *testing.T) {
	w := newWorld(t, setup{pull: erpsync.PullOptions{Strangers: true}})
	w.neighbour("FR10002527", "0192f0c1-7a4e-7b1e-9d33-5a1f00000001")
	w.paysThere(w.books.Invoices()[0], dec("10"))
	since := w.clock()
	w.parks(erp.Payments, "901", "invoice/INV-00001", payment("901", "FR10002527", erp.PaymentPart{Number: "INV-00001"}), since)
	w.parks(erp.Payments, "902", "customer/X-1", payment("902", "X-1", erp.PaymentPart{Number: "INV-00009"}), since)
	w.turns()
	require.Subset(t, w.awaited(), []string{"invoices/1 order/1", "payments/1 invoice/1", "payments/901 invoice/INV-00001", "payments/902 customer/X-1"})
	w.pass(90 * 24 * time.Hour)
	w.turns()
	require.Equal(t, []string{"payments/902"}, w.dropped())
	require.ElementsMatch(t, []string{"invoices/1 person", "payments/1 invoice/1", "payments/901 invoice/INV-00001", "messages/3 invoice/1"}, w.awaited())

	parking := erpsync.NewParking(w.puller, nil)
	for _, k := range w.parked() {
		if k.Stream == string(erp.Invoices) {
			require.Contains(t, k.Cause, "has waited since 2026-11-22: ")
			require.NoError(t, parking.Drop(w.ctx, admin, k))
		}
	}
	w.turns()
	require.Equal(t, []string{"messages/3"}, w.dropped())
	require.ElementsMatch(t, []string{"payments/1 person", "payments/901 person"}, w.awaited())
}

// A later change of a document that is here is for a person, too, although its
// customer has another code by now, which nobody here has.
func TestMoneyThatIsHereIsNeverDropped(t *testing.T) {
	w := newWorld(t, setup{pull: erpsync.PullOptions{Strangers: true}})
	id := w.confirmed(1, 1)
	w.picks(w.twin(id).ID)
	w.posts(id)
	w.sync()
	w.paysThere(w.books.Invoices()[0], dec("10"))
	w.sync()
	mirror := w.books.Payments()[0]
	mirror.Customer, mirror.Sequence = "X-1", 9000
	w.parks(erp.Payments, mirror.ID, "customer/X-1", mirror, w.clock())
	ours := w.paid(w.docs()[0], dec("5")) // no relay has brought it yet
	back := payment("88", "X-1", erp.PaymentPart{Invoice: "99"})
	back.Key = erpsync.Key(tenant, ours.ID)
	w.parks(erp.Payments, back.ID, "invoice/99", back, w.clock())
	invoice := w.books.Invoices()[0]
	invoice.Customer = "X-1"
	for i := range invoice.Lines { // they are of no order of ours any more
		invoice.Lines[i].Key, invoice.Lines[i].Order = "", ""
	}
	w.parks(erp.Invoices, invoice.ID, "customer/X-1", invoice, w.clock())
	w.turns()
	require.ElementsMatch(t, []string{"payments/1 customer/X-1", "payments/88 invoice/99", "invoices/1 customer/X-1"}, w.awaited())
	w.pass(90 * 24 * time.Hour)
	w.turns()
	require.Empty(t, w.dropped())
	require.ElementsMatch(t, []string{"payments/1 person", "payments/88 person", "invoices/1 person"}, w.awaited())
}

// A payment that waits holds up what is used of its customer's credit notes, and
// of those that it names, and of no other's.
func TestParkedPaymentHoldsUpItsOwnCreditNotesOnly(t *testing.T) {
	for name, c := range map[string]struct {
		payment erp.Payment
		used    bool
	}{
		"another's":        {payment("901", "X-88", erp.PaymentPart{Number: "INV-00009"}), true},
		"its customer's":   {payment("901", "FR10002527", erp.PaymentPart{Number: "INV-00009"}), false},
		"named by number":  {payment("901", "X-88", erp.PaymentPart{Number: "CN-00001"}), false},
		"named by its id":  {payment("901", "X-88", erp.PaymentPart{Invoice: "2"}), false},
		"nobody's we know": {payment("901", "X-99", erp.PaymentPart{Number: "INV-00009"}), true},
	} {
		t.Run(name, func(t *testing.T) {
			up, a := tamper(setup{})
			w := newWorld(t, up)
			w.customer("sud", "X-88")
			id := w.confirmed(1, 1)
			w.picks(w.twin(id).ID)
			w.posts(id)
			_, ok := w.books.Return(w.twin(id).ID, "damaged", w.of(id, 0, "1"))
			require.True(t, ok)
			w.posts(id)
			w.parks(erp.Payments, "901", "person", c.payment, w.clock())
			a.invoice = func(i *erp.Invoice) {
				none := dec("0")
				i.Residual = &none
			}
			w.pulls()
			note := w.doc("CN-00001")
			require.Equal(t, "2", note.ERP.ID)
			require.Equal(t, c.used, note.Left().IsZero())
		})
	}
}

// meanwhile is a store on which something happens behind the first look that
// follows a failed attempt.
type meanwhile struct {
	store.Tenanted
	failed bool
	then   func()
}

func (m *meanwhile) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	err := m.Tenanted.Update(ctx, fn)
	m.failed = m.failed || err != nil
	return err
}

func (m *meanwhile) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	err := m.Tenanted.View(ctx, fn)
	if then := m.then; m.failed && then != nil {
		m.then = nil
		then()
	}
	return err
}

// What a change has waited for arrives just when it is to be forgotten: it is not.
func TestWhatArrivesInTheLastMomentIsNotDropped(t *testing.T) {
	for _, kind := range []string{"order", "delivery", "invoice"} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t, setup{})
			id := w.confirmed(1, 1)
			w.picks(w.twin(id).ID)
			w.posts(id)
			w.sync()
			relink := func(to string) {
				require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
					switch kind {
					case "order":
						o, err := tx.Orders().Get(ctx, id)
						require.NoError(t, err)
						o.ERP.ID = to
						_, err = tx.Orders().Save(ctx, o)
						return err
					case "delivery":
						d, err := tx.Deliveries().ByERP(ctx, "1")
						require.NoError(t, err)
						d.ERP.ID = to
						_, err = tx.Deliveries().Save(ctx, d)
						return err
					}
					d, err := tx.Invoices().ByERP(ctx, "1")
					require.NoError(t, err)
					d.ERP.ID = to
					_, err = tx.Invoices().Save(ctx, d)
					return err
				}))
			}
			w.parks(erp.Messages, "901", kind+"/77", erp.Message{Head: erp.Head{ID: "901", Sequence: 1}, Kind: kind, Document: "77", Text: "At last"}, w.clock())
			w.pass(90 * 24 * time.Hour)
			st := &meanwhile{Tenanted: w.store, then: func() { relink("77") }}
			p := erpsync.NewPuller(tenant, st, w.allBooks(st), w.client, &erpsync.PullOptions{Now: w.clock, Streams: []erp.Stream{}})
			_, err := p.Step(w.ctx)
			require.NoError(t, err)
			require.Nil(t, st.then)
			require.Empty(t, w.dropped())
			require.Equal(t, []string{"messages/901 " + kind + "/77"}, w.awaited())
			_, err = p.Step(w.ctx)
			require.NoError(t, err)
			require.Empty(t, w.parked())
		})
	}
}
