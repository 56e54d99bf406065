package engine_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/store/internal/mapping"
)

// hotRow is a database of one row that everybody updates: a commit fails when
// another one came since the transaction began.
type hotRow struct {
	engine.Driver
	row atomic.Int64
}

type hotRaw struct {
	engine.Raw
	d    *hotRow
	seen int64
}

func (d *hotRow) Begin(context.Context, string, bool) (engine.Raw, error) {
	return hotRaw{nil, d, d.row.Load()}, nil
}
func (d *hotRow) Retryable(err error) bool { return err == errLate }
func (r hotRaw) Rollback()                 {}
func (r hotRaw) Commit(context.Context, []engine.Write) error {
	if !r.d.row.CompareAndSwap(r.seen, r.seen+1) {
		return errLate
	}
	return nil
}

// Two hundred writers of one row all finish, within far fewer runs than if
// they went on failing each other.
func TestHotRowIsWaitedForInLine(t *testing.T) {
	d := &hotRow{}
	var runs atomic.Int64
	st := tenantOf(t, engine.New(d, mapping.Bind, nil))
	const writers = 200
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			errs[i] = st.Update(context.Background(), func(context.Context, store.Tx) error {
				runs.Add(1)
				runtime.Gosched()
				return nil
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, int64(writers), d.row.Load())
	require.Less(t, runs.Load(), int64(3*writers))
}

// A first run that comes to a counter others stand in line for has only read
// so far: it lines up behind them, and the one in front is left in peace.
func TestFirstRunsLineUpBehindAHotCounter(t *testing.T) {
	d := &hotRow{}
	var runs atomic.Int64
	st := tenantOf(t, engine.New(d, mapping.Bind, nil))
	const writers = 300
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			errs[i] = st.Update(context.Background(), func(ctx context.Context, tx store.Tx) error {
				runs.Add(1)
				runtime.Gosched()
				_, err := tx.Counters().Next(ctx, "orders")
				runtime.Gosched()
				return err
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, int64(writers), d.row.Load())
	require.LessOrEqual(t, runs.Load(), int64(5*writers/2))
}

func (r hotRaw) Next(context.Context, string) (int64, error) { return r.seen + 1, nil }
