package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp/memerp"
)

// newCashCrash is newCrashing for all operations, the puller's too.
func newCashCrash(t testing.TB, up setup, after int) *crashing {
	c := newCrashing(t, up, after)
	for _, op := range allOps {
		c.books.Fail(op, 1000, memerp.Slow(time.Second))
	}
	return c
}

// rest lets relay, puller and person work; when the process dies on the way, a
// new one takes over.
func (c *crashing) rest() {
	if c.died {
		c.settled()
		return
	}
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	c.points.stop = cancel
	for quiet, turn := 0, 0; quiet < 2; turn++ {
		require.Less(c.t, turn, 500)
		n, err := c.relay.Step(ctx)
		rows := 0
		if !c.points.dead.Load() {
			require.NoError(c.t, err)
			rows, err = c.puller.Step(ctx)
		}
		if c.points.dead.Load() {
			c.died = true
			c.points.dead.Store(false)
			c.points.after = never
			c.up.reach = nil
			c.relay, c.puller = c.newRelay(), c.newPuller()
			c.pass(2 * time.Minute)
			c.settled()
			return
		}
		require.NoError(c.t, err)
		if quiet++; n > 0 || rows > 0 || c.depth().Waiting > 0 {
			quiet = 0
		}
		if n == 0 && rows == 0 {
			c.pass(time.Minute)
		}
	}
}

// A process that dies after any call's effect, the ERP's answer or the commit,
// is followed by another one that brings everything to the same end. To die
// before a call is to have died after the one before it.
func TestCashCrashAtEveryPoint(t *testing.T) {
	for mode, stride := range map[string]int{"unique keys": 29, "idempotent keys": 97, "no keys": 41, "short ids": 71, "unique keys, here": 83, "no keys, here": 47} {
		t.Run(mode, func(t *testing.T) {
			dry := newCashCrash(t, modes[mode], never)
			cash(dry.world, dry.rest)
			points := dry.points.n
			require.Greater(t, points, 300)
			dry.inStep()
			want := dry.ledger()
			if soaking {
				stride = 1
			}
			for at := 0; at < points; at += stride {
				w := newCashCrash(t, modes[mode], at)
				cash(w.world, w.rest)
				w.inStep()
				require.Equal(t, want, w.ledger(), "dead after point %d", at)
				require.True(t, w.died)
			}
		})
	}
}
