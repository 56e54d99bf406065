package erpsync_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// hanging lets look-ups of some keys take half a lease and fail.
type hanging struct {
	able
	w    *world
	keys map[string]bool
}

func (h *hanging) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if h.keys[key] {
		h.w.pass(30 * time.Second)
		return erp.Receipt{}, erp.Lost(erp.OpFind, errors.New("timed out"))
	}
	return h.able.FindOrder(ctx, key)
}

// Old orders on which the ERP hangs do not starve a younger one, and it has
// lost no attempt by waiting behind them.
func TestHangingOrdersDoNotStarveOthers(t *testing.T) {
	for name, breaker := range map[string]bool{"without a breaker": false, "with a breaker": true} {
		t.Run(name, func(t *testing.T) {
			h := &hanging{keys: map[string]bool{}}
			up := setup{client: erp.Options{Attempts: 1}, wrap: func(w *world, a erp.Adapter) erp.Adapter { h.able, h.w = a.(able), w; return h }}
			if breaker {
				up.client.Now = func() time.Time { return h.w.clock() }
			}
			w := newWorld(t, up)
			for range 6 {
				h.keys[erpsync.Key(tenant, w.place())] = true
				w.pass(time.Second)
			}
			good, from := w.place(), w.clock()
			for w.get(good).ERP.ID == "" {
				require.Less(t, w.clock().Sub(from), 10*time.Minute)
				if w.step() == 0 {
					w.pass(time.Second)
				}
			}
			for _, h := range w.drain() {
				require.Equal(t, 1, h.Attempt)
			}
		})
	}
}

// A relay that is told to stop gives back at once what it has not begun.
func TestStoppedRelayGivesTheRestBack(t *testing.T) {
	w := newWorld(t, setup{})
	w.books.Fail(erp.OpFind, 1, memerp.Slow(time.Second))
	ids := []order.ID{w.place(), w.place(), w.place()}
	ctx, cancel := context.WithCancel(w.ctx)
	w.atERP = func(ctx context.Context) error { cancel(); return ctx.Err() }
	_, err := w.relay.Step(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []erpsync.Verdict{erpsync.Released, erpsync.Released}, verdictsOf(w.drain()))
	require.Equal(t, 2, w.step(), "the first one is still leased")
	for _, id := range ids[1:] {
		w.agree(id)
	}
	for _, h := range w.drain() {
		require.Equal(t, 1, h.Attempt)
	}
}

// quarrelsome answers look-ups with a conflict for so many times.
type quarrelsome struct {
	able
	times int
}

func (q *quarrelsome) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if q.times--; q.times >= 0 {
		return erp.Receipt{}, erp.NewError(erp.Conflict, erp.OpFind, "being edited by somebody", nil)
	}
	return q.able.FindOrder(ctx, key)
}

// Neither looking at the order for hours nor an outage uses up its attempts:
// one failure after that is the first.
func TestOnlyFailuresCountAsAttempts(t *testing.T) {
	q := &quarrelsome{}
	w := newWorld(t, setup{relay: erpsync.Options{HoldConfirm: true}, wrap: func(_ *world, a erp.Adapter) erp.Adapter { q.able = a.(able); return q }})
	id := w.place()
	w.step()
	w.validate(id)
	for range 12 {
		w.step()
		w.pass(10 * time.Second)
	}
	w.books.Fail(erp.OpFind, 4*70, memerp.NotSent)
	for turn := 0; w.books.Calls(erp.OpFind) < 4*70; turn++ {
		require.Less(t, turn, 2000)
		if w.step() == 0 {
			w.pass(time.Minute)
		}
	}
	w.pass(time.Hour)
	w.drain()
	q.times = 1
	w.step()
	hs := w.drain()
	require.Len(t, hs, 1)
	require.Equal(t, erpsync.Retry, hs[0].Verdict)
	require.Equal(t, 1, hs[0].Attempt)
	require.True(t, w.books.Confirm(w.twin(id).ID))
	w.settle()
	require.Equal(t, order.Confirmed, w.get(id).State)
	require.Empty(t, w.letters())
}

// Two relays hold one delivery, and both have read the order before either
// has begun: one of them pushes.
func TestTwoHoldersOfOneDeliveryPushOnce(t *testing.T) {
	for way, up := range map[string]setup{"blind": blind, usual: {}} {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, up)
			id := w.place()
			run := &pausing{w.store, func() {
				w.pass(2 * time.Minute)
				w.step()
			}}
			first := erpsync.NewRelay(tenant, w.store.Queue(), erpsync.Books{Orders: w.service(run)}, w.client, &erpsync.Options{Now: w.clock})
			_, err := first.Step(w.ctx)
			require.NoError(t, err)
			w.settle()
			require.Equal(t, 1, w.books.Calls(erp.OpPush))
			w.agree(id)
			require.Empty(t, w.letters())
		})
	}
}

// Refused credentials stop every order, and each of them says so until they
// are mended.
func TestRefusedCredentialsShowOnTheOrders(t *testing.T) {
	w := newWorld(t, setup{})
	away, ids := w.place(), []order.ID{w.place(), w.place()}
	w.books.Fail(erp.OpFind, 1, memerp.BadLogin)
	w.step()
	for _, id := range append(ids, away) {
		require.Contains(t, w.get(id).ERP.Problem, "login failed")
	}
	first := w.get(ids[0]).ERP.Problem
	w.fire(buyer, away, order.Cancel)
	w.pass(time.Hour)
	w.step()
	require.Equal(t, first, w.get(ids[0]).ERP.Problem, "told once")
	require.Empty(t, w.letters())
	w.client.Reset()
	w.settle()
	require.Empty(t, w.get(away).ERP.Problem)
	for _, id := range ids {
		w.agree(id)
		require.Empty(t, w.get(id).ERP.Problem)
	}
}

// An outcome that stays unknown is told after a while, though it is waited for.
func TestLastingUnknownOutcomeShowsOnTheOrder(t *testing.T) {
	w := newWorld(t, setup{books: memerp.Options{Keys: memerp.IdempotentKeys}, relay: erpsync.Options{MaxAttempts: 3}})
	id := w.place()
	w.books.Fail(erp.OpPush, 4, memerp.RequestLost)
	for n, told := range []bool{false, false, true, true} {
		w.step()
		require.Equal(t, told, w.get(id).ERP.Problem != "", "after %d", n+1)
		w.pass(time.Hour)
	}
	w.settle()
	w.agree(id)
	require.Empty(t, w.get(id).ERP.Problem)
}
