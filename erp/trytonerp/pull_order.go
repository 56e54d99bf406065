package trytonerp

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

// Orders are the sales of our web shop. They change where they are edited, and
// where their goods move: by what is set aside for them.

// ofShop is the domain of the records whose field is of our web shop; models
// are those of the References on the way.
func ofShop(shop int64, field string, models ...string) []any {
	clause := []any{field, "=", shop}
	for _, m := range models {
		clause = append(clause, m)
	}
	return clause
}

// PullOrders implements erp.OrderPuller: the orders of our web shop, drafts too.
func (a *Adapter) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return pullOf(ctx, a, a.orderFeed, erp.OpPullOrders, after, limit)
}

func (a *Adapter) orderFeed(ctx context.Context, op erp.Op) (feed[erp.OrderChange], error) {
	shop, err := a.shop(ctx, op)
	return feed[erp.OrderChange]{op: op, spare: spareChanges, head: func(r *erp.OrderChange) *erp.Head { return &r.Head },
		sources: []source{
			{model: "sale.sale", domain: []any{ofShop(shop, "web_shop")}},
			{model: "stock.move", domain: []any{goodsOf(shop)}, subject: "origin.sale", of: "sale.sale"},
		},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.OrderChange], error) {
			return a.readOrders(ctx, op, idsOf(subjects))
		}}, err
}

// goodsOf are the moves to the customers of our web shop, and those within the
// warehouse that prepare them.
func goodsOf(shop int64) []any {
	return []any{"OR", ofShop(shop, "origin.sale.web_shop", "sale.line"), ofShop(shop, "origin.sale.web_shop", "stock.move")}
}

func (a *Adapter) readOrders(ctx context.Context, op erp.Op, ids []int64) (map[subject]read[erp.OrderChange], error) {
	var sales []sale
	err := a.searchRead(ctx, op, "sale.sale", []any{[]any{"id", "in", ids}}, saleFields, 0, 0, byID, &sales)
	if err != nil {
		return nil, err
	}
	moves, err := a.goods(ctx, op, []any{"OR", []any{"origin.sale", "in", ids, "sale.line"}, []any{"origin.sale", "in", ids, "stock.move"}})
	if err != nil {
		return nil, err
	}
	lines, err := a.saleLines(ctx, op, []any{"sale", "in", ids})
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.OrderChange]{}
	for _, s := range sales {
		r := s.receipt()
		docs[subject{"sale.sale", s.ID}] = read[erp.OrderChange]{s.at(), []erp.OrderChange{{
			Head: erp.Head{ID: r.ID, Key: r.Key, Number: r.Number}, State: r.State, Revision: r.Revision, Totals: r.Totals}}}
	}
	for _, l := range lines.in {
		if d, ok := docs[subject{"sale.sale", l.Sale}]; ok && l.key() != "" {
			ordered := l.Quantity.Decimal
			addLine(&d.rows[0].Lines, erp.LineChange{Key: l.key(), Ordered: &ordered, Reserved: moves.setAside(l), Cancelled: moves.givenUp(l)})
		}
	}
	for _, m := range moves.in {
		of := subject{"sale.sale", m.sale()}
		if d, ok := docs[of]; ok {
			d.at = max(d.at, m.at())
			docs[of] = d
		}
	}
	return docs, nil
}

// addLine adds to the line of the key, which people may have split in two.
func addLine(lines *[]erp.LineChange, l erp.LineChange) {
	for i, has := range *lines {
		if has.Key == l.Key {
			ordered := has.Ordered.Add(*l.Ordered)
			(*lines)[i].Ordered, (*lines)[i].Reserved, (*lines)[i].Cancelled = &ordered, has.Reserved.Add(l.Reserved), has.Cancelled.Add(l.Cancelled)
			return
		}
	}
	*lines = append(*lines, l)
}

// setAside is what waits for the line in the warehouse and has not left.
func (g goods) setAside(l saleLine) decimal.Decimal {
	sum := decimal.Zero
	for _, out := range g.of[reference("sale.line", l.ID)] {
		switch out.State {
		case "assigned":
			sum = sum.Add(g.inUnit(out, l.Unit))
		case "draft":
			for _, in := range g.of[reference("stock.move", out.ID)] {
				if in.State == "assigned" || in.State == "done" {
					sum = sum.Add(g.inUnit(in, l.Unit))
				}
			}
		}
	}
	return sum
}

// givenUp is what somebody decided not to send again after a shipment of it was
// cancelled.
func (g goods) givenUp(l saleLine) decimal.Decimal {
	sum := decimal.Zero
	for _, out := range g.of[reference("sale.line", l.ID)] {
		if slices.Contains(l.Ignored, out.ID) {
			sum = sum.Add(g.inUnit(out, l.Unit))
		}
	}
	return sum
}
