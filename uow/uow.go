package uow

import (
	"context"

	"github.com/comptoir-go/comptoir/fault"
)

// Runner runs closures in transactions over T, the set of things that are
// atomic together.
type Runner[T any] interface {
	// View runs fn on one read-only snapshot. Writing in it is ErrReadOnly.
	View(ctx context.Context, fn func(ctx context.Context, tx T) error) error
	// Update runs fn in a serializable transaction and commits it when fn
	// returns nil. fn may run more than once and must have no effect outside
	// tx. When the engine cannot serialize it within its bounds the answer is
	// ErrBusy; when the outcome of the commit cannot be told, ErrUnknown.
	Update(ctx context.Context, fn func(ctx context.Context, tx T) error) error
}

// The errors every engine answers.
var (
	ErrNested   = fault.Define(fault.Internal, "uow.nested", "a transaction was begun inside another one")
	ErrDone     = fault.Define(fault.Internal, "uow.done", "a transaction was used after its closure returned")
	ErrReadOnly = fault.Define(fault.Internal, "uow.read_only", "a write in a read-only transaction")
	ErrBusy     = fault.Define(fault.Unavailable, "uow.busy", "the store was too busy to finish the transaction")
	ErrUnknown  = fault.Define(fault.UnknownOutcome, "uow.unknown", "the commit's answer was lost and could not be resolved")
	ErrVersion  = fault.Define(fault.Conflict, "uow.version", "the document was changed in between")
	ErrPanic    = fault.Define(fault.Internal, "uow.panic", "the transaction's closure panicked")
)

// VersionConflict is the data of an ErrVersion.
type VersionConflict struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Want  int64  `json:"want"`
	Found int64  `json:"found"`
}

// Conflict makes an ErrVersion for one document; Found is 0 when it is gone.
func Conflict(kind, id string, want, found int64) error {
	return ErrVersion.With("%s %s is at version %d, not %d", kind, id, found, want).
		Noting(VersionConflict{Kind: kind, ID: id, Want: want, Found: found})
}

type marker struct{}

// Mark returns a context that says a transaction is open. Engines hand it to
// the closure; the transaction itself never travels in a context.
func Mark(ctx context.Context) context.Context { return context.WithValue(ctx, marker{}, true) }

// Marked reports whether ctx comes from an open transaction's closure.
func Marked(ctx context.Context) bool { return ctx.Value(marker{}) != nil }

// Narrow lets a service that needs N run on a store that offers W.
func Narrow[W, N any](r Runner[W], cast func(W) N) Runner[N] {
	return narrowed[W, N]{r, cast}
}

type narrowed[W, N any] struct {
	wide Runner[W]
	cast func(W) N
}

func (n narrowed[W, N]) View(ctx context.Context, fn func(context.Context, N) error) error {
	return n.wide.View(ctx, func(ctx context.Context, tx W) error { return fn(ctx, n.cast(tx)) })
}

func (n narrowed[W, N]) Update(ctx context.Context, fn func(context.Context, N) error) error {
	return n.wide.Update(ctx, func(ctx context.Context, tx W) error { return fn(ctx, n.cast(tx)) })
}

// Ask runs fn in a View and returns its value.
func Ask[T, R any](ctx context.Context, r Runner[T], fn func(ctx context.Context, tx T) (R, error)) (R, error) {
	var out R
	err := r.View(ctx, func(ctx context.Context, tx T) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return out, nil
}

// Do runs fn in an Update and returns its value.
func Do[T, R any](ctx context.Context, r Runner[T], fn func(ctx context.Context, tx T) (R, error)) (R, error) {
	var out R
	err := r.Update(ctx, func(ctx context.Context, tx T) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return out, nil
}
