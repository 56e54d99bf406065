package storetest

import (
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/event"
)

func queueSibling(e *env) {
	for _, revived := range []bool{true, false} {
		t := e.tenant()
		q := t.Queue()
		if revived {
			e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
			e.must(q.Bury(e.ctx, e.claimOne(t, event.Facts), "no"))
		} else {
			e.emit(t, event.Facts, sampleEvent("order/1", 2))
		}
		later := e.claimOne(t, event.Facts)
		e.same(later.Version, int64(2), "version in flight")
		// Now an earlier one comes before the one that is out.
		if revived {
			e.must(q.Revive(e.ctx, event.Facts, sampleEvent("order/1", 1).ID))
		} else {
			e.emit(t, event.Facts, sampleEvent("order/1", 1))
		}
		e.emit(t, event.Facts, sampleEvent("order/2", 1))
		e.same(eventIDs(e.claim(t, event.Facts, 10)), []string{"order/2-1"}, "events handed out beside the one in flight")
		e.clock.add(time.Minute - time.Microsecond)
		e.nothingDue(t, event.Facts, "a microsecond before the other's lease ends")
		if revived {
			e.must(q.Retry(e.ctx, later, e.clock.now(), "again"))
		} else {
			e.clock.add(time.Microsecond)
		}
		first := e.claimOne(t, event.Facts)
		e.same(first.Version, int64(1), "version after the one in flight came back or ran out")
		e.must(q.Done(e.ctx, first))
		got := map[string]bool{}
		for _, d := range e.claim(t, event.Facts, 10) {
			got[d.ID] = true
		}
		e.true(got["order/1-2"], "the later event is not handed out after the earlier one: %v", got)
	}
}

func queueTurn(e *env) {
	t := e.tenant()
	const old, limit = 12, 3
	for i := range old {
		e.emit(t, event.ERP, sampleEvent(fmt.Sprintf("slow/%02d", i), 1))
	}
	// Each round a worker takes three of them, fails, and a minute passes in
	// which what is retried becomes due again.
	fail := func() (served bool) {
		for _, d := range e.claim(t, event.ERP, limit) {
			if d.Subject == "healthy/1" {
				e.must(t.Queue().Done(e.ctx, d))
				served = true
				continue
			}
			e.must(t.Queue().Retry(e.ctx, d, e.clock.now().Add(time.Second), "down"))
		}
		e.clock.add(time.Minute)
		return served
	}
	for range old {
		e.true(!fail(), "an event was handed out before it was there")
	}
	healthy := sampleEvent("healthy/1", 1)
	healthy.Time = dawn.Add(1000 * time.Hour) // the youngest of all
	e.emit(t, event.ERP, healthy)
	for round := 1; ; round++ {
		if fail() {
			break
		}
		e.true(round <= old/limit, "the healthy event has had no turn in %d rounds", round)
	}
	// A time long past, or none, wins no turn either.
	e.emit(t, event.Facts, sampleEvent("pushy/1", 1), sampleEvent("pushy/2", 1))
	for i, at := range []time.Time{{}, dawn} {
		d := e.claimOne(t, event.Facts)
		e.same(d.Subject, fmt.Sprintf("pushy/%d", i+1), "subject served")
		e.clock.add(time.Second)
		e.must(t.Queue().Retry(e.ctx, d, at, "at once"))
	}
	e.emit(t, event.Facts, sampleEvent("calm/1", 1))
	e.clock.add(time.Second)
	e.same(eventIDs(e.claim(t, event.Facts, 10)), []string{"pushy/1-1", "calm/1-1", "pushy/2-1"}, "order of what became due one after the other")
}
