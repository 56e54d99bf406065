package erpsync_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

// Rows that were remembered by their sequence alone, as a number, keep that: an older
// one changes nothing. A comparison has them tell what they speak of, and then finds
// that they are deleted.
func TestRowsRememberedByTheirSequenceAlone(t *testing.T) {
	w := stocked(t, setup{}, 12)
	plain := func(change func(int64) int64) {
		require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx store.Tx) error {
			for _, of := range []string{"products/", "prices/", "stock/", "held/"} {
				all, err := tx.Inbox().Cursors(ctx, of, "", 500)
				require.NoError(t, err)
				require.NotEmpty(t, all, of)
				for _, c := range all {
					var is struct{ Sequence int64 }
					if of != "held/" {
						require.NoError(t, json.Unmarshal(c.Value, &is))
						c.Value = strconv.AppendInt(nil, change(is.Sequence), 10)
					} else {
						c.Value = nil
					}
					require.NoError(t, tx.Inbox().Move(ctx, event.Cursor{Stream: c.Stream, Version: c.Version, Value: c.Value, At: c.At}))
				}
			}
			return nil
		}))
	}
	plain(func(n int64) int64 { return n })
	w.pass(time.Minute)
	_, err := w.goods.SetAvailability(w.ctx, admin, catalog.SetAvailabilityInput{Stock: []catalog.Availability{
		{Product: w.product("A-05").ID, OnHand: quantity("3"), At: w.clock()}}})
	require.NoError(t, err)
	n, err := w.resyncs()
	require.NoError(t, err)
	require.Zero(t, n)
	w.pulls()
	for i := range 12 {
		want := full
		if i == 5 { // counted here since
			want = "on standard 5 autumn 4 3"
		}
		require.Equal(t, want, w.shown(catalog.SKU(sku(i))))
	}
	require.True(t, w.books.Delete(erp.Products, "1"))
	require.True(t, w.books.Delete(erp.Prices, "3"))
	require.True(t, w.books.Delete(erp.Stocks, "3"))
	n, err = w.resyncs()
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.True(t, strings.HasPrefix(w.shown("A-00"), "off "))
	require.Equal(t, "on autumn 4 7", w.shown("A-01"))
	require.Equal(t, "on standard 5 autumn 4 0", w.shown("A-02"))

	w = stocked(t, setup{}, 1)
	plain(func(n int64) int64 { return n + 1000 })
	w.books.SetPrice(erp.Price{SKU: sku(0), List: "standard", Currency: "EUR", Breaks: []erp.PriceBreak{{UnitPrice: dec("6")}}})
	w.books.SetStock(sku(0), dec("9"), "")
	w.pulls()
	require.Equal(t, full, w.shown("A-00"))
}
