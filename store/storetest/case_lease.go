package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

func leaseCases() []Case {
	return []Case{
		{"lease/expiry", "an event is handed out again once its lease has ended by the store's clock, not before", leaseExpiry},
		{"lease/fencing", "with a token that is no longer the newest Done, Retry, Release and Bury are event.ErrLeaseLost and change nothing", leaseFencing},
		{"lease/late", "a worker whose lease ended may still finish while nobody else has claimed", leaseLate},
		{"lease/retry", "Retry gives an event back until it is due again, with its cause; the subject waits", leaseRetry},
		{"lease/release", "Release gives an event back like Retry, and its claim does not count as an attempt", leaseRelease},
		{"lease/once", "a delivery ends once: after Done, Retry, Release or Bury the same token is void", leaseOnce},
		{"lease/race", "of many workers that take over an expired lease exactly one gets it", leaseRace},
	}
}

func leaseExpiry(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
	first := e.claimOne(t, event.Facts)
	e.clock.add(time.Minute - time.Microsecond)
	e.nothingDue(t, event.Facts, "a microsecond before the lease ends")
	e.clock.add(time.Microsecond)
	second := e.claimOne(t, event.Facts)
	e.same(second.Event, first.Event, "event of an expired lease")
	e.true(second.Token > first.Token, "token %d after %d", second.Token, first.Token)
	e.true(second.Attempt == 2, "attempt %d, want 2", second.Attempt)
	e.true(second.Until.Equal(e.clock.now().Add(time.Minute)), "the lease ends at %s", second.Until)
	e.depth(t, event.Facts, event.Depth{Waiting: 2})
}

// endings are the ways to end a delivery.
func (e *env) endings(t store.Tenanted) map[string]func(event.Delivery) error {
	return map[string]func(event.Delivery) error{
		"Done":    func(d event.Delivery) error { return t.Queue().Done(e.ctx, d) },
		"Retry":   func(d event.Delivery) error { return t.Queue().Retry(e.ctx, d, e.clock.now(), "again") },
		"Release": func(d event.Delivery) error { return t.Queue().Release(e.ctx, d, e.clock.now(), "later") },
		"Bury":    func(d event.Delivery) error { return t.Queue().Bury(e.ctx, d, "no") },
	}
}

func leaseFencing(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1))
	old := e.claimOne(t, event.Facts)
	e.clock.add(time.Hour)
	mine := e.claimOne(t, event.Facts)
	unknown := old
	unknown.ID = "unheard of"
	future := mine
	future.Token += 1000
	for name, end := range e.endings(t) {
		e.is(end(old), event.ErrLeaseLost, name+" with an old token")
		e.is(end(future), event.ErrLeaseLost, name+" with a token not drawn yet")
		e.is(end(unknown), event.ErrLeaseLost, name+" of an unknown event")
		e.depth(t, event.Facts, event.Depth{Waiting: 1})
		e.nothingDue(t, event.Facts, "while the newest lease runs")
	}
	e.must(t.Queue().Done(e.ctx, mine))
	e.depth(t, event.Facts, event.Depth{})
}

func leaseLate(e *env) {
	for name := range e.endings(nil) {
		t := e.tenant()
		e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
		d := e.claimOne(t, event.Facts)
		e.clock.add(time.Hour)
		e.must(e.endings(t)[name](d))
		want := int64(2)
		if name == "Retry" || name == "Release" {
			want = 1
		}
		e.same(e.claimOne(t, event.Facts).Version, want, "version after a late "+name)
	}
}

func leaseRetry(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
	cause := "refused: é \"quoted\""
	for attempt := 1; attempt <= 3; attempt++ {
		d := e.claimOne(t, event.Facts)
		e.true(d.Version == 1 && d.Attempt == attempt, "version %d, attempt %d, want 1 and %d", d.Version, d.Attempt, attempt)
		if attempt > 1 {
			e.true(d.Cause == cause, "the cause is %q", d.Cause)
		}
		e.must(t.Queue().Retry(e.ctx, d, e.clock.now().Add(10*time.Second), cause))
		e.nothingDue(t, event.Facts, "before it is due again")
		e.clock.add(10*time.Second - time.Microsecond)
		e.nothingDue(t, event.Facts, "a microsecond before it is due again")
		e.clock.add(time.Microsecond)
	}
	// Causes come from elsewhere: whatever they hold must not stop a retry.
	for _, odd := range []string{"", "a\x00b", "\xff\xfe", strings.Repeat("long é ", 10_000)} {
		d := e.claimOne(t, event.Facts)
		e.must(t.Queue().Retry(e.ctx, d, e.clock.now().Add(-time.Hour), odd))
	}
	d := e.claimOne(t, event.Facts)
	e.true(strings.HasPrefix(d.Cause, "long é long"), "a long cause became %.40q", d.Cause)
	e.must(t.Queue().Done(e.ctx, d))
	e.same(e.claimOne(t, event.Facts).Version, int64(2), "version after the first was done")
}

func leaseRelease(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
	last := int64(0)
	for _, step := range []struct {
		release bool
		attempt int
		cause   string
	}{{true, 1, ""}, {true, 1, "later"}, {false, 1, "later"}, {true, 2, "again"}, {false, 2, "later"}, {false, 3, "again"}} {
		d := e.claimOne(t, event.Facts)
		e.true(d.Version == 1 && d.Attempt == step.attempt && d.Cause == step.cause,
			"version %d, attempt %d, cause %q, want %+v", d.Version, d.Attempt, d.Cause, step)
		e.true(d.Token > last, "token %d after %d: a released claim must be fenced as well", d.Token, last)
		last = d.Token
		at := e.clock.now().Add(10 * time.Second)
		if step.release {
			e.must(t.Queue().Release(e.ctx, d, at, "later"))
		} else {
			e.must(t.Queue().Retry(e.ctx, d, at, "again"))
		}
		e.nothingDue(t, event.Facts, "before it is due again")
		e.clock.add(10 * time.Second)
	}
	d := e.claimOne(t, event.Facts)
	e.must(t.Queue().Release(e.ctx, d, e.clock.now().Add(-time.Hour), strings.Repeat("long é ", 10_000)+"\x00\xff"))
	d = e.claimOne(t, event.Facts)
	e.true(d.Attempt == 4, "attempt %d after three retries and many releases, want 4", d.Attempt)
	e.must(t.Queue().Release(e.ctx, d, e.clock.now(), ""))
	d = e.claimOne(t, event.Facts)
	e.must(t.Queue().Bury(e.ctx, d, "no"))
	e.same(e.letters(t, event.Facts)[0].Attempts, 4, "attempts of the letter")
}

func leaseOnce(e *env) {
	for first := range e.endings(nil) {
		for second := range e.endings(nil) {
			t := e.tenant()
			e.emit(t, event.Facts, sampleEvent("order/1", 1))
			d := e.claimOne(t, event.Facts)
			e.must(e.endings(t)[first](d))
			before, err := t.Queue().Depth(e.ctx, event.Facts)
			e.must(err)
			e.is(e.endings(t)[second](d), event.ErrLeaseLost, second+" after "+first)
			e.depth(t, event.Facts, before)
		}
	}
}

func leaseRace(e *env) {
	t := e.tenant()
	const n = 5
	for i := range n {
		e.emit(t, event.Facts, sampleEvent(fmt.Sprint("order/", i), 1))
	}
	for range count(5, 50) {
		old := e.claim(t, event.Facts, n)
		e.true(len(old) == n, "claimed %d events, want %d", len(old), n)
		e.clock.add(time.Hour)
		got := make([][]event.Delivery, 8)
		errs := crowd(len(got), func(i int) (err error) {
			got[i], err = t.Queue().Claim(e.ctx, event.Claim{Topic: event.Facts, Limit: n, Lease: time.Minute})
			return err
		})
		e.must(errors.Join(errs...))
		owners := map[string]int{}
		for _, ds := range got {
			for _, d := range ds {
				owners[d.ID]++
			}
		}
		for id, times := range owners {
			e.true(times == 1, "event %s was handed out %d times", id, times)
		}
		// A claim may pass over what another is just taking, but what nobody
		// took is there for the next.
		for range e.claim(t, event.Facts, n) {
			owners[fmt.Sprint("late ", len(owners))]++
		}
		e.true(len(owners) == n, "%d events were handed out, want %d", len(owners), n)
		for _, d := range old {
			e.is(t.Queue().Done(e.ctx, d), event.ErrLeaseLost, "Done by a worker whose lease passed on")
		}
		e.clock.add(time.Hour)
	}
}
