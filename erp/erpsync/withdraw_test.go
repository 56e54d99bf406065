package erpsync_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

func TestWithdrawalLeavesNothingStanding(t *testing.T) {
	ways := map[string]func(*world, order.ID){
		"cancelled": func(w *world, id order.ID) { w.fire(buyer, id, order.Cancel) },
		"rejected":  func(w *world, id order.ID) { w.fire(operator, id, order.Reject) },
		"deleted":   func(w *world, id order.ID) { w.remove(id) },
		"recalled, then deleted": func(w *world, id order.ID) {
			w.fire(buyer, id, order.Recall)
			w.remove(id)
		},
	}
	for name, away := range ways {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{})
			id := w.place()
			w.settle()
			away(w, id)
			w.settle()
			require.Equal(t, erp.StateCancelled, w.twin(id).State)

			never := w.place()
			away(w, never)
			w.settle()
			require.Empty(t, w.twins(never), "what was withdrawn in time is never sent")
			require.Zero(t, w.depth())
		})
	}
}

func TestWithdrawalTellsTheReason(t *testing.T) {
	w := newWorld(t, setup{})
	a, b := w.place(), w.place()
	w.settle()
	w.fire(operator, a, order.Reject)
	w.remove(b)
	w.settle()
	require.Equal(t, "because", w.twin(a).Reason)
	require.Equal(t, "withdrawn", w.twin(b).Reason)
	o := w.get(a)
	require.Equal(t, "cancelled", o.ERP.State)
	require.Equal(t, order.Rejected, o.State)
}

func TestTwinCancelledByHandIsNoTrouble(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.place()
	w.settle()
	require.True(t, w.books.Cancel(w.twin(id).ID, "by hand"))
	w.fire(buyer, id, order.Cancel)
	w.settle()
	require.Equal(t, "by hand", w.twin(id).Reason)
	require.Zero(t, w.books.Calls(erp.OpCancel))
	require.Zero(t, w.depth())
}

// The ERP keeps what it should let go: a person hears of it, and once it is
// settled there the letter can be worked.
func TestWhatTheERPKeepsIsForAPerson(t *testing.T) {
	for name, up := range map[string]setup{
		"confirmed, silent": {},
		"confirmed, loud":   {books: memerp.Options{LoudWrongState: true}},
		"cannot cancel":     {books: memerp.Options{Without: []erp.Op{erp.OpCancel}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, up)
			id := w.place()
			w.settle()
			if !slices.Contains(up.books.Without, erp.OpCancel) {
				require.True(t, w.books.Confirm(w.twin(id).ID))
			}
			w.fire(buyer, id, order.Cancel)
			w.settle()
			require.Len(t, w.letters(), 1)
			require.NotEmpty(t, w.get(id).ERP.Problem)
			require.True(t, w.books.Cancel(w.twin(id).ID, "by hand"))
			w.retryAll()
			require.Empty(t, w.letters())
			require.Empty(t, w.get(id).ERP.Problem)
			require.Equal(t, "cancelled", w.get(id).ERP.State)
		})
	}
}
