// Package clock is the one place that names the machine's clock; everything
// else is handed a function.
package clock

import "time"

// Or returns now, or the machine's clock when now is nil. Either way the
// times are UTC and cut to microseconds, the precision every engine keeps.
func Or(now func() time.Time) func() time.Time {
	if now == nil {
		now = time.Now
	}
	return func() time.Time { return Cut(now()) }
}

// Cut brings a time to the stored form: UTC, whole microseconds, no
// monotonic reading.
func Cut(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
