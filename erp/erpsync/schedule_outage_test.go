package erpsync_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// gate is a whole ERP that can be switched off, and that notes what reached it.
type gate struct {
	whole
	outage
}

func (g *gate) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	return g.outage.PushOrder(ctx, o)
}
func (g *gate) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return g.outage.FindOrder(ctx, key)
}
func (g *gate) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return g.outage.ReviseOrder(ctx, id, o)
}
func (g *gate) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return g.outage.CancelOrder(ctx, id, reason)
}

func (g *gate) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	if err := g.arrive(erp.OpAdvance, nil); err != nil {
		return erp.Receipt{}, err
	}
	return g.whole.AdvanceOrder(ctx, id, to)
}

func (g *gate) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	if err := g.arrive(erp.OpPullOrders, nil); err != nil {
		return erp.Page[erp.OrderChange]{}, err
	}
	return g.whole.PullOrders(ctx, after, limit)
}

func (g *gate) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	if err := g.arrive(erp.OpPullStock, nil); err != nil {
		return erp.Page[erp.Stock]{}, err
	}
	return g.whole.PullStock(ctx, after, limit)
}

// hands counts the deliveries that workers have in their hands.
type hands struct {
	store.Tenanted
	mu         sync.Mutex
	held, most int
	claims     int
}

type handQueue struct {
	event.Queue
	h *hands
}

func (h *hands) Queue() event.Queue { return handQueue{h.Tenanted.Queue(), h} }

func (h *hands) change(by int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held += by
	h.most = max(h.most, h.held)
}

func (q handQueue) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	ds, err := q.Queue.Claim(ctx, c)
	q.h.change(len(ds))
	q.h.mu.Lock()
	q.h.claims++
	q.h.mu.Unlock()
	return ds, err
}

func (q handQueue) Done(ctx context.Context, d event.Delivery) error {
	q.h.change(-1)
	return q.Queue.Done(ctx, d)
}

func (q handQueue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	q.h.change(-1)
	return q.Queue.Retry(ctx, d, at, cause)
}

func (q handQueue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	q.h.change(-1)
	return q.Queue.Release(ctx, d, at, cause)
}

// The ERP is away for three days while people go on ordering, with two processes
// at work. What waits is in the store, of which either process holds one batch at
// most; the ERP is hardly asked; and when it is back all is carried out within
// two hours, never faster than the client's rate, each order's events in their
// order, none twice.
func TestThreeDaysWithoutTheERP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders, batch, perSecond = 120, 8, 0.5
		g := &gate{}
		w := newWorld(t, setup{real: true,
			client: erp.Options{Now: time.Now, Sleep: wait, Random: func() float64 { return 0.5 }, Rate: perSecond},
			relay:  erpsync.Options{Batch: batch, Idle: 30 * time.Second},
			pull:   erpsync.PullOptions{Streams: []erp.Stream{erp.Orders, erp.Stocks}},
			wrap: func(_ *world, in erp.Adapter) erp.Adapter {
				g.whole, g.able = in.(whole), in.(able)
				return g
			}})
		ctx, cancel := context.WithCancel(w.ctx)
		defer cancel()
		h := &hands{Tenanted: w.store}
		var processes []*erpsync.Schedule
		var running sync.WaitGroup
		for _, name := range []string{"one", "two"} {
			s := erpsync.NewSchedule(tenant, h, w.allBooks(w.store), w.client,
				&erpsync.ScheduleOptions{Now: w.clock, Holder: name, Relay: w.up.relay, Pull: w.up.pull})
			processes = append(processes, s)
			running.Go(func() { _ = s.Run(ctx) })
		}
		early := w.place()
		time.Sleep(10 * time.Minute)
		w.agree(early)
		before, err := processes[0].Health(ctx)
		require.NoError(t, err)
		require.True(t, before.OK(3*time.Minute), before)

		g.set(true)
		down := time.Now()
		ids := []order.ID{early}
		for n := range orders {
			id := w.place()
			ids = append(ids, id)
			if n%2 == 0 {
				w.revise(id, 3)
			}
			if n%3 == 0 {
				w.validate(id)
			}
			if n == 60 {
				w.books.SetStock(oven, decimal.NewFromInt(10_000), "")
			}
			time.Sleep(30 * time.Minute)
		}
		time.Sleep(72*time.Hour - time.Since(down))
		synctest.Wait()

		during, err := processes[1].Health(ctx)
		require.NoError(t, err)
		require.False(t, during.OK(time.Hour))
		out := during.Streams[0]
		require.GreaterOrEqual(t, out.Waiting, int64(orders))
		require.Zero(t, out.Dead, "an ERP that is away is waited for")
		require.Greater(t, out.Lag, 71*time.Hour)
		require.Greater(t, during.Streams[1].Lag, 71*time.Hour)
		require.NotEmpty(t, out.Cause)
		require.Positive(t, during.Streams[1].Failures)
		asked := 0
		for _, at := range g.calls {
			if time.Since(at) < 24*time.Hour {
				asked++
			}
		}
		require.Less(t, asked, 24*60*2+1, "at most a probe every 30 s, however many wait")
		require.Greater(t, asked, 24, "and it is asked, all the same")
		t.Logf("%d deliveries wait; of the ERP %d calls were tried on the last day; in the hands of two processes were at most %d deliveries", out.Waiting, asked, h.most)

		g.set(false)
		back := time.Now()
		for w.depth().Waiting > 0 {
			require.Less(t, time.Since(back), 2*time.Hour, "it does not drain")
			time.Sleep(time.Minute)
		}
		t.Logf("drained in %s", time.Since(back))
		time.Sleep(30 * time.Minute)
		after, err := processes[0].Health(ctx)
		require.NoError(t, err)
		cancel()
		running.Wait()

		require.True(t, after.OK(3*time.Minute), after)
		require.LessOrEqual(t, h.most, 2*batch)
		minutes := map[int]int{}
		for _, at := range g.calls {
			if at.After(back) {
				minutes[int(at.Sub(back)/time.Minute)]++
			}
		}
		for m, n := range minutes {
			require.LessOrEqual(t, n, int(perSecond*60)+1, "a storm in minute %d", m)
		}
		for n, id := range ids {
			w.agree(id)
			require.Equal(t, n > 0 && (n-1)%3 == 0, w.get(id).State == order.Confirmed)
		}
		last := map[string]int{}
		for _, o := range g.wrote {
			require.Greater(t, o.Revision, last[o.Key], "no older content after newer, none twice")
			last[o.Key] = o.Revision
		}
		require.Len(t, w.books.Orders(), len(ids))
		require.Equal(t, "9920", w.onHand(oven), "less what was confirmed: 20 orders of three, 20 of one")
	})
}
