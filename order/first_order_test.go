package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// welcomeShop gives 10 % off the first order.
func welcomeShop(t *testing.T) *shop {
	t.Helper()
	return welcomeShopWith(t, welcomeTariff(pricing.When{First: true}), nil)
}

// welcomeTariff gives 10 % off in a case.
func welcomeTariff(when pricing.When) pricing.Tariff {
	return pricing.Tariff{Seller: "FR",
		Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Rules: []pricing.Rule{{Code: "WELCOME", On: pricing.OnLine, When: when, Give: pricing.Effect{Percent: money.RateOf(10)}}}}
}

func welcomeShopWith(t *testing.T, tariff pricing.Tariff, opts *pricing.EngineOptions) *shop {
	t.Helper()
	s := newShop(t, nil)
	e, err := pricing.Compile(tariff, opts)
	require.NoError(t, err)
	s.tell(e)
	return s
}

// tell gives the shop a pricer that is told of its buyers.
func (s *shop) tell(p pricing.Pricer) {
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), p,
		&cart.Options{Now: s.clock, NewID: s.newID, Currency: money.EUR, Tickets: openTickets{}, Facts: order.NewFacts(s.ledger(), nil)})
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, &order.Options{Now: s.clock, NewID: s.newID})
}

const welcomed, regular = "593.01", "658.90"

// submitMoved fails to submit a draft, with what the order costs when it is not the first any more.
func (s *shop) submitMoved(id order.ID) *pricing.Moved {
	s.t.Helper()
	_, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: id, On: order.Submit})
	var moved *pricing.Moved
	require.ErrorAs(s.t, err, &moved)
	require.Equal(s.t, order.Draft, s.get(id).State)
	return moved
}

// Of two drafts that were both calculated as the first order one is it: the one
// that is submitted first. The other is submitted at what it costs without, when
// the buyer says so.
func TestTheFirstOrderIsTheFirstSubmitted(t *testing.T) {
	s := welcomeShop(t)
	a, b := s.draft(buyer), s.draft(buyer)
	require.Equal(t, welcomed, a.Quote.Net.Text())
	require.Equal(t, welcomed, b.Quote.Net.Text())
	s.pass(time.Minute)
	require.Equal(t, welcomed, s.advance(buyer, b.ID, order.Submit).Quote.Net.Text())

	moved := s.submitMoved(a.ID)
	require.Equal(t, regular, moved.Fresh.Net.Text())
	require.Equal(t, a.Quote.At, moved.Fresh.At, "as of its own calculation")
	require.Equal(t, a, s.get(a.ID), "nothing happened")
	out, err := s.orders.AdvanceMany(s.ctx, buyer, order.Submit, "", []order.Target{{Order: a.ID}})
	require.NoError(t, err)
	require.Equal(t, "pricing.moved", out[0].Code)
	_, err = s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: a.ID, On: order.Submit, Seal: a.Quote.Seal})
	require.ErrorIs(t, err, pricing.ErrMoved, "that is what it cost before")

	got, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: a.ID, On: order.Submit, Seal: moved.Fresh.Seal})
	require.NoError(t, err)
	require.Equal(t, order.Awaiting, got.State)
	require.Equal(t, moved.Fresh, got.Quote)
	require.Equal(t, 2, got.Revision)
	require.NoError(t, got.Quote.Verify())
	last := got.History[len(got.History)-1]
	require.Equal(t, "revised", last.What)
	require.Contains(t, s.work(), order.SyncRequested{Order: a.ID, Ref: a.Ref, Revision: 2})

	// A cart is told too, when it is recalculated and when it is ordered.
	_, q := s.offer(buyer)
	require.Equal(t, regular, q.Net.Text())
}

// What is given up was no first order; what is taken back for a change is none
// while it is a draft.
func TestTheFirstOrderGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		by access.Actor
		on order.Trigger
	}{"cancelled": {buyer, order.Cancel}, "rejected": {operator, order.Reject}, "recalled": {buyer, order.Recall}} {
		t.Run(name, func(t *testing.T) {
			s := welcomeShop(t)
			a, b := s.draft(buyer), s.draft(buyer)
			c2, offered := s.offer(buyer)
			s.advance(buyer, a.ID, order.Submit)
			s.submitMoved(b.ID)
			_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c2.ID, Seal: offered.Seal})
			require.ErrorIs(t, err, pricing.ErrMoved, "at the very instant too")
			s.advance(c.by, a.ID, c.on)
			require.Equal(t, welcomed, s.advance(buyer, b.ID, order.Submit).Quote.Net.Text())
			if c.on == order.Recall {
				require.Equal(t, regular, s.submitMoved(a.ID).Fresh.Net.Text())
			}
		})
	}
}

// Once submitted an order stays the first through its revisions, and a later one
// does not become it.
func TestTheFirstOrderIsRevised(t *testing.T) {
	s := welcomeShop(t)
	old := s.draft(buyer)
	s.pass(time.Minute)
	first := s.placed(buyer)
	s.pass(time.Minute)
	moved := s.submitMoved(old.ID)
	later, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: old.ID, On: order.Submit, Seal: moved.Fresh.Seal})
	require.NoError(t, err)

	two := money.QuantityOf(2)
	change := func(o order.Order) order.ReviseInput {
		return order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Quantity: &two}}}
	}
	got, err := s.orders.Revise(s.ctx, buyer, change(first))
	require.NoError(t, err)
	require.Equal(t, "1169.01", got.Quote.Net.Text())
	s.advance(buyer, first.ID, order.Cancel)
	got, err = s.orders.Revise(s.ctx, buyer, change(later))
	require.NoError(t, err)
	require.Equal(t, "1298.90", got.Quote.Net.Text())
}

// One order is the first also where that takes nothing off yet: a revision that
// makes it of effect gives it to that one and to no other.
func TestOneOrderIsTheFirstBeforeItTakesAnythingOff(t *testing.T) {
	for name, opts := range map[string]*pricing.EngineOptions{"": nil, "without a basis": {NoBasis: true}} {
		t.Run(name, func(t *testing.T) {
			from := money.MustAmount("3000", money.EUR)
			s := welcomeShopWith(t, welcomeTariff(pricing.When{First: true, Basket: &pricing.AmountRange{From: &from}}), opts)
			first, draft := s.draft(buyer), s.draft(buyer)
			kart, offered := s.offer(buyer)
			s.advance(buyer, first.ID, order.Submit)
			s.advance(buyer, draft.ID, order.Submit)
			r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: kart.ID, Seal: offered.Seal})
			require.NoError(t, err, "it costs what it did")

			ten := money.QuantityOf(10)
			for id, want := range map[order.ID]string{first.ID: "5777.01", draft.ID: "6418.90", r.Order: "6418.90"} {
				o := s.get(id)
				require.Equal(t, regular, o.Quote.Net.Text())
				require.Equal(t, 1, o.Revision)
				require.NoError(t, o.Quote.Verify())
				o = s.revised(order.ReviseInput{Order: id, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Quantity: &ten}}})
				require.Equal(t, want, o.Quote.Net.Text())
			}
		})
	}
}

// A cart that became the first order since it was calculated is the first.
func TestACartBecomesTheFirstOrder(t *testing.T) {
	from := money.MustAmount("3000", money.EUR)
	for name, opts := range map[string]*pricing.EngineOptions{"": nil, "without a basis": {NoBasis: true}} {
		s := welcomeShopWith(t, welcomeTariff(pricing.When{First: true, Basket: &pricing.AmountRange{From: &from}}), opts)
		before := s.placed(buyer)
		kart, offered := s.offer(buyer)
		s.advance(buyer, before.ID, order.Cancel)
		r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: kart.ID, Seal: offered.Seal})
		require.NoError(t, err)
		again := s.placed(buyer)
		ten := money.QuantityOf(10)
		for id, want := range map[order.ID]string{r.Order: "5777.01", again.ID: "6418.90"} {
			o := s.revised(order.ReviseInput{Order: id, Lines: []order.LineChange{{Line: s.lineOf(s.get(id), "OV-1"), Quantity: &ten}}})
			require.Equal(t, want, o.Quote.Net.Text(), name)
		}
	}
}

// An engine that leaves the basis out keeps it of first orders.
func TestTheFirstOrderWithoutABasis(t *testing.T) {
	s := welcomeShopWith(t, welcomeTariff(pricing.When{First: true}), &pricing.EngineOptions{NoBasis: true})
	a, b := s.draft(buyer), s.draft(buyer)
	s.pass(time.Minute)
	b = s.advance(buyer, b.ID, order.Submit)
	moved := s.submitMoved(a.ID)
	require.Equal(t, regular, moved.Fresh.Net.Text())
	a, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: a.ID, On: order.Submit, Seal: moved.Fresh.Seal})
	require.NoError(t, err)
	require.Nil(t, a.Quote.Basis)
	two := money.QuantityOf(2)
	for id, want := range map[order.ID]string{b.ID: "1169.01", a.ID: "1298.90"} {
		o := s.revised(order.ReviseInput{Order: id, Lines: []order.LineChange{{Line: s.lineOf(s.get(id), "OV-1"), Quantity: &two}}})
		require.Equal(t, want, o.Quote.Net.Text())
	}
}

// A draft that was calculated as the first order is submitted whatever became of
// its prices: at its own figures where the rules ask for no first orders any more,
// else as of now, else without what has no price.
func TestADraftThatIsNotTheFirstHasNoPriceAnyMore(t *testing.T) {
	row := func(p catalog.ID, price string, s pricing.Span) pricing.PriceRow {
		return pricing.PriceRow{Product: p, Breaks: []catalog.Break{{Price: money.MustPrice(price, money.EUR)}}, Span: s}
	}
	gasket := row("gasket", "9.45", pricing.Span{})
	lists := []pricing.PriceList{{Currency: money.EUR}}
	before := welcomeTariff(pricing.When{First: true})
	before.Lists, before.Prices = lists, []pricing.PriceRow{gasket, row("oven", "640", pricing.Span{})}
	from := money.MustAmount("600", money.EUR)
	later := row("oven", "640", pricing.Span{From: startTime.Add(time.Minute)})
	for name, c := range map[string]struct {
		when   pricing.When
		prices []pricing.PriceRow
		submit func(s *shop, o order.Order) order.Order
	}{
		"no rule asks": {pricing.When{Basket: &pricing.AmountRange{From: &from}}, []pricing.PriceRow{gasket}, func(s *shop, o order.Order) order.Order {
			return s.advance(buyer, o.ID, order.Submit)
		}},
		"another price": {pricing.When{First: true}, []pricing.PriceRow{gasket, later}, func(s *shop, o order.Order) order.Order {
			moved := s.submitMoved(o.ID)
			require.Equal(s.t, s.clock(), moved.Fresh.At)
			require.Equal(s.t, regular, moved.Fresh.Net.Text())
			s.pass(time.Minute)
			in := order.AdvanceInput{Order: o.ID, On: order.Submit, Seal: moved.Fresh.Seal}
			_, err := s.orders.Advance(s.ctx, buyer, in)
			require.ErrorIs(s.t, err, pricing.ErrMoved, "as of another instant")
			in.AsOf = s.clock().Add(time.Hour)
			_, err = s.orders.Advance(s.ctx, buyer, in)
			require.ErrorIs(s.t, err, order.ErrInvalid)
			in.AsOf = moved.Fresh.At
			got, err := s.orders.Advance(s.ctx, buyer, in)
			require.NoError(s.t, err)
			require.Equal(s.t, moved.Fresh, got.Quote)
			return got
		}},
		"none": {pricing.When{First: true}, []pricing.PriceRow{gasket}, func(s *shop, o order.Order) order.Order {
			_, err := s.orders.Advance(s.ctx, buyer, order.AdvanceInput{Order: o.ID, On: order.Submit})
			require.ErrorIs(s.t, err, pricing.ErrNoPrice)
			o = s.accept(order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "OV-1"), Remove: true}}})
			require.Equal(s.t, "18.90", o.Quote.Net.Text())
			return s.advance(buyer, o.ID, order.Submit)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := welcomeShopWith(t, before, nil)
			first, o := s.draft(buyer), s.draft(buyer)
			require.Equal(t, welcomed, o.Quote.Net.Text())
			s.advance(buyer, first.ID, order.Submit)
			s.pass(2 * time.Minute)
			after := welcomeTariff(c.when)
			after.Lists, after.Prices = lists, c.prices
			e, err := pricing.Compile(after, nil)
			require.NoError(t, err)
			s.tell(e)
			o = c.submit(s, o)
			require.Equal(t, order.Awaiting, o.State)
			require.False(t, o.Quote.Basis.First)
			require.NoError(t, o.Quote.Verify())
		})
	}
}
