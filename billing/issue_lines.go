package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/pricing"
)

// take decides how much of which line goes on the document: deliveries first,
// then single lines, then what the orders have left.
func (w *work) take(ctx context.Context, tx Tx, in IssueInput) error {
	left := map[*part][]int64{}
	for _, p := range w.parts {
		for _, l := range p.o.Lines {
			left[p] = append(left[p], dueOf(p.o, l))
		}
	}
	var none, much, bad fault.Issues
	for i, d := range w.deliveries {
		p := w.part(d.Order)
		n, err := w.takeDelivery(ctx, tx, p, d, left[p])
		if err != nil {
			return err
		}
		switch {
		case d.Kind != order.Outgoing:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "return", "%s is a return", d.Number)
		case d.State != order.Shipped:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "state", "%s is %s", d.Number, d.State)
		case n == 0:
			none.Add(fmt.Sprintf("deliveries[%d]", i), "nothing_due", "nothing is left to invoice of %s", d.Number)
		}
	}
	for i, l := range in.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		p := w.part(l.Order)
		k := slices.IndexFunc(p.o.Lines, func(x order.Line) bool { return x.ID == l.Line })
		switch {
		case k < 0:
			bad.Add(path+".line", "unknown", "%s has no line %s", p.o.Ref, l.Line)
		case l.Quantity.Sign() <= 0:
			bad.Add(path+".quantity", "positive", "must be above 0")
		case l.Quantity.Units() > left[p][k]:
			rest, _ := money.QuantityFromUnits(left[p][k])
			much.Add(path+".quantity", "too_much", "%s is left to invoice of line %s of %s, not %s", rest, l.Line, p.o.Ref, l.Quantity)
		default:
			w.put(p, k, "", l.Quantity.Units(), left[p])
		}
	}
	for i, one := range in.Orders {
		p := w.part(one.Order)
		n := int64(0)
		for k, q := range left[p] {
			n += q
			w.put(p, k, "", q, left[p])
		}
		if n == 0 && !slices.ContainsFunc(w.takes, func(t take) bool { return t.part == p }) {
			none.Add(fmt.Sprintf("orders[%d]", i), "nothing_due", "nothing is left to invoice of %s", p.o.Ref)
		}
	}
	return cmp.Or(bad.Err(ErrInvalid), none.Err(ErrNothingDue), much.Err(ErrTooMuch))
}

// dueOf is what is to invoice of a line, in ten-thousandths: at most what stands
// on no invoice of our own, whatever credit notes of the ERP say.
func dueOf(o order.Order, l order.Line) int64 {
	return max(0, min(l.ToInvoice(o.Policy).Units(), l.Quantity.Units()-order.Length(l.Billed.Taken)))
}

// takeDelivery takes what is not yet invoiced of a delivery.
func (w *work) takeDelivery(ctx context.Context, tx Tx, p *part, d order.Delivery, left []int64) (int64, error) {
	if d.Kind != order.Outgoing || d.State != order.Shipped {
		return 0, nil
	}
	billed, err := deliveryBilled(ctx, tx, p.o, d.ID)
	if err != nil {
		return 0, err
	}
	taken := int64(0)
	for _, l := range d.Lines {
		k := slices.IndexFunc(p.o.Lines, func(x order.Line) bool { return x.ID == l.Line })
		if k < 0 {
			continue
		}
		q := min(l.Quantity.Units()-l.Excess.Units()-billed[l.Line], left[k])
		w.put(p, k, d.ID, q, left)
		taken += max(q, 0)
	}
	return taken, nil
}

// deliveryBilled is what stands on invoices of a delivery and was not
// credited, in ten-thousandths.
func deliveryBilled(ctx context.Context, tx Tx, o order.Order, id order.DeliveryID) (map[order.LineID]int64, error) {
	out := map[order.LineID]int64{}
	for _, b := range o.Bills {
		if b.Credit {
			continue
		}
		inv, err := tx.Invoices().Get(ctx, b.Document)
		if err != nil {
			return nil, err
		}
		for _, l := range inv.Lines {
			if l.Delivery == id {
				out[l.OrderLine] += l.Quantity.Units() - inv.credited(l.ID).Quantity.Units()
			}
		}
	}
	return out, nil
}

// put adds to what is taken, and takes it off what is left.
func (w *work) put(p *part, line int, delivery order.DeliveryID, q int64, left []int64) {
	if q <= 0 {
		return
	}
	left[line] -= q
	for i := range w.takes {
		if t := &w.takes[i]; t.part == p && t.line == line && t.delivery == delivery {
			t.quantity += q
			return
		}
	}
	w.takes = append(w.takes, take{part: p, line: line, delivery: delivery, quantity: q})
}

// price makes the lines from the slices of the orders, and the figures of the
// document from them.
func (w *work) price(d *Document) error {
	slices.SortStableFunc(w.takes, func(a, b take) int {
		return cmp.Or(cmp.Compare(slices.Index(w.parts, a.part), slices.Index(w.parts, b.part)), cmp.Compare(a.line, b.line))
	})
	for _, t := range w.takes {
		if err := t.slice(); err != nil {
			return err
		}
	}
	for _, p := range w.parts {
		if err := p.gather(d.Currency); err != nil {
			return err
		}
		for i := range p.rows {
			r := &p.rows[i]
			tax, box, err := p.o.NextTax(r.Category, r.Rate, r.Base)
			if err != nil {
				return err
			}
			r.Tax.Tax, r.whole, r.box = tax, tax, box
		}
	}
	if d.Tax == TaxPerDocument {
		if err := lineUp(w.parts); err != nil {
			return err
		}
		if err := retax(w.parts); err != nil {
			return err
		}
	}
	return assemble(d, w.parts)
}

// slice appends the line of a take to its part and marks its stretches.
func (t take) slice() error {
	o := &t.part.o
	ol := &o.Lines[t.line]
	q, err := money.QuantityFromUnits(t.quantity)
	if err != nil {
		return err
	}
	sl, err := o.NextSlice(ol.ID, q)
	if err != nil {
		return err
	}
	priced, _ := o.Quote.Line(ol.ID)
	ol.Billed.Taken = join(ol.Billed.Taken, sl.Stretches)
	l := lineOf(o.ID, *ol, priced, sl)
	l.Delivery = t.delivery
	t.part.lines = append(t.part.lines, l)
	return nil
}

// lineOf is a line of a document: a slice of an order's line.
func lineOf(o order.ID, ol order.Line, priced pricing.QuotedLine, sl order.Slice) Line {
	return Line{Order: o, OrderLine: ol.ID, SKU: ol.SKU, Name: ol.Name, Unit: ol.Unit, Quantity: sl.Quantity,
		Price: priced.Price, Stated: priced.Stated, Net: sl.Net, Shares: sl.Shares,
		Category: priced.Category, Rate: priced.Rate, Stretches: sl.Stretches}
}
