package catalog

import (
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/internal/clock"
)

// Age returns how old the figure is. It is never negative: a source whose
// clock is ahead of ours gives 0.
func (a Availability) Age(now time.Time) time.Duration { return max(now.Sub(a.At), 0) }

// sameFigure reports whether only the time of the snapshot differs.
func (a Availability) sameFigure(b Availability) bool {
	return a.OnHand == b.OnHand && a.Next.Equal(b.Next)
}

func (a Availability) check(is *fault.Issues, path string) {
	check.Need(is, fault.Join(path, "product"), string(a.Product), maxText)
	if a.At.IsZero() {
		is.Add(fault.Join(path, "at"), "required", "is missing")
	}
}

func (a Availability) normal() Availability {
	a.At, a.Next = cut(a.At), cut(a.Next)
	return a
}

func cut(t time.Time) time.Time { return clock.Cut(t) }
