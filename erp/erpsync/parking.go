package erpsync

import (
	"context"

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
// cause, and then what waited for it. Errors: access.ErrForbidden,
// ErrNotParked, and what still keeps it from being applied; then it stays
// parked.
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
		return err
	}
	_, err = k.p.arrived(ctx, gave)
	return err
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
