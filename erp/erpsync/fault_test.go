package erpsync_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

// story is what people do; work is called wherever the relay gets its turn.
type story func(w *world, work func()) order.ID

var stories = map[string]story{
	"confirmed": func(w *world, work func()) order.ID {
		id := w.place()
		work()
		w.revise(id, 3)
		work()
		w.validate(id)
		work()
		return id
	},
	"cancelled": func(w *world, work func()) order.ID {
		id := w.place()
		work()
		w.fire(buyer, id, order.Cancel)
		work()
		return id
	},
	"deleted": func(w *world, work func()) order.ID {
		id := w.place()
		work()
		w.remove(id)
		work()
		return id
	},
	"rejected": func(w *world, work func()) order.ID {
		id := w.place()
		w.revise(id, 2)
		work()
		w.fire(buyer, id, order.Recall)
		work()
		w.fire(buyer, id, order.Submit)
		w.fire(operator, id, order.Reject)
		work()
		return id
	},
}

// soaking runs every combination, also those that hardly differ.
var soaking = os.Getenv("COMPTOIR_SOAK") == "1"

// usual is the way that is looked at the closest.
const usual = "keys and look-up"

// ways are the makes of ERP that can tell one document from two.
var ways = map[string]setup{
	usual:                   {},
	"loud wrong states":     {books: memerp.Options{LoudWrongState: true}},
	"idempotent keys":       {books: memerp.Options{Keys: memerp.IdempotentKeys}},
	"idempotent, no finder": {books: memerp.Options{Keys: memerp.IdempotentKeys, Without: []erp.Op{erp.OpFind}}},
	"no reviser":            {books: memerp.Options{Without: []erp.Op{erp.OpRevise}}},
	"a worker confirms":     {books: memerp.Options{ConfirmAfterReads: 2, NumberAfterReads: 3}},
}

// outcome is all that both sides hold in the end, but for times.
func (w *world) outcome(id order.ID) string {
	var b strings.Builder
	for _, d := range w.books.Orders() {
		fmt.Fprintf(&b, "ERP %s %s revision %d, %s gross, %q\n", d.Order.Key, d.State, d.Order.Revision, d.Totals.Gross.StringFixed(2), d.Reason)
		for _, l := range d.Order.Lines {
			fmt.Fprintf(&b, "  %s %s %s\n", l.Key, l.SKU, l.Quantity.StringFixed(4))
		}
	}
	if o, err := w.orders.Get(w.ctx, operator, id); err == nil {
		fmt.Fprintf(&b, "order %s revision %d, twin %s %q %s, sent %d, known %d, drift %s, problem %q\n", o.State, o.Revision,
			o.ERP.ID, o.ERP.Number, o.ERP.State, o.ERP.Sent, o.ERP.Revision, o.ERP.Drift, o.ERP.Problem)
		for _, e := range o.History {
			fmt.Fprintf(&b, "  %s %s %s\n", e.What, e.From, e.To)
		}
	}
	d := w.depth()
	fmt.Fprintf(&b, "waiting %d, dead %d\n", d.Waiting, d.Dead)
	return b.String()
}

var ops = []erp.Op{erp.OpPush, erp.OpFind, erp.OpRevise, erp.OpCancel, erp.OpAdvance}

// A time-out before or after the work, a refused connection and a busy ERP,
// at every single call of the relay: in the end both sides stand as if
// nothing had happened.
func TestFaultAtEveryCall(t *testing.T) {
	faults := map[string]memerp.Fault{"request lost": memerp.RequestLost, "answer lost": memerp.AnswerLost, "not sent": memerp.NotSent,
		"busy": memerp.Busy, "a rival": memerp.Rival}
	for way, up := range ways {
		t.Run(way, func(t *testing.T) {
			runs := 0
			for name, tell := range stories {
				dry := newWorld(t, up)
				want := dry.outcome(tell(dry, dry.settle))
				for _, op := range ops {
					for nth := range dry.books.Calls(op) {
						for fault, f := range faults {
							if fault == "a rival" && (op != erp.OpPush || nth > 0) {
								continue
							}
							if way != usual && (fault == "not sent" || fault == "busy" || name == "rejected") && !soaking {
								continue // hardly different there
							}
							w := newWorld(t, up)
							w.books.Fail(op, nth, memerp.Slow(time.Second))
							w.books.Fail(op, 1, f)
							require.Equal(t, want, w.outcome(tell(w, w.settle)), "%s, %s at %s %d", name, fault, op, nth+1)
							runs++
						}
					}
				}
			}
			require.Greater(t, runs, 10)
		})
	}
}

// Two faults, one after the other, at every pair of calls of the longest story.
func TestTwoFaultsAtEveryPairOfCalls(t *testing.T) {
	tell := stories["confirmed"]
	dry := newWorld(t, setup{})
	want := dry.outcome(tell(dry, dry.settle))
	for _, a := range ops {
		for _, b := range ops {
			if dry.books.Calls(a)*dry.books.Calls(b) == 0 {
				continue
			}
			for _, f := range []memerp.Fault{memerp.RequestLost, memerp.AnswerLost} {
				for _, g := range []memerp.Fault{memerp.RequestLost, memerp.AnswerLost} {
					w := newWorld(t, setup{})
					w.books.Fail(a, 1, f)
					w.books.Fail(b, 1, g)
					require.Equal(t, want, w.outcome(tell(w, w.settle)), "%s and %s", a, b)
				}
			}
		}
	}
}

// A relay that dies after any call's effect, before it learns of it, is
// followed by another one that brings everything to the same end. To die
// before a call is to have died after the one before it.
func TestCrashAtEveryPoint(t *testing.T) {
	for way, up := range ways {
		t.Run(way, func(t *testing.T) {
			for name, tell := range stories {
				if way != usual && name != "confirmed" && name != "deleted" && !soaking {
					continue // to the ERP it is one more withdrawal
				}
				dry := newCrashing(t, up, never)
				want := dry.outcome(tell(dry.world, dry.work))
				require.Greater(t, dry.points.n, 5)
				for at := 0; at < dry.points.n; at++ {
					w := newCrashing(t, up, at)
					require.Equal(t, want, w.outcome(tell(w.world, w.work)), "%s, dead after point %d", name, at)
					require.True(t, w.died)
				}
			}
		})
	}
}

// A crash while the order is on its way, and the order is gone before the next
// relay comes: nothing stands in the ERP.
func TestCrashThenWithdrawn(t *testing.T) {
	for way, up := range ways {
		t.Run(way, func(t *testing.T) {
			for _, delete := range []bool{false, true} {
				for at := 0; ; at++ {
					w := newCrashing(t, up, at)
					w.pause = true
					id := w.place()
					if slices.Contains(w.up.books.Without, erp.OpRevise) {
						w.validate(id)
					}
					w.work()
					if !w.died {
						break
					}
					switch o := w.get(id); {
					case o.State == order.Confirmed:
						continue
					case delete && o.Editable():
						w.remove(id)
					case o.Editable():
						w.fire(buyer, id, order.Cancel)
					default:
						w.fire(admin, id, order.Cancel)
					}
					w.settle()
					require.LessOrEqual(t, len(w.twins(id)), 1)
					for _, d := range w.twins(id) {
						if d.State == erp.StateCancelled {
							continue
						}
						// What the ERP does not let go, or what cannot be found
						// there, is for a person, and not forgotten.
						require.True(t, d.State == erp.StateConfirmed || slices.Contains(w.up.books.Without, erp.OpFind), "%s stands in the ERP", d.State)
						require.EqualValues(t, 1, w.depth().Dead)
					}
				}
			}
		})
	}
}

// crashing is a world whose relay dies once and is replaced.
type crashing struct {
	*world
	points *points
	died   bool
	pause  bool // after the death somebody else does the rest
}

// never is no point of a relay's life.
const never = -1

func newCrashing(t testing.TB, up setup, after int) *crashing {
	p := &points{after: after}
	up.reach = p
	c := &crashing{points: p}
	c.world = newWorld(t, up)
	for _, op := range ops {
		c.books.Fail(op, 100, memerp.Slow(time.Second))
	}
	c.atERP = func(context.Context) error { return p.pass(nil) }
	return c
}

// work settles; when the relay dies on the way, the lease runs out and a new
// relay takes over.
func (c *crashing) work() {
	if c.died {
		c.settle()
		return
	}
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	c.points.stop = cancel
	for turn := 0; c.depth().Waiting > 0; turn++ {
		require.Less(c.t, turn, 500)
		n, err := c.relay.Step(ctx)
		if c.points.dead.Load() {
			c.died = true
			c.points.dead.Store(false)
			c.points.after = never
			c.up.reach = nil
			c.relay = c.newRelay()
			c.pass(2 * time.Minute)
			if c.pause {
				return
			}
			c.settle()
			return
		}
		require.NoError(c.t, err)
		if n == 0 {
			c.pass(time.Minute)
		}
	}
}
