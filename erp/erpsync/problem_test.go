package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// fickle lets one call fail, after something has happened meanwhile.
type fickle struct {
	whole
	find, push, payment func() error
}

func once(f *func() error) error {
	do := *f
	if *f = nil; do == nil {
		return nil
	}
	return do()
}

func (a *fickle) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if err := once(&a.find); err != nil {
		return erp.Receipt{}, err
	}
	return a.whole.FindOrder(ctx, key)
}

func (a *fickle) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if err := once(&a.push); err != nil {
		return erp.Receipt{}, err
	}
	return a.whole.PushOrder(ctx, o)
}

func (a *fickle) FindPayment(ctx context.Context, key string) (erp.DocReceipt, error) {
	if err := once(&a.payment); err != nil {
		return erp.DocReceipt{}, err
	}
	return a.whole.FindPayment(ctx, key)
}

func newFickle(t *testing.T) (*world, *fickle) {
	a := &fickle{}
	return newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.whole = in.(whole); return a }}), a
}

// The relay could not read how a validated order stands, and the stream of
// orders told it meanwhile: once a person has given the letter back nothing is
// left of the problem.
func TestProblemEndsWithItsLetter(t *testing.T) {
	for _, state := range []order.State{order.Confirmed, order.Closed} {
		t.Run(string(state), func(t *testing.T) {
			w, a := newFickle(t)
			id := w.place()
			w.settle()
			a.find = func() error { return erp.NewError(erp.Contract, erp.OpFind, "invalid character '<'", nil) }
			w.validate(id)
			w.settle()
			require.Contains(t, w.get(id).ERP.Problem, "invalid character")
			w.books.Confirm(w.twin(id).ID)
			if state == order.Closed {
				w.books.Finish(w.twin(id).ID)
			}
			w.pulls()
			require.Equal(t, state, w.get(id).State)
			require.Len(t, w.letters(), 1, "a person is to hear of it")
			w.retryAll()
			require.Empty(t, w.letters())
			require.Empty(t, w.get(id).ERP.Problem)
		})
	}
}

// settling is a queue beside which something happens as soon as a delivery is
// given back or set aside.
type settling struct {
	event.Queue
	then func()
}

func (q *settling) after(err error) error {
	if then := q.then; then != nil && err == nil {
		q.then = nil
		then()
	}
	return err
}

func (q *settling) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.after(q.Queue.Release(ctx, d, at, cause))
}

func (q *settling) Bury(ctx context.Context, d event.Delivery, cause string) error {
	return q.after(q.Queue.Bury(ctx, d, cause))
}

// As soon as a relay has given a delivery back another one may bring it to its
// end: what the first one has to say of its failure is said by then.
func TestComplaintIsNeverLate(t *testing.T) {
	for name, f := range map[string]memerp.Fault{"set aside": memerp.Refuse("not like this"), "waited for": memerp.BadLogin} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{})
			w.books.Fail(erp.OpPush, 1, f)
			id := w.place()
			said := ""
			queue := &settling{Queue: w.store.Queue(), then: func() {
				said = w.get(id).ERP.Problem
				w.pass(time.Minute)
				w.client.Reset()
				w.retryAll()
			}}
			relay := erpsync.NewRelay(tenant, queue, w.allBooks(w.store), w.client, &erpsync.Options{Now: w.clock})
			_, err := relay.Step(w.ctx)
			require.NoError(t, err)
			require.Nil(t, queue.then, "it was given back")
			w.agree(id)
			require.NotEmpty(t, said)
			require.Empty(t, w.get(id).ERP.Problem)
		})
	}
}

// An ERP that keeps a delivery until its time is over leaves the relay some of the
// lease to say so on the order, also where PerDelivery is all of it.
func TestComplaintOfWhatTookAllItsTime(t *testing.T) {
	for _, lease := range []time.Duration{10 * time.Second, 2 * time.Second} {
		a := &slowly{}
		w := newWorld(t, setup{relay: erpsync.Options{Lease: lease, PerDelivery: lease}, wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.whole = in.(whole); return a }})
		a.push = func(ctx context.Context) error {
			until, ok := ctx.Deadline()
			require.True(t, ok)
			w.pass(time.Until(until).Round(100 * time.Millisecond))
			return erp.Reject(erp.OpPush, "not like this")
		}
		id := w.place()
		w.step()
		require.Len(t, w.letters(), 1)
		require.Contains(t, w.get(id).ERP.Problem, "not like this")
	}
}

// slowly has the time of a push told.
type slowly struct {
	whole
	push func(context.Context) error
}

func (a *slowly) PushOrder(ctx context.Context, _ erp.Order) (erp.Receipt, error) {
	return erp.Receipt{}, a.push(ctx)
}

// A relay that is refused when its lease has long passed on says nothing: the
// one that has worked the delivery meanwhile answers for it.
func TestSleeperDoesNotComplain(t *testing.T) {
	w, a := newFickle(t)
	a.push = func() error {
		w.pass(5 * time.Minute)
		_, err := w.newRelay().Step(w.ctx)
		require.NoError(t, err)
		return erp.Reject(erp.OpPush, "not like this")
	}
	id := w.place()
	w.settle()
	require.Equal(t, []erpsync.Verdict{erpsync.Done, erpsync.Lost}, verdictsOf(w.drain()))
	w.agree(id)
	require.Empty(t, w.get(id).ERP.Problem)
}

// The stream of payments tells that one of ours arrived while the relay looks
// for it in vain: there is nothing to complain of.
func TestNoComplaintOfAPaymentThatArrived(t *testing.T) {
	w, a := newFickle(t)
	id := w.confirmed(1, 1)
	_, picked := w.books.Pick(w.twin(id).ID)
	require.True(t, picked)
	w.posts(id)
	w.sync()
	w.books.Fail(erp.OpPushPayment, 1, memerp.AnswerLost)
	p := w.paid(w.docs()[0], dec("10"))
	w.step()
	require.Len(t, w.books.Payments(), 1)
	a.payment = func() error {
		w.pulls()
		return erp.NewError(erp.Contract, erp.OpFindPayment, "invalid character '<'", nil)
	}
	w.pass(time.Minute)
	w.step()
	require.Nil(t, a.payment)
	p, err := w.bills.GetPayment(w.ctx, operator, p.ID)
	require.NoError(t, err)
	require.NotEmpty(t, p.ERP.ID)
	require.Zero(t, p.ERP.SentAt)
	require.Empty(t, p.ERP.Problem)
	require.Len(t, w.letters(), 1)
	w.retryAll()
	require.Empty(t, w.letters())
	w.sameMoney()
}
