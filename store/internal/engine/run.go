package engine

import (
	"context"
	"errors"
	"time"

	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// View implements uow.Runner.
func (t *tenanted) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return t.run(ctx, false, fn)
}

// Update implements uow.Runner.
func (t *tenanted) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return t.run(ctx, true, fn)
}

func (t *tenanted) run(ctx context.Context, write bool, fn func(context.Context, store.Tx) error) error {
	if err := t.s.enter(ctx); err != nil {
		return err
	}
	defer t.s.gate.leave()
	p := patience{opts: &t.s.opts}
	defer p.stop()
	l := t.s.lanes.of(t.tenant)
	first := true
	for {
		avoid := l // a first run keeps out of the way of those in the lane
		if !first {
			avoid = nil
		}
		s, err, again := t.once(ctx, write, avoid, fn)
		if err == nil || !again {
			return err
		}
		if fail := p.wait(ctx, err, !first); fail != nil {
			return fail
		}
		if first {
			if fail := l.take(ctx, &p, err, s.series()); fail != nil {
				return fail
			}
			defer l.give()
			first = false
		}
	}
}

// once runs the closure in one raw transaction. again says that the failure
// left nothing behind and the closure may run again.
func (t *tenanted) once(ctx context.Context, write bool, avoid *lane, fn func(context.Context, store.Tx) error) (s *Session, err error, again bool) {
	raw, err := t.s.d.Begin(ctx, t.tenant, write)
	if err != nil {
		return nil, err, t.s.d.Retryable(err)
	}
	s = newSession(raw, write)
	s.lane = avoid
	committing := false
	// Deferred, so that a panic or runtime.Goexit in fn is rolled back too.
	defer func() {
		if !committing {
			s.end()
			raw.Rollback()
		}
	}()
	err = fn(uow.Mark(ctx), t.s.bind(s))
	writes, failed := s.end()
	switch {
	case failed != nil && (errors.Is(failed, errLineUp) || t.s.d.Retryable(failed)):
		// What fn made of the failure was decided on a lost transaction.
		return s, failed, true
	case err != nil:
		return s, err, false
	case failed != nil:
		return s, failed, false
	case ctx.Err() != nil:
		return s, ctx.Err(), false
	case !write:
		return s, nil, false
	}
	committing = true
	err = raw.Commit(ctx, writes)
	return s, err, err != nil && t.s.d.Retryable(err)
}

// patience is the one retry loop's bounds.
type patience struct {
	opts    *Options
	runs    int
	elapsed *time.Timer // nil until the first failure
}

// wait sleeps before the next run if it is to nap, or answers uow.ErrBusy with
// the cause when there will be none.
func (p *patience) wait(ctx context.Context, cause error, toNap bool) error {
	p.runs++
	if p.runs >= p.opts.MaxAttempts {
		return uow.ErrBusy.Because(cause)
	}
	if p.opts.Retried != nil {
		p.opts.Retried(p.runs, cause)
	}
	if p.elapsed == nil {
		p.elapsed = time.NewTimer(p.opts.MaxElapsed)
	}
	if !toNap {
		return nil
	}
	nap := time.NewTimer(p.opts.Jitter(longest(p.runs - 1)))
	defer nap.Stop()
	select {
	case <-nap.C:
		return nil
	case <-p.elapsed.C:
		return uow.ErrBusy.Because(cause)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *patience) stop() {
	if p.elapsed != nil {
		p.elapsed.Stop()
	}
}

// longest is the longest wait after so many runs.
func longest(runs int) time.Duration {
	if runs > 20 {
		return longestWait
	}
	return min(firstWait<<(runs-1), longestWait)
}
