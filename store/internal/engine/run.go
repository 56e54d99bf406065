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
	var l lane // once the first run has failed
	for {
		err, again := t.once(ctx, write, fn)
		if err == nil || !again {
			return err
		}
		if fail := p.wait(ctx, err); fail != nil {
			return fail
		}
		if l == nil {
			mine := t.s.lanes.of(t.tenant)
			if fail := mine.take(ctx, &p, err); fail != nil {
				return fail
			}
			l = mine
			defer l.give()
		}
	}
}

// once runs the closure in one raw transaction. again says that the failure
// left nothing behind and the closure may run again.
func (t *tenanted) once(ctx context.Context, write bool, fn func(context.Context, store.Tx) error) (err error, again bool) {
	raw, err := t.s.d.Begin(ctx, t.tenant, write)
	if err != nil {
		return err, t.s.d.Retryable(err)
	}
	s := newSession(raw, write)
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
	case failed != nil && t.s.d.Retryable(failed):
		// What fn made of the failure was decided on a lost transaction.
		return failed, true
	case err != nil:
		return err, false
	case failed != nil:
		return failed, false
	case ctx.Err() != nil:
		return ctx.Err(), false
	case !write:
		return nil, false
	}
	committing = true
	err = raw.Commit(ctx, writes)
	return err, err != nil && t.s.d.Retryable(err)
}

// patience is the one retry loop's bounds.
type patience struct {
	opts    *Options
	runs    int
	elapsed *time.Timer // nil until the first failure
}

// wait sleeps before the next run, or answers uow.ErrBusy with the cause when
// there will be none.
func (p *patience) wait(ctx context.Context, cause error) error {
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
	nap := time.NewTimer(p.opts.Jitter(longest(p.runs)))
	defer nap.Stop()
	select {
	case <-nap.C:
		return nil
	case <-p.elapsed.C:
		return uow.ErrBusy.Because(cause)
	case <-ctx.Done():
		return p.given(ctx, cause)
	}
}

// given is the answer when the caller's context ends the waiting.
func (p *patience) given(ctx context.Context, cause error) error {
	return uow.ErrBusy.Because(errors.Join(ctx.Err(), cause))
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
