package blob

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
)

// sweepPage is how many blobs are listed at a time.
const sweepPage = 200

// Sweep removes the blobs of a tenant that nobody uses and that were put last
// before an instant, and answers how many. used says whether a document names
// the content; ask every kind of document that can:
//
//	n, err := blob.Sweep(ctx, files, tenant, func(ctx context.Context, h blob.Hash) (bool, error) {
//		return uow.Ask(ctx, run, func(ctx context.Context, tx order.Tx) (bool, error) {
//			if held, err := tx.Orders().Holds(ctx, h); held || err != nil {
//				return held, err
//			}
//			return tx.Threads().Holds(ctx, h)
//		})
//	}, now.AddDate(0, 0, -2))
//
// Bytes are put before the document that names them is saved, and neither
// waits for a sweep. So a blob may be unused when it is asked about and named
// the moment after. The instant settles it: what was put since is left alone,
// and Remove looks at that time once more, together with the removal. A blob
// named within now - before of its last Put is therefore never lost. Keep
// longer than the slowest upload that still ends in a save (a day is plenty),
// and put content again before naming it anew.
//
// It reads pages of 200 and holds no lock in between, and each blob is asked
// about once. After an error the count is of what was removed before it;
// another run removes the rest. Errors: ErrTenant; what used, ctx or the store
// answers.
func Sweep(ctx context.Context, st Store, t access.Tenant, used func(context.Context, Hash) (bool, error), before time.Time) (removed int, err error) {
	for after := Hash(""); ; {
		page, err := st.List(ctx, t, after, sweepPage)
		if err != nil || len(page) == 0 {
			return removed, err
		}
		for _, b := range page {
			gone, err := sweep(ctx, st, t, used, b, before)
			if err != nil {
				return removed, err
			}
			if gone {
				removed++
			}
		}
		after = page[len(page)-1].Hash
	}
}

func sweep(ctx context.Context, st Store, t access.Tenant, used func(context.Context, Hash) (bool, error), b Stat, before time.Time) (bool, error) {
	if err := ctx.Err(); err != nil || !b.At.Before(before) {
		return false, err
	}
	if held, err := used(ctx, b.Hash); held || err != nil {
		return false, err
	}
	return st.Remove(ctx, t, b.Hash, before)
}
