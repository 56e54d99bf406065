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

// priced fills in the amounts: lines to two decimals, tax on the document per rate.
func priced(o erp.Order) erp.Order {
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
		l.Net = l.Quantity.Mul(l.UnitPrice).DivRound(per, 2)
		add(l.TaxRate, l.Net)
	}
	for _, d := range o.Discounts {
		add(d.TaxRate, d.Amount)
	}
	for k, v := range base {
		o.Tax = o.Tax.Add(v.Mul(rates[k]).Shift(-2).Round(2))
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
