package trytonerp

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func priceHead(r erp.Price) erp.Head { return r.Head }

func breakTexts(p erp.Price) (all []string) {
	for _, b := range p.Breaks {
		all = append(all, fmt.Sprintf("%s from %s", text(b.UnitPrice), text(b.From)))
	}
	return all
}

// Prices of lists are told where they are asked for: an article's when it
// changes, and all of them when a list does.
func TestPricesAreTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	none := connected(t, in.Address, Options{})
	require.False(t, erp.Has(none.Adapter, erp.OpPullPrices))
	require.True(t, erp.Has(none.Adapter, erp.OpPullStock))
	_, err := none.PullPrices(t.Context(), nil, 10)
	require.Equal(t, erp.Unsupported, erp.ClassOf(err))

	a, ctx := connected(t, in.Address, Options{PriceLists: []string{"Service centers", "Dealers"}}), t.Context()
	rows, at := pulled(t, a.PullPrices, nil, priceHead)
	require.Len(t, rows, 20)
	on := func(p erp.Price) string { return p.List + " " + p.SKU }
	all := bySKU(rows, on)
	for _, p := range all {
		require.NoError(t, p.Check())
		require.Equal(t, []any{"EUR", false}, []any{p.Currency, p.Gross})
	}
	require.Equal(t, []string{"84.915 from 0", "79.92 from 10"}, breakTexts(all["Dealers KETTLE-1"]))
	require.Equal(t, []string{"79.9 from 0", "74.9 from 10", "69.9 from 100"}, breakTexts(all["Service centers KETTLE-1"]))
	require.Equal(t, []string{"1250 from 0"}, breakTexts(all["Service centers FRIDGE-1"]))

	template, err := in.Search(ctx, "product.template", []any{"code", "=", "FRIDGE-1"})
	require.NoError(t, err)
	require.NoError(t, in.Write(ctx, "product.template", template, map[string]any{"list_price": testtryton.Decimal("1000.00")}))
	changed, at := pulled(t, a.PullPrices, at, priceHead)
	require.Len(t, changed, 2)
	require.Equal(t, []string{"850 from 0", "800 from 10"}, breakTexts(bySKU(changed, on)["Dealers FRIDGE-1"]))

	require.NoError(t, in.Write(ctx, "product.product", []int{numeral(idText(recordRef("product.product,"+all["Dealers BOOK-1"].ID[:len(all["Dealers BOOK-1"].ID)-2], "product.product")))},
		map[string]any{"active": false}))
	changed, at = pulled(t, a.PullPrices, at, priceHead)
	require.Len(t, changed, 2)
	require.Empty(t, bySKU(changed, on)["Dealers BOOK-1"].Breaks)

	lines, err := in.Search(ctx, "product.price_list.line", []any{"price_list.name", "=", "Dealers"}, []any{"quantity", "=", 10})
	require.NoError(t, err)
	require.NoError(t, in.Write(ctx, "product.price_list.line", lines, map[string]any{"formula": "unit_price * 0.75"}))
	changed, at = pulled(t, a.PullPrices, at, priceHead)
	require.Len(t, changed, 20)
	for id, p := range changed {
		require.Greater(t, p.Sequence, rows[id].Sequence)
	}
	require.Equal(t, []string{"84.915 from 0", "74.925 from 10"}, breakTexts(bySKU(changed, on)["Dealers KETTLE-1"]))
	before := changed
	_, err = in.Call(ctx, "model.product.price_list.line.delete", lines)
	require.NoError(t, err)
	changed, at = pulled(t, a.PullPrices, at, priceHead)
	require.Len(t, changed, 20, "a line that is deleted leaves no later time")
	for id, p := range changed {
		require.Greater(t, p.Sequence, before[id].Sequence)
	}
	require.Equal(t, []string{"84.915 from 0"}, breakTexts(bySKU(changed, on)["Dealers KETTLE-1"]))
	idle, _ := pulled(t, a.PullPrices, at, priceHead)
	require.Empty(t, idle)
	asked := a.asked.Load()
	list, err := a.ListIDs(ctx, erp.Prices, nil, 100)
	require.Equal(t, int64(4), a.asked.Load()-asked, "no price is asked for")
	require.NoError(t, err)
	require.Len(t, list.Rows, 20)
}
