package trytonerp

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// The models of shipments.
const (
	shipmentOut    = "stock.shipment.out"
	shipmentReturn = "stock.shipment.out.return"
)

// The id of a delivery is the reference of the shipment, because Tryton counts
// both models: "stock.shipment.out,12". Where a shipment is of several orders,
// those but the first have their order behind it: "stock.shipment.out,12/7".

// alsoReturns is the domain of the records whose field, a sale's, is of an order
// of our web shop or of a return of one: such a sale is of no web shop, and
// names the order as its origin.
func alsoReturns(shop int64, field string, models ...string) []any {
	return []any{"OR", ofShop(shop, field+".web_shop", models...), ofShop(shop, field+".origin.web_shop", append(slices.Clone(models), "sale.sale")...)}
}

// PullDeliveries implements erp.DeliveryPuller: shipments to the customers of
// our web shop, and what they send back. Goods that were received are told as
// done. A carrier Tryton does not know; the tracking is what people have entered
// as the reference of the shipment.
func (a *Adapter) PullDeliveries(ctx context.Context, after erp.Cursor, limit int) (erp.Page[erp.Delivery], error) {
	return pullOf(ctx, a, a.deliveryFeed, erp.OpPullDeliveries, after, limit)
}

func (a *Adapter) deliveryFeed(ctx context.Context, op erp.Op) (feed[erp.Delivery], error) {
	shop, err := a.shop(ctx, op)
	ours := alsoReturns(shop, "moves.origin.sale", "sale.line")
	return feed[erp.Delivery]{op: op, spare: spareChanges, several: true, head: func(r *erp.Delivery) *erp.Head { return &r.Head },
		sources: []source{
			{model: shipmentOut, domain: []any{ours}},
			{model: shipmentReturn, domain: []any{ours}},
			{model: "stock.move", domain: []any{alsoReturns(shop, "origin.sale", "sale.line"), []any{"shipment", "!=", nil}}, subject: "shipment"},
		},
		read: func(ctx context.Context, subjects []subject) (map[subject]read[erp.Delivery], error) {
			return a.readDeliveries(ctx, op, shop, subjects)
		}}, err
}

// shipment is of either model.
type shipment struct {
	ID     int64
	Number string
	State  string
	Done   day    `json:"effective_date"`
	Text   string `json:"reference"`
	stamps
}

var shipmentFields = append([]string{"number", "state", "effective_date", "reference"}, stampFields...)

func (s shipment) state() erp.DeliveryState {
	switch s.State {
	case "done", "received":
		return erp.DeliveryDone
	case "cancelled":
		return erp.DeliveryCancelled
	}
	return erp.DeliveryPlanned
}

func (a *Adapter) readDeliveries(ctx context.Context, op erp.Op, shop int64, subjects []subject) (map[subject]read[erp.Delivery], error) {
	// Moves of the same lines in other shipments tell what is a back order.
	refs := make([]string, len(subjects))
	ids := map[string][]int64{}
	for i, s := range subjects {
		refs[i], ids[s.model] = s.String(), append(ids[s.model], s.id)
	}
	moves, err := a.goods(ctx, op, []any{"origin.moves.shipment", "in", refs, "sale.line"})
	if err != nil {
		return nil, err
	}
	lines, err := a.saleLines(ctx, op, []any{"id", "in", moves.origins("sale.line")})
	if err != nil {
		return nil, err
	}
	orders, err := a.ordersOf(ctx, op, shop, lines.in)
	if err != nil {
		return nil, err
	}
	docs := map[subject]read[erp.Delivery]{}
	for _, model := range slices.Sorted(maps.Keys(ids)) {
		var rows []shipment
		if err := a.searchRead(ctx, op, model, []any{[]any{"id", "in", ids[model]}}, shipmentFields, 0, 0, byID, &rows); err != nil {
			return nil, err
		}
		for _, s := range rows {
			of := subject{model, s.ID}
			docs[of] = s.deliveries(of, moves, lines, orders)
		}
	}
	return docs, nil
}

// deliveries are what the shipment has of orders of ours, by the order.
func (s shipment) deliveries(of subject, moves goods, lines saleLines, orders map[int64]int64) read[erp.Delivery] {
	r := read[erp.Delivery]{at: s.at()}
	rows := map[int64]*erp.Delivery{}
	for _, m := range moves.in {
		l, ok := lines.of[recordRef(string(m.Origin), "sale.line")]
		order := orders[l.Sale]
		if !ok || order == 0 || string(m.Shipment) != of.String() {
			continue
		}
		r.at = max(r.at, m.at())
		d := rows[order]
		if d == nil {
			d = &erp.Delivery{Head: erp.Head{ID: of.String(), Number: s.Number}, Order: idText(order), Return: of.model == shipmentReturn,
				State: s.state(), Tracking: s.Text}
			rows[order] = d
		}
		if d.State == erp.DeliveryDone {
			d.Date = cmp.Or(d.Date, string(s.Done), string(m.Done))
		}
		d.BackOrderOf = cmp.Or(d.BackOrderOf, moves.before(m))
		if l.key() != "" && (d.State == erp.DeliveryCancelled || m.State != "cancelled" && m.Quantity.IsPositive()) {
			addGoods(&d.Lines, erp.DeliveryLine{Key: l.key(), SKU: m.Product.Code, Quantity: moves.inUnit(m, l.Unit)})
		}
	}
	for i, order := range slices.Sorted(maps.Keys(rows)) {
		if i > 0 {
			rows[order].ID += "/" + idText(order)
		}
		r.rows = append(r.rows, *rows[order])
	}
	return r
}

// before is the number of the last shipment before the move's that was done
// with goods of the same line, "" where there is none.
func (g goods) before(m move) string {
	model, _, _ := strings.Cut(string(m.Shipment), ",")
	own, last, number := recordRef(string(m.Shipment), model), int64(0), ""
	for _, o := range g.of[string(m.Origin)] {
		if id := recordRef(string(o.Shipment), model); o.State == "done" && id < own && id > last {
			last, number = id, o.In.Number
		}
	}
	return number
}

// addGoods adds to the line of the key.
func addGoods(lines *[]erp.DeliveryLine, l erp.DeliveryLine) {
	for i, has := range *lines {
		if has.Key == l.Key {
			(*lines)[i].Quantity = has.Quantity.Add(l.Quantity)
			return
		}
	}
	*lines = append(*lines, l)
}

// ordersOf are the orders of our web shop that the lines' sales are, or are
// returns of, by sale.
func (a *Adapter) ordersOf(ctx context.Context, op erp.Op, shop int64, lines []saleLine) (map[int64]int64, error) {
	var ids []int64
	for _, l := range lines {
		if !slices.Contains(ids, l.Sale) {
			ids = append(ids, l.Sale)
		}
	}
	orders := map[int64]int64{}
	if len(ids) == 0 {
		return orders, nil
	}
	var sales []struct {
		ID     int64
		Shop   *int64 `json:"web_shop"`
		Origin ref
	}
	domain := []any{[]any{"id", "in", ids}, []any{"OR", ofShop(shop, "web_shop"), ofShop(shop, "origin.web_shop", "sale.sale")}}
	err := a.searchRead(ctx, op, "sale.sale", domain, []string{"web_shop", "origin"}, 0, 0, byID, &sales)
	for _, s := range sales {
		if orders[s.ID] = s.ID; s.Shop == nil || *s.Shop != shop {
			orders[s.ID] = recordRef(string(s.Origin), "sale.sale")
		}
	}
	return orders, err
}

// origins are the ids of the records of the model that moves have as origin.
func (g goods) origins(model string) []int64 {
	ids := []int64{}
	for of := range g.of {
		if id := recordRef(of, model); id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
