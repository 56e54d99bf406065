package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
)

// ahead tells of stock with a clock that is ahead, until it is mended.
type ahead struct {
	whole
	by time.Duration
}

func (a *ahead) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	page, err := a.whole.PullStock(ctx, after, limit)
	for i, r := range page.Rows {
		at, err := time.Parse(time.RFC3339, r.At)
		if err != nil {
			return page, err
		}
		page.Rows[i].At = at.Add(a.by).Format(time.RFC3339)
	}
	return page, err
}

// A clock of theirs that was ahead does not keep later counts out when it is
// set right.
func TestStockOfAClockThatWasAhead(t *testing.T) {
	a := &ahead{by: 26 * time.Hour}
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { a.whole = in.(whole); return a }})
	onHand := func() string {
		have, err := w.goods.Availability(w.ctx, operator, []catalog.ID{"p-" + oven})
		require.NoError(t, err)
		return have["p-"+oven].OnHand.String()
	}
	w.books.SetStock(oven, dec("7"), "")
	w.pulls()
	require.Equal(t, "7", onHand())
	a.by = 0
	w.pass(time.Minute)
	w.books.SetStock(oven, dec("3"), "")
	w.pulls()
	require.Equal(t, "3", onHand())
}
