package pricing_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// table taxes France and Germany, with the rates of others' vectors as classes
// of their own.
func table(t testing.TB) pricing.TaxTable {
	t.Helper()
	row := func(country, class string, c pricing.Category, rate string) pricing.TaxRow {
		return pricing.TaxRow{Country: country2(country), Class: catalog.TaxClass(class), Category: c, Rate: money.MustRate(rate)}
	}
	tab, err := pricing.NewTaxTable(
		row("FR", "standard", pricing.StandardRated, "20"),
		row("FR", "reduced", pricing.StandardRated, "5.5"),
		row("FR", "zero", pricing.ZeroRated, "0"),
		row("FR", "exempt", pricing.Exempt, "0"),
		row("FR", "24", pricing.StandardRated, "24"),
		row("FR", "50", pricing.StandardRated, "50"),
		row("FR", "21", pricing.StandardRated, "21"),
		row("FR", "19", pricing.StandardRated, "19"),
		row("FR", "13", pricing.StandardRated, "13"),
		row("FR", "9", pricing.StandardRated, "9"),
		row("FR", "6", pricing.StandardRated, "6"),
		row("FR", "10", pricing.StandardRated, "10"),
		row("FR", "100", pricing.StandardRated, "100"),
		row("DE", "standard", pricing.StandardRated, "19"),
	)
	require.NoError(t, err)
	return tab
}

// line is one line of a test's basket, in text.
type line struct {
	price, quantity, class string
	gross                  bool
}

func basket(cur money.Currency, lines ...line) pricing.Basket {
	b := pricing.Basket{Partner: "p1", Country: "FR", Currency: cur, At: noon}
	for i, l := range lines {
		n := fmt.Sprint(i + 1)
		stated := catalog.Net
		if l.gross {
			stated = catalog.Gross
		}
		b.Lines = append(b.Lines, pricing.Line{
			ID: pricing.LineID(n), Product: catalog.ID("product-" + n), SKU: catalog.SKU("0000" + n),
			Quantity: money.MustQuantity(l.quantity), Tax: catalog.TaxClass(l.class),
			Prices: []catalog.ListPrice{{Stated: stated, Breaks: []catalog.Break{{Price: money.MustPrice(l.price, cur)}}}},
		})
	}
	return b
}

func quote(t testing.TB, p pricing.Pricer, b pricing.Basket) pricing.Quote {
	t.Helper()
	q, err := p.Quote(t.Context(), b)
	require.NoError(t, err)
	return q
}

// drawBasket makes baskets that can be priced: all ways to state a price, base
// quantities, breaks, several lists, currencies of 0 to 4 decimals.
func drawBasket(t *rapid.T) pricing.Basket {
	cur := rapid.SampledFrom([]money.Currency{money.EUR, money.JPY, money.BHD, money.CLF}).Draw(t, "currency")
	b := pricing.Basket{Partner: "p1", Currency: cur, At: noon, Lists: []string{"vip", ""}}
	b.Country = country2(rapid.SampledFrom([]string{"FR", "DE", "CH", ""}).Draw(t, "country"))
	b.VATID = rapid.SampledFrom([]string{"", "DE136695976"}).Draw(t, "vat id")
	for i := range rapid.IntRange(0, 12).Draw(t, "lines") {
		b.Lines = append(b.Lines, drawLine(t, i, cur))
	}
	return b
}

func drawLine(t *rapid.T, i int, cur money.Currency) pricing.Line {
	classes := []string{"standard", "reduced", "zero", "exempt", "24", "100"}
	n := fmt.Sprint(i + 1)
	q, err := money.QuantityFromUnits(rapid.Int64Range(1, 5_000_000).Draw(t, "quantity"))
	require.NoError(t, err)
	l := pricing.Line{ID: pricing.LineID(n), Product: catalog.ID("product-" + n), SKU: catalog.SKU("0000" + n), Quantity: q,
		Tax: catalog.TaxClass(rapid.SampledFrom(classes).Draw(t, "class"))}
	for _, list := range rapid.SampledFrom([][]string{{""}, {"", "vip"}, {"other", ""}, {"vip"}}).Draw(t, "lists") {
		l.Prices = append(l.Prices, drawPrices(t, list, cur))
	}
	return l
}

func drawPrices(t *rapid.T, list string, cur money.Currency) catalog.ListPrice {
	lp := catalog.ListPrice{List: list, Stated: rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross, ""}).Draw(t, "stated")}
	base := money.QuantityOf(rapid.SampledFrom([]int64{1, 1, 1, 3, 100}).Draw(t, "base"))
	from := int64(0)
	for range rapid.IntRange(1, 3).Draw(t, "breaks") {
		p, err := money.PriceFromMicros(drawMicros(t), cur)
		require.NoError(t, err)
		p, err = p.PerBase(base)
		require.NoError(t, err)
		q, err := money.QuantityFromUnits(from)
		require.NoError(t, err)
		lp.Breaks = append(lp.Breaks, catalog.Break{From: q, Price: p})
		from += rapid.Int64Range(1, 2_000_000).Draw(t, "step")
	}
	return lp
}

// drawMicros prefers prices of few decimals, on which ties are frequent.
func drawMicros(t *rapid.T) int64 {
	unit := int64(math.Pow10(rapid.IntRange(0, 6).Draw(t, "unit")))
	return unit * rapid.Int64Range(0, 200_000_000/unit).Draw(t, "price")
}
