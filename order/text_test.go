package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/golden"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// printed is an order with something in every place of the print.
func printed() order.Order {
	at := time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)
	vera := access.Stamp{ID: "vera", Name: "Vera", Company: "Four"}
	twenty := money.RateOf(20)
	per100, err := money.MustPrice("945.00", money.EUR).PerBase(money.QuantityOf(100))
	if err != nil {
		panic(err)
	}
	return order.Order{
		Ref: "FR10002527260001", State: order.Confirmed, Title: "Kitchen 7", CustomerNo: "PO-77", Note: "Ring twice.\r\nThird floor.",
		Customer: order.Customer{Number: "FR10002527", Name: "Studio Nörd", Counterparty: partner.Counterparty{Name: "Nord SARL", VATID: "FR87900123456"}},
		ShipTo:   partner.Address{Company: "Nord SARL", Street: "12 rue des Tanneurs", Postcode: "59000", City: "Lille", Country: "FR"},
		PlacedAt: at, InsertedBy: vera, Released: &order.Release{By: vera, At: at.Add(time.Hour)}, ERP: order.ERPLink{Number: "S00042"},
		Currency: money.EUR, Hold: &order.Hold{Reason: "credit"},
		Lines: []order.Line{
			{ID: "1", SKU: "OV-1", Name: "The oven", Quantity: money.QuantityOf(3), Note: "left door",
				Goods: order.Goods{Reserved: money.QuantityOf(1), Shipped: money.QuantityOf(2), Returned: money.QuantityOf(1)}},
			{ID: "2", SKU: "065612405", Name: "Joint, Küche", Quantity: money.MustQuantity("2.5"), Ticket: "125361", Warranty: "in",
				Goods: order.Goods{Cancelled: money.MustQuantity("0.5")}, Hold: &order.Hold{Reason: "drawing"}},
		},
		Quote: pricing.Quote{Currency: money.EUR,
			Lines: []pricing.QuotedLine{
				{ID: "1", Price: money.MustPrice("640.00", money.EUR), Net: eur("1920.00"), Rate: twenty},
				{ID: "2", Price: per100, Stated: catalog.Gross, Net: eur("23.63"), Rate: twenty},
			},
			Adjustments: []pricing.Adjustment{{Code: "SPRING", Text: "Spring offer", Amount: eur("-43.63")}},
			Taxes:       []pricing.Tax{{Category: pricing.StandardRated, Rate: twenty, Base: eur("1900.00"), Tax: eur("380.00")}},
			Net:         eur("1900.00"), Tax: eur("380.00"), Gross: eur("2280.00")},
		Progress: []order.Progress{{Step: order.InPreparation, At: at}, {Step: "glass cut", At: at.Add(time.Minute), Note: "bench\n4", Internal: true}},
		Bills: []order.Bill{
			{Number: "INV-2026-000001", Issued: partner.MustDate("2026-11-23"), Gross: eur("1520.00"), Settled: eur("1520.00")},
			{Number: "CN-2026-000001", Credit: true, Gross: eur("760.00"), Settled: eur("0.00")},
		},
	}
}

// A14 O10 to O13: the order as a print shows it.
func TestText(t *testing.T) {
	for lang, name := range map[string]string{"": "en", "de": "en", "fr-CA": "fr", "IT": "it"} {
		golden.Check(t, "testdata/text."+name+".golden", []byte(printed().Text(lang)))
	}
	s := newShop(t, nil)
	o := s.placed(buyer)
	golden.Check(t, "testdata/text.plain.golden", []byte(o.Text("en")))
	require.NotPanics(t, func() { _ = order.Order{}.Text("") }, "not even of nothing")
}
