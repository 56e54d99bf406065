package memerp

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/money"
)

// What the database does. Every function here is called with the lock held.

func (e *ERP) byID(id string) *Document {
	n, err := strconv.Atoi(id)
	if err != nil || n < 1 || n > len(e.docs) || strconv.Itoa(n) != id {
		return nil
	}
	return e.docs[n-1]
}

// byKey is nil for an ERP that stores no keys.
func (e *ERP) byKey(key string) *Document {
	if e.o.Keys == NoKeys {
		return nil
	}
	for _, d := range e.docs {
		if d.Order.Key == key {
			return d
		}
	}
	return nil
}

func (e *ERP) insert(o erp.Order, extra decimal.Decimal) *Document {
	d := &Document{ID: strconv.Itoa(len(e.docs) + 1), State: erp.StateDraft, Order: o.Clone()}
	d.Totals = totals(d.Order, extra)
	e.docs = append(e.docs, d)
	e.touch(d)
	d.Created = d.Written
	return d
}

func (e *ERP) touch(d *Document) {
	e.writes++
	d.Version = e.writes
	d.Written = e.now()
}

// move goes draft → confirmed → done and reports whether anything changed.
func (e *ERP) move(d *Document, to erp.OrderState) bool {
	switch {
	case d.State == erp.StateDraft && to == erp.StateConfirmed:
		e.number(d)
	case d.State == erp.StateConfirmed && to == erp.StateDone:
	case d.State == erp.StateDraft && to == erp.StateCancelled:
	default:
		return false
	}
	d.State = to
	e.touch(d)
	return true
}

// number gives the human number, counted in the order of numbering.
func (e *ERP) number(d *Document) {
	if d.Number == "" {
		e.numbers++
		d.Number = fmt.Sprintf("S%05d", e.numbers)
	}
}

// press is the connector's confirmation or completion: it reports whether the
// state allowed it.
func (e *ERP) press(d *Document, to erp.OrderState) bool {
	if n := e.o.ConfirmAfterReads; n > 0 && to == erp.StateConfirmed && d.State == erp.StateDraft {
		if d.due == 0 {
			d.due = d.reads + 1 + n // the answer to the button is a read
		}
		return true
	}
	return e.move(d, to) || d.State == to
}

// read answers the document as a connector sees it, and counts as a read.
func (e *ERP) read(d *Document) erp.Receipt {
	d.reads++
	if d.due > 0 && d.reads >= d.due {
		d.due = 0
		e.move(d, erp.StateConfirmed)
	}
	if n := e.o.NumberAfterReads; n > 0 && d.reads >= n && d.Number == "" {
		e.number(d)
		e.touch(d)
	}
	t := d.Totals
	r := erp.Receipt{
		ID: d.ID, Key: d.Order.Key, Number: d.Number, State: d.State,
		Version: strconv.FormatInt(d.Version, 10), Revision: d.Order.Revision, Totals: &t,
	}
	if e.o.Keys == NoKeys {
		r.Key = ""
	}
	return r
}

// totals computes as an ERP does, from quantities and prices and not from the
// amounts it was told: lines rounded to the currency's digits, the tax on the
// document per category and rate, half away from zero.
func totals(o erp.Order, extra decimal.Decimal) erp.Totals {
	digits := int32(2)
	if c, err := money.ParseCurrency(o.Currency); err == nil {
		digits = int32(c.Digits())
	}
	type box struct{ category, rate string }
	var order []box
	base := map[box]decimal.Decimal{}
	rates := map[box]decimal.Decimal{}
	add := func(category string, rate, amount decimal.Decimal) {
		b := box{category, rate.StringFixed(4)}
		if _, ok := base[b]; !ok {
			order = append(order, b)
		}
		base[b], rates[b] = base[b].Add(amount), rate
	}
	for i, l := range o.Lines {
		amount := l.Quantity.Mul(l.UnitPrice)
		if l.PriceBase.IsPositive() {
			amount = amount.DivRound(l.PriceBase, digits)
		}
		amount = amount.Round(digits)
		if i == 0 {
			amount = amount.Add(extra)
		}
		add(l.TaxCategory, l.TaxRate, amount)
	}
	for _, a := range o.Discounts {
		add(a.TaxCategory, a.TaxRate, a.Amount)
	}
	var t erp.Totals
	for _, b := range order {
		t.Net = t.Net.Add(base[b])
		t.Tax = t.Tax.Add(base[b].Mul(rates[b]).Shift(-2).Round(digits))
	}
	t.Gross = t.Net.Add(t.Tax)
	return t
}
