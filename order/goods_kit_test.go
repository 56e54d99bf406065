package order_test

import (
	"context"
	"encoding/json"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
)

func pieces(n int64) money.Quantity { return money.QuantityOf(n) }

// sold makes a confirmed order of so many ovens and gaskets.
func (s *shop) sold(ovens, gaskets int64) order.Order {
	s.t.Helper()
	o := s.asked(ovens, gaskets)
	s.advance(operator, o.ID, order.Validate)
	o = s.advance(machine, o.ID, order.Confirm)
	s.events(event.Facts)
	s.events(event.ERP)
	return o
}

// asked makes an order that waits for validation.
func (s *shop) asked(ovens, gaskets int64) order.Order {
	s.t.Helper()
	c, err := s.carts.Create(s.ctx, buyer, cart.CreateInput{Name: "Cart " + s.newID()[26:]})
	require.NoError(s.t, err)
	for _, l := range []struct {
		sku catalog.SKU
		n   int64
	}{{"OV-1", ovens}, {"065612405", gaskets}} {
		if l.n > 0 {
			_, err = s.carts.Put(s.ctx, buyer, cart.PutInput{Cart: c.ID, SKU: l.sku, Quantity: pieces(l.n)})
			require.NoError(s.t, err)
		}
	}
	priced, err := s.carts.Recalculate(s.ctx, buyer, cart.RecalculateInput{Cart: c.ID})
	require.NoError(s.t, err)
	r, err := s.orders.Place(s.ctx, buyer, order.PlaceInput{Cart: c.ID, Seal: priced.Quote.Seal})
	require.NoError(s.t, err)
	return s.get(r.Order)
}

// some names quantities of the order's lines, the first ones first.
func some(o order.Order, n ...int64) []order.LineQuantity {
	var out []order.LineQuantity
	for i, q := range n {
		if q > 0 {
			out = append(out, order.LineQuantity{Line: o.Lines[i].ID, Quantity: pieces(q)})
		}
	}
	return out
}

// stands is open, reserved, shipped, cancelled, returned, excess of a line.
func stands(l order.Line) [6]string {
	g := l.Goods
	return [6]string{l.Open().String(), g.Reserved.String(), g.Shipped.String(), g.Cancelled.String(), g.Returned.String(), g.Excess.String()}
}

func (s *shop) ship(in order.ShipInput) order.Delivery {
	s.t.Helper()
	d, err := s.orders.Ship(s.ctx, operator, in)
	require.NoError(s.t, err)
	s.stored(d)
	return d
}

func (s *shop) sendBack(in order.ReturnInput) order.Delivery {
	s.t.Helper()
	d, err := s.orders.Return(s.ctx, operator, in)
	require.NoError(s.t, err)
	s.stored(d)
	return d
}

// delivered reports a delivery as the ERP has it.
func (s *shop) delivered(in order.DeliveryReport) order.Delivery {
	s.t.Helper()
	d, err := s.orders.ReportDelivery(s.ctx, machine, in)
	require.NoError(s.t, err)
	s.stored(d)
	return d
}

// stored asserts that what was answered is what is stored.
func (s *shop) stored(d order.Delivery) {
	s.t.Helper()
	got, err := s.orders.GetDelivery(s.ctx, operator, d.ID)
	require.NoError(s.t, err)
	require.Equal(s.t, got, d)
}

// bill runs BillTx and its like in a transaction of its own.
func (s *shop) bill(in order.BillInput) (o order.Order, err error) {
	err = s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		o, err = s.orders.BillTx(ctx, tx, machine, in)
		return err
	})
	return o, err
}

func (s *shop) unbill(in order.BillInput) (o order.Order, err error) {
	err = s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		o, err = s.orders.UnbillTx(ctx, tx, machine, in)
		return err
	})
	return o, err
}

func (s *shop) settle(in order.SettleBillInput) (o order.Order, err error) {
	err = s.store.Update(s.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		o, err = s.orders.SettleBillTx(ctx, tx, machine, in)
		return err
	})
	return o, err
}

// one is the payload of the only event of a type among those.
func one[P event.Payload](s *shop, ds []event.Delivery) (p P) {
	s.t.Helper()
	name, _ := p.EventType()
	n := 0
	for _, d := range ds {
		if d.Type == name {
			n++
			require.NoError(s.t, json.Unmarshal(d.Data, &p))
		}
	}
	require.Equal(s.t, 1, n, name)
	return p
}

// refused asserts that a command failed with a code and changed nothing.
func (s *shop) refused(id order.ID, code string, do func() error) []fault.Issue {
	s.t.Helper()
	was := s.get(id)
	ds, err := s.orders.Deliveries(s.ctx, operator, id)
	require.NoError(s.t, err)
	s.events(event.Facts)
	err = do()
	require.Equal(s.t, code, fault.CodeOf(err), "%v", err)
	require.Equal(s.t, document(s.t, was), document(s.t, s.get(id)))
	now, e := s.orders.Deliveries(s.ctx, operator, id)
	require.NoError(s.t, e)
	require.Equal(s.t, ds, now)
	require.Empty(s.t, s.events(event.Facts))
	return fault.IssuesOf(err)
}
