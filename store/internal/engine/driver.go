package engine

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/event"
)

// Driver is what an engine has to bring: raw transactions over rows. All that
// is promised by store.Tx beyond rows (buffering, versions, copies, retries,
// idempotency, markers) is done once, above it.
type Driver interface {
	// Begin opens a raw transaction of one tenant: serializable when write,
	// else one read-only snapshot. It may put off talking to the database
	// until the first statement. A bounded wait for a single writer ends in
	// uow.ErrBusy.
	Begin(ctx context.Context, tenant string, write bool) (Raw, error)
	// Queue is the tenant's queue, in statements of its own.
	Queue(tenant string) event.Queue
	// Tenants lists the tenants that have rows, sorted.
	Tenants(ctx context.Context) ([]string, error)
	// SweepKeys removes a tenant's idempotency keys created before an instant,
	// in a transaction of its own, and answers how many.
	SweepKeys(ctx context.Context, tenant string, before time.Time) (int64, error)
	// Retryable reports whether a failed transaction left nothing behind and
	// may run again: serialization failures and deadlocks.
	Retryable(err error) bool
	// Close releases what the engine holds.
	Close() error
}

// Raw is one open transaction over rows. It is used by one goroutine and ends
// with exactly one Commit or Rollback.
type Raw interface {
	// Load reads whole rows by id, in one round trip; the answer has a slice
	// per want, rows that do not exist are left out.
	Load(ctx context.Context, wants []Want) ([][]Row, error)
	// Find runs a select; rows carry Doc only when s.Docs is set.
	Find(ctx context.Context, s Select) ([]Row, error)
	// Count counts matches of s.Where up to limit.
	Count(ctx context.Context, s Select, limit int) (int, error)
	// Reserve inserts (scope, key, input) and answers nil, or answers what is
	// already there. It inserts first and reads only on a conflict.
	Reserve(ctx context.Context, scope, key string, input []byte) (*KeyRow, error)
	// Next adds one to a counter and returns it; a new series starts at 1.
	Next(ctx context.Context, series string) (int64, error)
	// Apply sends writes. A Replace or Delete that finds another version is
	// uow.Conflict with the version found; an Insert of a taken id, or any
	// breach of a unique index, is the table's ErrExists; an event id taken
	// in its topic is event.ErrExists.
	Apply(ctx context.Context, ws []Write) error
	// Commit sends the last writes and commits, in one round trip where the
	// engine can. When the answer is lost it finds out what happened; when it
	// cannot, the answer is uow.ErrUnknown.
	Commit(ctx context.Context, ws []Write) error
	// Rollback ends the transaction without effect; it never fails.
	Rollback()
}

// Want asks for rows of one table by id.
type Want struct {
	Table *Table
	IDs   []string
}

// Row is one aggregate as stored.
type Row struct {
	ID      string
	Version int64
	// Cols are in the order of Table.Columns: string, int64, bool or
	// time.Time (UTC, microseconds; the zero time is stored as NULL).
	Cols []any
	// Terms are the row's search terms, written with it and never read back.
	Terms []Term
	// Doc is the aggregate as JSON; nil in slim rows.
	Doc []byte
}

// Term is one entry of a table's side table, for predicates over many values.
type Term struct{ Kind, Value string }

// KeyRow is a stored idempotency key; Result is nil while it is unfulfilled.
type KeyRow struct {
	Input  []byte
	Result []byte
}

// Op is a kind of write.
type Op uint8

// The writes.
const (
	// Insert puts Row, which must not exist.
	Insert Op = iota + 1
	// Replace puts Row in place of version Want.
	Replace
	// Delete removes Row.ID at version Want.
	Delete
	// Emit appends Event to Topic.
	Emit
	// Fulfil sets the Result of (Scope, Key).
	Fulfil
)

// Write is one buffered write; which fields count depends on Op.
type Write struct {
	Op    Op
	Table *Table
	Row   Row
	Want  int64

	Topic event.Topic
	Event event.Event

	Scope, Key string
	Result     []byte
}
