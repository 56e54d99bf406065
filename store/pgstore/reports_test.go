package pgstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

// The reports of deliveries, invoices and payments show amounts in units of
// their currency, days as dates and none as null, to their own tenant only.
func TestLaterReports(t *testing.T) {
	ctx := context.Background()
	shop, pool := open(t)
	day := partner.MustDate("2026-03-01")
	half, err := money.ParseQuantity("1.5")
	require.NoError(t, err)
	require.NoError(t, shop.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		d := order.Delivery{ID: "d", Order: "o", Number: "OUT/1", Kind: order.Outgoing, State: order.Shipped, Date: day,
			Lines: []order.DeliveryLine{{Line: "1", SKU: "0012", Quantity: half}, {Line: "2", SKU: "0013", Quantity: half, Excess: half}}}
		if _, err := tx.Deliveries().Save(ctx, d); err != nil {
			return err
		}
		if _, err := tx.Deliveries().Save(ctx, order.Delivery{ID: "e", Order: "o", Number: "OUT/2"}); err != nil {
			return err
		}
		for _, cur := range []money.Currency{money.EUR, money.JPY, money.BHD, money.CLF} {
			code := cur.Code()
			i := billing.Document{ID: billing.ID(code), Record: billing.Record{Number: code, Kind: billing.Invoice, Currency: cur, Issued: day},
				Paid: money.FromMinor(23456, cur)}
			i.Totals = billing.Totals{Net: money.FromMinor(100000, cur), Tax: money.FromMinor(23456, cur),
				Gross: money.FromMinor(123456, cur), Payable: money.FromMinor(123456, cur)}
			if _, err := tx.Invoices().Save(ctx, i); err != nil {
				return err
			}
			p := billing.Payment{ID: billing.PaymentID(code), Number: code, Amount: money.FromMinor(23456, cur), Date: day}
			if _, err := tx.Payments().Save(ctx, p); err != nil {
				return err
			}
		}
		if _, err := tx.Campaigns().Save(ctx, pricing.Campaign{ID: "k", Name: "Welcome"}); err != nil {
			return err
		}
		u := pricing.Redemption{ID: "u", Code: "C0DE", Text: "CODE", Campaign: "k", Cart: "c", State: pricing.CodeReserved, Until: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
		_, err := tx.Redemptions().Save(ctx, u)
		return err
	}))
	conn, err := pool.Acquire(ctx)
	require.NoError(t, err)
	defer conn.Release()
	as := func(tenant, sql string) []string {
		t.Helper()
		_, err := conn.Exec(ctx, "select set_config('comptoir.tenant', $1, false)", tenant)
		require.NoError(t, err)
		rows, err := conn.Query(ctx, sql)
		require.NoError(t, err)
		out, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return out
	}
	defer func() {
		_, err := conn.Exec(ctx, "reset comptoir.tenant")
		require.NoError(t, err)
	}()
	for _, c := range []struct {
		sql  string
		want []string
	}{
		{"select number || ' ' || coalesce(moved_on::text, 'none') || ' ' || coalesce(sku || ' ' || quantity || ' ' || excess, 'empty')" +
			" from deliveries_report order by number, position",
			[]string{"OUT/1 2026-03-01 0012 1.5 0", "OUT/1 2026-03-01 0013 1.5 1.5", "OUT/2 none empty"}},
		{"select number || ' ' || net || ' ' || tax || ' ' || gross || ' ' || payable || ' ' || remaining || ' ' || issued || ' ' || coalesce(due::text, 'none')" +
			" from invoices_report order by number", []string{
			"BHD 100.000 23.456 123.456 123.456 100.000 2026-03-01 none", "CLF 10.0000 2.3456 12.3456 12.3456 10.0000 2026-03-01 none",
			"EUR 1000.00 234.56 1234.56 1234.56 1000.00 2026-03-01 none", "JPY 100000 23456 123456 123456 100000 2026-03-01 none"}},
		{"select number || ' ' || amount || ' ' || paid_on from payments_report order by number",
			[]string{"BHD 23.456 2026-03-01", "CLF 2.3456 2026-03-01", "EUR 234.56 2026-03-01", "JPY 23456 2026-03-01"}},
		{"select text || ' ' || campaign_name || ' ' || state || ' ' || (held_until at time zone 'UTC') || ' ' || coalesce(order_id, 'none') from redemptions_report",
			[]string{"CODE Welcome reserved 2026-03-01 09:00:00 none"}},
	} {
		require.Equal(t, c.want, as("fr", c.sql))
		require.Empty(t, as("de", c.sql))
		require.Empty(t, as("", c.sql))
	}
}
