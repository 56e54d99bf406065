package erpsync

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// Parking lets a person settle changes that the puller could not apply.
type Parking struct {
	desk
	p *Puller
}

// NewParking makes the parked changes of a puller. A nil policy is
// access.Default(), where admins may. The puller's options say how changes are
// applied: who runs a Schedule takes Schedule.Parking.
func NewParking(p *Puller, policy *access.Policy) *Parking {
	return &Parking{desk: desk{policy}, p: p}
}

// ErrNotParked: no such parked change; it was applied, or a later one took its
// place.
var ErrNotParked = fault.Define(fault.NotFound, "erpsync.not_parked", "no such parked change")

// List answers parked changes, oldest first, at most limit, and the cursor of
// the rest ("" at the end). Those that wait for a person have Awaits "person";
// the others are released by themselves when what they wait for is there.
// Errors: access.ErrForbidden.
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

// Retry applies a parked change of List now, after a person has mended its
// cause, and then what waited for it. A price or a count of an article that is
// not here ends where it was, and is left out unless it is to wait. Errors:
// access.ErrForbidden, ErrNotParked, and what still keeps it from being applied;
// then it stays parked.
func (k *Parking) Retry(ctx context.Context, a access.Actor, what event.Parked) error {
	if err := k.may(a); err != nil {
		return err
	}
	f, ok := k.p.feeds[erp.Stream(what.Stream)]
	if !ok {
		return erp.ErrUnsupported.With("the stream %q has no service to take it", what.Stream)
	}
	var gave []string
	err := k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		gave, err = k.p.unpark(ctx, tx, f, what)
		return err
	})
	if err != nil {
		return k.waits(ctx, f, what, err)
	}
	_, err = k.p.arrived(ctx, gave)
	return err
}

// waits is what becomes of a change that still has to wait, because of why: what it
// brought elsewhere ends, and one of a stranger is left out, as on the first pull.
func (k *Parking) waits(ctx context.Context, f feed, what event.Parked, why error) error {
	var w *waiting
	if !errors.As(why, &w) {
		return why
	}
	left := k.p.stranger(why)
	err := k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		still, is, err := parkedAs(ctx, tx, what)
		if err != nil {
			return err
		}
		if !is {
			return ErrNotParked
		}
		does, err := f.leave(ctx, tx, still.Data)
		left = left && does
		switch {
		case err != nil || !does:
			return err
		case left:
			return tx.Inbox().Unpark(ctx, still.ID, still.Sequence)
		}
		still.Awaits, still.Cause = awaited(why), brief(why.Error(), causeMax)
		return tx.Inbox().Park(ctx, still)
	})
	if err != nil || left {
		return err
	}
	return why
}

// Drop forgets a parked change of List for good: a person has settled the
// matter. Errors: access.ErrForbidden, ErrNotParked.
func (k *Parking) Drop(ctx context.Context, a access.Actor, what event.Parked) error {
	if err := k.may(a); err != nil {
		return err
	}
	return k.p.store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		_, is, err := parkedAs(ctx, tx, what)
		if err != nil {
			return err
		}
		if !is {
			return ErrNotParked
		}
		return tx.Inbox().Unpark(ctx, what.ID, what.Sequence)
	})
}
