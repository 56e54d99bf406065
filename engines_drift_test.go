package comptoir_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/order"
)

// Every engine keeps a report of many differences, whole, and tells of each once.
func TestDriftOnEveryEngine(t *testing.T) {
	const orders = 40
	var first string
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			ctx, k := t.Context(), stocked(t, st)
			books := memerp.New(nil)
			client := k.ERP(books.Adapter(), nil)
			for i := range orders {
				p := offered(t, k, fmt.Sprint("Kitchen ", i))
				got, err := k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
				require.NoError(t, err)
				_, err = k.Orders.Advance(ctx, clerk, order.AdvanceInput{Order: got.Order, On: order.Validate})
				require.NoError(t, err)
			}
			relay, puller, drift := k.Relay(client, nil), k.Puller(client, nil), k.Drift(client, nil)
			for n := 1; n > 0; {
				var err error
				n, err = relay.Step(ctx)
				require.NoError(t, err)
			}
			_, err := puller.Step(ctx)
			require.NoError(t, err)
			report, err := drift.Run(ctx)
			require.NoError(t, err)
			require.Empty(t, report.Differences)
			require.Equal(t, orders, report.Sums[0].There)
			require.Equal(t, report.Sums[0].Ours, report.Sums[0].Theirs)

			for _, d := range books.Orders() {
				require.True(t, books.Edit(d.ID, func(o *erp.Order) { o.Lines[0].Quantity = decimal.NewFromInt(3) }))
			}
			_, err = puller.Step(ctx)
			require.NoError(t, err)
			report, err = drift.Run(ctx)
			require.NoError(t, err)
			require.Len(t, report.Differences, 5*orders)
			kept, err := drift.Last(ctx, clerk)
			require.NoError(t, err)
			require.Equal(t, report, kept)
			_, err = drift.Run(ctx)
			require.NoError(t, err)
			require.Equal(t, 5*orders, driftEvents(ctx, t, k.Store.Queue()))
			text := ""
			for _, d := range report.Differences[:5] {
				text += fmt.Sprintln(d.Document, d.Field, d.Cause, d.Ours, d.Theirs, d.Money)
			}
			if first == "" {
				first = text
			}
			require.Equal(t, first, text)
		})
	}
}

// driftEvents counts the events of drift that wait.
func driftEvents(ctx context.Context, t *testing.T, q event.Queue) (n int) {
	for {
		ds, err := q.Claim(ctx, event.Claim{Topic: event.Facts, Limit: 200, Lease: time.Minute})
		require.NoError(t, err)
		if len(ds) == 0 {
			return n
		}
		for _, d := range ds {
			if d.Type == "drift.found" {
				n++
			}
			require.NoError(t, q.Done(ctx, d))
		}
	}
}
