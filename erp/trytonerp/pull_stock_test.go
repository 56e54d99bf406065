package trytonerp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func stockHead(r erp.Stock) erp.Head { return r.Head }

// Stock is told as it is set aside and leaves, and when more comes.
func TestStockIsTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	a, ctx := connected(t, in.Address, Options{}), t.Context()
	rows, at := pulled(t, a.PullStock, nil, stockHead)
	for _, s := range rows {
		require.NoError(t, s.Check())
	}
	sku := func(s erp.Stock) string { return s.SKU }
	all := bySKU(rows, sku)
	require.Len(t, all, 9, "a service is not in stock")
	require.Equal(t, []string{"1000.5", "500", "20"}, []string{text(all["CABLE"].Available), text(all["KETTLE-1"].Available), text(all["TOASTER-RED"].Available)})

	id := keyed(t, in.Client, "k1", testtryton.Item{Code: "CABLE", Quantity: "0.25"}, testtryton.Item{Code: "KETTLE-1", Quantity: "3"})
	require.NoError(t, in.Confirm(ctx, id))
	s, err := in.Sale(ctx, id)
	require.NoError(t, err)
	require.NoError(t, in.Press(ctx, shipmentOut, "wait", s.Shipments[0]))
	_, err = in.Call(ctx, "model.stock.shipment.out.assign_try", []int{s.Shipments[0]})
	require.NoError(t, err)
	changed, at := pulled(t, a.PullStock, at, stockHead)
	require.Equal(t, []string{"1000.25", "497"}, []string{text(bySKU(changed, sku)["CABLE"].Available), text(bySKU(changed, sku)["KETTLE-1"].Available)})

	_, err = in.Deliver(ctx, id, testtryton.Item{Code: "CABLE", Quantity: "0.25"}, testtryton.Item{Code: "KETTLE-1", Quantity: "1"})
	require.NoError(t, err)
	changed, at = pulled(t, a.PullStock, at, stockHead)
	require.Equal(t, []string{"1000.25", "499"}, []string{text(bySKU(changed, sku)["CABLE"].Available), text(bySKU(changed, sku)["KETTLE-1"].Available)})

	tomorrow := day(time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly))
	place := func(kind string) int {
		ids, err := in.Search(ctx, "stock.location", []any{"type", "=", kind})
		require.NoError(t, err)
		return ids[0]
	}
	units, err := in.Search(ctx, "product.uom", []any{"name", "=", "Meter"})
	require.NoError(t, err)
	companies, err := in.Search(ctx, "company.company")
	require.NoError(t, err)
	_, err = in.Create(ctx, "stock.move", map[string]any{"product": numeral(all["CABLE"].ID), "quantity": 500, "uom": units[0], "from_location": place("supplier"),
		"to_location": place("storage"), "planned_date": tomorrow, "company": companies[0], "unit_price": testtryton.Decimal("1.00"), "currency": 1})
	require.NoError(t, err)
	changed, at = pulled(t, a.PullStock, at, stockHead)
	require.Len(t, changed, 1)
	require.Equal(t, string(tomorrow), changed[all["CABLE"].ID].Expected)
	none, _ := pulled(t, a.PullStock, at, stockHead)
	require.Empty(t, none)

	again, _ := pulled(t, a.PullStock, nil, stockHead)
	require.Equal(t, changed[all["CABLE"].ID], again[all["CABLE"].ID], "read anew it is the same")
	list, err := a.ListIDs(ctx, erp.Stocks, nil, 100)
	require.NoError(t, err)
	require.Len(t, list.Rows, 9)
}
