package pricing

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

var weekdays = [...]Weekday{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// hours are compiled Hours, in minutes of the day.
type hours struct {
	days        [7]bool
	from, until int
}

const dayMinutes = 24 * 60

func compileHours(h *Hours) *hours {
	if h == nil {
		return nil
	}
	c := &hours{until: dayMinutes}
	for i, d := range weekdays {
		c.days[i] = len(h.Days) == 0 || slices.Contains(h.Days, d)
	}
	if m, ok := h.From.minutes(); ok {
		c.from = m
	}
	if m, ok := h.Until.minutes(); ok {
		c.until = m
	}
	return c
}

// cover reports whether an instant lies in the hours, on the clocks of a zone.
func (h *hours) cover(at time.Time, zone *time.Location) bool {
	local := at.In(zone)
	now, day := local.Hour()*60+local.Minute(), int(local.Weekday())
	if h.from < h.until {
		return h.days[day] && now >= h.from && now < h.until
	}
	// Over midnight: what is after it belongs to the day before.
	return h.days[day] && now >= h.from || h.days[(day+6)%7] && now < h.until
}

// minutes reads "08:30"; "24:00" is the end of the day.
func (c Clock) minutes() (int, bool) {
	if len(c) != 5 || c[2] != ':' {
		return 0, false
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if c[i] < '0' || c[i] > '9' {
			return 0, false
		}
	}
	m := int(c[0]-'0')*600 + int(c[1]-'0')*60 + int(c[3]-'0')*10 + int(c[4]-'0')
	return m, c[3] <= '5' && m <= dayMinutes
}

func (h *Hours) check(is *fault.Issues, path string) {
	for i, d := range h.Days {
		if !slices.Contains(weekdays[:], d) {
			is.Add(indexedPath(path+".days", i), issueHours, "%q is not one of mon, tue, wed, thu, fri, sat, sun", d)
		}
	}
	for _, f := range []struct {
		field string
		clock Clock
	}{{"from", h.From}, {"until", h.Until}} {
		if _, ok := f.clock.minutes(); f.clock != "" && !ok {
			is.Add(path+"."+f.field, issueHours, "%q is not a time of day like 08:30", f.clock)
		}
	}
	if len(h.Days) == 0 && h.From == "" && h.Until == "" {
		is.Add(path, issueHours, "says neither days nor times")
	}
	if h.From != "" && h.From == h.Until {
		is.Add(path+".until", issueHours, "is when they begin")
	}
}
