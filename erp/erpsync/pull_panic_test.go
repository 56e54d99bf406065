package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// buggy is an ERP whose adapter panics when it reads stock or payments, or lists prices.
type buggy struct {
	whole
	mended bool
}

func (b *buggy) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	if !b.mended {
		panic("nil pointer")
	}
	return b.whole.PullStock(ctx, after, limit)
}

func (b *buggy) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	if !b.mended {
		panic("nil pointer")
	}
	return b.whole.PullPayments(ctx, after, limit)
}

func (b *buggy) ListIDs(ctx context.Context, s erp.Stream, after erp.Cursor, limit int) (erp.Page[string], error) {
	if !b.mended && s == erp.Prices {
		panic("nil pointer")
	}
	return b.whole.ListIDs(ctx, s, after, limit)
}

// An adapter that panics fails the stream that it panics in, and no more: the process
// goes on, and so does the stream when the adapter is mended.
func TestAnAdapterThatPanics(t *testing.T) {
	b := &buggy{}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { b.whole = in.(whole); return b }})
	w.books.SetStock(oven, dec("7"), "")
	w.books.SetPrice(erp.Price{SKU: oven, List: "hall", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("5")}}})
	id := w.place()
	s := w.schedule("one", nil)
	_, err := s.Step(w.ctx)
	require.ErrorIs(t, err, erpsync.ErrBroken)
	w.agree(id)
	for name, failed := range map[erp.Stream]bool{erp.Prices: false, erp.Stocks: true, erp.Payments: true, erp.Orders: false, erpsync.Resync: true} {
		at := stream(t, s, name)
		require.Equal(t, failed, at.Failures == 1, "%+v", at)
		if failed {
			require.Contains(t, at.Cause, "panic: nil pointer")
		}
	}
	drift := erpsync.NewDrift(tenant, w.store, w.client, &erpsync.DriftOptions{Now: w.clock})
	_, err = drift.Run(w.ctx)
	require.ErrorIs(t, err, erpsync.ErrBroken)
	b.mended = true
	w.pass(time.Hour)
	_, err = s.Step(w.ctx)
	require.NoError(t, err)
	require.Equal(t, "7", w.onHand(oven))
	report, err := drift.Run(w.ctx)
	require.NoError(t, err)
	require.Empty(t, report.Differences)
}
