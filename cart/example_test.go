package cart_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/store/memstore"
	"github.com/comptoir-go/comptoir/uow"
)

// studio is a store in memory with a partner, its people and some products,
// and the service over it. Dora Lind designs, Paul Merle buys.
func studio() *kit { return newKitOn(inMemory(), nil, &cart.Options{Tickets: tickets{"111024": true}}) }

func show(c cart.Cart) {
	fmt.Printf("%s:", c.Name)
	for _, l := range c.Lines {
		fmt.Printf(" %s × %s", l.Quantity, l.SKU)
	}
	fmt.Println()
}

func ExampleNewService() {
	tenant, _ := memstore.New(nil).For("fr")
	carts := cart.NewService(uow.Narrow(tenant, func(tx store.Tx) cart.Tx { return tx }), listPricer(),
		&cart.Options{Currency: money.EUR, Limits: cart.Limits{Carts: 20}})
	_, err := carts.Get(context.Background(), kern, "unknown")
	fmt.Println(err)
	// Output: cart.not_found: no such cart
}

func ExampleService_Create() {
	s := studio()
	c, err := s.Create(context.Background(), lind, cart.CreateInput{Name: "Villa Rosa"})
	fmt.Println(c.Name, c.Currency.Code(), c.Baton.Holder, c.Default, err)
	_, err = s.Create(context.Background(), merle, cart.CreateInput{Name: "VILLA ROSA"})
	fmt.Println(err)
	// Output:
	// Villa Rosa EUR lind true <nil>
	// cart.exists: the partner has a cart of this id or name already
}

func ExampleService_Rename() {
	s := studio()
	c := s.cart(lind, "Villa Rosa")
	c, err := s.Rename(context.Background(), lind, cart.RenameInput{Cart: c.ID, Version: c.Version, Name: "Villa Blanche"})
	fmt.Println(c.Name, err)
	// Output: Villa Blanche <nil>
}

func ExampleService_Annotate() {
	s := studio()
	c := s.cart(lind, "Villa Rosa")
	c, err := s.Annotate(context.Background(), lind, cart.AnnotateInput{Cart: c.ID, Note: "deliver before noon"})
	fmt.Println(c.Note, err)
	// Output: deliver before noon <nil>
}

func ExampleService_Duplicate() {
	s := studio()
	c := s.cart(lind, "Villa Rosa", put(tray, "2"))
	d, _ := s.Duplicate(context.Background(), merle, cart.DuplicateInput{Cart: c.ID, Name: "Villa Rosa, second kitchen"})
	show(d)
	fmt.Println(d.Baton.Holder)
	// Output:
	// Villa Rosa, second kitchen: 2 × 065612405
	// merle
}

func ExampleService_MakeDefault() {
	s := studio()
	first, second := s.cart(lind, "A"), s.cart(lind, "B")
	second, _ = s.MakeDefault(context.Background(), lind, cart.MakeDefaultInput{Cart: second.ID})
	first, _ = s.Get(context.Background(), lind, first.ID)
	fmt.Println(first.Default, second.Default)
	// Output: false true
}

func ExampleService_Delete() {
	s := studio()
	c := s.cart(lind, "Villa Rosa")
	in := cart.DeleteInput{Cart: c.ID, Key: "4711"}
	fmt.Println(s.Delete(context.Background(), lind, in))
	fmt.Println(s.Delete(context.Background(), lind, in)) // sent again: the first result
	// Output:
	// <nil>
	// <nil>
}

func ExampleService_Put() {
	s := studio()
	ctx := context.Background()
	c := s.cart(lind, "Villa Rosa")
	c, _ = s.Put(ctx, lind, cart.PutInput{Cart: c.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
	c, _ = s.Put(ctx, lind, cart.PutInput{Cart: c.ID, Product: tray, Quantity: money.QuantityOf(1)})
	show(c)
	_, err := s.Put(ctx, lind, cart.PutInput{Cart: c.ID, SKU: "INOX-SP", Quantity: money.QuantityOf(4)})
	for _, issue := range fault.IssuesOf(err) {
		fmt.Println(issue)
	}
	// Output:
	// Villa Rosa: 3 × 065612405
	// quantity: 4 is not a multiple of 6 (quantity.step)
	// quantity: 4 is less than 6 (quantity.min)
}

func ExampleService_Change() {
	s := studio()
	c := s.cart(lind, "Villa Rosa", put(tray, "2"))
	c, _ = s.Change(context.Background(), lind, cart.ChangeInput{Cart: c.ID, Line: c.Lines[0].ID, Quantity: money.QuantityOf(5)})
	show(c)
	// Output: Villa Rosa: 5 × 065612405
}

func ExampleService_Remove() {
	s := studio()
	c := s.cart(lind, "Villa Rosa", put(tray, "2"), put(cable, "1.5"))
	c, _ = s.Remove(context.Background(), lind, cart.RemoveInput{Cart: c.ID, Lines: []cart.LineID{c.Lines[0].ID}})
	show(c)
	// Output: Villa Rosa: 1.5 × CABLE
}

func ExampleService_AnnotateLine() {
	s := studio()
	c := s.cart(lind, "Villa Rosa", put(tray, "2"))
	c, _ = s.AnnotateLine(context.Background(), lind, cart.AnnotateLineInput{Cart: c.ID, Line: c.Lines[0].ID, Note: "left of the oven"})
	fmt.Println(c.Lines[0].Note)
	// Output: left of the oven
}

func ExampleService_AttachTicket() {
	s := studio()
	c := s.cart(lind, "Repairs", put(tray, "1"))
	in := cart.AttachTicketInput{Cart: c.ID, Line: c.Lines[0].ID, Ticket: "111024", Warranty: cart.InWarranty}
	c, _ = s.AttachTicket(context.Background(), lind, in)
	fmt.Println(c.Lines[0].Ticket, c.Lines[0].Warranty)
	// Output: 111024 in
}

func ExampleService_DetachTicket() {
	s := studio()
	in := put(tray, "1")
	in.Ticket, in.Warranty = "111024", cart.OutOfWarranty
	c := s.cart(lind, "Repairs", in)
	c, _ = s.DetachTicket(context.Background(), lind, cart.DetachTicketInput{Cart: c.ID, Line: c.Lines[0].ID})
	fmt.Printf("%q\n", c.Lines[0].Ticket)
	// Output: ""
}

func ExampleService_Move() {
	s := studio()
	a, b := s.cart(lind, "A", put(tray, "5")), s.cart(lind, "B", put(tray, "1"))
	out, _ := s.Move(context.Background(), lind, cart.MoveInput{Cart: a.ID, To: b.ID,
		Lines: []cart.Portion{{Line: a.Lines[0].ID, Quantity: money.QuantityOf(2)}}})
	show(out.From)
	show(out.To)
	// Output:
	// A: 3 × 065612405
	// B: 3 × 065612405
}

func ExampleService_Split() {
	s := studio()
	a := s.cart(lind, "A", put(tray, "5"), put(cable, "2"))
	out, _ := s.Split(context.Background(), lind, cart.SplitInput{Cart: a.ID, Name: "B", Lines: []cart.Portion{{Line: a.Lines[1].ID}}})
	show(out.From)
	show(out.To)
	// Output:
	// A: 5 × 065612405
	// B: 2 × CABLE
}

func ExampleService_Merge() {
	s := studio()
	ctx := context.Background()
	a, b := s.cart(lind, "A", put(handle, "36")), s.cart(lind, "B", put(handle, "30"))
	_, err := s.Merge(ctx, lind, cart.MergeInput{Cart: a.ID, To: b.ID})
	var conflict *cart.MergeConflict
	if errors.As(err, &conflict) {
		fmt.Println(conflict.Clashes[0].Clash, "-", conflict.Clashes[0].Message)
	}
	_, _ = s.Change(ctx, lind, cart.ChangeInput{Cart: a.ID, Line: a.Lines[0].ID, Quantity: money.QuantityOf(24)})
	out, _ := s.Merge(ctx, lind, cart.MergeInput{Cart: a.ID, To: b.ID, Apart: true, Delete: true})
	show(out.To)
	// Output:
	// quantity - INOX-SP: 66 would break the quantity rule: 66 is more than 60
	// B: 30 × INOX-SP 24 × INOX-SP
}

func ExampleService_QuickOrder() {
	s := studio()
	ctx := context.Background()
	c := s.cart(lind, "Villa Rosa")
	_, err := s.QuickOrder(ctx, lind, cart.QuickInput{Cart: c.ID, Text: "065612405;2\nCABLE 1,5\n066;1\nCABLE;x"})
	for _, issue := range fault.IssuesOf(err) {
		fmt.Println(issue)
	}
	out, _ := s.QuickOrder(ctx, lind, cart.QuickInput{Cart: c.ID, Text: "065612405;2\nCABLE 1,5"})
	show(out.Cart)
	// Output:
	// line[3]: there is no product "066" (catalog.not_found)
	// line[4]: the quantity is not a number (quantity_syntax)
	// Villa Rosa: 2 × 065612405 1.5 × CABLE
}

func ExampleParseQuick() {
	lines, faults := cart.ParseQuick("# parts\n065612405\nCABLE;1,5\nINOX-SP;1.000\n")
	for _, l := range lines {
		fmt.Println(l.Number, l.SKU, l.Quantity)
	}
	for _, f := range faults {
		fmt.Println(f.Number, f.Code)
	}
	// Output:
	// 2 065612405 1
	// 3 CABLE 1.5
	// 4 quantity_ambiguous
}

func ExampleService_Preview() {
	s := studio()
	c := s.cart(lind, "Villa Rosa", put(tray, "1"))
	p, _ := s.Preview(context.Background(), berg, cart.PreviewInput{Cart: c.ID})
	fmt.Println(p.Quote.Net, p.Quote.Gross, p.Cart.Quote == nil)
	// Output: 9.45 EUR 11.34 EUR true
}

func ExampleService_Recalculate() {
	s := studio()
	ctx := context.Background()
	c := s.cart(lind, "Villa Rosa", put(tray, "1"))
	p, _ := s.Recalculate(ctx, lind, cart.RecalculateInput{Cart: c.ID})
	fmt.Println(p.Quote.Gross, p.Quote.Until.Format(time.DateTime))
	s.reprice(tray, "9.90")
	p, _ = s.Recalculate(ctx, lind, cart.RecalculateInput{Cart: c.ID})
	fmt.Println(p.Quote.Gross, p.Changes[len(p.Changes)-1])
	// Output:
	// 11.34 EUR 2026-03-03 09:00:00
	// 11.88 EUR total_gross 11.34 EUR → 11.88 EUR
}

func ExampleService_HandOver() {
	s := studio()
	ctx := context.Background()
	c := s.cart(lind, "Villa Rosa", put(tray, "1"))
	c, _ = s.HandOver(ctx, lind, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Holder: "merle"}, Note: "please order"})
	fmt.Println(c.Baton.Holder, c.Handovers[0].Note)
	_, err := s.Rename(ctx, lind, cart.RenameInput{Cart: c.ID, Name: "Villa Blanche"})
	fmt.Println(err)
	// Output:
	// merle please order
	// cart.not_holder: somebody else holds the cart
}

func ExampleService_TakeUp() {
	s := studio()
	ctx := context.Background()
	c := s.cart(lind, "Villa Rosa", put(tray, "1"))
	c, _ = s.HandOver(ctx, lind, cart.HandOverInput{Cart: c.ID, To: cart.Baton{Role: access.Purchaser}})
	c, _ = s.TakeUp(ctx, merle, cart.TakeUpInput{Cart: c.ID})
	fmt.Println(c.Baton.Holder, len(c.Handovers))
	// Output: merle 2
}

func ExampleService_Get() {
	s := studio()
	c := s.cart(lind, "Villa Rosa")
	_, err := s.Get(context.Background(), roth, c.ID) // she works for another partner
	fmt.Println(fault.KindOf(err), fault.CodeOf(err))
	// Output: not_found cart.not_found
}

func ExampleService_Find() {
	s := studio()
	s.cart(lind, "Villa Rosa", put(tray, "1"))
	s.cart(lind, "Atelier")
	s.cart(roth, "Elsewhere")
	page, _ := s.Find(context.Background(), merle, cart.Query{})
	for _, h := range page.Rows {
		fmt.Println(h.Name, h.Lines)
	}
	// Output:
	// Atelier 0
	// Villa Rosa 1
}

// An order is made between the two halves, in the same transaction.
func ExampleService_OrderTx() {
	s := studio()
	c, seal := s.ready(put(tray, "2"))
	place := func() error {
		return s.Update(context.Background(), func(ctx context.Context, tx cart.Tx) error {
			ready, err := s.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: seal})
			if err != nil {
				return err
			}
			fmt.Println("to pay:", ready.Quote.Gross)
			return s.EmptyTx(ctx, tx, ready, cart.Ordered{Order: "o-1", Ref: "FR10002527260001", By: merle.Stamp(), At: start})
		})
	}
	fmt.Println(place())
	fmt.Println(place())
	// Output:
	// to pay: 22.68 EUR
	// <nil>
	// cart.already_ordered: the cart was ordered already as FR10002527260001
}

func ExampleService_EmptyTx() {
	s := studio()
	c, seal := s.ready(put(tray, "2"))
	_ = s.Update(context.Background(), func(ctx context.Context, tx cart.Tx) error {
		ready, err := s.OrderTx(ctx, tx, merle, cart.OrderInput{Cart: c.ID, Seal: seal})
		if err != nil {
			return err
		}
		return s.EmptyTx(ctx, tx, ready, cart.Ordered{Order: "o-1", Ref: "FR10002527260001", By: merle.Stamp(), At: start})
	})
	c, _ = s.Get(context.Background(), merle, c.ID)
	fmt.Println(len(c.Lines), c.Orders[0].Ref, c.Orders[0].Seal == seal, c.Baton.Holder)
	// Output: 0 FR10002527260001 true merle
}

func ExampleService_PriceTx() {
	s := studio()
	_ = s.View(context.Background(), func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Partners().Get(ctx, "vert")
		if err != nil {
			return err
		}
		c := cart.Cart{Partner: p.ID, Currency: money.EUR,
			Lines: []cart.Line{{ID: "1", Product: tray, Quantity: money.QuantityOf(3)}, {ID: "2", Product: "gone", SKU: "066"}}}
		_, err = s.PriceTx(ctx, tx, c, p, start)
		fmt.Println(err)
		c.Lines = c.Lines[:1]
		q, err := s.PriceTx(ctx, tx, c, p, start)
		fmt.Println(q.Net, err)
		return nil
	})
	// Output:
	// cart.lines: some lines cannot be ordered: lines[1]: there is no product 066 any more (catalog.not_found)
	// 28.35 EUR <nil>
}

func ExampleTerms_Resolve() {
	p := partner.Partner{
		Counterparties: []partner.Counterparty{{ID: "gmbh", Name: "Küchen GmbH", Country: "DE", VATID: "DE136695976", Default: true}},
		Addresses:      []partner.Address{{ID: "lager", City: "Linz", Country: "AT", Default: true}},
	}
	entity, to, err := cart.Terms{}.Resolve(p)
	fmt.Println(entity.Name, to.City, err)
	_, _, err = cart.Terms{Address: "garage"}.Resolve(p)
	fmt.Println(err)
	// Output:
	// Küchen GmbH Linz <nil>
	// cart.invalid: the input is not valid: terms.address: the partner has no address "garage" (unknown)
}
