package erpsync_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/order"
)

// outage is an ERP that can be switched off, and that notes what reached it.
type outage struct {
	able
	mu    sync.Mutex
	down  bool
	calls []time.Time
	wrote []erp.Order
}

var errDown = errors.New("connection refused")

func (a *outage) set(down bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.down = down
}

func (a *outage) arrive(op erp.Op, o *erp.Order) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, time.Now())
	if a.down {
		return erp.Unsent(op, errDown)
	}
	if o != nil {
		a.wrote = append(a.wrote, o.Clone())
	}
	return nil
}

func (a *outage) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	if err := a.arrive(erp.OpPush, &o); err != nil {
		return erp.Receipt{}, err
	}
	return a.able.PushOrder(ctx, o)
}

func (a *outage) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	if err := a.arrive(erp.OpFind, nil); err != nil {
		return erp.Receipt{}, err
	}
	return a.able.FindOrder(ctx, key)
}

func (a *outage) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	if err := a.arrive(erp.OpRevise, &o); err != nil {
		return erp.Receipt{}, err
	}
	return a.able.ReviseOrder(ctx, id, o)
}

func (a *outage) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	if err := a.arrive(erp.OpCancel, nil); err != nil {
		return erp.Receipt{}, err
	}
	return a.able.CancelOrder(ctx, id, reason)
}

// The ERP is away for three days while people go on ordering: nothing is
// given up, it is asked at a bounded rate, and when it is back everything
// drains within the hour, in the order of each order's events.
func TestERPDownForThreeDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders, client, maxBackoff = 8, 4, 20 * time.Minute
		a := &outage{}
		w := newWorld(t, setup{real: true, client: erp.Options{Now: time.Now, Attempts: client, Sleep: wait},
			relay: erpsync.Options{Idle: time.Minute, MaxBackoff: maxBackoff},
			wrap:  func(_ *world, in erp.Adapter) erp.Adapter { a.able = in.(able); return a }})
		ctx, cancel := context.WithCancel(w.ctx)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- w.relay.Run(ctx) }()

		early := w.place()
		time.Sleep(time.Hour)
		w.agree(early)
		a.set(true)
		down := time.Now()
		ids := []order.ID{early}
		for range orders - 1 {
			ids = append(ids, w.place())
			time.Sleep(time.Hour)
		}
		for _, id := range ids {
			w.revise(id, 3)
			time.Sleep(time.Hour)
		}
		for _, id := range ids[:4] {
			w.validate(id)
		}
		w.fire(buyer, ids[7], order.Cancel)
		time.Sleep(72*time.Hour - time.Since(down))

		require.Zero(t, w.depth().Dead, "an ERP that is away is waited for")
		synctest.Wait()
		// What was overtaken is done with; each order's last word waits, those
		// of the validated ones behind their draft.
		require.EqualValues(t, orders+4, w.depth().Waiting)
		lastDay := 0
		for _, at := range a.calls {
			if time.Since(at) <= 24*time.Hour {
				lastDay++
			}
		}
		// One order is tried no more often than every half of MaxBackoff, each
		// time at most as often as the client repeats.
		require.LessOrEqual(t, lastDay, orders*client*int(24*time.Hour/(maxBackoff/2)))
		require.Greater(t, lastDay, 24, "and it is asked, all the same")
		w.drain()
		a.set(false)
		time.Sleep(time.Hour)
		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)

		require.Zero(t, w.depth())
		for i, id := range ids {
			if i == 7 {
				require.Empty(t, w.twins(id))
				continue
			}
			w.agree(id)
			require.Equal(t, i < 4, w.get(id).State == order.Confirmed)
		}
		last := map[string]int{}
		for _, o := range a.wrote {
			require.Greater(t, o.Revision, last[o.Key], "no older content after newer, none twice")
			last[o.Key] = o.Revision
		}
		require.Len(t, w.books.Orders(), orders-1)
	})
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Run goes on when its store fails, and ends with its context.
func TestRunOutlivesTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &points{after: never}
		p.dead.Store(true)
		w := newWorld(t, setup{real: true, reach: p})
		id := w.place()
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- w.relay.Run(ctx) }()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Empty(t, w.books.Orders())
		p.dead.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		w.agree(id)
		require.ErrorIs(t, <-ended, context.DeadlineExceeded)
	})
}

// A slow ERP is left before the lease ends; nothing is done twice.
func TestSlowERPIsLeftWithinTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, setup{real: true, client: erp.Options{Sleep: wait, CallTimeout: -1}, relay: erpsync.Options{Lease: 20 * time.Second},
			wrap: func(_ *world, in erp.Adapter) erp.Adapter { return &sleepy{able: in.(able), first: time.Hour} }})
		id := w.place()
		began := time.Now()
		w.step()
		require.Equal(t, 10*time.Second, time.Since(began))
		time.Sleep(time.Minute)
		w.step()
		w.agree(id)
	})
}

// sleepy takes long over its first push, and has done the work by then.
type sleepy struct {
	able
	first time.Duration
}

func (s *sleepy) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	d := s.first
	s.first = 0
	r, err := s.able.PushOrder(ctx, o)
	if wait(ctx, d) != nil {
		return erp.Receipt{}, erp.Lost(erp.OpPush, ctx.Err())
	}
	return r, err
}
