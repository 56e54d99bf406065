package testtryton

import (
	"context"
	"encoding/json"
	"strings"
)

// wizard is a dialog of Tryton about one record.
type wizard struct {
	client  *Client
	name    string
	session int
	on      map[string]any
}

// view is what a state of a wizard answers: a form to fill in, the actions it
// led to, or nothing.
type view struct {
	View *struct {
		Defaults map[string]any `json:"defaults"`
	} `json:"view"`
	Actions []json.RawMessage `json:"actions"`
}

// open begins a wizard about a record of the model.
func (c *Client) open(ctx context.Context, name, model string, id int) (*wizard, error) {
	w := &wizard{client: c, name: "wizard." + name, on: map[string]any{"active_model": model, "active_id": id, "active_ids": []int{id}}}
	var answer []any // session, first state, last state
	if err := c.call(ctx, nil, &answer, w.name+".create"); err != nil {
		return nil, err
	}
	if len(answer) == 0 {
		return nil, &Error{w.name + ".create", "answer", "empty"}
	}
	n, ok := answer[0].(json.Number)
	if !ok {
		return nil, &Error{w.name + ".create", "answer", "no session"}
	}
	id64, err := n.Int64()
	w.session = int(id64)
	return w, err
}

// execute goes to a state with the forms filled in so far, by their names.
func (w *wizard) execute(ctx context.Context, state string, forms map[string]any) (view, error) {
	var v view
	return v, w.client.call(ctx, w.on, &v, w.name+".execute", w.session, forms, state)
}

func (w *wizard) close(ctx context.Context) error {
	return w.client.call(ctx, nil, nil, w.name+".delete", w.session)
}

// form returns what a form suggests. The names of linked records, which come
// beside under keys with a dot at the end, must not be sent back.
func (v view) form() map[string]any {
	out := map[string]any{}
	if v.View != nil {
		for k, value := range v.View.Defaults {
			if !strings.HasSuffix(k, ".") {
				out[k] = value
			}
		}
	}
	return out
}
