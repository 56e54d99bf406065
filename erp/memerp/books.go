package memerp

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// What the database does. Every function here is called with the lock held.

func (e *ERP) byID(id string) *Document {
	if e.gone[erp.Orders][id] {
		return nil
	}
	return at(e.o.Start, e.docs, id)
}

// byKey is nil for an ERP that stores no keys.
func (e *ERP) byKey(key string) *Document {
	if e.o.Keys == NoKeys {
		return nil
	}
	for _, d := range e.docs {
		if d.Order.Key == key && !e.gone[erp.Orders][d.ID] {
			return d
		}
	}
	return nil
}

func (e *ERP) insert(o erp.Order, extra decimal.Decimal) *Document {
	d := &Document{ID: e.id(len(e.docs)), State: erp.StateDraft}
	d.fill(o, extra)
	e.docs = append(e.docs, d)
	e.touch(d)
	d.Created = d.Written
	return d
}

// fill makes the order's content the document's.
func (d *Document) fill(o erp.Order, extra decimal.Decimal) {
	d.Order, d.Totals = o.Clone(), totals(o, extra)
	d.Goods = make([]Goods, len(o.Lines))
	for i, l := range o.Lines {
		d.Goods[i] = Goods{Key: l.Key, SKU: l.SKU, Ordered: l.Quantity}
	}
	d.billed = billed{discounts: make([]decimal.Decimal, len(o.Discounts))}
}

func (e *ERP) touch(d *Document) {
	d.Version = e.next()
	d.Written = e.now()
}

// id is the id of the document after n others of its kind.
func (e *ERP) id(n int) string { return strconv.FormatInt(e.o.Start+int64(n)+1, 10) }

// next counts a write of the whole ERP.
func (e *ERP) next() int64 {
	e.writes++
	return e.writes
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
	if to == erp.StateConfirmed {
		d.turn = e.writes + 1
		e.reserve(d)
		e.touch(d)
		e.plan(d, "")
		return true
	}
	e.release(d) // whoever ends an order gives up what is open
	e.bill(d, nil)
	e.touch(d)
	e.replan(d)
	return true
}

// number gives the human number, counted in the order of numbering.
func (e *ERP) number(d *Document) {
	if d.Number == "" {
		d.Number = e.count("S%05d")
	}
}

// count gives the next number of a series.
func (e *ERP) count(series string) string {
	e.numbers[series]++
	return fmt.Sprintf(series, e.o.Start+int64(e.numbers[series]))
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
	digits := digitsOf(o.Currency)
	var x taxes
	for i, l := range o.Lines {
		amount := net(l, l.Quantity, digits)
		if i == 0 {
			amount = amount.Add(extra)
		}
		x.add(l.TaxCategory, l.TaxRate, amount)
	}
	for _, a := range o.Discounts {
		x.add(a.TaxCategory, a.TaxRate, a.Amount)
	}
	_, t := x.sum(digits)
	return t
}
