package comptoir

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// SweepFiles removes file contents of this tenant that were put last before an
// instant and that no order and no message names, and answers how many. Let at
// least a day pass between an upload and its sweep: so long somebody may take
// to save the document that names it. Without Options.Blobs there is nothing
// to do.
//
// Errors: those of the blob store and of the store.
func (k *Counter) SweepFiles(ctx context.Context, before time.Time) (int, error) {
	if k.blobs == nil {
		return 0, nil
	}
	return blob.Sweep(ctx, k.blobs, k.Tenant, k.named, before)
}

// named reports whether any document names a blob.
func (k *Counter) named(ctx context.Context, h blob.Hash) (bool, error) {
	return uow.Ask(ctx, k.Store, func(ctx context.Context, tx store.Tx) (bool, error) {
		if held, err := tx.Orders().Holds(ctx, h); held || err != nil {
			return held, err
		}
		return tx.Threads().Holds(ctx, h)
	})
}
