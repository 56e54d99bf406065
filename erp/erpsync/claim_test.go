package erpsync_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// cargoes make a document of ours whose push is due, with the operation of that
// push, and count it in the ERP.
var cargoes = map[string]struct {
	op    erp.Op
	make  func(w *world, id order.ID)
	count func(w *world) int
}{
	"payment": {erp.OpPushPayment, func(w *world, _ order.ID) { w.paid(w.docs()[0], dec("10")) }, func(w *world) int { return len(w.books.Payments()) }},
	"invoice": {erp.OpPushInvoice, func(w *world, id order.ID) { w.issued(id) }, func(w *world) int { return len(w.books.Invoices()) - 1 }},
	"message": {erp.OpPushMessage, func(w *world, id order.ID) { w.writes(buyer, id, "Where is it?") }, func(w *world) int { return len(w.books.Messages()) }},
}

// blindCash is a world without keys in which an order of two ovens has one
// delivered and invoiced, and a second one delivered.
func blindCash(t *testing.T, up setup) (*world, order.ID) {
	w := newWorld(t, up)
	id := w.confirmed(2, 1)
	w.picks(w.twin(id).ID, w.of(id, 0, "1"))
	w.sync()
	w.issued(id)
	w.picks(w.twin(id).ID, w.of(id, 0, "1"))
	w.sync()
	return w, id
}

// A lost answer of an ERP that cannot be asked is for a person, for payments,
// invoices and messages as for orders; nothing is sent again however often it is
// retried, and either word of the person ends with one document.
func TestBlindCargoIsSettledByAPerson(t *testing.T) {
	for kind, c := range cargoes {
		for _, arrived := range []bool{false, true} {
			t.Run(fmt.Sprint(kind, " arrived ", arrived), func(t *testing.T) {
				w, id := blindCash(t, modes["no keys, here"])
				lost := memerp.RequestLost
				if arrived {
					lost = memerp.AnswerLost
				}
				before := w.books.Calls(c.op)
				w.books.Fail(c.op, 1, lost)
				c.make(w, id)
				w.step()
				letters := erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil)
				require.Len(t, w.letters(), 1)
				letter := w.letters()[0]
				require.Contains(t, letter.Cause, "outcome_unknown")
				for range 3 {
					require.NoError(t, letters.Retry(w.ctx, admin, letter.ID))
					w.settle()
					require.Len(t, w.letters(), 1)
				}
				require.Equal(t, before+1, w.books.Calls(c.op), "never a second push")

				require.ErrorIs(t, letters.NeverArrived(w.ctx, operator, letter.ID), access.ErrForbidden)
				require.ErrorIs(t, letters.Arrived(w.ctx, operator, letter.ID, "1", ""), access.ErrForbidden)
				err := letters.Arrived(w.ctx, admin, letter.ID, " ", "")
				require.ErrorIs(t, err, erpsync.ErrWork)
				require.Equal(t, "erp_id", fault.IssuesOf(err)[0].Path)
				if arrived {
					require.NoError(t, letters.Arrived(w.ctx, admin, letter.ID, w.arrivedAs(letter.Event), ""))
				} else {
					require.NoError(t, letters.NeverArrived(w.ctx, admin, letter.ID))
				}
				w.sync()
				require.Empty(t, w.letters())
				require.Empty(t, w.parked())
				require.Equal(t, 1, c.count(w))
				w.inStep()
			})
		}
	}
}

// A person's word is taken for a push that is open only.
func TestOnlyOpenCargoIsSettled(t *testing.T) {
	for kind, c := range cargoes {
		t.Run(kind, func(t *testing.T) {
			w, id := blindCash(t, modes["no keys, here"])
			w.books.Fail(c.op, 1, memerp.Refuse("closed for stocktaking"))
			c.make(w, id)
			w.settle()
			letters := erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil)
			letter := w.letters()[0]
			require.ErrorIs(t, letters.NeverArrived(w.ctx, admin, letter.ID), erpsync.ErrWork, "it was refused, not lost")
			require.ErrorIs(t, letters.Arrived(w.ctx, admin, letter.ID, "9", ""), erpsync.ErrWork)
			require.NoError(t, letters.Retry(w.ctx, admin, letter.ID))
			w.sync()
			require.Equal(t, 1, c.count(w))
			w.inStep()
		})
	}
	w, _ := blindCash(t, modes["no keys, here"])
	w.books.Fail(erp.OpPushPayment, 1, memerp.AnswerLost)
	w.paid(w.docs()[0], dec("10"))
	w.settle()
	noBilling := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	require.ErrorIs(t, noBilling.NeverArrived(w.ctx, admin, w.letters()[0].ID), erpsync.ErrWork)
}

// An invoice of ours that the ERP told of meanwhile is known by its number; the
// letter of its lost answer is settled by the same word.
func TestToldMeanwhile(t *testing.T) {
	w, id := blindCash(t, modes["no keys, here"])
	w.books.Fail(erp.OpPushInvoice, 1, memerp.AnswerLost)
	w.issued(id)
	w.sync()
	letter := w.letters()[0]
	twin := w.docs()[1].ERP.ID
	require.NotEmpty(t, twin)
	letters := erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil)
	require.ErrorIs(t, letters.NeverArrived(w.ctx, admin, letter.ID), erpsync.ErrWork)
	require.ErrorIs(t, letters.Arrived(w.ctx, admin, letter.ID, "77", ""), erpsync.ErrWork)
	require.NoError(t, letters.Arrived(w.ctx, admin, letter.ID, twin, ""))
	w.sync()
	require.Empty(t, w.letters())
	w.inStep()
}

// A relay that stalls between its look and its claim finds that another one
// was faster, and sends nothing: without keys that would be a second document.
func TestClaimOfAStalledRelay(t *testing.T) {
	for kind, c := range cargoes {
		t.Run(kind, func(t *testing.T) {
			w, id := blindCash(t, modes["no keys, here"])
			c.make(w, id)
			other := w.newRelay()
			stalled := &pausing{Tenanted: w.store}
			stalled.meanwhile = func() {
				w.pass(2 * time.Minute) // the lease is over
				_, err := other.Step(w.ctx)
				require.NoError(t, err)
			}
			w.relay = erpsync.NewRelay(tenant, w.store.Queue(), w.allBooks(stalled), w.client, &erpsync.Options{Now: w.clock})
			w.sync()
			require.Nil(t, stalled.meanwhile)
			require.Equal(t, 1, c.count(w))
			require.Empty(t, w.letters())
			w.inStep()
		})
	}
}

// Of all who claim one push exactly one may send.
func TestOneClaim(t *testing.T) {
	const n = 16
	w, id := blindCash(t, modes["no keys, here"])
	d := w.issued(id)
	p := w.paid(d, dec("10"))
	w.writes(buyer, id, "Hello?")
	m := w.said(order.DocOf(id))[0]
	machine := access.Machine("erp-relay")
	for kind, claim := range map[string]func(order.Twin) error{
		"payment": func(t order.Twin) error {
			_, err := w.bills.ReportPaymentTwin(w.ctx, machine, p.ID, t)
			return err
		},
		"invoice": func(t order.Twin) error {
			_, err := w.bills.ReportInvoiceTwin(w.ctx, machine, d.ID, t)
			return err
		},
		"message": func(t order.Twin) error {
			if t.ID != "" {
				_, err := w.orders.ReportMessageTwin(w.ctx, machine, order.DocOf(id).Thread(), m.ID, t.ID)
				return err
			}
			_, err := w.orders.ReportMessageSending(w.ctx, machine, order.DocOf(id).Thread(), m.ID, t.SentAt)
			return err
		},
	} {
		t.Run(kind, func(t *testing.T) {
			race := func() (won int) {
				errs := make(chan error, n)
				for i := range n {
					go func() { errs <- claim(order.Twin{SentAt: w.clock().Add(time.Duration(i+1) * time.Second)}) }()
				}
				for range n {
					if err := <-errs; err == nil {
						won++
					} else {
						require.Equal(t, fault.Conflict, fault.KindOf(err))
					}
				}
				return won
			}
			require.Equal(t, 1, race())
			require.Zero(t, race(), "it is open still")
			require.NoError(t, claim(order.Twin{}), "given back")
			require.Equal(t, 1, race())
			require.NoError(t, claim(order.Twin{ID: "77"}))
			require.Zero(t, race(), "it is there")
		})
	}
}

// An ERP that takes no payments, or no messages, is not asked to, and whoever
// reads the log is told so in words.
func TestWhatTheERPDoesNotTake(t *testing.T) {
	up := here(setup{books: memerp.Options{Without: []erp.Op{erp.OpPushPayment, erp.OpPushMessage, erp.OpPushInvoice}}})
	w, id := blindCash(t, up)
	w.drain()
	for _, c := range cargoes {
		c.make(w, id)
	}
	w.settle()
	notes := map[string]bool{}
	for _, h := range w.drain() {
		require.Equal(t, erpsync.Done, h.Verdict)
		notes[h.Note] = true
	}
	require.Equal(t, map[string]bool{"the ERP takes no payments": true, "the ERP takes no invoices": true, "the ERP takes no messages": true}, notes)
}

// A payment for an invoice that the ERP does not take is on account there.
func TestPaymentOfAnInvoiceThatStaysHere(t *testing.T) {
	w, _ := blindCash(t, here(setup{books: memerp.Options{Without: []erp.Op{erp.OpPushInvoice}}}))
	w.paid(w.docs()[0], dec("10"))
	w.sync()
	require.Empty(t, w.letters())
	booked := w.books.Payments()
	require.Len(t, booked, 1)
	require.Empty(t, booked[0].Allocations)
	require.Equal(t, booked[0].ID, w.payments()[0].ERP.ID)
}

// Messages on what the ERP will never hold are done with, and those on what is
// still to come wait.
func TestMessagesOnWhatIsNotThere(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{Without: []erp.Op{erp.OpRevise}}})
	waits, gone := w.place(), w.place()
	w.writes(buyer, waits, "Not yet there.")
	w.writes(buyer, gone, "Never mind.")
	w.fire(buyer, gone, order.Cancel)
	for range 20 {
		w.step()
		w.pass(time.Minute)
	}
	require.EqualValues(t, 1, w.depth().Waiting)
	w.validate(waits)
	w.settle()
	require.Len(t, w.books.Messages(), 1)
	require.Empty(t, w.letters())
}

// That a payment whose answer was lost is not found is believed when the grace
// period is over, and not before.
func TestCargoAbsenceIsBelievedLate(t *testing.T) {
	w, _ := blindCash(t, here(setup{}))
	w.books.Fail(erp.OpPushPayment, 1, memerp.RequestLost)
	w.paid(w.docs()[0], dec("10"))
	w.step()
	for range 3 {
		w.pass(30 * time.Second)
		w.step()
		require.Equal(t, 1, w.books.Calls(erp.OpPushPayment))
	}
	w.sync()
	require.Len(t, w.books.Payments(), 1)
	w.inStep()
}
