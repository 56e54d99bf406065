package erptest

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

func goodsCases() []testCase {
	return []testCase{
		{"order_told", "an order of ours is told with our key, its id and the state it is in, and again when that is another one", orderTold, on(erp.OpPullOrders)},
		{"order_cancelled", "an order of ours that was cancelled is told as cancelled, and not left out", orderCancelled, on(erp.OpCancel, erp.OpPullOrders)},
		{"order_lines", "an order of ours is told with its lines by our keys, as much as was ordered of each, and with the totals of its receipt", orderLines, on(erp.OpPullOrders)},
		{"deliver_parts", "what leaves in parts is told delivery by delivery, by our line keys, to the last digit", deliverParts, on(erp.OpPullDeliveries)},
		{"invoice_lines", "invoices of what left name our order, its customer and our line keys, in its currency and no other unit of money, and sum to it to the last digit", invoiceLines, on(erp.OpPullInvoices)},
		{"return_told", "goods that come back are told as a return, by our line keys", returnTold, on(erp.OpPullDeliveries)},
		{"credit_told", "goods that come back are credited by a credit note that names our order and line keys, and what it corrects by the id of that invoice, in positive amounts", creditTold, on(erp.OpPullInvoices)},
		{"cancel_rest", "giving up part of a line twice has the effect of once, and is told with the order", cancelRest, on(erp.OpCancelRest, erp.OpPullOrders)},
		{"cancel_rest_lost", "when the answer is lost it is OutcomeUnknown, and once repeated has the effect of once", cancelRestLost, on(erp.OpCancelRest)},
	}
}

// orderRow is the newest row of the order id.
func (s *scene) orderRow(id string) erp.OrderChange {
	s.Helper()
	return newest(s, id, s.client.PullOrders, func(r erp.OrderChange) erp.Head { return r.Head })[id]
}

func orderTold(s *scene) {
	s.need(erp.OpPush, erp.OpPullOrders)
	s.needSight()
	r := s.push(1)
	newest(s, "", s.client.PullOrders, func(r erp.OrderChange) erp.Head { return r.Head }) // as it is yet, if drafts are told
	s.confirm(r.ID, 1)
	row := s.orderRow(r.ID)
	if is := s.truth(1); row.State != is {
		s.broken("it is told as %q and is %q", row.State, is)
	}
	if keyed := s.client.Describe().Keys != erp.Neither; keyed && row.Key != s.key(1) || row.Key != "" && row.Key != s.key(1) {
		s.broken("it is told with the key %q, not %q", row.Key, s.key(1))
	}
}

func orderCancelled(s *scene) {
	s.need(erp.OpPush, erp.OpCancel, erp.OpPullOrders)
	s.needSight()
	r := s.push(1)
	_, err := s.client.CancelOrder(s.ctx, r.ID, "entered twice")
	s.must("cancel_order", err)
	if row := s.orderRow(r.ID); row.State != s.truth(1) {
		s.broken("it is told as %q and is %q", row.State, s.truth(1))
	}
}

func orderLines(s *scene) {
	s.need(erp.OpPush, erp.OpPullOrders)
	r, want := s.push(1), s.order(1, 1)
	s.confirm(r.ID, 1)
	row := s.orderRow(r.ID)
	if r.Totals != nil && row.Totals != nil {
		if d, drifted := r.Drift(erp.Order{Net: row.Totals.Net, Tax: row.Totals.Tax, Gross: row.Totals.Gross}); drifted {
			s.broken("the totals of the receipt are above those that are told by net %s, tax %s, gross %s",
				d.Net.StringFixed(4), d.Tax.StringFixed(4), d.Gross.StringFixed(4))
		}
	}
	if len(row.Lines) == 0 {
		if row.Totals == nil {
			s.skip("the ERP tells neither lines nor totals of orders")
		}
		return
	}
	told := map[string]int{}
	for _, d := range want.Discounts { // they may travel as lines
		told[d.Key] = 1
	}
	for _, l := range row.Lines {
		at := slices.IndexFunc(want.Lines, func(w erp.OrderLine) bool { return w.Key == l.Key })
		if at < 0 {
			if told[l.Key] == 0 {
				s.broken("a line %q is told, which the order has not", l.Key)
			}
			continue
		}
		told[l.Key]++
		q := want.Lines[at].Quantity
		if l.Ordered != nil && !l.Ordered.Equal(q) {
			s.broken("of the line %q %s were ordered, and %s are told so", l.Key, q.StringFixed(4), l.Ordered.StringFixed(4))
		}
		if l.Reserved.IsNegative() || l.Reserved.GreaterThan(q) || !l.Cancelled.IsZero() {
			s.broken("of the line %q with %s, of which nothing was given up, %s are told as set aside and %s as given up",
				l.Key, q.StringFixed(4), l.Reserved.StringFixed(4), l.Cancelled.StringFixed(4))
		}
	}
	for _, l := range want.Lines {
		if told[l.Key] != 1 {
			s.broken("the line %q is told %d times", l.Key, told[l.Key])
		}
	}
}

func deliverParts(s *scene) {
	s.need(erp.OpPush, erp.OpPullDeliveries)
	s.deliverInTwo(s.deliveredAre)
}

func invoiceLines(s *scene) {
	s.need(erp.OpPush, erp.OpPullInvoices)
	order, all := "", map[string]decimal.Decimal{}
	s.deliverInTwo(func(id string, want map[string]decimal.Decimal) { order, all = id, want })
	got, net := map[string]decimal.Decimal{}, decimal.Zero
	rows := newest(s, "", s.client.PullInvoices, func(r erp.Invoice) erp.Head { return r.Head })
	if len(rows) == 0 {
		s.skip("the ERP makes no invoices of deliveries")
	}
	want := s.order(1, 1)
	for _, i := range rows {
		ours := false
		for _, l := range i.Lines {
			if l.Order == order && i.State == erp.InvoicePosted && !i.Credit {
				got[l.Key], net, ours = got[l.Key].Add(l.Quantity), net.Add(l.Net), true
			}
		}
		if !ours {
			continue
		}
		if i.Customer != want.Customer || i.Currency != want.Currency {
			s.broken("the invoice %q is told of the customer %q in %s, the order is of %q in %s", i.ID, i.Customer, i.Currency, want.Customer, want.Currency)
		}
	}
	s.sameGoods("invoiced", got, all)
	sum := decimal.Zero
	for _, l := range want.Lines {
		sum = sum.Add(l.Net)
	}
	if two := decimal.NewFromInt(2); net.LessThan(sum.DivRound(two, 4)) || net.GreaterThan(sum.Mul(two)) { // discounts may be in it, or apart
		s.broken("lines of %s net were invoiced, and are told as %s", sum.StringFixed(4), net.StringFixed(4))
	}
}

// deliverInTwo ships a part of an order's first line and then all the rest;
// check is told after each what has left.
func (s *scene) deliverInTwo(check func(order string, left map[string]decimal.Decimal)) {
	s.Helper()
	if s.Deliver == nil {
		s.untried("the harness has no Deliver")
	}
	part := decimal.NewFromInt(1)
	if s.client.Describe().QuantityDigits > 0 {
		part = decimal.New(5, -1)
	}
	r := s.push(1)
	s.confirm(r.ID, 1)
	all := map[string]decimal.Decimal{}
	var rest []erp.LineQuantity
	for _, l := range s.order(1, 1).Lines {
		all[l.Key] = l.Quantity
		rest = append(rest, erp.LineQuantity{Key: l.Key, Quantity: l.Quantity})
	}
	part = decimal.Min(part, rest[0].Quantity)
	s.deliver(r.ID, erp.LineQuantity{Key: rest[0].Key, Quantity: part})
	check(r.ID, map[string]decimal.Decimal{rest[0].Key: part})
	if rest[0].Quantity = rest[0].Quantity.Sub(part); rest[0].Quantity.IsZero() {
		rest = rest[1:]
	}
	if len(rest) > 0 {
		s.deliver(r.ID, rest...)
		check(r.ID, all)
	}
}

func (s *scene) deliver(order string, lines ...erp.LineQuantity) {
	s.Helper()
	err := s.Deliver(s.ctx, order, lines)
	if errors.Is(err, ErrCannot) {
		s.untried("the harness cannot deliver that")
	}
	s.must("the harness's Deliver", err)
}

// deliveredAre checks what the deliveries of the order say has left.
func (s *scene) deliveredAre(order string, want map[string]decimal.Decimal) {
	s.Helper()
	got := map[string]decimal.Decimal{}
	for _, d := range newest(s, "", s.client.PullDeliveries, func(r erp.Delivery) erp.Head { return r.Head }) {
		if d.Order != order || d.Return || d.State != erp.DeliveryDone {
			continue
		}
		for _, l := range d.Lines {
			got[l.Key] = got[l.Key].Add(l.Quantity)
		}
	}
	s.sameGoods("delivered", got, want)
}

func (s *scene) sameGoods(what string, got, want map[string]decimal.Decimal) {
	s.Helper()
	for key := range got {
		if _, ok := want[key]; !ok {
			s.broken("a line %q is told as %s, which the order has not or which has not left", key, what)
		}
	}
	for key, q := range want {
		if !got[key].Equal(q) {
			s.broken("of the line %q %s were %s, and %s are told so", key, q.StringFixed(4), what, got[key].StringFixed(4))
		}
	}
}

func returnTold(s *scene) {
	s.need(erp.OpPush, erp.OpPullDeliveries)
	order, one := s.takenBack()
	back := map[string]decimal.Decimal{}
	for _, d := range newest(s, "", s.client.PullDeliveries, func(r erp.Delivery) erp.Head { return r.Head }) {
		if d.Order != order || !d.Return || d.State != erp.DeliveryDone {
			continue
		}
		for _, l := range d.Lines {
			back[l.Key] = back[l.Key].Add(l.Quantity)
		}
	}
	s.sameGoods("returned", back, one)
}

func creditTold(s *scene) {
	s.need(erp.OpPush, erp.OpPullInvoices)
	order, one := s.takenBack()
	invoiced, credited := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	rows := newest(s, "", s.client.PullInvoices, func(r erp.Invoice) erp.Head { return r.Head })
	for _, i := range rows {
		into, ours := invoiced, false
		if i.Credit {
			into = credited
		}
		for _, l := range i.Lines {
			if ours = ours || l.Order == order; l.Order == order && i.State == erp.InvoicePosted {
				into[l.Key] = into[l.Key].Add(l.Quantity)
			}
		}
		if !ours { // what others correct may be older than the stream
			continue
		}
		if corrected, told := rows[i.Corrects]; i.Corrects != "" && (!told || corrected.Credit) {
			s.broken("%q is told to correct %q, which is no invoice that is told", i.ID, i.Corrects)
		}
		if i.Credit && i.Totals.Gross.IsNegative() {
			s.broken("the credit note %q is of %s", i.ID, i.Totals.Gross.StringFixed(4))
		}
	}
	if len(invoiced)+len(credited) == 0 {
		s.skip("the ERP makes no invoices of deliveries")
	}
	s.sameGoods("invoiced", invoiced, one)
	s.sameGoods("credited", credited, one)
}

// takenBack is an order of whose first line one has left and come back.
func (s *scene) takenBack() (order string, one map[string]decimal.Decimal) {
	s.Helper()
	if s.Deliver == nil || s.Return == nil {
		s.untried("the harness has no Deliver or no Return")
	}
	r := s.push(1)
	s.confirm(r.ID, 1)
	lines := oneOf(s.order(1, 1).Lines[0].Key)
	s.deliver(r.ID, lines...)
	err := s.Return(s.ctx, r.ID, lines)
	if errors.Is(err, ErrCannot) {
		s.untried("the harness cannot take goods back")
	}
	s.must("the harness's Return", err)
	return r.ID, map[string]decimal.Decimal{lines[0].Key: lines[0].Quantity}
}

func cancelRest(s *scene) {
	id, key := s.halfGone()
	for range 2 {
		r, err := s.client.CancelRest(s.ctx, id, oneOf(key))
		s.must("cancel_rest", err)
		if r.State != erp.StateConfirmed {
			s.broken("it answered the state %q", r.State)
		}
	}
	s.gaveUp(id, key)
}

func cancelRestLost(s *scene) {
	id, key := s.halfGone()
	s.fail(erp.OpCancelRest, AnswerLost)
	if _, err := s.client.CancelRest(s.ctx, id, oneOf(key)); erp.ClassOf(err) != erp.OutcomeUnknown {
		s.broken("it answered %s", show(err))
	}
	_, err := s.client.CancelRest(s.ctx, id, oneOf(key))
	s.must("cancel_rest, repeated,", err)
	s.gaveUp(id, key)
}

// halfGone is a confirmed order and one of its lines.
func (s *scene) halfGone() (id, key string) {
	s.Helper()
	s.need(erp.OpPush, erp.OpCancelRest, erp.OpPullOrders)
	r := s.push(1)
	s.confirm(r.ID, 1)
	return r.ID, s.order(1, 1).Lines[0].Key
}

func (s *scene) gaveUp(id, key string) {
	s.Helper()
	for _, l := range s.orderRow(id).Lines {
		if one := decimal.NewFromInt(1); l.Key == key && l.Cancelled.Equal(one) {
			return
		} else if l.Key == key {
			s.broken("of the line %q %s are given up, not 1", key, l.Cancelled.StringFixed(4))
			return
		}
	}
	s.broken("the order is told without its line %q", key)
}
