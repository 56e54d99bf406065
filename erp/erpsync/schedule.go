package erpsync

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
)

// Outgoing names the relay's work among the streams of a Schedule.
const Outgoing erp.Stream = "outgoing"

// Parked names the turns in which parked changes are tried again among the
// streams of a Schedule.
const Parked erp.Stream = "parked"

// ScheduleOptions tune a Schedule. The zero value is ready to use.
type ScheduleOptions struct {
	// Now is the clock, also of Relay and Pull where they have none. Default:
	// the machine's.
	Now func() time.Time
	// Random gives the jitter, in [0, 1), also of Relay where it has none.
	// Default: math/rand.
	Random func() float64
	// Relay and Pull tune the two directions. Their Idle, Every and Streams keep
	// their meaning: how long the relay sleeps when nothing is due, how often a
	// stream is read, which are.
	Relay Options
	Pull  PullOptions
	// Every is how often a stream is read, where that is not Pull.Every. Default
	// of Resync: 24 hours; negative: what the ERP deletes is not looked for.
	Every map[erp.Stream]time.Duration
	// Jitter is by which part of it an interval may be shorter or longer, at
	// most 0.5. Default: 0.1; negative: none.
	Jitter float64
	// MaxEvery bounds the interval of a stream that fails, which doubles with
	// each failure in a row. Default: 15 minutes, at least the stream's own.
	MaxEvery time.Duration
	// Lease is how long a stream belongs to its runner from a page to the next:
	// what takes longer is given up, and after a crash another process goes on
	// when it is over. Default: 2 minutes; at least twice the client's
	// CallTimeout.
	Lease time.Duration
	// Holder names this process to people who look at Health. Default: random.
	Holder string
	// Meter is told what happens. Default: nobody.
	Meter Meter
}

// Schedule keeps one tenant in step with its ERP: it has the relay carry out
// what is due, and reads each stream of the ERP at its interval.
//
// Any number of processes may run a Schedule over one store. A stream has one
// runner at a time: who holds its lease in the store. Each transaction of the
// runner renews the lease and is refused when the lease has passed on, so that
// one who was stopped for too long, or whose clock is wrong, writes nothing any
// more. Intervals, failures and what was read last are kept beside the lease:
// another process goes on where the last one ended. What goes out needs no such
// lease: each delivery has its own, and any number of processes share them. Give
// all processes the same intervals and the same Lease: one that lasts more than
// twice as long as its own a process takes for that of a clock that is wrong.
//
// It holds at most one page of one stream and one batch of deliveries in memory,
// however much waits in the store, and in a full comparison some 10 MB of the names
// of rows. The comparison goes on by turns, between which the streams have theirs.
// While the client's circuit breaker is open it claims and reads nothing; when the
// breaker lets a probe through, one delivery is claimed for it. What then waits is
// carried out one delivery after the other and at the client's Rate.
type Schedule struct {
	tenant access.Tenant
	store  store.Tenanted
	client *erp.Client
	o      ScheduleOptions
	relay  *Relay
	lanes  []*lane
	// puller has no lease; people work by it.
	puller *Puller

	mu  sync.Mutex
	out lease // how the relay fares, as last kept
	// dirty says that out has news since.
	dirty bool
}

// NewSchedule makes the schedule of one tenant over its store, its services and
// a client of its ERP.
func NewSchedule(t access.Tenant, st store.Tenanted, books Books, c *erp.Client, opts *ScheduleOptions) *Schedule {
	s := &Schedule{tenant: t, store: st, client: c}
	if opts != nil {
		s.o = *opts
	}
	s.o.fill(c)
	s.relay = s.newRelay(books)
	s.puller = s.newPuller(books, nil)
	s.puller.read = func(ctx context.Context, tx store.Tx, of erp.Stream) (time.Time, error) {
		_, is, err := readLease(ctx, tx, of)
		return is.Read, err
	}
	names := s.puller.Streams()
	if len(s.puller.lists()) > 0 && s.o.Every[Resync] >= 0 {
		names = append(names, Resync)
	}
	for _, name := range append(names, Parked) {
		l := &lane{s: s, name: name, every: s.o.Pull.Every}
		if name == Resync {
			l.every = 24 * time.Hour
		}
		if d := s.o.Every[name]; d > 0 {
			l.every = d
		}
		l.puller = s.newPuller(books, l)
		l.limit = l.puller.o.Limit
		l.puller.read = s.puller.read
		s.lanes = append(s.lanes, l)
	}
	return s
}

func (o *ScheduleOptions) fill(c *erp.Client) {
	o.Now = clock.Or(o.Now)
	if o.Random == nil {
		o.Random = mathrand.Float64
	}
	if o.Relay.Now == nil {
		o.Relay.Now = o.Now
	}
	if o.Relay.Random == nil {
		o.Relay.Random = o.Random
	}
	o.Relay.fill()
	if o.Pull.Now == nil {
		o.Pull.Now = o.Now
	}
	orDefault(&o.Pull.Every, 2*time.Minute)
	if o.Pull.ParkedFor == 0 {
		o.Pull.ParkedFor = parkedFor
	}
	if o.Jitter == 0 {
		o.Jitter = 0.1
	}
	o.Jitter = min(max(o.Jitter, 0), 0.5)
	orDefault(&o.MaxEvery, 15*time.Minute)
	orDefault(&o.Lease, 2*time.Minute)
	o.Lease = max(o.Lease, 2*c.CallTimeout())
	if o.Holder == "" {
		o.Holder = rand.Text()[:8]
	}
	if o.Meter == nil {
		o.Meter = noMeter{}
	}
}

func (s *Schedule) newRelay(books Books) *Relay {
	o := s.o.Relay
	tell := o.Observe
	o.Observe = func(h Handled) { s.handled(h); tell(h) }
	return NewRelay(s.tenant, s.store.Queue(), books, s.client, &o)
}

func (s *Schedule) newPuller(books Books, l *lane) *Puller {
	o, st := s.o.Pull, s.store
	if l != nil {
		st = fenced{Tenanted: s.store, lane: l}
		tell := o.Observe
		o.Observe = func(did Pulled) {
			s.count(MetricChanges, l.name, did.Rows)
			if tell != nil {
				tell(did)
			}
		}
	}
	return NewPuller(s.tenant, st, books, s.client, &o)
}

// Parking makes the parked changes of the schedule, which a person settles: they are
// applied as the schedule applies them, with its ScheduleOptions.Pull. A nil policy
// is access.Default(), where admins may.
func (s *Schedule) Parking(policy *access.Policy) *Parking { return NewParking(s.puller, policy) }

// Run works until ctx ends and then answers its error. What fails is told to
// the observers and to Health, and tried again.
func (s *Schedule) Run(ctx context.Context) error {
	var both sync.WaitGroup
	both.Go(func() {
		s.loop(ctx, func() time.Duration {
			n, wait, err := s.carry(ctx)
			if n > 0 && err == nil {
				return 0
			}
			return max(wait, s.o.Relay.Idle)
		})
	})
	both.Go(func() {
		s.loop(ctx, func() time.Duration {
			wait, _, _ := s.read(ctx)
			return wait
		})
	})
	both.Wait()
	return ctx.Err()
}

func (s *Schedule) loop(ctx context.Context, turn func() time.Duration) {
	for ctx.Err() == nil {
		wait := turn()
		if wait <= 0 {
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
		case <-t.C:
		}
	}
}

// Step does once what is due now: the deliveries until none is due, and one turn
// of every stream whose interval is over and that nobody else reads. It answers
// how many deliveries and changes that were; the error joins what failed. It is
// for those who have a cron of their own, and for tests.
func (s *Schedule) Step(ctx context.Context) (int, error) {
	total := 0
	var errs []error
	for {
		n, _, err := s.carry(ctx)
		total += n
		if err != nil {
			errs = append(errs, err)
		}
		if n == 0 || err != nil {
			break
		}
	}
	_, n, err := s.read(ctx)
	return total + n, errors.Join(append(errs, err)...)
}

// carry has the relay make a step, unless calls are held back; then it answers
// for how long.
func (s *Schedule) carry(ctx context.Context) (n int, wait time.Duration, err error) {
	most := s.o.Relay.Batch
	switch at := s.client.Breaker(); at.State {
	case erp.BreakerOpen:
		return 0, at.Wait, nil
	case erp.BreakerHalfOpen:
		most = 1
	}
	n, err = s.relay.step(ctx, most)
	if err != nil {
		s.count(MetricFailures, Outgoing, 1)
	}
	s.keep(ctx)
	return n, 0, err
}

// handled notes how the relay fares.
func (s *Schedule) handled(h Handled) {
	s.count(MetricHandled, Outgoing, 1)
	now := s.o.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	failed := h.Err != nil && h.Verdict != Lost
	switch {
	case failed:
		s.o.Meter.Count(Metric{MetricFailures, s.tenant, Outgoing}, 1)
		s.out.Failures++
		s.out.Cause = brief(h.Err.Error(), causeMax)
	case h.Verdict == Done || h.Verdict == Retry:
		s.out.Read, s.out.Failures, s.out.Cause = now, 0, ""
	default:
		return
	}
	s.out.Tried, s.dirty = now, true
}

// keep stores how the relay fares, for Health in any process: what changed the
// picture at once, the rest from time to time. It is a courtesy.
func (s *Schedule) keep(ctx context.Context) {
	s.mu.Lock()
	now, dirty := s.out, s.dirty
	s.mu.Unlock()
	if !dirty {
		return
	}
	changed := false
	err := s.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		c, was, err := readLease(ctx, tx, Outgoing)
		changed = (was.Failures == 0) != (now.Failures == 0) || now.Tried.Sub(was.Tried) >= s.o.Pull.Every
		if err != nil || !changed {
			return err
		}
		return moveLease(ctx, tx, c, now, s.o.Now())
	})
	if err == nil && changed {
		s.mu.Lock()
		s.dirty = s.out != now
		s.mu.Unlock()
	}
}

// read gives every stream that is due its turn, and answers how long it is
// until the next is.
func (s *Schedule) read(ctx context.Context) (wait time.Duration, rows int, err error) {
	wait = s.o.Pull.Every
	var errs []error
	for _, l := range s.lanes {
		if at := s.client.Breaker(); at.State == erp.BreakerOpen && l.name != Parked {
			wait = min(wait, at.Wait)
			continue
		}
		n, next, err := l.turn(ctx)
		rows += n
		if err != nil {
			errs = append(errs, err)
		}
		wait = min(wait, next)
		if ctx.Err() != nil {
			return 0, rows, ctx.Err()
		}
	}
	return max(wait, time.Millisecond), rows, errors.Join(errs...)
}

func (s *Schedule) count(name string, stream erp.Stream, n int) {
	if n > 0 {
		s.o.Meter.Count(Metric{name, s.tenant, stream}, n)
	}
}
