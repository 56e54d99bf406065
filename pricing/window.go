package pricing

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// WindowKind is the shape of a span of days in which turnover counts.
type WindowKind string

// The kinds of windows. Calendar spans are of the tenant's zone and end with
// the day asked about; rolling ones are that day and those before it.
const (
	MonthWindow     WindowKind = "month"     // from the first of the month
	QuarterWindow   WindowKind = "quarter"   // from January, April, July or October
	YearWindow      WindowKind = "year"      // from 1 January
	DaysWindow      WindowKind = "days"      // the last Days days
	AgreementWindow WindowKind = "agreement" // from the last anniversary of the agreement's beginning
)

// Window is a span of days relative to one of them. As text it is "month",
// "quarter", "year", "days:90" or "agreement:A1".
type Window struct {
	Kind WindowKind
	// Days of a rolling window, 1 to 3660, the day asked about included.
	Days int
	// Agreement of an agreement year.
	Agreement partner.AgreementID
}

// ErrWindow refuses what is no window.
var ErrWindow = fault.Define(fault.Invalid, "pricing.no_window", "not a window of turnover: month, quarter, year, days:N or agreement:ID")

const maxWindowDays = 3660

// ParseWindow reads what String writes. Anything else is ErrWindow (Invalid,
// pricing.no_window).
func ParseWindow(text string) (Window, error) {
	kind, rest, has := strings.Cut(text, ":")
	w := Window{Kind: WindowKind(kind)}
	switch w.Kind {
	case MonthWindow, QuarterWindow, YearWindow:
		if !has {
			return w, nil
		}
	case DaysWindow:
		n, err := strconv.Atoi(rest)
		if err == nil && n >= 1 && n <= maxWindowDays && strconv.Itoa(n) == rest {
			w.Days = n
			return w, nil
		}
	case AgreementWindow:
		if rest != "" {
			w.Agreement = partner.AgreementID(rest)
			return w, nil
		}
	}
	return Window{}, ErrWindow
}

// String writes the window as ParseWindow reads it.
func (w Window) String() string {
	switch w.Kind {
	case DaysWindow:
		return fmt.Sprintf("%s:%d", w.Kind, w.Days)
	case AgreementWindow:
		return fmt.Sprintf("%s:%s", w.Kind, w.Agreement)
	}
	return string(w.Kind)
}

// MarshalText and UnmarshalText make a window a text in JSON.
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what ParseWindow reads.
func (w *Window) UnmarshalText(text []byte) error {
	v, err := ParseWindow(string(text))
	if err != nil {
		return err
	}
	*w = v
	return nil
}

// Start returns the first day of the window that ends with day. begun is the
// first day of the agreement, for agreement years; a window of one that has not
// begun starts with the day itself.
func (w Window) Start(day, begun partner.Date) partner.Date {
	switch w.Kind {
	case MonthWindow:
		return date(day.Year(), day.Month(), 1)
	case QuarterWindow:
		return date(day.Year(), day.Month()-(day.Month()-1)%3, 1)
	case YearWindow:
		return date(day.Year(), time.January, 1)
	case DaysWindow:
		return day.AddDays(1 - w.Days)
	case AgreementWindow:
		if begun.IsZero() || day.Before(begun) {
			return day
		}
		start := anniversary(begun, day.Year())
		if day.Before(start) {
			start = anniversary(begun, day.Year()-1)
		}
		return start
	}
	return day
}

// anniversary is the day of another year; 29 February becomes 1 March.
func anniversary(d partner.Date, year int) partner.Date {
	if a, err := partner.NewDate(year, d.Month(), d.Day()); err == nil {
		return a
	}
	return date(year, time.March, 1)
}

func date(year int, month time.Month, day int) partner.Date {
	d, _ := partner.NewDate(year, month, day)
	return d
}
