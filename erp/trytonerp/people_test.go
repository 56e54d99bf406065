package trytonerp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erptest"
	"github.com/comptoir-go/comptoir/internal/testtryton"
)

// What the ERP's people do, as the suite asks for it.

// items are lines of an order, by our keys, as the warehouse calls them.
func (h *erpHost) items(ctx context.Context, order string, lines []erp.LineQuantity) ([]testtryton.Item, error) {
	s, err := h.people.Sale(ctx, number(order))
	if err != nil {
		return nil, err
	}
	held, err := h.heldLines(ctx, s.Lines)
	if err != nil {
		return nil, err
	}
	var items []testtryton.Item
	for _, l := range lines {
		at := slices.IndexFunc(held, func(o erp.OrderLine) bool { return o.Key == l.Key })
		if at < 0 {
			return nil, fmt.Errorf("the order %s has no line %s", order, l.Key)
		}
		items = append(items, testtryton.Item{Code: held[at].SKU, Quantity: text(l.Quantity)})
	}
	return items, nil
}

func (h *erpHost) deliver(ctx context.Context, order string, lines []erp.LineQuantity) error {
	items, err := h.items(ctx, order, lines)
	if err != nil {
		return err
	}
	if _, err := h.people.Deliver(ctx, number(order), items...); err != nil {
		return err
	}
	_, err = h.people.PostInvoices(ctx, number(order))
	return err
}

func (h *erpHost) takeBack(ctx context.Context, order string, lines []erp.LineQuantity) error {
	items, err := h.items(ctx, order, lines)
	if err != nil {
		return err
	}
	back, err := h.people.Return(ctx, number(order), items...)
	if err != nil {
		return err
	}
	_, err = h.people.PostInvoices(ctx, back)
	return err
}

// count is how many documents bear the mark of a key.
func (h *erpHost) count(ctx context.Context, stream erp.Stream, key string) (int, error) {
	model, field := "account.move", "description"
	switch stream {
	case erp.Payments:
	case erp.Messages:
		model, field = "ir.note", "message"
	default:
		return 0, erptest.ErrCannot
	}
	ids, err := h.people.Search(ctx, model, []any{field, "like", "comptoir:" + strings.ReplaceAll(key, "_", `\_`) + " %"})
	return len(ids), err
}
