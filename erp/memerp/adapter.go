package memerp

import (
	"context"

	"github.com/comptoir-go/comptoir/erp"
)

// Adapter returns the connector's side of the ERP. It always pushes and
// pings; the other capabilities are there unless an option left them out, and
// then the methods are really absent.
func (e *ERP) Adapter() erp.Adapter {
	b, f, r, c, a := base{e}, finder{e}, reviser{e}, canceller{e}, advancer{e}
	withFinder := !e.o.WithoutFinder && e.o.Keys != NoKeys
	switch [4]bool{withFinder, !e.o.WithoutReviser, !e.o.WithoutCanceller, !e.o.WithoutAdvancer} {
	case [4]bool{true, true, true, true}:
		return struct {
			base
			finder
			reviser
			canceller
			advancer
		}{b, f, r, c, a}
	case [4]bool{true, true, true, false}:
		return struct {
			base
			finder
			reviser
			canceller
		}{b, f, r, c}
	case [4]bool{true, true, false, true}:
		return struct {
			base
			finder
			reviser
			advancer
		}{b, f, r, a}
	case [4]bool{true, true, false, false}:
		return struct {
			base
			finder
			reviser
		}{b, f, r}
	case [4]bool{true, false, true, true}:
		return struct {
			base
			finder
			canceller
			advancer
		}{b, f, c, a}
	case [4]bool{true, false, true, false}:
		return struct {
			base
			finder
			canceller
		}{b, f, c}
	case [4]bool{true, false, false, true}:
		return struct {
			base
			finder
			advancer
		}{b, f, a}
	case [4]bool{true, false, false, false}:
		return struct {
			base
			finder
		}{b, f}
	}
	return blindAdapter(e)
}

// blindAdapter composes the adapters without a finder.
func blindAdapter(e *ERP) erp.Adapter {
	b, r, c, a := base{e}, reviser{e}, canceller{e}, advancer{e}
	switch [3]bool{!e.o.WithoutReviser, !e.o.WithoutCanceller, !e.o.WithoutAdvancer} {
	case [3]bool{true, true, true}:
		return struct {
			base
			reviser
			canceller
			advancer
		}{b, r, c, a}
	case [3]bool{true, true, false}:
		return struct {
			base
			reviser
			canceller
		}{b, r, c}
	case [3]bool{true, false, true}:
		return struct {
			base
			reviser
			advancer
		}{b, r, a}
	case [3]bool{true, false, false}:
		return struct {
			base
			reviser
		}{b, r}
	case [3]bool{false, true, true}:
		return struct {
			base
			canceller
			advancer
		}{b, c, a}
	case [3]bool{false, true, false}:
		return struct {
			base
			canceller
		}{b, c}
	case [3]bool{false, false, true}:
		return struct {
			base
			advancer
		}{b, a}
	}
	return b
}

type (
	base      struct{ erp *ERP }
	finder    struct{ erp *ERP }
	reviser   struct{ erp *ERP }
	canceller struct{ erp *ERP }
	advancer  struct{ erp *ERP }
)

// Describe implements erp.Describer.
func (b base) Describe() erp.Description {
	o := b.erp.o
	d := erp.Description{Name: o.Name, PriceDigits: o.PriceDigits, QuantityDigits: o.QuantityDigits}
	switch {
	case o.Keys == IdempotentKeys:
		d.Keys = erp.NativeIdempotency
	case o.Keys == UniqueKeys && !o.WithoutFinder:
		d.Keys = erp.LookupByKey
	}
	return d
}

// Ping implements erp.Pinger.
func (b base) Ping(ctx context.Context) error {
	f, err := b.erp.arrive(ctx, erp.OpPing)
	if err != nil {
		return err
	}
	_, err = f.leave(erp.OpPing, erp.Receipt{})
	return err
}

// PushOrder implements erp.OrderPusher.
func (b base) PushOrder(ctx context.Context, o erp.Order) (erp.Receipt, error) {
	e := b.erp
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
	return f.leave(erp.OpPush, e.read(d))
}

// FindOrder implements erp.OrderFinder.
func (a finder) FindOrder(ctx context.Context, key string) (erp.Receipt, error) {
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
	return f.leave(erp.OpFind, e.read(d))
}

// ReviseOrder implements erp.OrderReviser. A revision that is not above the
// one held changes nothing.
func (a reviser) ReviseOrder(ctx context.Context, id string, o erp.Order) (erp.Receipt, error) {
	return a.erp.change(ctx, erp.OpRevise, id, func(d *Document, f Fault) bool {
		if d.State != erp.StateDraft || d.Order.Key != o.Key {
			return false
		}
		if o.Revision > d.Order.Revision {
			d.Order, d.Totals = o.Clone(), totals(o, f.delta)
			a.erp.touch(d)
		}
		return true
	})
}

// CancelOrder implements erp.OrderCanceller; only a draft is cancelled.
func (a canceller) CancelOrder(ctx context.Context, id, reason string) (erp.Receipt, error) {
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
func (a advancer) AdvanceOrder(ctx context.Context, id string, to erp.OrderState) (erp.Receipt, error) {
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
	return f.leave(op, e.read(d))
}
