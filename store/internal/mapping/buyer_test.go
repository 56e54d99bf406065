package mapping_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
	"github.com/comptoir-go/comptoir/uow"
)

var engines = map[string]func(t *testing.T) (store.Store, error){
	"memory": func(*testing.T) (store.Store, error) { return memstore.New(nil), nil },
	"sqlite": func(t *testing.T) (store.Store, error) {
		return sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), nil)
	},
	"postgres": func(t *testing.T) (store.Store, error) {
		return pgstore.Open(t.Context(), testpg.Schema(t), nil)
	},
}

func onEachEngine(t *testing.T, test func(t *testing.T, shop store.Tenanted)) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st, err := open(t)
			require.NoError(t, err)
			defer func() { require.NoError(t, st.Close()) }()
			shop, err := st.For("de")
			require.NoError(t, err)
			test(t, shop)
		})
	}
}

// hidden is one product in twelve that p1 may order, the others hidden from it
// for every possible reason; every fourth of those that it may is for it alone.
func hidden(n int) catalog.Product {
	p := catalog.Product{ID: catalog.ID(fmt.Sprintf("g%04d", n*7919%601)), Sale: catalog.SaleFree, Online: true, Tags: []string{"all"}}
	p.SKU = catalog.SKU("S" + p.ID[1:])
	switch {
	case n%48 == 0:
		p.Sale, p.Referenced = catalog.SaleReferenced, []access.PartnerID{"p2", "p1"}
	case n%12 == 0:
	case n%4 == 0:
		p.Sale = catalog.SaleBlocked
	case n%4 == 1:
		p.Online = false
	case n%4 == 2:
		p.Sale, p.Referenced = catalog.SaleReferenced, []access.PartnerID{"p", "p11", "P1", "*", "all"}
	default:
		p.Online, p.Sale, p.Referenced = false, catalog.SaleReferenced, []access.PartnerID{"p1"}
	}
	return p
}

// TestBuyersPagesAreFull lists a catalog of which a partner sees little: each
// page but the last is full, together they are what may be ordered, and the
// total is exact.
func TestBuyersPagesAreFull(t *testing.T) {
	onEachEngine(t, func(t *testing.T, shop store.Tenanted) {
		var all []catalog.Product
		require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			for n := range 600 {
				p, err := tx.Products().Save(ctx, hidden(n))
				if err != nil {
					return err
				}
				all = append(all, p)
			}
			return nil
		}))
		service := catalog.NewService(uow.Narrow(shop, func(tx store.Tx) catalog.Tx { return tx }), nil)
		for _, id := range []access.PartnerID{"p1", "p2", "p11", "*", "all", "nobody", ""} {
			want := orderable(all, id)
			require.Greater(t, len(want), 30)
			for _, limit := range []int{11, len(want), uow.MaxPage} {
				require.Equal(t, want, list(t, service, id, limit, len(want)), "%q in pages of %d", id, limit)
			}
		}
	})
}

func orderable(all []catalog.Product, id access.PartnerID) []catalog.SKU {
	var out []catalog.SKU
	for _, p := range all {
		if p.OrderableBy(id) == nil {
			out = append(out, p.SKU)
		}
	}
	slices.Sort(out)
	return out
}

func list(t *testing.T, s *catalog.Service, id access.PartnerID, limit, total int) []catalog.SKU {
	t.Helper()
	buyer := access.Actor{ID: "paula", Partner: id, Roles: []access.Role{access.Purchaser}}
	var got []catalog.SKU
	q := catalog.Query{Page: uow.PageRequest{Limit: limit, Count: true}}
	for {
		page, err := s.Find(t.Context(), buyer, q)
		require.NoError(t, err)
		require.Equal(t, &uow.Total{N: total}, page.Total)
		require.Len(t, page.Rows, min(limit, total-len(got)))
		for _, h := range page.Rows {
			got = append(got, h.SKU)
		}
		if page.Next == "" {
			return got
		}
		require.Less(t, len(got), total, "a page follows the last product")
		q.Page.After = page.Next
	}
}

// TestBuyerFollowsTheProduct changes who may order a product: the lists follow.
func TestBuyerFollowsTheProduct(t *testing.T) {
	onEachEngine(t, func(t *testing.T, shop store.Tenanted) {
		p := catalog.Product{ID: "g1", SKU: "S1"}
		for _, c := range []struct {
			online bool
			sale   catalog.Sale
			refs   []access.PartnerID
			seen   [3]int // by p1, by p2, by the seller
		}{
			{true, catalog.SaleFree, nil, [3]int{1, 1, 1}},
			{true, catalog.SaleReferenced, []access.PartnerID{"p1"}, [3]int{1, 0, 1}},
			{true, catalog.SaleReferenced, []access.PartnerID{"p2"}, [3]int{0, 1, 1}},
			{true, catalog.SaleBlocked, nil, [3]int{0, 0, 1}},
			{true, catalog.SaleFree, nil, [3]int{1, 1, 1}},
			{false, catalog.SaleFree, nil, [3]int{0, 0, 1}},
		} {
			p.Online, p.Sale, p.Referenced = c.online, c.sale, c.refs
			require.NoError(t, shop.Update(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				p, err = tx.Products().Save(ctx, p)
				return err
			}))
			var seen [3]int
			require.NoError(t, shop.View(t.Context(), func(ctx context.Context, tx store.Tx) error {
				for i, buyer := range []*access.PartnerID{new(access.PartnerID("p1")), new(access.PartnerID("p2")), nil} {
					page, err := tx.Products().Find(ctx, catalog.Query{Buyer: buyer})
					if err != nil {
						return err
					}
					seen[i] = len(page.Rows)
				}
				return nil
			}))
			require.Equal(t, c.seen, seen, "%+v", c)
		}
	})
}
