package mapping

import (
	"context"

	"github.com/comptoir-go/comptoir/billing"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var invoiceSorts = map[billing.Sort]engine.Sort{
	billing.NewestFirst: lastIssued,
	billing.OldestFirst: firstIssued,
	billing.ByDue:       byDue,
}

func compileInvoices(q billing.Query) (engine.Select, error) {
	sort, known := invoiceSorts[q.Sort]
	if !known {
		return engine.Select{}, uow.ErrPage.With("a list of invoices has no such sort")
	}
	b := selecting(invoices, sort)
	b.text("partner", "partner", string(q.Partner))
	b.text("buyer", "buyer", string(q.Buyer))
	b.text("seller", "seller", string(q.Seller))
	b.text("kind", "kind", string(q.Kind))
	b.text("number", "number", q.Number)
	b.text("corrects", "corrects", string(q.Corrects))
	b.flag("open", q.Open)
	b.any("payments", "payment", anys(distinct(q.Payments)))
	b.since("issued", q.From)
	b.upto("issued", q.Until)
	b.upto("due", q.DueUntil)
	b.term("order", termOrder, string(q.Order))
	return b.done()
}

type invoiceRepo tx

func (r invoiceRepo) Get(ctx context.Context, id billing.ID) (billing.Document, error) {
	return invoiceCodec.get(ctx, tx(r), string(id))
}

func (r invoiceRepo) ByNumber(ctx context.Context, s billing.SellerID, number string) (billing.Document, error) {
	return invoiceCodec.first(ctx, tx(r), engine.Pred{Op: engine.Eq, Column: "seller", Values: []any{string(s)}},
		engine.Pred{Op: engine.Eq, Column: "number", Values: []any{number}})
}

func (r invoiceRepo) ByERP(ctx context.Context, erpID string) (billing.Document, error) {
	return invoiceCodec.by(ctx, tx(r), "erp_id", erpID)
}

func (r invoiceRepo) Save(ctx context.Context, d billing.Document) (billing.Document, error) {
	return invoiceCodec.save(ctx, r.s, d)
}

func (r invoiceRepo) Chain(ctx context.Context, id billing.HeadID, from int64, limit int) ([]billing.Document, error) {
	if !engine.Storable(string(id)) || limit <= 0 {
		return nil, r.s.Readable(ctx)
	}
	return invoiceCodec.all(ctx, tx(r), engine.Select{Table: invoices, Sort: engine.Sort{Columns: []string{"place"}},
		Limit: limit, Docs: true, Where: []engine.Pred{
			{Op: engine.Eq, Column: "head", Values: []any{string(id)}},
			{Op: engine.AtLeast, Column: "place", Values: []any{from}},
		}})
}

func (r invoiceRepo) Find(ctx context.Context, q billing.Query) (uow.Page[billing.Header], error) {
	sel, err := compileInvoices(q)
	return page(ctx, r.s, sel, err, q.Page, invoiceHeader)
}

var heads = &engine.Table{
	Name: "series",
	Kind: billing.SeriesDocKind,
	Columns: []engine.Column{
		{Name: "place", Type: engine.Int, Path: "position"},
		{Name: "counter", Type: engine.Int},
		{Name: "period", Type: engine.Text},
		{Name: "issued", Type: engine.Text}, // ISO 8601
	},
	NotFound: billing.ErrNoSeries,
	Exists:   billing.ErrSeriesExists,
}

var headCodec = codec[billing.Head]{
	table: heads,
	key:   func(h *billing.Head) (string, *int64) { return string(h.ID), &h.Version },
	copy:  func(*billing.Head) {},
	cols: func(h *billing.Head) []any {
		return []any{h.Position, h.Counter, h.Period, h.Issued.String()}
	},
}

type headRepo tx

func (r headRepo) Get(ctx context.Context, id billing.HeadID) (billing.Head, error) {
	return headCodec.get(ctx, tx(r), string(id))
}

func (r headRepo) Save(ctx context.Context, h billing.Head) (billing.Head, error) {
	return headCodec.save(ctx, r.s, h)
}
