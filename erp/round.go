package erp

import "context"

// round is one round towards exactly one document of a key; R is the receipt.
type round[R any] struct {
	c          *Client
	push, find Op
	check      func() error
	send       func(context.Context) (R, error)
	look       func(context.Context) (R, error)
}

func (r round[R]) ensure(ctx context.Context) (R, error) { return r.run(ctx, false) }

func (r round[R]) resume(ctx context.Context) (R, error) { return r.run(ctx, true) }

// run is one round; sent says that an earlier push may have left.
func (r round[R]) run(ctx context.Context, sent bool) (R, error) {
	var zero R
	if err := r.check(); err != nil {
		return zero, err
	}
	if r.c.KeysOf(r.push) == LookupByKey {
		found, err := r.look(ctx)
		switch ClassOf(err) {
		case NotFound, Unsupported: // Unsupported is learned now; from here on nothing reconciles
		default:
			return found, err
		}
	}
	if sent && r.c.KeysOf(r.push) == Neither && r.c.Supports(r.push) {
		e := NewError(OutcomeUnknown, r.push, "", nil)
		e.Park = true
		return zero, r.c.name(e)
	}
	got, err := r.send(ctx)
	switch ClassOf(err) {
	case Duplicate, Conflict:
		return r.findAfter(ctx, err)
	case OutcomeUnknown:
		return zero, r.parkIfBlind(err)
	}
	return got, err
}

// findAfter looks up the document whose key the ERP just refused.
func (r round[R]) findAfter(ctx context.Context, refusal error) (R, error) {
	var zero R
	if !r.c.Supports(r.find) {
		return zero, refusal
	}
	found, err := r.look(ctx)
	if ClassOf(err) != NotFound {
		return found, err
	}
	if ClassOf(refusal) == Duplicate {
		// The other transaction is not visible yet; the next round finds it.
		e := NewError(Retryable, r.push, "refused as a duplicate, but not found by key", refusal)
		return zero, r.c.name(e)
	}
	return zero, refusal
}

func (r round[R]) parkIfBlind(err error) error {
	if r.c.KeysOf(r.push) != Neither {
		return err
	}
	e := asError(r.push, r.c.about.Name, err)
	e.Park = true
	return e
}
