package storetest

import (
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/store"
)

// shop is a store that several cases share, each in tenants of its own.
type shop struct {
	tb    testing.TB
	h     Harness
	clock *fakeClock
	store store.Store
	n     int
}

func (s *shop) options() Options { return Options{Now: s.clock.now, Wait: 2 * time.Second} }

// close closes the store, if there is one.
func (s *shop) close() {
	if s != nil && s.store != nil {
		closeInTime(s.tb, s.store)
		s.store = nil
	}
}

// closeInTime closes a store; one that a failed case left in use does not
// hold up the run.
func closeInTime(t testing.TB, s store.Store) {
	t.Helper()
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	select {
	case err := <-closed:
		if err != nil {
			t.Errorf("closing the store: %v", err)
		}
	case <-limit.C:
		t.Errorf("closing the store has not ended after 30 s")
	}
}
