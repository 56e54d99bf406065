package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// promoted is a shop with an allowance of some percent on the whole order,
// and 5.00 of freight.
func promoted(t *testing.T, percent *int64) *shop {
	s := newShop(t, nil)
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	require.NoError(t, err)
	pricer := pricing.WithAdjustments(pricing.NewListPricer(taxes, nil), func(q pricing.Quote) ([]pricing.Adjustment, error) {
		off, err := q.Net.Percent(money.RateOf(-*percent), money.HalfAwayFromZero)
		return []pricing.Adjustment{{Code: "AUTUMN", Text: "Autumn", Amount: off}, {Code: "FREIGHT", Amount: money.MustAmount("5.00", money.EUR)}}, err
	})
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), pricer,
		&cart.Options{Now: s.clock, NewID: s.newID, Currency: money.EUR, Tickets: openTickets{}})
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, &order.Options{Now: s.clock, NewID: s.newID})
	return s
}

// Freeze on placing: the order keeps the adjustments and each line's share of
// them, and its slices give exactly that back.
func TestOrderKeepsItsAdjustments(t *testing.T) {
	percent := int64(10)
	s := promoted(t, &percent)
	o := s.get(s.placed(buyer).ID)
	require.Equal(t, "-65.89 EUR", o.Quote.Adjustments[0].Amount.String())
	require.Equal(t, "598.01 EUR", o.Quote.Net.String())
	require.NoError(t, o.Quote.Check())
	require.NoError(t, o.Quote.Verify(), "as it was sealed, from the store")

	percent = 50 // the promotion changes; the order does not
	gasket := s.lineOf(o, "065612405")
	whole, _ := s.get(o.ID).Quote.Line(gasket)
	first, err := o.NextSlice(gasket, money.QuantityOf(1))
	require.NoError(t, err)
	taken(&o, first)
	second, err := o.NextSlice(gasket, money.QuantityOf(1))
	require.NoError(t, err)
	require.Equal(t, whole.Net, plus(t, first.Net, second.Net))
	require.Len(t, whole.Shares, 2)
	for k, share := range whole.Shares {
		require.Equal(t, share, plus(t, first.Shares[k], second.Shares[k]))
	}
}

// An allowance that moves is told of before anything is ordered by it.
func TestPlaceTellsOfAMovedAdjustment(t *testing.T) {
	percent := int64(10)
	s := promoted(t, &percent)
	c, q := s.offer(buyer)
	percent = 9
	_, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Seal})
	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	require.Contains(t, moved.Changes, pricing.Change{What: pricing.AdjustmentChanged, Adjustment: "AUTUMN",
		Old: pricing.Figure{Amount: money.MustAmount("-65.89", money.EUR)}, New: pricing.Figure{Amount: money.MustAmount("-59.30", money.EUR)}})
}

// A quantity that moves an allowance on the whole needs the buyer's word.
func TestReviseTellsOfAMovedAdjustment(t *testing.T) {
	percent := int64(10)
	s := promoted(t, &percent)
	o := s.placed(buyer)
	three := money.QuantityOf(3)
	in := order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: s.lineOf(o, "065612405"), Quantity: &three}}}
	_, err := s.orders.Revise(s.ctx, buyer, in)
	var moved *pricing.Moved
	require.ErrorAs(t, err, &moved)
	require.Equal(t, []pricing.Change{{What: pricing.AdjustmentChanged, Adjustment: "AUTUMN",
		Old: pricing.Figure{Amount: money.MustAmount("-65.89", money.EUR)}, New: pricing.Figure{Amount: money.MustAmount("-66.84", money.EUR)}}}, moved.Changes,
		"the freight stays, and shares that follow are no question")
	o = s.accept(in)
	require.Equal(t, "606.51 EUR", o.Quote.Net.String())
	require.NoError(t, s.get(o.ID).Quote.Verify())
}
