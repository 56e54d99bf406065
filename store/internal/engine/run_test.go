package engine_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

func TestTenantNames(t *testing.T) {
	st, shop := open(t, nil)
	long := make([]byte, 65)
	for i := range long {
		long[i] = 'a'
	}
	for _, bad := range []string{"", "a b", "é", "a/b", "a\x00", string(long)} {
		_, err := st.For(access.Tenant(bad))
		require.ErrorIs(t, err, store.ErrTenant, bad)
	}
	for _, good := range []string{"de", "A-z_0.9", string(long[:64])} {
		_, err := st.For(access.Tenant(good))
		require.NoError(t, err)
	}
	names, err := st.Tenants(t.Context())
	require.NoError(t, err)
	require.Empty(t, names, "nobody has written")
	save(t, shop, dealer("1"))
	names, err = st.Tenants(t.Context())
	require.NoError(t, err)
	require.Equal(t, []access.Tenant{"de"}, names)
}

func TestNestedIsRefused(t *testing.T) {
	st, shop := open(t, nil)
	other, err := st.For("fr")
	require.NoError(t, err)
	nothing := func(context.Context, store.Tx) error { return nil }
	update(t, shop, func(ctx context.Context, _ store.Tx) error {
		for _, s := range []store.Tenanted{shop, other} {
			require.ErrorIs(t, s.View(ctx, nothing), uow.ErrNested)
			require.ErrorIs(t, s.Update(ctx, nothing), uow.ErrNested)
			_, err := s.Queue().Depth(ctx, "facts")
			require.ErrorIs(t, err, uow.ErrNested)
		}
		_, err := st.Tenants(ctx)
		require.ErrorIs(t, err, uow.ErrNested)
		return nil
	})
}

func TestForeignContextWaitsAndGivesUp(t *testing.T) {
	_, shop := open(t, &memstore.Options{Wait: 20 * time.Millisecond})
	update(t, shop, func(ctx context.Context, _ store.Tx) error {
		err := shop.Update(context.Background(), func(context.Context, store.Tx) error { return nil })
		require.ErrorIs(t, err, uow.ErrBusy)
		short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		err = shop.Update(short, func(context.Context, store.Tx) error { return nil })
		require.Equal(t, context.DeadlineExceeded, err)
		return nil
	})
}

func TestUseAfterReturnIsDone(t *testing.T) {
	_, shop := open(t, nil)
	var kept store.Tx
	var repo partner.Repository
	update(t, shop, func(_ context.Context, tx store.Tx) error {
		kept, repo = tx, tx.Partners()
		return nil
	})
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"get":      func() error { _, err := repo.Get(ctx, "1"); return err },
		"save":     func() error { _, err := repo.Save(ctx, dealer("1")); return err },
		"find":     func() error { _, err := repo.Find(ctx, partner.Query{}); return err },
		"many":     func() error { _, err := kept.Products().GetMany(ctx, nil); return err },
		"by sku":   func() error { _, err := kept.Products().BySKU(ctx, nil); return err },
		"delete":   func() error { return kept.Carts().Delete(ctx, "1", 1) },
		"append":   func() error { return kept.Outbox().Append(ctx, "facts", fact("1", "s", 1)) },
		"next":     func() error { _, err := kept.Counters().Next(ctx, "n"); return err },
		"reserve":  func() error { _, err := kept.Keys().Reserve(ctx, "s", "k", [32]byte{}); return err },
		"fulfil":   func() error { return kept.Keys().Fulfil(ctx, "s", "k", nil) },
		"prefetch": func() error { return kept.Prefetch(ctx, uow.Ref{Kind: partner.DocKind, ID: "1"}) },
	} {
		require.ErrorIs(t, call(), uow.ErrDone, name)
	}
}

func TestUseFromAnotherGoroutine(t *testing.T) {
	_, shop := open(t, nil)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	update(t, shop, func(ctx context.Context, tx store.Tx) error {
		for range 4 {
			wg.Go(func() {
				for {
					_, err := tx.Partners().Get(ctx, "1")
					if errors.Is(err, uow.ErrDone) {
						return
					}
					select {
					case <-stop:
						t.Error("the transaction never ended")
						return
					default:
					}
				}
			})
		}
		return nil
	})
	time.AfterFunc(5*time.Second, func() { close(stop) }).Stop()
	wg.Wait()
}

func TestViewIsReadOnly(t *testing.T) {
	_, shop := open(t, nil)
	err := shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, dealer("1"))
		require.ErrorIs(t, err, uow.ErrReadOnly)
		require.ErrorIs(t, tx.Orders().Delete(ctx, "1", 1), uow.ErrReadOnly)
		require.ErrorIs(t, tx.Outbox().Append(ctx, "facts", fact("1", "s", 1)), uow.ErrReadOnly)
		_, err = tx.Counters().Next(ctx, "n")
		require.ErrorIs(t, err, uow.ErrReadOnly)
		_, err = tx.Keys().Reserve(ctx, "s", "k", [32]byte{})
		require.ErrorIs(t, err, uow.ErrReadOnly)
		require.ErrorIs(t, tx.Keys().Fulfil(ctx, "s", "k", nil), uow.ErrReadOnly)
		_, err = tx.Partners().Get(ctx, "1")
		return err
	})
	require.ErrorIs(t, err, partner.ErrNotFound)
}

func TestPanicRollsBackAndGoesOn(t *testing.T) {
	_, shop := open(t, nil)
	require.PanicsWithValue(t, "oh", func() {
		_ = shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Partners().Save(ctx, dealer("1"))
			require.NoError(t, err)
			panic("oh")
		})
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, _ = tx.Partners().Save(ctx, dealer("1"))
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	_, err := read(t, shop, "1")
	require.ErrorIs(t, err, partner.ErrNotFound)
	save(t, shop, dealer("1")) // the writer's place is free
}

func TestCancelledContexts(t *testing.T) {
	_, shop := open(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	err := shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, dealer("1"))
		require.NoError(t, err)
		cancel()
		_, err = tx.Partners().Get(ctx, "2")
		require.ErrorIs(t, err, context.Canceled)
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.ErrorIs(t, shop.View(ctx, nil), context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	err = shop.View(ctx, func(context.Context, store.Tx) error { cancel(); return nil })
	require.ErrorIs(t, err, context.Canceled, "what was read may be cut short")
	_, err = read(t, shop, "1")
	require.ErrorIs(t, err, partner.ErrNotFound)
}

func TestErrorsOfTheClosureRollBack(t *testing.T) {
	_, shop := open(t, nil)
	err := shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Partners().Save(ctx, dealer("1"))
		require.NoError(t, err)
		_, err = tx.Counters().Next(ctx, "n")
		require.NoError(t, err)
		require.NoError(t, tx.Outbox().Append(ctx, "facts", fact("1", "s", 1)))
		return errOwn
	})
	require.Equal(t, errOwn, err)
	_, err = read(t, shop, "1")
	require.ErrorIs(t, err, partner.ErrNotFound)
	depth, err := shop.Queue().Depth(t.Context(), "facts")
	require.NoError(t, err)
	require.Zero(t, depth)
}

func TestCloseWaitsAndRefuses(t *testing.T) {
	st := memstore.New(nil)
	shop := tenantOf(t, st)
	inside, goOn, closed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_ = shop.View(context.Background(), func(context.Context, store.Tx) error {
			close(inside)
			<-goOn
			return nil
		})
	}()
	<-inside
	go func() { closed <- st.Close() }()
	require.Eventually(t, func() bool {
		_, err := st.For("x")
		return errors.Is(err, store.ErrClosed)
	}, 5*time.Second, time.Millisecond)
	select {
	case <-closed:
		t.Fatal("Close did not wait")
	default:
	}
	close(goOn)
	require.NoError(t, <-closed)
	require.NoError(t, st.Close())
	nothing := func(context.Context, store.Tx) error { return nil }
	require.ErrorIs(t, shop.View(t.Context(), nothing), store.ErrClosed)
	require.ErrorIs(t, shop.Update(t.Context(), nothing), store.ErrClosed)
	_, err := shop.Queue().Depth(t.Context(), "facts")
	require.ErrorIs(t, err, store.ErrClosed)
	_, err = st.Tenants(t.Context())
	require.ErrorIs(t, err, store.ErrClosed)
}

// tooLate fails every commit as a serialization failure would.
type tooLate struct {
	engine.Driver
	left int
}

type tooLateRaw struct {
	engine.Raw
	d *tooLate
}

var errLate = errors.New("could not serialize")

func (d *tooLate) Begin(context.Context, string, bool) (engine.Raw, error) {
	return tooLateRaw{nil, d}, nil
}
func (d *tooLate) Retryable(err error) bool { return errors.Is(err, errLate) }
func (r tooLateRaw) Rollback()              {}
func (r tooLateRaw) Commit(context.Context, []engine.Write) error {
	if r.d.left == 0 {
		return nil
	}
	r.d.left--
	return errLate
}

func runLate(t *testing.T, ctx context.Context, failures int, o *engine.Options) (runs int, err error) {
	t.Helper()
	st := engine.New(&tooLate{left: failures}, mapping.Bind, o)
	err = tenantOf(t, st).Update(ctx, func(context.Context, store.Tx) error { runs++; return nil })
	return runs, err
}

func TestRetryBounds(t *testing.T) {
	var waits []time.Duration
	var told []int
	o := &engine.Options{MaxAttempts: 12,
		Jitter:  func(max time.Duration) time.Duration { waits = append(waits, max); return 0 },
		Retried: func(attempt int, cause error) { told = append(told, attempt); require.ErrorIs(t, cause, errLate) }}
	runs, err := runLate(t, t.Context(), 11, o)
	require.NoError(t, err)
	require.Equal(t, 12, runs)
	require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, told)
	ms := time.Millisecond
	require.Equal(t, []time.Duration{ms, 2 * ms, 4 * ms, 8 * ms, 16 * ms, 20 * ms, 20 * ms, 20 * ms, 20 * ms, 20 * ms}, waits)

	runs, err = runLate(t, t.Context(), 1000, o)
	require.ErrorIs(t, err, uow.ErrBusy)
	require.ErrorIs(t, err, errLate, "the cause is kept")
	require.Equal(t, 12, runs)

	forever := func(time.Duration) time.Duration { return time.Hour }
	runs, err = runLate(t, t.Context(), 1000, &engine.Options{MaxElapsed: 10 * ms, Jitter: forever})
	require.ErrorIs(t, err, uow.ErrBusy)
	require.Equal(t, 2, runs, "the first repetition does not nap")

	ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
	defer cancel()
	_, err = runLate(t, ctx, 1000, &engine.Options{Jitter: forever})
	require.Equal(t, context.DeadlineExceeded, err)

	_, err = runLate(t, t.Context(), 3, nil)
	require.NoError(t, err, "the defaults retry")
}
