package erpsync_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

// schedule makes a process of its own over the world's store and client.
func (w *world) schedule(name string, change func(*erpsync.ScheduleOptions)) *erpsync.Schedule {
	o := erpsync.ScheduleOptions{Now: w.clock, Random: func() float64 { return 0.5 }, Holder: name, Relay: w.up.relay, Pull: w.up.pull}
	if change != nil {
		change(&o)
	}
	return erpsync.NewSchedule(tenant, w.store, w.allBooks(w.store), w.client, &o)
}

func stream(t *testing.T, s *erpsync.Schedule, name erp.Stream) erpsync.StreamHealth {
	t.Helper()
	h, err := s.Health(t.Context())
	require.NoError(t, err)
	for _, at := range h.Streams {
		if at.Stream == name {
			return at
		}
	}
	require.Fail(t, "no such stream", name)
	return erpsync.StreamHealth{}
}

// tally counts what a schedule tells its meter.
type tally struct {
	mu sync.Mutex
	n  map[string]int
	v  map[erpsync.Metric]float64
}

func newTally() *tally { return &tally{n: map[string]int{}, v: map[erpsync.Metric]float64{}} }

func (m *tally) Count(what erpsync.Metric, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n[what.Name] += n
}

func (m *tally) Gauge(what erpsync.Metric, v float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.v[what] = v
}

func TestAStreamIsReadAtItsInterval(t *testing.T) {
	m := newTally()
	w := newWorld(t, setup{})
	s := w.schedule("one", func(o *erpsync.ScheduleOptions) {
		o.Every = map[erp.Stream]time.Duration{erp.Stocks: 10 * time.Minute}
		o.Meter = m
	})
	id := w.place()
	step := func() {
		t.Helper()
		_, err := s.Step(w.ctx)
		require.NoError(t, err)
	}
	step()
	w.agree(id)
	read := stream(t, s, erp.Orders)
	require.Equal(t, w.clock(), read.Success)
	require.Equal(t, w.clock().Add(2*time.Minute), read.Next)
	require.Empty(t, read.Holder)
	require.Equal(t, w.clock().Add(10*time.Minute), stream(t, s, erp.Stocks).Next)

	began := w.clock()
	w.pass(time.Minute)
	step()
	require.Equal(t, began, stream(t, s, erp.Orders).Success, "not before its time")
	require.Equal(t, time.Minute, stream(t, s, erp.Orders).Lag)
	w.pass(time.Minute)
	step()
	require.Equal(t, w.clock(), stream(t, s, erp.Orders).Success)
	require.Equal(t, began, stream(t, s, erp.Stocks).Success)

	h, err := s.Health(w.ctx)
	require.NoError(t, err)
	require.True(t, h.OK(5*time.Minute))
	require.False(t, h.OK(time.Minute), "stock lags")
	require.Equal(t, "memerp", h.ERP)
	require.Equal(t, erpsync.Outgoing, h.Streams[0].Stream)
	require.Equal(t, 120.0, m.v[erpsync.Metric{Name: erpsync.MetricLag, Tenant: tenant, Stream: erp.Stocks}])
	require.Positive(t, m.n[erpsync.MetricChanges])
	require.Equal(t, 1, m.n[erpsync.MetricHandled])
	require.Zero(t, m.n[erpsync.MetricFailures]+m.n[erpsync.MetricFenced])
}

// Intervals differ, so that neither tenants nor streams march in step.
func TestIntervalsHaveJitter(t *testing.T) {
	w := newWorld(t, setup{})
	n := 0.0
	s := w.schedule("one", func(o *erpsync.ScheduleOptions) {
		o.Random = func() float64 { n += 0.125; return min(n, 0.999) }
		o.Jitter = 0.25
	})
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	h, err := s.Health(w.ctx)
	require.NoError(t, err)
	seen := map[time.Time]bool{}
	for _, at := range h.Streams[1:] {
		require.WithinRange(t, at.Next, w.clock().Add(90*time.Second), w.clock().Add(150*time.Second))
		seen[at.Next] = true
	}
	require.Greater(t, len(seen), 6)
}

// broken is an ERP whose orders cannot be read, while broken is set.
type brokenPull struct {
	erp.Adapter
	erp.OrderPuller
	fail error
	got  int
}

func (b *brokenPull) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	b.got++
	if b.fail != nil {
		return erp.Page[erp.OrderChange]{}, b.fail
	}
	return b.OrderPuller.PullOrders(ctx, after, limit)
}

// A stream that fails is asked less and less often, shows its cause, and is in
// step again at once when it answers; the state outlives the process.
func TestAFailingStreamIsAskedLessOften(t *testing.T) {
	b := &brokenPull{fail: erp.NewError(erp.Contract, erp.OpPullOrders, "no such column", nil)}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter {
		b.Adapter, b.OrderPuller = in, in.(erp.OrderPuller)
		return b
	}})
	var gaps []time.Duration
	for range 6 {
		s := w.schedule("one", nil) // a new process each time
		_, err := s.Step(w.ctx)
		require.ErrorIs(t, err, erp.ErrContract)
		at := stream(t, s, erp.Orders)
		gaps = append(gaps, at.Next.Sub(w.clock()))
		require.Equal(t, len(gaps), at.Failures)
		require.Contains(t, at.Cause, "no such column")
		w.pass(at.Next.Sub(w.clock()) - time.Second)
		_, err = s.Step(w.ctx)
		require.NoError(t, err, "not before its time")
		w.pass(time.Second)
	}
	m := time.Minute
	require.Equal(t, []time.Duration{2 * m, 4 * m, 8 * m, 15 * m, 15 * m, 15 * m}, gaps)
	b.fail = nil
	s := w.schedule("one", nil)
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	at := stream(t, s, erp.Orders)
	require.Zero(t, at.Failures)
	require.Empty(t, at.Cause)
	require.Zero(t, at.Lag)
	require.Equal(t, 7, b.got)
}

// A stream whose pages do not end is left for the others' turn, and gone on with
// at once.
func TestALongStreamLeavesTheOthersTheirTurn(t *testing.T) {
	w := newWorld(t, setup{pull: erpsync.PullOptions{Limit: 1, Pages: 2}})
	for range 5 {
		w.books.SetStock(oven, decimal.NewFromInt(3), "")
		w.books.SetStock(gasket, decimal.NewFromInt(3), "")
		w.books.SaveProduct(erp.Product{SKU: "X-" + w.newID(), Active: true})
	}
	s := w.schedule("one", nil)
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	at := stream(t, s, erp.Products)
	require.Equal(t, w.clock(), at.Next, "due at once")
	require.Zero(t, at.Success, "and not in step yet")
	for range 3 {
		_, err = s.Step(w.ctx)
		require.NoError(t, err)
	}
	require.Equal(t, w.clock(), stream(t, s, erp.Products).Success)
}

// Two processes share a store: a stream has one reader at a time, and when one
// process is gone the other goes on after the lease.
func TestOneReaderAtATime(t *testing.T) {
	w := newWorld(t, setup{})
	gone := errors.New("killed")
	var dead context.Context
	die := func() {}
	w.up.pull.Observe = nil
	ctx, cancel := context.WithCancelCause(w.ctx)
	dead, die = ctx, func() { cancel(gone) }
	_ = dead
	first := w.schedule("first", nil)
	second := w.schedule("second", nil)
	_, err := first.Step(w.ctx)
	require.NoError(t, err)
	n, err := second.Step(w.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "nothing is due")

	// The first is cut short in the middle of its turn: it gives the lease back.
	w.pass(2 * time.Minute)
	die()
	_, err = first.Step(ctx)
	require.Error(t, err)
	n, err = second.Step(w.ctx)
	require.NoError(t, err)
	require.Equal(t, w.clock(), stream(t, second, erp.Orders).Success)
	require.Zero(t, n)
}

// A runner that was stopped for longer than its lease, in the middle of any page,
// writes nothing any more once another has taken over: nothing is doubled, nothing
// is lost, and it shows in neither the failures nor the cursors.
func TestAPausedHolderIsFenced(t *testing.T) {
	for name, at := range map[string]erp.Op{"orders": erp.OpPullOrders, "deliveries": erp.OpPullDeliveries, "stock": erp.OpPullStock} {
		t.Run(name, func(t *testing.T) {
			m := newTally()
			p := &pausing{op: at}
			w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter {
				p.able, p.pulls = in.(able), in.(pulls)
				return p
			}})
			id := w.place()
			w.validate(id)
			w.settle()
			_, ok := w.books.Pick(w.get(id).ERP.ID)
			require.True(t, ok)
			w.books.SetStock(oven, decimal.NewFromInt(3), "")
			second := w.schedule("second", nil)
			p.meanwhile = func() {
				w.pass(3 * time.Minute) // beyond the lease
				_, err := second.Step(w.ctx)
				require.NoError(t, err)
				// And what the second has read changes once more.
				w.books.SetStock(oven, decimal.NewFromInt(7), "")
				w.pass(3 * time.Minute)
				_, err = second.Step(w.ctx)
				require.NoError(t, err)
			}
			first := w.schedule("first", func(o *erpsync.ScheduleOptions) { o.Meter = m })
			_, err := first.Step(w.ctx)
			require.ErrorIs(t, err, erpsync.ErrFenced)
			require.True(t, p.paused)
			require.Equal(t, 1, m.n[erpsync.MetricFenced])
			require.Zero(t, m.n[erpsync.MetricFailures])
			h, err := second.Health(w.ctx)
			require.NoError(t, err)
			require.True(t, h.OK(time.Hour), h)
			o := w.get(id)
			require.Equal(t, order.Confirmed, o.State)
			ds := deliveriesOf(t, w, id)
			require.Len(t, ds, 1)
			require.Len(t, w.twins(id), 1)
			require.NoError(t, w.store.View(w.ctx, func(ctx context.Context, tx store.Tx) error {
				a, err := tx.Products().Availability(ctx, "p-"+oven)
				require.Equal(t, "7", a.OnHand.Decimal().String())
				return err
			}))
		})
	}
}
