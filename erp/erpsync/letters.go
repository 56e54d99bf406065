package erpsync

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
)

// Letters lets a person settle what the relay could not: list, retry, drop.
type Letters struct {
	queue  event.Queue
	policy *access.Policy
}

// NewLetters makes the dead letters of one tenant's queue. A nil policy is
// access.Default(), where admins may.
func NewLetters(q event.Queue, p *access.Policy) *Letters {
	if p == nil {
		p = access.Default()
	}
	return &Letters{queue: q, policy: p}
}

func (l *Letters) may(a access.Actor) error {
	if !l.policy.Everywhere(a, access.ERPLetters) {
		return access.ErrForbidden.With("%s needs a role that allows it", access.ERPLetters)
	}
	return nil
}

// List answers dead letters in order of burial, at most limit, and the cursor
// of the rest ("" at the end). Errors: access.ErrForbidden.
func (l *Letters) List(ctx context.Context, a access.Actor, after string, limit int) ([]event.Letter, string, error) {
	if err := l.may(a); err != nil {
		return nil, "", err
	}
	return l.queue.Dead(ctx, event.ERP, after, limit)
}

// Retry gives a dead letter back to the relay, due at once. Errors:
// access.ErrForbidden, event.ErrNoLetter.
func (l *Letters) Retry(ctx context.Context, a access.Actor, id string) error {
	if err := l.may(a); err != nil {
		return err
	}
	return l.queue.Revive(ctx, event.ERP, id)
}

// Drop removes a dead letter for good: a person has settled the matter.
// Errors: access.ErrForbidden, event.ErrNoLetter.
func (l *Letters) Drop(ctx context.Context, a access.Actor, id string) error {
	if err := l.may(a); err != nil {
		return err
	}
	return l.queue.Drop(ctx, event.ERP, id)
}
