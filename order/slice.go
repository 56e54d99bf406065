package order

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
)

// The errors of slices.
var (
	// ErrNoLine: the order has no line of that id.
	ErrNoLine = fault.Define(fault.Invalid, "order.no_line", "the order has no such line")
	// ErrNoSlice: more was asked for than the line, or the tax box, has left;
	// or stretches that are none of it.
	ErrNoSlice = fault.Define(fault.Precondition, "order.no_slice", "there is not so much left")
)

// Slice is the money of a part of a line, exactly.
//
// A line is a ruler as long as its quantity, in ten-thousandths of the unit.
// With the frozen net N and the line's shares A1 … Ak of the order's
// adjustments, let P0 = N and Pi = N + A1 + … + Ai. Up to the mark x the ruler
// carries Pi · x / quantity, rounded half away from zero; a stretch has the
// difference of its two marks. So
//
//   - stretches that make up the whole, in whatever order they were taken, sum
//     to the line's net and to each of its shares;
//   - the same stretches always have the same money;
//   - the base, Net + Shares, is never below zero;
//   - net and base of one contiguous stretch differ from their exact part by
//     less than one minor unit, a share by less than two.
type Slice struct {
	Line     LineID         `json:"line"`
	Quantity money.Quantity `json:"quantity"`
	// Stretches are ascending and do not touch.
	Stretches []Stretch    `json:"stretches,omitempty"`
	Net       money.Amount `json:"net"`
	// Shares are in the order of the quote's Adjustments; none without.
	Shares []money.Amount `json:"shares,omitempty"`
}

// Base is what tax is computed on: Net + Shares. Errors: those of
// money.Amount.Add, for a slice put together by hand.
func (s Slice) Base() (money.Amount, error) {
	base := s.Net
	for _, a := range s.Shares {
		var err error
		if base, err = base.Add(a); err != nil {
			return money.Amount{}, err
		}
	}
	return base, nil
}

// NextSlice returns the lowest q of the line that stands on no invoice of our
// own; nothing is taken by it. A quantity of zero is the empty slice.
//
// Errors: ErrNoLine (Invalid, order.no_line); ErrNoSlice (Precondition,
// order.no_slice) when less than q is left, or q is below zero.
func (o Order) NextSlice(line LineID, q money.Quantity) (Slice, error) {
	l, priced, err := o.priced(line)
	if err != nil {
		return Slice{}, err
	}
	st, ok := lowest(l.Billed.Taken, priced.Quantity.Units(), q.Units())
	if !ok {
		left := priced.Quantity.Units() - Length(l.Billed.Taken)
		return Slice{}, ErrNoSlice.With("of line %s %s was asked for, %s is left", line, q, quantity(left))
	}
	return sliceOf(priced, st)
}

// SliceOf returns the money of stretches of a line, taken or not: what an
// invoice that has them carries, and what a credit note for them gives back.
// They are ascending and do not overlap.
//
// Errors: ErrNoLine (Invalid, order.no_line); ErrNoSlice (Precondition,
// order.no_slice) for stretches beyond the line, empty or out of order.
func (o Order) SliceOf(line LineID, st []Stretch) (Slice, error) {
	_, priced, err := o.priced(line)
	if err != nil {
		return Slice{}, err
	}
	if !within(st, priced.Quantity.Units()) {
		return Slice{}, ErrNoSlice.With("these are no stretches of line %s", line)
	}
	return sliceOf(priced, join(st))
}

// priced finds a line and its frozen figures.
func (o *Order) priced(id LineID) (*Line, *pricing.QuotedLine, error) {
	for i := range o.Lines {
		if o.Lines[i].ID != id {
			continue
		}
		// Lines stand in the quote as in the order, unless somebody moved them.
		if i < len(o.Quote.Lines) && o.Quote.Lines[i].ID == id {
			return &o.Lines[i], &o.Quote.Lines[i], nil
		}
		for k := range o.Quote.Lines {
			if o.Quote.Lines[k].ID == id {
				return &o.Lines[i], &o.Quote.Lines[k], nil
			}
		}
	}
	return nil, nil, ErrNoLine.With("the order has no line %q", id)
}

func sliceOf(l *pricing.QuotedLine, st []Stretch) (Slice, error) {
	s := Slice{Line: l.ID, Quantity: quantity(Length(st)), Stretches: st}
	whole, length := l.Net, l.Quantity.Units()
	var err error
	if s.Net, err = measure(whole, length, st); err != nil {
		return Slice{}, err
	}
	below := s.Net
	if len(l.Shares) > 0 {
		s.Shares = make([]money.Amount, 0, len(l.Shares))
	}
	for _, a := range l.Shares {
		if whole, err = whole.Add(a); err != nil {
			return Slice{}, err
		}
		sum, err := measure(whole, length, st)
		if err != nil {
			return Slice{}, err
		}
		share, err := sum.Sub(below)
		if err != nil {
			return Slice{}, err
		}
		s.Shares = append(s.Shares, share)
		below = sum
	}
	return s, nil
}
