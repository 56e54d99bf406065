package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

const (
	// MaxProgress is how many steps one order may be told.
	MaxProgress = 1000
	maxStep     = 60
)

// ProgressInput tells the next step of the way of the goods.
type ProgressInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Step is one of the library's or the seller's own, 1 to 60 characters.
	Step Step `json:"step"`
	// Note has at most 2000 characters.
	Note string `json:"note,omitempty"`
	// Internal steps are for the seller's side only; they leave the step that
	// the buyer sees as it is.
	Internal bool `json:"internal,omitempty"`
}

// NoteProgress appends one step to the progress of a submitted order. Steps
// are never changed or removed: whoever was wrong tells the right one.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase for drafts and for orders that were rejected or
// cancelled; access.ErrForbidden without order.ship, and for an internal step
// without message.internal; ErrInvalid with every issue; ErrFull beyond
// MaxProgress.
func (s *Service) NoteProgress(ctx context.Context, a access.Actor, in ProgressInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.NoteProgressTx(ctx, tx, a, in) })
}

// NoteProgressTx is NoteProgress inside a transaction of the caller's. An
// error means that the transaction has to be abandoned.
func (s *Service) NoteProgressTx(ctx context.Context, tx Tx, a access.Actor, in ProgressInput) (Order, error) {
	t := target{"progress", in.Key, in.Order, in.Version, in, submitted, access.OrderShip}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		if in.Internal && !s.insider(a, *o) {
			return nil, access.Denied(access.MessageInternal)
		}
		var is fault.Issues
		check.Need(&is, "step", string(in.Step), maxStep)
		check.Note(&is, "note", in.Note, maxNote)
		if err := is.Err(ErrInvalid); err != nil {
			return nil, err
		}
		if len(o.Progress) >= MaxProgress {
			return nil, ErrFull.With("%s has been told %d steps", o.Ref, MaxProgress)
		}
		o.Progress = append(o.Progress, Progress{Step: in.Step, At: s.now(), By: a.Stamp(), Note: in.Note, Internal: in.Internal})
		return []event.Payload{Progressed{About: about(*o, a), Step: in.Step, Internal: in.Internal}}, nil
	})
}

// FollowInput marks an order that the seller keeps an eye on, or takes the
// mark off.
type FollowInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	Follow  bool   `json:"follow"`
}

// Follow sets or takes off the follow mark of an order in any state; to set
// what is set changes nothing. The partner's side does not see the mark.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without order.ship.
func (s *Service) Follow(ctx context.Context, a access.Actor, in FollowInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.FollowTx(ctx, tx, a, in) })
}

// FollowTx is Follow inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) FollowTx(ctx context.Context, tx Tx, a access.Actor, in FollowInput) (Order, error) {
	t := target{"follow", in.Key, in.Order, in.Version, in, nil, access.OrderShip}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		if o.Follow == in.Follow {
			return nil, nil
		}
		o.Follow = in.Follow
		return []event.Payload{Followed{About: about(*o, a), Follow: in.Follow}}, nil
	})
}
