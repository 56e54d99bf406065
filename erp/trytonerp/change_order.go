package trytonerp

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// held is the sale of an id, and the context in which Tryton changes it only if
// nobody has changed it since. Some databases tell that to the second only.
func (a *Adapter) held(ctx context.Context, op erp.Op, id string) (sale, map[string]any, error) {
	n, err := recordID(op, id)
	if err != nil {
		return sale{}, nil, err
	}
	s, err := a.saleOf(ctx, op, n)
	return s, s.unchanged(), err
}

func (s sale) unchanged() map[string]any {
	return map[string]any{"_timestamp": map[string]string{reference("sale.sale", s.ID): s.Timestamp}}
}

// ReviseOrder implements erp.OrderReviser. It replaces our lines and leaves
// those that people have added; a quotation becomes a draft again. An order
// that is confirmed, or becomes so at the same time, stays as it is: Tryton
// deletes no line of it. An older revision than the one held is Conflict.
func (a *Adapter) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	op := erp.OpRevise
	s, unchanged, err := a.held(ctx, op, id)
	if err != nil {
		return erp.Receipt{}, err
	}
	if s.WebID != o.Key {
		return erp.Receipt{}, erp.NewError(erp.Conflict, op, fmt.Sprintf("the sale %d is of another key", s.ID), nil)
	}
	has := revisionOf(s.Description)
	if orderState(s.State) != erp.StateDraft || has == o.Revision {
		return s.receipt(), nil
	}
	if has > o.Revision {
		return erp.Receipt{}, erp.NewError(erp.Conflict, op, fmt.Sprintf("Tryton holds the revision %d", has), nil)
	}
	ours, err := a.ourLines(ctx, op, s)
	if err != nil {
		return erp.Receipt{}, err
	}
	values, err := a.revised(ctx, o, ours)
	if err != nil {
		return erp.Receipt{}, err
	}
	if s.State == "quotation" {
		if err := a.press(ctx, op, "sale.sale", "draft", s.ID, unchanged); err != nil {
			return erp.Receipt{}, err
		}
		if s, err = a.saleOf(ctx, op, s.ID); err != nil {
			return erp.Receipt{}, erp.Lost(op, err)
		}
	}
	write := func() error {
		return a.call(ctx, request{op: op, method: "model.sale.sale.write", params: []any{[]int64{s.ID}, values}, context: s.unchanged(), writes: true}, nil)
	}
	refused := write()
	if err = refused; refusedAs(err, userError) != nil {
		a.books.forget()
		now, e := a.saleOf(ctx, op, s.ID)
		switch {
		case e != nil:
		case orderState(now.State) != erp.StateDraft || revisionOf(now.Description) == o.Revision:
			return now.receipt(), nil
		case now.at() != s.at() || !holds(now.Lines, ours):
			return erp.Receipt{}, erp.NewError(erp.Conflict, op, fmt.Sprintf("the sale %d was changed at the same time", s.ID), refused)
		}
		was := values
		if values, err = a.revised(ctx, o, ours); err != nil {
			return erp.Receipt{}, err
		}
		if err = refused; !reflect.DeepEqual(values, was) { // an id that was remembered had become a wrong one
			err = write()
		}
	}
	if err != nil {
		return erp.Receipt{}, err
	}
	return a.reached(ctx, op, s.ID)
}

// holds says that all of some are there.
func holds(all, some []int64) bool {
	return !slices.ContainsFunc(some, func(id int64) bool { return !slices.Contains(all, id) })
}

// revised are the values of a sale for an order, with our lines in the place of
// those that are there.
func (a *Adapter) revised(ctx context.Context, o erp.Order, ours []int64) (map[string]any, error) {
	values, err := a.draft(ctx, erp.OpRevise, o)
	if err == nil && len(ours) > 0 {
		values["lines"] = append([]any{[]any{"delete", ours}}, values["lines"].([]any)...)
	}
	return values, err
}

// ourLines are the lines of a sale that bear our mark and are still there.
func (a *Adapter) ourLines(ctx context.Context, op erp.Op, s sale) ([]int64, error) {
	var rows []struct {
		ID   int64
		Note string
	}
	if err := a.searchRead(ctx, op, "sale.line", []any{[]any{"id", "in", s.Lines}}, []string{"note"}, 0, 0, byID, &rows); err != nil {
		return nil, err
	}
	var ours []int64
	for _, r := range rows {
		if key, _ := unmark(r.Note); key != "" {
			ours = append(ours, r.ID)
		}
	}
	return ours, nil
}

// CancelOrder implements erp.OrderCanceller: the reason goes to the comment of
// the sale. A sale that is confirmed stays so, which the receipt tells.
func (a *Adapter) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	op := erp.OpCancel
	s, unchanged, err := a.held(ctx, op, id)
	if err != nil {
		return erp.Receipt{}, err
	}
	if orderState(s.State) != erp.StateDraft {
		return s.receipt(), nil
	}
	if reason = strings.TrimSpace(reason); reason != "" && !strings.HasSuffix(s.Comment, reason) {
		values := map[string]any{"comment": strings.Join(filled(s.Comment, reason), "\n")}
		err := a.call(ctx, request{op: op, method: "model.sale.sale.write", params: []any{[]int64{s.ID}, values}, context: unchanged, writes: true}, nil)
		if err != nil {
			return erp.Receipt{}, err
		}
		unchanged = nil
	}
	if err := a.press(ctx, op, "sale.sale", "cancel", s.ID, unchanged); err != nil {
		return erp.Receipt{}, err
	}
	return a.reached(ctx, op, s.ID)
}

// AdvanceOrder implements erp.OrderAdvancer: for StateConfirmed it quotes and
// confirms, as far as the state allows. How far that went is in the receipt:
// with a worker the sale is processed later, and what is done is for Tryton
// alone to say.
func (a *Adapter) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	op := erp.OpAdvance
	s, unchanged, err := a.held(ctx, op, id)
	if err != nil {
		return erp.Receipt{}, err
	}
	if to != erp.StateConfirmed || orderState(s.State) != erp.StateDraft {
		return s.receipt(), nil
	}
	if s.State == "draft" {
		if err := a.press(ctx, op, "sale.sale", "quote", s.ID, unchanged); err != nil {
			return erp.Receipt{}, err
		}
		unchanged = nil
	}
	if err := a.press(ctx, op, "sale.sale", "confirm", s.ID, unchanged); err != nil {
		return erp.Receipt{}, err
	}
	return a.reached(ctx, op, s.ID)
}
