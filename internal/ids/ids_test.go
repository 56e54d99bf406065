package ids_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
)

func TestV7HasItsShapeAndSortsByTime(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	last := ""
	for range 1000 {
		id := ids.V7(at)
		require.Regexp(t, shape, id)
		require.False(t, seen[id])
		seen[id] = true
		at = at.Add(time.Millisecond)
		require.Greater(t, id, last)
		last = id
	}
}

func TestDefaults(t *testing.T) {
	require.Equal(t, "x", ids.Or(func() string { return "x" }, nil)())
	require.Len(t, ids.Or(nil, nil)(), 36)
	require.True(t, clock.Cut(time.Time{}).IsZero())
	now := clock.Or(nil)()
	require.Equal(t, time.UTC, now.Location())
	require.Zero(t, now.Nanosecond()%1000)
}
