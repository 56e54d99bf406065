package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Another postcode or other terms of delivery may cost something else: a
// revision says so before it is done.
func TestRevisionsMoveCharges(t *testing.T) {
	amount := func(text string) *money.Amount { a := money.MustAmount(text, money.EUR); return &a }
	rule := func(code string, priority int, when pricing.ChargeWhen, fixed string) pricing.ChargeRule {
		return pricing.ChargeRule{Code: code, Kind: "shipping", Priority: priority, When: when, Amount: pricing.ChargeAmount{Fixed: amount(fixed)}}
	}
	engine, err := pricing.Compile(pricing.Tariff{
		Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Charges: []pricing.ChargeRule{rule("PARCEL", 0, pricing.ChargeWhen{}, "9.00"), rule("PICKUP", 2, pricing.ChargeWhen{Delivery: []string{"EXW"}}, "1.00"),
			rule("ISLAND", 1, pricing.ChargeWhen{To: pricing.ChargePlace{Countries: []partner.Country{"FR"}, Postcodes: []string{"20"}}}, "30.00")}}, nil)
	require.NoError(t, err)
	s, _ := codeShopWith(t, pricing.ReturnUse, engine)
	c, _ := s.offer(buyer)
	p, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: c.ID, Terms: &cart.Terms{Delivery: "DAP"}})
	require.NoError(t, err)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: p.Quote.Seal})
	require.NoError(t, err)
	o := s.get(r.Order)
	require.Equal(t, "DAP", o.Delivery)
	charged := func() string { return o.Quote.Adjustments[0].Code + " " + o.Quote.Adjustments[0].Amount.String() }
	require.Equal(t, "PARCEL 9.00 EUR", charged())

	to := o.ShipTo
	to.Postcode = "20137"
	o = s.accept(order.ReviseInput{Order: o.ID, ShipTo: &to})
	require.Equal(t, "ISLAND 30.00 EUR", charged())
	exw := "EXW"
	o = s.accept(order.ReviseInput{Order: o.ID, Delivery: &exw})
	require.Equal(t, "PICKUP 1.00 EUR", charged())
	require.Equal(t, exw, o.Delivery)
	to.Street = "1 quai Napoléon"
	again, err := s.orders.Revise(s.ctx, buyer, order.ReviseInput{Order: o.ID, ShipTo: &to})
	require.NoError(t, err, "another street costs nothing else")
	require.Equal(t, o.Quote.Seal, again.Quote.Seal)
}
