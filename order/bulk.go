package order

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
)

// Target names one order of a bulk command.
type Target struct {
	Order ID `json:"order"`
	// Version is the one on the screen, so that nothing is validated that
	// changed since; 0 expects any.
	Version int64 `json:"version,omitempty"`
}

// Outcome is what became of one order of a bulk command.
type Outcome struct {
	Order   ID    `json:"order"`
	Ref     Ref   `json:"ref,omitempty"`
	State   State `json:"state,omitempty"`
	Version int64 `json:"version,omitempty"`
	// Code and Message say why nothing happened; Err is the error itself, nil
	// when it did.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Err     error  `json:"-"`
}

// AdvanceMany fires one trigger on many orders, each in a transaction of its
// own, and answers one outcome per order, in the order given: validating a
// screenful is this with Validate. More than Options.MaxBulk orders, or an
// order named twice, is ErrInvalid and nothing happens. When ctx ends, the
// orders not reached carry its error.
func (s *Service) AdvanceMany(ctx context.Context, a access.Actor, on Trigger, reason string, orders []Target) ([]Outcome, error) {
	return s.each(ctx, orders, func(t Target) (Order, error) {
		return s.Advance(ctx, a, AdvanceInput{Order: t.Order, Version: t.Version, On: on, Reason: reason})
	})
}

// DeleteMany deletes many orders as AdvanceMany advances them.
func (s *Service) DeleteMany(ctx context.Context, a access.Actor, reason string, orders []Target) ([]Outcome, error) {
	return s.each(ctx, orders, func(t Target) (Order, error) {
		return Order{}, s.Delete(ctx, a, DeleteInput{Order: t.Order, Version: t.Version, Reason: reason})
	})
}

// each runs one command per order and collects the outcomes.
func (s *Service) each(ctx context.Context, orders []Target, do func(Target) (Order, error)) ([]Outcome, error) {
	var is fault.Issues
	if len(orders) > s.maxBulk {
		is.Add("orders", "too_many", "%d orders, at most %d", len(orders), s.maxBulk)
	}
	seen := make(map[ID]struct{}, len(orders))
	for _, t := range orders {
		if _, twice := seen[t.Order]; twice {
			is.Add("orders", "repeated", "%s is named twice", t.Order)
		}
		seen[t.Order] = struct{}{}
	}
	if err := is.Err(ErrInvalid); err != nil {
		return nil, err
	}
	out := make([]Outcome, len(orders))
	for i, t := range orders {
		out[i].Order = t.Order
		o, err := Order{}, ctx.Err()
		if err == nil {
			o, err = do(t)
		}
		if err != nil {
			out[i].Err, out[i].Code, out[i].Message = err, fault.CodeOf(err), err.Error()
			continue
		}
		out[i].Ref, out[i].State, out[i].Version = o.Ref, o.State, o.Version
	}
	return out, nil
}
