package erptest

import (
	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

func goodsCases() []testCase {
	return []testCase{
		{"order_told", "an order of ours is told with our key, its id and the state it is in", orderTold},
		{"deliver_parts", "what leaves in parts is told delivery by delivery, by our line keys, to the last digit", deliverParts},
		{"cancel_rest", "giving up part of a line twice has the effect of once, and is told with the order", cancelRest},
		{"cancel_rest_lost", "when the answer is lost it is OutcomeUnknown, and once repeated has the effect of once", cancelRestLost},
	}
}

// orderRow is the newest row of the order id.
func (s *scene) orderRow(id string) erp.OrderChange {
	s.Helper()
	return newest(s, id, s.client.PullOrders, func(r erp.OrderChange) erp.Head { return r.Head })[id]
}

// newest reads a stream to its end; a row of the id must be there.
func newest[R any](s *scene, id string, pull puller[R], head func(R) erp.Head) map[string]R {
	s.Helper()
	rows, after := map[string]R{}, erp.Cursor(nil)
	for range 100_000 {
		p, err := pull(s.ctx, after, 200)
		s.must("the pull", err)
		for _, r := range p.Rows {
			h := head(r)
			if old, ok := rows[h.ID]; !ok || head(old).Sequence < h.Sequence {
				rows[h.ID] = r
			}
		}
		if after = p.Next; !p.More {
			break
		}
	}
	if _, ok := rows[id]; id != "" && !ok {
		s.broken("%q is not told", id)
		s.FailNow()
	}
	return rows
}

func orderTold(s *scene) {
	s.need(erp.OpPush, erp.OpPullOrders)
	s.needSight()
	r := s.push(1)
	s.confirm(r.ID, 1)
	row := s.orderRow(r.ID)
	if is := s.truth(1); row.State != is {
		s.broken("it is told as %q and is %q", row.State, is)
	}
	if keyed := s.client.Describe().Keys != erp.Neither; keyed && row.Key != s.key(1) || row.Key != "" && row.Key != s.key(1) {
		s.broken("it is told with the key %q, not %q", row.Key, s.key(1))
	}
}

func deliverParts(s *scene) {
	s.need(erp.OpPush, erp.OpPullDeliveries)
	if s.Deliver == nil {
		s.skip("the harness has no Deliver")
	}
	r := s.push(1)
	s.confirm(r.ID, 1)
	o, want := s.order(1, 1), map[string]decimal.Decimal{}
	var rest []erp.LineQuantity
	for _, l := range o.Lines {
		want[l.Key] = l.Quantity
		rest = append(rest, erp.LineQuantity{Key: l.Key, Quantity: l.Quantity})
	}
	part := decimal.Min(decimal.NewFromInt(1), rest[0].Quantity)
	s.must("the harness's Deliver", s.Deliver(s.ctx, r.ID, []erp.LineQuantity{{Key: rest[0].Key, Quantity: part}}))
	s.left(r.ID, map[string]decimal.Decimal{rest[0].Key: part})
	if rest[0].Quantity = rest[0].Quantity.Sub(part); rest[0].Quantity.IsZero() {
		rest = rest[1:]
	}
	s.must("the harness's Deliver", s.Deliver(s.ctx, r.ID, rest))
	s.left(r.ID, want)
}

// left checks what the deliveries of the order say has left.
func (s *scene) left(order string, want map[string]decimal.Decimal) {
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
	for key := range got {
		if _, ok := want[key]; !ok {
			s.broken("a line %q is told, which the order has not or which has not left", key)
		}
	}
	for key, q := range want {
		if !got[key].Equal(q) {
			s.broken("of the line %q %s left, and %s are told", key, q.StringFixed(4), got[key].StringFixed(4))
		}
	}
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
