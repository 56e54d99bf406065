package pricing

import "slices"

// Asking is a pricer that says which facts its rules ask for.
type Asking interface{ Asks() Asks }

// IsZero reports whether nothing is asked for.
func (a Asks) IsZero() bool { return len(a.Windows) == 0 && !a.First && !a.Attended }

// Clone returns a copy that shares no memory with a.
func (a Asks) Clone() Asks {
	a.Windows = slices.Clone(a.Windows)
	return a
}
