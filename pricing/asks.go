package pricing

import "slices"

// Asks is what a pricer wants to know of the buyer beyond the basket, so that
// whoever makes the basket reads that and nothing else. The zero value asks for
// nothing.
type Asks struct {
	// Windows are the spans in which turnover counts for a rule.
	Windows []AskedWindow `json:"windows,omitempty"`
	// First asks whether the buyer has ordered before; Attended, which events
	// he takes part in.
	First    bool `json:"first,omitempty"`
	Attended bool `json:"attended,omitempty"`
}

// AskedWindow is a window of turnover, narrowed to a family as Family.String
// writes it; "" is all goods.
type AskedWindow struct {
	Window Window `json:"window"`
	Family string `json:"family,omitempty"`
}

// Asking is a pricer that says which facts its rules ask for.
type Asking interface{ Asks() Asks }

// IsZero reports whether nothing is asked for.
func (a Asks) IsZero() bool { return len(a.Windows) == 0 && !a.First && !a.Attended }

// Clone returns a copy that shares no memory with a.
func (a Asks) Clone() Asks {
	a.Windows = slices.Clone(a.Windows)
	return a
}
