package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// recorder is a raw transaction that only notes its commit.
type recorder struct {
	engine.Raw
	err  error
	sent []engine.Write
}

func (r *recorder) Load(_ context.Context, wants []engine.Want) ([][]engine.Row, error) {
	return make([][]engine.Row, len(wants)), r.err
}

func (r *recorder) Commit(_ context.Context, ws []engine.Write) error {
	r.sent = append(r.sent, ws...)
	return nil
}

// everything touches each point of a transaction, some more than once.
func everything(ctx context.Context, tx store.Tx) error {
	_, err := uow.Once(ctx, tx.Keys(), "s", "k", 1, func() (int, error) {
		if _, err := tx.Partners().Get(ctx, "1"); err == nil {
			return 0, fmt.Errorf("an earlier run left something")
		}
		if _, err := tx.Partners().Save(ctx, dealer("1")); err != nil {
			return 0, err
		}
		page, err := tx.Partners().Find(ctx, partner.Query{Page: uow.PageRequest{Count: true}})
		if err != nil || len(page.Rows) != 1 {
			return 0, fmt.Errorf("found %d: %w", len(page.Rows), err)
		}
		if err := tx.Outbox().Append(ctx, event.Facts, fact("1", "s", 1)); err != nil {
			return 0, err
		}
		n, err := tx.Counters().Next(ctx, "n")
		if err == nil && n != 1 {
			err = fmt.Errorf("drew %d", n)
		}
		return int(n), err
	})
	return err
}

// TestFailureAtEveryStatement fails the n-th statement once, for every n:
// whatever the closure makes of the error, it runs again and the outcome is
// that of one run.
func TestFailureAtEveryStatement(t *testing.T) {
	for _, swallow := range []bool{false, true} {
		points := map[string]bool{}
		for n := 1; ; n++ {
			st, plain := open(t, nil)
			asked, runs := 0, 0
			faulty, ok := engine.Inject(st, func(point string) error {
				if asked++; asked != n || point == engine.AtCommitAfter {
					return nil
				}
				points[point] = true
				return fmt.Errorf("at %s: %w", point, engine.ErrInjected)
			})
			require.True(t, ok)
			err := tenantOf(t, faulty).Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				runs++
				if err := everything(ctx, tx); !swallow {
					return err
				}
				return nil
			})
			require.NoError(t, err)
			checkOnce(t, plain)
			if asked < n {
				require.Equal(t, 1, runs)
				break
			}
		}
		require.Len(t, points, 8, "all but the one after the commit: %v", points)
	}
}

func checkOnce(t *testing.T, shop store.Tenanted) {
	t.Helper()
	p, err := read(t, shop, "1")
	require.NoError(t, err)
	require.EqualValues(t, 1, p.Version)
	depth, err := shop.Queue().Depth(t.Context(), event.Facts)
	require.NoError(t, err)
	require.EqualValues(t, 1, depth.Waiting)
}

func TestLostCommitAnswerIsUnknown(t *testing.T) {
	st, plain := open(t, nil)
	faulty, _ := engine.Inject(st, func(point string) error {
		if point == engine.AtCommitAfter {
			return engine.ErrInjected
		}
		return nil
	})
	runs := 0
	err := tenantOf(t, faulty).Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		runs++
		return everything(ctx, tx)
	})
	require.ErrorIs(t, err, uow.ErrUnknown)
	require.Equal(t, 1, runs, "never repeated blind")
	checkOnce(t, plain)
}

func TestInjectNeedsAnEngine(t *testing.T) {
	_, ok := engine.Inject(nil, nil)
	require.False(t, ok)
}

// TestPagesThroughTheEngine walks random lists in random page sizes and wants
// exactly what Evaluate answers in one go.
func TestPagesThroughTheEngine(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	_, shop := open(t, &memstore.Options{Now: func() time.Time { return time.Unix(1, 0) }})
	var want []partner.ID
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		for i := range 120 {
			p := dealer(partner.ID(fmt.Sprintf("%03d", i)))
			if i%3 == 0 {
				p.Type = partner.Studio
				want = append(want, p.ID)
			}
			if _, err := tx.Partners().Save(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	for range 20 {
		var got []partner.ID
		q := partner.Query{Type: partner.Studio, Words: "deal"}
		for {
			q.Page.Limit, q.Page.Count = 1+rng.IntN(20), rng.IntN(2) == 0
			page, err := uow.Ask(t.Context(), shop, func(ctx context.Context, tx store.Tx) (uow.Page[partner.Header], error) {
				return tx.Partners().Find(ctx, q)
			})
			require.NoError(t, err)
			for _, h := range page.Rows {
				got = append(got, h.ID)
			}
			require.Equal(t, q.Page.Count, page.Total != nil)
			if page.Total != nil {
				require.Equal(t, uow.Total{N: len(want)}, *page.Total)
			}
			if q.Page.After = page.Next; q.Page.After == "" {
				break
			}
			require.Len(t, page.Rows, q.Page.Limit)
		}
		require.Equal(t, want, got)
	}
	for _, limit := range []int{-1, 501} {
		require.ErrorIs(t, shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Partners().Find(ctx, partner.Query{Page: uow.PageRequest{Limit: limit}})
			return err
		}), uow.ErrPage)
	}
}
