package mapping

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	latest   = engine.Sort{Columns: []string{"created_at"}, Desc: true}
	earliest = engine.Sort{Columns: []string{"created_at"}}
)

var deliveries = &engine.Table{
	Name: "deliveries",
	Kind: order.DeliveryDocKind,
	Columns: []engine.Column{
		{Name: "order_id", Type: engine.Text, Path: "order"},
		{Name: "order_ref", Type: engine.Text},
		{Name: "partner", Type: engine.Text},
		{Name: "kind", Type: engine.Text},
		{Name: "state", Type: engine.Text},
		{Name: "number", Type: engine.Text},
		{Name: "carrier", Type: engine.Text},
		{Name: "tracking", Type: engine.Text},
		{Name: "lines", Type: engine.Int},
		{Name: "moved_on", Type: engine.Text, Path: "date"}, // ISO 8601, "" without a day
		{Name: "erp_id", Type: engine.Text, Path: "erp.id", Sparse: true},
		{Name: "created_at", Type: engine.Time},
	},
	Unique:   [][]string{{"erp_id"}},
	Sorts:    []engine.Sort{latest, earliest},
	Indexes:  [][]string{{"partner", "created_at"}, {"order_id", "created_at"}, {"number"}, {"tracking"}},
	NotFound: order.ErrNoDelivery,
	Exists:   order.ErrDeliveryExists,
}

var deliveryCodec = codec[order.Delivery]{
	table: deliveries,
	key:   func(d *order.Delivery) (string, *int64) { return string(d.ID), &d.Version },
	copy: func(d *order.Delivery) {
		d.CreatedAt, d.UpdatedAt = clock.Cut(d.CreatedAt), clock.Cut(d.UpdatedAt)
		cutTwin(&d.ERP)
		d.Lines = slices.Clone(d.Lines)
	},
	cols: func(d *order.Delivery) []any {
		return []any{string(d.Order), string(d.OrderRef), string(d.Partner), string(d.Kind), string(d.State), d.Number,
			d.Carrier, d.Tracking, int64(len(d.Lines)), d.Date.String(), d.ERP.ID, sortable(d.CreatedAt)}
	},
}

func deliveryHeader(r engine.Row) (order.DeliveryHeader, error) {
	c := cells{row: r}
	h := order.DeliveryHeader{
		ID:       order.DeliveryID(r.ID),
		Version:  r.Version,
		Order:    order.ID(c.text()),
		OrderRef: order.Ref(c.text()),
		Partner:  partner.ID(c.text()),
		Kind:     order.DeliveryKind(c.text()),
		State:    order.DeliveryState(c.text()),
		Number:   c.text(),
		Carrier:  c.text(),
		Tracking: c.text(),
		Lines:    int(c.int()),
		Date:     c.date(),
	}
	c.skip() // erp_id
	h.CreatedAt = unsortable(c.time())
	return h, c.err(deliveries)
}

func compileDeliveries(q order.DeliveryQuery) (engine.Select, error) {
	b := selecting(deliveries, latest)
	b.text("partner", "partner", string(q.Partner))
	b.text("order", "order_id", string(q.Order))
	b.text("number", "number", q.Number)
	b.text("tracking", "tracking", q.Tracking)
	b.text("kind", "kind", string(q.Kind))
	b.any("states", "state", anys(distinct(q.States)))
	b.from("created_at", q.From)
	b.until("created_at", q.Until)
	return b.done()
}

// mostDeliveries bounds what OfOrder answers.
const mostDeliveries = 1000

type deliveryRepo tx

func (r deliveryRepo) Get(ctx context.Context, id order.DeliveryID) (order.Delivery, error) {
	return deliveryCodec.get(ctx, tx(r), string(id))
}

func (r deliveryRepo) ByERP(ctx context.Context, erpID string) (order.Delivery, error) {
	return deliveryCodec.by(ctx, tx(r), "erp_id", erpID)
}

func (r deliveryRepo) Save(ctx context.Context, d order.Delivery) (order.Delivery, error) {
	return deliveryCodec.save(ctx, r.s, d)
}

func (r deliveryRepo) OfOrder(ctx context.Context, id order.ID) ([]order.Delivery, error) {
	if !engine.Storable(string(id)) {
		return nil, r.s.Readable(ctx)
	}
	return deliveryCodec.all(ctx, tx(r), engine.Select{Table: deliveries, Sort: earliest, Limit: mostDeliveries, Docs: true,
		Where: []engine.Pred{{Op: engine.Eq, Column: "order_id", Values: []any{string(id)}}}})
}

func (r deliveryRepo) Find(ctx context.Context, q order.DeliveryQuery) (uow.Page[order.DeliveryHeader], error) {
	sel, err := compileDeliveries(q)
	return page(ctx, r.s, sel, err, q.Page, deliveryHeader)
}
