package testtryton

import "context"

// Search returns the ids of the records that match a domain, oldest first.
func (c *Client) Search(ctx context.Context, model string, domain ...any) ([]int, error) {
	if domain == nil {
		domain = []any{}
	}
	var ids []int
	return ids, c.call(ctx, nil, &ids, "model."+model+".search", domain, 0, nil, [][]string{{"id", "ASC"}})
}

// Read decodes the fields of records, a list, to out; in which order is not said.
func (c *Client) Read(ctx context.Context, out any, model string, ids []int, fields ...string) error {
	return c.call(ctx, nil, out, "model."+model+".read", ids, fields)
}

// Create makes one record.
func (c *Client) Create(ctx context.Context, model string, values map[string]any) (int, error) {
	var ids []int
	if err := c.call(ctx, nil, &ids, "model."+model+".create", []any{values}); err != nil {
		return 0, err
	}
	if len(ids) != 1 {
		return 0, &Error{"model." + model + ".create", "answer", "made not one record"}
	}
	return ids[0], nil
}

// Write changes records.
func (c *Client) Write(ctx context.Context, model string, ids []int, values map[string]any) error {
	return c.call(ctx, nil, nil, "model."+model+".write", ids, values)
}

// Press presses a button of a record. In a state where the button is not shown
// Tryton answers success and does nothing: who presses reads the state.
func (c *Client) Press(ctx context.Context, model, button string, id int) error {
	return c.call(ctx, nil, nil, "model."+model+"."+button, []int{id})
}

// one returns the record whose field has that value, as a code has.
func (c *Client) one(ctx context.Context, model, field, value string) (int, error) {
	ids, err := c.Search(ctx, model, []any{field, "=", value})
	if err == nil && len(ids) != 1 {
		err = &Error{"model." + model + ".search", "answer", field + " " + value + " is not of one record"}
	}
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}
