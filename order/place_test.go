package order_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

func TestPlaceTurnsACartIntoAnOrder(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	s.events(event.Facts)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal, CustomerNo: "PO-1"})
	require.NoError(t, err)
	require.Equal(t, order.Ref("FR10002527260001"), r.Ref)
	require.Equal(t, order.Awaiting, r.State)
	require.Equal(t, "658.90 EUR", r.Net.String())
	require.Equal(t, "131.78 EUR", r.Tax.String())
	require.Equal(t, "790.68 EUR", r.Gross.String())

	o, err := s.orders.GetByRef(s.ctx, buyer, r.Ref)
	require.NoError(t, err)
	require.Len(t, o.Lines, 2)
	require.Equal(t, q, o.Quote, "the calculation is frozen as offered")
	require.Equal(t, "kitchen", o.Note)
	require.Equal(t, "PO-1", o.CustomerNo)
	require.Equal(t, partner.ID("nord"), o.Customer.Partner)
	require.Equal(t, "FR10002527", o.Customer.Code)
	require.Equal(t, buyer.ID, o.InsertedBy.ID)
	require.Equal(t, "Lille", o.ShipTo.City, "without addresses of its own the goods go where the invoice goes")
	for _, l := range o.Lines {
		require.Equal(t, "for "+string(l.SKU), l.Note)
		require.NotEmpty(t, l.Name)
	}

	left, err := s.carts.Get(s.ctx, buyer, c.ID)
	require.NoError(t, err)
	require.Empty(t, left.Lines)
	require.Nil(t, left.Quote)
	require.Equal(t, o.ID, left.Orders[0].Order)

	require.Equal(t, []string{"order.placed"}, types(s.events(event.Facts), "order."))
	require.Equal(t, []string{"order.sync_requested"}, types(s.events(event.ERP), ""))
}

func TestPlaceNumbersGoOnPerCustomerAndYear(t *testing.T) {
	s := newShop(t, &order.Options{Zone: time.FixedZone("UTC+2", 2*3600)})
	require.Equal(t, order.Ref("FR10002527260001"), s.placed(buyer).Ref)
	require.Equal(t, order.Ref("FR10002527260002"), s.placed(buyer).Ref)
	require.Equal(t, order.Ref("FR10015195260001"), s.placed(stranger).Ref)
	// 22:30 UTC on New Year's Eve is next year in the tenant's zone.
	s.pass(time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC).Sub(s.clock()))
	require.Equal(t, order.Ref("FR10002527270001"), s.placed(buyer).Ref)
}

func TestPlaceSecondOrderOfOneOfferIsRefused(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	const racers = 100
	refs, errs := make([]order.Receipt, racers), make([]error, racers)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			refs[i], errs[i] = s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
		})
	}
	wg.Wait()
	var won []order.Receipt
	for i, err := range errs {
		if err == nil {
			won = append(won, refs[i])
		}
	}
	require.Len(t, won, 1)
	for _, err := range errs {
		var already *cart.AlreadyOrdered
		if err != nil {
			require.ErrorAs(t, err, &already)
			require.Equal(t, won[0].Order, already.Order)
			require.Equal(t, string(won[0].Ref), already.Ref)
			require.Equal(t, fault.Conflict, fault.KindOf(err))
		}
	}
	page, err := s.orders.Find(s.ctx, buyer, order.Query{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
}

func TestPlaceSameKeyGivesTheFirstReceipt(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	in := order.PlaceInput{Key: "click-1", Cart: c.ID, Seal: q.Seal}
	const racers = 50
	refs, errs := make([]order.Receipt, racers), make([]error, racers)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() { refs[i], errs[i] = s.orders.Place(s.ctx, buyer, in) })
	}
	wg.Wait()
	for i := range racers {
		require.NoError(t, errs[i])
		require.Equal(t, refs[0], refs[i])
	}
	other := in
	other.Note = "another"
	_, err := s.orders.Place(s.ctx, buyer, other)
	require.ErrorIs(t, err, uow.ErrKeyReused)
	_, err = s.orders.Place(s.ctx, stranger, in)
	require.ErrorIs(t, err, cart.ErrNotFound, "a key opens nothing for others")
}

func TestPlaceMovedPriceIsATypedDifference(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	s.reprice("gasket", "9.95")
	_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	require.NotEmpty(t, moved.Changes)
	require.Equal(t, "659.90 EUR", moved.Fresh.Net.String())
	page, err := s.orders.Find(s.ctx, buyer, order.Query{})
	require.NoError(t, err)
	require.Empty(t, page.Rows)
	left, err := s.carts.Get(s.ctx, buyer, c.ID)
	require.NoError(t, err)
	require.Len(t, left.Lines, 2, "nothing happened to the cart")
}

func TestPlaceRefusals(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	place := func(a access.Actor, change func(*order.PlaceInput)) error {
		in := order.PlaceInput{Cart: c.ID, Seal: q.Seal}
		change(&in)
		_, err := s.orders.Place(s.ctx, a, in)
		return err
	}
	keep := func(*order.PlaceInput) {}
	require.ErrorIs(t, place(designer, keep), access.ErrForbidden)
	require.ErrorIs(t, place(stranger, keep), cart.ErrNotFound)
	require.ErrorIs(t, place(access.Actor{}, keep), cart.ErrNotFound)
	require.ErrorIs(t, place(operator, keep), cart.ErrNotHolder)
	require.ErrorIs(t, place(buyer, func(in *order.PlaceInput) { in.Seal = strings.Repeat("0", 64) }), cart.ErrSeal)

	err := place(buyer, func(in *order.PlaceInput) {
		in.Cart, in.Seal, in.CustomerNo, in.Note = "", "", strings.Repeat("x", 101), strings.Repeat("y", 2001)
	})
	require.ErrorIs(t, err, order.ErrInvalid)
	require.Len(t, fault.IssuesOf(err), 4, "all that is wrong is named at once")

	s.pass(48 * time.Hour)
	require.ErrorIs(t, place(buyer, keep), cart.ErrExpired)
}

func TestPlaceAsDraftStaysHere(t *testing.T) {
	s := newShop(t, nil)
	c, q := s.offer(buyer)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal, AsDraft: true})
	require.NoError(t, err)
	require.Equal(t, order.Draft, r.State)
	require.Empty(t, s.events(event.ERP), "a draft of ours is nobody else's business")
	require.Equal(t, order.Awaiting, s.advance(buyer, r.Order, order.Submit).State)
	require.Len(t, s.events(event.ERP), 1)
}

func TestReviseUntilValidated(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.events(event.ERP)
	three, note := money.QuantityOf(3), "ring twice"
	var gasket order.LineID
	for _, l := range o.Lines {
		if l.SKU == "065612405" {
			gasket = l.ID
		}
	}
	o2, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Version: o.Version, Note: &note,
		Lines: []order.LineChange{{Line: gasket, Quantity: &three}}})
	require.NoError(t, err)
	require.Equal(t, "668.35 EUR", o2.Quote.Net.String())
	require.Equal(t, 2, o2.Revision)
	require.Equal(t, note, o2.Note)
	require.Len(t, s.events(event.ERP), 1)

	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Version: o.Version, Note: &note})
	require.ErrorIs(t, err, uow.ErrVersion)
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: "none"}, {Line: gasket}, {Line: gasket}}})
	require.Len(t, fault.IssuesOf(err), 2)

	s.advance(operator, o.ID, order.Validate)
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Note: &note})
	require.ErrorIs(t, err, order.ErrLocked)
	require.ErrorIs(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}), order.ErrLocked)
}

func TestReviseNamesPricesThatMovedBeside(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.reprice("oven", "650.00")
	three := money.QuantityOf(3)
	in := order.ReviseInput{Order: o.ID}
	for _, l := range o.Lines {
		if l.SKU == "065612405" {
			in.Lines = []order.LineChange{{Line: l.ID, Quantity: &three}}
		}
	}
	_, err := s.orders.Revise(s.ctx, buyer, in)
	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	for _, ch := range moved.Changes {
		require.NotEqual(t, in.Lines[0].Line, ch.Line, "only what was not touched is news")
	}
	in.Seal = moved.Fresh.Seal
	o2, err := s.orders.Revise(s.ctx, buyer, in)
	require.NoError(t, err)
	require.Equal(t, moved.Fresh.Net, o2.Quote.Net)
}

func TestDeleteUntilValidated(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.events(event.ERP)
	require.ErrorIs(t, s.orders.Delete(s.ctx, stranger, order.DeleteInput{Order: o.ID}), order.ErrNotFound)
	require.ErrorIs(t, s.orders.Delete(s.ctx, designer, order.DeleteInput{Order: o.ID}), access.ErrForbidden)
	require.ErrorIs(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID, Version: 99}), uow.ErrVersion)
	require.NoError(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}))
	require.ErrorIs(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID}), order.ErrNotFound)
	ds := s.events(event.ERP)
	require.Len(t, ds, 1)
	require.Contains(t, string(ds[0].Data), `"withdraw":true`)
	require.Equal(t, order.Ref("FR10002527260002"), s.placed(buyer).Ref, "a reference is not given twice")
}

func TestUnknownOrderAndForeignOrderLookTheSame(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	_, unknown := s.orders.Get(s.ctx, stranger, "no-such-order")
	_, foreign := s.orders.Get(s.ctx, stranger, o.ID)
	require.Equal(t, unknown.Error(), foreign.Error())
	require.True(t, errors.Is(foreign, order.ErrNotFound))
}

func TestPlaceUsesTheTermsThatWerePriced(t *testing.T) {
	s := newShop(t, nil)
	c, _ := s.offer(buyer)
	recalculate := func(terms cart.Terms) (pricing.Quote, error) {
		p, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: c.ID, Terms: &terms})
		return p.Quote, err
	}
	_, err := recalculate(cart.Terms{Counterparty: "nobody", Address: "nowhere"})
	require.ErrorIs(t, err, cart.ErrInvalid)
	require.Len(t, fault.IssuesOf(err), 2)

	q, err := recalculate(cart.Terms{ShipTo: &partner.Address{Company: "X"}})
	require.NoError(t, err, "a price may be asked before the address is complete")
	_, err = s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	require.ErrorIs(t, err, partner.ErrAddressIncomplete)
	require.GreaterOrEqual(t, len(fault.IssuesOf(err)), 4)

	abroad := partner.Address{Company: "Chalet", Street: "1 rue du Lac", Postcode: "1200", City: "Genève", Country: "CH"}
	q, err = recalculate(cart.Terms{ShipTo: &abroad})
	require.NoError(t, err)
	require.Zero(t, q.Tax.Minor(), "an export bears no VAT")
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	require.NoError(t, err)
	o, err := s.orders.Get(s.ctx, buyer, r.Order)
	require.NoError(t, err)
	require.Equal(t, abroad, o.ShipTo)
	require.Equal(t, r.Gross, r.Net)

	// Sending it home instead changes the tax of every line, so it is said first.
	home := o.Customer.Counterparty.Invoice
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, ShipTo: &home})
	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	o, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, ShipTo: &home, Seal: moved.Fresh.Seal})
	require.NoError(t, err)
	require.Equal(t, "131.78 EUR", o.Quote.Tax.String())
}
