package erpsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/comptoir-go/comptoir/erp"
	"github.com/comptoir-go/comptoir/erp/memerp"
	"github.com/comptoir-go/comptoir/order"
)

var troubles = []memerp.Fault{memerp.NotSent, memerp.RequestLost, memerp.AnswerLost, memerp.Busy, memerp.BadLogin, memerp.Rival,
	memerp.Refuse("not today"), memerp.Ask("really?"), memerp.Slow(time.Second)}

// trouble is a world in which people and faults do as they like.
type trouble struct {
	*world
	ids  []order.ID
	gone map[order.ID]bool // deleted
}

func (w *trouble) pick(t *rapid.T) order.ID {
	if len(w.ids) == 0 {
		t.Skip("no order yet")
	}
	id := rapid.SampledFrom(w.ids).Draw(t, "order")
	if w.gone[id] {
		t.Skip("deleted")
	}
	return id
}

func (w *trouble) begin(t *rapid.T) {
	if len(w.ids) == 4 {
		t.Skip("a handful is enough")
	}
	w.ids = append(w.ids, w.place())
}

func (w *trouble) change(t *rapid.T) {
	id := w.pick(t)
	if !w.get(id).Editable() {
		t.Skip("frozen")
	}
	w.revise(id, rapid.Int64Range(1, 9).Draw(t, "quantity"))
}

func (w *trouble) fires(t *rapid.T) {
	id := w.pick(t)
	on := rapid.SampledFrom([]order.Trigger{order.Submit, order.Recall, order.Validate, order.Validate, order.Reject, order.Cancel}).Draw(t, "trigger")
	// What the life cycle refuses is no matter here.
	_, _ = w.orders.Advance(w.ctx, admin, order.AdvanceInput{Order: id, On: on, Reason: "because"})
}

func (w *trouble) deletes(t *rapid.T) {
	id := w.pick(t)
	if w.orders.Delete(w.ctx, buyer, order.DeleteInput{Order: id}) == nil {
		w.gone[id] = true
	}
}

func (w *trouble) fails(t *rapid.T) {
	op := rapid.SampledFrom(ops).Draw(t, "op")
	w.books.Fail(op, rapid.IntRange(1, 3).Draw(t, "times"), rapid.SampledFrom(troubles).Draw(t, "fault"))
}

func (w *trouble) works(t *rapid.T) {
	w.step()
	w.pass(time.Duration(rapid.IntRange(0, 120).Draw(t, "seconds")) * time.Second)
}

// dies lets a relay die within one of its calls of the ERP.
func (w *trouble) dies(t *rapid.T) {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	after := rapid.Bool().Draw(t, "after the work")
	for _, op := range ops {
		w.books.Fail(op, 1, memerp.Slow(time.Second))
	}
	w.atERP = func(ctx context.Context) error {
		cancel()
		if after {
			return nil
		}
		return ctx.Err()
	}
	_, err := w.relay.Step(ctx)
	w.atERP = nil
	if err != nil {
		require.ErrorIs(t, err, context.Canceled)
		w.pass(2 * time.Minute)
	}
}

// logsIn is the person who mends the credentials.
func (w *trouble) logsIn(*rapid.T) { w.client.Reset() }

// check is what has to hold at any time: never a second document.
func (w *trouble) check(t *rapid.T) {
	for _, id := range w.ids {
		require.LessOrEqual(t, len(w.twins(id)), 1)
	}
}

// quiet ends all trouble and lets a person retry what is left.
func (w *trouble) quiet() {
	w.books.Heal()
	w.client.Reset()
	w.settle()
	w.retryAll()
	// What was confirmed there before it was withdrawn here is cancelled by hand.
	for range w.letters() {
		for _, id := range w.ids {
			if ds := w.twins(id); len(ds) == 1 && (w.gone[id] || w.get(id).State == order.Cancelled) {
				w.books.Cancel(ds[0].ID, "by hand")
			}
		}
		w.retryAll()
	}
}

// Any finite sequence of faults, then quiet: one document for every live
// order, equal to the cent, and none standing for the others.
func TestLawFaultsThenQuiet(t *testing.T) {
	for name, up := range map[string]setup{usual: {}, "idempotent keys": ways["idempotent keys"], "a worker confirms": ways["a worker confirms"]} {
		if name != usual && !soaking {
			continue
		}
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				w := &trouble{world: newWorld(t, up), gone: map[order.ID]bool{}}
				rt.Repeat(map[string]func(*rapid.T){
					"": w.check, "begin": w.begin, "change": w.change, "fires": w.fires, "deletes": w.deletes,
					"fails": w.fails, "works": w.works, "works on": w.works, "dies": w.dies, "logs in": w.logsIn,
				})
				w.quiet()
				require.Zero(rt, w.depth())
				for _, id := range w.ids {
					if w.gone[id] {
						w.ended(rt, id)
						continue
					}
					switch o := w.get(id); o.State {
					case order.Awaiting, order.Confirmed:
						w.agree(id)
						require.Empty(rt, o.ERP.Problem)
					case order.Rejected, order.Cancelled:
						w.ended(rt, id)
					case order.Draft: // recalled: what is there is brought up to date when it is submitted
					default:
						rt.Fatalf("%s was left %s", o.Ref, o.State)
					}
				}
			})
		})
	}
}

func (w *trouble) ended(t *rapid.T, id order.ID) {
	for _, d := range w.twins(id) {
		require.Equal(t, erp.StateCancelled, d.State)
	}
}
