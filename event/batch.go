package event

import (
	"encoding/json"
	"fmt"
	"time"
)

// Payload is the data of one event type. The type's name and schema come
// from the value, so that the catalog of events can be generated.
type Payload interface {
	// EventType returns the name, "order.placed", and the schema, from 1.
	EventType() (name string, schema int)
}

// Batch builds the events of one aggregate version with consecutive indexes.
type Batch struct {
	subject string
	version int64
	at      time.Time
	newID   func() string
	events  []Event
}

// NewBatch starts the events of one version of a subject.
func NewBatch(subject string, version int64, at time.Time, newID func() string) *Batch {
	return &Batch{subject: subject, version: version, at: at.UTC().Truncate(time.Microsecond), newID: newID}
}

// Add appends one event. A payload that JSON cannot carry is an error.
func (b *Batch) Add(p Payload) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("event data: %w", err)
	}
	name, schema := p.EventType()
	b.events = append(b.events, Event{ID: b.newID(), Type: name, Schema: schema, Subject: b.subject,
		Version: b.version, Index: len(b.events), Time: b.at, Data: data})
	return nil
}

// Events returns what was added, in order.
func (b *Batch) Events() []Event { return b.events }
