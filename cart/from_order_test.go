package cart_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

func (k *kit) fromOrder(a access.Actor, in cart.FromOrder) (cart.Cart, []cart.Left, error) {
	var left []cart.Left
	in.Currency = money.EUR
	c, err := uow.Do(context.Background(), k.Runner, func(ctx context.Context, tx cart.Tx) (c cart.Cart, err error) {
		c, left, err = k.FromOrderTx(ctx, tx, a, in)
		return c, err
	})
	return c, left, err
}

func line(id cart.LineID, p catalog.ID, quantity string) cart.Line {
	return cart.Line{ID: id, Product: p, SKU: catalog.SKU("SKU of " + p), Quantity: money.MustQuantity(quantity), Note: "note " + string(id), Ticket: "125361", Warranty: cart.InWarranty}
}

func codes(left []cart.Left) []string {
	var out []string
	for _, l := range left {
		out = append(out, string(l.Line)+" "+l.Code)
	}
	return out
}

func TestFromOrderTellsWhatStaysBehind(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Lines: 3}})
	in := cart.FromOrder{Partner: "vert", Like: "Again", Origin: cart.Origin{Order: "o-1", Files: true}, Lines: []cart.Line{
		line("1", tray, "2"), line("2", relic, "1"), line("3", custom, "1"), line("4", "unknown", "1"),
		line("5", handle, "36"), line("6", handle, "7"), line("7", handle, "30"), line("8", cable, "0.5"), line("9", tray, "1"),
	}}
	c, left, err := k.fromOrder(lind, in)
	require.NoError(t, err)
	require.Equal(t, []string{"2 blocked", "3 not_referenced", "4 catalog.not_found", "6 quantity.step", "7 quantity.max", "9 cart.limit"}, codes(left))
	require.Equal(t, catalog.SKU("SKU of unknown"), left[2].SKU)
	require.Equal(t, "Again", c.Name)
	require.Equal(t, held(lind), c.Baton)
	require.Equal(t, &cart.Origin{Order: "o-1", Files: true}, c.Origin)
	require.Len(t, c.Lines, 3)
	for i, want := range []cart.Line{in.Lines[0], in.Lines[4], in.Lines[7]} {
		got := c.Lines[i]
		require.NotEqual(t, want.ID, got.ID)
		require.Equal(t, []any{want.Product, want.Quantity, want.Note}, []any{got.Product, got.Quantity, got.Note})
		require.Empty(t, got.Ticket, "a repair's part is ordered for another need now")
		require.Empty(t, got.Warranty)
	}
	require.Equal(t, c, get(k.Get(context.Background(), lind, c.ID)))

	in.Lines = in.Lines[1:4]
	_, _, err = k.fromOrder(lind, in)
	require.ErrorIs(t, err, cart.ErrLines)
	require.Len(t, fault.IssuesOf(err), 3)
}

func TestFromOrderNamesAndTerms(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Name: 8}})
	in := cart.FromOrder{Partner: "vert", Like: "Küche 12 am Markt"}
	for _, want := range []string{"Küche 12", "Küch (2)", "Küch (3)"} {
		c, _, err := k.fromOrder(lind, in)
		require.NoError(t, err)
		require.Equal(t, want, c.Name)
	}
	in.Like = "KUCHE 12" // the same to whoever looks for it
	c, _, err := k.fromOrder(lind, in)
	require.NoError(t, err)
	require.Equal(t, "KUCH (4)", c.Name)
	in.Name = "kuche 12"
	_, _, err = k.fromOrder(lind, in)
	require.ErrorIs(t, err, cart.ErrExists)

	in.Name, in.Terms = "terms", cart.Terms{Counterparty: "gone", ShipTo: &partner.Address{Company: " Site ", Country: "fr"}}
	c, left, err := k.fromOrder(lind, in)
	require.NoError(t, err)
	require.Equal(t, []string{" counterparty.unknown"}, codes(left))
	require.Equal(t, cart.Terms{ShipTo: &partner.Address{Company: "Site", Country: "FR"}}, c.Terms)
	in.Name, in.Terms = "bad", cart.Terms{ShipTo: &partner.Address{Company: strings.Repeat("x", 10_000)}}
	_, _, err = k.fromOrder(lind, in)
	require.ErrorIs(t, err, cart.ErrInvalid)
}

func TestFromOrderRefusals(t *testing.T) {
	k := newKit(nil, nil)
	in := cart.FromOrder{Partner: "vert", Like: "x"}
	for _, c := range []struct {
		a    access.Actor
		p    partner.ID
		want error
	}{{roth, "vert", partner.ErrNotFound}, {access.Actor{}, "vert", partner.ErrNotFound}, {berg, "vert", access.ErrForbidden}, {kern, "shut", cart.ErrInactive}, {kern, "none", partner.ErrNotFound}} {
		in.Partner = c.p
		_, _, err := k.fromOrder(c.a, in)
		require.ErrorIs(t, err, c.want)
	}
	in.Partner = "vert"
	c, _, err := k.fromOrder(kern, in)
	require.NoError(t, err)
	require.Nil(t, c.Origin, "of no order")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = k.View(context.Background(), func(_ context.Context, tx cart.Tx) error {
		_, _, err := k.FromOrderTx(ctx, tx, kern, in)
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
}

// Ordering ends a cart's descent: the next order from it is no copy.
func TestOrderingEmptiesTheOrigin(t *testing.T) {
	k := newKit(nil, nil)
	c, _, err := k.fromOrder(merle, cart.FromOrder{Partner: "vert", Like: "x", Origin: cart.Origin{Order: "o-1"}, Lines: []cart.Line{line("1", tray, "2")}})
	require.NoError(t, err)
	p := get(k.Recalculate(context.Background(), merle, cart.RecalculateInput{Cart: c.ID}))
	require.NotNil(t, p.Cart.Origin)
	must(k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "R-1"))
	require.Nil(t, get(k.Get(context.Background(), merle, c.ID)).Origin)
}

// Of any order, every line is either taken over or told, in order; and what is
// taken over can be priced.
func TestLawFromOrderLosesNothing(t *testing.T) {
	products := []catalog.ID{tray, handle, cable, relic, custom, "unknown"}
	rapid.Check(t, func(rt *rapid.T) {
		k := newKit(nil, &cart.Options{Limits: cart.Limits{Lines: 5}})
		n := rapid.IntRange(1, 8).Draw(rt, "lines")
		in := cart.FromOrder{Partner: "vert", Like: "x"}
		for i := range n {
			l := line(cart.LineID("abcdefgh"[i:i+1]), rapid.SampledFrom(products).Draw(rt, "product"), rapid.SampledFrom([]string{"0.5", "1", "6", "12", "30", "60", "61"}).Draw(rt, "quantity"))
			in.Lines = append(in.Lines, l)
		}
		c, left, err := k.fromOrder(merle, in)
		if err != nil {
			require.ErrorIs(rt, err, cart.ErrLines)
			require.Len(rt, fault.IssuesOf(err), n)
			return
		}
		told := map[cart.LineID]bool{}
		for _, l := range left {
			told[l.Line] = true
		}
		require.Len(rt, told, len(left))
		var kept []string
		for _, l := range in.Lines {
			if !told[l.ID] {
				kept = append(kept, l.Note)
			}
		}
		var got []string
		for _, l := range c.Lines {
			got = append(got, l.Note)
		}
		require.Equal(rt, kept, got)
		_, err = k.Recalculate(context.Background(), merle, cart.RecalculateInput{Cart: c.ID})
		require.NoError(rt, err)
	})
}
