package engine

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store"
)

// Append implements event.Outbox. Nothing is added unless all events are
// right. Data must be JSON; none at all is kept as null.
func (s *Session) Append(ctx context.Context, topic event.Topic, events ...event.Event) error {
	if err := s.enter(ctx, true); err != nil {
		return err
	}
	defer s.mu.Unlock()
	fresh := make(map[eventKey]struct{}, len(events))
	for i := range events {
		e := &events[i]
		if err := checkEvent(topic, e); err != nil {
			return err
		}
		k := eventKey{topic, e.ID}
		_, before := s.events[k]
		if _, twice := fresh[k]; before || twice {
			return event.ErrExists
		}
		fresh[k] = struct{}{}
	}
	if s.events == nil {
		s.events = fresh
	}
	for _, e := range events {
		s.events[eventKey{topic, e.ID}] = struct{}{}
		e.Time = clock.Cut(e.Time)
		e.Data = bytes.Clone(e.Data)
		if len(e.Data) == 0 {
			e.Data = json.RawMessage("null")
		}
		s.writes = append(s.writes, Write{Op: Emit, Topic: topic, Event: e})
	}
	return nil
}

func checkEvent(topic event.Topic, e *event.Event) error {
	if topic == "" {
		var is fault.Issues
		is.Add("topic", "required", "is missing")
		return is.Err(event.ErrIncomplete)
	}
	if err := e.Check(); err != nil {
		return err
	}
	if err := checkTexts(named{"topic", string(topic)}, named{"id", e.ID}, named{"type", e.Type},
		named{"subject", e.Subject}, named{"data", string(e.Data)}); err != nil {
		return err
	}
	if err := checkLengths(named{"topic", string(topic)}, named{"id", e.ID}, named{"type", e.Type},
		named{"subject", e.Subject}); err != nil {
		return err
	}
	if len(e.Data) > 0 && !json.Valid(e.Data) {
		var is fault.Issues
		is.Add("data", "json", "is not JSON")
		return is.Err(event.ErrIncomplete)
	}
	return nil
}

// named is a text with the path under which a caller knows it.
type named struct{ path, text string }

// checkTexts refuses text that no engine could hold, as store.ErrText.
func checkTexts(texts ...named) error {
	var is fault.Issues
	for _, t := range texts {
		if !Storable(t.text) {
			is.Add(t.path, "text", "is not valid UTF-8 without NUL")
		}
	}
	return is.Err(store.ErrText)
}

// checkLengths refuses text that not every engine could index, as
// store.ErrLong.
func checkLengths(texts ...named) error {
	var is fault.Issues
	for _, t := range texts {
		if len(t.text) > store.MaxText {
			is.Add(t.path, "long", "has more than 512 bytes")
		}
	}
	return is.Err(store.ErrLong)
}
