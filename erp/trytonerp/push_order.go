package trytonerp

import (
	"context"
	"errors"
	"reflect"

	"github.com/comptoir-go/comptoir/erp"
)

// PushOrder implements erp.OrderPusher: it creates a draft of our web shop. A
// second sale of a key is refused by Tryton's database and answered Duplicate.
// What Tryton has no record for (a customer, an article, a unit, a tax) is
// Rejected, all of it at once, and so is what does not fit its digits. A refusal
// for an id that was remembered and has become a wrong one is tried again once,
// with what Tryton has now.
func (a *Adapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	values, err := a.newSale(ctx, o)
	if err != nil {
		return erp.Receipt{}, err
	}
	r, refused := a.create(ctx, o.Key, values)
	if refusedAs(refused, userError) == nil || erp.ClassOf(refused) != erp.Rejected {
		return r, refused
	}
	now, err := a.newSale(ctx, o)
	if err != nil {
		return erp.Receipt{}, err
	}
	if reflect.DeepEqual(now, values) {
		return r, refused
	}
	return a.create(ctx, o.Key, now)
}

// newSale are the values of a sale for an order.
func (a *Adapter) newSale(ctx context.Context, o erp.Order) (map[string]any, error) {
	values, err := a.draft(ctx, erp.OpPush, o)
	if err != nil {
		return nil, err
	}
	shop, err := a.shop(ctx, erp.OpPush)
	if err != nil {
		return nil, err
	}
	values["web_shop"], values["web_id"] = shop, o.Key
	return values, nil
}

// create makes a sale.
func (a *Adapter) create(ctx context.Context, key string, values map[string]any) (erp.Receipt, error) {
	op := erp.OpPush
	var ids []int64
	err := a.call(ctx, request{op: op, method: "model.sale.sale.create", params: []any{[]any{values}}, writes: true}, &ids)
	if refusedAs(err, userError) != nil {
		return erp.Receipt{}, a.refusedOrder(ctx, key, err)
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
