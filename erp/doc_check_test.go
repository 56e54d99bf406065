package erp_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/fault"
)

func head(key string) erp.Head { return erp.Head{ID: "7", Key: key, Number: "N-7", Sequence: 12} }

func someChange() erp.OrderChange {
	ordered := dec("1.5")
	return erp.OrderChange{Head: head("K"), State: erp.StateConfirmed, Revision: 2,
		Totals: &erp.Totals{Net: dec("126.17"), Tax: dec("25.23"), Gross: dec("151.40")},
		Lines:  []erp.LineChange{{Key: "L1", Ordered: &ordered, Reserved: dec("1.5")}, {Key: "L2", Cancelled: dec("2")}}}
}

func someDelivery() erp.Delivery {
	return erp.Delivery{Head: head(""), Order: "3", State: erp.DeliveryDone, Date: "2026-01-05", Carrier: "DPD", Tracking: "0815", BackOrderOf: "OUT/1",
		Lines: []erp.DeliveryLine{{Key: "L1", SKU: "00120", Quantity: dec("1.5")}, {Key: "L2", Quantity: dec("2")}}}
}

func someInvoice() erp.Invoice {
	left := dec("51.40")
	return erp.Invoice{Head: head(""), State: erp.InvoicePosted, Customer: "C0002", Seller: "S1", Date: "2026-01-05", Due: "2026-02-04", Currency: "EUR",
		Lines: []erp.InvoiceLine{
			{Order: "3", Key: "L1", SKU: "00120", Quantity: dec("2"), UnitPrice: dec("49.96"), TaxCategory: "S", TaxRate: dec("20"), Net: dec("99.92")},
			{Text: "Screws", Unit: "C62", Quantity: dec("250"), UnitPrice: dec("12.50"), PriceBase: dec("100"), TaxCategory: "S", TaxRate: dec("20"), Net: dec("31.25")}},
		Adjustments: []erp.Discount{{Key: "D1", Amount: dec("-5.00"), TaxCategory: "S", TaxRate: dec("20")}},
		Taxes:       []erp.InvoiceTax{{Category: "S", Rate: dec("20"), Base: dec("126.17"), Tax: dec("25.23")}},
		Totals:      erp.Totals{Net: dec("126.17"), Tax: dec("25.23"), Gross: dec("151.40")}, Residual: &left}
}

func somePayment() erp.Payment {
	return erp.Payment{Head: head("P"), State: erp.PaymentPosted, Customer: "C0002", Date: "2026-01-05", Amount: dec("100.00"), Currency: "EUR",
		Method: "cheque", Cheque: "0042", Reference: "thanks",
		Allocations: []erp.PaymentPart{{Invoice: "7", Amount: dec("60.00")}, {Number: "N-8", Amount: dec("40.00")}}}
}

func someMessage() erp.Message {
	return erp.Message{Head: head("M"), Kind: "order", Document: "3", Author: "Léonie", Text: "When?\nSoon?", At: "2026-01-05T08:00:00Z"}
}

func someParty() erp.Party {
	return erp.Party{Head: head(""), Code: "C0002", Name: "Cuisines Léonie", VATID: "FR40303265045", Email: "c0002@example.com", Phone: "+33 2", Lang: "fr",
		Groups: []string{"Dealers"}, Active: true, Raw: json.RawMessage(`{"price_list":"Dealers"}`),
		Addresses: []erp.PartyAddress{{Address: erp.Address{Code: "2", Street: "3, quai d'Amont", PostCode: "29200", City: "Brest", Country: "FR"}, Invoice: true},
			{Address: erp.Address{Code: "4"}, Delivery: true}}}
}

func someProduct() erp.Product {
	return erp.Product{Head: head(""), SKU: "00120", Names: map[string]string{"": "Worktop", "fr": "Plan de travail"}, Unit: "C62", TaxClass: "normal",
		Active: true, Raw: json.RawMessage(`{"weight":"12.5"}`)}
}

func somePrice() erp.Price {
	return erp.Price{Head: head(""), SKU: "00120", List: "dealer", Currency: "EUR", From: "2026-01-01T00:00:00Z", Until: "2027-01-01T00:00:00Z",
		Breaks: []erp.PriceBreak{{UnitPrice: dec("49.96")}, {From: dec("10"), UnitPrice: dec("4500"), PriceBase: dec("100")}}}
}

func someStock() erp.Stock {
	return erp.Stock{Head: head(""), SKU: "00120", Available: dec("-1.5"), Expected: "2026-02-01", At: "2026-01-05T08:00:00Z"}
}

type checked interface{ Check() error }

// with makes a document and changes it.
func with[D any](d D, change func(*D)) D {
	change(&d)
	return d
}

func TestChecksOfTheERPsDocuments(t *testing.T) {
	for _, good := range []checked{someChange(), someDelivery(), someInvoice(), somePayment(), someMessage(), someParty(), someProduct(), somePrice(), someStock()} {
		require.NoError(t, good.Check(), "%T", good)
	}
	headless := []string{"id required", "sequence sequence.range"}
	huge := dec("1e9999").Shift(1 << 30)
	for _, c := range []struct {
		name string
		doc  checked
		want []string
	}{
		{"order, empty", erp.OrderChange{}, append(headless, "state state.unknown")},
		{"order", with(someChange(), func(o *erp.OrderChange) {
			o.Revision, o.Lines[1].Key, o.Lines[0].Reserved, o.Lines[1].Cancelled = -1, "L1", dec("-1"), huge
		}), []string{"revision revision.range", "lines[0].reserved quantity.range", "lines[1].key key.repeated", "lines[1].cancelled number.size"}},
		{"order's totals", with(someChange(), func(o *erp.OrderChange) { o.Totals.Tax = dec("1") }), []string{"totals.gross gross.sum"}},
		{"delivery, empty", erp.Delivery{}, append(headless, "order required", "state state.unknown")},
		{"delivery", with(someDelivery(), func(d *erp.Delivery) {
			d.Date, d.Tracking, d.Lines[0].Quantity, d.Lines[1].Quantity = "", "a\nb", dec("0"), dec("-1")
		}), []string{"date date.shape", "tracking text.control", "lines[0].quantity quantity.range", "lines[1].quantity quantity.range"}},
		{"delivery, planned without a day", with(someDelivery(), func(d *erp.Delivery) { d.State, d.Date = erp.DeliveryPlanned, "" }), nil},
		{"delivery, cancelled with nothing", with(someDelivery(), func(d *erp.Delivery) { d.State, d.Lines[0].Quantity = erp.DeliveryCancelled, dec("0") }), nil},
		{"delivery of the ERP's own lines", with(someDelivery(), func(d *erp.Delivery) { d.Lines = nil }), nil},
		{"invoice, empty", erp.Invoice{}, append(headless, "state state.unknown", "number number.missing", "customer required", "date date.shape",
			"currency currency.unknown", "lines lines.empty")},
		{"invoice off by a cent", with(someInvoice(), func(i *erp.Invoice) {
			i.Lines[0].Net, i.Taxes[0].Tax = dec("99.93"), dec("25.24")
		}), []string{"totals.net net.sum", "totals.tax tax.sum"}},
		{"invoice, bases", with(someInvoice(), func(i *erp.Invoice) { i.Taxes[0].Base = dec("126.18") }), []string{"taxes base.sum"}},
		{"invoice, digits", with(someInvoice(), func(i *erp.Invoice) {
			i.Lines[0].Net, i.Totals.Net = dec("99.925"), dec("126.175")
		}), []string{"lines[0].net amount.digits", "totals.net amount.digits"}},
		{"invoice, negative", with(someInvoice(), func(i *erp.Invoice) {
			i.Lines = []erp.InvoiceLine{{Quantity: dec("-1"), Net: dec("-1")}}
			i.Adjustments, i.Taxes = nil, []erp.InvoiceTax{{Base: dec("-1")}}
			i.Totals, i.Residual = erp.Totals{Net: dec("-1"), Gross: dec("-1")}, nil
		}), []string{"totals.gross gross.range"}},
		{"invoice, owed", with(someInvoice(), func(i *erp.Invoice) { r := dec("151.41"); i.Residual = &r }), []string{"residual residual.range"}},
		{"invoice, owed below zero", with(someInvoice(), func(i *erp.Invoice) { r := dec("-1"); i.Residual = &r }), []string{"residual residual.range"}},
		{"invoice, tax not its rate of the base", with(someInvoice(), func(i *erp.Invoice) {
			i.Taxes[0].Tax, i.Totals.Tax, i.Totals.Gross = dec("25.24"), dec("25.24"), dec("151.41")
		}), nil},
		{"payment, empty", erp.Payment{}, append(headless, "state state.unknown", "customer required", "date date.shape", "currency currency.unknown", "amount amount.range")},
		{"payment, more allocated than paid", with(somePayment(), func(p *erp.Payment) { p.Allocations[0].Amount = dec("60.01") }), []string{"allocations allocations.sum"}},
		{"payment, parts", with(somePayment(), func(p *erp.Payment) {
			p.Allocations = []erp.PaymentPart{{Amount: dec("1")}, {Invoice: "7", Amount: dec("0")}, {Invoice: "7", Amount: dec("1.001")}, {Number: "N", Amount: dec("1")}, {Number: "N", Amount: huge}}
		}), []string{"allocations[0].invoice invoice.missing", "allocations[1].amount amount.range", "allocations[2].invoice invoice.repeated",
			"allocations[2].amount amount.digits", "allocations[4].invoice invoice.repeated", "allocations[4].amount number.size"}},
		{"payment, an invoice by its number and by its id", with(somePayment(), func(p *erp.Payment) {
			p.Allocations = []erp.PaymentPart{{Number: "N", Amount: dec("1")}, {Invoice: "7", Number: "N", Amount: dec("1")}}
		}), []string{"allocations[1].invoice invoice.repeated"}},
		{"payment, invoices of two sellers with one number", with(somePayment(), func(p *erp.Payment) {
			p.Allocations = []erp.PaymentPart{{Invoice: "6", Number: "N", Amount: dec("1")}, {Invoice: "7", Number: "N", Amount: dec("1")}}
		}), nil},
		{"payment, on account", with(somePayment(), func(p *erp.Payment) { p.Allocations = nil }), nil},
		{"message, empty", erp.Message{}, append(headless, "kind kind.unknown", "document required", "text text.missing")},
		{"message", with(someMessage(), func(m *erp.Message) { m.Text, m.At = "a\x00b", "yesterday" }), []string{"text text.control", "at time.shape"}},
		{"party, empty", erp.Party{}, append(headless, "code required", "name required")},
		{"party", with(someParty(), func(p *erp.Party) {
			p.VATID, p.Lang, p.Groups, p.Raw = "FR\n40", "français", []string{" "}, json.RawMessage(`{`)
		}), []string{"vat_id text.control", "lang lang.shape", "groups[0] required", "raw raw.shape"}},
		{"party, addresses", with(someParty(), func(p *erp.Party) {
			p.Addresses[0].Code, p.Addresses[0].Country, p.Addresses[1].Street = "4", "France", "a\nb"
			p.Addresses = append(p.Addresses, erp.PartyAddress{})
		}), []string{"addresses[0].country country.shape", "addresses[1].code code.repeated", "addresses[1].street text.control", "addresses[2].code required"}},
		{"product, empty", erp.Product{}, append(headless, "sku required")},
		{"product", with(someProduct(), func(p *erp.Product) {
			p.Names, p.Raw = map[string]string{"french!": "x", "de": "\xff"}, json.RawMessage("{")
		}), []string{`names["de"] text.encoding`, `names["french!"] lang.shape`, "raw raw.shape"}},
		{"price, empty", erp.Price{}, append(headless, "sku required", "list required", "currency currency.unknown")},
		{"price", with(somePrice(), func(p *erp.Price) {
			p.From, p.Breaks[1].From, p.Breaks[0].UnitPrice, p.Breaks[0].PriceBase = p.Until, dec("0"), dec("-1"), dec("-1")
		}), []string{"until until.range", "breaks[0].unit_price price.range", "breaks[0].price_base price_base.range", "breaks[1].from quantity.order"}},
		{"price withdrawn", with(somePrice(), func(p *erp.Price) { p.Breaks = nil }), nil},
		{"stock, empty", erp.Stock{}, append(headless, "sku required")},
		{"stock", with(someStock(), func(s *erp.Stock) { s.Available, s.Expected, s.At = huge, "soon", "now" }),
			[]string{"available number.size", "expected date.shape", "at time.shape"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.doc.Check()
			require.Equal(t, c.want, codes(err))
			if c.want != nil {
				require.Equal(t, fault.Invalid, fault.KindOf(err))
			}
		})
	}
}

func TestClonesShareNothing(t *testing.T) {
	o, oc := someChange(), someChange()
	c := o.Clone()
	c.Lines[0].Key, c.Totals.Net = "x", decimal.Zero
	require.Equal(t, oc, o)
	d := someDelivery()
	d.Clone().Lines[0].Key = "x"
	require.Equal(t, someDelivery(), d)
	i := someInvoice()
	ic := i.Clone()
	ic.Lines[0].Key, ic.Adjustments[0].Key, ic.Taxes[0].Category, *ic.Residual = "x", "x", "x", decimal.Zero
	require.Equal(t, someInvoice(), i)
	p := somePayment()
	p.Clone().Allocations[0].Invoice = "x"
	require.Equal(t, somePayment(), p)
	y := someParty()
	yc := y.Clone()
	yc.Addresses[0].City, yc.Groups[0], yc.Raw[0] = "x", "x", 'x'
	require.Equal(t, someParty(), y)
	a := someProduct()
	ac := a.Clone()
	ac.Names["fr"], ac.Raw[0] = "x", 'x'
	require.Equal(t, someProduct(), a)
	r := somePrice()
	r.Clone().Breaks[0].From = dec("1")
	require.Equal(t, somePrice(), r)
}

// Numbers are strings with the digits they carry, and come back as they went.
func TestDocumentsAsJSON(t *testing.T) {
	gross := dec("100.00")
	for name, doc := range map[string]any{
		"order_change": someChange(), "delivery": someDelivery(), "invoice": someInvoice(), "payment": somePayment(), "message": someMessage(),
		"product": someProduct(), "price": somePrice(), "stock": someStock(),
		"receipt": erp.DocReceipt{ID: "7", Key: "P", Number: "N", State: "posted", Gross: &gross}, "rest": erp.LineQuantity{Key: "L1", Quantity: dec("1.50")},
	} {
		t.Run(name, func(t *testing.T) { roundTrip(t, name, doc) })
	}
	b, err := json.Marshal(erp.Invoice{})
	require.NoError(t, err)
	require.NotContains(t, string(b), "residual")
	for _, doc := range []any{&erp.LineChange{}, &erp.DeliveryLine{}, &erp.LineQuantity{}, &erp.PriceBreak{}, &erp.Stock{}, &erp.Invoice{},
		&erp.InvoiceLine{}, &erp.InvoiceTax{}, &erp.Payment{}, &erp.PaymentPart{}, &erp.DocReceipt{}} {
		require.Error(t, json.Unmarshal([]byte(`{"ordered":1,"reserved":1,"quantity":1,"from":1,"available":1,"residual":1,"net":1,"tax":1,"amount":1,"gross":1}`), doc), "%T", doc)
	}
}
