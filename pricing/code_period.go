package pricing

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/partner"
)

// PeriodKind is a calendar period of the tenant's zone.
type PeriodKind string

// The periods. Weeks are those of ISO 8601, from Monday.
const (
	EachDay     PeriodKind = "day"
	EachWeek    PeriodKind = "week"
	EachMonth   PeriodKind = "month"
	EachQuarter PeriodKind = "quarter"
	EachYear    PeriodKind = "year"
)

func (k PeriodKind) known() bool {
	switch k {
	case EachDay, EachWeek, EachMonth, EachQuarter, EachYear:
		return true
	}
	return false
}

// period is one calendar period: its name and the instants that bound it, the
// second excluded.
type period struct {
	name        string
	from, until time.Time
}

// periodOf is the period that an instant lies in.
func periodOf(k PeriodKind, at time.Time, zone *time.Location) period {
	day := partner.DateOf(at, zone)
	y, m, d := day.Year(), day.Month(), day.Day()
	midnight := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, zone).UTC() }
	switch k {
	case EachDay:
		return period{day.String(), midnight(y, m, d), midnight(y, m, d+1)}
	case EachWeek:
		noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
		year, week := noon.ISOWeek()
		monday := d - (int(noon.Weekday())+6)%7
		return period{fmt.Sprintf("%04d-W%02d", year, week), midnight(y, m, monday), midnight(y, m, monday+7)}
	case EachMonth:
		return period{fmt.Sprintf("%04d-%02d", y, m), midnight(y, m, 1), midnight(y, m+1, 1)}
	case EachQuarter:
		first := m - (m-1)%3
		return period{fmt.Sprintf("%04d-Q%d", y, (m+2)/3), midnight(y, first, 1), midnight(y, first+3, 1)}
	}
	return period{fmt.Sprintf("%04d", y), midnight(y, time.January, 1), midnight(y+1, time.January, 1)}
}
