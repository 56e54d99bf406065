package trytonerp

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// PullStock implements erp.StockPuller: of articles that have a code and ever
// moved what is in the storage of the web shop's warehouses and set aside for
// nobody, in their unit of sale, as of their last move. More is expected on the
// first day that is planned for goods that have not come yet.
func (a *Adapter) PullStock(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Stock], error) {
	f, err := a.stockFeed(ctx, erp.OpPullStock)
	if err != nil {
		return erp.Page[erp.Stock]{}, err
	}
	return pullWalked(ctx, a, f, after, limit)
}

func (a *Adapter) stockFeed(ctx context.Context, op erp.Op) (feed[erp.Stock], error) {
	places, err := a.storage(ctx, op)
	return feed[erp.Stock]{op: op, spare: spareChanges, several: true, head: func(r *erp.Stock) *erp.Head { return &r.Head },
		listed:  []source{{model: "product.product", domain: []any{[]any{"type", "!=", "service"}}}},
		sources: []source{{model: "stock.move", subject: "product", of: "product.product"}},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Stock], error) {
			return a.readStock(ctx, op, places, idsOf(subjects))
		}}, err
}

// storage are the places where the goods of our web shop are kept.
func (a *Adapter) storage(ctx context.Context, op erp.Op) ([]int64, error) {
	if ids, ok := known[[]int64](a.books, "storage"); ok {
		return ids, nil
	}
	shop, err := a.shop(ctx, op)
	if err != nil {
		return nil, err
	}
	var shops []struct{ Warehouses []int64 }
	if err := a.read(ctx, op, "web.shop", []int64{shop}, []string{"warehouses"}, &shops); err != nil {
		return nil, err
	}
	if len(shops) != 1 || len(shops[0].Warehouses) == 0 {
		return nil, erp.NewError(erp.Contract, op, "the web shop has no warehouse", nil)
	}
	var places []struct {
		Storage int64 `json:"storage_location"`
	}
	if err := a.read(ctx, op, "stock.location", shops[0].Warehouses, []string{"storage_location"}, &places); err != nil {
		return nil, err
	}
	var ids []int64
	for _, p := range places {
		ids = append(ids, p.Storage)
	}
	a.books.note("storage", ids)
	return ids, nil
}

func (a *Adapter) readStock(ctx context.Context, op erp.Op, places, ids []int64) (map[subject]read[erp.Stock], error) {
	last, err := a.lastMoves(ctx, op, ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID       int64
		Code     string
		Quantity quantity
		Unit     int64 `json:"default_uom"`
		Sold     int64 `json:"sale_uom"`
	}
	domain := []any{[]any{"id", "in", ids}, []any{"code", "!=", nil}, []any{"code", "!=", ""}}
	r := searching(op, "product.product", "search_read", domain, 0, 0, byID, []string{"code", "quantity", "default_uom", "sale_uom"})
	r.context = map[string]any{"active_test": false, "locations": places, "with_childs": true, "stock_assign": true}
	if err := a.call(ctx, r, &rows); err != nil {
		return nil, err
	}
	coming, err := a.coming(ctx, op, ids)
	if err != nil {
		return nil, err
	}
	units, err := a.measures(ctx, op)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Stock]{}
	for _, p := range rows {
		at, moved := last[p.ID]
		if !moved {
			continue
		}
		there := goods{units: units}.inUnit(move{Unit: p.Unit, Quantity: p.Quantity}, p.Sold)
		docs[subject{"product.product", p.ID}] = read[erp.Stock]{at, []erp.Stock{{Head: erp.Head{ID: idText(p.ID)}, SKU: p.Code, Available: there,
			Expected: string(coming[p.ID]), At: time.UnixMicro(at).UTC().Format(time.RFC3339Nano)}}}
	}
	return docs, nil
}

// coming are the first days that are planned for goods from outside that have
// not come, by article.
func (a *Adapter) coming(ctx context.Context, op erp.Op, ids []int64) (map[int64]day, error) {
	var rows []struct {
		Product int64
		Planned day `json:"planned_date"`
	}
	domain := []any{[]any{"product", "in", ids}, []any{"state", "in", []string{"draft", "assigned"}}, []any{"planned_date", "!=", nil},
		[]any{"from_location.type", "in", []string{"supplier", "production"}}}
	err := a.searchRead(ctx, op, "stock.move", domain, []string{"product", "planned_date"}, 0, 0, [][2]string{{"planned_date", "DESC"}, {"id", "ASC"}}, &rows)
	first := map[int64]day{}
	for _, r := range rows {
		first[r.Product] = r.Planned
	}
	return first, err
}

// movesMax is how many moves are looked through at once.
const movesMax = 2000

// lastMoves are the times of the articles' last moves, by article; one that
// never moved has none. Those that move often are found first, so that a few
// requests find all.
func (a *Adapter) lastMoves(ctx context.Context, op erp.Op, ids []int64) (map[int64]int64, error) {
	last := map[int64]int64{}
	s := source{model: "stock.move", subject: "product", of: "product.product"}
	for _, kind := range []struct {
		when  []any
		field string
	}{{[]any{"write_date", "!=", nil}, "write_date"}, {[]any{"write_date", "=", nil}, "create_date"}} {
		for rest := ids; len(rest) > 0; {
			s.domain = []any{[]any{"product", "in", rest}}
			some, err := a.stamped(ctx, op, s, kind.when, movesMax, [][2]string{{kind.field, "DESC"}})
			if err != nil {
				return nil, err
			}
			seen := map[int64]bool{}
			for _, c := range some {
				last[c.subject.id], seen[c.subject.id] = max(last[c.subject.id], c.at), true
			}
			if len(some) < movesMax {
				break
			}
			var more []int64
			for _, id := range rest {
				if !seen[id] {
					more = append(more, id)
				}
			}
			rest = more
		}
	}
	return last, nil
}
