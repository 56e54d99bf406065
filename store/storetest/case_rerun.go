package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func rerunCases() []Case {
	return []Case{
		{"rerun/every_point", "a passing failure at any statement or at commit runs the closure again; the outcome is that of a run without failure, events once", rerunEveryPoint},
		{"rerun/lost_answer", "a commit whose answer is lost for good is uow.ErrUnknown, its effect is there once and the closure does not run again", rerunLostAnswer},
		{"rerun/hard_failure", "a lasting failure at any statement or before commit is answered and leaves nothing behind", rerunHardFailure},
		{"rerun/swallowed", "a failure that the closure swallows does not commit what is left", rerunSwallowed},
		{"rerun/view", "a View runs again as well", rerunView},
		{"rerun/budget", "when the failures do not pass, the answer is uow.ErrBusy within the bounds, nothing is left behind", rerunBudget},
	}
}

func rerunEveryPoint(e *env) {
	b := newBench(e)
	seen, want, events := b.dry(place)
	e.Logf("points: %v", seen)
	e.true(len(seen) >= 4, "only %d points in a transaction: %v", len(seen), seen)
	tried := 0
	for call, point := range seen {
		if point == PointCommitAfter {
			continue
		}
		tried++
		sound, faulty := b.fresh()
		b.arm(call, ErrInjected, false)
		runs := 0
		err := faulty.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			runs++
			return place(ctx, tx)
		})
		where := fmt.Sprintf("after a failure at point %d, %s", call, point)
		if err != nil {
			e.Fatalf("%s: %v", where, err)
		}
		e.true(runs == 2 || runs == 1 && call == 0, "%s the closure ran %d times", where, runs)
		e.unchanged(sound, want, where)
		e.same(e.drain(sound, event.Facts), events, "events "+where)
	}
	e.true(tried > 0, "no point to fail at")
}

func rerunLostAnswer(e *env) {
	b := newBench(e)
	seen, want, events := b.dry(place)
	tried := 0
	for call, point := range seen {
		if point != PointCommitAfter {
			continue
		}
		tried++
		sound, faulty := b.fresh()
		b.arm(call, ErrInjected, false)
		runs := 0
		err := faulty.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			runs++
			return place(ctx, tx)
		})
		e.is(err, uow.ErrUnknown, "a lost answer")
		e.true(runs == 1, "the closure ran %d times, want once", runs)
		e.unchanged(sound, want, "after a lost answer")
		e.same(e.drain(sound, event.Facts), events, "events after a lost answer")
	}
	e.true(tried > 0, "the transaction has no point %s: %v", PointCommitAfter, seen)
}

var errHard = errors.New("a lasting failure")

func rerunHardFailure(e *env) {
	b := newBench(e)
	seen, _, _ := b.dry(place)
	for call, point := range seen {
		if point == PointCommitAfter {
			continue
		}
		sound, faulty := b.fresh()
		before := e.dump(sound)
		b.arm(call, errHard, false)
		runs := 0
		err := faulty.Update(e.ctx, func(ctx context.Context, tx store.Tx) error {
			runs++
			return place(ctx, tx)
		})
		where := fmt.Sprintf("after a lasting failure at point %d, %s", call, point)
		e.true(errors.Is(err, errHard), "%s: got %v", where, err)
		e.true(runs <= 1, "%s the closure ran %d times", where, runs)
		e.unchanged(sound, before, where)
	}
}

func rerunSwallowed(e *env) {
	b := newBench(e)
	swallow := func(ctx context.Context, tx store.Tx) error {
		_ = place(ctx, tx)
		return nil
	}
	seen, want, _ := b.dry(swallow)
	for call, point := range seen {
		if point == PointCommitAfter {
			continue
		}
		where := fmt.Sprintf("after a swallowed failure at point %d, %s", call, point)
		sound, faulty := b.fresh()
		b.arm(call, ErrInjected, false)
		if err := faulty.Update(e.ctx, swallow); err != nil {
			e.Fatalf("%s: %v", where, err)
		}
		e.unchanged(sound, want, where)

		sound, faulty = b.fresh()
		before := e.dump(sound)
		b.arm(call, errHard, false)
		err := faulty.Update(e.ctx, swallow)
		e.true(errors.Is(err, errHard), "%s that lasts: got %v", where, err)
		e.unchanged(sound, before, where+" that lasts")
	}
}

func rerunView(e *env) {
	b := newBench(e)
	sound, faulty := b.fresh()
	want := e.dump(sound)
	var got string
	look := func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Carts().Get(ctx, "c0001")
		if err != nil {
			return err
		}
		list, err := tx.Orders().Find(ctx, order.Query{Page: uow.PageRequest{Count: true}})
		if err != nil {
			return err
		}
		got = fmt.Sprint(c.Version, len(list.Rows), list.Total.N)
		return nil
	}
	b.arm(-1, nil, false)
	e.view(faulty, look)
	seen, sane := b.points.seen, got
	for call, point := range seen {
		b.arm(call, ErrInjected, false)
		got = ""
		if err := faulty.View(e.ctx, look); err != nil {
			e.Fatalf("View with a failure at point %d, %s: %v", call, point, err)
		}
		e.true(got == sane, "View with a failure at %s read %q, want %q", point, got, sane)
		b.arm(call, errHard, false)
		err := faulty.View(e.ctx, look)
		e.true(errors.Is(err, errHard), "View with a lasting failure at %s: got %v", point, err)
	}
	e.unchanged(sound, want, "after Views")
}

func rerunBudget(e *env) {
	b := newBench(e)
	seen, _, _ := b.dry(place)
	// At the first statement and at the last point before the commit.
	tried := map[string]bool{}
	for call, point := range seen {
		if point == PointCommitAfter || tried[point] || call != 1 && call < len(seen)-2 {
			continue
		}
		tried[point] = true
		sound, faulty := b.fresh()
		before := e.dump(sound)
		b.arm(call, ErrInjected, true)
		err := faulty.Update(e.ctx, place)
		e.is(err, uow.ErrBusy, "failures that do not pass from point "+point+" on")
		e.kind(err, fault.Unavailable, "failures that do not pass")
		e.unchanged(sound, before, "after failures that do not pass")
	}
	e.true(len(tried) >= 2, "tried only %v", tried)
}
