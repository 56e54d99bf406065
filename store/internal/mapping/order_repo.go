package mapping

import (
	"context"

	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// orderSorts are the declared orders of a list of orders.
var orderSorts = map[order.Sort]engine.Sort{
	order.NewestFirst: newestFirst,
	order.OldestFirst: oldestFirst,
	order.ByRef:       byRef,
	order.ByRefDesc:   byRefDesc,
}

// runningStates are what a list shows unless it asks for more.
var runningStates = []order.State{order.Draft, order.Awaiting, order.Validated, order.Confirmed}

func compileOrders(q order.Query) (engine.Select, error) {
	sort, known := orderSorts[q.Sort]
	if !known {
		return engine.Select{}, uow.ErrPage.With("an order list has no such sort")
	}
	b := selecting(orders, sort)
	b.text("partner", "partner", string(q.Partner))
	b.text("ref", "ref", string(q.Ref))
	b.text("erp_number", "erp_number", q.ERPNumber)
	b.text("customer_type", "customer_type", string(q.CustomerType))
	b.text("inserted_by", "inserted_by", string(q.InsertedBy))
	switch {
	case len(q.States) > 0:
		b.in("states", "state", anys(distinct(q.States)))
	case !q.All:
		b.in("states", "state", anys(runningStates))
	}
	b.flag("direct", q.Direct)
	b.from("placed_at", q.From)
	b.until("placed_at", q.Until)
	b.term("ticket", termTicket, string(q.Ticket))
	b.term("sku", termSKU, string(q.SKU))
	b.words("note", termNote, q.Note)
	b.words("consumer", termCustomer, q.Consumer)
	return b.done()
}

type orderRepo tx

func (r orderRepo) Get(ctx context.Context, id order.ID) (order.Order, error) {
	return orderCodec.get(ctx, tx(r), string(id))
}

func (r orderRepo) ByRef(ctx context.Context, ref order.Ref) (order.Order, error) {
	if err := r.s.Readable(ctx); err != nil {
		return order.Order{}, err
	}
	if !clean(string(ref)) {
		return order.Order{}, order.ErrNotFound
	}
	rows, err := r.s.Find(ctx, engine.Select{Table: orders, Sort: byRef, Limit: 1, Docs: true,
		Where: []engine.Pred{{Op: engine.Eq, Column: "ref", Values: []any{string(ref)}}}})
	if err != nil {
		return order.Order{}, err
	}
	if len(rows) == 0 {
		return order.Order{}, order.ErrNotFound
	}
	return orderCodec.from(rows[0])
}

func (r orderRepo) Save(ctx context.Context, o order.Order) (order.Order, error) {
	return orderCodec.save(ctx, r.s, o)
}

func (r orderRepo) Delete(ctx context.Context, id order.ID, version int64) error {
	return r.s.Delete(ctx, orders, string(id), version)
}

func (r orderRepo) Find(ctx context.Context, q order.Query) (uow.Page[order.Header], error) {
	sel, err := compileOrders(q)
	return page(ctx, r.s, sel, err, q.Page, orderHeader)
}
