package catalog_test

import (
	"context"
	"errors"
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
			for _, id := range all {
				p, err := s.GetBySKU(ctx, c.actor, catalog.SKU("S-"+id))
				require.Equal(t, slices.Contains(c.want, id), err == nil, id)
				if err != nil {
					require.ErrorIs(t, err, catalog.ErrNotFound)
					continue
				}
				same, err := s.Get(ctx, c.actor, id)
				require.NoError(t, err)
				require.Equal(t, same, p)
			}
			slices.Sort(got)
			require.Equal(t, c.want, got)
			many, err := s.GetMany(ctx, c.actor, all)
			require.NoError(t, err)
			require.Len(t, many, len(c.want))
			page, err := s.Find(ctx, c.actor, catalog.Query{Page: uow.PageRequest{Count: true}})
			require.NoError(t, err)
			require.Equal(t, c.want, idsOf(page.Rows))
			require.Equal(t, &uow.Total{N: len(c.want)}, page.Total)
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

// What is hidden from a partner leaves no gaps in its pages.
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
			require.Len(t, page.Rows, min(limit, len(want)-len(got)))
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

// The seller may look with a partner's eyes; a partner only with its own.
func TestFindForABuyer(t *testing.T) {
	_, s := saved(t, shelf()...)
	for _, c := range []struct {
		actor access.Actor
		buyer access.PartnerID
		want  []catalog.ID
	}{
		{admin, "p1", []catalog.ID{"both", "free"}},
		{operator, "p2", []catalog.ID{"both", "free", "theirs"}},
		{operator, "", []catalog.ID{"free"}},
		{purchaser, "p1", []catalog.ID{"both", "free"}},
		{purchaser, "p2", nil},
		{purchaser, "", nil},
		{unbound, "p1", nil},
		{unbound, "", []catalog.ID{"free"}},
		{access.Actor{}, "", nil},
	} {
		page, err := s.Find(ctx, c.actor, catalog.Query{Buyer: &c.buyer, Page: uow.PageRequest{Count: true}})
		require.NoError(t, err)
		require.Equal(t, c.want, idsOf(page.Rows), "%s for %q", c.actor.ID, c.buyer)
		require.Equal(t, &uow.Total{N: len(c.want)}, page.Total)
	}
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

// Who sees the whole catalog follows from the policy, not from role names.
func TestSeesAllFollowsThePolicy(t *testing.T) {
	both, others := []access.Scope{access.Own, access.Others}, []access.Scope{access.Others}
	policy := access.Default().With(
		access.Grant{Role: "auditor", Scopes: both, Actions: []access.Action{access.CatalogRead, access.PartnerRead}},
		access.Grant{Role: "keeper", Scopes: others, Actions: []access.Action{access.CatalogRead, access.CatalogEdit}},
		access.Grant{Role: "guest", Scopes: others, Actions: []access.Action{access.CatalogRead}},
		access.Grant{Role: "blind", Scopes: others, Actions: []access.Action{access.PartnerRead}},
	)
	f, _ := saved(t, shelf()...)
	o := options()
	o.Policy = policy
	s := catalog.NewService(f, o)
	for _, c := range []struct {
		role access.Role
		want []catalog.ID
	}{
		{"auditor", []catalog.ID{"blocked", "both", "free", "offline", "theirs"}},
		{"keeper", []catalog.ID{"blocked", "both", "free", "offline", "theirs"}},
		{"guest", []catalog.ID{"free"}},
		{"blind", nil},
	} {
		a := access.Actor{ID: "x", Roles: []access.Role{c.role}}
		require.Equal(t, len(c.want) == 5, catalog.SeesAll(policy, a), c.role)
		page, err := s.Find(ctx, a, catalog.Query{})
		require.NoError(t, err)
		require.Equal(t, c.want, idsOf(page.Rows), c.role)
		_, err = s.Get(ctx, a, "theirs")
		require.Equal(t, len(c.want) == 5, err == nil, c.role)
	}
}

// Visibility, key, version, permission, rules: in this order, and a version
// says nothing about what is hidden.
func TestOrderOfChecks(t *testing.T) {
	_, s := saved(t, shelf()...)
	save := func(a access.Actor, id catalog.ID, version int64) error {
		p := hinge()
		p.ID, p.Version, p.Unit = id, version, "wrong"
		_, err1 := s.Save(ctx, a, catalog.SaveInput{Product: p})
		_, err2 := s.SaveMany(ctx, a, catalog.SaveManyInput{Products: []catalog.Product{p}})
		require.Equal(t, err1 == nil, err2 == nil)
		for _, want := range []error{catalog.ErrNotFound, uow.ErrVersion, access.ErrForbidden, catalog.ErrInvalid} {
			require.Equal(t, errors.Is(err1, want), errors.Is(err2, want))
		}
		return err1
	}
	require.ErrorIs(t, save(access.Actor{}, "free", 9), catalog.ErrNotFound)
	require.ErrorIs(t, save(purchaser, "theirs", 9), catalog.ErrNotFound)
	require.ErrorIs(t, save(purchaser, "free", 9), uow.ErrVersion)
	require.ErrorIs(t, save(operator, "theirs", 9), uow.ErrVersion)
	require.ErrorIs(t, save(operator, "theirs", 1), access.ErrForbidden)
	require.ErrorIs(t, save(purchaser, "new", 0), access.ErrForbidden)
	require.ErrorIs(t, save(admin, "free", 1), catalog.ErrInvalid)

	stock := func(a access.Actor, id catalog.ID) error {
		_, err := s.SetAvailability(ctx, a, catalog.SetAvailabilityInput{Stock: []catalog.Availability{{Product: id, Version: 9}}})
		return err
	}
	require.ErrorIs(t, stock(access.Actor{}, "free"), catalog.ErrNotFound)
	require.ErrorIs(t, stock(purchaser, "theirs"), access.ErrForbidden)
	require.ErrorIs(t, stock(purchaser, "free"), uow.ErrVersion)
	require.ErrorIs(t, stock(admin, "free"), uow.ErrVersion)

	// The key of a first success answers before the permission is asked again.
	in := catalog.SaveInput{Key: "k", Product: hinge()}
	first, err := s.Save(ctx, admin, in)
	require.NoError(t, err)
	lesser := access.Actor{ID: admin.ID, Roles: []access.Role{access.Operator}}
	again, err := s.Save(ctx, lesser, in)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version)
}
