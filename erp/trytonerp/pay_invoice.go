package trytonerp

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// wizard is a dialog of Tryton's about records.
type wizard struct {
	a       *Adapter
	op      erp.Op
	name    string
	session int64
	on      map[string]any
}

// wizard opens a dialog about records of a model.
func (a *Adapter) wizard(ctx context.Context, op erp.Op, name, model string, ids []int64) (*wizard, error) {
	var answer []json.RawMessage // the session, the first state, the last
	if err := a.call(ctx, request{op: op, method: "wizard." + name + ".create"}, &answer); err != nil {
		return nil, err
	}
	w := &wizard{a: a, op: op, name: name, on: map[string]any{"active_model": model, "active_id": ids[0], "active_ids": ids}}
	if len(answer) == 0 || json.Unmarshal(answer[0], &w.session) != nil {
		return nil, erp.NewError(erp.Contract, op, "the dialog "+name+" did not begin", nil)
	}
	return w, nil
}

// execute goes to a state with the forms filled in so far and returns the form
// that it asks for, nil when it asks for none.
func (w *wizard) execute(ctx context.Context, state string, forms map[string]any, writes bool) (map[string]json.RawMessage, error) {
	var answer struct {
		View *struct {
			Defaults map[string]json.RawMessage
		}
	}
	r := request{op: w.op, method: "wizard." + w.name + ".execute", params: []any{w.session, forms, state}, context: w.on, writes: writes}
	if err := w.a.call(ctx, r, &answer); err != nil || answer.View == nil {
		return nil, err
	}
	// The names of linked records stand beside them, under keys with a full
	// stop at the end, and are not taken back.
	maps.DeleteFunc(answer.View.Defaults, func(field string, _ json.RawMessage) bool { return strings.HasSuffix(field, ".") })
	if answer.View.Defaults == nil {
		answer.View.Defaults = map[string]json.RawMessage{}
	}
	return answer.View.Defaults, nil
}

// end throws the dialog away; Tryton does so itself in time.
func (w *wizard) end(ctx context.Context) {
	_ = w.a.call(ctx, request{op: w.op, method: "wizard." + w.name + ".delete", params: []any{w.session}}, nil)
}

// distinct waits until no change of the invoice can bear the time of the one that
// was read. A database that tells these times to the second (SQLite) would take
// two payments within one second for one.
func (b bill) distinct(ctx context.Context, op erp.Op) error {
	if strings.Contains(b.Timestamp, ".") {
		return nil
	}
	select {
	case <-time.After(time.Second):
		return nil
	case <-ctx.Done():
		return erp.Unsent(op, ctx.Err())
	}
}

// payInvoice pays one invoice by Tryton's dialog, which asks what about the rest
// when the amount is not all of it. An invoice that was changed since it was read
// is Conflict.
func (a *Adapter) payInvoice(ctx context.Context, op erp.Op, p erp.Payment, b bill, by means) error {
	if err := b.distinct(ctx, op); err != nil {
		return err
	}
	w, err := a.wizard(ctx, op, "account.invoice.pay", "account.invoice", []int64{b.ID})
	if err != nil {
		return err
	}
	defer w.end(ctx)
	maps.Copy(w.on, unplanned)
	w.on["_timestamp"] = map[string]string{reference("account.invoice", b.ID): b.Timestamp}
	start, err := w.execute(ctx, "start", map[string]any{}, false)
	if err != nil {
		return err
	}
	amount := b.pays
	if p.Refund {
		amount = amount.Neg()
	}
	for field, v := range map[string]any{"amount": exact{amount}, "date": day(p.Date), "description": mark(p.Key, about(p)), "payment_method": by.ID, "currency": b.Currency} {
		if start[field], err = json.Marshal(v); err != nil {
			return erp.NewError(erp.Contract, op, "", err)
		}
	}
	ask, err := w.execute(ctx, "choice", map[string]any{"start": start}, true)
	if err != nil || ask == nil {
		return err
	}
	ask["type"] = json.RawMessage(`"partial"`)
	_, err = w.execute(ctx, "pay", map[string]any{"start": start, "ask": ask}, true)
	return err
}
