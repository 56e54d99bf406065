package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// AdvanceInput asks to fire one trigger of an order's life cycle.
type AdvanceInput struct {
	Key     string  `json:"key,omitempty"`
	Order   ID      `json:"order"`
	Version int64   `json:"version,omitempty"` // 0 expects any
	On      Trigger `json:"on"`
	// Reason is needed to reject, and to cancel after validation.
	Reason string `json:"reason,omitempty"`
}

// Advance fires one trigger: Submit, Recall, Validate, Reject, Cancel,
// Confirm, Close, or an integrator's own.
//
// Errors, in the order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; *fsm.IllegalTransition (Precondition); access.ErrForbidden or
// *fsm.RoleError (Forbidden); *fsm.GuardError (Precondition) with every
// problem. Validating freezes the order and hands it to the relay.
func (s *Service) Advance(ctx context.Context, a access.Actor, in AdvanceInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.AdvanceTx(ctx, tx, a, in) })
}

// AdvanceTx is Advance inside a transaction of the caller's.
func (s *Service) AdvanceTx(ctx context.Context, tx Tx, a access.Actor, in AdvanceInput) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("advance", a), in.Key, in, func() (Order, error) {
		if err := at(o, in.Version); err != nil {
			return Order{}, err
		}
		fact, err := s.fire(&o, a, actionOf(in.On), in.On, in.Reason)
		if err != nil {
			return Order{}, err
		}
		return s.save(ctx, tx, o, s.syncAfter(o, fact), fact)
	})
}

// fire decides and moves the order; it writes nothing. The actor needs the
// permission act besides a role of the table.
func (s *Service) fire(o *Order, a access.Actor, act access.Action, on Trigger, reason string) (Advanced, error) {
	step, err := s.life.Next(o.State, on, a.Roles, Facts{Reason: reason, Gaps: s.gaps(*o)})
	if fault.KindOf(err) == fault.Precondition && fault.CodeOf(err) == "fsm.illegal_transition" {
		return Advanced{}, err
	}
	if !s.policy.May(a, act, owner(*o)) {
		return Advanced{}, access.ErrForbidden.With("%s needs a role that allows it", act)
	}
	if err != nil {
		return Advanced{}, err
	}
	from := o.State
	o.State = step.To
	o.note(s.now(), a.Stamp(), string(on), from, reason)
	return Advanced{Order: o.ID, Ref: o.Ref, Trigger: on, From: from, To: step.To, Reason: reason}, nil
}

// syncAfter is the relay's work that follows a step: a submitted or validated
// order is brought to the ERP; what is no longer wanted is withdrawn from it
// wherever it may have arrived.
func (s *Service) syncAfter(o Order, f Advanced) *SyncRequested {
	switch {
	case f.To == Awaiting || f.To == Validated:
		return syncOf(o)
	case (f.To == Rejected || f.To == Cancelled) && o.submitted():
		return withdrawal(o, f.Reason)
	}
	return nil
}

// submitted reports whether the order ever left the state of a draft: from
// then on a twin may exist in the ERP, or be on its way.
func (o Order) submitted() bool {
	return slices.ContainsFunc(o.History, func(e Entry) bool { return e.To != Draft && e.To != Cancelled })
}

// Outcome is what became of one order of a bulk command.
type Outcome struct {
	Order ID    `json:"order"`
	Ref   Ref   `json:"ref,omitempty"`
	State State `json:"state,omitempty"`
	// Err is nil when the order was advanced.
	Err error `json:"-"`
}

// AdvanceMany fires one trigger on many orders, each in a transaction of its
// own, and answers one outcome per order, in the order given: validating a
// screenful is this with Validate. More than Options.MaxBulk orders, or an
// order named twice, is ErrInvalid and nothing happens. When ctx ends, the
// orders not reached carry its error.
func (s *Service) AdvanceMany(ctx context.Context, a access.Actor, on Trigger, reason string, orders []ID) ([]Outcome, error) {
	return s.each(ctx, orders, func(id ID) (Order, error) {
		return s.Advance(ctx, a, AdvanceInput{Order: id, On: on, Reason: reason})
	})
}

// each runs one command per order and collects the outcomes.
func (s *Service) each(ctx context.Context, orders []ID, do func(ID) (Order, error)) ([]Outcome, error) {
	var is fault.Issues
	if len(orders) > s.maxBulk {
		is.Add("orders", "too_many", "%d orders, at most %d", len(orders), s.maxBulk)
	}
	seen := make(map[ID]struct{}, len(orders))
	for _, id := range orders {
		if _, twice := seen[id]; twice {
			is.Add("orders", "repeated", "%s is named twice", id)
		}
		seen[id] = struct{}{}
	}
	if err := is.Err(ErrInvalid); err != nil {
		return nil, err
	}
	out := make([]Outcome, len(orders))
	for i, id := range orders {
		out[i] = Outcome{Order: id, Err: ctx.Err()}
		if out[i].Err != nil {
			continue
		}
		o, err := do(id)
		if err != nil {
			out[i].Err = err
			continue
		}
		out[i].Ref, out[i].State = o.Ref, o.State
	}
	return out, nil
}
