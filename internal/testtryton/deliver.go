package testtryton

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// The models of deliveries: to the customer and back.
const (
	shipmentOut    = "stock.shipment.out"
	shipmentReturn = "stock.shipment.out.return"
)

// Deliver ships so much of a confirmed order from the first of its shipments
// that is open, the whole of it without items, and returns the shipment's id.
// What is left is on a new shipment afterwards, the back order.
func (c *Client) Deliver(ctx context.Context, sale int, items ...Item) (int, error) {
	s, err := c.Sale(ctx, sale)
	if err != nil {
		return 0, err
	}
	id, err := c.openShipment(ctx, s)
	if err != nil {
		return 0, err
	}
	if err := c.Press(ctx, shipmentOut, "wait", id); err != nil {
		return 0, err
	}
	if len(items) > 0 {
		if err := c.pickOnly(ctx, id, items); err != nil {
			return 0, err
		}
	}
	var assigned bool
	if err := c.call(ctx, nil, &assigned, "model."+shipmentOut+".assign_try", []int{id}); err != nil {
		return 0, err
	}
	if !assigned {
		if err := c.Press(ctx, shipmentOut, "assign_force", id); err != nil {
			return 0, err
		}
	}
	for _, button := range []string{"pick", "pack", "done"} {
		if err := c.Press(ctx, shipmentOut, button, id); err != nil {
			return 0, err
		}
	}
	return id, c.done(ctx, shipmentOut, id)
}

func (c *Client) openShipment(ctx context.Context, s Sale) (int, error) {
	var shipments []struct {
		ID    int    `json:"id"`
		State string `json:"state"`
	}
	if len(s.Shipments) > 0 {
		if err := c.Read(ctx, &shipments, shipmentOut, s.Shipments, "state"); err != nil {
			return 0, err
		}
	}
	open := 0
	for _, sh := range shipments {
		if slices.Contains([]string{"draft", "waiting", "assigned"}, sh.State) && (open == 0 || sh.ID < open) {
			open = sh.ID
		}
	}
	if open == 0 {
		return 0, fmt.Errorf("testtryton: the sale %d in state %s has no open shipment", s.ID, s.State)
	}
	return open, nil
}

// pickOnly leaves so much on the moves of a shipment.
func (c *Client) pickOnly(ctx context.Context, shipment int, items []Item) error {
	var of []struct {
		Moves []int `json:"inventory_moves"`
	}
	if err := c.Read(ctx, &of, shipmentOut, []int{shipment}, "inventory_moves"); err != nil {
		return err
	}
	moves, err := c.goods(ctx, "stock.move", of[0].Moves)
	if err != nil {
		return err
	}
	taken, err := share(moves, items)
	if err != nil {
		return err
	}
	for i, m := range moves {
		if err := c.Write(ctx, "stock.move", []int{m.ID}, map[string]any{"quantity": taken[i]}); err != nil {
			return err
		}
	}
	return nil
}

// done reports whether a shipment came to its end.
func (c *Client) done(ctx context.Context, model string, id int) error {
	var rows []struct {
		State string `json:"state"`
	}
	if err := c.Read(ctx, &rows, model, []int{id}, "state"); err != nil {
		return err
	}
	return inState(fmt.Sprintf("the shipment %d", id), rows[0].State, "done")
}

// inState is an error unless the state is one of those wanted.
func inState(what, state string, want ...string) error {
	if !slices.Contains(want, state) {
		return fmt.Errorf("testtryton: %s is in state %s, not %s", what, state, strings.Join(want, " or "))
	}
	return nil
}
