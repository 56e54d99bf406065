package main

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// What the company's own people do in the ERP.

var errNo = errors.New("the ERP does not allow that")

// open confirms an order.
func (f *fake) open(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := found(f.orders, func(o *wireOrder) bool { return o.ID == id })
	if err != nil {
		return err
	}
	return f.press(o, "open")
}

// ship delivers quantities of an open order's lines and invoices them at once;
// allowances go with the first invoice.
func (f *fake) ship(id string, quantities map[string]decimal.Decimal) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := found(f.orders, func(o *wireOrder) bool { return o.ID == id && o.State == "open" })
	if err != nil {
		return errNo
	}
	d := &wireDelivery{ID: fmt.Sprint(len(f.deliveries) + 1), Order: o.ID, Day: today, Change: f.next()}
	d.Number = "DN-" + d.ID
	i := &wireInvoice{ID: fmt.Sprint(len(f.invoices) + 1), Order: o.ID, Customer: o.Customer, Currency: o.Currency, Day: today, Change: f.next()}
	i.Number = "INV-" + i.ID
	first := true
	for _, other := range f.invoices {
		first = first && other.Order != o.ID
	}
	for _, l := range o.Lines {
		q, goods := quantities[l.Ref]
		if goods {
			l.Qty, l.Net = text(q), q.Mul(num(l.Price)).DivRound(num(l.Per), 2).StringFixed(2)
			d.Lines = append(d.Lines, l)
		}
		if goods || l.SKU == "" && first {
			i.Lines = append(i.Lines, l)
		}
	}
	i.value()
	f.deliveries, f.invoices = append(f.deliveries, d), append(f.invoices, i)
	return nil
}

// value sums the invoice up, the tax on the document for each rate.
func (i *wireInvoice) value() {
	base := map[string]decimal.Decimal{}
	var rates []string
	for _, l := range i.Lines {
		if _, ok := base[l.VAT]; !ok {
			rates = append(rates, l.VAT)
		}
		base[l.VAT] = base[l.VAT].Add(num(l.Net))
	}
	var net, tax decimal.Decimal
	for _, r := range rates {
		t := base[r].Mul(num(r)).Shift(-2).Round(2)
		i.VAT = append(i.VAT, wireVAT{r, base[r].StringFixed(2), t.StringFixed(2)})
		net, tax = net.Add(base[r]), tax.Add(t)
	}
	i.Net, i.Tax, i.Gross = net.StringFixed(2), tax.StringFixed(2), net.Add(tax).StringFixed(2)
	i.Open = i.Gross
}
