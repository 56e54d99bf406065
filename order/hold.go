package order

import (
	"context"
	"fmt"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/uow"
)

// ErrHeld: something of the order waits; the issues say what and why.
var ErrHeld = fault.Define(fault.Precondition, "order.held", "the order is on hold")

// HoldInput puts an order, or some of its lines, on hold.
type HoldInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Lines are held one by one; none holds the whole order.
	Lines []LineID `json:"lines,omitempty"`
	// Reason has 1 to 2000 characters.
	Reason string `json:"reason"`
}

// Hold stops an order or lines of it: while anything waits the order is
// neither validated nor released, and what waits is not delivered. What is held
// already gets the new reason; the same reason again changes nothing. The
// partner's side sees no holds.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrPhase for an order that is over; access.ErrForbidden
// without order.ship; ErrInvalid with every issue, unknown lines among them.
func (s *Service) Hold(ctx context.Context, a access.Actor, in HoldInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.HoldTx(ctx, tx, a, in) })
}

// HoldTx is Hold inside a transaction of the caller's. An error means that the
// transaction has to be abandoned.
func (s *Service) HoldTx(ctx context.Context, tx Tx, a access.Actor, in HoldInput) (Order, error) {
	t := target{"hold", in.Key, in.Order, in.Version, in, alive, access.OrderShip}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		var is fault.Issues
		check.Reason(&is, "reason", in.Reason, ReasonMax)
		places := o.holders(&is, in.Lines)
		if err := is.Err(ErrInvalid); err != nil {
			return nil, err
		}
		changed := false
		for _, p := range places {
			if *p == nil || (*p).Reason != in.Reason {
				*p, changed = &Hold{Reason: in.Reason, By: a.Stamp(), At: s.now()}, true
			}
		}
		if !changed {
			return nil, nil
		}
		s.noteInternal(o, a, "held", in.Reason)
		return []event.Payload{Held{About: about(*o, a), Lines: in.Lines, Reason: in.Reason}}, nil
	})
}

// ResumeInput takes an order, or some of its lines, off hold.
type ResumeInput struct {
	Key     string `json:"key,omitempty"`
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	// Lines are taken off one by one; none means the order's own hold, and
	// lines keep theirs.
	Lines []LineID `json:"lines,omitempty"`
	// Note has at most 2000 characters.
	Note string `json:"note,omitempty"`
}

// Resume takes an order or lines of it off hold, in any state; what is not
// held stays as it is.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; access.ErrForbidden without order.ship; ErrInvalid with every
// issue, unknown lines among them.
func (s *Service) Resume(ctx context.Context, a access.Actor, in ResumeInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.ResumeTx(ctx, tx, a, in) })
}

// ResumeTx is Resume inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) ResumeTx(ctx context.Context, tx Tx, a access.Actor, in ResumeInput) (Order, error) {
	t := target{"resume", in.Key, in.Order, in.Version, in, nil, access.OrderShip}
	return s.change(ctx, tx, a, t, func(o *Order) ([]event.Payload, error) {
		var is fault.Issues
		check.Note(&is, "note", in.Note, maxNote)
		places := o.holders(&is, in.Lines)
		if err := is.Err(ErrInvalid); err != nil {
			return nil, err
		}
		changed := false
		for _, p := range places {
			changed = changed || *p != nil
			*p = nil
		}
		if !changed {
			return nil, nil
		}
		s.noteInternal(o, a, "resumed", in.Note)
		return []event.Payload{Resumed{About: about(*o, a), Lines: in.Lines}}, nil
	})
}

// noteInternal appends a step to the history that the partner's side does not
// see.
func (s *Service) noteInternal(o *Order, a access.Actor, what, text string) {
	o.note(s.now(), a.Stamp(), what, o.State, text)
	o.History[len(o.History)-1].Internal = true
}

// holders finds where the holds of lines are kept, or the order's own.
func (o *Order) holders(is *fault.Issues, lines []LineID) []**Hold {
	if len(lines) == 0 {
		return []**Hold{&o.Hold}
	}
	byID := make(map[LineID]int, len(o.Lines))
	for i := range o.Lines {
		byID[o.Lines[i].ID] = i
	}
	out := make([]**Hold, 0, len(lines))
	for i, id := range lines {
		path := "lines[" + strconv.Itoa(i) + "]"
		at, ok := byID[id]
		switch {
		case !ok:
			is.Add(path, "unknown", "the order has no line %s", id)
		case at < 0:
			is.Add(path, "repeated", "line %s is named twice", id)
		default:
			out = append(out, &o.Lines[at].Hold)
			byID[id] = -1
		}
	}
	return out
}

// holds lists what of the order waits, and why.
func (o Order) holds() []fsm.Problem {
	var out []fsm.Problem
	if o.Hold != nil {
		out = append(out, fsm.Problem{Path: "hold", Code: "hold.order", Message: "the order is on hold: " + o.Hold.Reason})
	}
	for i := range o.Lines {
		if h := o.Lines[i].Hold; h != nil {
			out = append(out, fsm.Problem{Path: fmt.Sprintf("lines[%d].hold", i), Code: "hold.line",
				Message: fmt.Sprintf("%s is on hold: %s", o.Lines[i].SKU, h.Reason)})
		}
	}
	return out
}
