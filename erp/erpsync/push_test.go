package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

func TestDraftIsPushedWhenTheOrderIsPlaced(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.place()
	w.settle()
	d := w.twin(id)
	require.Equal(t, erp.StateDraft, d.State)
	require.Equal(t, 1, d.Order.Revision)
	o := w.get(id)
	require.Equal(t, order.Awaiting, o.State)
	require.Equal(t, order.ERPLink{ID: d.ID, State: "draft", Sent: 1, Revision: 1, At: w.clock()}, o.ERP)

	w.revise(id, 3)
	w.settle()
	w.agree(id)
	require.Equal(t, 2, w.get(id).ERP.Revision)
	require.Equal(t, 1, w.books.Calls(erp.OpPush))
	require.Equal(t, 1, w.books.Calls(erp.OpRevise))

	w.validate(id)
	w.settle()
	w.agree(id)
	o = w.get(id)
	require.Equal(t, order.Confirmed, o.State)
	require.Equal(t, "S00001", o.ERP.Number)
	require.Equal(t, erp.StateConfirmed, w.twin(id).State)
	require.Zero(t, w.depth())
}

func TestDraftWaitsForValidationWithoutAReviser(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{Without: []erp.Op{erp.OpRevise}}})
	id := w.place()
	w.revise(id, 3)
	w.settle()
	require.Empty(t, w.books.Orders(), "a draft that could not be revised would be wrong tomorrow")
	w.validate(id)
	w.settle()
	w.agree(id)
	require.Equal(t, order.Confirmed, w.get(id).State)
}

func TestRevisionOvertakenInTheQueueIsNotSent(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.place()
	w.revise(id, 2)
	w.revise(id, 5)
	w.settle()
	w.agree(id)
	require.Equal(t, 1, w.books.Calls(erp.OpPush), "the last content alone was sent")
	require.Zero(t, w.books.Calls(erp.OpRevise))
	var notes []string
	for _, h := range w.drain() {
		require.Equal(t, erpsync.Done, h.Verdict)
		require.Equal(t, id, h.Order)
		notes = append(notes, h.Note)
	}
	require.Equal(t, []string{"revision 1 was overtaken by 3", "revision 2 was overtaken by 3", "the ERP holds the order: draft"}, notes)
}

func TestRecalledOrderIsLeftAloneUntilItIsSubmitted(t *testing.T) {
	w := newWorld(t, setup{})
	id := w.place()
	w.settle()
	w.fire(buyer, id, order.Recall)
	w.revise(id, 4)
	w.settle()
	require.Equal(t, 1, w.twin(id).Order.Revision)
	w.fire(buyer, id, order.Submit)
	w.settle()
	w.agree(id)
}

func TestConfirmationComesFromAWorker(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{ConfirmAfterReads: 3}})
	id := w.place()
	w.validate(id)
	for range 2 {
		w.step()
	}
	require.Equal(t, order.Validated, w.get(id).State)
	require.NotZero(t, w.depth().Waiting, "the relay keeps watching")
	w.settle()
	require.Equal(t, order.Confirmed, w.get(id).State)
	w.agree(id)
}

func TestConfirmingIsLeftToTheERPsPeople(t *testing.T) {
	for name, up := range map[string]setup{
		"by option":       {relay: erpsync.Options{HoldConfirm: true}},
		"without advance": {books: memerp.Options{Without: []erp.Op{erp.OpAdvance}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, up)
			id := w.place()
			w.validate(id)
			for range 5 {
				w.step()
				w.pass(time.Minute)
			}
			require.Equal(t, order.Validated, w.get(id).State)
			require.Equal(t, erp.StateDraft, w.twin(id).State)
			require.True(t, w.books.Confirm(w.twin(id).ID))
			w.settle()
			require.Equal(t, order.Confirmed, w.get(id).State)
			require.Equal(t, "S00001", w.get(id).ERP.Number)
		})
	}
}

// The company's people take their time: they are watched without end, ever less
// often, and not one look counts as an attempt.
func TestConfirmationIsWatchedForWithoutEnd(t *testing.T) {
	w := newWorld(t, setup{relay: erpsync.Options{HoldConfirm: true, Poll: time.Minute, MaxPoll: 30 * time.Minute, MaxAttempts: 2}})
	id := w.place()
	w.step()
	w.validate(id)
	from, looks := w.clock(), w.books.Calls(erp.OpFind)
	for w.clock().Sub(from) < 72*time.Hour {
		w.step()
		w.pass(time.Minute)
	}
	looks = w.books.Calls(erp.OpFind) - looks
	require.Greater(t, looks, 2*71, "at least every MaxPoll")
	require.Less(t, looks, 2*72+40, "and hardly more often")
	for _, h := range w.drain() {
		require.Equal(t, 1, h.Attempt)
	}
	require.True(t, w.books.Confirm(w.twin(id).ID))
	w.pass(30 * time.Minute)
	w.step()
	require.Equal(t, order.Confirmed, w.get(id).State)
	require.Zero(t, w.depth())
}

// lateNumber hides the human number for so many answers.
type lateNumber struct {
	able
	after int
}

func (a *lateNumber) hide(r erp.Receipt, err error) (erp.Receipt, error) {
	if a.after--; a.after >= 0 {
		r.Number = ""
	}
	return r, err
}

func (a *lateNumber) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return a.hide(a.able.FindOrder(ctx, key))
}

func (a *lateNumber) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return a.hide(a.able.AdvanceOrder(ctx, id, to))
}

func TestNumberComesLaterThanTheConfirmation(t *testing.T) {
	w := newWorld(t, setup{wrap: func(_ *world, a erp.Adapter) erp.Adapter { return &lateNumber{able: a.(able), after: 4} }})
	id := w.place()
	w.validate(id)
	w.step()
	w.step()
	o := w.get(id)
	require.Equal(t, order.Confirmed, o.State)
	require.Empty(t, o.ERP.Number)
	w.settle()
	require.Equal(t, "S00001", w.get(id).ERP.Number)
}

func TestNumberComesBeforeTheConfirmation(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{NumberAfterReads: 2}})
	id := w.place()
	w.settle()
	require.Empty(t, w.get(id).ERP.Number)
	w.revise(id, 2)
	w.settle()
	require.Equal(t, "S00001", w.get(id).ERP.Number)
	require.Equal(t, order.Awaiting, w.get(id).State)
}

func TestDriftIsToldAndNeverCorrected(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpPush, 1, memerp.Drift(decimal.New(125, -2)))
	id := w.place()
	gross := w.get(id).Quote.Gross
	w.settle()
	o := w.get(id)
	require.Equal(t, gross, o.Quote.Gross)
	require.Equal(t, "1.50 EUR", o.ERP.Drift.String(), "1.25 net with its tax")
	var told int
	for range 100 {
		ds, err := w.store.Queue().Claim(w.ctx, event.Claim{Topic: event.Facts, Limit: 10, Lease: time.Minute})
		require.NoError(t, err)
		for _, d := range ds {
			if d.Type == "order.drifted" {
				told++
			}
			require.NoError(t, w.store.Queue().Done(w.ctx, d))
		}
	}
	require.Equal(t, 1, told)
	w.revise(id, 2)
	w.settle()
	require.True(t, w.get(id).ERP.Drift.IsZero(), "another revision, another total")
}

func TestOrderCancelledInTheERPIsCancelledHere(t *testing.T) {
	for _, early := range []bool{true, false} {
		w := newWorld(t, setup{relay: erpsync.Options{HoldConfirm: true}})
		id := w.place()
		w.settle()
		if early {
			require.True(t, w.books.Cancel(w.twin(id).ID, "out of stock"))
		}
		w.validate(id)
		w.step()
		if !early {
			require.Equal(t, order.Validated, w.get(id).State)
			require.True(t, w.books.Cancel(w.twin(id).ID, "out of stock"))
		}
		w.settle()
		require.Equal(t, order.Cancelled, w.get(id).State)
		require.Zero(t, w.depth().Dead)
		w.twin(id)
	}
}

// An ERP whose people went ahead of the agreement holds content that can no
// longer be revised: a person hears of it.
func TestConfirmedAheadOfARevision(t *testing.T) {
	for _, loud := range []bool{false, true} {
		w := newWorld(t, setup{books: memerp.Options{LoudWrongState: loud}})
		id := w.place()
		w.settle()
		require.True(t, w.books.Confirm(w.twin(id).ID))
		w.revise(id, 9)
		w.settle()
		require.EqualValues(t, 1, w.depth().Dead)
		require.NotEmpty(t, w.get(id).ERP.Problem)
		require.Equal(t, 1, w.twin(id).Order.Revision)
	}
}
