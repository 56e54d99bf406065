package cart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

func TestTheBatonGoesFromDesignerToPurchaser(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	p := get(k.Recalculate(bg, lind, cart.RecalculateInput{Cart: c.ID}))
	c = get(k.HandOver(bg, lind, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Role: access.Purchaser}, Note: "please order"}))
	require.NotNil(t, c.Quote, "the calculation goes with the cart")

	in := put(tray, "1")
	in.Cart = c.ID
	_, err := k.Put(bg, lind, in)
	require.ErrorIs(t, err, cart.ErrNotHolder)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, cart.Baton{Role: access.Purchaser}, e.Data())

	_, err = k.TakeUp(bg, lind, cart.TakeUpInput{Cart: c.ID})
	require.ErrorIs(t, err, cart.ErrNotHolder, "a designer is no purchaser")
	get(k.Annotate(bg, merle, cart.AnnotateInput{Cart: c.ID, Note: "by role"}))
	c = get(k.TakeUp(bg, merle, cart.TakeUpInput{Cart: c.ID}))
	require.Equal(t, cart.Baton{Holder: "merle"}, c.Baton)
	require.Equal(t, c.Version, get(k.TakeUp(bg, merle, cart.TakeUpInput{Cart: c.ID})).Version, "twice is once")

	require.Equal(t, []cart.Handover{
		{From: cart.Baton{Holder: "lind"}, To: cart.Baton{Role: access.Purchaser}, By: lind.Stamp(), At: start, Note: "please order"},
		{From: cart.Baton{Role: access.Purchaser}, To: cart.Baton{Holder: "merle"}, By: merle.Stamp(), At: start},
	}, c.Handovers)
	require.NoError(t, k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "1"))
	require.Equal(t, cart.Baton{Holder: "merle"}, get(k.Get(bg, lind, c.ID)).Baton, "it stays with who ordered")
}

func TestAdminsTakeBackButDoNotEditPastTheHolder(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A")
	for _, a := range []access.Actor{costa, kern} {
		_, err := k.Rename(bg, a, cart.RenameInput{Cart: c.ID, Name: "mine"})
		require.ErrorIs(t, err, cart.ErrNotHolder, a.Name)
		get(k.HandOver(bg, a, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: a.ID}}))
		c = get(k.Rename(bg, a, cart.RenameInput{Cart: c.ID, Name: "of " + a.Name}))
	}
	require.Equal(t, cart.Baton{Holder: "kern"}, c.Baton)
	require.Len(t, c.Handovers, 2)
}

func TestHandOverRefuses(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Note: 3}})
	c := k.cart(lind, "A")
	over := func(a access.Actor, to cart.Baton) error {
		_, err := k.HandOver(bg, a, cart.HandOverInput{Cart: c.ID, To: to})
		return err
	}
	require.ErrorIs(t, over(roth, cart.Baton{Holder: "roth"}), cart.ErrNotFound)
	require.ErrorIs(t, over(merle, cart.Baton{Holder: "merle"}), cart.ErrNotHolder)
	require.ErrorIs(t, over(berg, cart.Baton{Holder: "merle"}), access.ErrForbidden)
	for name, tc := range map[string]struct {
		to   cart.Baton
		want string
	}{
		"nobody":             {cart.Baton{}, "to one_of"},
		"both":               {cart.Baton{Holder: "merle", Role: access.Purchaser}, "to one_of"},
		"oneself":            {cart.Baton{Holder: "lind"}, "to unchanged"},
		"a stranger":         {cart.Baton{Holder: "roth"}, "to.holder unknown"},
		"one who left":       {cart.Baton{Holder: "gone"}, "to.holder inactive"},
		"one who only reads": {cart.Baton{Holder: "berg"}, "to.holder role"},
		"a reading role":     {cart.Baton{Role: access.Accountant}, "to.role role"},
		"an unknown role":    {cart.Baton{Role: "boss"}, "to.role role"},
	} {
		require.Equal(t, []string{tc.want}, issues(over(lind, tc.to)), name)
	}
	_, err := k.HandOver(bg, lind, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: "merle"}, Note: "long"})
	require.Equal(t, []string{"note text.long"}, issues(err))
	require.Equal(t, c, get(k.Get(bg, lind, c.ID)))
}

func TestMovingNeedsBothBatons(t *testing.T) {
	k := newKit(nil, nil)
	a, b := k.cart(lind, "A", put(tray, "2")), k.cart(merle, "B")
	in := cart.MoveInput{Cart: a.ID, To: b.ID, Lines: []cart.Portion{{Line: a.Lines[0].ID, Quantity: money.QuantityOf(1)}}}
	for _, who := range []access.Actor{lind, merle} {
		_, err := k.Move(bg, who, in)
		require.ErrorIs(t, err, cart.ErrNotHolder, who.Name)
	}
	get(k.HandOver(bg, merle, cart.HandOverInput{Cart: b.ID, To: cart.Baton{Holder: "lind"}}))
	require.Equal(t, []string{"065612405 1"}, quantities(get(k.Move(bg, lind, in)).To))
}
