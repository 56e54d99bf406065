package order_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
)

func (s *shop) lineOf(o order.Order, sku catalog.SKU) order.LineID {
	for _, l := range o.Lines {
		if l.SKU == sku {
			return l.ID
		}
	}
	s.t.Fatalf("no line of %s", sku)
	return ""
}

func (s *shop) changePartner(change func(*partner.Partner)) {
	require.NoError(s.t, s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Partners().Get(ctx, "nord")
		if err != nil {
			return err
		}
		change(&p)
		_, err = tx.Partners().Save(ctx, p)
		return err
	}))
}

func (s *shop) changeProduct(id catalog.ID, change func(*catalog.Product)) {
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

// revised revises an order, and accepts what that moves.
func (s *shop) revised(in order.ReviseInput) order.Order {
	s.t.Helper()
	o, err := s.orders.Revise(s.ctx, buyer, in)
	if errors.Is(err, pricing.ErrMoved) {
		return s.accept(in)
	}
	require.NoError(s.t, err)
	return o
}

// accept sends a revision again with what the difference said.
func (s *shop) accept(in order.ReviseInput) order.Order {
	s.t.Helper()
	_, err := s.orders.Revise(s.ctx, buyer, in)
	var moved *pricing.Moved
	require.ErrorAs(s.t, err, &moved)
	s.pass(time.Minute)
	in.Seal, in.AsOf = moved.Fresh.Seal, moved.Fresh.At
	o, err := s.orders.Revise(s.ctx, buyer, in)
	require.NoError(s.t, err)
	require.Equal(s.t, moved.Fresh, o.Quote, "what was shown is what is done")
	return o
}

// A line that is named for its quantity, or only for its note, does not get
// another unit price in silence.
func TestRevisePriceOfANamedLineIsSaid(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	gasket, oven := s.lineOf(o, "065612405"), s.lineOf(o, "OV-1")
	s.reprice("gasket", "90.00")
	nine, two, note := money.QuantityOf(9), money.QuantityOf(2), "soon"
	o = s.accept(order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: gasket, Quantity: &nine}}})
	require.Equal(t, "1450.00 EUR", o.Quote.Net.String())

	s.reprice("gasket", "91.00")
	in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: oven, Quantity: &two}, {Line: gasket, Note: &note}}}
	_, err := s.orders.Revise(s.ctx, buyer, in)
	require.ErrorIs(t, err, pricing.ErrMoved)
	in.Seal = strings.Repeat("0", 64)
	_, err = s.orders.Revise(s.ctx, buyer, in)
	require.ErrorIs(t, err, pricing.ErrMoved, "another seal accepts nothing")
}

// A quantity alone asks no question, though cents of tax are shared anew.
func TestReviseQuantityAloneIsDoneAtOnce(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	for n := int64(1); n < 30; n++ {
		q := money.QuantityOf(n)
		got, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "065612405"), Quantity: &q}}})
		require.NoError(t, err)
		require.NoError(t, got.Quote.Verify())
	}
}

// When a feed has replaced a price since, the order is priced as of now, and
// that is said.
func TestReviseAfterThePriceLeftTheList(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.pass(time.Hour)
	s.changeProduct("gasket", func(p *catalog.Product) {
		p.Prices[0].From = s.clock()
		p.Prices[0].Breaks[0].Price = money.MustPrice("9.95", money.EUR)
	})
	three := money.QuantityOf(3)
	o = s.accept(order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "065612405"), Quantity: &three}}})
	require.Equal(t, "669.85 EUR", o.Quote.Net.String())

	in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "065612405"), Quantity: &three}}, AsOf: s.clock().Add(time.Hour)}
	one := money.QuantityOf(1)
	in.Lines[0].Quantity = &one
	_, err := s.orders.Revise(s.ctx, buyer, in)
	require.ErrorIs(t, err, order.ErrInvalid, "nobody orders at tomorrow's prices")
}

func TestReviseAddsALine(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	o = s.accept(order.ReviseInput{Order: o.ID, Add: []order.LineAdd{{Product: "gasket", Quantity: money.QuantityOf(1), Note: "spare"}}})
	require.Len(t, o.Lines, 3)
	require.Equal(t, "668.35 EUR", o.Quote.Net.String())
	require.Equal(t, "The gasket", o.Lines[2].Name)

	s.changeProduct("gasket", func(p *catalog.Product) { p.Online = false })
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Add: []order.LineAdd{{Product: "gasket"}, {Product: "nothing"}}})
	require.Len(t, fault.IssuesOf(err), 2)
	for _, i := range fault.IssuesOf(err) {
		require.Equal(t, "catalog.not_found", i.Code, "what is not sold here does not exist")
	}
}

func TestReviseKeepsTheRulesOfPlacing(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	one := money.QuantityOf(1)
	in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "065612405"), Quantity: &one}}}
	s.changePartner(func(p *partner.Partner) { p.Active = false })
	_, err := s.orders.Revise(s.ctx, buyer, in)
	require.ErrorIs(t, err, cart.ErrInactive)
	_, err = s.orders.Revise(s.ctx, designer, in)
	require.ErrorIs(t, err, access.ErrForbidden)
}

func TestReviseMinimumOrder(t *testing.T) {
	s := newShopWith(t, nil, &cart.Options{Limits: cart.Limits{MinimumOrder: map[money.Currency]money.Amount{money.EUR: money.MustAmount("100", money.EUR)}}})
	o := s.placed(buyer)
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Remove: true}}})
	require.ErrorIs(t, err, cart.ErrMinimum)
}

func TestReviseNothingChangesNothing(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	s.events(event.ERP)
	same, direct := o.Note, o.Direct
	got, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Note: &same, Direct: &direct})
	require.NoError(t, err)
	require.Equal(t, o, got)
	require.Empty(t, s.events(event.ERP))
}

// A draft may be incomplete; it is completed, and only then submitted.
func TestDraftIsCompletedBeforeItIsSubmitted(t *testing.T) {
	s := newShop(t, nil)
	s.changePartner(func(p *partner.Partner) { p.Counterparties[0].VATID = "" })
	c, q := s.offer(buyer)
	_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	require.ErrorIs(t, err, partner.ErrAddressIncomplete)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal, AsDraft: true})
	require.NoError(t, err)
	_, err = s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: r.Order, On: order.Submit})
	require.Equal(t, "fsm.guard", fault.CodeOf(err))
	require.NotEmpty(t, fault.IssuesOf(err))

	s.changePartner(func(p *partner.Partner) { p.Counterparties[0].VATID = "FR87900123456" })
	legal := partner.CounterpartyID("legal")
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: r.Order, Counterparty: &legal})
	require.NoError(t, err)
	require.Equal(t, order.Awaiting, s.advance(buyer, r.Order, order.Submit).State)
}

func TestReviseNormalisesTheAddress(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	to := o.ShipTo
	to.Country, to.City = "FRA", " Roubaix "
	got, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, ShipTo: &to})
	require.NoError(t, err)
	require.Equal(t, partner.Country("FR"), got.ShipTo.Country)
	to.Company = strings.Repeat("x", 5000)
	_, err = s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, ShipTo: &to})
	require.ErrorIs(t, err, order.ErrInvalid)
}

func TestReasonsAreBounded(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	long := strings.Repeat("x", order.ReasonMax+1)
	_, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: o.ID, On: order.Recall, Reason: long})
	require.ErrorIs(t, err, order.ErrInvalid)
	require.ErrorIs(t, s.orders.Delete(s.ctx, buyer, order.DeleteInput{Order: o.ID, Reason: long}), order.ErrInvalid)
}

// Who may read everyone's orders but export only his own exports only his own.
func TestExportRightBoundsTheExport(t *testing.T) {
	policy := access.Default().With(access.Grant{Role: access.Accountant, Scopes: []access.Scope{access.Others}, Actions: []access.Action{access.OrderRead}})
	s := newShop(t, &order.Options{Policy: policy})
	s.placed(buyer)
	s.placed(stranger)
	ines := access.Actor{ID: "ines", Partner: "nord", Roles: []access.Role{access.Accountant}}
	var b strings.Builder
	require.NoError(t, s.orders.ExportCSV(s.ctx, ines, order.Query{}, &b, nil))
	require.Contains(t, b.String(), "FR10002527260001")
	require.NotContains(t, b.String(), "FR10015195260001")
}

func TestBulkRefusesWhatChangedSinceTheScreen(t *testing.T) {
	s := newShop(t, nil)
	o := s.placed(buyer)
	note := "changed"
	_, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, Note: &note})
	require.NoError(t, err)
	got, err := s.orders.AdvanceMany(s.ctx, operator, order.Validate, "", []order.Target{{Order: o.ID, Version: o.Version}})
	require.NoError(t, err)
	require.Equal(t, "uow.version", got[0].Code)
	require.NotEmpty(t, got[0].Message)
}
