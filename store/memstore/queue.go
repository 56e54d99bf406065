package memstore

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/uow"
)

// queue implements event.Queue for one tenant; the tenant's mu guards it.
type queue struct {
	t      *tenant
	now    func() time.Time
	topics map[event.Topic]*topic
}

// has reports whether an event id is taken, dead letters included.
func (q *queue) has(name event.Topic, id string) bool {
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	_, taken := q.topic(name).items[id]
	return taken
}

// push adds an event committed at an instant; the caller holds mu.
func (q *queue) push(name event.Topic, e event.Event, at time.Time) {
	t := q.topics[name]
	if t == nil {
		t = newTopic()
		q.topics[name] = t
	}
	it := &item{Event: e, due: at}
	t.items[e.ID] = it
	t.join(it)
}

// topic never answers nil; an unknown topic is empty and is not kept.
func (q *queue) topic(name event.Topic) *topic {
	if t := q.topics[name]; t != nil {
		return t
	}
	return newTopic()
}

// Claim implements event.Queue.
func (q *queue) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	now := q.now()
	t := q.topic(c.Topic)
	var out []event.Delivery
	for _, it := range t.claimable(now, c.Limit) {
		it.token++
		it.attempts++
		t.hold(it, clock.Cut(now.Add(c.Lease)))
		out = append(out, event.Delivery{Event: it.event(), Topic: c.Topic, Token: it.token,
			Attempt: it.attempts, Until: it.due, Cause: it.cause})
	}
	return out, nil
}

// held finds the item of a delivery that still has its lease.
func (t *topic) held(d event.Delivery) (*item, error) {
	it := t.items[d.ID]
	if it == nil || it.dead || !it.held || it.token != d.Token {
		return nil, event.ErrLeaseLost
	}
	return it, nil
}

// settleHeld runs fn on the held item of a delivery.
func (q *queue) settleHeld(ctx context.Context, d event.Delivery, fn func(*topic, *item)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	t := q.topic(d.Topic)
	it, err := t.held(d)
	if err != nil {
		return err
	}
	t.unhold(it)
	fn(t, it)
	return nil
}

// Done implements event.Queue.
func (q *queue) Done(ctx context.Context, d event.Delivery) error {
	return q.settleHeld(ctx, d, func(t *topic, it *item) {
		t.leave(it)
		delete(t.items, it.ID)
	})
}

// Retry implements event.Queue.
func (q *queue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.settleHeld(ctx, d, func(t *topic, it *item) {
		it.due, it.cause = at, cause
		t.settle(it.Subject)
	})
}

// Release implements event.Queue.
func (q *queue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	return q.settleHeld(ctx, d, func(t *topic, it *item) {
		it.due, it.cause = at, cause
		it.attempts--
		t.settle(it.Subject)
	})
}

// Bury implements event.Queue.
func (q *queue) Bury(ctx context.Context, d event.Delivery, cause string) error {
	return q.settleHeld(ctx, d, func(t *topic, it *item) {
		t.leave(it)
		it.dead, it.buried, it.cause = true, q.now(), cause
		t.dead.Set(it)
	})
}

// Dead implements event.Queue.
func (q *queue) Dead(ctx context.Context, name event.Topic, after string, limit int) ([]event.Letter, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	from, err := readLetterCursor(after)
	if err != nil {
		return nil, "", err
	}
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	var out []event.Letter
	next := ""
	q.topic(name).dead.Ascend(from, func(it *item) bool {
		switch {
		case after != "" && !byBurial(from, it):
			return true // the cursor's own letter
		case len(out) == limit:
			last := out[limit-1]
			next = letterCursor(last.Buried, last.ID)
			return false
		}
		out = append(out, event.Letter{Event: it.event(), Attempts: it.attempts, Cause: it.cause, Buried: it.buried})
		return true
	})
	return out, next, nil
}

// letterCursor is the burial in microseconds and the id, in base64url.
func letterCursor(buried time.Time, id string) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(buried.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(raw, id...))
}

func readLetterCursor(text string) (*item, error) {
	if text == "" {
		return &item{}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) <= 8 {
		return nil, uow.ErrPage.With("the cursor is damaged")
	}
	buried := time.UnixMicro(int64(binary.BigEndian.Uint64(raw))).UTC()
	return &item{Event: event.Event{ID: string(raw[8:])}, buried: buried}, nil
}

// letter runs fn on a dead letter.
func (q *queue) letter(ctx context.Context, name event.Topic, id string, fn func(*topic, *item)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	t := q.topic(name)
	it := t.items[id]
	if it == nil || !it.dead {
		return event.ErrNoLetter
	}
	t.dead.Delete(it)
	fn(t, it)
	return nil
}

// Revive implements event.Queue.
func (q *queue) Revive(ctx context.Context, name event.Topic, id string) error {
	return q.letter(ctx, name, id, func(t *topic, it *item) {
		it.dead, it.buried = false, time.Time{}
		it.attempts, it.cause, it.due = 0, "", q.now()
		t.join(it)
	})
}

// Drop implements event.Queue.
func (q *queue) Drop(ctx context.Context, name event.Topic, id string) error {
	return q.letter(ctx, name, id, func(t *topic, it *item) { delete(t.items, it.ID) })
}

// Depth implements event.Queue.
func (q *queue) Depth(ctx context.Context, name event.Topic) (event.Depth, error) {
	if err := ctx.Err(); err != nil {
		return event.Depth{}, err
	}
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	t := q.topic(name)
	dead := t.dead.Len()
	depth := event.Depth{Waiting: int64(len(t.items) - dead), Dead: int64(dead)}
	for _, it := range t.items {
		if !it.dead && (depth.Oldest.IsZero() || it.Time.Before(depth.Oldest)) {
			depth.Oldest = it.Time
		}
	}
	return depth, nil
}

// event returns a copy that shares no memory with the queue.
func (it *item) event() event.Event {
	e := it.Event
	e.Data = bytes.Clone(e.Data)
	return e
}
