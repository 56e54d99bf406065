package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

// pricedBy gives the shop another pricer.
func (s *shop) pricedBy(p pricing.Pricer, opts *order.Options) {
	s.carts = cart.NewService(uow.Narrow(s.store, func(tx store.Tx) cart.Tx { return tx }), p,
		&cart.Options{Now: s.clock, NewID: s.newID, Currency: money.EUR, Tickets: openTickets{}})
	opts.Now, opts.NewID = s.clock, s.newID
	s.orders = order.NewService(uow.Narrow(s.store, func(tx store.Tx) order.Tx { return tx }), s.carts, opts)
}

// 50.00 and 10.00 with 10.00 off the order, and the larger line is given up: its
// share went to the other, which was given away for nothing. Shares are frozen
// with the order: the other still costs 8.33, and 41.67 leave with what left.
func TestVendure4811CancelledLineLeavesItsDiscountToOthers(t *testing.T) {
	for _, shipped := range []bool{false, true} {
		s := newShop(t, nil)
		ten := money.MustAmount("10.00", money.EUR)
		e, err := pricing.Compile(pricing.Tariff{Seller: "FR",
			Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
			Rules: []pricing.Rule{{Code: "TEN", On: pricing.OnOrder, Give: pricing.Effect{Amount: &ten}}}}, nil)
		require.NoError(t, err)
		s.pricedBy(e, &order.Options{Invoice: order.OnOrder})
		s.reprice("oven", "50.00")
		s.reprice("gasket", "10.00")
		c, err := s.carts.Create(s.ctx, buyer, cart.CreateInput{Name: "Kitchen"})
		require.NoError(t, err)
		for _, sku := range []catalog.SKU{"OV-1", "065612405"} {
			c, err = s.carts.Put(s.ctx, buyer, cart.PutInput{Cart: c.ID, SKU: sku, Quantity: money.QuantityOf(1)})
			require.NoError(t, err)
		}
		q, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: c.ID})
		require.NoError(t, err)
		r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: q.Quote.Seal})
		require.NoError(t, err)
		s.advance(operator, r.Order, order.Validate)
		placed := s.advance(machine, r.Order, order.Confirm)
		require.Equal(t, "50.00 EUR", placed.Quote.Net.String())

		oven, gasket := s.lineOf(placed, "OV-1"), s.lineOf(placed, "065612405")
		one := []order.LineQuantity{{Line: oven, Quantity: money.QuantityOf(1)}}
		if shipped { // and comes back
			_, err = s.orders.Ship(s.ctx, operator, order.ShipInput{Order: placed.ID, Lines: one})
			require.NoError(t, err)
			_, err = s.orders.Return(s.ctx, operator, order.ReturnInput{Order: placed.ID, Lines: one, Reason: "damaged"})
		} else {
			_, err = s.orders.CancelRest(s.ctx, operator, order.CancelRestInput{Order: placed.ID, Lines: one, Reason: "gone"})
		}
		require.NoError(t, err)
		o := s.get(placed.ID)
		require.Equal(t, placed.Quote, o.Quote, "the calculation is as it was placed")
		for id, want := range map[order.LineID]string{gasket: "8.33 EUR", oven: "41.67 EUR"} {
			sl, err := o.NextSlice(id, money.QuantityOf(1))
			require.NoError(t, err)
			base, err := sl.Base()
			require.NoError(t, err)
			require.Equal(t, want, base.String())
		}
		for _, l := range o.Lines {
			require.Equal(t, l.ID == gasket, l.ToInvoice(o.Policy).Sign() > 0, "only the line that stays is to be invoiced")
		}
	}
}
