package memstore_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB) store.Tenanted {
	t.Helper()
	st := memstore.New(nil)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	shop, err := st.For("de")
	require.NoError(t, err)
	return shop
}

// TestRacingWriters draws numbers from many goroutines while others read: no
// number is lost or drawn twice, every reader sees events and rows of the same
// moment.
func TestRacingWriters(t *testing.T) {
	shop := open(t)
	const writers, each = 16, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				err := shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
					id := fmt.Sprintf("%d-%d", w, i)
					if _, err := tx.Orders().Save(ctx, order.Order{ID: order.ID(id), Ref: order.Ref(id), State: order.Draft}); err != nil {
						return err
					}
					e := event.Event{ID: id, Type: "order.placed", Schema: 1, Subject: "order/" + id}
					if err := tx.Outbox().Append(ctx, event.Facts, e); err != nil {
						return err
					}
					_, err := tx.Counters().Next(ctx, "n")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 4 {
		wg.Go(func() {
			for last := 0; last < writers*each; {
				total, err := countTwice(t.Context(), shop)
				if err != nil || total < last {
					t.Errorf("counted %d after %d: %v", total, last, err)
					return
				}
				last = total
			}
		})
	}
	wg.Wait()
	require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Counters().Next(ctx, "n")
		require.EqualValues(t, writers*each+1, n)
		return err
	}))
	depth, err := shop.Queue().Depth(t.Context(), event.Facts)
	require.NoError(t, err)
	require.EqualValues(t, writers*each, depth.Waiting)
}

// countTwice counts the orders twice in one view.
func countTwice(ctx context.Context, shop store.Tenanted) (int, error) {
	return uow.Ask(ctx, shop, func(ctx context.Context, tx store.Tx) (int, error) {
		var totals [2]int
		for i := range totals {
			page, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Limit: 1, Count: true}})
			if err != nil {
				return 0, err
			}
			totals[i] = page.Total.N
			time.Sleep(50 * time.Microsecond)
		}
		if totals[0] != totals[1] {
			return 0, fmt.Errorf("one view counted %v", totals)
		}
		return totals[0], nil
	})
}

func TestTotalsBeyondTheBound(t *testing.T) {
	shop := open(t)
	for _, c := range []struct {
		add  int
		want uow.Total
	}{{uow.MaxCount, uow.Total{N: uow.MaxCount}}, {1, uow.Total{N: uow.MaxCount, AtLeast: true}}} {
		require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			for i := range c.add {
				id := fmt.Sprintf("%d-%d", c.add, i)
				if _, err := tx.Partners().Save(ctx, partner.Partner{ID: partner.ID(id), Number: id}); err != nil {
					return err
				}
			}
			page, err := tx.Partners().Find(ctx, partner.Query{Page: uow.PageRequest{Limit: 1, Count: true}})
			require.Equal(t, c.want, *page.Total)
			return err
		}))
	}
}

// TestOrderSorts lists orders of equal and of no placing time in every order.
func TestOrderSorts(t *testing.T) {
	shop := open(t)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for i, placed := range []time.Time{at, {}, at.Add(time.Hour), at} {
			o := order.Order{ID: order.ID(fmt.Sprint(i)), Ref: order.Ref(fmt.Sprint(9 - i)), State: order.Draft, PlacedAt: placed}
			if _, err := tx.Orders().Save(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}))
	for sort, want := range map[order.Sort]string{
		order.NewestFirst: "2301", order.OldestFirst: "1032", order.ByRef: "3210", order.ByRefDesc: "0123",
	} {
		got := ""
		for q := (order.Query{Sort: sort, Page: uow.PageRequest{Limit: 1}}); ; {
			page, err := uow.Ask(t.Context(), shop, func(ctx context.Context, tx store.Tx) (uow.Page[order.Header], error) {
				return tx.Orders().Find(ctx, q)
			})
			require.NoError(t, err)
			got += string(page.Rows[0].ID)
			if q.Page.After = page.Next; page.Next == "" {
				break
			}
		}
		require.Equal(t, want, got, sort)
	}
}
