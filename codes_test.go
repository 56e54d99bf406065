package comptoir_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/memstore"
)

const tenPercent = `{
  "name": "2026", "seller": "FR",
  "taxes": [{"country": "FR", "class": "standard", "category": "S", "rate": "20"}],
  "rules": [{"code": "WELCOME", "on": "order", "when": {"campaign": "welcome", "basket": {"from": {"amount": "15.00", "currency": "EUR"}}},
             "give": {"percent": "10"}}]
}`

// A code takes off what the rule of its campaign says, tells what it lacks,
// stays with the order through a revision, and is not used up by an order that
// it did nothing for.
func TestACodeIsWorthWhatTheTariffSays(t *testing.T) {
	ctx := t.Context()
	tariff, err := pricing.ReadTariff(strings.NewReader(tenPercent))
	require.NoError(t, err)
	engine, err := pricing.Compile(tariff, nil)
	require.NoError(t, err)
	st := memstore.New(nil)
	stocked(t, st)
	c, err := comptoir.Open(ctx, st, &comptoir.Options{Settings: comptoir.Settings{Pricer: engine, Currency: money.EUR}})
	require.NoError(t, err)
	k, err := c.For("fr")
	require.NoError(t, err)
	camp := welcome(t, k, pricing.Limits{Total: 1})

	p := offered(t, k, "Kitchen") // two gaskets of 9.45
	require.Equal(t, "18.90 EUR", p.Quote.Net.String())
	_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: p.Cart.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	half, err := k.Carts.Change(ctx, bruno, cart.ChangeInput{Cart: p.Cart.ID, Line: p.Cart.Lines[0].ID, Quantity: money.QuantityOf(1)})
	require.NoError(t, err)
	q, err := k.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: half.ID})
	require.NoError(t, err)
	require.Equal(t, pricing.MinimumNotReached, q.Quote.Codes[0].Reason)
	require.Equal(t, "9.45 EUR", q.Quote.Net.String())
	r, err := k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: half.ID, Seal: q.Quote.Seal})
	require.NoError(t, err)
	o, err := k.Orders.Get(ctx, bruno, r.Order)
	require.NoError(t, err)
	require.Empty(t, o.Codes)
	require.Equal(t, []int64{0, 0}, counted(t, k, camp.ID, pricing.LimitTotal), "what took nothing off is not used up")

	_, err = k.Carts.Put(ctx, bruno, cart.PutInput{Cart: half.ID, SKU: "065612405", Quantity: money.QuantityOf(2)})
	require.NoError(t, err)
	_, err = k.Carts.EnterCode(ctx, bruno, cart.EnterCodeInput{Cart: half.ID, Code: "WELCOME10"})
	require.NoError(t, err)
	q, err = k.Carts.Recalculate(ctx, bruno, cart.RecalculateInput{Cart: half.ID})
	require.NoError(t, err)
	require.True(t, q.Quote.Codes[0].Applied)
	require.Equal(t, "17.01 EUR", q.Quote.Net.String())
	r, err = k.Orders.Place(ctx, bruno, order.PlaceInput{Cart: half.ID, Seal: q.Quote.Seal})
	require.NoError(t, err)
	o, err = k.Orders.Get(ctx, bruno, r.Order)
	require.NoError(t, err)
	require.Equal(t, []pricing.UsedCode{{Code: "WELCOME10", Campaign: "welcome"}}, o.Codes)
	require.Equal(t, []int64{1, 0}, counted(t, k, camp.ID, pricing.LimitTotal))

	four := money.QuantityOf(4)
	o, err = k.Orders.Revise(ctx, bruno, order.ReviseInput{Order: o.ID, Lines: []order.LineChange{{Line: o.Lines[0].ID, Quantity: &four}}})
	if moved := (*pricing.Moved)(nil); err != nil {
		require.ErrorAs(t, err, &moved)
		o, err = k.Orders.Revise(ctx, bruno, order.ReviseInput{Order: r.Order, Lines: []order.LineChange{{Line: q.Cart.Lines[0].ID, Quantity: &four}},
			Seal: moved.Fresh.Seal, AsOf: moved.Fresh.At})
	}
	require.NoError(t, err)
	require.Equal(t, "34.02 EUR", o.Quote.Net.String(), "still ten percent off")
	require.True(t, o.Quote.Codes[0].Applied)
}
