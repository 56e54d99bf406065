package event

import (
	"context"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Inbox remembers, inside the transaction that applies what came from outside,
// how far a stream has been read and what cannot be applied yet. Because the
// cursor commits with the page it stands for, a process that dies in between
// neither skips a change nor forgets one.
type Inbox interface {
	// Cursor returns where a stream stands; a stream never read has a zero
	// Value and Version 0.
	Cursor(ctx context.Context, stream string) (Cursor, error)
	// Cursors lists the cursors whose stream begins with prefix, sorted by
	// stream, at most limit (1 to uow.MaxPage), from behind the stream after
	// ("" starts). Fewer than limit are the last.
	Cursors(ctx context.Context, prefix, after string, limit int) ([]Cursor, error)
	// Move stores the cursor if its Version is still the one that was read,
	// else uow.ErrVersion: of two readers of one page one applies it.
	Move(ctx context.Context, c Cursor) error
	// Park keeps a change until what it waits for is there. The same ID again
	// replaces it, unless what is there has a higher Sequence. A change
	// without ID, Stream or Awaits is ErrParked.
	Park(ctx context.Context, p Parked) error
	// Unpark forgets the change of an ID, parked or not, unless its Sequence
	// is above upto: a later change still waits.
	Unpark(ctx context.Context, id string, upto int64) error
	// Awaiting returns what waits for a thing, oldest first.
	Awaiting(ctx context.Context, what string) ([]Parked, error)
	// Waits returns the change of an ID that is parked, false when none is.
	Waits(ctx context.Context, id string) (Parked, bool, error)
	// Parked lists what waits, oldest first, at most limit, after the given
	// cursor ("" starts); the returned cursor is "" at the end.
	Parked(ctx context.Context, after string, limit int) ([]Parked, string, error)
}

// Cursor is how far a stream from outside has been applied.
type Cursor struct {
	Stream string `json:"stream"`
	// Version counts the moves.
	Version int64 `json:"version"`
	// Value is the adapter's own and opaque.
	Value []byte `json:"value,omitempty"`
	// At is when the last page was applied; Changes counts what it held.
	At      time.Time `json:"at,omitzero"`
	Changes int       `json:"changes,omitempty"`
}

// Parked is a change whose parent has not arrived: a delivery before its
// order, a payment before its invoice.
type Parked struct {
	// ID is the change's identity, "deliveries/17": a later change of the same
	// document replaces it.
	ID     string `json:"id"`
	Stream string `json:"stream"`
	// Sequence orders the changes of one ID.
	Sequence int64 `json:"sequence,omitempty"`
	// Awaits names the parent, "order/4711" with the id in the other system.
	Awaits string `json:"awaits"`
	// Data is the change as it came.
	Data json.RawMessage `json:"data"`
	// Cause says why it waits, for people.
	Cause string    `json:"cause,omitempty"`
	Since time.Time `json:"since"`
}

// ErrParked refuses a parked change without identity, stream or parent.
var ErrParked = fault.Define(fault.Invalid, "event.parked", "a parked change names itself, its stream and what it waits for")
