package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/uow"
)

var ctx = context.Background()

func saved(t testing.TB, products ...catalog.Product) (*fake, *catalog.Service) {
	t.Helper()
	f := newFake()
	s := catalog.NewService(f, options())
	for _, p := range products {
		_, err := s.Save(ctx, admin, catalog.SaveInput{Product: p})
		require.NoError(t, err)
	}
	return f, s
}

func TestSaveCreatesAndReplaces(t *testing.T) {
	f, s := saved(t)
	in := hinge()
	in.ID, in.Prices[0].Stated = "", ""
	p, err := s.Save(ctx, admin, catalog.SaveInput{Product: in})
	require.NoError(t, err)
	require.Equal(t, catalog.ID("id1"), p.ID)
	require.Equal(t, catalog.Net, p.Prices[0].Stated)
	require.Empty(t, in.Prices[0].Stated)
	require.Equal(t, noon, p.CreatedAt)
	require.JSONEq(t, `{"id":"id1","sku":"065612405","new":true,"by":"adele"}`, string(f.events[0].Data))

	p.Tax = "reduced"
	again, err := s.Save(ctx, admin, catalog.SaveInput{Product: p})
	require.NoError(t, err)
	require.EqualValues(t, 2, again.Version)
	require.JSONEq(t, `{"id":"id1","sku":"065612405","by":"adele"}`, string(f.events[1].Data))
	require.Equal(t, "product/id1", f.events[1].Subject)

	_, err = s.Save(ctx, admin, catalog.SaveInput{Product: p})
	require.ErrorIs(t, err, uow.ErrVersion)
	other := hinge()
	other.ID = "g9"
	_, err = s.Save(ctx, admin, catalog.SaveInput{Product: other})
	require.ErrorIs(t, err, catalog.ErrExists)
	other.Version = 3
	_, err = s.Save(ctx, admin, catalog.SaveInput{Product: other})
	require.ErrorIs(t, err, catalog.ErrNotFound)
	// A stale version is told before what is wrong with the product.
	p.SKU = ""
	_, err = s.Save(ctx, admin, catalog.SaveInput{Product: p})
	require.ErrorIs(t, err, uow.ErrVersion)
	p.Version = 2
	_, err = s.Save(ctx, admin, catalog.SaveInput{Product: p})
	require.ErrorIs(t, err, catalog.ErrInvalid)
	require.Len(t, f.events, 2)
}

func TestWhoMayEdit(t *testing.T) {
	f, s := saved(t, hinge())
	changed := hinge()
	changed.Version = 1
	for _, c := range []struct {
		actor access.Actor
		want  error
	}{
		{operator, access.ErrForbidden}, {purchaser, access.ErrForbidden}, {access.Actor{}, catalog.ErrNotFound},
		{access.Machine("erp"), nil},
	} {
		stock := catalog.SetAvailabilityInput{Stock: []catalog.Availability{{Product: "g1", OnHand: qty("3"), At: noon}}}
		_, err1 := s.Save(ctx, c.actor, catalog.SaveInput{Product: changed})
		_, err2 := s.SaveMany(ctx, c.actor, catalog.SaveManyInput{Products: []catalog.Product{{}}})
		_, err3 := s.SetAvailability(ctx, c.actor, stock)
		if c.want == nil {
			require.NoError(t, err1)
			require.ErrorIs(t, err2, catalog.ErrInvalid)
			require.NoError(t, err3)
			continue
		}
		for _, err := range []error{err1, err2, err3} {
			require.ErrorIs(t, err, c.want)
		}
		require.Len(t, f.events, 1)
	}
}

func TestSaveManyIsAllOrNothing(t *testing.T) {
	f, s := saved(t)
	a, b, c := hinge(), hinge(), hinge()
	b.ID, b.SKU, b.Unit = "g2", "INOX-SP", "pcs"
	c.ID, c.Names = "g3", nil
	_, err := s.SaveMany(ctx, admin, catalog.SaveManyInput{Key: "k", Products: []catalog.Product{a, b, c}})
	require.ErrorIs(t, err, catalog.ErrInvalid)
	require.Equal(t, []string{"products[1].unit unit.shape", "products[2].names required", "products[2].sku sku.twice"}, found(err))
	require.Empty(t, f.products)
	require.Empty(t, f.events)

	b.Unit, c.SKU, c.Names = "C62", "000123", a.Names
	in := catalog.SaveManyInput{Key: "k", Products: []catalog.Product{a, b, c}}
	out, err := s.SaveMany(ctx, admin, in)
	require.NoError(t, err)
	require.Equal(t, []catalog.Saved{{ID: "g1", SKU: "065612405", Version: 1}, {ID: "g2", SKU: "INOX-SP", Version: 1},
		{ID: "g3", SKU: "000123", Version: 1}}, out)
	again, err := s.SaveMany(ctx, admin, in)
	require.NoError(t, err)
	require.Equal(t, out, again)
	require.Len(t, f.events, 3)

	// One conflict at the end undoes all.
	d := hinge()
	d.ID, d.SKU = "g4", "D"
	_, err = s.SaveMany(ctx, admin, catalog.SaveManyInput{Products: []catalog.Product{d, {ID: "g5", SKU: "D",
		Names: d.Names, Unit: "C62", Tax: "standard", Sale: catalog.SaleFree}, b}})
	require.ErrorIs(t, err, catalog.ErrInvalid)
	_, err = s.SaveMany(ctx, admin, catalog.SaveManyInput{Products: []catalog.Product{d, b}})
	require.ErrorIs(t, err, catalog.ErrExists)
	require.Len(t, f.products, 3)
	require.Len(t, f.events, 3)

	_, err = s.SaveMany(ctx, admin, catalog.SaveManyInput{})
	require.Equal(t, []string{"products required"}, found(err))
	_, err = s.SaveMany(ctx, admin, catalog.SaveManyInput{Products: make([]catalog.Product, catalog.MaxMany+1)})
	require.Equal(t, []string{"products count.max"}, found(err))
}

func TestIdempotencyKeyIsTheActorsOwn(t *testing.T) {
	_, s := saved(t)
	in := catalog.SaveInput{Key: "k", Product: hinge()}
	first, err := s.Save(ctx, admin, in)
	require.NoError(t, err)
	again, err := s.Save(ctx, admin, in)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version)
	_, err = s.Save(ctx, access.Machine("erp"), in)
	require.ErrorIs(t, err, catalog.ErrExists)
	in.Product.Spare = true
	_, err = s.Save(ctx, admin, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)
}

func TestSetAvailability(t *testing.T) {
	f, s := saved(t, hinge())
	set := func(n string, at time.Time, version int64) (catalog.Availability, error) {
		out, err := s.SetAvailability(ctx, admin, catalog.SetAvailabilityInput{
			Stock: []catalog.Availability{{Product: "g1", OnHand: qty(n), At: at, Version: version}}})
		if err != nil {
			return catalog.Availability{}, err
		}
		return out[0], nil
	}
	a, err := set("5", noon, 0)
	require.NoError(t, err)
	require.EqualValues(t, 1, a.Version)
	require.Equal(t, "availability/g1", f.events[1].Subject)
	require.JSONEq(t, `{"product":"g1","on_hand":"5","at":"2026-03-02T12:00:00Z"}`, string(f.events[1].Data))

	a, err = set("4", noon.Add(-time.Hour), 0) // arrives late
	require.NoError(t, err)
	require.Equal(t, "5", a.OnHand.String())
	a, err = set("5", noon.Add(time.Minute), 1) // confirms
	require.NoError(t, err)
	require.Equal(t, noon.Add(time.Minute), f.stock["g1"].At)
	require.Len(t, f.events, 2)
	_, err = set("3", noon.Add(time.Hour), 1)
	require.ErrorIs(t, err, uow.ErrVersion)
	a, err = set("-1", noon.Add(time.Hour), a.Version)
	require.NoError(t, err)
	require.EqualValues(t, 3, a.Version)
	require.Len(t, f.events, 3)

	_, err = s.SetAvailability(ctx, admin, catalog.SetAvailabilityInput{Stock: []catalog.Availability{
		{Product: "g1", OnHand: qty("9"), At: noon.AddDate(1, 0, 0)}, {Product: "gone", At: noon}, {Product: "g1"}, {At: noon}}})
	require.Equal(t, []string{"stock[1].product product.unknown", "stock[2].at required", "stock[2].product product.twice",
		"stock[3].product required"}, found(err))
	require.Equal(t, "-1", f.stock["g1"].OnHand.String())
}

// shelf is one product of every kind of visibility.
func shelf() []catalog.Product {
	mk := func(id catalog.ID, online bool, sale catalog.Sale, refs ...access.PartnerID) catalog.Product {
		p := hinge()
		p.ID, p.SKU, p.Online, p.Sale, p.Referenced = id, catalog.SKU("S-"+id), online, sale, refs
		return p
	}
	return []catalog.Product{
		mk("free", true, catalog.SaleFree), mk("offline", false, catalog.SaleFree), mk("blocked", true, catalog.SaleBlocked),
		mk("both", true, catalog.SaleReferenced, "p1", "p2"), mk("theirs", true, catalog.SaleReferenced, "p2"),
	}
}

func TestVisibility(t *testing.T) {
	_, s := saved(t, shelf()...)
	all := []catalog.ID{"free", "offline", "blocked", "both", "theirs", "missing"}
	for _, c := range []struct {
		actor access.Actor
		want  []catalog.ID
	}{
		{admin, []catalog.ID{"blocked", "both", "free", "offline", "theirs"}},
		{operator, []catalog.ID{"blocked", "both", "free", "offline", "theirs"}},
		{purchaser, []catalog.ID{"both", "free"}},
		{stranger, []catalog.ID{"both", "free", "theirs"}},
		{unbound, []catalog.ID{"free"}},
		{access.Actor{}, nil},
	} {
		t.Run(string(c.actor.ID), func(t *testing.T) {
			var got []catalog.ID
			for _, id := range all {
				p, err := s.Get(ctx, c.actor, id)
				if err != nil {
					require.ErrorIs(t, err, catalog.ErrNotFound)
					continue
				}
				require.Equal(t, id, p.ID)
				got = append(got, id)
			}
			slices.Sort(got)
			require.Equal(t, c.want, got)
			many, err := s.GetMany(ctx, c.actor, all)
			require.NoError(t, err)
			require.Len(t, many, len(c.want))
			page, err := s.Find(ctx, c.actor, catalog.Query{Page: uow.PageRequest{Count: true}})
			require.NoError(t, err)
			require.Equal(t, c.want, idsOf(page.Rows))
			if len(c.want) > 0 {
				require.Equal(t, len(c.want), page.Total.N)
			}
		})
	}
}

func idsOf(rows []catalog.Header) []catalog.ID {
	var out []catalog.ID
	for _, h := range rows {
		out = append(out, h.ID)
	}
	return out
}

// The partner side learns neither the other customers nor their prices.
func TestWhatThePartnerSideSees(t *testing.T) {
	f, s := saved(t, shelf()...)
	p, err := s.Get(ctx, purchaser, "both")
	require.NoError(t, err)
	require.Equal(t, []access.PartnerID{"p1"}, p.Referenced)
	require.Len(t, p.Prices, 1)
	require.Empty(t, p.Prices[0].List)
	require.Len(t, f.products["both"].Prices, 2)
	require.Equal(t, []access.PartnerID{"p1", "p2"}, f.products["both"].Referenced)
	p, err = s.Get(ctx, operator, "both")
	require.NoError(t, err)
	require.Len(t, p.Prices, 2)

	for _, id := range []catalog.ID{"free", "theirs"} {
		_, err = s.SetAvailability(ctx, admin, catalog.SetAvailabilityInput{
			Stock: []catalog.Availability{{Product: id, OnHand: qty("1"), At: noon}}})
		require.NoError(t, err)
	}
	got, err := s.Availability(ctx, purchaser, []catalog.ID{"free", "theirs", "both"})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Contains(t, got, catalog.ID("free"))
	_, err = s.GetMany(ctx, purchaser, make([]catalog.ID, catalog.MaxMany+1))
	require.ErrorIs(t, err, catalog.ErrInvalid)
}

// Paging through a list with gaps gives every visible product once.
func TestFindPagesOverWhatIsHidden(t *testing.T) {
	var products []catalog.Product
	var want []catalog.ID
	for i := range 60 {
		p := hinge()
		p.ID = catalog.ID(fmt.Sprintf("g%02d", i))
		p.SKU = catalog.SKU(p.ID)
		switch {
		case i%3 == 0:
			p.Sale = catalog.SaleBlocked
		case i%5 == 0:
			p.Sale, p.Referenced = catalog.SaleReferenced, []access.PartnerID{"p2"}
		case i%7 == 0:
			p.Online = false
		default:
			want = append(want, p.ID)
		}
		products = append(products, p)
	}
	_, s := saved(t, products...)
	for _, limit := range []int{1, 4, 7, 100} {
		var got []catalog.ID
		q := catalog.Query{Page: uow.PageRequest{Limit: limit, Count: true}}
		for range 100 {
			page, err := s.Find(ctx, purchaser, q)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.Rows), limit)
			require.Equal(t, &uow.Total{N: len(want)}, page.Total)
			got = append(got, idsOf(page.Rows)...)
			if page.Next == "" {
				break
			}
			q.Page.After = page.Next
		}
		require.Equal(t, want, got)
	}
	offline := false
	page, err := s.Find(ctx, purchaser, catalog.Query{Online: &offline, Page: uow.PageRequest{Count: true}})
	require.NoError(t, err)
	require.Equal(t, uow.Page[catalog.Header]{Total: &uow.Total{}}, page)
	_, err = s.Find(ctx, purchaser, catalog.Query{Page: uow.PageRequest{Limit: 501}})
	require.ErrorIs(t, err, uow.ErrPage)
}

func TestCancelledContext(t *testing.T) {
	_, s := saved(t, hinge())
	done, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Get(done, admin, "g1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Find(done, admin, catalog.Query{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Save(done, access.Actor{}, catalog.SaveInput{})
	require.ErrorIs(t, err, context.Canceled)
}
