package order

import (
	"slices"

	"github.com/comptoir-go/comptoir/access"
)

// Shared is the order as the partner's side knows it: without internal
// progress, files and steps of the history, and without what the seller keeps
// to itself, which are holds with their reasons and the follow mark. Every
// method of Service that answers an order to somebody without the permission
// message.internal answers this.
func (o Order) Shared() Order {
	o.Follow, o.Hold = false, nil
	if slices.ContainsFunc(o.Lines, func(l Line) bool { return l.Hold != nil }) {
		o.Lines = slices.Clone(o.Lines)
		for i := range o.Lines {
			o.Lines[i].Hold = nil
		}
	}
	o.Progress = leaveOut(o.Progress, func(p Progress) bool { return p.Internal })
	o.Files = leaveOut(o.Files, func(f File) bool { return f.Internal })
	o.History = leaveOut(o.History, func(e Entry) bool { return e.Internal })
	return o
}

// leaveOut leaves elements out and the slice itself as it is; nothing left is
// nil, as a stored order has it.
func leaveOut[E any](all []E, out func(E) bool) []E {
	if !slices.ContainsFunc(all, out) {
		return all
	}
	kept := slices.DeleteFunc(slices.Clone(all), out)
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// insider reports whether internal things of the order exist for the actor.
func (s *Service) insider(a access.Actor, o Order) bool { return s.book.Insider(a, owner(o)) }

// shown makes of a command's answer what the actor may see of it.
func (s *Service) shown(a access.Actor) func(Order, error) (Order, error) {
	return func(o Order, err error) (Order, error) {
		if err != nil || s.insider(a, o) {
			return o, err
		}
		return o.Shared(), nil
	}
}

// ofSeller reports whether the actor stands on the seller's side of the order.
func ofSeller(a access.Actor, o Order) bool { return a.Seller() || !a.Owns(owner(o)) }
