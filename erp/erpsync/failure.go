package erpsync

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// failed decides what a failure means: wait, look again, or a person.
func (r *Relay) failed(d event.Delivery, t task, err error) result {
	res := result{task: t, err: err}
	switch r.class(err) {
	case patient:
		n := r.waits.count(d.ID)
		res.again, res.free = r.backoff(n), true
		var e *erp.Error
		if errors.As(err, &e) { // as long as the ERP asks, or as calls are held back
			res.again = max(res.again, min(e.RetryAfter, r.o.MaxBackoff))
		}
		// Refused credentials stop everything until somebody mends them, and
		// an outcome that stays unknown is no mere outage.
		class := erp.ClassOf(err)
		res.tell = class == erp.Auth || class == erp.OutcomeUnknown && n >= r.o.MaxAttempts
	case impatient:
		if d.Attempt < r.o.MaxAttempts {
			res.again = r.backoff(d.Attempt)
		}
	}
	return res
}

// temper is how a failure is waited for.
type temper uint8

const (
	final     temper = iota // for a person
	patient                 // for as long as it takes
	impatient               // a bounded number of times
)

func (r *Relay) class(err error) temper {
	var e *erp.Error
	if !errors.As(err, &e) {
		switch {
		case errors.Is(err, erp.ErrInvalidDocument):
			return final
		case errors.Is(err, uow.ErrVersion), fault.KindOf(err) == fault.Unavailable:
			return patient
		}
		return impatient
	}
	switch e.Class {
	case erp.NotSent, erp.Retryable, erp.Auth:
		return patient
	case erp.OutcomeUnknown:
		switch {
		case e.Park:
			return final
		case errors.Is(err, erp.ErrContract): // it answers, and cannot be understood
			return impatient
		}
		return patient
	case erp.Rejected, erp.NeedsConfirmation, erp.Unsupported, erp.Contract:
		return final
	}
	return impatient
}

// backoff doubles from Backoff to MaxBackoff, with half of it jitter.
func (r *Relay) backoff(attempt int) time.Duration {
	d := r.o.Backoff
	for i := 1; i < attempt && d < r.o.MaxBackoff; i++ {
		d *= 2
	}
	d = min(d, r.o.MaxBackoff)
	return max(d/2+time.Duration(r.o.Random()*float64(d/2)), time.Millisecond)
}

// waits remembers per event how often a relay has waited without a failure of
// the event's own, which the queue does not count, and whether the event took
// long. What a restart forgets costs shorter delays, no more.
type waits struct {
	mu sync.Mutex
	of map[string]waited
}

type waited struct {
	times int
	slow  bool
}

// waitsMax bounds the memory of waits; beyond it all is forgotten.
const waitsMax = 20_000

func (w *waits) change(id string, how func(*waited)) waited {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil || len(w.of) >= waitsMax {
		w.of = map[string]waited{}
	}
	is := w.of[id]
	how(&is)
	w.of[id] = is
	return is
}

// count notes one more wait and answers how many that makes.
func (w *waits) count(id string) int {
	return w.change(id, func(is *waited) { is.times++ }).times
}

// slow marks an event until it is done with: that its next call is refused at
// once, by a breaker say, does not make it quick.
func (w *waits) slow(id string) {
	w.change(id, func(is *waited) { is.slow = true })
}

func (w *waits) forget(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.of, id)
}

// line puts what took long before behind all else; within a batch no
// two deliveries are of one subject.
func (w *waits) line(ds []event.Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortStableFunc(ds, func(a, b event.Delivery) int {
		x, y := w.of[a.ID].slow, w.of[b.ID].slow
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	})
}
