package trytonerp

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
)

// draft are the values of a sale for an order, all but its key.
func (a *Adapter) draft(ctx context.Context, op erp.Op, o erp.Order) (map[string]any, error) {
	var w wrong
	lines, err := a.draftLines(ctx, op, o, &w)
	if err != nil {
		return nil, err
	}
	currency, err := a.currency(ctx, op, o.Currency)
	if err != nil {
		return nil, err
	}
	if currency == 0 {
		w.add("currency", "Tryton has no %s", o.Currency)
	}
	c, err := a.customer(ctx, op, o.Customer)
	if err != nil {
		return nil, err
	}
	if c == nil {
		w.add("customer", "Tryton has no party of the code %q", o.Customer)
		return nil, w.error(op)
	}
	places, err := a.addresses(ctx, op, c, o, &w)
	if err != nil {
		return nil, err
	}
	if err := w.error(op); err != nil {
		return nil, err
	}
	if places, err = a.enter(ctx, op, c, places); err != nil {
		return nil, err
	}
	values := map[string]any{
		"party": c.id, "currency": currency, "payment_term": c.term,
		"invoice_address": places[0].id, "shipment_address": places[1].id,
		"sale_date": day(o.Date), "reference": o.CustomerOrderNo, "description": mark(strconv.Itoa(o.Revision), o.Reference),
		"comment": comment(o), "lines": []any{[]any{"create", lines}},
	}
	if c.prices != nil { // the field is of a module that may not be there
		values["price_list"] = *c.prices
	}
	return values, nil
}

// comment is the note, and whom to ask for at the addresses.
func comment(o erp.Order) string {
	text := []string{o.Note}
	for _, at := range []struct {
		what string
		erp.Address
	}{{"Invoice to", o.InvoiceTo}, {"Ship to", o.ShipTo}} {
		if at.Phone != "" || at.Email != "" {
			text = append(text, at.what+": "+strings.Join(filled(at.Contact, at.Phone, at.Email), ", "))
		}
	}
	return strings.Join(filled(text...), "\n")
}

// filled are the texts that are not empty.
func filled(text ...string) []string {
	return slices.DeleteFunc(slices.Clone(text), func(s string) bool { return s == "" })
}

// draftLines are the values of the lines, and of the discounts, which are lines
// without a product.
func (a *Adapter) draftLines(ctx context.Context, op erp.Op, o erp.Order, w *wrong) ([]any, error) {
	codes := make([]string, 0, len(o.Lines))
	for _, l := range o.Lines {
		if !slices.Contains(codes, l.SKU) {
			codes = append(codes, l.SKU)
		}
	}
	articles, err := a.articles(ctx, op, codes)
	if err != nil {
		return nil, err
	}
	units, err := a.units(ctx, op)
	if err != nil {
		return nil, err
	}
	taxes, err := a.taxes(ctx, op)
	if err != nil {
		return nil, err
	}
	var lines []any
	add := func(path, key, text, note, category string, rate decimal.Decimal, more map[string]any) {
		ids, why := a.taxOf(taxes, category, rate)
		if why != "" {
			w.add(path+".tax_rate", "%s", why)
		}
		line := map[string]any{"type": "line", "sequence": 10 * (len(lines) + 1), "description": text, "note": mark(key, note)}
		if len(ids) > 0 {
			line["taxes"] = []any{[]any{"add", ids}}
		}
		for field, v := range more {
			line[field] = v
		}
		lines = append(lines, line)
	}
	for i, l := range o.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		p, ok := articles[l.SKU]
		if !ok {
			w.add(path+".sku", "Tryton sells no product of the code %q", l.SKU)
		}
		u := a.lineUnit(units, p, l, path, w)
		price := priceOfOne(l, o.Currency, path, w)
		add(path, l.Key, l.Text, lineNote(l), l.TaxCategory, l.TaxRate,
			map[string]any{"product": p.id, "quantity": quantity{l.Quantity}, "unit": u, "unit_price": exact{price}})
	}
	for i, d := range o.Discounts {
		text := strings.Join(filled(d.Text, d.Code), " · ")
		if d.Text == d.Code {
			text = d.Code
		}
		add(fmt.Sprintf("discounts[%d]", i), d.Key, text, "", d.TaxCategory, d.TaxRate,
			map[string]any{"quantity": quantity{decimal.NewFromInt(1)}, "unit_price": exact{d.Amount}})
	}
	return lines, nil
}

// lineUnit is the unit of a line, by default the product's own. It is of the
// kind of the product's, and the quantity fits it.
func (a *Adapter) lineUnit(units []unit, p article, l erp.OrderLine, path string, w *wrong) int64 {
	at := slices.IndexFunc(units, func(u unit) bool { return u.ID == p.unit })
	if at < 0 {
		return 0 // of no product, which is said already
	}
	u, own := units[at], units[at]
	if l.Unit != "" {
		var ok bool
		if u, ok = a.unitOf(units, l.Unit); !ok {
			w.add(path+".unit", "Tryton has no unit for %q: name it (Options.Units)", l.Unit)
			return 0
		}
	}
	if u.Category != own.Category {
		w.add(path+".unit", "Tryton sells %s by the %s, not by the %s", l.SKU, own.Name, u.Name)
	}
	if !l.Quantity.Equal(l.Quantity.Truncate(u.Digits)) {
		w.add(path+".quantity", "%s has more than %d decimals, which is what Tryton keeps of the %s", text(l.Quantity), u.Digits, u.Name)
	}
	return u.ID
}

// priceOfOne is the price of one unit, which is the only one that Tryton keeps.
// One that is not exact will do when the line comes to its amount by it.
func priceOfOne(l erp.OrderLine, currency, path string, w *wrong) decimal.Decimal {
	if l.PriceBase.IsZero() {
		return l.UnitPrice
	}
	price := l.UnitPrice.DivRound(l.PriceBase, priceDigits)
	c, err := money.ParseCurrency(currency)
	same := err == nil && price.Mul(l.Quantity).Round(int32(c.Digits())).Equal(l.Net)
	if !same && !price.Mul(l.PriceBase).Equal(l.UnitPrice) {
		w.add(path+".unit_price", "%s per %s is no price of %d decimals for one", text(l.UnitPrice), text(l.PriceBase), priceDigits)
	}
	return price
}

// lineNote is what else there is to know of a line.
func lineNote(l erp.OrderLine) string {
	about := []string{l.Note}
	if l.Ticket != "" {
		about = append(about, "Ticket "+l.Ticket)
	}
	switch l.Warranty {
	case erp.WarrantyIn:
		about = append(about, "In warranty")
	case erp.WarrantyOut:
		about = append(about, "Out of warranty")
	}
	return strings.Join(filled(about...), "\n")
}
