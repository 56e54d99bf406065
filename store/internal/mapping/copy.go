package mapping

import (
	"context"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// What several documents hold is copied here, in the form in which it will be
// read again.

// other is an amount whose JSON leaves 0.00 out.
func other(a money.Amount) money.Amount {
	if a.IsZero() {
		return money.Amount{}
	}
	return a
}

func copyHold(h *order.Hold) *order.Hold {
	if h = pointer(h); h != nil {
		h.At = clock.Cut(h.At)
	}
	return h
}

func copyRelease(r *order.Release) *order.Release {
	if r = pointer(r); r != nil {
		r.At = clock.Cut(r.At)
	}
	return r
}

func pointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

func copyBoxes(bs []order.Box) []order.Box {
	bs = some(bs)
	for i := range bs {
		bs[i].Taken = some(bs[i].Taken)
	}
	return bs
}

func cutTwin(t *order.Twin) {
	t.SentAt, t.At = clock.Cut(t.SentAt), clock.Cut(t.At)
}

// copyAddress leaves out an address whose JSON would be: one without content.
func copyAddress(a *partner.Address) {
	if a.IsZero() {
		*a = partner.Address{}
	}
}

// holds reports whether a document of the table names the blob.
func holds(ctx context.Context, s *engine.Session, t *engine.Table, h blob.Hash) (bool, error) {
	if err := s.Readable(ctx); err != nil {
		return false, err
	}
	if h == "" || !engine.Storable(string(h)) {
		return false, nil
	}
	n, err := s.Count(ctx, engine.Select{Table: t, Where: []engine.Pred{{Op: engine.HasTerm, Kind: termBlob, Values: []any{string(h)}}}}, 1)
	return n > 0, err
}
