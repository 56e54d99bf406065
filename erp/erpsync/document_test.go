package erpsync_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// goods is one line of an order to be made.
type goods struct {
	stated   catalog.Stated
	price    string
	base     string
	quantity string
}

// priced makes an order of the goods with the library's own calculation.
func priced(t require.TestingT, cur money.Currency, all ...goods) order.Order {
	taxes, err := pricing.NewTaxTable(pricing.TaxRow{Country: "FR", Class: "standard", Category: pricing.StandardRated, Rate: money.RateOf(20)})
	require.NoError(t, err)
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	b := pricing.Basket{Partner: "nord", Country: "FR", Currency: cur, At: at, Lists: []string{""}}
	o := order.Order{ID: "0192f0c1-7a4e-7b1e-9d33-5a1f00000001", Ref: "FR10002527260001", Revision: 2, Currency: cur, PlacedAt: at,
		Customer: order.Customer{Number: "FR10002527", Code: "C-77", Counterparty: partner.Counterparty{Invoice: partner.Address{Company: "Nord SARL", City: "Lille", Country: "FR"}}},
		ShipTo:   partner.Address{ID: "depot", Company: "Nord", Contact: "Odile", Street: "1 quai", Street2: "Hall 2", Postcode: "59000", City: "Lille", Province: "Nord", Country: "FR", Phone: "+33 3 00"}}
	for i, g := range all {
		price := money.MustPrice(g.price, cur)
		if g.base != "" {
			price, err = price.PerBase(money.MustQuantity(g.base))
			require.NoError(t, err)
		}
		id, sku, q := order.LineID(fmt.Sprintf("line-%d", i)), catalog.SKU(fmt.Sprintf("0%d", i)), money.MustQuantity(g.quantity)
		b.Lines = append(b.Lines, pricing.Line{ID: id, Product: catalog.ID("p" + sku), SKU: sku, Quantity: q, Tax: "standard",
			Prices: []catalog.ListPrice{{Stated: g.stated, Breaks: []catalog.Break{{Price: price}}}}})
		o.Lines = append(o.Lines, order.Line{ID: id, Product: catalog.ID("p" + sku), SKU: sku, Name: "Article", Unit: "C62", Quantity: q})
	}
	o.Quote, err = pricing.NewListPricer(taxes, nil).Quote(context.Background(), b)
	require.NoError(t, err)
	return o
}

func TestDocumentSaysWhatTheOrderSays(t *testing.T) {
	o := priced(t, money.EUR, goods{catalog.Net, "640.00", "", "1"}, goods{catalog.Net, "9.45", "", "2.5"})
	o.CustomerNo, o.Note = "PO-1", "ring twice"
	o.Lines[1].Note, o.Lines[1].Ticket, o.Lines[1].Warranty = "for the door", "125361", cart.InWarranty
	doc, err := erpsync.Document(tenant, o, time.FixedZone("UTC+1", 3600))
	require.NoError(t, err)
	require.Equal(t, "0192f0c17a4e7b1e9d335a1f00000001", doc.Key)
	require.Equal(t, 2, doc.Revision)
	require.Equal(t, "FR10002527260001", doc.Reference)
	require.Equal(t, "PO-1", doc.CustomerOrderNo)
	require.Equal(t, "C-77", doc.Customer)
	require.Equal(t, "EUR", doc.Currency)
	require.Equal(t, "2026-11-23", doc.Date, "the day of the seller's zone")
	require.Equal(t, "ring twice", doc.Note)
	require.Equal(t, erp.Address{Name: "Nord SARL", City: "Lille", Country: "FR"}, doc.InvoiceTo)
	require.Equal(t, erp.Address{Code: "depot", Name: "Nord", Contact: "Odile", Street: "1 quai", Street2: "Hall 2", PostCode: "59000", City: "Lille",
		Region: "Nord", Country: "FR", Phone: "+33 3 00"}, doc.ShipTo)
	require.Equal(t, "663.63", doc.Net.StringFixed(2))
	require.Equal(t, "132.73", doc.Tax.StringFixed(2))
	require.Equal(t, "796.36", doc.Gross.StringFixed(2))
	l := doc.Lines[1]
	require.Equal(t, "01", l.SKU)
	require.Equal(t, "2.5", l.Quantity.String())
	require.Equal(t, "9.45", l.UnitPrice.String())
	require.Equal(t, "1", l.PriceBase.String())
	require.Equal(t, "S", l.TaxCategory)
	require.Equal(t, "20", l.TaxRate.String())
	require.Equal(t, "23.63", l.Net.StringFixed(2))
	require.Equal(t, "C62", l.Unit)
	require.Equal(t, "Article", l.Text)
	require.Equal(t, "for the door", l.Note)
	require.Equal(t, "125361", l.Ticket)
	require.Equal(t, erp.WarrantyIn, l.Warranty)
	require.NoError(t, doc.Check(erp.Description{PriceDigits: 2, QuantityDigits: 1}))

	utc, err := erpsync.Document(tenant, o, nil)
	require.NoError(t, err)
	require.Equal(t, "2026-11-22", utc.Date)
}

func TestDocumentPrices(t *testing.T) {
	jpy := money.MustCurrency("JPY")
	for _, c := range []struct {
		name        string
		cur         money.Currency
		g           goods
		price, base string
		net         string
	}{
		{"net", money.EUR, goods{catalog.Net, "12.500000", "", "3"}, "12.5", "1", "37.50"},
		{"net, four decimals", money.EUR, goods{catalog.Net, "0.1234", "", "1000"}, "0.1234", "1", "123.40"},
		{"per hundred", money.EUR, goods{catalog.Net, "12.50", "100", "250"}, "12.5", "100", "31.25"},
		{"gross, even", money.EUR, goods{catalog.Gross, "12.00", "", "3"}, "10", "1", "30.00"},
		{"gross, three decimals", money.EUR, goods{catalog.Gross, "9.99", "", "2"}, "8.325", "1", "16.65"},
		{"gross, endless", money.EUR, goods{catalog.Gross, "11.99", "", "3"}, "29.98", "3", "29.98"},
		{"gross per hundred", money.EUR, goods{catalog.Gross, "12.00", "100", "250"}, "10", "100", "25.00"},
		{"gross per hundred, endless", money.EUR, goods{catalog.Gross, "10.00", "100", "30"}, "2.5", "30", "2.50"},
		{"large and round", jpy, goods{catalog.Net, "120000", "", "2"}, "120000", "1", "240000"},
		{"free of charge", money.EUR, goods{catalog.Net, "0", "", "1"}, "0", "1", "0.00"},
	} {
		o := priced(t, c.cur, c.g)
		doc, err := erpsync.Document(tenant, o, time.UTC)
		require.NoError(t, err)
		l := doc.Lines[0]
		require.Equal(t, c.price, l.UnitPrice.String(), c.name)
		require.Equal(t, c.base, l.PriceBase.String(), c.name)
		require.Equal(t, c.net, l.Net.StringFixed(int32(c.cur.Digits())), c.name)
		require.NoError(t, doc.Check(erp.Description{PriceDigits: 4, QuantityDigits: 4}), c.name)
	}
}

// Whatever is sold by prices of up to four decimals fits an ERP of four
// decimals, and the ERP comes to the same net total by itself.
func TestLawDocumentFitsAndTheERPComesToTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []goods
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			g := goods{stated: rapid.SampledFrom([]catalog.Stated{catalog.Net, catalog.Gross}).Draw(t, "stated"),
				price:    fixed(rapid.Int64Range(0, 99_999_999).Draw(t, "price"), 4),
				base:     rapid.SampledFrom([]string{"", "", "100", "1000", "12"}).Draw(t, "base"),
				quantity: fixed(rapid.Int64Range(1, 9_999_999).Draw(t, "quantity"), rapid.SampledFrom([]int{0, 0, 2, 4}).Draw(t, "decimals"))}
			all = append(all, g)
		}
		o := priced(t, rapid.SampledFrom([]money.Currency{money.EUR, money.MustCurrency("JPY"), money.MustCurrency("TND")}).Draw(t, "currency"), all...)
		doc, err := erpsync.Document(tenant, o, time.UTC)
		require.NoError(t, err)
		require.NoError(t, doc.Check(erp.Description{PriceDigits: 4, QuantityDigits: 4}))
		got, err := memerp.New(nil).Adapter().(erp.OrderPusher).PushOrder(context.Background(), doc)
		require.NoError(t, err)
		drift, _ := got.Drift(doc)
		require.True(t, drift.Net.IsZero(), "%s", drift.Net)
		again, err := erpsync.Document(tenant, o, time.UTC)
		require.NoError(t, err)
		require.Equal(t, doc, again)
	})
}

func fixed(v int64, decimals int) string {
	s := fmt.Sprintf("%0*d", decimals+1, v)
	return strings.TrimSuffix(s[:len(s)-decimals]+"."+s[len(s)-decimals:], ".")
}

func TestKey(t *testing.T) {
	require.Equal(t, "0192f0c17a4e7b1e9d335a1f00000001", erpsync.Key("fr", "0192f0c1-7a4e-7b1e-9d33-5a1f00000001"))
	require.NotEqual(t, erpsync.Key("fr", "order-1"), erpsync.Key("de", "order-1"), "ids of one's own making may repeat in another tenant")
	require.NotEqual(t, erpsync.Key("fr", "r1"), erpsync.Key("f", "rr1"))
	rapid.Check(t, func(t *rapid.T) {
		id := order.ID(rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9a-f]{32}`), rapid.StringMatching(`[0-9A-F]{32}`)).Draw(t, "id"))
		other := order.ID(rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "other"))
		key := erpsync.Key("fr", id)
		require.Equal(t, key, erpsync.Key("fr", id))
		require.Regexp(t, `^[A-Za-z0-9._-]{1,35}$`, key)
		if id != other {
			require.NotEqual(t, key, erpsync.Key("fr", other))
		}
	})
}

func TestLineKeysAreUnique(t *testing.T) {
	var all []goods
	for range 50 {
		all = append(all, goods{catalog.Net, "1.00", "", "1"})
	}
	doc, err := erpsync.Document(access.Tenant("fr"), priced(t, money.EUR, all...), time.UTC)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, l := range doc.Lines {
		require.False(t, seen[l.Key])
		require.LessOrEqual(t, len(l.Key), erp.KeyMax)
		seen[l.Key] = true
	}
}
