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

// late is an ERP behind a gateway that gives up while the ERP still works: the
// first push is answered with a time-out and done when commit is called.
type late struct {
	able
	done bool
	todo func()
}

func (l *late) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if l.done {
		return l.able.PushOrder(ctx, o)
	}
	l.done = true
	l.todo = func() { _, _ = l.able.PushOrder(context.Background(), o) }
	return erp.Receipt{}, erp.Lost(erp.OpPush, errors.New("504 Gateway Timeout"))
}

func (l *late) commit() { l.todo() }

// The order is withdrawn while its push is still being worked there, and the
// look-up finds nothing yet: the document that comes of it does not stand.
func TestWithdrawalAwaitsALatePush(t *testing.T) {
	for name, away := range map[string]func(*world, order.ID){
		"cancelled": func(w *world, id order.ID) { w.fire(buyer, id, order.Cancel) },
		"deleted":   func(w *world, id order.ID) { w.remove(id) },
	} {
		t.Run(name, func(t *testing.T) {
			l := &late{}
			w := newWorld(t, setup{wrap: func(_ *world, a erp.Adapter) erp.Adapter { l.able = a.(able); return l }})
			id := w.place()
			w.step()
			require.Equal(t, 1, w.get(id).ERP.Sent, "whoever comes next knows of it")
			away(w, id)
			for range 4 {
				w.pass(10 * time.Second)
				w.step()
			}
			require.EqualValues(t, 1, w.depth().Waiting)
			l.commit()
			w.settle()
			require.Equal(t, erp.StateCancelled, w.twin(id).State)
			require.Zero(t, w.depth())
		})
	}
}

func TestNotFoundIsBelievedAfterTheGrace(t *testing.T) {
	for call, want := range map[time.Duration]time.Duration{0: 3 * time.Minute, 10 * time.Minute: 10 * time.Minute} {
		w := newWorld(t, setup{client: erp.Options{CallTimeout: call}, relay: erpsync.Options{Grace: 3 * time.Minute}})
		w.books.Fail(erp.OpPush, 2, memerp.RequestLost)
		gone, stays := w.place(), w.place()
		from := w.clock()
		w.step()
		w.fire(buyer, gone, order.Cancel)
		for w.clock().Sub(from) < want {
			w.step()
			require.GreaterOrEqual(t, w.depth().Waiting, int64(2), "%s after the push", w.clock().Sub(from))
			require.Equal(t, 2, w.books.Calls(erp.OpPush), "no second push")
			w.pass(time.Second)
		}
		w.settle()
		require.Less(t, w.clock().Sub(from), want+2*time.Minute)
		require.Empty(t, w.twins(gone))
		w.agree(stays)
		for _, h := range w.drain() {
			require.Equal(t, 1, h.Attempt, "looking again is no attempt")
		}
	}
}

// sloppy is an ERP that finds documents by our key and lets two of them have
// the same one.
type sloppy struct {
	blindAble
	books *memerp.ERP
}

type blindAble interface {
	erp.Adapter
	erp.OrderPusher
	erp.OrderReviser
	erp.OrderCanceller
	erp.OrderAdvancer
}

func (s sloppy) Describe() erp.Description {
	d := s.blindAble.Describe()
	d.Keys = erp.LookupByKey
	return d
}

func (s sloppy) Ping(context.Context) error { return nil }

func (s sloppy) FindOrder(_ context.Context, key string) (erp.Receipt, error) {
	for _, d := range s.books.Orders() {
		if d.Order.Key == key {
			return erp.Receipt{ID: d.ID, Key: key, Number: d.Number, State: d.State, Revision: d.Order.Revision}, nil
		}
	}
	return erp.Receipt{}, erp.NoSuch(erp.OpFind)
}

// The push is repeated only when the first one can no longer arrive.
func TestSecondPushAwaitsALateOne(t *testing.T) {
	l := &late{}
	up := setup{books: memerp.Options{Keys: memerp.NoKeys}}
	up.wrap = func(w *world, a erp.Adapter) erp.Adapter { l.able = sloppy{a.(blindAble), w.books}; return l }
	w := newWorld(t, up)
	id := w.place()
	for range 30 {
		w.step()
		w.pass(3 * time.Second)
	}
	require.Empty(t, w.twins(id))
	l.commit()
	w.settle()
	w.agree(id)

	second := w.place()
	l.done = false
	w.settle()
	require.Len(t, w.twins(second), 1, "what never arrives is made in the end")
}

// unrevised is an ERP that keeps no revision of ours.
type unrevised struct{ able }

func without(r erp.Receipt, err error) (erp.Receipt, error) { r.Revision = 0; return r, err }

func (u unrevised) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return without(u.able.PushOrder(ctx, o))
}

func (u unrevised) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return without(u.able.FindOrder(ctx, key))
}

func (u unrevised) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return without(u.able.ReviseOrder(ctx, id, o))
}

func (u unrevised) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return without(u.able.AdvanceOrder(ctx, id, to))
}

func unrevising(_ *world, a erp.Adapter) erp.Adapter { return unrevised{a.(able)} }

// The first content's answer is lost, and the ERP's people confirm it: that is
// no confirmation of the second content.
func TestConfirmedOldContentIsNotTakenForTheNew(t *testing.T) {
	w := newWorld(t, setup{wrap: unrevising})
	w.books.Fail(erp.OpPush, 1, memerp.AnswerLost)
	id := w.place()
	w.step()
	require.True(t, w.books.Confirm(w.twin(id).ID))
	w.revise(id, 5)
	w.validate(id)
	w.settle()
	o := w.get(id)
	require.Equal(t, order.Validated, o.State)
	require.Zero(t, o.ERP.Revision)
	require.Contains(t, o.ERP.Problem, "erpsync.frozen")
}

// ... while a confirmed twin of the content that was sent is taken as such,
// found after a lost answer or looked at again.
func TestConfirmedContentOfAnERPWithoutRevisions(t *testing.T) {
	for name, f := range map[string]memerp.Fault{"no trouble": memerp.Slow(0), "answer lost": memerp.AnswerLost} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{wrap: unrevising})
			id := w.place()
			w.revise(id, 5)
			w.books.Fail(erp.OpPush, 1, f)
			w.validate(id)
			w.step()
			w.step()
			require.True(t, w.books.Confirm(w.twin(id).ID))
			w.settle()
			require.Equal(t, order.Confirmed, w.get(id).State)
			require.Empty(t, w.letters())
			w.agree(id)
		})
	}
}
