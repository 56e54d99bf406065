package trytonerp

import (
	"context"
	"strconv"

	"github.com/comptoir-go/comptoir/erp"
)

// sale is an order as Tryton has it.
type sale struct {
	ID          int64
	WebID       string `json:"web_id"`
	Number      string
	State       string
	Description string
	Comment     string
	Timestamp   string `json:"_timestamp"`
	Net         exact  `json:"untaxed_amount"`
	Tax         exact  `json:"tax_amount"`
	Gross       exact  `json:"total_amount"`
	Lines       []int64
	stamps
}

// saleFields are those of sale.
var saleFields = append([]string{"web_id", "number", "state", "description", "comment", "_timestamp", "untaxed_amount", "tax_amount", "total_amount", "lines"}, stampFields...)

// orderState folds Tryton's states: a quotation may still be revised.
func orderState(state string) erp.OrderState {
	switch state {
	case "draft", "quotation":
		return erp.StateDraft
	case "confirmed", "processing":
		return erp.StateConfirmed
	case "done":
		return erp.StateDone
	case "cancelled":
		return erp.StateCancelled
	}
	return erp.StateUnknown
}

// The description of a sale begins with the mark of our revision, before our
// reference: "comptoir:2 FR10002527190474".

// revisionOf reads it, zero where people have written something else.
func revisionOf(description string) int {
	key, _ := unmark(description)
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// receipt tells of a sale. Its version is Tryton's time of the last change, to
// the microsecond.
func (s sale) receipt() erp.Receipt {
	revision := revisionOf(s.Description)
	return erp.Receipt{ID: idText(s.ID), Key: s.WebID, Number: s.Number, State: orderState(s.State),
		Version: idText(s.at()), Revision: revision,
		Totals: &erp.Totals{Net: s.Net.Decimal, Tax: s.Tax.Decimal, Gross: s.Gross.Decimal}}
}

// saleOf reads the sale of an id.
func (a *Adapter) saleOf(ctx context.Context, op erp.Op, id int64) (sale, error) {
	var rows []sale
	if err := a.read(ctx, op, "sale.sale", []int64{id}, saleFields, &rows); err != nil {
		return sale{}, err
	}
	if len(rows) != 1 {
		return sale{}, erp.NoSuch(op)
	}
	return rows[0], nil
}

// reached is the receipt after a change. When it cannot be read, what was
// reached is not known.
func (a *Adapter) reached(ctx context.Context, op erp.Op, id int64) (erp.Receipt, error) {
	s, err := a.saleOf(ctx, op, id)
	if err != nil {
		return erp.Receipt{}, erp.Lost(op, err)
	}
	return s.receipt(), nil
}

// FindOrder implements erp.OrderFinder by the web id, among the orders of our
// web shop.
func (a *Adapter) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	return a.findOrder(ctx, erp.OpFind, key)
}

func (a *Adapter) findOrder(ctx context.Context, op erp.Op, key string) (erp.Receipt, error) {
	shop, err := a.shop(ctx, op)
	if err != nil {
		return erp.Receipt{}, err
	}
	var rows []sale
	domain := []any{[]any{"web_id", "=", key}, []any{"web_shop", "=", shop}}
	if err := a.searchRead(ctx, op, "sale.sale", domain, saleFields, 0, 1, nil, &rows); err != nil {
		return erp.Receipt{}, err
	}
	if len(rows) == 0 {
		return erp.Receipt{}, erp.NoSuch(op)
	}
	return rows[0].receipt(), nil
}
