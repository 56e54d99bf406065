package trytonerp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func messageHead(r erp.Message) erp.Head { return r.Head }

// Notes on what is of our web shop are told with their document, ours as they
// were pushed, people's as internal.
func TestMessagesAreTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	c, a, ctx := in.Client, connected(t, in.Address, Options{WebShop: "Connector"}), t.Context()
	_, at := pulled(t, a.PullMessages, nil, messageHead)
	id := keyed(t, c, fresh(t), testtryton.Item{Code: "KETTLE-1", Quantity: "1"})
	foreign, err := c.Enter(ctx, testtryton.Draft{Customer: "C0001", Items: []testtryton.Item{{Code: "KETTLE-1", Quantity: "1"}}})
	require.NoError(t, err)
	require.NoError(t, c.Confirm(ctx, id))
	s, err := c.Sale(ctx, id)
	require.NoError(t, err)
	shipment := reference(shipmentOut, int64(s.Shipments[0]))
	ours := erp.Message{Head: erp.Head{Key: fresh(t)}, Kind: "order", Document: idText(int64(id)), Author: "Léonie", Text: "Before noon.\nGate 2"}
	_, err = a.PushMessage(ctx, ours)
	require.NoError(t, err)
	for on, text := range map[string]string{shipment: "ring twice", reference("sale.sale", int64(foreign)): "none of ours"} {
		_, err = c.Create(ctx, "ir.note", map[string]any{"resource": on, "message": text})
		require.NoError(t, err)
	}
	rows, at := pulled(t, a.PullMessages, at, messageHead)
	require.Len(t, rows, 2)
	for _, m := range rows {
		require.NoError(t, m.Check())
		when, err := time.Parse(time.RFC3339Nano, m.At)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), when, 10*time.Minute)
		if m.At, m.Head.ID, m.Sequence = "", "", 0; m.Key == "" {
			require.Equal(t, erp.Message{Kind: "delivery", Document: shipment, Author: "Administrator", Text: "ring twice", Internal: true}, m)
		} else {
			require.Equal(t, ours, m)
		}
	}
	none, _ := pulled(t, a.PullMessages, at, messageHead)
	require.Empty(t, none)
	list, err := a.ListIDs(ctx, erp.Messages, nil, 1000)
	require.NoError(t, err)
	for id := range rows {
		require.Contains(t, list.Rows, id)
	}
}
