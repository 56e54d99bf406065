package cart_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// What bringing the goods costs follows from the weight of the products, where
// they go and the terms of delivery.
func TestChargesOfACart(t *testing.T) {
	ctx := context.Background()
	kilo, fixed := money.MustPrice("0.50", money.EUR), money.MustAmount("12.00", money.EUR)
	rule := func(code string, priority int, when pricing.ChargeWhen, amount pricing.ChargeAmount) pricing.ChargeRule {
		return pricing.ChargeRule{Code: code, Kind: "shipping", Priority: priority, When: when, Amount: amount}
	}
	engine, err := pricing.Compile(pricing.Tariff{
		Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Charges: []pricing.ChargeRule{
			rule("WEIGHT", 0, pricing.ChargeWhen{}, pricing.ChargeAmount{PerKg: &kilo}),
			rule("ISLAND", 1, pricing.ChargeWhen{To: pricing.ChargePlace{Countries: []partner.Country{"FR"}, Postcodes: []string{"20"}}}, pricing.ChargeAmount{Fixed: &fixed}),
			rule("PICKUP", 2, pricing.ChargeWhen{Delivery: []string{"EXW"}}, pricing.ChargeAmount{Fixed: new(money.Zero(money.EUR))}),
		}}, nil)
	require.NoError(t, err)
	k := newKit(engine, nil)
	k.change(func(ctx context.Context, tx cart.Tx) error {
		p, err := tx.Products().Get(ctx, tray)
		if err != nil {
			return err
		}
		p.Weight = money.MustQuantity("2.4")
		_, err = tx.Products().Save(ctx, p)
		return err
	})
	c := k.cart(merle, "kitchen", put(tray, "3"), put(cable, "1.5"))
	for _, one := range []struct {
		terms cart.Terms
		want  string
	}{
		{cart.Terms{}, "WEIGHT 3.60 EUR"}, // 7.2 kg; nothing is known of the cable
		{cart.Terms{ShipTo: &partner.Address{Country: "FR", Postcode: "20137"}}, "ISLAND 12.00 EUR"},
		{cart.Terms{Delivery: "EXW"}, ""},
	} {
		p, err := k.Recalculate(ctx, merle, cart.RecalculateInput{Cart: c.ID, Terms: &one.terms})
		require.NoError(t, err)
		got := ""
		for _, a := range p.Quote.Adjustments {
			got = a.Code + " " + a.Amount.String()
		}
		require.Equal(t, one.want, got)
		require.Equal(t, one.terms.Delivery, p.Cart.Terms.Delivery)
	}
	_, err = k.Preview(ctx, merle, cart.PreviewInput{Cart: c.ID, Terms: &cart.Terms{Delivery: strings.Repeat("x", cart.MaxDelivery+1)}})
	require.ErrorIs(t, err, cart.ErrInvalid)
	require.Equal(t, "terms.delivery", fault.IssuesOf(err)[0].Path)
}
