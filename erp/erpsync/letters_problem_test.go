package erpsync_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// twoLetters is an order whose push could not be read, which the stream of orders
// has confirmed since, and whose rest the ERP refused to give up.
func twoLetters(t *testing.T) (w *world, id order.ID, letters *erpsync.Letters, push, rest event.Letter) {
	w, a := newFickle(t)
	id = w.placed(2, 1)
	w.settle()
	a.find = func() error { return erp.NewError(erp.Contract, erp.OpFind, "invalid character '<'", nil) }
	w.validate(id)
	w.settle()
	w.books.Confirm(w.twin(id).ID)
	w.pulls()
	require.Equal(t, order.Confirmed, w.get(id).State)
	w.books.Fail(erp.OpCancelRest, 1, memerp.Refuse("already picked"))
	w.cancelsRest(id, 0)
	w.settle()
	ls := w.letters()
	require.Len(t, ls, 2)
	require.Contains(t, ls[0].Cause, "invalid character")
	require.Equal(t, ls[1].Cause, w.get(id).ERP.Problem)
	return w, id, erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil), ls[0], ls[1]
}

// Each of an order's dead letters ends its own problem: as long as another one is
// left the order shows that.
func TestProblemIsThatOfTheLettersLeft(t *testing.T) {
	t.Run("the older one first", func(t *testing.T) {
		w, id, letters, push, rest := twoLetters(t)
		require.NoError(t, letters.Retry(w.ctx, admin, push.ID))
		w.settle()
		require.Len(t, w.letters(), 1)
		require.Equal(t, rest.Cause, w.get(id).ERP.Problem)
		require.NoError(t, letters.Retry(w.ctx, admin, rest.ID))
		w.settle()
		require.Empty(t, w.letters())
		require.Empty(t, w.get(id).ERP.Problem)
	})
	t.Run("the later one first", func(t *testing.T) {
		w, id, letters, push, rest := twoLetters(t)
		require.NoError(t, letters.Retry(w.ctx, admin, rest.ID))
		w.settle()
		require.Equal(t, push.Cause, w.get(id).ERP.Problem)
		require.NoError(t, letters.Retry(w.ctx, admin, push.ID))
		w.settle()
		require.Empty(t, w.get(id).ERP.Problem)
	})
	t.Run("dropped", func(t *testing.T) {
		w, id, letters, push, rest := twoLetters(t)
		require.NoError(t, letters.Drop(w.ctx, admin, rest.ID))
		require.Equal(t, push.Cause, w.get(id).ERP.Problem)
		require.NoError(t, letters.Drop(w.ctx, admin, push.ID))
		require.Empty(t, w.get(id).ERP.Problem)
		require.Empty(t, w.letters())
	})
	t.Run("dropped, but not the one shown", func(t *testing.T) {
		w, id, letters, push, rest := twoLetters(t)
		require.NoError(t, letters.Drop(w.ctx, admin, push.ID))
		require.Equal(t, rest.Cause, w.get(id).ERP.Problem)
	})
}

// A dead letter that later work of its kind has overtaken leaves no problem.
func TestOvertakenLetterLeavesNoProblem(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpPush, 1, memerp.Refuse("blocked"))
	id := w.place()
	w.settle()
	require.NotEmpty(t, w.get(id).ERP.Problem)
	w.validate(id)
	w.settle()
	w.agree(id)
	require.Len(t, w.letters(), 1)
	require.Empty(t, w.get(id).ERP.Problem)
}

// What a person has settled no longer shows on a payment or an invoice; of one
// whose push is open nobody knows yet.
func TestDroppedLetterLeavesNoProblemOnMoney(t *testing.T) {
	refused, lost := memerp.Refuse("the period is closed"), memerp.AnswerLost
	for name, c := range map[string]struct {
		up    setup
		op    erp.Op
		fault memerp.Fault
		left  bool
	}{
		"payment":      {setup{}, erp.OpPushPayment, refused, false},
		"open payment": {setup{books: memerp.Options{Keys: memerp.NoKeys, Without: []erp.Op{erp.OpFindPayment}}}, erp.OpPushPayment, lost, true},
		"invoice":      {here(setup{}), erp.OpPushInvoice, refused, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.up)
			id := w.confirmed(1, 1)
			w.picks(w.twin(id).ID)
			w.posts(id)
			w.sync()
			problem := func() string { return w.docs()[0].ERP.Problem }
			if w.books.Fail(c.op, 1, c.fault); c.op == erp.OpPushPayment {
				p := w.paid(w.docs()[0], dec("10"))
				problem = func() string {
					p, err := w.bills.GetPayment(w.ctx, operator, p.ID)
					require.NoError(t, err)
					return p.ERP.Problem
				}
			} else {
				w.issued(id)
			}
			w.settle()
			require.Len(t, w.letters(), 1)
			require.Equal(t, w.letters()[0].Cause, problem())
			letters := erpsync.NewLetters(w.store.Queue(), w.allBooks(w.store), nil)
			require.NoError(t, letters.Drop(w.ctx, admin, w.letters()[0].ID))
			require.Empty(t, w.letters())
			require.Equal(t, c.left, problem() != "")
		})
	}
}
