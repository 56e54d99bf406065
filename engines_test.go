package comptoir_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/testpg"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/store/pgstore"
	"github.com/comptoir-go/comptoir/store/sqlitestore"
	"github.com/comptoir-go/comptoir/uow"
)

// engines opens each engine; the waits suit a thousand callers at once.
var engines = map[string]func(t *testing.T) store.Store{
	"memory": func(*testing.T) store.Store { return memstore.New(&memstore.Options{Wait: time.Minute}) },
	"sqlite": func(t *testing.T) store.Store {
		st, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"), &sqlitestore.Options{Wait: time.Minute})
		require.NoError(t, err)
		return patient{st}
	},
	"postgres": func(t *testing.T) store.Store {
		st, err := pgstore.Open(t.Context(), testpg.Schema(t), &pgstore.Options{Wait: time.Minute})
		require.NoError(t, err)
		return patient{st}
	},
}

// patient asks a store that is too busy again: how long it tries by itself is
// bounded by the clock, and a machine may be slow.
type patient struct{ store.Store }

func (p patient) For(t access.Tenant) (store.Tenanted, error) {
	in, err := p.Store.For(t)
	return patientTenant{in}, err
}

type patientTenant struct{ store.Tenanted }

func (p patientTenant) View(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return patiently(func() error { return p.Tenanted.View(ctx, fn) })
}

func (p patientTenant) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return patiently(func() error { return p.Tenanted.Update(ctx, fn) })
}

func patiently(run func() error) (err error) {
	for err = run(); errors.Is(err, uow.ErrBusy); err = run() {
	}
	return err
}

var (
	boss  = access.Actor{ID: "anna", Roles: []access.Role{access.Admin}}
	bruno = access.Actor{ID: "bruno", Partner: "nord", Roles: []access.Role{access.Purchaser}}
)

// stocked opens a counter with one partner and one product.
func stocked(t *testing.T, st store.Store) *comptoir.Counter {
	t.Helper()
	return stockedAs(t, st, "fr", "FR10002527")
}

// stockedAs opens the counter of a tenant, whose partner has a number.
func stockedAs(t *testing.T, st store.Store, as access.Tenant, number string) *comptoir.Counter {
	t.Helper()
	return stockedWith(t, st, as, number, nil)
}

// stockedWith is stockedAs by a clock, nil for the machine's.
func stockedWith(t *testing.T, st store.Store, as access.Tenant, number string, now func() time.Time) *comptoir.Counter {
	t.Helper()
	ctx := t.Context()
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: settings(), Now: now})
	require.NoError(t, err)
	k, err := c.For(as)
	require.NoError(t, err)
	home := partner.Address{Company: "Studio Nord", Street: "4 quai de l'Ouest", Postcode: "59000", City: "Lille", Country: "FR"}
	_, err = k.Partners.Register(ctx, boss, partner.RegisterInput{Partner: partner.Partner{
		ID: "nord", Number: number, Name: "Studio Nord", Type: partner.Studio, Active: true,
		Counterparties: []partner.Counterparty{{ID: "legal", Name: "Studio Nord SARL", Country: "FR", VATID: "FR87900123456", Invoice: home, Default: true}},
	}})
	require.NoError(t, err)
	_, err = k.Catalog.Save(ctx, boss, catalog.SaveInput{Product: catalog.Product{
		ID: "gasket", SKU: "065612405", Names: map[string]string{"en": "Door gasket"}, Unit: "C62", Tax: "standard", Online: true, Sale: catalog.SaleFree,
		Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice("9.45", money.EUR)}}}},
	}})
	require.NoError(t, err)
	return k
}

// offered makes a priced cart.
func offered(t *testing.T, k *comptoir.Counter, name string) cart.Priced {
	t.Helper()
	c, err := k.Carts.Create(t.Context(), bruno, cart.CreateInput{Name: name})
	require.NoError(t, err)
	_, err = k.Carts.Put(t.Context(), bruno, cart.PutInput{Cart: c.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
	require.NoError(t, err)
	p, err := k.Carts.Recalculate(t.Context(), bruno, cart.RecalculateInput{Cart: c.ID})
	require.NoError(t, err)
	return p
}

// A thousand goroutines order one cart at once: one order, and everyone else
// is told which.
func TestThousandOrdersOfOneCartAreOne(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := stocked(t, st)
			p := offered(t, k, "Kitchen")
			const racers = 1000
			receipts, errs := make([]order.Receipt, racers), make([]error, racers)
			var wg sync.WaitGroup
			for i := range racers {
				wg.Go(func() {
					receipts[i], errs[i] = k.Orders.Place(context.Background(), bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
				})
			}
			wg.Wait()
			var won []order.Receipt
			for i, err := range errs {
				if err == nil {
					won = append(won, receipts[i])
				}
			}
			require.Len(t, won, 1)
			for _, err := range errs {
				var already *cart.AlreadyOrdered
				if err != nil {
					require.ErrorAs(t, err, &already)
					require.Equal(t, won[0].Order, already.Order)
				}
			}
			page, err := k.Orders.Find(t.Context(), bruno, order.Query{})
			require.NoError(t, err)
			require.Len(t, page.Rows, 1)
			require.Equal(t, won[0].Ref, page.Rows[0].Ref)
		})
	}
}

// Many customers' clerks order many carts at once: every reference once, none
// left out.
func TestReferencesAreGaplessUnderLoad(t *testing.T) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			defer func() { require.NoError(t, st.Close()) }()
			k := stocked(t, st)
			const carts = 40
			var offers []cart.Priced
			for i := range carts {
				offers = append(offers, offered(t, k, fmt.Sprint("Cart ", i)))
			}
			refs := make([]order.Ref, carts)
			errs := make([]error, carts)
			var wg sync.WaitGroup
			for i, p := range offers {
				wg.Go(func() {
					r, err := k.Orders.Place(context.Background(), bruno, order.PlaceInput{Cart: p.Cart.ID, Seal: p.Quote.Seal})
					refs[i], errs[i] = r.Ref, err
				})
			}
			wg.Wait()
			seen := map[int64]bool{}
			for i, ref := range refs {
				require.NoError(t, errs[i])
				parts, err := k.Orders.Numbering().Parse(ref, "FR10002527")
				require.NoError(t, err)
				require.False(t, seen[parts.Seq], ref)
				seen[parts.Seq] = true
			}
			for n := int64(1); n <= carts; n++ {
				require.True(t, seen[n], "number %d is missing", n)
			}
		})
	}
}
