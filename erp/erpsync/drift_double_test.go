package erpsync_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/order"
)

// doubling makes two documents of each push and loses the answer: both tell of one
// key, and neither is noted here.
type doubling struct{ whole }

const again = "~2"

func (a doubling) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	second := o
	second.Key += again
	for _, o := range []erp.Order{o, second} {
		if _, err := a.whole.PushOrder(ctx, o); err != nil {
			return erp.Receipt{}, err
		}
	}
	return erp.Receipt{}, erp.Lost(erp.OpPush, nil)
}

func (a doubling) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	p, err := a.whole.PullOrders(ctx, after, limit)
	for i := range p.Rows {
		p.Rows[i].Key = strings.TrimSuffix(p.Rows[i].Key, again)
	}
	return p, err
}

// A second document of a key is found however far it lies from the first, also
// while neither is noted here. Of two of which one has ended the other counts.
func TestDriftFindsADoubleOnAnotherPage(t *testing.T) {
	w := newWorld(t, setup{wrap: func(_ *world, in erp.Adapter) erp.Adapter { return doubling{in.(whole)} }})
	made := func() (id order.ID, first, second string) {
		id = w.place()
		w.step()
		require.Empty(t, w.get(id).ERP.ID)
		all := w.books.Orders()
		return id, all[len(all)-2].ID, all[len(all)-1].ID
	}
	_, _, double := made()
	_, _, ended := made()
	require.True(t, w.books.Cancel(ended, "a double"))
	_, ended, _ = made()
	require.True(t, w.books.Cancel(ended, "a double"))
	_, first, second := made()
	require.True(t, w.books.Cancel(first, "no more wanted") && w.books.Cancel(second, "no more wanted"))
	for _, page := range []int{100, 1, 2, 3} {
		got := w.drift(erpsync.DriftOptions{Page: page}).Differences
		require.Equal(t, []string{"order double double_document (790.68 EUR)", "order state not_yet_pulled: awaiting_validation | cancelled"}, differences(got), "pages of %d", page)
		require.Equal(t, []string{double, first}, []string{got[0].ERPID, got[1].ERPID})
	}
}
