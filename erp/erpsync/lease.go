package erpsync

import (
	"context"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

// ErrFenced: the lease of the stream has passed to another runner; what this
// one wrote was abandoned.
var ErrFenced = fault.Define(fault.Conflict, "erpsync.fenced", "the stream's lease has passed to another runner")

// lease is who reads a stream and how that goes. It is kept in the inbox, as a
// cursor of its own: one row that changes by compare-and-swap, in the
// transaction whose fence it is.
type lease struct {
	// Holder reads it until Until; "" nobody does. Token counts the leases.
	Holder string    `json:"holder,omitempty"`
	Token  int64     `json:"token,omitempty"`
	Until  time.Time `json:"until,omitzero"`
	// Next is when it is due, Tried when its last turn ended.
	Next  time.Time `json:"next,omitzero"`
	Tried time.Time `json:"tried,omitzero"`
	// Read is as of when it was last read to its end; More says that the last
	// turn did not get there.
	Read time.Time `json:"read,omitzero"`
	More bool      `json:"more,omitempty"`
	// Failures counts those in a row, Cause is the last one's.
	Failures int    `json:"failures,omitempty"`
	Cause    string `json:"cause,omitempty"`
}

// leaseOf is the name of a stream's lease among the cursors.
func leaseOf(s erp.Stream) string { return "lease/" + string(s) }

func readLease(ctx context.Context, tx store.Tx, s erp.Stream) (event.Cursor, lease, error) {
	var is lease
	c, err := tx.Inbox().Cursor(ctx, leaseOf(s))
	if err == nil && len(c.Value) > 0 {
		err = json.Unmarshal(c.Value, &is)
	}
	return c, is, err
}

func moveLease(ctx context.Context, tx store.Tx, from event.Cursor, to lease, now time.Time) error {
	data, err := json.Marshal(to)
	if err != nil {
		return err
	}
	return tx.Inbox().Move(ctx, event.Cursor{Stream: from.Stream, Version: from.Version, Value: data, At: now})
}

// free reports whether nobody holds the lease. One that ends later than any
// lease can was given by a clock that was wrong, and binds nobody.
func (l lease) free(now time.Time, length time.Duration) bool {
	return l.Holder == "" || !l.Until.After(now) || l.Until.After(now.Add(2*length))
}

// due is how long it is until the stream is due. What lies further ahead than
// any interval was set by a clock that was wrong.
func (l lease) due(now time.Time, longest time.Duration) time.Duration {
	if wait := l.Next.Sub(now); wait > 0 && wait <= 2*longest {
		return wait
	}
	return 0
}

// fenced is the store of one stream's runner: each of its transactions renews
// the lease, and is abandoned with ErrFenced when another runner has it.
type fenced struct {
	store.Tenanted
	lane *lane
}

// Update implements uow.Runner.
func (f fenced) Update(ctx context.Context, fn func(ctx context.Context, tx store.Tx) error) error {
	return f.Tenanted.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		c, is, err := readLease(ctx, tx, f.lane.name)
		if err != nil {
			return err
		}
		if is.Token != f.lane.token {
			return ErrFenced.With("the lease of %s has passed to %s", f.lane.name, is.Holder)
		}
		now := f.lane.s.o.Now()
		is.Until = now.Add(f.lane.s.o.Lease)
		if err := moveLease(ctx, tx, c, is, now); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
