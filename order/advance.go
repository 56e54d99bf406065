package order

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
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
	// Seal and AsOf accept the figures of *pricing.Moved.Fresh when a draft is
	// submitted: its Seal and its At.
	Seal string    `json:"seal,omitempty"`
	AsOf time.Time `json:"as_of,omitzero"`
}

// Advance fires one trigger: Submit, Recall, Validate, Reject, Cancel,
// Confirm, Close, or an integrator's own.
//
// Errors, in the order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; *fsm.IllegalTransition (Precondition); access.ErrForbidden or
// *fsm.RoleError (Forbidden); *fsm.GuardError (Precondition) with every
// problem, as ErrInvoiced when an invoiced order would be cancelled; ErrInvalid for a reason that is too long; for a
// draft that was calculated as the first order and is none, *pricing.Moved, cart.ErrMinimum, what the pricer answers
// and, where it has to be priced as of now, cart.ErrLines. Validating freezes the order and hands it to the relay.
//
// A draft keeps its figures, with one exception: what it was given as the buyer's
// first order belongs to the order that is submitted first. Where another one was,
// submitting is answered by *pricing.Moved (Conflict, pricing.moved), and done as a
// new revision when Seal and AsOf accept its Fresh. That is as of the draft's own
// quote; as of now where its prices have left the lists since. Where they are not
// there now either (pricing.ErrNoPrice), Revise takes the lines off that have none.
func (s *Service) Advance(ctx context.Context, a access.Actor, in AdvanceInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.AdvanceTx(ctx, tx, a, in) })
}

// AdvanceTx is Advance inside a transaction of the caller's. An error means
// that the transaction has to be abandoned.
func (s *Service) AdvanceTx(ctx context.Context, tx Tx, a access.Actor, in AdvanceInput) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	return s.shown(a)(uow.Once(ctx, tx.Keys(), scope("advance", a), in.Key, in, func() (Order, error) {
		if err := at(o, in.Version); err != nil {
			return Order{}, err
		}
		p, err := s.buyer(ctx, tx, o)
		if err != nil {
			return Order{}, err
		}
		axes, from := o.Axes(), o.State
		fact, err := s.fire(&o, a, ActionOf(in.On), in.On, s.facts(o, p, in.Reason))
		if err != nil {
			return Order{}, err
		}
		if err := boundReason(in.Reason); err != nil {
			return Order{}, err
		}
		facts := []event.Payload{fact}
		if from == Draft && o.State != Draft && !o.withdrawn() {
			revised, err := s.stillFirst(ctx, tx, &o, in, a.ID)
			if err != nil {
				return Order{}, err
			}
			if revised {
				o.note(s.now(), a.Stamp(), "revised", o.State, "revision "+strconv.Itoa(o.Revision))
				facts = append(facts, Revised{About: about(o, a), Revision: o.Revision, Gross: o.Quote.Gross})
			}
		}
		return s.save(ctx, tx, o, s.syncAfter(o, fact), append(facts, turned(axes, o, a)...)...)
	}))
}

// boundReason refuses a reason that is too long or no text.
func boundReason(reason string) error {
	var is fault.Issues
	check.Note(&is, "reason", reason, ReasonMax)
	return is.Err(ErrInvalid)
}

// fire decides and moves the order; it writes nothing. The actor needs the
// permission act besides a role of the table.
func (s *Service) fire(o *Order, a access.Actor, act access.Action, on Trigger, f Facts) (Advanced, error) {
	step, err := s.life.Next(o.State, on, a.Roles, f)
	if errors.Is(err, fsm.ErrIllegalTransition) {
		return Advanced{}, err
	}
	if !s.policy.May(a, act, owner(*o)) {
		return Advanced{}, access.Denied(act)
	}
	if errors.Is(err, fsm.ErrGuard) && on == Cancel && len(f.Invoiced) > 0 {
		return Advanced{}, ErrInvoiced.Because(err)
	}
	if err != nil {
		return Advanced{}, err
	}
	from := o.State
	o.State = step.To
	if o.withdrawn() {
		o.drop()
	}
	o.note(s.now(), a.Stamp(), string(on), from, f.Reason)
	return Advanced{About: about(*o, a), Trigger: on, From: from, To: step.To, Reason: f.Reason}, nil
}

// facts is what the guards of the life cycle read of an order.
func (s *Service) facts(o Order, p partner.Partner, reason string) Facts {
	return Facts{Reason: reason, Gaps: s.gaps(o, p), Held: o.holds(), Invoiced: o.invoices()}
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
