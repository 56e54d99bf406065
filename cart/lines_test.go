package cart_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

func quantities(c cart.Cart) []string {
	var out []string
	for _, l := range c.Lines {
		out = append(out, string(l.SKU)+" "+l.Quantity.String())
	}
	return out
}

func TestPutMergesEqualLines(t *testing.T) {
	k := newKit(nil, &cart.Options{Tickets: tickets{"111024": true}})
	c := k.cart(lind, "A", put(tray, "2"),
		cart.PutInput{SKU: "065612405", Quantity: money.QuantityOf(1)},
		cart.PutInput{Product: tray, Quantity: money.QuantityOf(1), Note: "spare"},
		cart.PutInput{Product: tray, Quantity: money.QuantityOf(1), Ticket: "111024", Warranty: cart.InWarranty},
		cart.PutInput{Product: tray, Quantity: money.QuantityOf(4), Apart: true},
		cart.PutInput{Product: tray, Quantity: money.QuantityOf(5), Ticket: "111024", Warranty: cart.InWarranty},
		put(cable, "2.5"))
	require.Equal(t, []string{"065612405 3", "065612405 1", "065612405 6", "065612405 4", "CABLE 2.5"}, quantities(c))
	require.Equal(t, "spare", c.Lines[1].Note)
	require.Equal(t, cart.TicketID("111024"), c.Lines[2].Ticket)
}

func TestPutRefuses(t *testing.T) {
	k := newKit(nil, &cart.Options{Tickets: tickets{"111024": true}, Limits: cart.Limits{Lines: 2, Note: 10}})
	c := k.cart(lind, "A", put(handle, "54"))
	q := money.MustQuantity
	for name, tc := range map[string]struct {
		in   cart.PutInput
		want []string
	}{
		"nothing named":    {cart.PutInput{Quantity: q("1")}, []string{"product required"}},
		"unknown id":       {cart.PutInput{Product: "nope", Quantity: q("1")}, []string{"product catalog.not_found"}},
		"unknown sku":      {cart.PutInput{SKU: "nope", Quantity: q("1")}, []string{"sku catalog.not_found"}},
		"zero":             {put(tray, "0"), []string{"quantity quantity.positive"}},
		"less than zero":   {put(handle, "-6"), []string{"quantity quantity.positive"}},
		"half a piece":     {put(tray, "0.5"), []string{"quantity quantity.step"}},
		"blocked":          {put(relic, "1"), []string{"product catalog.not_found"}},
		"for another":      {put(custom, "1"), []string{"product catalog.not_found"}},
		"another's SKU":    {cart.PutInput{SKU: "CUST-1", Quantity: q("0.5")}, []string{"sku catalog.not_found"}},
		"apart above max":  {cart.PutInput{Product: handle, Quantity: q("12"), Apart: true}, []string{"quantity quantity.max"}},
		"two-line ticket":  {cart.PutInput{Product: tray, Quantity: q("1"), Ticket: "1\n2", Warranty: "in"}, []string{"ticket text.control"}},
		"sum above max":    {put(handle, "12"), []string{"quantity quantity.max"}},
		"ticket only":      {cart.PutInput{Product: tray, Quantity: q("1"), Ticket: "111024"}, []string{"warranty one_of"}},
		"mark only":        {cart.PutInput{Product: tray, Quantity: q("1"), Warranty: "in"}, []string{"ticket required"}},
		"sum out of range": {put(handle, "922337203685476"), []string{"quantity money.overflow"}},
		"everything at once": {cart.PutInput{Product: relic, Quantity: q("0.5"), Note: "far too long", Ticket: "1", Warranty: "maybe"},
			[]string{"note text.long", "warranty one_of", "product catalog.not_found"}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.in.Cart = c.ID
			_, err := k.Put(bg, lind, tc.in)
			require.ErrorIs(t, err, cart.ErrInvalid)
			if name == "sum out of range" {
				require.Contains(t, issues(err), tc.want[0])
				return
			}
			require.Equal(t, tc.want, issues(err))
		})
	}
	require.Equal(t, c, get(k.Get(bg, lind, c.ID)), "nothing of it was kept")

	in := put(tray, "1")
	in.Cart = c.ID
	get(k.Put(bg, lind, in))
	in.Apart = true
	_, err := k.Put(bg, lind, in)
	require.ErrorIs(t, err, cart.ErrLimit)
}

func TestOneTicketHasOneMark(t *testing.T) {
	k := newKit(nil, &cart.Options{Tickets: tickets{"7": true}})
	in := cart.PutInput{Product: tray, Quantity: money.QuantityOf(1), Ticket: "7", Warranty: cart.InWarranty}
	c := k.cart(lind, "A", in)
	in.Cart, in.Warranty = c.ID, cart.OutOfWarranty
	_, err := k.Put(bg, lind, in)
	var clash *cart.MergeConflict
	require.ErrorAs(t, err, &clash)
	require.Len(t, clash.Clashes, 1)
	require.Equal(t, cart.ClashMark, clash.Clashes[0].Clash)
	require.Equal(t, c.Lines[0].ID, clash.Clashes[0].Into)
	in.Apart = true
	require.Len(t, get(k.Put(bg, lind, in)).Lines, 2)
}

func TestChangeRemoveAnnotate(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"), put(handle, "6"), put(cable, "1"))
	one, two, three := c.Lines[0].ID, c.Lines[1].ID, c.Lines[2].ID

	c = get(k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: two, Quantity: money.QuantityOf(12)}))
	require.Equal(t, "12", c.Lines[1].Quantity.String())
	_, err := k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: two, Quantity: money.QuantityOf(7)})
	require.Equal(t, []string{"quantity quantity.step"}, issues(err))
	_, err = k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: two})
	require.Equal(t, []string{"quantity quantity.positive"}, issues(err))
	_, err = k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: "nope", Quantity: money.QuantityOf(1)})
	require.ErrorIs(t, err, cart.ErrLine)

	c = get(k.AnnotateLine(bg, lind, cart.AnnotateLineInput{Cart: c.ID, Line: one, Note: "left side"}))
	require.Equal(t, "left side", c.Lines[0].Note)

	_, err = k.Remove(bg, lind, cart.RemoveInput{Cart: c.ID, Lines: []cart.LineID{one, "nope", "nor this"}})
	require.ErrorIs(t, err, cart.ErrLine)
	require.Equal(t, []string{"lines[1] unknown", "lines[2] unknown"}, issues(err))
	c = get(k.Remove(bg, lind, cart.RemoveInput{Cart: c.ID, Lines: []cart.LineID{one, three}}))
	require.Equal(t, []string{"INOX-SP 12"}, quantities(c))
	require.Empty(t, get(k.Remove(bg, lind, cart.RemoveInput{Cart: c.ID, All: true})).Lines)
}

func TestTickets(t *testing.T) {
	port := tickets{"111024": true}
	k := newKit(nil, &cart.Options{Tickets: port})
	c := k.cart(lind, "A", put(tray, "2"))
	line := c.Lines[0].ID
	attach := func(id cart.TicketID, w cart.Warranty) (cart.Cart, error) {
		return k.AttachTicket(bg, lind, cart.AttachTicketInput{Cart: c.ID, Line: line, Ticket: id, Warranty: w})
	}
	_, err := attach("", "")
	require.Equal(t, []string{"ticket required", "warranty one_of"}, issues(err))
	_, err = attach("999", cart.InWarranty)
	require.ErrorIs(t, err, errTicket)
	got := get(attach("111024", cart.OutOfWarranty))
	require.Equal(t, cart.OutOfWarranty, got.Lines[0].Warranty)
	got = get(k.DetachTicket(bg, lind, cart.DetachTicketInput{Cart: c.ID, Line: line}))
	require.Empty(t, got.Lines[0].Ticket)
	require.Empty(t, got.Lines[0].Warranty)

	bare := newKit(nil, nil)
	d := bare.cart(lind, "A", put(tray, "1"))
	_, err = bare.AttachTicket(bg, lind, cart.AttachTicketInput{Cart: d.ID, Line: d.Lines[0].ID, Ticket: "1", Warranty: "in"})
	require.ErrorIs(t, err, cart.ErrTickets)
}

// within is a port that reads in the open transaction.
type within struct {
	tickets
	tx cart.Tx
}

func (w *within) TicketOpenTx(ctx context.Context, tx cart.Tx, id cart.TicketID, a access.Actor) error {
	w.tx = tx
	return w.TicketOpen(ctx, id, a)
}

func TestTheTicketPortIsHandedTheTransaction(t *testing.T) {
	port := &within{tickets: tickets{"7": true}}
	k := newKit(nil, &cart.Options{Tickets: port})
	in := cart.PutInput{Product: tray, Quantity: money.QuantityOf(1), Ticket: "7", Warranty: cart.InWarranty}
	k.cart(lind, "A", in)
	require.IsType(t, &fakeTx{}, port.tx)
	delete(port.tickets, "7")
	in.Cart = get(k.Create(bg, lind, cart.CreateInput{Name: "B"})).ID
	_, err := k.Put(bg, lind, in)
	require.ErrorIs(t, err, errTicket)
}

// A change of lines removes the calculation; what is beside the lines keeps it.
func TestWhatRemovesTheQuote(t *testing.T) {
	k := newKit(nil, &cart.Options{Tickets: tickets{"7": true}})
	c := k.cart(lind, "A", put(tray, "2"), put(cable, "1"))
	other := k.cart(lind, "B")
	line := c.Lines[0].ID
	for name, tc := range map[string]struct {
		keeps bool
		do    func() error
	}{
		"rename":   {true, func() error { _, err := k.Rename(bg, lind, cart.RenameInput{Cart: c.ID, Name: "AA"}); return err }},
		"annotate": {true, func() error { _, err := k.Annotate(bg, lind, cart.AnnotateInput{Cart: c.ID, Note: "n"}); return err }},
		"put":      {false, func() error { in := put(cable, "1"); in.Cart = c.ID; _, err := k.Put(bg, lind, in); return err }},
		"change": {false, func() error {
			_, err := k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: line, Quantity: money.QuantityOf(9)})
			return err
		}},
		"annotate line": {false, func() error {
			_, err := k.AnnotateLine(bg, lind, cart.AnnotateLineInput{Cart: c.ID, Line: line, Note: "x"})
			return err
		}},
		"attach": {false, func() error {
			_, err := k.AttachTicket(bg, lind, cart.AttachTicketInput{Cart: c.ID, Line: line, Ticket: "7", Warranty: "in"})
			return err
		}},
		"detach": {false, func() error {
			_, err := k.DetachTicket(bg, lind, cart.DetachTicketInput{Cart: c.ID, Line: line})
			return err
		}},
		"quick order": {false, func() error {
			_, err := k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: "CABLE;1"})
			return err
		}},
		"move": {false, func() error {
			_, err := k.Move(bg, lind, cart.MoveInput{Cart: c.ID, To: other.ID, Lines: []cart.Portion{{Line: line, Quantity: money.QuantityOf(1)}}})
			return err
		}},
		"remove": {false, func() error {
			now := get(k.Get(bg, lind, c.ID))
			_, err := k.Remove(bg, lind, cart.RemoveInput{Cart: c.ID, Lines: []cart.LineID{now.Lines[len(now.Lines)-1].ID}})
			return err
		}},
	} {
		if name == "remove" {
			in := put(tray, "1")
			in.Cart, in.Apart = c.ID, true
			get(k.Put(bg, lind, in))
		}
		get(k.Recalculate(bg, lind, cart.RecalculateInput{Cart: c.ID}))
		require.NoError(t, tc.do(), name)
		require.Equal(t, tc.keeps, get(k.Get(bg, lind, c.ID)).Quote != nil, name)
	}
}

func TestAProductThatIsGoneCannotBeChanged(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "2"))
	k.drop(tray)
	_, err := k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(1)})
	require.Equal(t, []string{"product catalog.not_found"}, issues(err))
}

// drop removes a product from the catalog, as an import might.
func (k *kit) drop(id catalog.ID) {
	k.shop.mu.Lock()
	defer k.shop.mu.Unlock()
	delete(k.shop.state.docs, productRef(id))
}

// What is hidden from a partner is answered to it in the very words of what is
// not there; the seller's staff gets the reason, and so does the partner for a
// line that is in the cart already.
func TestHiddenProductsDoNotExist(t *testing.T) {
	k := newKit(nil, nil)
	c := k.cart(lind, "A", put(tray, "1"))
	message := func(a access.Actor, in cart.PutInput) string {
		in.Cart, in.Quantity = c.ID, money.QuantityOf(1)
		_, err := k.Put(bg, a, in)
		require.ErrorIs(t, err, cart.ErrInvalid)
		return err.Error()
	}
	for id, sku := range map[catalog.ID]catalog.SKU{relic: "OLD-1", custom: "CUST-1"} {
		there, missing := message(lind, cart.PutInput{Product: id}), message(lind, cart.PutInput{Product: "nope"})
		require.Equal(t, missing, strings.ReplaceAll(there, string(id), "nope"))
		there, missing = message(lind, cart.PutInput{SKU: sku}), message(lind, cart.PutInput{SKU: "nope"})
		require.Equal(t, missing, strings.ReplaceAll(there, string(sku), "nope"))
	}
	k.block(tray, true)
	require.Contains(t, message(lind, cart.PutInput{Product: tray}), "blocked")
	_, err := k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: "065612405"})
	require.Equal(t, []string{"line[1] blocked"}, issues(err))

	get(k.HandOver(bg, kern, cart.HandOverInput{Cart: c.ID, To: held(kern)}))
	require.Contains(t, message(kern, cart.PutInput{Product: relic}), "blocked")
	require.Contains(t, message(kern, cart.PutInput{SKU: "CUST-1"}), "not_referenced")
	_, err = k.QuickOrder(bg, kern, cart.QuickInput{Cart: c.ID, Text: "CUST-1"})
	require.Equal(t, []string{"line[1] not_referenced"}, issues(err))
}

// The maximum of a rule is for the product, however many lines it is on.
func TestTheMaximumHoldsForAllLinesOfAProduct(t *testing.T) {
	k := newKit(nil, nil)
	apart := put(handle, "24")
	apart.Apart = true
	c := k.cart(lind, "A", put(handle, "36"), apart)
	_, err := k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(42)})
	require.Equal(t, []string{"quantity quantity.max"}, issues(err))
	_, err = k.QuickOrder(bg, lind, cart.QuickInput{Cart: c.ID, Text: "INOX-SP;6"})
	require.Equal(t, []string{"line[1] quantity.max"}, issues(err))
	_, err = k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(66)})
	require.Equal(t, []string{"quantity quantity.max"}, issues(err), "said once")
	get(k.Change(bg, lind, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(30)}))

	b := k.cart(lind, "B", put(handle, "12"))
	merge := cart.MergeInput{Cart: b.ID, To: c.ID, Apart: true}
	_, err = k.Merge(bg, lind, merge)
	var clash *cart.MergeConflict
	require.ErrorAs(t, err, &clash)
	require.Len(t, clash.Clashes, 1)
	require.Equal(t, cart.ClashQuantity, clash.Clashes[0].Clash)
	get(k.Change(bg, lind, cart.ChangeInput{Cart: b.ID, Line: b.Lines[0].ID, Quantity: money.QuantityOf(6)}))
	c = get(k.Merge(bg, lind, merge)).To

	// The rule that is stricter by now is named on each of the lines.
	k.change(func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Products().Get(ctx, handle)
		if err != nil {
			return err
		}
		p.Quantity.Max = money.QuantityOf(54)
		_, err = tx.Products().Save(ctx, p)
		return err
	})
	_, err = k.Preview(bg, lind, cart.PreviewInput{Cart: c.ID})
	require.Equal(t, []string{"lines[0].quantity quantity.max", "lines[1].quantity quantity.max", "lines[2].quantity quantity.max"}, issues(err))
	out := get(k.Move(bg, lind, cart.MoveInput{Cart: c.ID, To: b.ID, Lines: portions(c, "6")}))
	require.Len(t, out.To.Lines, 1, "what is too much may go elsewhere")
}
