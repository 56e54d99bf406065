package mapping

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/store/internal/engine"
)

// TestBuyerMeansOrderable holds the search terms of products against the
// product's own rule, with ids that look like the terms themselves.
func TestBuyerMeansOrderable(t *testing.T) {
	ids := []access.PartnerID{"", "a", "all", "*", "p:", "p:a", "p:all", "é", " "}
	var lists [][]access.PartnerID
	for i, id := range ids {
		lists = append(lists, []access.PartnerID{id}, ids[:i], []access.PartnerID{ids[0], id, id})
	}
	seen := map[bool]int{}
	for _, online := range []bool{true, false} {
		for _, sale := range []catalog.Sale{catalog.SaleFree, catalog.SaleReferenced, catalog.SaleBlocked, ""} {
			for _, refs := range lists {
				p := catalog.Product{ID: "1", Online: online, Sale: sale, Referenced: refs, Tags: []string{"all", "p:a"}}
				row := must(productCodec.row(&p))
				for _, id := range ids {
					sel := must(compileProducts(catalog.Query{Buyer: &id}))
					want := p.OrderableBy(id) == nil
					require.Equal(t, want, engine.Match(products, row, sel.Where), fmt.Sprintf("%+v by %q", p, id))
					seen[want]++
				}
			}
		}
	}
	require.Greater(t, seen[true], 100)
	require.Greater(t, seen[false], 100)
}
