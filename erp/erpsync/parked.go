package erpsync

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// forPerson marks what waits for a person: nothing that arrives releases it.
const forPerson = "person"

// rota is how many parked changes a step tries again besides those whose
// parent it brought.
const rota = 100

// arrived applies what waited for a thing.
func (p *Puller) arrived(ctx context.Context, what string) (int, error) {
	var all []event.Parked
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		all, err = tx.Inbox().Awaiting(ctx, what)
		return err
	})
	n := 0
	for _, k := range all {
		done, fail := p.release(ctx, k)
		if fail != nil {
			return n, fail
		}
		if done {
			n++
		}
	}
	return n, err
}

// release tries a parked change again, in a transaction of its own, and
// reports whether it was applied. One that is refused now waits for a person.
func (p *Puller) release(ctx context.Context, k event.Parked) (bool, error) {
	f, ok := p.feeds[erp.Stream(k.Stream)]
	if !ok {
		return false, nil
	}
	err := p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := f.again(ctx, tx, k.Data); err != nil {
			return err
		}
		return tx.Inbox().Unpark(ctx, k.ID, k.Sequence)
	})
	var w *waiting
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &w) && w.what == k.Awaits:
		return false, nil
	case errors.As(err, &w):
		k.Awaits = w.what
	case refusal(err):
		k.Awaits = forPerson
	default:
		return false, err
	}
	k.Cause = err.Error()
	return false, p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Inbox().Park(ctx, k) })
}

// retryParked goes through what is parked, some at every step: a parent may
// have arrived by another way than the stream.
func (p *Puller) retryParked(ctx context.Context) error {
	var some []event.Parked
	err := p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		some, p.seen, err = tx.Inbox().Parked(ctx, p.seen, rota)
		return err
	})
	if err != nil {
		p.seen = ""
		return err
	}
	for _, k := range some {
		if k.Awaits == forPerson {
			continue
		}
		if _, err := p.release(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// Parking lets a person settle changes that the puller could not apply.
type Parking struct {
	p      *Puller
	policy *access.Policy
}

// NewParking makes the parked changes of a puller. A nil policy is
// access.Default(), where admins may.
func NewParking(p *Puller, policy *access.Policy) *Parking {
	if policy == nil {
		policy = access.Default()
	}
	return &Parking{p: p, policy: policy}
}

// ErrNotParked: no such parked change.
var ErrNotParked = event.ErrNoLetter

func (k *Parking) may(a access.Actor) error {
	if !k.policy.Everywhere(a, access.ERPLetters) {
		return access.Denied(access.ERPLetters)
	}
	return nil
}

// List answers parked changes, oldest first, at most limit, and the cursor of
// the rest ("" at the end). Errors: access.ErrForbidden.
func (k *Parking) List(ctx context.Context, a access.Actor, after string, limit int) ([]event.Parked, string, error) {
	if err := k.may(a); err != nil {
		return nil, "", err
	}
	var out []event.Parked
	var next string
	err := k.p.store.View(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out, next, err = tx.Inbox().Parked(ctx, after, limit)
		return err
	})
	return out, next, err
}

// Retry applies a parked change now, after a person has mended its cause.
// Errors: access.ErrForbidden, ErrNotParked, and what still keeps it from being
// applied.
func (k *Parking) Retry(ctx context.Context, a access.Actor, what event.Parked) error {
	if err := k.may(a); err != nil {
		return err
	}
	f, ok := k.p.feeds[erp.Stream(what.Stream)]
	if !ok {
		return erp.ErrUnsupported.With("the stream %q has no service to take it", what.Stream)
	}
	return k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := f.again(ctx, tx, what.Data); err != nil {
			return err
		}
		return tx.Inbox().Unpark(ctx, what.ID, what.Sequence)
	})
}

// Drop forgets a parked change for good: a person has settled the matter.
// Errors: access.ErrForbidden.
func (k *Parking) Drop(ctx context.Context, a access.Actor, what event.Parked) error {
	if err := k.may(a); err != nil {
		return err
	}
	_, err := uow.Do(ctx, k.p.store, func(ctx context.Context, tx store.Tx) (struct{}, error) {
		return struct{}{}, tx.Inbox().Unpark(ctx, what.ID, what.Sequence)
	})
	return err
}
