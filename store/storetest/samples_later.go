package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/thread"
)

func sampleDelivery(n int) order.Delivery {
	return order.Delivery{
		ID: order.DeliveryID(fmt.Sprintf("d%04d", n)), Order: "o0001", OrderRef: "FR10002527260001", Partner: "p0001",
		Kind: order.Outgoing, State: order.Shipped, Number: fmt.Sprintf("OUT/%05d", n), Carrier: "Chronopost",
		Tracking: fmt.Sprintf("XY%06d", n), Date: partner.MustDate("2026-01-02").AddDays(n),
		Lines:     []order.DeliveryLine{{Line: "l1", SKU: "065000001", Quantity: quantity(1)}},
		ERP:       order.Twin{ID: fmt.Sprint("picking/", n), At: dawn},
		CreatedBy: access.Stamp{ID: "m1"}, CreatedAt: dawn.Add(time.Duration(n) * time.Minute), UpdatedAt: dawn,
	}
}

// hashOf is a hash as blobs have them.
func hashOf(n int) blob.Hash { return blob.Hash(fmt.Sprintf("%s%04x", strings.Repeat("ab", 30), n)) }

func sampleThread(n int) thread.Thread {
	doc := thread.Doc{Kind: order.DocKind, ID: fmt.Sprintf("o%04d", n)}
	at := dawn.Add(time.Duration(n) * time.Minute)
	return thread.Thread{
		ID: doc.Thread(), Doc: doc, Partner: "p0001", UpdatedAt: dawn,
		Messages: []thread.Message{
			{ID: "m1", At: at, By: access.Stamp{ID: "m1"}, Text: "Où est ma commande ?",
				Files: []blob.File{{Hash: hashOf(n), Size: 7, Name: "plan.pdf"}}},
			{ID: "m2", At: at.Add(time.Second), By: access.Stamp{ID: "s1"}, Seller: true, Internal: true, Text: "?"},
		},
		Read: []thread.Mark{{Reader: "m1", Partner: "p0001", Upto: "m1", At: at}},
	}
}

func sampleInvoice(n int) billing.Document {
	net, tax, gross := money.FromMinor(int64(10_000+n), euro), money.FromMinor(2000, euro), money.FromMinor(int64(12_000+n), euro)
	return billing.Document{
		ID: billing.ID(fmt.Sprintf("i%04d", n)),
		Record: billing.Record{
			Kind: billing.Invoice, Issuer: billing.Here, Number: fmt.Sprintf("INV-2026-%06d", n), Series: "inv",
			Seller: billing.Seller{ID: "acme", Name: "Acme Cuisines"}, Partner: "p0001", Customer: "FR00001",
			Buyer: partner.Counterparty{ID: "b1", Name: "Lémaux SARL", Country: "FR"}, Currency: euro,
			Issued: partner.MustDate("2026-01-02").AddDays(n), Due: partner.MustDate("2026-02-02").AddDays(n),
			Lines: []billing.Line{{ID: "1", Order: "o0001", OrderLine: "l1", Name: "Évier", Quantity: quantity(1), Net: net}},
			Taxes: []pricing.Tax{}, Totals: billing.Totals{Lines: net, Net: net, Tax: tax, Gross: gross, Payable: gross},
			Orders: []billing.OrderPart{{Order: "o0001", Ref: "FR10002527260001", Net: net, Tax: tax, Gross: gross}},
		},
		Chain: billing.Chain{Position: int64(n + 1), Hash: fmt.Sprint("1:", n)},
		Paid:  money.Zero(euro), SetOff: money.Zero(euro), ERP: order.Twin{ID: fmt.Sprint("move/", n)},
		CreatedAt: dawn.Add(time.Duration(n) * time.Minute), UpdatedAt: dawn,
	}
}

func sampleHead(n int) billing.Head {
	return billing.Head{ID: billing.HeadID(fmt.Sprint("acme/s", n)), Position: int64(n), Counter: int64(n), Period: "2026",
		Issued: partner.MustDate("2026-01-02"), Hash: fmt.Sprint("1:", n)}
}

func samplePayment(n int) billing.Payment {
	return billing.Payment{
		ID: billing.PaymentID(fmt.Sprintf("y%04d", n)), Number: fmt.Sprintf("P-2026-%06d", n), Direction: billing.Incoming,
		Seller: "acme", Partner: "p0001", Buyer: "b1", State: order.PaymentAwaiting, Method: billing.Transfer,
		Amount: money.FromMinor(int64(500+n), euro), Date: partner.MustDate("2026-01-02").AddDays(n),
		Allocations: []billing.Allocation{{Document: "i0001", Number: "INV-2026-000001", Amount: money.FromMinor(500, euro)}},
		History:     []billing.PaymentStep{{At: dawn, What: "told", To: order.PaymentAwaiting}},
		ERP:         order.Twin{ID: fmt.Sprint("pay/", n)}, CreatedAt: dawn.Add(time.Duration(n) * time.Minute), UpdatedAt: dawn,
	}
}

func sampleTurnover(n int) pricing.TurnoverEntry {
	net := money.FromMinor(int64(100+n), euro)
	id := fmt.Sprintf("i%04d", n)
	return pricing.TurnoverEntry{
		ID: pricing.TurnoverID(fmt.Sprintf("u%04d", n)), Partner: "p0001", Revision: 1,
		Document: pricing.TurnoverDocument{Kind: pricing.InvoiceTurnover, ID: id, Number: fmt.Sprintf("INV-2026-%06d", n)},
		Day:      partner.MustDate("2026-01-02").AddDays(n), Known: dawn.Add(time.Duration(n) * time.Minute),
		Net: net, Parts: []pricing.TurnoverPart{{Family: "kitchen/ovens", Net: net}},
		Articles: []pricing.TurnoverArticle{{SKU: "065000001", Family: "kitchen/ovens"}},
	}
}

// stream is the stream that plant and dump know of.
const stream = "erp/deliveries"

func sampleParked(n int) event.Parked {
	return event.Parked{ID: fmt.Sprint("deliveries/", n), Stream: stream, Sequence: 5, Awaits: fmt.Sprint("order/", n%3),
		Data: json.RawMessage(fmt.Sprintf(`{ "n": %d, "b": 1.50, "a": "\u00e9", "b": 2 }`, n)), Cause: "no such order",
		Since: dawn.Add(time.Duration(n) * time.Second)}
}
