package memerp

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/erp"
)

// PullOrders implements erp.OrderPuller.
func (a adapter) PullOrders(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.OrderChange], error) {
	return pull(ctx, a.erp, erp.Orders, after, limit, (*ERP).orderRows, func(r *erp.OrderChange) *erp.Head { return &r.Head })
}

// PullDeliveries implements erp.DeliveryPuller.
func (a adapter) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return pull(ctx, a.erp, erp.Deliveries, after, limit,
		func(e *ERP) []erp.Delivery { return copies(e.deliveries, erp.Delivery.Clone) },
		func(r *erp.Delivery) *erp.Head { return &r.Head })
}

// PullInvoices implements erp.InvoicePuller.
func (a adapter) PullInvoices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Invoice], error) {
	return pull(ctx, a.erp, erp.Invoices, after, limit, (*ERP).invoiceRows, func(r *erp.Invoice) *erp.Head { return &r.Head })
}

// PullPayments implements erp.PaymentPuller.
func (a adapter) PullPayments(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Payment], error) {
	return pull(ctx, a.erp, erp.Payments, after, limit,
		func(e *ERP) []erp.Payment { return copies(e.payments, erp.Payment.Clone) },
		func(r *erp.Payment) *erp.Head { return &r.Head })
}

// PullMessages implements erp.MessagePuller.
func (a adapter) PullMessages(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Message], error) {
	return pull(ctx, a.erp, erp.Messages, after, limit,
		func(e *ERP) []erp.Message { return copies(e.messages, func(m erp.Message) erp.Message { return m }) },
		func(r *erp.Message) *erp.Head { return &r.Head })
}

// PullParties implements erp.PartyPuller.
func (a adapter) PullParties(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Party], error) {
	return pull(ctx, a.erp, erp.Parties, after, limit,
		func(e *ERP) []erp.Party { return copies(e.parties, erp.Party.Clone) },
		func(r *erp.Party) *erp.Head { return &r.Head })
}

// PullProducts implements erp.ProductPuller.
func (a adapter) PullProducts(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Product], error) {
	return pull(ctx, a.erp, erp.Products, after, limit,
		func(e *ERP) []erp.Product { return copies(e.products, erp.Product.Clone) },
		func(r *erp.Product) *erp.Head { return &r.Head })
}

// PullPrices implements erp.PricePuller.
func (a adapter) PullPrices(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Price], error) {
	return pull(ctx, a.erp, erp.Prices, after, limit,
		func(e *ERP) []erp.Price { return copies(e.prices, erp.Price.Clone) },
		func(r *erp.Price) *erp.Head { return &r.Head })
}

// PullStock implements erp.StockPuller.
func (a adapter) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	return pull(ctx, a.erp, erp.Stocks, after, limit,
		func(e *ERP) []erp.Stock { return copies(e.stocks, stock.row) },
		func(r *erp.Stock) *erp.Head { return &r.Head })
}

func (e *ERP) orderRows() []erp.OrderChange {
	rows := make([]erp.OrderChange, len(e.docs))
	for i, d := range e.docs {
		t := d.Totals
		rows[i] = erp.OrderChange{Head: erp.Head{ID: d.ID, Key: d.Order.Key, Number: d.Number, Sequence: d.Version},
			State: d.State, Revision: d.Order.Revision, Totals: &t}
		for _, g := range d.Goods {
			ordered := g.Ordered
			rows[i].Lines = append(rows[i].Lines, erp.LineChange{Key: g.Key, Ordered: &ordered, Reserved: g.Reserved, Cancelled: g.Cancelled})
		}
	}
	return rows
}

func (e *ERP) invoiceRows() []erp.Invoice {
	var rows []erp.Invoice
	for _, b := range e.bills {
		if !b.draft {
			rows = append(rows, b.row())
		}
	}
	return rows
}

// pull answers the rows in the order of their last change. The cursor is the
// sequence of the last row told; a document that changes between two pages
// moves behind it and comes again.
func pull[R any](ctx context.Context, e *ERP, stream erp.Stream, after erp.Cursor, limit int,
	all func(*ERP) []R, head func(*R) *erp.Head) (erp.Page[R], error) {
	op := erp.PullOf(stream)
	f, err := e.arrive(ctx, op)
	if err != nil {
		return erp.Page[R]{}, err
	}
	told := int64(0)
	if len(after) > 0 {
		if told, err = strconv.ParseInt(string(after), 10, 64); err != nil || told < 1 {
			return erp.Page[R]{}, erp.NewError(erp.Contract, op, "This is no cursor of this ERP.", err)
		}
	}
	e.mu.Lock()
	rows := slices.DeleteFunc(all(e), func(r R) bool { return e.gone[stream][head(&r).ID] })
	e.mu.Unlock()
	sequence := func(r R) int64 { return head(&r).Sequence }
	slices.SortFunc(rows, func(a, b R) int { return cmp.Compare(sequence(a), sequence(b)) })
	if e.o.Keys == NoKeys {
		for i := range rows {
			head(&rows[i]).Key = ""
		}
	}
	page := cutPage(rows, told, limit, e.o.Overlap, f, sequence)
	if page.Next == nil {
		page.Next = after
	}
	return leave(f, op, page)
}

// cutPage takes the rows behind the sequence told, preceded by an overlap as
// far as the limit leaves room for news.
func cutPage[R any](rows []R, told int64, limit, overlap int, f Fault, sequence func(R) int64) erp.Page[R] {
	if f.what == lagging {
		return erp.Page[R]{}
	}
	news := 0
	for news < len(rows) && sequence(rows[news]) <= told {
		news++
	}
	if news < len(rows) {
		limit--
	}
	from := news - min(news, overlap, limit)
	if news < len(rows) {
		limit++
	}
	to := min(len(rows), from+limit)
	switch f.what {
	case halved:
		to = min(to, max((from+to)/2, news+1))
	case doubled:
		to = min(to, max(from+limit/2, news+1))
	}
	page := erp.Page[R]{Rows: slices.Clone(rows[from:to]), More: to < len(rows)}
	if to > news {
		page.Next = strconv.AppendInt(nil, sequence(rows[to-1]), 10)
	}
	switch f.what {
	case doubled:
		for i := len(page.Rows); i > 0 && len(page.Rows) < limit; i-- {
			page.Rows = append(page.Rows, page.Rows[i-1])
		}
	case shuffled:
		slices.Reverse(page.Rows)
	}
	return page
}
