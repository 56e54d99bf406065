package pricing

import (
	"cmp"
	"slices"
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

// standing are the places of the sound records that are known at an instant and
// that keep wants, by when they begin.
func standing(spans []Span, known time.Time, keep func(i int) bool) []int {
	var out []int
	for i, s := range spans {
		if !known.Before(s.Known) && (s.Gone.IsZero() || known.Before(s.Gone)) && s.sound() && keep(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(spans[a].From.Compare(spans[b].From), a-b) })
	return out
}

// turns are the instants from one of which to the next the same records are known.
func turns(spans []Span) []time.Time {
	out := []time.Time{{}}
	for _, s := range spans {
		out = append(out, s.Known, s.Gone)
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// join is the time in which some of the records at places hold, in pieces; places
// are ordered by when they begin.
func join(spans []Span, places []int) []Span {
	var out []Span
	for _, i := range places {
		s := spans[i]
		if n := len(out); n > 0 && (out[n-1].Until.IsZero() || !s.From.After(out[n-1].Until)) {
			if last := &out[n-1]; !last.Until.IsZero() && (s.Until.IsZero() || s.Until.After(last.Until)) {
				last.Until = s.Until
			}
			continue
		}
		out = append(out, Span{From: s.From, Until: s.Until})
	}
	return out
}

// gaps are the places of records behind a gap: one holds before, and one is known
// before, but none in between; or what was taken back at an instant is followed by
// records the first of which begins later. Behind one gap there is one place.
func gaps(spans []Span) map[int]bool {
	out := map[int]bool{}
	some, gap := false, false
	for _, known := range turns(spans) {
		here := standing(spans, known, func(int) bool { return true })
		if len(here) == 0 {
			gap = some
			continue
		}
		if gap || known.Before(spans[here[0]].From) && heldUntil(spans, known) {
			out[here[0]] = true
		}
		some, gap = true, false
		for n, piece := range join(spans, here) {
			if n > 0 {
				out[here[slices.IndexFunc(here, func(i int) bool { return spans[i].From.Equal(piece.From) })]] = true
			}
		}
	}
	return out
}

// heldUntil reports whether some sound record held, and was known, just before an
// instant.
func heldUntil(spans []Span, at time.Time) bool {
	return slices.ContainsFunc(spans, func(s Span) bool {
		return s.sound() && s.From.Before(at) && (s.Until.IsZero() || !s.Until.Before(at)) && s.Known.Before(at) && (s.Gone.IsZero() || !s.Gone.Before(at))
	})
}

// sound is check without words.
func (s Span) sound() bool {
	var is fault.Issues
	s.check(&is, "")
	return len(is) == 0
}
