package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/uow"
)

// The server is killed again and again under those who write: what a
// writer was told of a transaction is true, nothing is there by halves, and all
// go on with the store that they have.
func TestServerIsKilled(t *testing.T) {
	const writers, kills = 6, 4
	server := testpg.Start(t)
	s, err := pgstore.Open(t.Context(), server.DSN, &pgstore.Options{Wait: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	in, err := s.For(access.Tenant("fr"))
	require.NoError(t, err)

	var (
		writing       sync.WaitGroup
		stop          atomic.Bool
		acked, failed atomic.Int64
		told          [writers][]error // by number
	)
	for w := range writers {
		writing.Go(func() {
			for n := 0; !stop.Load(); n++ {
				err := write(context.Background(), in, fmt.Sprintf("%d-%d", w, n))
				if told[w] = append(told[w], err); err == nil {
					acked.Add(1)
				} else {
					failed.Add(1)
				}
			}
		})
	}
	for range kills {
		since := acked.Load()
		require.Eventually(t, func() bool { return acked.Load() > since+50 }, time.Minute, time.Millisecond, "they go on")
		server.Kill()
		time.Sleep(20 * time.Millisecond)
		require.NoError(t, server.Restart())
	}
	stop.Store(true)
	writing.Wait()
	t.Logf("count: %d transactions and %d kills of the server, %d answered by an error", acked.Load(), kills, failed.Load())

	there := 0
	for w, errs := range told {
		for n, err := range errs {
			id := fmt.Sprintf("%d-%d", w, n)
			is := stands(t, in, id)
			switch {
			case err == nil:
				require.True(t, is, "%s was acknowledged", id)
			case errors.Is(err, uow.ErrUnknown): // either
			default:
				require.Equal(t, fault.Unavailable, fault.KindOf(err), "%s: %v", id, err)
				require.False(t, is, "%s was told to have failed: %v", id, err)
			}
			if is {
				there++
			}
		}
	}
	d, err := in.Queue().Depth(t.Context(), event.Facts)
	require.NoError(t, err)
	require.EqualValues(t, there, d.Waiting, "an event for each document")
}

// write saves a document with its event.
func write(ctx context.Context, in store.Tenanted, id string) error {
	return in.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Partners().Save(ctx, partner.Partner{ID: partner.ID(id), Number: id, Name: id, Type: partner.Studio, Active: true}); err != nil {
			return err
		}
		return tx.Outbox().Append(ctx, event.Facts, event.Event{ID: id, Type: "written", Subject: "partner/" + id, Schema: 1, Version: 1, Time: time.Now(), Data: []byte("{}")})
	})
}

// stands reports whether a document is there.
func stands(t *testing.T, in store.Tenanted, id string) bool {
	t.Helper()
	err := in.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Get(ctx, partner.ID(id))
		return err
	})
	if errors.Is(err, partner.ErrNotFound) {
		return false
	}
	require.NoError(t, err)
	return true
}
