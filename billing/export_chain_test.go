package billing

import (
	"context"

	"github.com/comptoir-go/comptoir/partner"
)

// Freeze is the step of issuing that numbers and chains.
func (s *Service) Freeze(ctx context.Context, tx Tx, d *Document, series Series) error {
	return s.freeze(ctx, tx, d, series)
}

// Append is what Freeze does with the head.
func (h Head) Append(d *Document, series Series) (Head, error) { return h.append(d, series) }

func (s Series) CounterOf(number string, day partner.Date) (int64, bool) {
	return s.counterOf(number, day)
}

func (s Series) Clashes(b Series) bool { return s.clashes(b) }

func Canonical(d Document) []byte { return canonical(d) }

func HashOf(d Document) string { return hashOf(d) }
