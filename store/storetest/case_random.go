package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/store"
)

func randomCases() []Case {
	return []Case{
		{"random/commands", "random commands, lists and queue calls, committed and rolled back, give what the oracle gives, errors included", randomCommands},
	}
}

// act is one call inside a transaction, the same for both stores.
type act struct {
	name string
	run  func(ctx context.Context, tx store.Tx) (any, error)
}

// outcome is what a step answered: each act's value and error code, and the
// transaction's.
type outcome struct {
	values []any
	codes  []string
	err    error
}

func randomCommands(e *env) {
	seed := e.seed()
	for run := range count(2, 20) {
		r := rand.New(rand.NewPCG(seed, uint64(run)))
		oracle := e.h.Oracle(e.TB, e.options())
		e.open = append(e.open, oracle)
		d := &duel{e: e, r: r, oracle: e.of(oracle, "seller")}
		s := e.store()
		d.engine = e.of(s, "seller")
		steps := count(120, 800)
		for i := range steps {
			if r.IntN(10) < 6 {
				d.transaction()
			} else {
				d.queue()
			}
			if i%40 == 39 {
				e.same(strings.Split(e.dump(d.engine), "\n"), strings.Split(e.dump(d.oracle), "\n"), fmt.Sprintf("state after run %d, step %d", run, i))
			}
			if i == steps/2 && e.h.Reopen != nil {
				e.must(s.Close())
				s = e.h.Reopen(e.TB, s, e.options())
				e.open = append(e.open, s)
				d.engine = e.of(s, "seller")
			}
		}
		for _, topic := range []event.Topic{event.Facts, event.ERP} {
			e.clock.add(1 << 50)
			e.same(e.drain(d.engine, topic), e.drain(d.oracle, topic), "events left over in "+string(topic))
		}
		e.must(s.Close())
	}
}

// duel runs the same steps on both stores.
type duel struct {
	e              *env
	r              *rand.Rand
	oracle, engine store.Tenanted
	// held are the deliveries in hand, at the same index on both sides.
	held []held
	n    int
}

type held struct{ oracle, engine event.Delivery }

// transaction runs some acts, committed in four of five cases.
func (d *duel) transaction() {
	d.e.Helper()
	acts := d.acts()
	commit := d.r.IntN(5) > 0
	want := play(d.e, d.oracle, acts, commit)
	got := play(d.e, d.engine, acts, commit)
	names := make([]string, len(acts))
	for i, a := range acts {
		names[i] = a.name
	}
	what := fmt.Sprintf("transaction [%s], commit %v", strings.Join(names, "; "), commit)
	if clash(want.err) && clash(got.err) {
		// Which of several refusals comes first is the engine's affair.
		return
	}
	d.e.true(code(got.err) == code(want.err), "%s: got %v, the oracle %v", what, got.err, want.err)
	d.e.same(got.codes, want.codes, what+": codes")
	d.e.same(got.values, want.values, what+": values")
}

func clash(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Exists || k == fault.Conflict
}

func code(err error) string {
	if errors.Is(err, errUndo) {
		return "undone"
	}
	if err != nil && fault.CodeOf(err) == "" {
		return err.Error()
	}
	return fault.CodeOf(err)
}

// play runs the acts; an error other than NotFound ends the transaction.
func play(e *env, t store.Tenanted, acts []act, commit bool) outcome {
	var out outcome
	out.err = patient(func() error {
		return t.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			out.values, out.codes = nil, nil
			for _, a := range acts {
				v, err := a.run(ctx, tx)
				if err != nil && fault.KindOf(err) != fault.NotFound {
					return err
				}
				out.values, out.codes = append(out.values, v), append(out.codes, code(err))
			}
			if !commit {
				return errUndo
			}
			return nil
		})
	})
	return out
}
