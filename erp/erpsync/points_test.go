package erpsync_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

var errDead = errors.New("the process is dead")

// points counts every call by which a relay reaches its store, its queue and
// the ERP, and lets the process die after one of them: the call has its effect
// and the relay does not learn of it. Once dead nothing goes through any more.
type points struct {
	n     int
	after int // 0: before anything; never: not at all
	dead  atomic.Bool
	stop  context.CancelFunc // ends the relay's context
}

// pass runs one call; do is nil for a call whose effect follows on a nil
// answer (those of the ERP).
func (p *points) pass(do func() error) error {
	if p.after == 0 && p.n == 0 {
		p.die()
	}
	if p.dead.Load() {
		return errDead
	}
	p.n++
	var err error
	if do != nil {
		err = do()
	}
	if p.n == p.after {
		p.die()
		if do != nil {
			return errDead
		}
	}
	return err
}

func (p *points) die() {
	p.dead.Store(true)
	p.stop()
}

type brittleRunner struct {
	store.Tenanted
	p *points
}

func (r brittleRunner) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return r.p.pass(func() error { return r.Tenanted.View(ctx, fn) })
}

func (r brittleRunner) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return r.p.pass(func() error { return r.Tenanted.Update(ctx, fn) })
}

type brittleQueue struct {
	event.Queue
	p *points
}

func (q brittleQueue) Claim(ctx context.Context, c event.Claim) (ds []event.Delivery, err error) {
	err = q.p.pass(func() (err error) { ds, err = q.Queue.Claim(ctx, c); return err })
	return ds, err
}

func (q brittleQueue) Done(ctx context.Context, d event.Delivery) error {
	return q.p.pass(func() error { return q.Queue.Done(ctx, d) })
}

func (q brittleQueue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.p.pass(func() error { return q.Queue.Retry(ctx, d, at, cause) })
}

func (q brittleQueue) Bury(ctx context.Context, d event.Delivery, cause string) error {
	return q.p.pass(func() error { return q.Queue.Bury(ctx, d, cause) })
}

func (q brittleQueue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.p.pass(func() error { return q.Queue.Release(ctx, d, at, cause) })
}
