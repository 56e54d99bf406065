package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// The errors of commands that accompany an order.
var (
	// ErrPhase: an order that is not submitted, or is over, is not worked on.
	ErrPhase = fault.Define(fault.Precondition, "order.phase", "the order is not in a state for this")
	// ErrFull refuses what an order has no room for: files, progress.
	ErrFull = fault.Define(fault.Precondition, "order.full", "the order has no room for more of this")
)

// target names the order of a command, how it may be repeated, in which states
// it stands and which permission it needs.
type target struct {
	verb    string
	key     string
	order   ID
	version int64
	input   any
	in      []State // none: any state
	act     access.Action
}

// change runs one command that changes an order beside its life cycle: fn
// changes it in place and says in what. Without a fact nothing has changed, and
// nothing is saved. The actor gets what it may see.
func (s *Service) change(ctx context.Context, tx Tx, a access.Actor, t target, fn func(o *Order) ([]event.Payload, error)) (Order, error) {
	if err := ctx.Err(); err != nil {
		return Order{}, err
	}
	o, err := s.see(ctx, tx, a, t.order)
	if err != nil {
		return Order{}, err
	}
	return s.shown(a)(uow.Once(ctx, tx.Keys(), scope(t.verb, a), t.key, t.input, func() (Order, error) {
		if err := at(o, t.version); err != nil {
			return Order{}, err
		}
		if len(t.in) > 0 && !slices.Contains(t.in, o.State) {
			return Order{}, ErrPhase.With("%s is %s", o.Ref, o.State)
		}
		if !s.policy.May(a, t.act, owner(o)) {
			return Order{}, access.Denied(t.act)
		}
		facts, err := fn(&o)
		if err != nil || len(facts) == 0 {
			return o, err
		}
		o.UpdatedAt = s.now()
		return s.save(ctx, tx, o, nil, facts...)
	}))
}

// The states by what may still happen to an order.
var (
	alive     = []State{Draft, Awaiting, Validated, Confirmed}
	submitted = []State{Awaiting, Validated, Confirmed, Closed}
)
