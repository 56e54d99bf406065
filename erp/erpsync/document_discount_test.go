package erpsync_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// mixed is an order of lines at several rates, with adjustments.
func mixed(t require.TestingT, stated catalog.Stated, prices, classes []string, adj ...pricing.Adjustment) order.Order {
	all := make([]goods, len(prices))
	for i := range prices {
		all[i] = goods{stated: stated, price: prices[i], quantity: "1"}
	}
	o := priced(t, money.EUR, all...)
	taxes, err := pricing.NewTaxTable(
		pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)},
		pricing.TaxRow{Country: "FR", Class: "reduced", Category: pricing.StandardRated, Rate: money.MustRate("5.5")},
		pricing.TaxRow{Country: "FR", Class: "exempt", Category: pricing.Exempt})
	require.NoError(t, err)
	b := pricing.Basket{Partner: "nord", Country: "FR", Currency: money.EUR, At: o.PlacedAt, Lists: []string{""}}
	for i, l := range o.Lines {
		b.Lines = append(b.Lines, pricing.Line{ID: l.ID, Product: l.Product, SKU: l.SKU, Quantity: l.Quantity, Tax: catalog.TaxClass(classes[i]),
			Prices: []catalog.ListPrice{{Stated: stated, Breaks: []catalog.Break{{Price: money.MustPrice(prices[i], money.EUR)}}}}})
	}
	q, err := pricing.NewListPricer(taxes, nil).Quote(context.Background(), b)
	require.NoError(t, err)
	o.Quote, err = pricing.Adjust(q, adj, money.LargestRemainder, money.HalfAwayFromZero)
	require.NoError(t, err)
	return o
}

func adjustment(code, amount string) pricing.Adjustment {
	return pricing.Adjustment{Code: code, Text: "The " + code, Amount: money.MustAmount(amount, money.EUR)}
}

func TestDocumentDiscounts(t *testing.T) {
	o := mixed(t, catalog.Net, []string{"60.00", "30.00", "10.00", "0.00"}, []string{"standard", "reduced", "standard", "exempt"},
		adjustment("WELCOME", "-10.00"), adjustment("FREIGHT", "5.00"))
	doc, err := erpsync.Document(tenant, o, time.UTC)
	require.NoError(t, err)
	require.NoError(t, doc.Check(erp.Description{PriceDigits: 2, QuantityDigits: 0}))
	var got []string
	seen := map[string]bool{}
	for _, d := range doc.Discounts {
		got = append(got, fmt.Sprintf("%s, %s: %s at %s %s", d.Code, d.Text, d.Amount.StringFixed(2), d.TaxCategory, d.TaxRate))
		require.Regexp(t, `^D[A-Z2-7]{32}$`, d.Key)
		require.False(t, seen[d.Key])
		seen[d.Key] = true
	}
	require.Equal(t, []string{
		"WELCOME, The WELCOME: -7.00 at S 20", "WELCOME, The WELCOME: -3.00 at S 5.5",
		"FREIGHT, The FREIGHT: 3.50 at S 20", "FREIGHT, The FREIGHT: 1.50 at S 5.5",
	}, got, "nothing where no line bears a part")
	require.Equal(t, "95.00", doc.Net.StringFixed(2))
	require.Equal(t, "60.00", doc.Lines[0].Net.StringFixed(2), "no line hides a share")

	// The next revision has another amount and the rates in another order, but
	// names the same discounts by the same keys.
	o = mixed(t, catalog.Net, []string{"10.00", "60.00"}, []string{"reduced", "standard"}, adjustment("FREIGHT", "6.00"), adjustment("WELCOME", "-11.00"))
	again, err := erpsync.Document(tenant, o, time.UTC)
	require.NoError(t, err)
	for _, d := range again.Discounts {
		require.True(t, seen[d.Key], d.Code)
	}
	require.Len(t, again.Discounts, 4)

	plain, err := erpsync.Document(tenant, priced(t, money.EUR, goods{catalog.Net, "1.00", "", "1"}), time.UTC)
	require.NoError(t, err)
	require.Nil(t, plain.Discounts)
}

// The ERP comes to the same cents in net, tax and gross by itself, where prices
// are stated net; where they are stated gross, in the net.
func TestLawTheERPComesToTheSameWithDiscounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var prices, classes []string
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			prices = append(prices, fixed(rapid.Int64Range(1, 99_999).Draw(t, "price"), 2))
			classes = append(classes, rapid.SampledFrom([]string{"standard", "reduced", "exempt"}).Draw(t, "class"))
		}
		var adj []pricing.Adjustment
		for i := range rapid.IntRange(1, 3).Draw(t, "adjustments") {
			amount := decimal.New(rapid.Int64Range(1, 500).Draw(t, "amount"), -2)
			if i > 0 { // the first is a charge, so that the others can be borne
				amount = amount.Neg()
			} else {
				amount = amount.Add(decimal.NewFromInt(10))
			}
			adj = append(adj, adjustment(fmt.Sprintf("A%d", i), amount.StringFixed(2)))
		}
		stated := rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross}).Draw(t, "stated")
		o := mixed(t, stated, prices, classes, adj...)
		doc, err := erpsync.Document(tenant, o, time.UTC)
		require.NoError(t, err)
		require.NoError(t, doc.Check(erp.Description{PriceDigits: 4, QuantityDigits: 4}))
		got, err := memerp.New(nil).Adapter().(erp.OrderPusher).PushOrder(context.Background(), doc)
		require.NoError(t, err)
		drift, drifted := got.Drift(doc)
		require.True(t, drift.Net.IsZero(), "%s", drift.Net)
		if stated == catalog.Net {
			require.False(t, drifted, "%v", drift)
		}
	})
}
