package trytonerp

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/erp"
)

// PushOrder implements erp.OrderPusher: it creates a draft of our web shop. A
// second sale of a key is refused by Tryton's database and answered Duplicate.
// What Tryton has no record for (a customer, an article, a unit, a tax) is
// Rejected, all of it at once, and so is what does not fit its digits.
func (a *Adapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	op := erp.OpPush
	values, err := a.draft(ctx, op, o)
	if err != nil {
		return erp.Receipt{}, err
	}
	shop, err := a.shop(ctx, op)
	if err != nil {
		return erp.Receipt{}, err
	}
	values["web_shop"], values["web_id"] = shop, o.Key
	var ids []int64
	err = a.call(ctx, request{op: op, method: "model.sale.sale.create", params: []any{[]any{values}}, writes: true}, &ids)
	if refusedAs(err, userError) != nil {
		return erp.Receipt{}, a.refusedOrder(ctx, o.Key, err)
	}
	if err != nil {
		return erp.Receipt{}, err
	}
	if len(ids) != 1 {
		return erp.Receipt{}, erp.Lost(op, errors.New("not one sale was made"))
	}
	return a.reached(ctx, op, ids[0])
}

// refusedOrder tells a refusal because the key is there from any other, by
// looking: the words depend on the version. An id that we remember may have
// become a wrong one.
func (a *Adapter) refusedOrder(ctx context.Context, key string, refusal error) error {
	a.books.forget()
	switch _, err := a.findOrder(ctx, erp.OpPush, key); erp.ClassOf(err) {
	case 0:
		return erp.NewError(erp.Duplicate, erp.OpPush, "", refusal)
	case erp.NotFound:
		return refusal
	}
	return erp.NewError(erp.Retryable, erp.OpPush, "refused, and why cannot be looked up now", refusal)
}
