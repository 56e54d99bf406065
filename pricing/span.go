package pricing

import (
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// Span says when a record of a tariff holds, and when it was known. A record is
// never changed or deleted: what replaces it is recorded beside it, and it is
// marked as gone. So every price can be found again as it was at any instant,
// and as it was known at any instant.
type Span struct {
	// From is included, Until excluded; zero is open.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Known is when the record was made (zero: ever since), Gone when it was
	// superseded or taken back (zero: it still stands).
	Known time.Time `json:"known,omitzero"`
	Gone  time.Time `json:"gone,omitzero"`
}

// Covers reports whether the record holds at the instant valid, as known at the
// instant known; a zero known asks for what stands now.
func (s Span) Covers(valid, known time.Time) bool {
	if !s.From.IsZero() && valid.Before(s.From) || !s.Until.IsZero() && !valid.Before(s.Until) {
		return false
	}
	return s.stood(known)
}

// stood reports whether the record was known, and not superseded, at known.
func (s Span) stood(known time.Time) bool {
	if known.IsZero() {
		return s.Gone.IsZero()
	}
	return !known.Before(s.Known) && (s.Gone.IsZero() || known.Before(s.Gone))
}

// overlaps reports whether both records hold, and are known, at one instant.
func (s Span) overlaps(o Span) bool {
	return meet(s.From, s.Until, o.From, o.Until) && meet(s.Known, s.Gone, o.Known, o.Gone)
}

// meet is asked of two spans of time whose zero ends are open.
func meet(from, until, otherFrom, otherUntil time.Time) bool {
	return (until.IsZero() || otherFrom.Before(until)) && (otherUntil.IsZero() || from.Before(otherUntil))
}

// text says the ends that are set: "from 2026-01-01T00:00:00Z, gone …".
func (s Span) text() string {
	var out []string
	for _, end := range [...]struct {
		name string
		at   time.Time
	}{{"from", s.From}, {"until", s.Until}, {"known", s.Known}, {"gone", s.Gone}} {
		if !end.at.IsZero() {
			out = append(out, end.name+" "+end.at.UTC().Format(time.RFC3339Nano))
		}
	}
	return strings.Join(out, ", ")
}

// check notes spans that end before they begin.
func (s Span) check(is *fault.Issues, path string) {
	if !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until) {
		is.Add(fault.Join(path, "until"), issueWindow, "ends before it begins")
	}
	if !s.Gone.IsZero() && s.Gone.Before(s.Known) {
		is.Add(fault.Join(path, "gone"), issueWindow, "is gone before it was known")
	}
}
