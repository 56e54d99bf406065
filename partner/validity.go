package partner

import "github.com/comptoir-go/comptoir/fault"

// Covers reports whether the day lies in the span, both ends included. The
// zero Date lies in no span, not even an open one.
func (v Validity) Covers(d Date) bool {
	if d.IsZero() {
		return false
	}
	return (v.From.IsZero() || !d.Before(v.From)) && (v.Until.IsZero() || !d.After(v.Until))
}

// check notes a span that ends before it begins.
func (v Validity) check(is *fault.Issues, path string) {
	if !v.From.IsZero() && !v.Until.IsZero() && v.Until.Before(v.From) {
		is.Add(fault.Join(path, "until"), "validity.order", "ends before it begins")
	}
}
