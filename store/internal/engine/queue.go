package engine

import (
	"context"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/uow"
)

// queue checks the calls of a driver's queue.
type queue struct {
	s *Store
	q event.Queue
}

// maxCause bounds what is kept of a failure's text, in bytes.
const maxCause = 2000

// Claim implements event.Queue.
func (q *queue) Claim(ctx context.Context, c event.Claim) ([]event.Delivery, error) {
	if c.Topic == "" || c.Lease <= 0 || c.Limit < 0 {
		return nil, event.ErrLease
	}
	if c.Limit == 0 {
		c.Limit = 1
	}
	if err := q.enter(ctx, c.Topic); err != nil {
		return nil, err
	}
	defer q.s.gate.leave()
	return q.q.Claim(ctx, c)
}

// Done implements event.Queue.
func (q *queue) Done(ctx context.Context, d event.Delivery) error {
	if err := q.enter(ctx, d.Topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Done(ctx, d)
}

// Retry implements event.Queue.
func (q *queue) Retry(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	if err := q.enter(ctx, d.Topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Retry(ctx, d, q.due(at), causeText(cause))
}

// Release implements event.Queue.
func (q *queue) Release(ctx context.Context, d event.Delivery, at time.Time, cause string) error {
	if err := q.enter(ctx, d.Topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Release(ctx, d, q.due(at), causeText(cause))
}

// Bury implements event.Queue.
func (q *queue) Bury(ctx context.Context, d event.Delivery, cause string) error {
	if err := q.enter(ctx, d.Topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Bury(ctx, d, causeText(cause))
}

// Dead implements event.Queue; a limit of 0 is 50, the largest 500.
func (q *queue) Dead(ctx context.Context, topic event.Topic, after string, limit int) ([]event.Letter, string, error) {
	if limit <= 0 {
		limit = uow.DefaultPage
	}
	if err := checkTexts(named{"after", after}); err != nil {
		return nil, "", uow.ErrPage.Because(err)
	}
	if err := q.enter(ctx, topic); err != nil {
		return nil, "", err
	}
	defer q.s.gate.leave()
	return q.q.Dead(ctx, topic, after, min(limit, uow.MaxPage))
}

// Revive implements event.Queue.
func (q *queue) Revive(ctx context.Context, topic event.Topic, id string) error {
	if !Storable(id) {
		return event.ErrNoLetter
	}
	if err := q.enter(ctx, topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Revive(ctx, topic, id)
}

// Drop implements event.Queue.
func (q *queue) Drop(ctx context.Context, topic event.Topic, id string) error {
	if !Storable(id) {
		return event.ErrNoLetter
	}
	if err := q.enter(ctx, topic); err != nil {
		return err
	}
	defer q.s.gate.leave()
	return q.q.Drop(ctx, topic, id)
}

// Depth implements event.Queue.
func (q *queue) Depth(ctx context.Context, topic event.Topic) (event.Depth, error) {
	if err := q.enter(ctx, topic); err != nil {
		return event.Depth{}, err
	}
	defer q.s.gate.leave()
	return q.q.Depth(ctx, topic)
}

func (q *queue) enter(ctx context.Context, topic event.Topic) error {
	if err := checkTexts(named{"topic", string(topic)}); err != nil {
		return err
	}
	return q.s.enter(ctx)
}

// due is when an event given back may be claimed again. Times that have passed
// count as now: an earlier one would win a turn that is not its own.
func (q *queue) due(at time.Time) time.Time {
	if now := q.s.opts.Now(); at.Before(now) {
		return now
	}
	return clock.Cut(at)
}

// causeText brings a failure's text to what every engine can hold.
func causeText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > maxCause {
		s = s[:maxCause]
	}
	return strings.ToValidUTF8(s, "")
}
