package erpsync_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/erpsync"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// stalled runs a story in which the first relay falls asleep within its nth
// call of the ERP: its lease runs out, meanwhile is called, another relay does
// what is due, and only then the first one goes on.
func stalled(t *testing.T, up setup, nth int, meanwhile func(*world)) (w *world, slept func() bool) {
	w = newWorld(t, up)
	for _, op := range ops {
		w.books.Fail(op, 100, memerp.Slow(time.Second))
	}
	calls, asleep := 0, false
	w.atERP = func(context.Context) error {
		if calls++; calls != nth {
			return nil
		}
		asleep = true
		w.pass(2 * time.Minute)
		meanwhile(w)
		other := w.newRelay()
		for range 3 {
			_, err := other.Step(w.ctx)
			require.NoError(t, err)
		}
		return nil
	}
	return w, func() bool { return asleep }
}

// Two relays on one delivery, at every call of the ERP: one document, one end.
func TestStalledRelayAtEveryCall(t *testing.T) {
	for way, up := range ways {
		t.Run(way, func(t *testing.T) {
			for name, tell := range stories {
				if way != usual && name == "rejected" && !soaking {
					continue
				}
				dry := newWorld(t, up)
				want := dry.outcome(tell(dry, dry.settle))
				for nth := 1; ; nth++ {
					w, slept := stalled(t, up, nth, func(*world) {})
					got := w.outcome(tell(w, w.settle))
					if !slept() {
						break
					}
					require.Equal(t, want, got, "%s, asleep in call %d", name, nth)
				}
			}
		})
	}
}

// The order is withdrawn while a relay sleeps in the middle of its push, and
// another relay works the withdrawal: the sleeper leaves nothing behind.
func TestWithdrawnWhileARelaySleeps(t *testing.T) {
	for way, up := range ways {
		for _, remove := range []bool{false, true} {
			t.Run(way, func(t *testing.T) {
				for nth := 1; ; nth++ {
					var id order.ID
					w, slept := stalled(t, up, nth, func(w *world) {
						if remove {
							w.remove(id)
						} else {
							w.fire(buyer, id, order.Cancel)
						}
					})
					id = w.place()
					w.settle()
					if !slept() {
						break
					}
					for _, d := range w.twins(id) {
						require.Equal(t, erp.StateCancelled, d.State, "asleep in call %d", nth)
					}
				}
			})
		}
	}
}

// An order is revised and validated while its first push is under way: what was
// sent is not confirmed, the revision is.
func TestValidatedWhileAnOlderRevisionIsSent(t *testing.T) {
	for way, up := range ways {
		t.Run(way, func(t *testing.T) {
			for nth := 1; ; nth++ {
				w, calls, done := newWorld(t, up), 0, false
				var id order.ID
				for _, op := range ops {
					w.books.Fail(op, 100, memerp.Slow(time.Second))
				}
				w.atERP = func(context.Context) error {
					if calls++; calls == nth {
						done = true
						w.revise(id, 3)
						w.validate(id)
					}
					return nil
				}
				id = w.place()
				w.step()
				if !done {
					break
				}
				w.settle()
				require.Empty(t, w.letters(), "in call %d", nth)
				require.Empty(t, w.get(id).ERP.Problem, "in call %d", nth)
				w.agree(id)
				require.Equal(t, erp.StateConfirmed, w.twin(id).State, "in call %d", nth)
			}
		})
	}
}

func TestTheSleepersVerdictIsLost(t *testing.T) {
	w, slept := stalled(t, setup{}, 2, func(*world) {})
	id := w.place()
	w.settle()
	require.True(t, slept())
	w.agree(id)
	var verdicts []erpsync.Verdict
	for _, h := range w.drain() {
		verdicts = append(verdicts, h.Verdict)
	}
	require.Equal(t, []erpsync.Verdict{erpsync.Done, erpsync.Lost}, verdicts, "the fencing token lets only the newest claim settle")
}

// A batch that took longer than its lease is not worked any further, and what
// is left of it is given back.
func TestDeliveriesWhoseLeaseIsOverAreLeftAlone(t *testing.T) {
	w := newWorld(t, setup{})
	for _, op := range ops {
		w.books.Fail(op, 1, memerp.Slow(time.Second))
	}
	w.atERP = func(context.Context) error { w.pass(2 * time.Minute); return nil }
	ids := []order.ID{w.place(), w.place(), w.place()}
	require.Equal(t, 3, w.step())
	require.Len(t, w.books.Orders(), 1)
	require.Equal(t, []erpsync.Verdict{erpsync.Done, erpsync.Released, erpsync.Released}, verdictsOf(w.drain()))
	w.settle()
	for _, id := range ids {
		w.agree(id)
	}
}

func verdictsOf(hs []erpsync.Handled) (out []erpsync.Verdict) {
	for _, h := range hs {
		out = append(out, h.Verdict)
	}
	return out
}

// Many relays race for one queue.
func TestManyRelaysOnOneQueue(t *testing.T) {
	for _, keys := range []memerp.Keys{memerp.UniqueKeys, memerp.IdempotentKeys} {
		w := newWorld(t, setup{books: memerp.Options{Keys: keys}, relay: erpsync.Options{Batch: 3}})
		var ids []order.ID
		for range 24 {
			ids = append(ids, w.place())
		}
		for _, id := range ids[:12] {
			w.validate(id)
		}
		var wg sync.WaitGroup
		for range 6 {
			relay := w.newRelay()
			wg.Go(func() {
				for range 50 {
					if _, err := relay.Step(w.ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		w.settle()
		for i, id := range ids {
			w.agree(id)
			require.Equal(t, i < 12, w.get(id).State == order.Confirmed)
		}
		require.Len(t, w.books.Orders(), len(ids))
	}
}
