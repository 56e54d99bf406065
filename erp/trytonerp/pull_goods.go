package trytonerp

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/comptoir-go/comptoir/erp"
)

var byID = [][2]string{{"id", "ASC"}}

func idsOf(subjects []subject) []int64 {
	ids := make([]int64, len(subjects))
	for i, s := range subjects {
		ids[i] = s.id
	}
	return ids
}

// move is goods on their way: to a customer, whose origin is a line of a sale,
// or within the warehouse to prepare that, whose origin is the first.
type move struct {
	ID int64
	stamps
	Origin   ref
	Of       struct{ Sale int64 } `json:"origin."`
	Shipment ref
	In       struct{ Number string } `json:"shipment."`
	State    string
	Quantity quantity
	Unit     int64                 `json:"uom"`
	Product  struct{ Code string } `json:"product."`
	Done     day                   `json:"effective_date"`
}

var moveFields = append([]string{"origin", "origin.sale", "shipment", "shipment.number", "state", "quantity", "uom", "product.code", "effective_date"}, stampFields...)

// sale is the id of the sale, zero where the move is of none.
func (m move) sale() int64 { return m.Of.Sale }

// goods are moves in the order of their making, and by their origin.
type goods struct {
	in    []move
	of    map[string][]move
	units map[int64]measure
}

// goods reads moves whose origin is a line of a sale, or such a move.
func (a *Adapter) goods(ctx context.Context, op erp.Op, domain []any) (goods, error) {
	g := goods{of: map[string][]move{}}
	if err := a.searchRead(ctx, op, "stock.move", []any{domain}, moveFields, 0, 0, byID, &g.in); err != nil {
		return g, err
	}
	for _, m := range g.in {
		g.of[string(m.Origin)] = append(g.of[string(m.Origin)], m)
	}
	var err error
	g.units, err = a.measures(ctx, op)
	return g, err
}

// measure is how much of the first unit of its category a unit is.
type measure struct {
	ID     int64
	Factor factor
	Digits int32
}

// factor is a JSON number with all its digits.
type factor struct{ decimal.Decimal }

func (f *factor) UnmarshalJSON(b []byte) (err error) {
	f.Decimal, err = parse(string(b))
	return err
}

// measures are those of Tryton's units, by id.
func (a *Adapter) measures(ctx context.Context, op erp.Op) (map[int64]measure, error) {
	if all, ok := known[map[int64]measure](a.books, "measures"); ok {
		return all, nil
	}
	var rows []measure
	if err := a.allRead(ctx, op, "product.uom", nil, []string{"factor", "digits"}, 0, byID, &rows); err != nil {
		return nil, err
	}
	all := map[int64]measure{}
	for _, r := range rows {
		all[r.ID] = r
	}
	a.books.note("measures", all)
	return all, nil
}

// allRead is searchRead from the first record on, and finds those that are no
// longer used, too.
func (a *Adapter) allRead(ctx context.Context, op erp.Op, model string, domain []any, fields []string, limit int, order [][2]string, out any) error {
	r := searching(op, model, "search_read", domain, 0, limit, order, fields)
	r.context = map[string]any{"active_test": false}
	return a.call(ctx, r, out)
}

// inUnit is the quantity of a move in a unit, which people may have changed on
// the move.
func (g goods) inUnit(m move, unit int64) decimal.Decimal {
	from, to := g.units[m.Unit], g.units[unit]
	if m.Unit == unit || from.ID == 0 || to.Factor.IsZero() {
		return m.Quantity.Decimal
	}
	return trimmed(m.Quantity.Mul(from.Factor.Decimal).DivRound(to.Factor.Decimal, to.Digits))
}

// saleLine is a line of a sale; our key is in its note.
type saleLine struct {
	ID       int64
	Sale     int64
	Note     string
	Unit     int64
	Product  *int64
	Quantity quantity
	Ignored  []int64 `json:"moves_ignored"`
}

func (l saleLine) key() string {
	key, _ := unmark(l.Note)
	return key
}

var saleLineFields = []string{"sale", "note", "unit", "product", "quantity", "moves_ignored"}

// saleLines are lines in the order of the documents, and by id.
type saleLines struct {
	in []saleLine
	of map[int64]saleLine
}

func (a *Adapter) saleLines(ctx context.Context, op erp.Op, clause []any) (saleLines, error) {
	all := saleLines{of: map[int64]saleLine{}}
	domain := []any{clause, []any{"type", "=", "line"}}
	err := a.searchRead(ctx, op, "sale.line", domain, saleLineFields, 0, 0, [][2]string{{"sequence", "ASC NULLS FIRST"}, {"id", "ASC"}}, &all.in)
	for _, l := range all.in {
		all.of[l.ID] = l
	}
	return all, err
}
