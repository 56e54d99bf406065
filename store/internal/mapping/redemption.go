package mapping

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	lastReserved  = engine.Sort{Columns: []string{"reserved_at"}, Desc: true}
	firstReserved = engine.Sort{Columns: []string{"reserved_at"}}
	firstLapsed   = engine.Sort{Columns: []string{"held_until"}}
)

var redemptions = &engine.Table{
	Name: "redemptions",
	Kind: pricing.RedemptionDocKind,
	Columns: []engine.Column{
		{Name: "campaign", Type: engine.Text},
		{Name: "code", Type: engine.Text},
		{Name: "partner", Type: engine.Text},
		{Name: "cart", Type: engine.Text},
		{Name: "open_cart", Type: engine.Text, Path: "cart", Sparse: true}, // of an open one
		{Name: "order_id", Type: engine.Text, Path: "order"},
		{Name: "state", Type: engine.Text},
		{Name: "reserved_at", Type: engine.Time},
		{Name: "held_until", Type: engine.Time, Path: "until"},
	},
	Unique: [][]string{{"open_cart", "code"}},
	Sorts:  []engine.Sort{lastReserved, firstReserved, firstLapsed},
	Indexes: [][]string{{"campaign", "reserved_at"}, {"code", "reserved_at"}, {"partner", "reserved_at"}, {"cart", "reserved_at"},
		{"order_id", "reserved_at"}, {"state", "held_until"}},
	NotFound: pricing.ErrNoRedemption,
	Exists:   pricing.ErrRedemptionExists,
}

var redemptionCodec = codec[pricing.Redemption]{
	table: redemptions,
	key:   func(r *pricing.Redemption) (string, *int64) { return string(r.ID), &r.Version },
	copy: func(r *pricing.Redemption) {
		for _, t := range []*time.Time{&r.ReservedAt, &r.Until, &r.ConfirmedAt, &r.EndedAt} {
			*t = clock.Cut(*t)
		}
	},
	cols: func(r *pricing.Redemption) []any {
		open := ""
		if r.Open() {
			open = string(r.Cart)
		}
		return []any{string(r.Campaign), string(r.Code), string(r.Partner), string(r.Cart), open, string(r.Order), string(r.State),
			sortable(r.ReservedAt), sortable(r.Until)}
	},
}

// mostUses bounds what OfCart and OfOrder answer.
const mostUses = 100

type redemptionRepo tx

func (r redemptionRepo) Get(ctx context.Context, id pricing.RedemptionID) (pricing.Redemption, error) {
	return redemptionCodec.get(ctx, tx(r), string(id))
}

func (r redemptionRepo) OfCart(ctx context.Context, id pricing.CartID) ([]pricing.Redemption, error) {
	return r.of(ctx, "open_cart", string(id))
}

func (r redemptionRepo) OfOrder(ctx context.Context, id pricing.OrderID) ([]pricing.Redemption, error) {
	return r.of(ctx, "order_id", string(id))
}

func (r redemptionRepo) of(ctx context.Context, column, id string) ([]pricing.Redemption, error) {
	if id == "" || !engine.Storable(id) {
		return nil, r.s.Readable(ctx)
	}
	return redemptionCodec.all(ctx, tx(r), engine.Select{Table: redemptions, Sort: firstReserved, Limit: mostUses, Docs: true,
		Where: []engine.Pred{{Op: engine.Eq, Column: column, Values: []any{id}}}})
}

func (r redemptionRepo) Lapsed(ctx context.Context, before time.Time, limit int) ([]pricing.Redemption, error) {
	if limit <= 0 {
		return nil, r.s.Readable(ctx)
	}
	return redemptionCodec.all(ctx, tx(r), engine.Select{Table: redemptions, Sort: firstLapsed, Limit: limit, Docs: true, Where: []engine.Pred{
		{Op: engine.Eq, Column: "state", Values: []any{string(pricing.CodeReserved)}},
		{Op: engine.Below, Column: "held_until", Values: []any{ceil(before)}},
	}})
}

func (r redemptionRepo) Save(ctx context.Context, v pricing.Redemption) (pricing.Redemption, error) {
	return redemptionCodec.save(ctx, r.s, v)
}

func compileRedemptions(q pricing.RedemptionQuery) (engine.Select, error) {
	b := selecting(redemptions, lastReserved)
	b.sel.Docs = true
	b.text("campaign", "campaign", string(q.Campaign))
	b.text("code", "code", string(q.Code))
	b.text("partner", "partner", string(q.Partner))
	b.text("cart", "cart", string(q.Cart))
	b.text("order", "order_id", string(q.Order))
	b.any("states", "state", anys(distinct(q.States)))
	b.from("reserved_at", q.From)
	b.until("reserved_at", q.Until)
	return b.done()
}

func (r redemptionRepo) Find(ctx context.Context, q pricing.RedemptionQuery) (uow.Page[pricing.Redemption], error) {
	sel, err := compileRedemptions(q)
	return page(ctx, r.s, sel, err, q.Page, func(row engine.Row) (pricing.Redemption, error) {
		return redemptionCodec.read(tx(r), row)
	})
}
