package erpsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// lane is one stream of a schedule, its full comparison, or its rota of parked
// changes.
type lane struct {
	s      *Schedule
	name   erp.Stream
	every  time.Duration
	puller *Puller
	// limit is how many changes a page holds when nothing is slow.
	limit int
	// token is that of the lease held last.
	token int64
	// under is the comparison that the turns of Resync carry on.
	under *resyncing
	// apart is until when the lane is left to who took its lease from this runner.
	apart time.Time
}

// outcome is what a turn came to.
type outcome struct {
	rows int
	// read is as of when the stream was read to its end; zero when there is more.
	read time.Time
	err  error
}

// turn works the lane when it is due and free, and answers how many changes
// came and when to look again.
func (l *lane) turn(ctx context.Context) (rows int, next time.Duration, err error) {
	if next = l.apart.Sub(l.s.o.Now()); next > 0 && next <= l.s.o.Lease {
		return 0, next, nil
	}
	next, err = l.take(ctx)
	if err != nil {
		l.s.count(MetricFailures, l.name, 1)
		return 0, l.every / 24, fmt.Errorf("%s: %w", l.name, err)
	}
	if next > 0 {
		return 0, next, nil
	}
	var did outcome
	switch l.name {
	case Parked:
		did = l.again(ctx)
	case Resync:
		did = l.compare(ctx)
	default:
		did = l.pull(ctx)
	}
	fail := did.err
	if !errors.Is(fail, ErrFenced) {
		next, err = l.give(ctx, did)
		fail = errors.Join(fail, err)
	}
	if fail == nil {
		return did.rows, next, nil
	}
	if errors.Is(fail, ErrFenced) {
		l.s.count(MetricFenced, l.name, 1)
		next = time.Duration(l.s.o.Random() * float64(l.s.o.Lease)) // two whose clocks differ would take it from each other for ever
		l.apart = l.s.o.Now().Add(next)
	} else {
		l.s.count(MetricFailures, l.name, 1)
	}
	return did.rows, next, fmt.Errorf("%s: %w", l.name, fail)
}

// take takes the lease, or answers how long it is until it may be taken.
func (l *lane) take(ctx context.Context) (wait time.Duration, err error) {
	look := func(is lease, now time.Time) bool {
		wait = is.due(now, l.longest())
		if !is.free(now, l.s.o.Lease) {
			wait = max(wait, is.Until.Sub(now))
		}
		return wait <= 0
	}
	may := false
	err = l.s.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
		_, is, err := readLease(ctx, tx, l.name)
		may = err == nil && look(is, l.s.o.Now())
		return err
	})
	if err != nil || !may {
		return wait, err
	}
	err = l.s.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		c, is, err := readLease(ctx, tx, l.name)
		now := l.s.o.Now()
		if err != nil || !look(is, now) {
			return err
		}
		is.Holder, is.Token, is.Until = l.s.o.Holder, is.Token+1, now.Add(l.s.o.Lease)
		l.token = is.Token
		return moveLease(ctx, tx, c, is, now)
	})
	if errors.Is(err, uow.ErrVersion) { // somebody else was faster
		return l.s.o.Relay.Idle, nil
	}
	return wait, err
}

// longest is the longest interval that the lane can have.
func (l *lane) longest() time.Duration { return max(l.every, l.s.o.MaxEvery) }

// pull reads the stream to its end, at most Pages pages. No page may take longer
// than the lease that the one before has renewed.
func (l *lane) pull(ctx context.Context) (did outcome) {
	token, quiet := l.invoices(ctx)
	for range l.puller.o.Pages {
		began := l.s.o.Now()
		page, err := l.page(ctx)
		if errors.Is(err, ErrOvertaken) { // by a Puller that runs beside us
			continue
		}
		did.rows += page.Rows
		if err != nil {
			did.err = err
			return did
		}
		if !page.More {
			did.read = began
			break
		}
	}
	if l.name == erp.Payments && quiet && !did.read.IsZero() {
		did.err = l.puller.followUses(ctx, func(ctx context.Context, tx store.Tx) error {
			_, is, err := readLease(ctx, tx, erp.Invoices)
			if err == nil && is.Token != token {
				err = errMoved
			}
			return err
		})
		if errors.Is(did.err, errMoved) { // the next turn will
			did.err = nil
		}
	}
	return did
}

// compare carries the full comparison on, for at most Pages pages and no longer than
// an interval of the streams, which wait meanwhile. One that another process has
// brought to its end since is begun anew.
func (l *lane) compare(ctx context.Context) (did outcome) {
	var is lease
	did.err = l.s.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		_, is, err = readLease(ctx, tx, l.name)
		return err
	})
	if did.err != nil {
		return did
	}
	if l.under == nil || !is.More || !is.Read.Before(l.under.began) {
		l.under = l.puller.newResync()
	}
	before, until := l.under.gone, l.s.o.Now().Add(l.s.o.Pull.Every)
	for range l.puller.o.Pages {
		done, err := l.under.step(ctx)
		did.rows = l.under.gone - before
		if done {
			did.read = l.under.began
		}
		if did.err = err; done || err != nil {
			break
		}
		if !l.s.o.Now().Before(until) {
			return did
		}
	}
	if !did.read.IsZero() || did.err != nil && ctx.Err() == nil {
		l.under = nil
	}
	return did
}

var errMoved = errors.New("invoices were read meanwhile")

// invoices answers, for the stream of payments, whether invoices stand at their
// end and nobody reads them, and the token by which to tell whether that changed:
// what the ERP has used of its credit notes is followed when payments were read
// to their end after the invoices were.
func (l *lane) invoices(ctx context.Context) (token int64, quiet bool) {
	if l.name != erp.Payments {
		return 0, false
	}
	err := l.s.store.View(ctx, func(ctx context.Context, tx store.Tx) error {
		_, is, err := readLease(ctx, tx, erp.Invoices)
		token, quiet = is.Token, is.Holder == "" && !is.Read.IsZero() && !is.More && is.Failures == 0
		return err
	})
	return token, quiet && err == nil
}

// page reads and applies one page. One that takes longer than the lease is tried
// again by half, so that a slow ERP or store is no reason to stand still; then
// pages grow again.
func (l *lane) page(ctx context.Context) (Pulled, error) {
	bound, stop := context.WithTimeout(ctx, l.s.o.Lease)
	defer stop()
	did, err := l.puller.Pull(bound, l.name)
	limit := &l.puller.o.Limit
	switch {
	case err == nil:
		*limit = min(2**limit, l.limit)
	case bound.Err() != nil && ctx.Err() == nil:
		*limit = max(*limit/2, 1)
	}
	return did, err
}

// again tries what is parked, and then tells the meter how things stand.
func (l *lane) again(ctx context.Context) outcome {
	work, stop := context.WithTimeout(ctx, l.s.o.Lease)
	defer stop()
	did := outcome{read: l.s.o.Now()}
	round := l.puller.retryParked(work)
	if round != (Pulled{}) {
		l.puller.o.Observe(round)
	}
	did.err = round.Err
	l.s.gauge(ctx)
	return did
}

// give gives the lease back with what the turn came to, and answers when the
// lane is due again. What was cut short by ctx is due at once, and no failure.
func (l *lane) give(ctx context.Context, did outcome) (next time.Duration, err error) {
	cut := ctx.Err() != nil
	after, stop := aftermath(ctx)
	defer stop()
	err = fenced{l.s.store, l}.Update(after, func(ctx context.Context, tx store.Tx) error {
		c, is, err := readLease(ctx, tx, l.name)
		if err != nil {
			return err
		}
		now := l.s.o.Now()
		is.Holder, is.Until, next = "", time.Time{}, 0
		switch {
		case cut:
			is.More = is.More || l.under != nil
		case did.err != nil:
			is.Failures++
			is.Cause, is.Tried = brief(did.err.Error(), causeMax), now
			next = l.backoff(is.Failures, did.err)
		default:
			is.Failures, is.Cause, is.Tried, is.More = 0, "", now, did.read.IsZero()
			if !is.More {
				is.Read, next = did.read, l.jitter(l.every)
			}
		}
		is.Next = now.Add(next)
		return moveLease(ctx, tx, c, is, now)
	})
	return next, err
}

// backoff is the interval after so many failures in a row, as long as the ERP
// asks for at least.
func (l *lane) backoff(failures int, err error) time.Duration {
	d := l.every
	if l.name == Resync && !errors.Is(err, ErrManyGone) { // that waits for a person
		d = min(d, l.s.o.MaxEvery)
	}
	for i := 1; i < failures && d < l.longest(); i++ {
		d *= 2
	}
	d = l.jitter(min(d, l.longest()))
	var e *erp.Error
	if errors.As(err, &e) {
		d = max(d, min(e.RetryAfter, l.longest()))
	}
	return d
}

func (l *lane) jitter(d time.Duration) time.Duration {
	return d + time.Duration((2*l.s.o.Random()-1)*l.s.o.Jitter*float64(d))
}
