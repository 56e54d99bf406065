package memerp

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/erp"
)

// Adapter returns the connector's side of the ERP. It has every operation but
// those that Options.Without names, and no look-up where no keys are stored.
func (e *ERP) Adapter() erp.Adapter { return adapter{e} }

type adapter struct{ erp *ERP }

// Has implements erp.Partial.
func (a adapter) Has(op erp.Op) bool {
	switch op {
	case erp.OpFind, erp.OpFindPayment, erp.OpFindInvoice, erp.OpFindMessage:
		if a.erp.o.Keys == NoKeys {
			return false
		}
	}
	return !slices.Contains(a.erp.o.Without, op)
}

// Describe implements erp.Describer.
func (a adapter) Describe() erp.Description {
	o := a.erp.o
	d := erp.Description{Name: o.Name, PriceDigits: o.PriceDigits, QuantityDigits: o.QuantityDigits}
	switch {
	case o.Keys == IdempotentKeys:
		d.Keys = erp.NativeIdempotency
	case a.Has(erp.OpFind):
		d.Keys = erp.LookupByKey
	}
	return d
}

// Ping implements erp.Pinger.
func (a adapter) Ping(ctx context.Context) error {
	f, err := a.erp.arrive(ctx, erp.OpPing)
	if err != nil {
		return err
	}
	_, err = leave(f, erp.OpPing, erp.Receipt{})
	return err
}

// PushOrder implements erp.OrderPusher.
func (a adapter) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	e := a.erp
	f, err := e.arrive(ctx, erp.OpPush)
	if err != nil {
		return erp.Receipt{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if f.what == duplicate && e.byKey(o.Key) == nil {
		e.insert(o, f.delta)
	}
	d := e.byKey(o.Key)
	switch {
	case d == nil:
		d = e.insert(o, f.delta)
	case e.o.Keys == UniqueKeys:
		return erp.Receipt{}, erp.NewError(erp.Duplicate, erp.OpPush, "The key on the order must be unique.", nil)
	}
	return leave(f, erp.OpPush, e.read(d))
}

// FindOrder implements erp.OrderFinder.
func (a adapter) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
	e := a.erp
	f, err := e.arrive(ctx, erp.OpFind)
	if err != nil {
		return erp.Receipt{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byKey(key)
	if d == nil {
		return erp.Receipt{}, erp.NoSuch(erp.OpFind)
	}
	return leave(f, erp.OpFind, e.read(d))
}

// ReviseOrder implements erp.OrderReviser. A revision that is not above the
// one held changes nothing.
func (a adapter) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return a.erp.change(ctx, erp.OpRevise, id, func(d *Document, f Fault) bool {
		if d.State != erp.StateDraft || d.Order.Key != o.Key {
			return false
		}
		if o.Revision > d.Order.Revision {
			d.fill(o, f.delta)
			a.erp.touch(d)
		}
		return true
	})
}

// CancelOrder implements erp.OrderCanceller; only a draft is cancelled.
func (a adapter) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
	return a.erp.change(ctx, erp.OpCancel, id, func(d *Document, _ Fault) bool {
		if !a.erp.move(d, erp.StateCancelled) {
			return d.State == erp.StateCancelled
		}
		d.Reason = reason
		return true
	})
}

// AdvanceOrder implements erp.OrderAdvancer: draft to confirmed to done, one
// step at a time.
func (a adapter) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
	return a.erp.change(ctx, erp.OpAdvance, id, func(d *Document, _ Fault) bool {
		return a.erp.press(d, to)
	})
}

// change runs a button: work reports whether the state allowed it.
func (e *ERP) change(ctx context.Context, op erp.Op, id string, work func(*Document, Fault) bool) (erp.Receipt, error) {
	f, err := e.arrive(ctx, op)
	if err != nil {
		return erp.Receipt{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.byID(id)
	if d == nil {
		return erp.Receipt{}, erp.NoSuch(op)
	}
	if !work(d, f) && e.o.LoudWrongState {
		text := "The order is in the state " + string(d.State) + ", which does not allow this."
		return erp.Receipt{}, erp.NewError(erp.Conflict, op, text, nil)
	}
	return leave(f, op, e.read(d))
}
