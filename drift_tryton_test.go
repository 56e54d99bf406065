package comptoir_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/testtryton"
	"github.com/comptoir-go/comptoir/order"
)

// What Tryton's people do by hand is named with its cause; what they do in the
// ordinary way is not.
func TestDriftNamesWhatTrytonsPeopleDo(t *testing.T) {
	s, ctx := besideTryton(t), t.Context()
	differences := func() (out []string) {
		report, err := s.Drift(s.client, nil).Run(ctx)
		require.NoError(t, err)
		require.Empty(t, report.Unread)
		for _, d := range report.Differences {
			what := d.Field
			if what == "" {
				what = string(d.Fault)
			}
			out = append(out, fmt.Sprintf("%s %s %s: %s | %s %s", d.Document, what, d.Cause, d.Ours, d.Theirs, d.Money))
		}
		return out
	}
	linked := func(ids ...order.ID) func() bool {
		return func() bool {
			for _, id := range ids {
				if s.get(id).ERP.Sequence == 0 {
					return false
				}
			}
			return true
		}
	}
	edited, deleted, sent := s.places("edited"), s.places("deleted"), s.places("sent")
	_, err := s.Orders.Advance(ctx, clerk, order.AdvanceInput{Order: sent, On: order.Validate})
	require.NoError(t, err)
	s.work(linked(edited, deleted, sent))
	require.NoError(t, s.server.Confirm(ctx, s.twin(sent).ID))
	s.work(func() bool { return s.get(sent).State == order.Confirmed })
	require.Empty(t, differences())

	sale := s.twin(edited)
	require.NoError(t, s.server.Write(ctx, "sale.line", sale.Lines[:1], map[string]any{"quantity": testtryton.Decimal("9")}))
	gone := s.twin(deleted).ID
	require.NoError(t, s.server.Cancel(ctx, gone))
	_, err = s.server.Call(ctx, "model.sale.sale.delete", []int{gone})
	require.NoError(t, err)
	_, err = s.server.Deliver(ctx, s.twin(sent).ID)
	require.NoError(t, err)
	_, err = s.server.PostInvoices(ctx, s.twin(sent).ID)
	require.NoError(t, err)
	found := differences()
	require.Len(t, found, 7, "%q", found)
	require.Contains(t, strings.Join(found, "\n"), "order ordered edited_by_hand: ")
	require.Subset(t, found, []string{
		"order missing_there lost_document: awaiting_validation |  -425.56 EUR",
		"invoice missing_here not_yet_pulled:  | posted 425.56 EUR",
		"delivery state not_yet_pulled: planned | done ",
	})
	s.work(func() bool { return len(s.get(sent).Bills) == 1 })
	require.Len(t, differences(), 5, "the edited order's quantity and sums, and the lost one")
}
