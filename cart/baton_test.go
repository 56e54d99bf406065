package cart_test

import (
	"encoding/json"
	"testing"
	"time"

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
	c = get(k.TakeUp(bg, merle, cart.TakeUpInput{Cart: c.ID}))
	require.Equal(t, held(merle), c.Baton)
	require.Equal(t, c.Version, get(k.TakeUp(bg, merle, cart.TakeUpInput{Cart: c.ID})).Version, "twice is once")

	require.Equal(t, []cart.Handover{
		{From: held(lind), To: cart.Baton{Role: access.Purchaser}, By: lind.Stamp(), At: start, Note: "please order"},
		{From: cart.Baton{Role: access.Purchaser}, To: held(merle), By: merle.Stamp(), At: start},
	}, c.Handovers)
	require.NoError(t, k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "1"))
	require.Equal(t, held(merle), get(k.Get(bg, lind, c.ID)).Baton, "it stays with who ordered")
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
	require.Equal(t, held(kern), c.Baton)
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
		"oneself, in full":   {held(lind), "to unchanged"},
		"another's person":   {held(roth), "to.partner unknown"},
		"a role of a side":   {cart.Baton{Role: access.Purchaser, Partner: "vert"}, "to.partner one_of"},
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

// A person is an id and a side: an operator and a member of one id are two.
func TestOneIDOnTwoSidesIsTwoPeople(t *testing.T) {
	k := newKit(nil, nil)
	twin := access.Actor{ID: "lind", Name: "Leo Lind", Roles: []access.Role{access.Operator}}
	c := k.cart(lind, "A", put(tray, "1"))
	require.False(t, c.Baton.HeldBy(twin))
	_, err := k.Rename(bg, twin, cart.RenameInput{Cart: c.ID, Name: "B"})
	require.ErrorIs(t, err, cart.ErrNotHolder)
	in := cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: "lind"}}
	_, err = k.HandOver(bg, lind, in)
	require.Equal(t, []string{"to unchanged"}, issues(err))

	c = get(k.HandOver(bg, twin, in))
	require.Equal(t, held(twin), c.Baton, "oneself comes first")
	_, err = k.Rename(bg, lind, cart.RenameInput{Cart: c.ID, Name: "B"})
	require.ErrorIs(t, err, cart.ErrNotHolder)
	in.To.Partner = "vert"
	c = get(k.HandOver(bg, twin, in))
	require.Equal(t, held(lind), c.Baton, "unless the partner is named")
	require.Len(t, c.Handovers, 2)

	b, err := json.Marshal([]cart.Baton{held(kern), held(lind), {Role: access.Purchaser}})
	require.NoError(t, err)
	require.Equal(t, `[{"holder":"kern"},{"holder":"lind","partner":"vert"},{"role":"purchaser"}]`, string(b))
}

// The first of a role who changes or orders a cart is its holder from then on.
func TestTheFirstChangeTakesTheBatonUp(t *testing.T) {
	second := access.Actor{ID: "faure", Name: "Luc Faure", Partner: "vert", Roles: []access.Role{access.Purchaser}}
	for name, do := range map[string]func(k *kit, c cart.Cart) error{
		"annotate": func(k *kit, c cart.Cart) error {
			_, err := k.Annotate(bg, merle, cart.AnnotateInput{Cart: c.ID, Note: "n"})
			return err
		},
		"recalculate": func(k *kit, c cart.Cart) error {
			_, err := k.Recalculate(bg, merle, cart.RecalculateInput{Cart: c.ID})
			return err
		},
		"quick": func(k *kit, c cart.Cart) error {
			_, err := k.QuickOrder(bg, merle, cart.QuickInput{Cart: c.ID, Text: "CABLE;1"})
			return err
		},
		"split": func(k *kit, c cart.Cart) error {
			_, err := k.Split(bg, merle, cart.SplitInput{Cart: c.ID, Name: "S", Lines: portions(c, "1")})
			return err
		},
		"move in": func(k *kit, c cart.Cart) error {
			b := k.cart(merle, "B", put(tray, "1"))
			_, err := k.Move(bg, merle, cart.MoveInput{Cart: b.ID, To: c.ID, Lines: portions(b, "0")})
			return err
		},
		"merge in": func(k *kit, c cart.Cart) error {
			b := k.cart(merle, "B", put(tray, "1"))
			_, err := k.Merge(bg, merle, cart.MergeInput{Cart: b.ID, To: c.ID, Delete: true})
			return err
		},
		"order": func(k *kit, c cart.Cart) error {
			return k.order(merle, cart.OrderInput{Cart: c.ID, Seal: c.Quote.Seal}, "1")
		},
	} {
		for store, run := range stores() {
			t.Run(name+" "+store, func(t *testing.T) {
				k := newKitOn(run, nil, nil)
				role := cart.Baton{Role: access.Purchaser}
				c := k.cart(lind, "A", put(tray, "2"))
				get(k.Recalculate(bg, lind, cart.RecalculateInput{Cart: c.ID}))
				c = get(k.HandOver(bg, lind, cart.HandOverInput{Cart: c.ID, To: role}))
				before := k.at
				k.later(time.Minute)
				require.NoError(t, do(k, c))
				now := get(k.Get(bg, merle, c.ID))
				require.Equal(t, held(merle), now.Baton)
				require.Equal(t, []cart.Handover{{From: held(lind), To: role, By: lind.Stamp(), At: before},
					{From: role, To: held(merle), By: merle.Stamp(), At: k.at}}, now.Handovers)
				require.Equal(t, c.Version+1, now.Version, "in one save")
				_, err := k.Annotate(bg, second, cart.AnnotateInput{Cart: c.ID, Note: "mine"})
				require.ErrorIs(t, err, cart.ErrNotHolder)
			})
		}
	}
}

func TestTakingUpByAChangeIsSaid(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	p := get(k.Recalculate(bg, lind, cart.RecalculateInput{Cart: c.ID}))
	over := cart.HandOverInput{Cart: c.ID, To: cart.Baton{Role: access.Purchaser}}
	get(k.HandOver(bg, lind, over))
	n := len(k.events())
	_, err := k.Annotate(bg, merle, cart.AnnotateInput{Cart: c.ID, Note: "\x00"})
	require.ErrorIs(t, err, cart.ErrInvalid)
	require.Equal(t, over.To, get(k.Get(bg, lind, c.ID)).Baton, "a change that fails takes nothing up")
	get(k.QuickOrder(bg, merle, cart.QuickInput{Cart: c.ID, Text: "nope", TakeGood: true}))
	require.Equal(t, over.To, get(k.Get(bg, lind, c.ID)).Baton, "nothing put, nothing taken up")
	must(k.order(merle, cart.OrderInput{Cart: c.ID, Seal: p.Quote.Seal}, "1"))
	require.Equal(t, []string{"cart.handed_over", "cart.ordered"}, k.events()[n:])
}

// Who may take a cart back follows from the policy.
func TestTakingBackFollowsThePolicy(t *testing.T) {
	own, all := []access.Scope{access.Own}, []access.Scope{access.Own, access.Others}
	k := newKit(nil, &cart.Options{Policy: access.Default().With(
		access.Grant{Role: "desk", Scopes: all, Actions: []access.Action{access.CartRead, access.CartEdit, access.CartHandOver}},
		access.Grant{Role: "chief", Scopes: own, Actions: []access.Action{access.CartRead, access.CartEdit, access.CartHandOver, access.PartnerMembers}},
		access.Grant{Role: "helper", Scopes: own, Actions: []access.Action{access.CartRead, access.CartEdit, access.CartHandOver}},
	)})
	c := k.cart(lind, "A")
	for _, tc := range []struct {
		who access.Actor
		err error
	}{
		{access.Actor{ID: "dora", Roles: []access.Role{"desk"}}, nil},
		{access.Actor{ID: "carl", Partner: "vert", Roles: []access.Role{"chief"}}, nil},
		{access.Actor{ID: "hans", Partner: "vert", Roles: []access.Role{"helper"}}, cart.ErrNotHolder},
		{access.Actor{ID: "carl", Partner: "bleu", Roles: []access.Role{"chief"}}, cart.ErrNotFound},
	} {
		_, err := k.HandOver(bg, tc.who, cart.HandOverInput{Cart: c.ID, To: held(tc.who)})
		require.ErrorIs(t, err, tc.err, tc.who)
	}
}
