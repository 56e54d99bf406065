package pricing

// Asking is a pricer that says which facts its rules ask for.
type Asking interface{ Asks() Asks }

// IsZero reports whether nothing is asked for.
func (a Asks) IsZero() bool { return len(a.Windows) == 0 && !a.First && !a.Attended }
