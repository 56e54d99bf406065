package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// An earlier attempt left a document that nobody here knows of, and the order
// has changed since: it is found and brought up to date.
func TestForgottenDocumentIsRevised(t *testing.T) {
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.IdempotentKeys} {
		w := newWorld(t, setup{books: memerp.Options{Keys: keys}})
		w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
		id := w.place()
		w.step()
		require.Empty(t, w.get(id).ERP.ID)
		w.revise(id, 5)
		w.settle()
		w.agree(id)
		require.Empty(t, w.letters())
		require.Equal(t, 1, w.books.Calls(erp.OpRevise))
	}
}

// ... or confirmed by the ERP's people meanwhile, and then a person hears of it.
func TestForgottenDocumentThatIsFrozen(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	id := w.place()
	w.step()
	w.books.Confirm(w.twin(id).ID)
	w.revise(id, 5)
	w.settle()
	require.Len(t, w.letters(), 1)
	require.Contains(t, w.get(id).ERP.Problem, "erpsync.frozen")
}

// Delays double from Backoff up to MaxBackoff, half of each is jitter.
func TestBackoff(t *testing.T) {
	w := newWorld(t, setup{client: erp.Options{Attempts: 1}, relay: erpsync.Options{Backoff: 4 * time.Second, MaxBackoff: 20 * time.Second}})
	w.books.Fail(erp.OpFind, 6, memerp.Busy)
	w.place()
	var delays []time.Duration
	last := w.clock()
	for range 300 {
		if w.step() > 0 {
			delays = append(delays, w.clock().Sub(last))
			last = w.clock()
		}
		w.pass(500 * time.Millisecond)
	}
	require.Equal(t, []time.Duration{0, 3 * time.Second, 6 * time.Second, 12 * time.Second, 15 * time.Second, 15 * time.Second, 15 * time.Second}, delays)
}

// touchy refuses every push, and something happens while it does.
type touchy struct {
	able
	meanwhile func()
}

func (a *touchy) PushOrder(context.Context, erp.Order) (erp.Receipt, error) {
	if do := a.meanwhile; do != nil {
		a.meanwhile = nil
		do()
	}
	return erp.Receipt{}, erp.Reject(erp.OpPush, "not like this")
}

// A refusal of content that is no longer the order's is no problem of the order.
func TestRefusalOfAnOldRevisionIsNoProblem(t *testing.T) {
	a := &touchy{}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.able = in.(able); return a }})
	id := w.place()
	a.meanwhile = func() { w.revise(id, 2) }
	w.step()
	require.Len(t, w.letters(), 1)
	require.Empty(t, w.get(id).ERP.Problem)
	w.step()
	require.Len(t, w.letters(), 2)
	require.Contains(t, w.get(id).ERP.Problem, "not like this")
}

// A relay that is told to stop leaves its delivery to the next one, without a
// verdict.
func TestStoppedRelayGivesNoVerdict(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpFind, 1, memerp.Slow(time.Second))
	id := w.place()
	ctx, cancel := context.WithCancel(w.ctx)
	w.atERP = func(ctx context.Context) error { cancel(); return ctx.Err() }
	_, err := w.relay.Step(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, w.drain())
	require.EqualValues(t, 1, w.depth().Waiting)
	require.Zero(t, w.step(), "it is still leased")
	w.pass(2 * time.Minute)
	w.settle()
	w.agree(id)
	_, err = w.relay.Step(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// An ERP that loses documents is not filled again blindly.
func TestDocumentThatVanished(t *testing.T) {
	a := &amnesic{}
	w := newWorld(t, setup{relay: erpsync.Options{MaxAttempts: 3}, wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.able = in.(able); return a }})
	id := w.place()
	w.settle()
	a.forgot = true
	w.validate(id)
	w.settle()
	require.Equal(t, order.Validated, w.get(id).State)
	require.Contains(t, w.get(id).ERP.Problem, "not_found")
	require.Equal(t, 3, w.letters()[0].Attempts)
	require.Equal(t, 1, w.books.Calls(erp.OpPush))
}

// amnesic finds nothing once it forgot.
type amnesic struct {
	able
	forgot bool
}

func (a *amnesic) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if a.forgot {
		return erp.Receipt{}, erp.NoSuch(erp.OpFind)
	}
	return a.able.FindOrder(ctx, key)
}
