package erpsync

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// Health is how a tenant stands with its ERP, for a portal to show. All but the
// breaker is read from the store, so that any process may ask.
type Health struct {
	At time.Time `json:"at"`
	// ERP is the adapter's name.
	ERP string `json:"erp"`
	// Breaker is that of this process's client.
	Breaker erp.Breaker `json:"breaker"`
	// Streams begin with Outgoing and end with Resync, where the ERP has a list of
	// what it holds, and Parked; the others stand between in the order in which
	// they are read.
	Streams []StreamHealth `json:"streams"`
}

// StreamHealth is how one stream fares.
type StreamHealth struct {
	Stream erp.Stream `json:"stream"`
	// Success is as of when a stream of the ERP was last read to its end, and
	// when the ERP last took something of Outgoing; of Resync it is as of when what
	// it has deleted was last found, of Parked when what is parked was last gone
	// through. Zero: never.
	Success time.Time `json:"success,omitzero"`
	// Tried is when it was last tried, Next when it will be again.
	Tried time.Time `json:"tried,omitzero"`
	Next  time.Time `json:"next,omitzero"`
	// Lag is how old what we know is: the time since Success, 0 while there is
	// none. Of Resync it is the time since Next, of Outgoing
	// the age of the oldest delivery that waits, which may be one that is only
	// watched, such as an order that the ERP has yet to confirm.
	Lag time.Duration `json:"lag"`
	// Failures counts those in a row; Cause is the last one's.
	Failures int    `json:"failures,omitempty"`
	Cause    string `json:"cause,omitempty"`
	// Holder is the process that reads it now, "" for none.
	Holder string `json:"holder,omitempty"`
	// Waiting counts deliveries that wait, or parked changes of the stream, of
	// which at most WaitingMax in all are counted; Oldest is since when the
	// first one does.
	Waiting int64     `json:"waiting"`
	Oldest  time.Time `json:"oldest,omitzero"`
	// Drops is when the first of the parked changes is forgotten, or goes to a
	// person: see PullOptions.ParkedFor.
	Drops time.Time `json:"drops,omitzero"`
	// Dead counts the dead letters of Outgoing, and parked changes that wait for
	// a person: see Letters and Parking.
	Dead int64 `json:"dead,omitempty"`
}

// WaitingMax bounds how many parked changes Health counts.
const WaitingMax = 10_000

// OK reports whether every stream has been read to its end, and nothing fails,
// waits for a person, or lags by more than so much.
func (h Health) OK(lag time.Duration) bool {
	for _, s := range h.Streams {
		if s.Success.IsZero() && s.Stream != Outgoing || s.Failures > 0 || s.Dead > 0 || s.Lag > lag {
			return false
		}
	}
	return h.Breaker.State == erp.BreakerClosed
}

// Health tells how the tenant stands with its ERP now. It calls the store, not
// the ERP. Errors: those of the store. Who may see it is the caller's to decide:
// causes are the ERP's words.
func (s *Schedule) Health(ctx context.Context) (Health, error) {
	h := Health{At: s.o.Now(), ERP: s.client.Describe().Name, Breaker: s.client.Breaker()}
	depth, err := s.store.Queue().Depth(ctx, event.ERP)
	if err != nil {
		return h, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
		h.Streams = nil
		_, out, err := readLease(ctx, tx, Outgoing)
		if err != nil {
			return err
		}
		first := out.health(Outgoing, h.At)
		first.Waiting, first.Dead, first.Oldest, first.Lag = depth.Waiting, depth.Dead, depth.Oldest, 0
		if depth.Waiting > 0 {
			first.Lag = max(h.At.Sub(depth.Oldest), 0)
		}
		h.Streams = append(h.Streams, first)
		for _, l := range s.lanes {
			_, is, err := readLease(ctx, tx, l.name)
			if err != nil {
				return err
			}
			h.Streams = append(h.Streams, is.health(l.name, h.At))
		}
		return h.parked(ctx, tx, s.o.Pull.ParkedFor)
	})
	return h, err
}

func (l lease) health(name erp.Stream, now time.Time) StreamHealth {
	h := StreamHealth{Stream: name, Success: l.Read, Tried: l.Tried, Next: l.Next, Failures: l.Failures, Cause: l.Cause, Holder: l.Holder}
	switch {
	case l.Read.IsZero():
	case name == Resync:
		h.Lag = max(now.Sub(l.Next), 0)
	default:
		h.Lag = max(now.Sub(l.Read), 0)
	}
	return h
}

// parked counts what is parked, by stream.
func (h *Health) parked(ctx context.Context, tx store.Tx, keep time.Duration) error {
	at := map[string]*StreamHealth{}
	for i := range h.Streams {
		at[string(h.Streams[i].Stream)] = &h.Streams[i]
	}
	for after, n := "", 0; ; {
		some, next, err := tx.Inbox().Parked(ctx, after, 500)
		if err != nil {
			return err
		}
		for _, k := range some {
			s := at[k.Stream]
			if s == nil {
				continue
			}
			if k.Awaits == forPerson {
				s.Dead++
			} else {
				if s.Waiting++; s.Waiting == 1 && keep > 0 {
					s.Drops = k.Since.Add(keep)
				}
			}
			if s.Oldest.IsZero() { // they come oldest first
				s.Oldest = k.Since
			}
		}
		if n += len(some); next == "" || n >= WaitingMax {
			return nil
		}
		after = next
	}
}

// Meter takes figures, for a monitoring system. Its methods are called by
// several goroutines and must not block.
type Meter interface {
	// Count adds to a counter.
	Count(m Metric, n int)
	// Gauge sets a value.
	Gauge(m Metric, value float64)
}

// Metric names a figure.
type Metric struct {
	Name   string
	Tenant access.Tenant
	// Stream is Outgoing or a stream of the ERP; "" for the whole.
	Stream erp.Stream
}

// The metrics. Gauges are told by one process, every PullOptions.Every.
const (
	// MetricChanges counts rows that came from the ERP.
	MetricChanges = "erp_changes"
	// MetricHandled counts deliveries handled, however they ended.
	MetricHandled = "erp_handled"
	// MetricFailures counts deliveries and turns that failed.
	MetricFailures = "erp_failures"
	// MetricFenced counts turns that were abandoned because the lease was lost.
	MetricFenced = "erp_fenced"
	// MetricLag is a gauge, in seconds: StreamHealth.Lag.
	MetricLag = "erp_lag_seconds"
	// MetricWaiting and MetricDead are gauges of what waits, for its turn and
	// for a person.
	MetricWaiting = "erp_waiting"
	MetricDead    = "erp_dead"
	// MetricBreaker is a gauge, 1 while calls are held back, else 0.
	MetricBreaker = "erp_breaker_open"
)

type noMeter struct{}

func (noMeter) Count(Metric, int)     {}
func (noMeter) Gauge(Metric, float64) {}

// gauge tells the meter how the tenant stands.
func (s *Schedule) gauge(ctx context.Context) {
	h, err := s.Health(ctx)
	if err != nil {
		return
	}
	tell := func(name string, of erp.Stream, v float64) { s.o.Meter.Gauge(Metric{name, s.tenant, of}, v) }
	for _, at := range h.Streams {
		tell(MetricLag, at.Stream, at.Lag.Seconds())
		tell(MetricWaiting, at.Stream, float64(at.Waiting))
		tell(MetricDead, at.Stream, float64(at.Dead))
	}
	open := 0.0
	if h.Breaker.State == erp.BreakerOpen || h.Breaker.State == erp.BreakerStopped {
		open = 1
	}
	tell(MetricBreaker, "", open)
}
