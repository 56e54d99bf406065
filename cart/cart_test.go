package cart_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

var bg = context.Background()

// issues lists "path code" of an error's issues.
func issues(err error) []string {
	var out []string
	for _, i := range fault.IssuesOf(err) {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

func TestCreateSeveralCartsInParallel(t *testing.T) {
	k := newKit(nil, nil)
	one := k.cart(lind, " Villa Rosa ")
	two := k.cart(merle, "Villa Blanche")
	require.Equal(t, "Villa Rosa", one.Name)
	require.Equal(t, partner.ID("vert"), one.Partner)
	require.Equal(t, held(lind), one.Baton)
	require.Equal(t, money.EUR, one.Currency)
	require.True(t, one.Default, "the first cart is the default one")
	require.False(t, two.Default)
	require.Equal(t, start, one.CreatedAt)

	_, err := k.Create(bg, lind, cart.CreateInput{Name: "VILLA ROSA"})
	require.ErrorIs(t, err, cart.ErrExists, "names are unique, case ignored")
	_, err = k.Create(bg, roth, cart.CreateInput{Name: "Villa Rosa"})
	require.NoError(t, err, "of another partner the name is free")
}

func TestCreateRefuses(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Carts: 2, Note: 5, Name: 8}})
	for name, c := range map[string]struct {
		actor access.Actor
		in    cart.CreateInput
		want  error
	}{
		"nobody":                  {access.Actor{}, cart.CreateInput{Name: "A"}, partner.ErrNotFound},
		"another partner's":       {roth, cart.CreateInput{Name: "A", Partner: "vert"}, partner.ErrNotFound},
		"accountant":              {berg, cart.CreateInput{Name: "A"}, access.ErrForbidden},
		"operator for an unknown": {kern, cart.CreateInput{Name: "A", Partner: "nobody"}, partner.ErrNotFound},
		"operator for nobody":     {kern, cart.CreateInput{Name: "A"}, partner.ErrNotFound},
		"inactive partner":        {kern, cart.CreateInput{Name: "A", Partner: "shut"}, cart.ErrInactive},
		"blank name":              {lind, cart.CreateInput{Name: "  "}, cart.ErrInvalid},
		"control character":       {lind, cart.CreateInput{Name: "A\x00"}, cart.ErrInvalid},
		"two lines":               {lind, cart.CreateInput{Name: "A\nB"}, cart.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := k.Create(bg, c.actor, c.in)
			require.ErrorIs(t, err, c.want)
		})
	}
	_, err := k.Create(bg, lind, cart.CreateInput{Name: "much too long", Note: "\xff"})
	require.Equal(t, []string{"name text.long", "note text.encoding"}, issues(err), "all faults are listed")

	k.cart(lind, "A")
	k.cart(lind, "B")
	_, err = k.Create(bg, lind, cart.CreateInput{Name: "C"})
	require.ErrorIs(t, err, cart.ErrLimit)
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, cart.LimitHit{Limit: "carts", Max: 2}, e.Data())
}

func TestCurrencyIsAskedForWithoutADefault(t *testing.T) {
	k := newKit(nil, nil)
	s := cart.NewService(k.shop, listPricer(), nil)
	_, err := s.Create(bg, lind, cart.CreateInput{Name: "A"})
	require.Equal(t, []string{"currency required"}, issues(err))
	c, err := s.Create(bg, lind, cart.CreateInput{Name: "A", Currency: money.CHF})
	require.NoError(t, err)
	require.Equal(t, money.CHF, c.Currency)
}

func TestRenameAnnotateDuplicate(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	k.cart(lind, "B")
	_, err := k.Rename(bg, lind, cart.RenameInput{Cart: c.ID, Name: "b"})
	require.ErrorIs(t, err, cart.ErrExists)
	c = get(k.Rename(bg, lind, cart.RenameInput{Cart: c.ID, Name: "a"}))
	require.Equal(t, "a", c.Name, "its own name in another case is free")
	c = get(k.Annotate(bg, lind, cart.AnnotateInput{Cart: c.ID, Note: "second floor"}))

	d, err := k.Duplicate(bg, merle, cart.DuplicateInput{Cart: c.ID, Name: "Copy"})
	require.NoError(t, err, "a copy needs no baton")
	require.Equal(t, held(merle), d.Baton)
	require.Equal(t, "second floor", d.Note)
	require.False(t, d.Default)
	require.Len(t, d.Lines, 1)
	require.Equal(t, c.Lines[0].Quantity, d.Lines[0].Quantity)
	require.NotEqual(t, c.Lines[0].ID, d.Lines[0].ID)
}

func TestDefaultMovesOn(t *testing.T) {
	k := newKit(nil, nil)
	a, b, c := k.cart(lind, "A"), k.cart(lind, "B"), k.cart(lind, "C")
	get(k.MakeDefault(bg, merle, cart.MakeDefaultInput{Cart: c.ID}))
	require.Equal(t, []string{"C"}, k.defaults())
	again := get(k.MakeDefault(bg, merle, cart.MakeDefaultInput{Cart: c.ID}))
	require.Equal(t, get(k.Get(bg, lind, c.ID)).Version, again.Version, "nothing to do, nothing saved")

	require.NoError(t, k.Delete(bg, lind, cart.DeleteInput{Cart: c.ID}))
	require.Equal(t, []string{"A"}, k.defaults(), "the first by name inherits")
	require.NoError(t, k.Delete(bg, lind, cart.DeleteInput{Cart: b.ID}))
	require.NoError(t, k.Delete(bg, lind, cart.DeleteInput{Cart: a.ID}))
	require.Empty(t, k.defaults())
	_, err := k.MakeDefault(bg, berg, cart.MakeDefaultInput{Cart: k.cart(lind, "D").ID})
	require.ErrorIs(t, err, access.ErrForbidden)
}

func (k *kit) defaults() []string {
	var names []string
	for _, h := range get(k.Find(bg, kern, cart.Query{})).Rows {
		if h.Default {
			names = append(names, h.Name)
		}
	}
	return names
}

func TestWhatOneMayNotSeeDoesNotExist(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "1"))
	for _, stranger := range []access.Actor{roth, {}, {ID: "x", Partner: "vert"}} {
		_, err := k.Get(bg, stranger, c.ID)
		require.ErrorIs(t, err, cart.ErrNotFound)
		_, err = k.Put(bg, stranger, cart.PutInput{Cart: c.ID, Product: tray, Quantity: money.QuantityOf(1)})
		require.ErrorIs(t, err, cart.ErrNotFound)
		_, err = k.Recalculate(bg, stranger, cart.RecalculateInput{Cart: c.ID})
		require.ErrorIs(t, err, cart.ErrNotFound)
		require.ErrorIs(t, k.Delete(bg, stranger, cart.DeleteInput{Cart: c.ID, Key: "k"}), cart.ErrNotFound)
		require.ErrorIs(t, k.order(stranger, cart.OrderInput{Cart: c.ID}, "1"), cart.ErrNotFound)
	}
	require.Equal(t, "A", get(k.Get(bg, berg, c.ID)).Name)
	require.Equal(t, "A", get(k.Get(bg, kern, c.ID)).Name)
}

func TestFindIsBoundToOnesOwnPartner(t *testing.T) {
	k := newKit(nil, nil)
	k.cart(lind, "B")
	k.cart(lind, "a")
	k.cart(roth, "C")
	names := func(a access.Actor, q cart.Query) string {
		var out []string
		for _, h := range get(k.Find(bg, a, q)).Rows {
			out = append(out, h.Name)
		}
		return strings.Join(out, " ")
	}
	require.Equal(t, "a B", names(berg, cart.Query{}))
	require.Equal(t, "C", names(roth, cart.Query{}))
	require.Equal(t, "", names(roth, cart.Query{Partner: "vert"}))
	require.Equal(t, "a B C", names(kern, cart.Query{}))
	require.Equal(t, "C", names(kern, cart.Query{Partner: "bleu"}))
	for _, blind := range []access.Actor{{}, {ID: "x", Partner: "vert"}, {ID: "x", Roles: lind.Roles}} {
		require.Equal(t, uow.EmptyPage[cart.Header](uow.PageRequest{}), get(k.Find(bg, blind, cart.Query{})))
	}
	counted := cart.Query{Partner: "vert", Page: uow.PageRequest{Count: true}}
	for _, blind := range []access.Actor{{}, roth} {
		require.Equal(t, uow.Page[cart.Header]{Total: &uow.Total{}}, get(k.Find(bg, blind, counted)))
	}
}

func TestVersionAndContextComeFirst(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A")
	_, err := k.Rename(bg, berg, cart.RenameInput{Cart: c.ID, Version: 9, Name: ""})
	require.ErrorIs(t, err, uow.ErrVersion, "the version is checked before permission and input")
	_, err = k.Rename(bg, berg, cart.RenameInput{Cart: c.ID, Version: c.Version, Name: ""})
	require.ErrorIs(t, err, access.ErrForbidden, "permission before input")
	gone, cancel := context.WithCancel(bg)
	cancel()
	_, err = k.Rename(gone, roth, cart.RenameInput{Cart: c.ID})
	require.True(t, errors.Is(err, context.Canceled))
}

func TestKeysGiveTheFirstResult(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A")
	in := cart.PutInput{Cart: c.ID, Version: c.Version, Key: "k1", Product: tray, Quantity: money.QuantityOf(2)}
	first := get(k.Put(bg, lind, in))
	require.Equal(t, first, get(k.Put(bg, lind, in)), "before version and everything else")
	require.Equal(t, first.Version, get(k.Get(bg, lind, c.ID)).Version)
	in.Quantity = money.QuantityOf(3)
	_, err := k.Put(bg, lind, in)
	require.ErrorIs(t, err, uow.ErrKeyReused)

	del := cart.DeleteInput{Cart: c.ID, Key: "k1"}
	require.NoError(t, k.Delete(bg, lind, del), "each command has keys of its own")
	require.NoError(t, k.Delete(bg, lind, del), "a repeated deletion succeeds")
	require.ErrorIs(t, k.Delete(bg, roth, del), cart.ErrNotFound, "but not for another partner")
	require.ErrorIs(t, k.Delete(bg, lind, cart.DeleteInput{Cart: c.ID, Key: "k2"}), cart.ErrNotFound)
}

func TestEventsFollowTheCart(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "1"))
	c = get(k.HandOver(bg, lind, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: "merle"}}))
	p := get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID}))
	must(k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "1"))
	must(k.Delete(bg, merle, cart.DeleteInput{Cart: c.ID}))
	require.Equal(t, []string{"cart.created", "cart.changed", "cart.handed_over", "cart.changed", "cart.ordered", "cart.deleted"}, k.events())
	for i, e := range k.shop.state.events {
		require.Equal(t, "cart/"+string(c.ID), e.Subject)
		require.Equal(t, int64(i+1), e.Version)
	}
}

func TestAnUpdateMayRunAgain(t *testing.T) {
	k := newKit(nil, nil)
	k.shop.again = true
	c := k.cart(lind, "A", put(tray, "2"), put(tray, "3"))
	require.Len(t, c.Lines, 1)
	require.Equal(t, money.QuantityOf(5), c.Lines[0].Quantity)
	require.Equal(t, int64(3), c.Version)
}

// A key is its actor's: colleagues, and staff of the seller, who have no
// partner in common, do not read each other's results by it.
func TestKeysAreTheActorsOwn(t *testing.T) {
	k := newKit(nil, nil)
	in := cart.CreateInput{Key: "k", Name: "A"}
	first := get(k.Create(bg, lind, in))
	_, err := k.Create(bg, merle, in)
	require.ErrorIs(t, err, cart.ErrExists)
	require.Equal(t, first, get(k.Create(bg, lind, in)))

	in.Name, in.Partner = "B", "vert"
	get(k.Create(bg, kern, in))
	other := access.Actor{ID: "abel", Roles: kern.Roles}
	_, err = k.Create(bg, other, in)
	require.ErrorIs(t, err, cart.ErrExists)

	// No two pairs of partner and actor are one scope.
	a := access.Actor{ID: `c`, Partner: `a|"b`, Roles: kern.Roles}
	b := access.Actor{ID: `b|"c`, Partner: `a`, Roles: kern.Roles}
	in.Name = "C"
	get(k.Create(bg, a, in))
	_, err = k.Create(bg, b, in)
	require.ErrorIs(t, err, cart.ErrExists)
}

// The mark of the default cart is the partner's: it goes on past the holder,
// whose work is not disturbed unless it names a version it has not seen.
func TestLosingTheMarkDoesNotDisturbTheHolder(t *testing.T) {
	k := newKit(nil, nil)
	a := k.cart(merle, "A", put(tray, "2"))
	b := k.cart(lind, "B")
	p := get(k.Recalculate(bg, merle, cart.RecalculateInput{Cart: a.ID}))
	get(k.MakeDefault(bg, lind, cart.MakeDefaultInput{Cart: b.ID}))
	require.Equal(t, []string{"B"}, k.defaults())

	now := get(k.Get(bg, merle, a.ID))
	require.Equal(t, p.Cart.Version+1, now.Version)
	require.Equal(t, p.Cart.Baton, now.Baton)
	require.Equal(t, p.Cart.Quote, now.Quote)
	_, err := k.Annotate(bg, merle, cart.AnnotateInput{Cart: a.ID, Version: p.Cart.Version, Note: "n"})
	require.ErrorIs(t, err, uow.ErrVersion)
	get(k.Annotate(bg, merle, cart.AnnotateInput{Cart: a.ID, Note: "n"}))
	require.NoError(t, k.order(merle, cart.OrderInput{Cart: a.ID, Seal: p.Quote.Seal}, "1"))
}
