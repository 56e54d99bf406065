package erptest_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/erptest"
)

// Lanes run at the same time, the cases of one after each other, and what looks
// at all of them at the end. The report is that of one lane.
func TestLanes(t *testing.T) {
	plain := erptest.Run(t, harness(nil))
	lane := func(name string) string {
		if strings.HasPrefix(name, "p") {
			return "p"
		}
		return "others"
	}
	var busy sync.Map // *atomic.Int32 by lane
	var met sync.WaitGroup
	met.Add(2)
	var once sync.Map // lanes that came
	under := func() (n int32) {
		busy.Range(func(_, v any) bool { n += v.(*atomic.Int32).Load(); return true })
		return n
	}
	h := harness(nil)
	h.Lane = lane
	h.New = func(t *testing.T) erptest.Subject {
		name := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
		if name == "goroutines" || name == "secrets" {
			require.Zero(t, under(), "%s is not alone", name)
			return inMemory(nil)
		}
		n, _ := busy.LoadOrStore(lane(name), new(atomic.Int32))
		require.EqualValues(t, 1, n.(*atomic.Int32).Add(1), "two cases of one lane at once")
		t.Cleanup(func() { n.(*atomic.Int32).Add(-1) })
		if _, came := once.LoadOrStore(lane(name), true); !came {
			met.Done()
			both := make(chan struct{})
			go func() { met.Wait(); close(both) }()
			select {
			case <-both:
			case <-time.After(time.Minute):
				t.Fatal("the other lane does not begin")
			}
		}
		return inMemory(nil)
	}
	rep := erptest.Run(t, h)
	require.Empty(t, rep.Failed)
	require.Equal(t, plain.Held, rep.Held)
	require.Equal(t, plain.Skipped, rep.Skipped)
}
