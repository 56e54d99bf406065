package order_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

func (s *shop) again(a access.Actor, o order.Order, how order.How) order.AgainResult {
	s.t.Helper()
	r, err := s.orders.Again(s.ctx, a, order.AgainInput{Order: o.ID, How: how})
	require.NoError(s.t, err)
	return r
}

// order places a cart as it is.
func (s *shop) order(a access.Actor, id cart.ID) order.Order {
	s.t.Helper()
	p, err := s.carts.Recalculate(s.ctx, a, cart.RecalculateInput{Cart: id})
	require.NoError(s.t, err)
	r, err := s.orders.Place(s.ctx, a, order.PlaceInput{Cart: id, Seal: p.Quote.Seal})
	require.NoError(s.t, err)
	return s.get(r.Order)
}

// product changes a product behind everyone's back.
func (s *shop) product(id catalog.ID, change func(*catalog.Product)) {
	s.t.Helper()
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Products().Get(ctx, id)
		if err != nil {
			return err
		}
		change(&p)
		_, err = tx.Products().Save(ctx, p)
		return err
	}))
}

// withFiles is an order with a file of its own, one of each line, and an
// internal one, the first of them certified.
func (s *shop) withFiles() order.Order {
	s.t.Helper()
	o := s.placed(buyer)
	one, two := file("one.pdf"), file("two.pdf")
	one.Line, two.Line = o.Lines[0].ID, o.Lines[1].ID
	o = s.attach(buyer, o, file("whole.pdf"), one, two)
	o = s.attach(operator, o, secretFile("plant.pdf"))
	o, err := s.orders.Certify(s.ctx, operator, order.CertifyInput{Order: o.ID, Files: []order.FileID{o.Files[0].ID}})
	require.NoError(s.t, err)
	return o
}

// A18 R12: the same lines and the very same files, tied to the same products.
func TestReorderKeepsLinesAndFiles(t *testing.T) {
	s := newShop(t, nil)
	first := s.withFiles()
	r := s.again(designer, first, order.Reorder)
	require.Empty(t, r.Left)
	require.Equal(t, string(first.Ref), r.Cart.Name)
	require.Equal(t, &cart.Origin{Order: first.ID, Files: true}, r.Cart.Origin)
	require.Equal(t, designer.ID, r.Cart.Baton.Holder)

	// The buyer takes the cart up, swaps the lines and adds another.
	_, err := s.carts.HandOver(s.ctx, designer, cart.HandOverInput{Cart: r.Cart.ID, To: cart.Baton{Role: access.Purchaser}})
	require.NoError(t, err)
	_, err = s.carts.Put(s.ctx, buyer, cart.PutInput{Cart: r.Cart.ID, SKU: "OV-1", Quantity: money.QuantityOf(5), Apart: true})
	require.NoError(t, err)
	second := s.order(buyer, r.Cart.ID)
	require.Equal(t, first.ID, second.CopyOf)
	require.Len(t, second.Lines, 3)
	for i, l := range first.Lines {
		require.Equal(t, []any{l.Product, l.Quantity, l.Note}, []any{second.Lines[i].Product, second.Lines[i].Quantity, second.Lines[i].Note})
		require.NotEqual(t, l.ID, second.Lines[i].ID)
	}
	require.Len(t, second.Files, 4)
	for i, want := range first.Files {
		got := second.Files[i]
		require.NotEqual(t, want.ID, got.ID)
		if want.Line != "" {
			require.Equal(t, second.Lines[i-1].ID, got.Line)
		}
		want.ID, want.Line = got.ID, got.Line
		require.Equal(t, want, got, "identical content, as it was certified and kept")
	}
	c, err := s.carts.Get(s.ctx, buyer, r.Cart.ID)
	require.NoError(t, err)
	require.Nil(t, c.Origin, "the next order from this cart is no copy")
}

// A18 R14: the same products, other files. R13: the customer's data, no
// products.
func TestDuplicateAndNewFrom(t *testing.T) {
	s := newShop(t, nil)
	first := s.withFiles()
	to := partner.Address{Company: "Site 7", Street: "1 quai", Postcode: "13002", City: "Marseille", Country: "FR"}
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: first.ID, ShipTo: &to})
	require.NoError(t, err)

	dup := s.again(buyer, first, order.Duplicate)
	second := s.order(buyer, dup.Cart.ID)
	require.Equal(t, first.ID, second.CopyOf)
	require.Empty(t, second.Files)
	require.Len(t, second.Lines, 2)
	require.Equal(t, to, second.ShipTo)
	require.Equal(t, first.Customer.Counterparty, second.Customer.Counterparty)

	fresh := s.again(buyer, first, order.NewFrom)
	require.Empty(t, fresh.Cart.Lines)
	require.Equal(t, cart.Terms{Counterparty: "legal", ShipTo: &to}, fresh.Cart.Terms)
	_, err = s.carts.Put(s.ctx, buyer, cart.PutInput{Cart: fresh.Cart.ID, SKU: "065612405", Quantity: money.QuantityOf(1)})
	require.NoError(t, err)
	third := s.order(buyer, fresh.Cart.ID)
	require.Equal(t, first.ID, third.CopyOf)
	require.Equal(t, to, third.ShipTo)
	require.Empty(t, third.Files)
}

// What can no longer be ordered is told line by line, with the reason.
func TestAgainTellsWhatStaysBehind(t *testing.T) {
	s := newShop(t, nil)
	o := s.withFiles()
	s.product("oven", func(p *catalog.Product) { p.Quantity.Min = money.QuantityOf(2) })
	r := s.again(buyer, o, order.Reorder)
	require.Len(t, r.Cart.Lines, 1)
	require.Len(t, r.Left, 1)
	require.Equal(t, []any{o.Lines[0].ID, o.Lines[0].SKU, "quantity.min"}, []any{r.Left[0].Line, r.Left[0].SKU, r.Left[0].Code})
	second := s.order(buyer, r.Cart.ID)
	var names []string
	for _, f := range second.Files {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"whole.pdf", "two.pdf", "plant.pdf"}, names, "the file of the line that stayed behind stays, too")

	s.product("gasket", func(p *catalog.Product) { p.Online = false })
	_, err := s.orders.Again(s.ctx, buyer, order.AgainInput{Order: o.ID, How: order.Duplicate})
	require.ErrorIs(t, err, cart.ErrLines, "of an order of which nothing is left there is no cart")
	require.Len(t, issues(err), 2)
	page, err := s.carts.Find(s.ctx, buyer, cart.Query{Name: string(o.Ref) + " (2)"})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
	require.Empty(t, s.again(buyer, o, order.NewFrom).Left)

	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Get(ctx, "nord")
		if err != nil {
			return err
		}
		p.Counterparties[0].ID = "new-legal"
		_, err = tx.Partners().Save(ctx, p)
		return err
	}))
	gone := s.again(buyer, o, order.NewFrom)
	require.Equal(t, "counterparty.unknown", gone.Left[0].Code)
	require.Empty(t, gone.Cart.Terms.Counterparty)
}

func TestAgainNamesItsCart(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	require.Equal(t, string(o.Ref), s.again(buyer, o, order.Reorder).Cart.Name)
	require.Equal(t, string(o.Ref)+" (2)", s.again(buyer, o, order.Reorder).Cart.Name)
	require.Equal(t, string(o.Ref)+" (3)", s.again(buyer, o, order.NewFrom).Cart.Name)
	o.Title = strings.Repeat("é", 120)
	o = s.put(o)
	require.Equal(t, strings.Repeat("é", 100), s.again(buyer, o, order.Reorder).Cart.Name)
	require.Equal(t, strings.Repeat("é", 96)+" (2)", s.again(buyer, o, order.Reorder).Cart.Name)

	in := order.AgainInput{Key: "k", Order: o.ID, How: order.Reorder, Cart: " Mine "}
	first, err := s.orders.Again(s.ctx, buyer, in)
	require.NoError(t, err)
	require.Equal(t, "Mine", first.Cart.Name)
	same, err := s.orders.Again(s.ctx, buyer, in)
	require.NoError(t, err)
	require.Equal(t, first, same)
	in.Key = ""
	_, err = s.orders.Again(s.ctx, buyer, in)
	require.ErrorIs(t, err, cart.ErrExists)
}

func TestAgainRefusals(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	again := func(a access.Actor, how order.How) error {
		_, err := s.orders.Again(s.ctx, a, order.AgainInput{Order: o.ID, How: how})
		return err
	}
	require.ErrorIs(t, again(stranger, order.Reorder), order.ErrNotFound)
	require.ErrorIs(t, again(actorOf(access.Accountant), order.Reorder), access.ErrForbidden)
	require.Equal(t, []string{"how unknown"}, issues(again(buyer, "backwards")))
	require.NoError(t, again(operator, order.Reorder), "the seller for its customer")

	// An order that is gone meanwhile leaves its id behind, and no files.
	r := s.again(buyer, o, order.Reorder)
	require.NoError(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}))
	second := s.order(buyer, r.Cart.ID)
	require.Equal(t, o.ID, second.CopyOf)
	require.Empty(t, second.Files)
}

// Two lines of one product: each file goes with its own line's successor.
func TestFilesFollowTheirLines(t *testing.T) {
	s := newShop(t, nil)
	c, _ := s.offer(buyer)
	_, err := s.carts.Put(s.ctx, buyer, cart.PutInput{Cart: c.ID, SKU: "OV-1", Quantity: money.QuantityOf(3), Apart: true})
	require.NoError(t, err)
	first := s.order(buyer, c.ID)
	var files []order.NewFile
	for i, l := range first.Lines {
		f := file(string(rune('a'+i)) + ".pdf")
		f.Line = l.ID
		files = append(files, f)
	}
	s.attach(buyer, first, files...)
	second := s.order(buyer, s.again(buyer, first, order.Reorder).Cart.ID)
	require.Len(t, second.Files, 3)
	for i, f := range second.Files {
		require.Equal(t, second.Lines[i].ID, f.Line)
		require.Equal(t, files[i].Name, f.Name)
	}
}

// A cart that names another partner's order gets nothing of it.
func TestNoFilesOfAnotherPartnersOrder(t *testing.T) {
	s := newShop(t, nil)
	theirs := s.withFiles()
	c, _ := s.offer(stranger)
	require.NoError(t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		c.Origin = &cart.Origin{Order: theirs.ID, Files: true}
		_, err := tx.Carts().Save(ctx, c)
		return err
	}))
	require.Empty(t, s.order(stranger, c.ID).Files)
}
