package trytonerp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

func productHead(r erp.Product) erp.Head { return r.Head }

// bySKU are rows by their article number.
func bySKU[R any](rows map[string]R, sku func(R) string) map[string]R {
	all := map[string]R{}
	for _, r := range rows {
		all[sku(r)] = r
	}
	return all
}

// Variants are told, each when it changes or its template does.
func TestProductsAreTold(t *testing.T) {
	t.Parallel()
	in := testtryton.Start(t, nil)
	a, ctx := connected(t, in.Address, Options{}), t.Context()
	rows, at := pulled(t, a.PullProducts, nil, productHead)
	all := bySKU(rows, func(p erp.Product) string { return p.SKU })
	require.Len(t, all, 10)
	for _, p := range all {
		require.NoError(t, p.Check())
	}
	cable := all["CABLE"]
	require.Equal(t, []any{"MTR", true, map[string]string{"": "Cable 3 × 1.5", "en": "Cable 3 × 1.5"}}, []any{cable.Unit, cable.Active, cable.Names})
	require.JSONEq(t, `{"template":"CABLE","type":"goods","description":"Cable 3 × 1.5, as shown","list_price":"1.9500"}`, string(cable.Raw))

	template, err := in.Search(ctx, "product.template", []any{"code", "=", "TOASTER"})
	require.NoError(t, err)
	require.NoError(t, in.Write(ctx, "product.template", template, map[string]any{"name": "Toaster TSF02"}))
	changed, at := pulled(t, a.PullProducts, at, productHead)
	require.Len(t, changed, 2)
	for _, p := range changed {
		require.Equal(t, "Toaster TSF02", p.Names["en"])
		require.Greater(t, p.Sequence, rows[p.ID].Sequence)
	}

	require.NoError(t, in.Write(ctx, "product.product", []int{numeral(all["BOOK-1"].ID)}, map[string]any{"active": false}))
	require.NoError(t, in.Write(ctx, "product.product", []int{numeral(all["BOOK-2"].ID)}, map[string]any{"code": "BOOK-2", "description": "Revised"}))
	changed, at = pulled(t, a.PullProducts, at, productHead)
	require.Len(t, changed, 2)
	require.False(t, changed[all["BOOK-1"].ID].Active)
	require.Contains(t, string(changed[all["BOOK-2"].ID].Raw), "Revised")
	none, _ := pulled(t, a.PullProducts, at, productHead)
	require.Empty(t, none)

	// Page by page in a page too small for the variants of a template.
	before := a.asked.Load()
	first, err := a.PullProducts(ctx, nil, 1)
	require.NoError(t, err)
	asked := a.asked.Load() - before
	before = a.asked.Load()
	whole, err := a.PullProducts(ctx, nil, 1000)
	require.NoError(t, err)
	require.Equal(t, asked, a.asked.Load()-before, "requests do not depend on the rows")
	require.Len(t, whole.Rows, 10)
	seen := map[string]int{}
	for p := first; ; {
		require.Len(t, p.Rows, 1)
		seen[p.Rows[0].ID]++
		if !p.More {
			break
		}
		p, err = a.PullProducts(ctx, p.Next, 1)
		require.NoError(t, err)
	}
	require.Len(t, seen, 10)
	listed := map[string]int{}
	for p := (erp.Page[string]{}); ; {
		p, err = a.ListIDs(ctx, erp.Products, p.Next, 1)
		require.NoError(t, err)
		for _, id := range p.Rows {
			listed[id]++
		}
		if !p.More {
			break
		}
	}
	require.Equal(t, seen, listed)
}
