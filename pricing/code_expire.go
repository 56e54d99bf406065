package pricing

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// The bounds of Expire.
const (
	sweepBatch   = 100
	defaultSweep = 1000
	maxSweep     = 100_000
)

// Expire marks reservations whose time is up, in batches of 100, a transaction
// each, at most limit of them (0 and below mean 1000, at most 100 000); it answers how
// many. It is tidying: a lapsed reservation is free for others without it. After
// an error the count is of what was marked before.
//
// Errors: ErrNoCampaign for whoever may not see campaigns; access.ErrForbidden.
func (s *Codes) Expire(ctx context.Context, a access.Actor, limit int) (int, error) {
	if limit <= 0 {
		limit = defaultSweep
	}
	limit = min(limit, maxSweep)
	for n := 0; ; {
		batch := min(limit-n, sweepBatch)
		if batch == 0 {
			return n, nil
		}
		swept, err := uow.Do(ctx, s.run, func(ctx context.Context, tx CodeTx) (int, error) { return s.ExpireTx(ctx, tx, a, batch) })
		n += swept
		if err != nil || swept < batch {
			return n, err
		}
	}
}

// ExpireTx is one batch of Expire inside a transaction of the caller's, of at
// most 100; a limit of 0 or below is 100.
func (s *Codes) ExpireTx(ctx context.Context, tx CodeTx, a access.Actor, limit int) (int, error) {
	if err := s.mayManage(a); err != nil {
		return 0, err
	}
	if limit <= 0 || limit > sweepBatch {
		limit = sweepBatch
	}
	now := s.now()
	lapsed, err := tx.Redemptions().Lapsed(ctx, now.Add(time.Microsecond), limit)
	if err != nil {
		return 0, err
	}
	// The counts know by themselves what has lapsed; they are not written here,
	// so that sweeping is in nobody's way.
	for _, r := range lapsed {
		if err := fire(&r, ExpireCode, RedemptionFacts{Live: r.Live(now)}, nil); err != nil {
			return 0, err
		}
		if _, err := s.saveUse(ctx, tx, r, RedemptionExpired{aboutCode(r, a.ID)}); err != nil {
			return 0, err
		}
	}
	return len(lapsed), nil
}
