package cart_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// world drives random commands of several people against one partner's carts.
type world struct {
	*kit
	t     *rapid.T
	goods map[catalog.ID]catalog.Product
	n     int
}

// Whatever people do, in whatever order: one default cart while there is any,
// unique names, one holder each, no line that breaks its product's rule, a
// quote only of exactly the lines, histories that only grow, and quantities
// that move, split and merge keep.
func TestRandomCommandsKeepTheInvariants(t *testing.T) {
	for name := range stores() {
		t.Run(name, func(t *testing.T) { randomCommands(t, name) })
	}
}

func randomCommands(t *testing.T, name string) {
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{kit: newKitOn(stores()[name], nil, &cart.Options{Tickets: tickets{"7": true, "8": true}, Limits: cart.Limits{Carts: 4, Lines: 4}}),
			t: rt, goods: map[catalog.ID]catalog.Product{}}
		for _, p := range goods() {
			w.goods[p.ID] = p
		}
		w.cart(lind, "A", put(tray, "6"), put(handle, "12"))
		w.cart(merle, "B", put(tray, "6"), put(cable, "1.5"))
		for range rapid.IntRange(5, 60).Draw(rt, "steps") {
			before := w.carts()
			name, err := w.step(before)
			after := w.carts()
			if err != nil {
				if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
					rt.Fatalf("%s: %v", name, err)
				}
				if !reflect.DeepEqual(before, after) {
					rt.Fatalf("%s failed with %v and left a trace", name, err)
				}
				continue
			}
			done[name]++
			w.check(name, before, after)
		}
	})
	if testing.Short() {
		return // a fifth of the cases, which is too few for the rare commands
	}
	require.Len(t, done, 19, "every command succeeded somewhere: %v", done)
}

func (w *world) carts() []cart.Cart {
	var out []cart.Cart
	for _, h := range get(w.Find(bg, kern, cart.Query{})).Rows {
		out = append(out, get(w.Get(bg, kern, h.ID)))
	}
	return out
}

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// mostly picks the person who can do it, and somebody else now and then.
func (w *world) mostly(c cart.Cart) access.Actor {
	people := []access.Actor{lind, merle, costa}
	if rapid.IntRange(0, 4).Draw(w.t, "stray") > 0 {
		for _, a := range people {
			if c.Baton.HeldBy(a) {
				return a
			}
		}
	}
	return pick(w.t, "who", people...)
}

func (w *world) step(carts []cart.Cart) (string, error) {
	t := w.t
	name := pick(t, "name", "A", "a", "B", "C", "D", "é", "E")
	if len(carts) == 0 {
		_, err := w.Create(bg, lind, cart.CreateInput{Name: name, Default: rapid.Bool().Draw(t, "default")})
		return "create", err
	}
	c, other := pick(t, "cart", carts...), pick(t, "other", carts...)
	a := w.mostly(c)
	version := pick(t, "version", 0, 0, c.Version)
	id, line := c.ID, cart.LineID("none")
	if len(c.Lines) > 0 {
		line = pick(t, "line", c.Lines...).ID
	}
	quantity := money.MustQuantity(pick(t, "quantity", "6", "1", "12", "3", "0.5", "60", "0"))
	product := pick(t, "product", tray, handle, cable, relic, handle)
	note := pick(t, "note", "", "", "n")
	open, mark := pick(t, "open", cart.TicketID("7"), "8", "9"), pick(t, "mark", cart.InWarranty, cart.OutOfWarranty)
	ticket, warranty := cart.TicketID(""), cart.Warranty("")
	if rapid.IntRange(0, 3).Draw(t, "ticketed") == 0 {
		ticket, warranty = open, mark
	}
	apart := rapid.IntRange(0, 3).Draw(t, "apart") == 0
	var lines []cart.Portion
	for _, l := range c.Lines {
		if rapid.Bool().Draw(t, "goes") {
			lines = append(lines, cart.Portion{Line: l.ID, Quantity: pick(t, "portion", money.Quantity{}, quantity)})
		}
	}
	w.n++
	switch op := pick(t, "op", "create", "rename", "duplicate", "default", "delete", "put", "put", "change", "remove", "annotate_line",
		"attach", "detach", "move", "move", "split", "split", "merge", "quick", "recalculate", "recalculate", "hand_over", "take_up", "order", "order", "order"); op {
	case "create":
		_, err := w.Create(bg, a, cart.CreateInput{Name: name, Default: apart})
		return op, err
	case "rename":
		_, err := w.Rename(bg, a, cart.RenameInput{Cart: id, Version: version, Name: name})
		return op, err
	case "duplicate":
		_, err := w.Duplicate(bg, a, cart.DuplicateInput{Cart: id, Version: version, Name: name})
		return op, err
	case "default":
		_, err := w.MakeDefault(bg, a, cart.MakeDefaultInput{Cart: id, Version: version})
		return op, err
	case "delete":
		return op, w.Delete(bg, a, cart.DeleteInput{Cart: id, Version: version})
	case "put":
		_, err := w.Put(bg, a, cart.PutInput{Cart: id, Version: version, Product: product, Quantity: quantity, Note: note, Ticket: ticket, Warranty: warranty, Apart: apart})
		return op, err
	case "change":
		_, err := w.Change(bg, a, cart.ChangeInput{Cart: id, Version: version, Line: line, Quantity: quantity})
		return op, err
	case "remove":
		_, err := w.Remove(bg, a, cart.RemoveInput{Cart: id, Version: version, Lines: []cart.LineID{line}, All: apart})
		return op, err
	case "annotate_line":
		_, err := w.AnnotateLine(bg, a, cart.AnnotateLineInput{Cart: id, Version: version, Line: line, Note: note})
		return op, err
	case "attach":
		_, err := w.AttachTicket(bg, a, cart.AttachTicketInput{Cart: id, Version: version, Line: line, Ticket: open, Warranty: mark})
		return op, err
	case "detach":
		_, err := w.DetachTicket(bg, a, cart.DetachTicketInput{Cart: id, Version: version, Line: line})
		return op, err
	case "move":
		_, err := w.Move(bg, a, cart.MoveInput{Cart: id, Version: version, To: other.ID, Lines: lines, Apart: apart})
		return op, err
	case "split":
		_, err := w.Split(bg, a, cart.SplitInput{Cart: id, Version: version, Name: name, Lines: lines})
		return op, err
	case "merge":
		_, err := w.Merge(bg, a, cart.MergeInput{Cart: id, Version: version, To: other.ID, Apart: apart, Delete: note == ""})
		return op, err
	case "quick":
		text := fmt.Sprintf("065612405;%s\n%s;6", quantity, pick(t, "sku", "INOX-SP", "CABLE", "nope"))
		_, err := w.QuickOrder(bg, a, cart.QuickInput{Cart: id, Version: version, Text: text, TakeGood: apart})
		return op, err
	case "recalculate":
		_, err := w.Recalculate(bg, a, cart.RecalculateInput{Cart: id, Version: version})
		return op, err
	case "hand_over", "take_up":
		return w.passOn(op, a, id, version)
	default:
		seal := "none"
		if c.Quote != nil {
			seal = c.Quote.Seal
		}
		return op, w.order(a, cart.OrderInput{Cart: id, Version: version, Seal: seal}, fmt.Sprint(w.n))
	}
}

func (w *world) passOn(op string, a access.Actor, id cart.ID, version int64) (string, error) {
	if op == "take_up" {
		_, err := w.TakeUp(bg, a, cart.TakeUpInput{Cart: id, Version: version})
		return op, err
	}
	to := pick(w.t, "to", cart.Baton{Holder: "merle"}, cart.Baton{Holder: "lind"}, cart.Baton{Holder: "berg"},
		cart.Baton{Role: access.Purchaser}, cart.Baton{Role: access.Designer}, cart.Baton{})
	_, err := w.HandOver(bg, a, cart.HandOverInput{Cart: id, Version: version, To: to})
	return op, err
}

func (w *world) check(op string, before, after []cart.Cart) {
	defaults, names := 0, map[string]bool{}
	for _, c := range after {
		if c.Default {
			defaults++
		}
		if f := fold.Text(c.Name); names[f] {
			w.t.Fatalf("%s: two carts named %q", op, c.Name)
		} else {
			names[f] = true
		}
		w.checkCart(op, c)
		for _, was := range before {
			if was.ID == c.ID && (len(c.Handovers) < len(was.Handovers) || len(c.Orders) < len(was.Orders) || c.Version < was.Version) {
				w.t.Fatalf("%s: a history shrank", op)
			}
		}
	}
	if len(after) > 4 || (defaults != 1) != (len(after) == 0) {
		w.t.Fatalf("%s: %d default carts of %d", op, defaults, len(after))
	}
	switch op {
	case "move", "split", "merge":
		if b, a := sums(before), sums(after); fmt.Sprint(b) != fmt.Sprint(a) {
			w.t.Fatalf("%s: the quantities %v became %v", op, b, a)
		}
	}
}

func (w *world) checkCart(op string, c cart.Cart) {
	if (c.Baton.Holder == "") == (c.Baton.Role == "") {
		w.t.Fatalf("%s: the baton %+v is not with one holder", op, c.Baton)
	}
	if n := len(c.Handovers); n > 0 && c.Handovers[n-1].To != c.Baton {
		w.t.Fatalf("%s: the baton is not where it went last", op)
	}
	if len(c.Lines) > 4 {
		w.t.Fatalf("%s: %d lines", op, len(c.Lines))
	}
	ids, of := map[cart.LineID]bool{}, map[catalog.ID]money.Quantity{}
	for _, l := range c.Lines {
		of[l.Product] = get(of[l.Product].Add(l.Quantity))
		if err := w.goods[l.Product].Quantity.CheckSum(of[l.Product]); err != nil {
			w.t.Fatalf("%s: %v", op, err)
		}
		if err := w.goods[l.Product].Quantity.Check(l.Quantity); err != nil || ids[l.ID] || (l.Ticket == "") != (l.Warranty == "") {
			w.t.Fatalf("%s: line %+v: %v", op, l, err)
		}
		ids[l.ID] = true
	}
	if c.Quote == nil {
		return
	}
	if err := c.Quote.Verify(); err != nil || len(c.Quote.Lines) != len(c.Lines) {
		w.t.Fatalf("%s: a quote of %d lines for %d: %v", op, len(c.Quote.Lines), len(c.Lines), err)
	}
	for i, q := range c.Quote.Lines {
		if l := c.Lines[i]; q.ID != l.ID || q.Product != l.Product || q.Quantity != l.Quantity {
			w.t.Fatalf("%s: the quote's %+v is not the cart's %+v", op, q, l)
		}
	}
}

// sums adds up the quantities of each product, ticket and note.
func sums(carts []cart.Cart) map[string]int64 {
	out := map[string]int64{}
	for _, c := range carts {
		for _, l := range c.Lines {
			out[fmt.Sprintf("%s %s %s %s", l.Product, l.Ticket, l.Warranty, l.Note)] += l.Quantity.Units()
		}
	}
	return out
}

// Each command inside one transaction of the caller's is undone with it.
func TestTheCallersTransactionDecides(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	no := errors.New("no")
	err := k.Update(bg, func(ctx context.Context, tx cart.Tx) error {
		in := put(tray, "1")
		in.Cart = c.ID
		if _, err := k.PutTx(ctx, tx, lind, in); err != nil {
			return err
		}
		p, err := k.RecalculateTx(ctx, tx, lind, cart.RecalculateInput{Cart: c.ID})
		if err != nil {
			return err
		}
		if p.Quote.Net != money.FromMinor(2835, money.EUR) {
			t.Errorf("net %s", p.Quote.Net)
		}
		if _, err := k.Put(ctx, lind, in); !errors.Is(err, uow.ErrNested) {
			t.Errorf("a command of its own inside: %v", err)
		}
		return no
	})
	require.ErrorIs(t, err, no)
	require.Equal(t, c, get(k.Get(bg, lind, c.ID)))
}
