package storetest_test

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// looseUses is a sound repository but for what is set.
type looseUses struct {
	pricing.RedemptionRepository
	save   func(context.Context, pricing.RedemptionRepository, pricing.Redemption) (pricing.Redemption, error)
	lapsed func(context.Context, pricing.RedemptionRepository, time.Time, int) ([]pricing.Redemption, error)
}

func (r *looseUses) Save(ctx context.Context, v pricing.Redemption) (pricing.Redemption, error) {
	if r.save == nil {
		return r.RedemptionRepository.Save(ctx, v)
	}
	return r.save(ctx, r.RedemptionRepository, v)
}

func (r *looseUses) Lapsed(ctx context.Context, before time.Time, limit int) ([]pricing.Redemption, error) {
	if r.lapsed == nil {
		return r.RedemptionRepository.Lapsed(ctx, before, limit)
	}
	return r.lapsed(ctx, r.RedemptionRepository, before, limit)
}

func onUses(loose looseUses) flaw {
	return flaw{tx: func(tx store.Tx) store.Tx {
		own := loose
		own.RedemptionRepository = tx.Redemptions()
		return parts{Tx: tx, uses: &own}
	}}
}

// twoOpenUses keeps a second open use of a code under another code.
func twoOpenUses() flaw {
	return onUses(looseUses{save: func(ctx context.Context, r pricing.RedemptionRepository, v pricing.Redemption) (pricing.Redemption, error) {
		code := v.Code
		if v.Open() {
			v.Code += pricing.CodeID("/" + v.ID)
		}
		out, err := r.Save(ctx, v)
		out.Code = code
		return out, err
	}})
}

// earlySweep takes what lapses at an instant for lapsed before it.
func earlySweep() flaw {
	return onUses(looseUses{lapsed: func(ctx context.Context, r pricing.RedemptionRepository, before time.Time, limit int) ([]pricing.Redemption, error) {
		return r.Lapsed(ctx, before.Add(time.Microsecond), limit)
	}})
}
