package event

import (
	"context"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Topic is one stream of the outbox with consumers of its own.
type Topic string

// The topics of the library. A portal may add its own.
const (
	// Facts carries every domain event, for portals, mails and reports. They
	// wait until a consumer is Done with them: whoever needs none takes them off
	// all the same.
	Facts Topic = "facts"
	// ERP carries the work of the relay towards the company's ERP.
	ERP Topic = "erp"
)

// Event is a fact in the past tense, shaped after CloudEvents 1.0: ID, Type,
// Subject, Time and Data keep their meaning there, Schema is the version of
// Data's shape.
type Event struct {
	// ID is unique; consumers de-duplicate by it.
	ID string `json:"id"`
	// Type is a name such as "order.placed".
	Type string `json:"type"`
	// Schema counts the shapes Data has had, from 1.
	Schema int `json:"schema"`
	// Subject names the aggregate: "order/0192…".
	Subject string `json:"subject"`
	// Version is the aggregate's version that this event belongs to; Index
	// orders the events of one version. Consumers drop what is older than
	// what they have seen of a subject.
	Version int64 `json:"version"`
	Index   int   `json:"index"`
	// Time is when it happened, UTC, microseconds.
	Time time.Time `json:"time"`
	// Data is the type's own JSON object.
	Data json.RawMessage `json:"data"`
}

// Outbox takes events inside a transaction; they reach the Queue exactly
// when it commits.
type Outbox interface {
	// Append adds events to a topic. An event without ID, Type, Subject or
	// Schema is Invalid (event.incomplete); a repeated (topic, ID) is Exists
	// (event.exists), at the latest at commit.
	Append(ctx context.Context, topic Topic, events ...Event) error
}

// Queue hands committed events to relays, at least once and in order within
// a subject. Every call is a short transaction of its own.
type Queue interface {
	// Claim leases up to Limit events for Lease: of each subject only the
	// first unfinished one, by (Version, Index, ID), only when it is due, and
	// only while no event of the subject is leased, as a revived letter may
	// come before one that is. Whoever has been due for longest goes first,
	// then (Time, Subject): an event is due from its commit, a revived letter
	// from its revival, so events that are retried again and again keep
	// nobody from their turn.
	Claim(ctx context.Context, c Claim) ([]Delivery, error)
	// Done ends a delivery for good. With a token that is no longer the
	// newest it answers ErrLeaseLost and changes nothing.
	Done(ctx context.Context, d Delivery) error
	// Retry gives a delivery back, due again at the given time; a time that
	// has passed means now.
	Retry(ctx context.Context, d Delivery, at time.Time, cause string) error
	// Release gives a delivery back like Retry, but its claim does not count
	// as an attempt: nothing was tried, or nothing went wrong.
	Release(ctx context.Context, d Delivery, at time.Time, cause string) error
	// Bury sets a delivery aside as a dead letter. The subject's next event
	// may then be claimed: a dead letter never dams a subject.
	Bury(ctx context.Context, d Delivery, cause string) error
	// Dead lists dead letters in order of burial, at most limit, after the
	// given cursor ("" starts); the returned cursor is "" at the end.
	Dead(ctx context.Context, topic Topic, after string, limit int) ([]Letter, string, error)
	// Revive makes a dead letter due at once, its attempts counted anew.
	// Unknown ids are ErrNoLetter.
	Revive(ctx context.Context, topic Topic, id string) error
	// Drop removes a dead letter for good. Unknown ids are ErrNoLetter.
	Drop(ctx context.Context, topic Topic, id string) error
	// Depth counts what waits and what is dead in a topic.
	Depth(ctx context.Context, topic Topic) (Depth, error)
}

// Claim asks for work.
type Claim struct {
	Topic Topic
	// Limit bounds the answer; 0 means 1.
	Limit int
	// Lease is how long the claimer may work before another may claim; it
	// must be positive.
	Lease time.Duration
}

// Delivery is one claimed event.
type Delivery struct {
	Event
	Topic Topic
	// Token fences: each claim of the event draws a higher one.
	Token int64
	// Attempt counts the claims of the event that were not released, from 1.
	Attempt int
	// Until is the end of the lease.
	Until time.Time
	// Cause is what the last Retry said, "" on the first attempt.
	Cause string
}

// Letter is a dead letter.
type Letter struct {
	Event
	Attempts int
	Cause    string
	Buried   time.Time
}

// Depth is a topic's fill.
type Depth struct {
	// Waiting counts unfinished events, claimed ones included.
	Waiting int64
	// Dead counts dead letters.
	Dead int64
	// Oldest is the time of the oldest unfinished event, zero when none waits.
	Oldest time.Time
}

// The errors of outbox and queue.
var (
	ErrIncomplete = fault.Define(fault.Invalid, "event.incomplete", "an event needs id, type, subject and schema")
	ErrExists     = fault.Define(fault.Exists, "event.exists", "an event with this id is already in the topic")
	ErrLeaseLost  = fault.Define(fault.Conflict, "event.lease_lost", "the lease has passed to another worker")
	ErrNoLetter   = fault.Define(fault.NotFound, "event.no_letter", "no such dead letter")
	ErrLease      = fault.Define(fault.Invalid, "event.lease", "a claim needs a topic and a positive lease")
)

// Check reports an incomplete event as ErrIncomplete with its issues.
func (e Event) Check() error {
	var is fault.Issues
	for _, f := range [...]struct{ path, value string }{{"id", e.ID}, {"type", e.Type}, {"subject", e.Subject}} {
		if f.value == "" {
			is.Add(f.path, "required", "is missing")
		}
	}
	if e.Schema < 1 {
		is.Add("schema", "required", "counts from 1")
	}
	return is.Err(ErrIncomplete)
}
