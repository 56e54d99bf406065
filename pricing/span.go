package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Span says when a term holds and since when that is known. The two times are
// apart, so that a term may be corrected backwards and what was calculated
// before the correction is still calculated as it was then. A zero end is
// open.
type Span struct {
	// From is included, Until excluded.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Known is when the term was recorded, Gone when it was superseded: it
	// counts for who asks as of Known and no longer for who asks as of Gone.
	Known time.Time `json:"known,omitzero"`
	Gone  time.Time `json:"gone,omitzero"`
}

// Covers reports whether the term holds at the instant valid, as it was known
// at the instant known. A zero known asks for the latest knowledge, which is
// every term that was not superseded.
func (s Span) Covers(valid, known time.Time) bool {
	if valid.Before(s.From) || !s.Until.IsZero() && !valid.Before(s.Until) {
		return false
	}
	if known.IsZero() {
		return s.Gone.IsZero()
	}
	return !known.Before(s.Known) && (s.Gone.IsZero() || known.Before(s.Gone))
}

// check notes ends that are not after their beginnings, under "until" and
// "gone".
func (s Span) check(is *fault.Issues, path string) {
	if !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until) {
		is.Add(fault.Join(path, "until"), issueWindow, "ends before it begins")
	}
	if !s.Known.IsZero() && !s.Gone.IsZero() && !s.Known.Before(s.Gone) {
		is.Add(fault.Join(path, "gone"), issueWindow, "is superseded before it is known")
	}
}
