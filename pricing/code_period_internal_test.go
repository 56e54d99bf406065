package pricing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPeriodOfByHand(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	utc := func(text string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", text)
		require.NoError(t, err)
		return at
	}
	for _, c := range []struct {
		kind                  PeriodKind
		at, name, from, until string
	}{
		{EachDay, "2026-03-28 23:00", "2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"}, // summer time begins
		{EachDay, "2026-03-28 22:59", "2026-03-28", "2026-03-27 23:00", "2026-03-28 23:00"},
		{EachWeek, "2027-01-03 12:00", "2026-W53", "2026-12-27 23:00", "2027-01-03 23:00"},
		{EachWeek, "2027-01-03 23:00", "2027-W01", "2027-01-03 23:00", "2027-01-10 23:00"},
		{EachMonth, "2026-12-31 23:30", "2027-01", "2026-12-31 23:00", "2027-01-31 23:00"},
		{EachQuarter, "2026-12-31 22:30", "2026-Q4", "2026-09-30 22:00", "2026-12-31 23:00"},
		{EachYear, "2026-06-01 00:00", "2026", "2025-12-31 23:00", "2026-12-31 23:00"},
	} {
		require.Equal(t, period{c.name, utc(c.from), utc(c.until)}, periodOf(c.kind, utc(c.at), paris), "%s %s", c.kind, c.at)
	}
}

// Periods follow one another without gap, and an instant lies in its own.
func TestPeriodsTileTime(t *testing.T) {
	zone := time.FixedZone("", 19800)
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom([]PeriodKind{EachDay, EachWeek, EachMonth, EachQuarter, EachYear}).Draw(t, "kind")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()
		p := periodOf(k, at, zone)
		next := periodOf(k, p.until, zone)
		if at.Before(p.from) || !at.Before(p.until) || next.from != p.until || next.name <= p.name {
			t.Fatalf("%s of %s: %v, then %v", k, at, p, next)
		}
		if last := periodOf(k, p.until.Add(-1), zone); last != p {
			t.Fatalf("%v and %v", last, p)
		}
	})
}

// Reservations of a campaign lapse at few instants, so that counts stay small,
// and never before their time.
func TestHoldsLapseAtFewInstants(t *testing.T) {
	for _, hold := range []time.Duration{minHold, 7 * time.Minute, defaultHold, maxHold} {
		c := Campaign{Hold: hold}
		seen := map[time.Time]bool{}
		start := time.Date(2026, 3, 2, 9, 0, 17, 0, time.UTC)
		for i := range 20_000 {
			now := start.Add(time.Duration(i) * hold / 20_000)
			until := c.holdUntil(now)
			require.False(t, until.Before(now.Add(hold)))
			require.True(t, until.Before(now.Add(hold+max(time.Minute, hold/holdFraction))))
			seen[until] = true
		}
		require.LessOrEqual(t, len(seen), 2*holdFraction)
	}
}
