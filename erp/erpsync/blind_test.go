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
	"github.com/comptoir-go/comptoir/store"
)

// blind is an ERP with neither keys nor look-up.
var blind = setup{books: memerp.Options{Keys: memerp.NoKeys}}

func TestBlindERPWithoutTrouble(t *testing.T) {
	w := newWorld(t, blind)
	id := w.place()
	w.settle()
	w.revise(id, 4)
	w.settle()
	w.validate(id)
	w.settle()
	w.agree(id)
	require.Equal(t, order.Confirmed, w.get(id).State)
	other := w.place()
	w.settle()
	w.remove(other)
	w.settle()
	require.Equal(t, erp.StateCancelled, w.twin(other).State)
}

// A lost answer of an ERP that cannot be asked is for a person, whether the
// order arrived or not; it is never sent again, however often it is retried.
func TestBlindERPLostAnswerIsParked(t *testing.T) {
	for fault, f := range map[string]memerp.Fault{"before the work": memerp.RequestLost, "after the work": memerp.AnswerLost} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t, blind)
			w.books.Fail(erp.OpPush, 1, f)
			id := w.place()
			w.settle()
			require.Equal(t, 1, w.books.Calls(erp.OpPush))
			require.Len(t, w.letters(), 1)
			require.Contains(t, w.letters()[0].Cause, "outcome_unknown")
			o := w.get(id)
			require.Contains(t, o.ERP.Problem, "outcome_unknown")
			require.Equal(t, 1, o.ERP.Sent)
			require.Zero(t, o.ERP.Revision)

			letters := erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil)
			require.NoError(t, letters.Retry(w.ctx, admin, w.letters()[0].ID))
			w.validate(id)
			w.settle()
			require.Len(t, w.letters(), 2)
			require.Equal(t, 1, w.books.Calls(erp.OpPush), "never a second push")
			require.Equal(t, order.Validated, w.get(id).State)
		})
	}
}

// A call that is known to have done nothing is simply made again.
func TestBlindERPNotSentIsRepeated(t *testing.T) {
	for fault, f := range map[string]memerp.Fault{"not sent": memerp.NotSent, "busy": memerp.Busy} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t, blind)
			w.books.Fail(erp.OpPush, 9, f)
			id := w.place()
			w.step()
			require.Zero(t, w.get(id).ERP.Sent, "taken back")
			w.settle()
			w.agree(id)
			require.Empty(t, w.letters())
		})
	}
}

// A refusal leaves nothing under way either: the order goes through once it
// is put right.
func TestBlindERPRefusal(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.Refuse("no such customer"))
	id := w.place()
	w.settle()
	require.Contains(t, w.get(id).ERP.Problem, "no such customer")
	w.revise(id, 2)
	w.settle()
	w.agree(id)
	require.Empty(t, w.get(id).ERP.Problem)
}

// A relay that dies at any point leaves at most one document, and if it is
// not known here, a dead letter and a word on the order.
func TestBlindERPCrashAtEveryPoint(t *testing.T) {
	for at := 0; ; at++ {
		w := newCrashing(t, blind, at)
		id := w.place()
		w.work()
		if !w.died {
			break
		}
		require.LessOrEqual(t, len(w.twins(id)), 1, "dead after point %d", at)
		if w.get(id).ERP.ID == "" {
			require.Len(t, w.letters(), 1)
			require.NotEmpty(t, w.get(id).ERP.Problem)
		} else {
			require.Empty(t, w.letters())
			w.agree(id)
		}
	}
}

func TestBlindERPStalledRelay(t *testing.T) {
	w, slept := stalled(t, blind, 1, func(*world) {})
	id := w.place()
	w.settle()
	require.True(t, slept())
	require.Len(t, w.twins(id), 1)
	require.Len(t, w.letters(), 1, "the second relay could not know")
	w.agree(id)
	require.Empty(t, w.get(id).ERP.Problem, "the first one could")
}

// What may stand in an ERP that cannot be asked has to be looked for.
func TestBlindERPWithdrawal(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	lost := w.place()
	w.settle()
	w.remove(lost)
	never := w.place()
	w.fire(buyer, never, order.Cancel)
	w.settle()
	require.Empty(t, w.twins(never))
	ls := w.letters()
	require.Len(t, ls, 2, "the lost push and its withdrawal")
	require.Contains(t, ls[1].Cause, "look for it in the ERP")
}

// The order is cancelled between the relay's look at it and its push.
func TestBlindERPWithdrawnInFlight(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.Slow(time.Second))
	id := w.place()
	w.atERP = func(context.Context) error { w.fire(buyer, id, order.Cancel); return nil }
	w.settle()
	require.Equal(t, erp.StateCancelled, w.twin(id).State)
	require.Equal(t, "cancelled", w.get(id).ERP.State)
}

// pausing lets something happen just before the relay's first write.
type pausing struct {
	store.Tenanted
	meanwhile func()
}

func (p *pausing) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if do := p.meanwhile; do != nil {
		p.meanwhile = nil
		do()
	}
	return p.Tenanted.Update(ctx, fn)
}

// ... or before the relay notes that it is about to push: then it does not.
func TestBlindERPWithdrawnBeforeThePush(t *testing.T) {
	w := newWorld(t, blind)
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	id := w.place()
	run := &pausing{w.store, func() { w.fire(buyer, id, order.Cancel) }}
	w.relay = erpsync.NewRelay(tenant, w.store.Queue(), erpsync.Books{Orders: w.service(run)}, w.client, &erpsync.Options{Now: w.clock})
	w.settle()
	require.Empty(t, w.letters())
	require.Zero(t, w.books.Calls(erp.OpPush))
	require.Zero(t, w.get(id).ERP)
}

// garbled does the push and answers what nobody can read.
type garbled struct {
	blindAble
	answers []func(erp.Receipt) (erp.Receipt, error)
}

func (g *garbled) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	r, err := g.blindAble.PushOrder(ctx, o)
	if err != nil || len(g.answers) == 0 {
		return r, err
	}
	answer := g.answers[0]
	g.answers = g.answers[1:]
	return answer(r)
}

var unreadable = map[string]func(erp.Receipt) (erp.Receipt, error){
	"no id": func(r erp.Receipt) (erp.Receipt, error) { r.ID = ""; return r, nil },
	"a page": func(erp.Receipt) (erp.Receipt, error) {
		return erp.Receipt{}, erp.NewError(erp.Contract, erp.OpPush, "<html>", nil)
	},
}

// An answer that cannot be read may follow work that was done: it is looked
// for by a person, and never done again.
func TestBlindERPUnreadableAnswer(t *testing.T) {
	for name, answer := range unreadable {
		t.Run(name, func(t *testing.T) {
			g := &garbled{answers: []func(erp.Receipt) (erp.Receipt, error){answer, answer}}
			up := blind
			up.wrap = func(_ *world, a erp.Adapter) erp.Adapter { g.blindAble = a.(blindAble); return g }
			w := newWorld(t, up)
			id := w.place()
			w.settle()
			require.Len(t, w.letters(), 1)
			require.Equal(t, 1, w.get(id).ERP.Sent)
			w.retryAll()
			require.Len(t, w.twins(id), 1)
			require.Len(t, w.letters(), 1)
			require.NoError(t, erpsync.NewLetters(w.store.Queue(), erpsync.Books{Orders: w.orders}, nil).Arrived(w.ctx, admin, w.letters()[0].ID, w.twin(id).ID, ""))
			w.settle()
			w.agree(id)

			gone := w.place()
			w.settle()
			w.fire(buyer, gone, order.Cancel)
			w.settle()
			require.Len(t, w.letters(), 2, "the push and the withdrawal")
			require.Contains(t, w.get(gone).ERP.Problem, "look for it in the ERP")
		})
	}
}

// An ERP that always answers so is for a person in the end, also where a
// repetition does no harm.
func TestUnreadableAnswersAreNotWaitedForWithoutEnd(t *testing.T) {
	g := &garbled{}
	for range 50 {
		g.answers = append(g.answers, unreadable["no id"])
	}
	w := newWorld(t, setup{books: memerp.Options{Keys: memerp.IdempotentKeys}, relay: erpsync.Options{MaxAttempts: 3},
		wrap: func(_ *world, a erp.Adapter) erp.Adapter { g.blindAble = a.(blindAble); return blindly{g} }})
	id := w.place()
	w.settle()
	require.Len(t, w.letters(), 1)
	require.Equal(t, 3, w.letters()[0].Attempts)
	require.Contains(t, w.get(id).ERP.Problem, "no id")
	w.twin(id)
}

// blindly hides what else an adapter can do.
type blindly struct{ blindAble }
