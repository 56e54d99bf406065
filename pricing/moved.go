package pricing

import (
	"strconv"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

// Moved says that a basket quoted again no longer costs what was offered. It
// is a Conflict (pricing.moved), errors.Is ErrMoved: show the changes, and
// offer Fresh.
type Moved struct {
	// Changes is never empty.
	Changes []Change `json:"changes"`
	// Fresh is the quote as it is now.
	Fresh Quote `json:"fresh"`
}

// Unmoved compares the quote offered with one made again of the same basket.
// It returns nil when lines and figures are the same, else *Moved.
func Unmoved(offered, fresh Quote) error {
	if changes := Diff(offered, fresh); len(changes) > 0 {
		return &Moved{Changes: changes, Fresh: fresh}
	}
	return nil
}

// movedShown is how many changes the message spells out.
const movedShown = 5

// Error spells out the first five changes and counts the rest.
func (m *Moved) Error() string {
	var b strings.Builder
	b.WriteString(ErrMoved.Error())
	for i, c := range m.Changes {
		if i == movedShown {
			b.WriteString("; and " + strconv.Itoa(len(m.Changes)-i) + " more")
			break
		}
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(c.String())
	}
	return b.String()
}

// FaultKind implements fault.Faulty.
func (m *Moved) FaultKind() fault.Kind { return ErrMoved.FaultKind() }

// FaultCode implements fault.Faulty.
func (m *Moved) FaultCode() string { return ErrMoved.FaultCode() }

// Unwrap returns ErrMoved.
func (m *Moved) Unwrap() error { return ErrMoved }
