package memerp

import (
	"context"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Pick ships a confirmed order, as far as the lines say, and without lines
// what is set aside for it. Its planned delivery becomes what was picked and is
// done; what is left of it is planned as a back order; a draft invoice of it
// appears. People may pick more than was planned or is in stock. It answers
// the delivery's id; false, and nothing changed, when the order is not
// confirmed, has no such line, or there is nothing to pick.
func (e *ERP) Pick(order string, lines ...erp.LineQuantity) (delivery string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(order)
	if d == nil || d.State != erp.StateConfirmed {
		return "", false
	}
	p := e.planned(d)
	if p == nil {
		return "", false
	}
	if len(lines) == 0 {
		for _, g := range d.Goods {
			if g.Reserved.IsPositive() {
				lines = append(lines, erp.LineQuantity{Key: g.Key, Quantity: g.Reserved})
			}
		}
	}
	if !d.has(lines) {
		return "", false
	}
	for _, l := range lines {
		g := d.goods(l.Key)
		g.Shipped = g.Shipped.Add(l.Quantity)
		e.unreserve(g, l.Quantity)
		e.carry(g.SKU, l.Quantity)
	}
	p.Lines, p.State, p.Date = d.rows(lines), erp.DeliveryDone, e.today().Format(time.DateOnly)
	e.bill(d, lines)
	e.touch(d)
	e.finishIfOver(d)
	e.stamp(&p.Head)
	e.plan(d, p.Number)
	return p.ID, true
}

// Ship says who carries a delivery and under which number.
func (e *ERP) Ship(delivery, carrier, tracking string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := at(e.o.Start, e.deliveries, delivery)
	if p == nil || p.State == erp.DeliveryCancelled {
		return false
	}
	p.Carrier, p.Tracking = carrier, tracking
	e.stamp(&p.Head)
	return true
}

// Return takes goods of an order back: a return delivery that is done, the
// goods in stock again, and draft credit notes for what was invoiced of them. False, and
// nothing changed, when more would come back than was shipped.
func (e *ERP) Return(order, reason string, lines ...erp.LineQuantity) (delivery string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(order)
	if d == nil || !d.has(lines) {
		return "", false
	}
	for _, l := range lines {
		if g := d.goods(l.Key); g.Returned.Add(l.Quantity).GreaterThan(g.Shipped) {
			return "", false
		}
	}
	for _, l := range lines {
		g := d.goods(l.Key)
		g.Returned = g.Returned.Add(l.Quantity)
		e.carry(g.SKU, l.Quantity.Neg())
	}
	r := e.deliver(d, lines, "IN/%05d")
	r.Return, r.State, r.Date, r.Reason = true, erp.DeliveryDone, e.today().Format(time.DateOnly), reason
	e.credit(d, lines, reason)
	return r.ID, true
}

// Deliveries returns all deliveries and returns in the order of their making,
// as copies.
func (e *ERP) Deliveries() []erp.Delivery {
	e.mu.Lock()
	defer e.mu.Unlock()
	return copies(e.deliveries, erp.Delivery.Clone)
}

// CancelRest implements erp.RestCanceller. More than is open changes nothing.
func (a adapter) CancelRest(ctx context.Context, id string, lines []erp.LineQuantity) (erp.Receipt, error) {
	return a.erp.change(ctx, erp.OpCancelRest, id, func(d *Document, _ Fault) bool { return a.erp.giveUp(d, lines) })
}

// giveUp raises the totals given up and reports whether the order allowed it.
func (e *ERP) giveUp(d *Document, lines []erp.LineQuantity) bool {
	if !d.has(lines) {
		return false
	}
	news := false
	for _, l := range lines {
		g := d.goods(l.Key)
		if l.Quantity.GreaterThan(g.Cancelled.Add(g.open())) {
			return false
		}
		news = news || l.Quantity.GreaterThan(g.Cancelled)
	}
	if !news {
		return true
	}
	if d.State != erp.StateConfirmed {
		return false
	}
	for _, l := range lines {
		g := d.goods(l.Key)
		g.Cancelled = decimal.Max(g.Cancelled, l.Quantity)
		e.unreserve(g, g.Reserved.Sub(g.open()))
	}
	e.serveAll(d)
	if !d.anyOpen() && !d.anyShipped() {
		d.State = erp.StateCancelled
	}
	e.bill(d, nil)
	e.touch(d)
	if d.anyShipped() {
		e.finishIfOver(d)
	}
	e.replan(d)
	return true
}

// Below, the lock is held.

// planned is the order's delivery that waits, nil when none does.
func (e *ERP) planned(d *Document) *erp.Delivery {
	for _, p := range e.deliveries {
		if p.Order == d.ID && !p.Return && p.State == erp.DeliveryPlanned {
			return p
		}
	}
	return nil
}

// plan plans the delivery of what is open, if anything is.
func (e *ERP) plan(d *Document, backOrderOf string) {
	if d.anyOpen() && d.State == erp.StateConfirmed {
		p := e.deliver(d, d.rest(), "OUT/%05d")
		p.BackOrderOf = backOrderOf
	}
}

// replan makes the delivery that waits what is still open, and cancels it when
// nothing is or the order is over.
func (e *ERP) replan(d *Document) {
	p := e.planned(d)
	if p == nil {
		return
	}
	if p.Lines = d.rows(d.rest()); len(p.Lines) == 0 || d.State != erp.StateConfirmed {
		p.State = erp.DeliveryCancelled
	}
	e.stamp(&p.Head)
}

func (e *ERP) deliver(d *Document, lines []erp.LineQuantity, series string) *erp.Delivery {
	p := &erp.Delivery{Head: erp.Head{ID: e.id(len(e.deliveries)), Number: e.count(series)},
		Order: d.ID, State: erp.DeliveryPlanned, Lines: d.rows(lines)}
	e.deliveries = append(e.deliveries, p)
	e.stamp(&p.Head)
	return p
}

// rest is what is open of each line.
func (d *Document) rest() []erp.LineQuantity {
	var lines []erp.LineQuantity
	for _, g := range d.Goods {
		if open := g.open(); open.IsPositive() {
			lines = append(lines, erp.LineQuantity{Key: g.Key, Quantity: open})
		}
	}
	return lines
}

func (d *Document) rows(lines []erp.LineQuantity) []erp.DeliveryLine {
	var rows []erp.DeliveryLine
	for _, l := range lines {
		rows = append(rows, erp.DeliveryLine{Key: l.Key, SKU: d.goods(l.Key).SKU, Quantity: l.Quantity})
	}
	return rows
}

// has reports whether the lines are lines of the order, each once, with
// something to do.
func (d *Document) has(lines []erp.LineQuantity) bool {
	seen := map[string]bool{}
	for _, l := range lines {
		if d.goods(l.Key) == nil || seen[l.Key] || !l.Quantity.IsPositive() {
			return false
		}
		seen[l.Key] = true
	}
	return len(lines) > 0
}

// stamp notes a change of a document.
func (e *ERP) stamp(h *erp.Head) { h.Sequence = e.next() }

// at is the row of an id that counts from 1, nil when there is none.
func at[R any](start int64, rows []*R, id string) *R {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= start || n > start+int64(len(rows)) || strconv.FormatInt(n, 10) != id {
		return nil
	}
	return rows[n-start-1]
}

func copies[R, S any](rows []*R, clone func(R) S) []S {
	all := make([]S, len(rows))
	for i, r := range rows {
		all[i] = clone(*r)
	}
	return all
}
