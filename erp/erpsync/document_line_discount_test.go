package erpsync_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

var discounted = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A discounted line comes to the same cent in the ERP: by its unit price where
// four decimals hold it, else by its amount.
func TestDocumentOfADiscountedLine(t *testing.T) {
	off := pricing.Rule{Code: "SEVEN", On: pricing.OnLine, Give: pricing.Effect{Percent: money.RateOf(7)}}
	e, err := pricing.Compile(pricing.Tariff{Taxes: []pricing.TaxRow{{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)}},
		Lists: []pricing.PriceList{{Currency: money.EUR}},
		Prices: []pricing.PriceRow{
			{Product: "odd", Breaks: []catalog.Break{{Price: money.MustPrice("12.5934", money.EUR)}}},
			{Product: "even", Breaks: []catalog.Break{{Price: money.MustPrice("10.00", money.EUR)}}},
		}, Rules: []pricing.Rule{off}}, nil)
	require.NoError(t, err)
	b := pricing.Basket{Currency: money.EUR, At: discounted}
	for _, id := range []string{"odd", "even"} {
		b.Lines = append(b.Lines, pricing.Line{ID: pricing.LineID(id), Product: catalog.ID(id), Quantity: money.QuantityOf(3), Tax: "standard"})
	}
	q, err := e.Quote(t.Context(), b)
	require.NoError(t, err)
	o := order.Order{ID: "o1", Currency: money.EUR, Quote: q, PlacedAt: discounted}
	for _, l := range b.Lines {
		o.Lines = append(o.Lines, order.Line{ID: l.ID, Product: l.Product, Quantity: l.Quantity})
	}
	doc, err := erpsync.Document("fr", o, nil)
	require.NoError(t, err)
	for i, l := range doc.Lines {
		sum := l.UnitPrice.Mul(l.Quantity).DivRound(l.PriceBase, 8).Round(2)
		require.True(t, sum.Equal(l.Net), "%s × %s / %s is %s, the line %s", l.UnitPrice, l.Quantity, l.PriceBase, sum, l.Net)
		require.True(t, l.Net.Equal(q.Lines[i].Net.Decimal()))
	}
	require.True(t, doc.Lines[0].Net.Equal(decimal.RequireFromString("35.14")))
	require.True(t, doc.Lines[1].UnitPrice.Equal(decimal.RequireFromString("9.3")))
}
