package cart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

func portions(c cart.Cart, quantities ...string) []cart.Portion {
	var out []cart.Portion
	for i, q := range quantities {
		if q != "-" {
			out = append(out, cart.Portion{Line: c.Lines[i].ID, Quantity: money.MustQuantity(q)})
		}
	}
	return out
}

func TestMove(t *testing.T) {
	k := newKit(nil, nil)
	a := k.cart(lind, "A", put(tray, "5"), put(handle, "12"), put(cable, "3.5"))
	b := k.cart(lind, "B", put(tray, "1"))
	out := get(k.Move(bg, lind, cart.MoveInput{Cart: a.ID, To: b.ID, Lines: portions(a, "2", "0", "1.5")}))
	require.Equal(t, []string{"065612405 3", "CABLE 2"}, quantities(out.From))
	require.Equal(t, []string{"065612405 3", "INOX-SP 12", "CABLE 1.5"}, quantities(out.To))
	require.Equal(t, b.Lines[0].ID, out.To.Lines[0].ID, "a line that joins keeps the other's id")
	require.Equal(t, a.Lines[1].ID, out.To.Lines[1].ID, "a whole line keeps its own")
	require.NotEqual(t, a.Lines[2].ID, out.To.Lines[2].ID, "a part gets a new one")
	require.Equal(t, out.From, get(k.Get(bg, lind, a.ID)))
	require.Equal(t, out.To, get(k.Get(bg, lind, b.ID)))
}

func TestMoveRefuses(t *testing.T) {
	k := newKit(nil, nil)
	a, b := k.cart(lind, "A", put(tray, "5"), put(handle, "12")), k.cart(lind, "B")
	theirs := get(k.Create(bg, kern, cart.CreateInput{Name: "C", Partner: "bleu"}))
	get(k.HandOver(bg, kern, cart.HandOverInput{Cart: a.ID, To: cart.Baton{Holder: "kern"}}))
	all := []cart.Portion{{Line: a.Lines[0].ID}}
	_, err := k.Move(bg, kern, cart.MoveInput{Cart: a.ID, To: theirs.ID, Lines: all})
	require.Equal(t, []string{"to partner"}, issues(err))
	get(k.HandOver(bg, costa, cart.HandOverInput{Cart: a.ID, To: cart.Baton{Holder: "lind"}}))

	_, err = k.Move(bg, lind, cart.MoveInput{Cart: a.ID, To: theirs.ID, Lines: all})
	require.ErrorIs(t, err, cart.ErrNotFound)
	_, err = k.Move(bg, lind, cart.MoveInput{Cart: a.ID, To: a.ID, Lines: all})
	require.Equal(t, []string{"to same"}, issues(err))
	_, err = k.Move(bg, lind, cart.MoveInput{Cart: a.ID, To: b.ID})
	require.Equal(t, []string{"lines required"}, issues(err))
	_, err = k.Move(bg, lind, cart.MoveInput{Cart: a.ID, To: b.ID, Lines: []cart.Portion{
		{Line: a.Lines[0].ID, Quantity: money.QuantityOf(6)}, {Line: "nope"},
		{Line: a.Lines[1].ID, Quantity: money.QuantityOf(-6)}, {Line: a.Lines[0].ID}}})
	require.Equal(t, []string{"lines[0].quantity too_much", "lines[1] cart.line_not_found",
		"lines[2].quantity quantity.positive", "lines[3] twice"}, issues(err))
}

func TestMergeConflictListsEverything(t *testing.T) {
	k := newKit(nil, &cart.Options{Tickets: tickets{"7": true}, Limits: cart.Limits{Lines: 4}})
	marked := func(w cart.Warranty) cart.PutInput {
		return cart.PutInput{Product: tray, Quantity: money.QuantityOf(1), Ticket: "7", Warranty: w}
	}
	a := k.cart(lind, "A", put(handle, "36"), marked("in"), put(cable, "1"), put(tray, "1"))
	b := get(k.Create(bg, lind, cart.CreateInput{Name: "B", Currency: money.CHF}))
	for _, in := range []cart.PutInput{put(handle, "30"), marked("out"),
		{Product: cable, Quantity: money.QuantityOf(1), Note: "n"}} {
		in.Cart = b.ID
		b = get(k.Put(bg, lind, in))
	}
	_, err := k.Merge(bg, lind, cart.MergeInput{Cart: a.ID, To: b.ID})
	var clash *cart.MergeConflict
	require.ErrorAs(t, err, &clash)
	require.ErrorIs(t, err, cart.ErrMerge)
	require.Equal(t, fault.Precondition, fault.KindOf(err))
	require.Equal(t, "cart.merge_conflict", fault.CodeOf(err))
	type pair struct {
		clash      cart.Clash
		line, into cart.LineID
	}
	var got []pair
	for _, c := range clash.Clashes {
		got = append(got, pair{c.Clash, c.Line, c.Into})
	}
	require.Equal(t, []pair{
		{cart.ClashCurrency, "", ""},
		{cart.ClashMark, a.Lines[1].ID, b.Lines[1].ID},
		{cart.ClashQuantity, a.Lines[0].ID, b.Lines[0].ID},
		{cart.ClashLines, "", ""},
	}, got)
	require.Contains(t, err.Error(), "66 is more than 60")
	require.Equal(t, b, get(k.Get(bg, lind, b.ID)))
}

func TestRulesHoldForTheResultOfAMove(t *testing.T) {
	k := newKit(nil, nil)
	a := k.cart(lind, "A", put(handle, "12"), cart.PutInput{Product: handle, Quantity: money.QuantityOf(12), Apart: true})
	b := k.cart(lind, "B")
	in := cart.MoveInput{Cart: a.ID, To: b.ID, Lines: portions(a, "3")}
	_, err := k.Move(bg, lind, in)
	var clash *cart.MergeConflict
	require.ErrorAs(t, err, &clash)
	require.Len(t, clash.Clashes, 2, "9 would stay and 3 arrive")

	in.Lines = portions(a, "9", "9")
	_, err = k.Move(bg, lind, in)
	require.ErrorAs(t, err, &clash)
	require.Len(t, clash.Clashes, 2, "18 arrive, which is fine; 3 and 3 would stay")

	in.Lines = portions(a, "6", "6")
	out := get(k.Move(bg, lind, in))
	require.Equal(t, []string{"INOX-SP 6", "INOX-SP 6"}, quantities(out.From))
	require.Equal(t, []string{"INOX-SP 12"}, quantities(out.To))
}

func TestSplit(t *testing.T) {
	k := newKit(nil, &cart.Options{Limits: cart.Limits{Carts: 2}})
	a := k.cart(lind, "A", put(tray, "5"), put(handle, "12"))
	in := cart.SplitInput{Cart: a.ID, Name: "B", Lines: portions(a, "2", "0"), Key: "k"}
	out := get(k.Split(bg, lind, in))
	require.Equal(t, []string{"065612405 3"}, quantities(out.From))
	require.Equal(t, []string{"065612405 2", "INOX-SP 12"}, quantities(out.To))
	require.Equal(t, held(lind), out.To.Baton)
	require.Equal(t, out, get(k.Split(bg, lind, in)))
	in.Key, in.Name, in.Lines = "", "C", portions(out.From, "0")
	_, err := k.Split(bg, lind, in)
	require.ErrorIs(t, err, cart.ErrLimit)
	require.Len(t, get(k.Get(bg, lind, a.ID)).Lines, 1)
}

func TestMergeMayDelete(t *testing.T) {
	k := newKit(nil, nil)
	a := k.cart(lind, "A", put(tray, "5"), put(handle, "12"))
	b := k.cart(lind, "B", put(tray, "1"))
	in := cart.MergeInput{Cart: a.ID, To: b.ID, Delete: true, Key: "k"}
	out := get(k.Merge(bg, lind, in))
	require.Equal(t, []string{"065612405 6", "INOX-SP 12"}, quantities(out.To))
	require.True(t, out.To.Default, "the mark of the default cart goes on")
	_, err := k.Get(bg, lind, a.ID)
	require.ErrorIs(t, err, cart.ErrNotFound)
	require.Equal(t, out, get(k.Merge(bg, lind, in)), "repeated when the cart is gone")
	blind := lind
	blind.Roles = nil
	_, err = k.Merge(bg, blind, in)
	require.ErrorIs(t, err, cart.ErrNotFound, "who sees nothing any more gets no old result either")
	_, err = k.Merge(bg, merle, in)
	require.ErrorIs(t, err, cart.ErrNotFound, "nor does a colleague")
	in.Key = "other"
	_, err = k.Merge(bg, lind, in)
	require.ErrorIs(t, err, cart.ErrNotFound)

	c := k.cart(lind, "C")
	kept := get(k.Merge(bg, lind, cart.MergeInput{Cart: b.ID, To: c.ID, Apart: true}))
	require.Empty(t, kept.From.Lines)
	require.Len(t, kept.To.Lines, 2)
	require.Equal(t, []string{"B"}, k.defaults())
}
