package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

var euro = money.MustCurrency("EUR")

var dawn = time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)

func quantity(n int) money.Quantity { return money.QuantityOf(int64(n)) }

func samplePartner(n int) partner.Partner {
	return partner.Partner{
		ID: partner.ID(fmt.Sprintf("p%04d", n)), Number: fmt.Sprintf("FR%05d", n),
		Name: fmt.Sprintf("Maison Lémaux %d", n), Type: partner.Dealer, Active: true,
		Addresses: []partner.Address{{ID: "a1", Company: "Lémaux", Street: "1 rue Haute", City: "Lyon", Country: "FR"}},
		Members:   []partner.Member{{ID: "m1", Name: "Ines Carrel", Roles: []access.Role{access.Designer}, Active: true}},
		CreatedAt: dawn, UpdatedAt: dawn,
	}
}

func sampleProduct(n int) catalog.Product {
	return catalog.Product{
		ID: catalog.ID(fmt.Sprintf("g%04d", n)), SKU: catalog.SKU(fmt.Sprintf("0650%05d", n)),
		Names: map[string]string{"fr": fmt.Sprintf("Évier %d", n), "en": fmt.Sprintf("Sink %d", n)},
		Unit:  "C62", Tax: "standard", Online: true, Sale: catalog.SaleFree,
		Prices: []catalog.ListPrice{{Stated: catalog.Net, Breaks: []catalog.Break{{Price: money.MustPrice("12.50", euro)}}}},
		Tags:   []string{"steel"}, CreatedAt: dawn, UpdatedAt: dawn,
	}
}

func sampleStock(n int) catalog.Availability {
	return catalog.Availability{Product: catalog.ID(fmt.Sprintf("g%04d", n)), OnHand: quantity(n), At: dawn}
}

func sampleCart(n int) cart.Cart {
	return cart.Cart{
		ID: cart.ID(fmt.Sprintf("c%04d", n)), Partner: "p0001", Name: fmt.Sprintf("Cuisine %d", n), Currency: euro,
		Lines:     []cart.Line{{ID: "l1", Product: "g0001", SKU: "065000001", Quantity: quantity(2)}},
		Baton:     cart.Baton{Holder: "m1"},
		CreatedBy: access.Stamp{ID: "m1", Name: "Ines Carrel"}, CreatedAt: dawn, UpdatedAt: dawn,
	}
}

func sampleOrder(n int) order.Order {
	total := money.FromMinor(int64(1000+n), euro)
	return order.Order{
		ID: order.ID(fmt.Sprintf("o%04d", n)), Ref: order.Ref(fmt.Sprintf("FR1000252726%04d", n)), State: order.Awaiting,
		Customer: order.Customer{Partner: "p0001", Number: "FR00001", Name: "Maison Lémaux", Type: partner.Dealer},
		Currency: euro,
		Lines:    []order.Line{{ID: "l1", Product: "g0001", SKU: "065000001", Name: "Évier", Unit: "C62", Quantity: quantity(2)}},
		Quote: pricing.Quote{Partner: "p0001", Currency: euro, At: dawn, Until: dawn.Add(time.Hour),
			Lines: []pricing.QuotedLine{}, Taxes: []pricing.Tax{}, Net: total, Tax: money.Zero(euro), Gross: total},
		InsertedBy: access.Stamp{ID: "m1"}, PlacedAt: dawn.Add(time.Duration(n) * time.Minute), UpdatedAt: dawn,
		ERP:      order.ERPLink{ID: fmt.Sprint("sale/", n)},
		Files:    []order.File{{ID: "f1", File: blob.File{Hash: hashOf(1000 + n), Size: 9, Name: "vue.png"}, At: dawn}},
		Revision: 1, History: []order.Entry{{At: dawn, What: "placed", To: order.Awaiting}},
	}
}

// sampleEvent is the event of one version of a subject.
func sampleEvent(subject string, version int64) event.Event {
	return event.Event{
		ID: fmt.Sprintf("%s-%d", subject, version), Type: "order.placed", Schema: 1, Subject: subject,
		Version: version, Time: dawn.Add(time.Duration(version) * time.Second),
		Data: json.RawMessage(fmt.Sprintf(`{"subject":%q,"version":%d}`, subject, version)),
	}
}
