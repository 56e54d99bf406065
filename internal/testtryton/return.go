package testtryton

import (
	"context"
	"fmt"
)

// Return takes goods of an order back, all of it without items: a sale of its
// own with negative quantities, and its return shipment, received and put away.
// It returns that sale's id; PostInvoices of it posts the credit note.
func (c *Client) Return(ctx context.Context, sale int, items ...Item) (int, error) {
	back, err := c.returnSale(ctx, sale)
	if err != nil {
		return 0, err
	}
	if len(items) > 0 {
		if err := c.returnOnly(ctx, back, items); err != nil {
			return 0, err
		}
	}
	if err := c.Confirm(ctx, back); err != nil {
		return 0, err
	}
	s, err := c.Sale(ctx, back)
	if err != nil {
		return 0, err
	}
	for _, id := range s.Returns {
		for _, button := range []string{"receive", "done"} {
			if err := c.Press(ctx, shipmentReturn, button, id); err != nil {
				return 0, err
			}
		}
		if err := c.done(ctx, shipmentReturn, id); err != nil {
			return 0, err
		}
	}
	return back, nil
}

// returnSale copies an order with every quantity turned round.
func (c *Client) returnSale(ctx context.Context, sale int) (int, error) {
	w, err := c.open(ctx, "sale.return_sale", "sale.sale", sale)
	if err != nil {
		return 0, err
	}
	if _, err := w.execute(ctx, "return_", map[string]any{"start": map[string]any{}}); err != nil {
		return 0, err
	}
	if err := w.close(ctx); err != nil {
		return 0, err
	}
	ids, err := c.Search(ctx, "sale.sale", []any{"origin", "=", fmt.Sprintf("sale.sale,%d", sale)})
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("testtryton: the sale %d has no return", sale)
	}
	return ids[len(ids)-1], nil
}

// returnOnly leaves so much on the lines of a return that is a draft.
func (c *Client) returnOnly(ctx context.Context, back int, items []Item) error {
	s, err := c.Sale(ctx, back)
	if err != nil {
		return err
	}
	lines, err := c.goods(ctx, "sale.line", s.Lines)
	if err != nil {
		return err
	}
	taken, err := share(lines, items)
	if err != nil {
		return err
	}
	var drop []int
	for i, l := range lines {
		if taken[i] == "0" {
			drop = append(drop, l.ID)
			continue
		}
		if err := c.Write(ctx, "sale.line", []int{l.ID}, map[string]any{"quantity": taken[i]}); err != nil {
			return err
		}
	}
	if drop == nil {
		return nil
	}
	return c.call(ctx, nil, nil, "model.sale.line.delete", drop)
}
