package erpsync_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erpsync"
)

// Nothing is well before it was seen to be, however far what lags may lag.
func TestHealthIsNotOKBeforeAnybodyRan(t *testing.T) {
	w := newWorld(t, setup{})
	s := w.schedule("one", nil)
	ok := func() bool {
		h, err := s.Health(w.ctx)
		require.NoError(t, err)
		return h.OK(time.Hour)
	}
	require.False(t, ok())
	_, err := s.Step(w.ctx)
	require.NoError(t, err)
	require.True(t, ok())
}

// What fails when parked changes are tried again is shown like any stream.
func TestHealthShowsWhatFailsOfParkedChanges(t *testing.T) {
	w := newWorld(t, setup{})
	here := w.schedule("one", nil)
	shown := 0
	for n := range 60 {
		w.pass(30 * time.Minute)
		st := &shy{w.store, n}
		_, err := erpsync.NewSchedule(tenant, st, w.allBooks(w.store), w.client, &erpsync.ScheduleOptions{Now: w.clock}).Step(w.ctx)
		at := stream(t, here, erpsync.Parked)
		if err == nil || at.Failures == 0 {
			continue
		}
		shown++
		require.Contains(t, at.Cause, errShy.Error())
		h, err := here.Health(w.ctx)
		require.NoError(t, err)
		require.False(t, h.OK(24*time.Hour))
		w.pass(30 * time.Minute)
		_, err = here.Step(w.ctx)
		require.NoError(t, err)
		require.Zero(t, stream(t, here, erpsync.Parked).Failures)
	}
	require.Positive(t, shown)
}
