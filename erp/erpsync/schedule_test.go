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
	"github.com/comptoir-go/comptoir/order"
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
		every := 2 * time.Minute
		if at.Stream == erpsync.Resync {
			every = 24 * time.Hour
		}
		require.WithinRange(t, at.Next, w.clock().Add(every*3/4), w.clock().Add(every*5/4))
		seen[at.Next] = true
	}
	require.Greater(t, len(seen), 6)
}

// brokenPull is an ERP whose orders cannot be read as long as fail is set.
type brokenPull struct {
	whole
	fail error
	got  int
}

func (b *brokenPull) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	b.got++
	if b.fail != nil {
		return erp.Page[erp.OrderChange]{}, b.fail
	}
	return b.whole.PullOrders(ctx, after, limit)
}

// A stream that fails is asked less and less often, shows its cause, and is in
// step again at once when it answers; the state outlives the process.
func TestAFailingStreamIsAskedLessOften(t *testing.T) {
	b := &brokenPull{fail: erp.NewError(erp.Contract, erp.OpPullOrders, "no such column", nil)}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { b.whole = in.(whole); return b }})
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

// Two processes share a store: what one has read is not due for the other, and a
// turn that is cut short is gone on with at once.
func TestTheLeaseIsGivenBack(t *testing.T) {
	p := &paused{}
	w := newWorld(t, p.setup())
	first, second := w.schedule("first", nil), w.schedule("second", nil)
	_, err := first.Step(w.ctx)
	require.NoError(t, err)
	n, err := second.Step(w.ctx)
	require.NoError(t, err)
	require.Zero(t, n)

	w.pass(2 * time.Minute)
	ctx, cancel := context.WithCancel(w.ctx)
	p.next(erp.OpPullDeliveries, cancel)
	_, err = first.Step(ctx)
	require.ErrorIs(t, err, context.Canceled)
	at := stream(t, second, erp.Deliveries)
	require.Empty(t, at.Holder)
	require.Zero(t, at.Failures, "who is told to stop has not failed")
	_, err = second.Step(w.ctx)
	require.NoError(t, err)
	require.Equal(t, w.clock(), stream(t, second, erp.Deliveries).Success)
}

// A process that dies keeps its lease until that is over, and no longer.
func TestALeaseEnds(t *testing.T) {
	p := &paused{}
	w := newWorld(t, p.setup())
	first, second := w.schedule("first", nil), w.schedule("second", nil)
	p.next(erp.OpPullDeliveries, func() {
		w.pass(time.Minute)
		_, err := second.Step(w.ctx)
		require.NoError(t, err)
		at := stream(t, second, erp.Deliveries)
		require.Equal(t, "first", at.Holder)
		require.Zero(t, at.Success, "the holder has a minute left")
		w.pass(time.Minute)
		_, err = second.Step(w.ctx)
		require.NoError(t, err)
		require.Equal(t, w.clock(), stream(t, second, erp.Deliveries).Success)
	})
	_, err := first.Step(w.ctx)
	require.ErrorIs(t, err, erpsync.ErrFenced)
}

// A clock that is an hour ahead takes leases that are not over and turns that are
// not due, and one that is right takes back from it what ends too late to be true.
// Who lost a lease so leaves the stream alone for a while, and nothing is written
// twice: the stream is read by both, at their intervals.
func TestAClockThatIsWrongBindsNobody(t *testing.T) {
	p := &paused{}
	w := newWorld(t, p.setup())
	right := w.schedule("right", nil)
	wrong := w.schedule("wrong", func(o *erpsync.ScheduleOptions) { o.Now = func() time.Time { return w.clock().Add(time.Hour) } })
	p.next(erp.OpPullStock, func() {
		_, err := right.Step(w.ctx)
		require.NoError(t, err)
		require.Equal(t, w.clock(), stream(t, right, erp.Stocks).Success, "the lease it gave itself ends too late to be true")
	})
	_, err := wrong.Step(w.ctx)
	require.ErrorIs(t, err, erpsync.ErrFenced)
	w.pass(59 * time.Second)
	_, err = wrong.Step(w.ctx)
	require.NoError(t, err)
	require.Equal(t, w.clock().Add(-59*time.Second), stream(t, right, erp.Stocks).Success, "whom it was taken from leaves it, for half of a lease here")
	w.pass(time.Second)
	_, err = wrong.Step(w.ctx)
	require.NoError(t, err)
	require.Equal(t, w.clock().Add(time.Hour), stream(t, right, erp.Stocks).Success, "and then goes on")
	w.pass(2 * time.Minute)
	_, err = right.Step(w.ctx)
	require.NoError(t, err)
	h, err := right.Health(w.ctx)
	require.NoError(t, err)
	require.True(t, h.OK(time.Minute), h)
}

// paused stops a reader when it has a page in its hands.
type paused struct {
	whole
	op  erp.Op
	now func()
}

func (p *paused) setup() setup {
	return setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { p.whole = in.(whole); return p }}
}

// next has fn called within the next call of an operation.
func (p *paused) next(op erp.Op, fn func()) { p.op, p.now = op, fn }

func (p *paused) pause(op erp.Op) {
	if fn := p.now; fn != nil && op == p.op {
		p.now = nil
		fn()
	}
}

func (p *paused) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	page, err := p.whole.PullOrders(ctx, after, limit)
	p.pause(erp.OpPullOrders)
	return page, err
}

func (p *paused) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	page, err := p.whole.PullDeliveries(ctx, after, limit)
	p.pause(erp.OpPullDeliveries)
	return page, err
}

func (p *paused) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	page, err := p.whole.PullInvoices(ctx, after, limit)
	p.pause(erp.OpPullInvoices)
	return page, err
}

func (p *paused) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	page, err := p.whole.PullStock(ctx, after, limit)
	p.pause(erp.OpPullStock)
	return page, err
}

// A runner that was stopped for longer than its lease, with a page in its hands,
// writes nothing any more once another has taken over: nothing is doubled, nothing
// goes back, and it shows in neither the failures nor the cursors.
func TestAPausedHolderIsFenced(t *testing.T) {
	for name, op := range map[string]erp.Op{"orders": erp.OpPullOrders, "deliveries": erp.OpPullDeliveries, "invoices": erp.OpPullInvoices, "stock": erp.OpPullStock} {
		t.Run(name, func(t *testing.T) {
			m, p := newTally(), &paused{}
			w := newWorld(t, p.setup())
			id := w.confirmed(1, 2)
			_, ok := w.books.Pick(w.get(id).ERP.ID)
			require.True(t, ok)
			w.posts(id)
			w.books.SetStock(oven, decimal.NewFromInt(3), "")
			second := w.schedule("second", nil)
			p.next(op, func() {
				for _, left := range []int64{5, 7} { // what was read changes again
					w.books.SetStock(oven, decimal.NewFromInt(left), "")
					w.pass(3 * time.Minute) // beyond the lease
					_, err := second.Step(w.ctx)
					require.NoError(t, err)
				}
			})
			w.pass(3 * time.Minute)
			first := w.schedule("first", func(o *erpsync.ScheduleOptions) { o.Meter = m })
			_, err := first.Step(w.ctx)
			require.ErrorIs(t, err, erpsync.ErrFenced)
			require.Equal(t, 1, m.n[erpsync.MetricFenced])
			require.Zero(t, m.n[erpsync.MetricFailures])
			h, err := second.Health(w.ctx)
			require.NoError(t, err)
			require.True(t, h.OK(time.Hour), h)
			require.Equal(t, order.Closed, w.get(id).State)
			require.Len(t, w.docs(), 1)
			w.inStep()
			require.Equal(t, "7", w.onHand(oven))
		})
	}
}

// slowPull is an ERP that takes a second to tell of a change.
type slowPull struct {
	whole
	asked []int
}

func (s *slowPull) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	s.asked = append(s.asked, limit)
	if err := wait(ctx, time.Duration(limit)*time.Second); err != nil {
		return erp.Page[erp.Stock]{}, erp.Lost(erp.OpPullStock, err)
	}
	return s.whole.PullStock(ctx, after, limit)
}

// Pages that take longer than a lease are asked for by half, until they do not.
func TestASlowStreamIsReadInSmallerPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &slowPull{}
		w := newWorld(t, setup{real: true, client: erp.Options{CallTimeout: -1, Attempts: 1, Sleep: wait},
			pull: erpsync.PullOptions{Limit: 16, Streams: []erp.Stream{erp.Stocks}},
			wrap: func(_ *world, in erp.Adapter) erp.Adapter { p.whole = in.(whole); return p }})
		w.books.SetStock(oven, decimal.NewFromInt(7), "")
		w.books.SetStock(gasket, decimal.NewFromInt(7), "")
		s := w.schedule("one", func(o *erpsync.ScheduleOptions) { o.Lease = 5 * time.Second })
		for range 2 {
			_, err := s.Step(w.ctx)
			require.Error(t, err)
			time.Sleep(5 * time.Minute)
		}
		_, err := s.Step(w.ctx)
		require.NoError(t, err)
		require.Equal(t, []int{16, 8, 4}, p.asked)
		require.Equal(t, "7", w.onHand(oven))
	})
}
