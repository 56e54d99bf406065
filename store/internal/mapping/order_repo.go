package mapping

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/blob"
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

	order.ByCustomer: byCustomer, order.ByCustomerDesc: byCustomerDesc,
	order.ByTitle: byTitle, order.ByTitleDesc: byTitleDesc,
	order.ByProduct: byProduct, order.ByProductDesc: byProductDesc,
	order.ByChange: byChange, order.ByChangeDesc: byChangeDesc,
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
	b.states(q)
	b.any("deliveries", "delivered", anys(distinct(q.Deliveries)))
	b.any("invoicings", "invoiced", anys(distinct(q.Invoicings)))
	b.any("moneys", "paid", anys(distinct(q.Moneys)))
	b.any("payments", "payment", anys(distinct(q.Payments)))
	b.any("progress", "progress", anys(distinct(q.Progress)))
	b.text("source", "source", q.Source)
	b.text("language", "language", q.Language)
	b.flag("direct", q.Direct)
	b.flag("follow", q.Follow)
	b.flag("held", q.Held)
	b.flag("released", q.Released)
	b.amounts("currency", "gross", q.AtLeast, q.AtMost)
	b.from("placed_at", q.From)
	b.until("placed_at", q.Until)
	b.term("ticket", termTicket, string(q.Ticket))
	b.term("sku", termSKU, string(q.SKU))
	b.words("note", termNote, q.Note)
	b.term("invoice", termInvoice, q.Invoice)
	b.words("consumer", termCustomer, q.Consumer)
	b.words("text", termText, q.Text, termNote, termCustomer)
	return b.done()
}

// states selects the states asked for, or else those that are not left out.
func (b *builder) states(q order.Query) {
	if len(q.States) > 0 {
		b.in("states", "state", anys(distinct(q.States)))
		return
	}
	if q.All || q.Done && q.Cancelled {
		return
	}
	shown := slices.Clone(runningStates)
	if q.Done {
		shown = append(shown, order.Closed)
	}
	if q.Cancelled {
		shown = append(shown, order.Rejected, order.Cancelled)
	}
	b.in("states", "state", anys(shown))
}

type orderRepo tx

func (r orderRepo) Get(ctx context.Context, id order.ID) (order.Order, error) {
	return orderCodec.get(ctx, tx(r), string(id))
}

func (r orderRepo) ByRef(ctx context.Context, ref order.Ref) (order.Order, error) {
	return orderCodec.by(ctx, tx(r), "ref", string(ref))
}

func (r orderRepo) ByERP(ctx context.Context, erpID string) (order.Order, error) {
	return orderCodec.by(ctx, tx(r), "erp_id", erpID)
}

func (r orderRepo) Holds(ctx context.Context, h blob.Hash) (bool, error) {
	return holds(ctx, r.s, orders, h)
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
