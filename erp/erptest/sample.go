package erptest

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// SampleOrder is an order with what makes ERPs differ: two tax rates, a price
// per hundred, a discount on the document, leading zeros in a SKU, and text
// with accents and quotes. Each revision above 1 has one more of the first
// line; from the second on the last line is another one.
func SampleOrder(key string, revision int) erp.Order {
	o := erp.Order{
		Key: key, Revision: revision, Reference: "FR" + key, CustomerOrderNo: "PO-4711",
		Customer: "C0002", Currency: "EUR", Date: "2026-01-05",
		InvoiceTo: erp.Address{Name: "Cuisines Léonie", Street: "3, quai d'Amont", PostCode: "29200", City: "Brest", Country: "FR"},
		ShipTo:    erp.Address{Name: "Dépôt « Nord »", Street: "1 Lagerstraße", PostCode: "50667", City: "Köln", Country: "DE"},
		Note:      "Deliver before noon; \"ring twice\".\nGate 2 <left>",
		Lines: []erp.OrderLine{
			{Key: "L1", SKU: "00120", Text: "Worktop, chêne massif", Quantity: decimal.NewFromInt(int64(1 + revision)), Unit: "C62", UnitPrice: amount("49.96"), TaxCategory: "S", TaxRate: amount("20")},
			{Key: "L2", SKU: "SCREW-4x30", Text: "Screw 4 × 30", Quantity: amount("250"), Unit: "C62", UnitPrice: amount("12.50"), PriceBase: amount("100"), TaxCategory: "S", TaxRate: amount("20")},
		},
		Discounts: []erp.Discount{{Key: "D1", Code: "WELCOME", Text: "Welcome", Amount: amount("-5.00"), TaxCategory: "S", TaxRate: amount("20")}},
	}
	last := erp.OrderLine{Key: "L3", SKU: "BOOK-1", Text: "Fitting guide", Quantity: amount("1"), Unit: "C62", UnitPrice: amount("10.00"), TaxCategory: "S", TaxRate: amount("5.5")}
	if revision > 1 {
		last.Key, last.SKU, last.UnitPrice = "L4", "BOOK-2", amount("12.30")
	}
	o.Lines = append(o.Lines, last)
	return priced(o)
}

// SamplePayment is a payment on account by the customer of SampleOrder.
func SamplePayment(key string) erp.Payment {
	return erp.Payment{Head: erp.Head{Key: key}, State: erp.PaymentPosted, Customer: "C0002", Date: "2026-01-05",
		Amount: amount("1234.56"), Currency: "EUR", Method: "transfer", Reference: "Merci « Léonie »"}
}

// SampleInvoice is an invoice of the lines of SampleOrder that belongs to no
// order, numbered after its key.
func SampleInvoice(key string) erp.Invoice {
	o := SampleOrder(key, 1)
	i := erp.Invoice{Head: erp.Head{Key: key, Number: "2026-" + key}, State: erp.InvoicePosted, Customer: o.Customer, Date: o.Date,
		Due: "2026-02-04", Currency: o.Currency, Adjustments: o.Discounts, Totals: erp.Totals{Net: o.Net, Tax: o.Tax, Gross: o.Gross},
		Taxes: []erp.InvoiceTax{{Category: "S", Rate: amount("20"), Base: amount("126.17"), Tax: amount("25.23")},
			{Category: "S", Rate: amount("5.5"), Base: amount("10.00"), Tax: amount("0.55")}}}
	for _, l := range o.Lines {
		i.Lines = append(i.Lines, erp.InvoiceLine{SKU: l.SKU, Text: l.Text, Unit: l.Unit, Quantity: l.Quantity, UnitPrice: l.UnitPrice,
			PriceBase: l.PriceBase, Net: l.Net, TaxCategory: l.TaxCategory, TaxRate: l.TaxRate})
	}
	return i
}

// SampleMessage is a message on the order with that id in the ERP.
func SampleMessage(key, order string) erp.Message {
	return erp.Message{Head: erp.Head{Key: key}, Kind: "order", Document: order, Author: "Léonie", Text: "Deliver before noon; \"ring twice\".\nGate 2 <left>"}
}

// oneOf is one of the line.
func oneOf(key string) []erp.LineQuantity {
	return []erp.LineQuantity{{Key: key, Quantity: decimal.NewFromInt(1)}}
}

// priced fills in the amounts of euros.
func priced(o erp.Order) erp.Order { return pricedTo(o, 2) }

// pricedTo fills in the amounts: lines to so many decimals, tax on the document
// per rate, half away from zero.
func pricedTo(o erp.Order, digits int32) erp.Order {
	o.Lines = append([]erp.OrderLine(nil), o.Lines...)
	o.Net, o.Tax = decimal.Zero, decimal.Zero
	base := map[string]decimal.Decimal{}
	rates := map[string]decimal.Decimal{}
	add := func(rate, v decimal.Decimal) {
		k := rate.StringFixed(2)
		base[k], rates[k] = base[k].Add(v), rate
		o.Net = o.Net.Add(v)
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		per := l.PriceBase
		if per.IsZero() {
			per = decimal.NewFromInt(1)
		}
		l.Net = l.Quantity.Mul(l.UnitPrice).DivRound(per, digits)
		add(l.TaxRate, l.Net)
	}
	for _, d := range o.Discounts {
		add(d.TaxRate, d.Amount)
	}
	for k, v := range base {
		o.Tax = o.Tax.Add(v.Mul(rates[k]).Shift(-2).Round(digits))
	}
	o.Gross = o.Net.Add(o.Tax)
	return o
}

// amount reads one of this file's literals.
func amount(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		panic(fmt.Sprintf("erptest: %q: %v", s, err))
	}
	return d
}
