package testtryton

import (
	"context"
	"encoding/json"
	"fmt"
)

// Sale is an order as Tryton has it. Number is empty until it is quoted. State
// is draft, quotation, confirmed, processing, done or cancelled; Shipped none,
// waiting, sent or exception; Invoiced none, waiting, paid or exception.
type Sale struct {
	ID        int     `json:"id"`
	Number    string  `json:"number"`
	WebID     string  `json:"web_id"`
	Reference string  `json:"reference"`
	State     string  `json:"state"`
	Shipped   string  `json:"shipment_state"`
	Invoiced  string  `json:"invoice_state"`
	Total     Decimal `json:"total_amount"`
	Lines     []int   `json:"lines"`
	Shipments []int   `json:"shipments"`
	Returns   []int   `json:"shipment_returns"`
	Invoices  []int   `json:"invoices"`
}

// Sale reads one order.
func (c *Client) Sale(ctx context.Context, id int) (Sale, error) {
	var sales []Sale
	err := c.Read(ctx, &sales, "sale.sale", []int{id}, "number", "web_id", "reference", "state", "shipment_state", "invoice_state",
		"total_amount", "lines", "shipments", "shipment_returns", "invoices")
	if err != nil {
		return Sale{}, err
	}
	return sales[0], nil
}

// Sales returns the ids of the orders with that web id, which is how an adapter
// marks those it pushes. More than one would be a fault of Tryton's.
func (c *Client) Sales(ctx context.Context, webID string) ([]int, error) {
	return c.Search(ctx, "sale.sale", []any{"web_id", "=", webID})
}

// Item is so much of a product, by its code. Quantity is a decimal number in
// the product's unit of sale.
type Item struct{ Code, Quantity string }

// Draft is an order to be entered. WebID and Reference may be empty.
type Draft struct {
	Customer  string // the code of the party
	WebID     string
	Reference string
	Items     []Item
}

// Enter enters an order as a clerk does: addresses, prices and taxes are what
// Tryton suggests. It stays a draft.
func (c *Client) Enter(ctx context.Context, d Draft) (int, error) {
	party, err := c.one(ctx, "party.party", "code", d.Customer)
	if err != nil {
		return 0, err
	}
	company, err := c.one(ctx, "company.company", "party.code", "COMPANY")
	if err != nil {
		return 0, err
	}
	euro, err := c.one(ctx, "currency.currency", "code", "EUR")
	if err != nil {
		return 0, err
	}
	head := map[string]any{"company": company, "currency": euro, "party": party, "lines": []any{}}
	var suggested []map[string]any
	if err := c.call(ctx, nil, &suggested, "model.sale.sale.on_change", head, []string{"party"}); err != nil {
		return 0, err
	}
	for _, field := range []string{"invoice_address", "shipment_address", "payment_term", "price_list"} {
		head[field] = suggested[0][field]
	}
	var lines []any
	for _, item := range d.Items {
		line, err := c.line(ctx, head, item)
		if err != nil {
			return 0, err
		}
		lines = append(lines, line)
	}
	head["lines"] = []any{[]any{"create", lines}}
	if d.Reference != "" {
		head["reference"] = d.Reference
	}
	if d.WebID != "" {
		head["web_id"] = d.WebID
		if head["web_shop"], err = c.one(ctx, "web.shop", "name", "Connector"); err != nil {
			return 0, err
		}
	}
	return c.Create(ctx, "sale.sale", head)
}

// line is a line with the unit, the price and the taxes that Tryton suggests.
func (c *Client) line(ctx context.Context, head map[string]any, item Item) (map[string]any, error) {
	product, err := c.one(ctx, "product.product", "code", item.Code)
	if err != nil {
		return nil, err
	}
	line := map[string]any{"type": "line", "product": product, "quantity": json.Number(item.Quantity), "unit": nil, "taxes": []any{},
		"sale": map[string]any{"company": head["company"], "currency": head["currency"], "party": head["party"],
			"price_list": head["price_list"], "invoice_party": nil, "sale_date": nil}}
	var suggested []struct {
		Unit      int     `json:"unit"`
		UnitPrice Decimal `json:"unit_price"`
		BasePrice Decimal `json:"base_price"`
		Taxes     struct {
			// Of each its place and what it is.
			Add [][2]json.RawMessage `json:"add"`
		} `json:"taxes"`
	}
	if err := c.call(ctx, nil, &suggested, "model.sale.line.on_change", line, []string{"product"}); err != nil {
		return nil, err
	}
	s := suggested[0]
	var taxes []int
	for _, add := range s.Taxes.Add {
		var tax struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal(add[1], &tax); err != nil {
			return nil, err
		}
		taxes = append(taxes, tax.ID)
	}
	return map[string]any{"type": "line", "product": product, "quantity": json.Number(item.Quantity), "unit": s.Unit,
		"unit_price": s.UnitPrice, "base_price": s.BasePrice, "taxes": []any{[]any{"add", taxes}}}, nil
}

// Confirm quotes and confirms a draft or a quotation. Tryton then processes it
// at once: it has its shipment when this returns.
func (c *Client) Confirm(ctx context.Context, sale int) error {
	for _, button := range []string{"quote", "confirm"} {
		if err := c.Press(ctx, "sale.sale", button, sale); err != nil {
			return err
		}
	}
	return c.reached(ctx, sale, "processing", "done")
}

// Cancel cancels an order that is not confirmed yet.
func (c *Client) Cancel(ctx context.Context, sale int) error {
	if err := c.Press(ctx, "sale.sale", "cancel", sale); err != nil {
		return err
	}
	return c.reached(ctx, sale, "cancelled")
}

// reached reports whether the order came to one of the states.
func (c *Client) reached(ctx context.Context, sale int, states ...string) error {
	s, err := c.Sale(ctx, sale)
	if err != nil {
		return err
	}
	return inState(fmt.Sprintf("the sale %d", sale), s.State, states...)
}
