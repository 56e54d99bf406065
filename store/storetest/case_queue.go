package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
)

func queueSubjectOrder(e *env) {
	t := e.tenant()
	// Written in an order that is not that of versions, with times that lie.
	var evs []event.Event
	for _, at := range [][2]int{{3, 0}, {1, 1}, {2, 0}, {1, 0}, {10, 0}, {9, 0}} {
		ev := sampleEvent("order/1", int64(at[0]))
		ev.Index = at[1]
		ev.ID = fmt.Sprintf("%d.%d", at[0], at[1])
		ev.Time = dawn.Add(-time.Duration(at[0]) * time.Hour)
		evs = append(evs, ev)
	}
	e.emit(t, event.Facts, evs[:3]...)
	e.emit(t, event.Facts, evs[3:]...)
	e.emit(t, event.Facts, sampleEvent("order/2", 1))
	var got []string
	for range 6 {
		ds := e.claim(t, event.Facts, 10)
		subjects := map[string]bool{}
		for _, d := range ds {
			e.true(!subjects[d.Subject], "one claim handed out two events of %s: %v", d.Subject, eventIDs(ds))
			subjects[d.Subject] = true
		}
		e.nothingDue(t, event.Facts, "while the first event of each subject is leased")
		for _, d := range ds {
			if d.Subject == "order/1" {
				got = append(got, d.ID)
			}
			e.must(t.Queue().Done(e.ctx, d))
		}
	}
	e.same(got, []string{"1.0", "1.1", "2.0", "3.0", "9.0", "10.0"}, "events of a subject")
	e.depth(t, event.Facts, event.Depth{})
	// An event of an earlier version that comes late goes first.
	e.emit(t, event.Facts, sampleEvent("order/3", 5))
	e.emit(t, event.Facts, sampleEvent("order/3", 4))
	e.same(e.claimOne(t, event.Facts).Version, int64(4), "version handed out first")
}

func queueClaimOrder(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(5, 5))
	var want []string
	var evs []event.Event
	for i := range 20 {
		ev := sampleEvent(fmt.Sprintf("order/%02d", i), 1)
		ev.Time = dawn.Add(time.Duration(i/2) * time.Microsecond)
		want = append(want, ev.ID)
		evs = append(evs, ev)
	}
	r.Shuffle(len(evs), func(i, j int) { evs[i], evs[j] = evs[j], evs[i] })
	e.emit(t, event.Facts, evs...)
	var got []string
	for _, limit := range []int{0, 1, 3, 7, 100} {
		ds := e.claim(t, event.Facts, limit)
		e.true(len(ds) == min(max(limit, 1), 20-len(got)), "a claim of %d got %d", limit, len(ds))
		got = append(got, eventIDs(ds)...)
	}
	e.same(got, want, "events in the order of claims")
	for _, c := range []event.Claim{{Lease: time.Minute}, {Topic: event.Facts}, {Topic: event.Facts, Lease: -1}, {Topic: event.Facts, Lease: 1, Limit: -1}} {
		_, err := t.Queue().Claim(e.ctx, c)
		e.is(err, event.ErrLease, fmt.Sprintf("the claim %+v", c))
	}
}

func queueTopics(e *env) {
	t := e.tenant()
	ev := sampleEvent("order/1", 1)
	e.emit(t, event.Facts, ev)
	e.emit(t, event.ERP, ev, sampleEvent("order/1", 2))
	d := e.claimOne(t, event.ERP)
	other := e.claimOne(t, event.Facts)
	e.same(other.Event, d.Event, "event in the other topic")
	e.must(t.Queue().Bury(e.ctx, d, "no"))
	e.depth(t, event.Facts, event.Depth{Waiting: 1})
	e.depth(t, event.ERP, event.Depth{Waiting: 1, Dead: 1})
	e.depth(t, "unheard of", event.Depth{})
	e.is(t.Queue().Revive(e.ctx, event.Facts, ev.ID), event.ErrNoLetter, "Revive in another topic")
	e.is(t.Queue().Drop(e.ctx, event.Facts, ev.ID), event.ErrNoLetter, "Drop in another topic")
	letters, _, err := t.Queue().Dead(e.ctx, event.Facts, "", 0)
	e.true(err == nil && len(letters) == 0, "dead letters of another topic: %v %v", letters, err)
	e.nothingDue(t, "unheard of", "an empty topic")
	e.must(t.Queue().Done(e.ctx, other))
	e.same(e.claimOne(t, event.ERP).Version, int64(2), "version after the first was buried")
}

func queueRace(e *env) {
	t := e.tenant()
	subjects, each := 20, count(10, 200)
	e.update(t, func(ctx context.Context, tx store.Tx) error {
		for v := range each {
			for s := range subjects {
				if err := tx.Outbox().Append(ctx, event.Facts, sampleEvent(fmt.Sprint("order/", s), int64(v+1))); err != nil {
					return err
				}
			}
		}
		return nil
	})
	type handled struct {
		subject string
		version int64
		token   int64
	}
	total := subjects * each
	done := make(chan handled, total*2)
	errs := crowd(8, func(i int) error {
		r := rand.New(rand.NewPCG(uint64(i), 6))
		for len(done) < total {
			ds, err := t.Queue().Claim(e.ctx, event.Claim{Topic: event.Facts, Limit: 1 + r.IntN(5), Lease: time.Hour})
			if err != nil {
				return fmt.Errorf("claim: %w", err)
			}
			if len(ds) == 0 {
				time.Sleep(time.Millisecond)
			}
			for _, d := range ds {
				if r.IntN(20) == 0 {
					if err := t.Queue().Retry(e.ctx, d, e.clock.now(), "again"); err != nil {
						return fmt.Errorf("retry: %w", err)
					}
					continue
				}
				// Before Done: afterwards the next of the subject may overtake.
				done <- handled{d.Subject, d.Version, d.Token}
				if err := t.Queue().Done(e.ctx, d); err != nil {
					return fmt.Errorf("done: %w", err)
				}
			}
		}
		return nil
	})
	e.must(errors.Join(errs...))
	close(done)
	last := map[string]int64{}
	n := 0
	for h := range done {
		n++
		e.true(h.version == last[h.subject]+1, "%s: version %d was handled after %d", h.subject, h.version, last[h.subject])
		last[h.subject] = h.version
	}
	e.true(n == total, "%d events were handled, want %d", n, total)
	e.depth(t, event.Facts, event.Depth{})
	e.true(len(last) == subjects, "%d subjects, want %d", len(last), subjects)
}
