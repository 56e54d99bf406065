package erpsync_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
)

// A person looked into the ERP after a lost answer and says what is there;
// either way one document comes of it.
func TestParkedPushIsSettledByAPerson(t *testing.T) {
	t.Run("it never arrived", func(t *testing.T) {
		w := newWorld(t, blind)
		w.books.Fail(erp.OpPush, 1, memerp.RequestLost)
		id := w.place()
		w.settle()
		letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
		require.ErrorIs(t, letters.NeverArrived(w.ctx, operator, w.letters()[0].ID), access.ErrForbidden)
		require.ErrorIs(t, letters.NeverArrived(w.ctx, admin, "none"), event.ErrNoLetter)
		require.NoError(t, letters.NeverArrived(w.ctx, admin, w.letters()[0].ID))
		w.settle()
		require.Empty(t, w.letters())
		require.Empty(t, w.get(id).ERP.Problem)
		w.validate(id)
		w.settle()
		w.agree(id)
	})
	t.Run("it arrived", func(t *testing.T) {
		w := newWorld(t, blind)
		w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
		id := w.place()
		w.settle()
		letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
		require.NoError(t, letters.Arrived(w.ctx, admin, w.letters()[0].ID, w.books.Orders()[0].ID, ""))
		w.settle()
		require.Empty(t, w.letters())
		require.Len(t, w.books.Orders(), 1)
		w.validate(id)
		w.settle()
		require.Equal(t, order.Confirmed, w.get(id).State)
		w.agree(id)
	})
}

func TestOnlyPushesAreSettledThatWay(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	id := w.place()
	w.settle()
	w.remove(id)
	w.settle()
	letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	withdrawn := 0
	for _, l := range w.letters() {
		if err := letters.Arrived(w.ctx, admin, l.ID, "1", ""); err != nil {
			require.ErrorIs(t, err, oneOf(err, erpsync.ErrWork, order.ErrNotFound))
			withdrawn++
		}
	}
	require.Equal(t, len(w.letters()), withdrawn, "a deleted order is not brought back")
}

func oneOf(err error, these ...error) error {
	for _, e := range these {
		if err != nil && err.Error() != "" && errors.Is(err, e) {
			return e
		}
	}
	return these[0]
}

// A person's word is taken for a push that is open, and with an id.
func TestArrivedNeedsAnIDAndAnOpenPush(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	lost := w.place()
	w.settle()
	w.books.Fail(erp.OpPush, 1, memerp.Refuse("credit limit"))
	refused := w.place()
	w.settle()
	letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
	ls := w.letters()
	require.Len(t, ls, 2)
	for _, id := range []string{"", " ", "\t"} {
		err := letters.Arrived(w.ctx, admin, ls[0].ID, id, "")
		require.ErrorIs(t, err, erpsync.ErrWork)
		require.Equal(t, "erp_id", fault.IssuesOf(err)[0].Path)
	}
	require.ErrorIs(t, letters.Arrived(w.ctx, admin, ls[1].ID, "1", ""), erpsync.ErrWork, "it was refused, not lost")
	require.ErrorIs(t, letters.NeverArrived(w.ctx, admin, ls[1].ID), erpsync.ErrWork)
	require.Equal(t, ls, w.letters())
	require.Empty(t, w.get(refused).ERP.ID)
	require.NoError(t, letters.Arrived(w.ctx, admin, ls[0].ID, " 1 ", ""))
	w.settle()
	w.agree(lost)
}

// Another web shop's orders in the same ERP look like ours: what comes of them
// waits until the stream of orders has shown that they are not, and is left then.
// What comes of ours before its order is known waits on, and is applied.
func TestWhatWaitsForSomebodyElsesOrderIsLeft(t *testing.T) {
	for _, scheduled := range []bool{false, true} {
		w := newWorld(t, setup{})
		s := w.schedule("one", nil)
		pulls := func() {
			t.Helper()
			if !scheduled {
				w.pulls()
				return
			}
			_, err := s.Step(w.ctx)
			require.NoError(t, err)
		}
		pulls()
		theirs := erp.Order{Key: strings.Repeat("a", 32), Revision: 1, Reference: "IT-1", Customer: "IT10004711", Date: "2026-11-22", Currency: "EUR",
			Lines: []erp.OrderLine{{Key: strings.Repeat("b", 32), SKU: oven, Unit: "C62", Quantity: dec("1"), UnitPrice: dec("640"), Net: dec("640"), TaxCategory: "S", TaxRate: dec("20")}},
			Net:   dec("640"), Tax: dec("128"), Gross: dec("768")}
		got, err := w.books.Adapter().(erp.OrderPusher).PushOrder(w.ctx, theirs)
		require.NoError(t, err)
		require.True(t, w.books.Confirm(got.ID))
		_, ok := w.books.Pick(got.ID)
		require.True(t, ok)
		for _, draft := range w.books.Drafts(got.ID) {
			w.books.Post(draft)
		}
		w.pass(2 * time.Minute)
		pulls()
		require.Len(t, w.parked(), 2, "its delivery and its invoice")
		w.pass(3 * time.Minute)
		pulls()
		require.Len(t, w.parked(), 2, "an interval later it may still be ours")
		w.pass(2 * time.Minute)
		pulls()
		w.pass(2 * time.Minute)
		pulls()
		require.Empty(t, w.parked())
		require.Empty(t, w.docs())
		id := w.confirmed(1, 2)
		_, ok = w.books.Pick(w.get(id).ERP.ID)
		require.True(t, ok)
		w.sync()
		require.Equal(t, 1, len(w.books.Drafts(w.get(id).ERP.ID)))
	}
}
