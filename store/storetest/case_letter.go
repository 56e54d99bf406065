package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func letterCases() []Case {
	return []Case{
		{"letter/bury", "a buried event is a dead letter with attempts, cause and time, and never dams its subject", letterBury},
		{"letter/list", "dead letters are listed in order of burial, in pages that put together are all", letterList},
		{"letter/revive", "Revive makes a dead letter due at once, its attempts counted anew, its token going on", letterRevive},
		{"letter/drop", "Drop removes a dead letter for good; unknown ids are event.ErrNoLetter", letterDrop},
	}
}

func (e *env) letters(t store.Tenanted, topic event.Topic) []event.Letter {
	e.Helper()
	ls, next, err := t.Queue().Dead(e.ctx, topic, "", 0)
	e.must(err)
	e.true(next == "", "there are more letters than expected")
	return ls
}

func letterBury(e *env) {
	t := e.tenant()
	e.emit(t, event.ERP, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
	d := e.claimOne(t, event.ERP)
	e.must(t.Queue().Retry(e.ctx, d, e.clock.now(), "first"))
	d = e.claimOne(t, event.ERP)
	e.clock.add(1500 * time.Nanosecond)
	e.must(t.Queue().Bury(e.ctx, d, "refused for good"))
	e.depth(t, event.ERP, event.Depth{Waiting: 1, Dead: 1})
	ls := e.letters(t, event.ERP)
	e.same(ls, []event.Letter{{Event: sampleEvent("order/1", 1), Attempts: 2, Cause: "refused for good", Buried: cut(e.clock.now())}}, "letters")
	e.same(e.claimOne(t, event.ERP).Version, int64(2), "version after the first was buried")
}

func letterList(e *env) {
	t := e.tenant()
	const n = 23
	var want []string
	for i := range n {
		// Ids go down while burial goes on; three are buried at one instant.
		ev := sampleEvent(fmt.Sprintf("order/%02d", n-i), 1)
		e.emit(t, event.Facts, ev)
		e.must(t.Queue().Bury(e.ctx, e.claimOne(t, event.Facts), "no"))
		if i%3 == 2 {
			e.clock.add(time.Microsecond)
		}
		want = append(want, ev.ID)
	}
	for i := 0; i+2 < n; i += 3 {
		want[i], want[i+2] = want[i+2], want[i]
	}
	want[n-2], want[n-1] = want[n-1], want[n-2]
	var cursor string
	for _, limit := range []int{0, 1, 2, 5, n, uow.MaxPage, uow.MaxPage + 1, -1} {
		var got []string
		for after := ""; ; {
			ls, next, err := t.Queue().Dead(e.ctx, event.Facts, after, limit)
			e.must(err)
			e.true(limit <= 0 || len(ls) <= limit, "%d letters in a page of %d", len(ls), limit)
			for _, l := range ls {
				got = append(got, l.ID)
			}
			if next == "" || len(got) > n {
				break
			}
			after, cursor = next, next
		}
		e.same(got, want, fmt.Sprintf("letters in pages of %d", limit))
	}
	for _, bad := range []string{"x", "\x00", "\xff", cursor + cursor + "!", "e30"} {
		_, _, err := t.Queue().Dead(e.ctx, event.Facts, bad, 1)
		e.is(err, uow.ErrPage, fmt.Sprintf("the cursor %q", bad))
	}
	var more []event.Event
	for i := range uow.DefaultPage {
		more = append(more, sampleEvent(fmt.Sprint("more/", i), 1))
	}
	e.emit(t, event.Facts, more...)
	for _, d := range e.claim(t, event.Facts, 100) {
		e.must(t.Queue().Bury(e.ctx, d, "no"))
	}
	ls, next, err := t.Queue().Dead(e.ctx, event.Facts, "", 0)
	e.must(err)
	e.true(len(ls) == uow.DefaultPage && next != "", "a page has %d letters by default", len(ls))
}

func letterRevive(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/1", 2))
	d := e.claimOne(t, event.Facts)
	e.must(t.Queue().Retry(e.ctx, d, e.clock.now(), "first"))
	d = e.claimOne(t, event.Facts)
	e.must(t.Queue().Bury(e.ctx, d, "enough"))
	e.must(t.Queue().Revive(e.ctx, event.Facts, d.ID))
	e.depth(t, event.Facts, event.Depth{Waiting: 2})
	e.true(len(e.letters(t, event.Facts)) == 0, "the revived letter is still listed")
	e.is(t.Queue().Revive(e.ctx, event.Facts, d.ID), event.ErrNoLetter, "a second Revive")
	e.is(t.Queue().Done(e.ctx, d), event.ErrLeaseLost, "Done of a letter revived since")
	again := e.claimOne(t, event.Facts)
	e.same(again.Event, d.Event, "the revived event goes first again")
	e.true(again.Attempt == 1 && again.Token > d.Token && again.Cause == "", "attempt %d, token %d after %d, cause %q",
		again.Attempt, again.Token, d.Token, again.Cause)
	e.must(t.Queue().Done(e.ctx, again))
	e.same(e.claimOne(t, event.Facts).Version, int64(2), "the next version")
}

func letterDrop(e *env) {
	t := e.tenant()
	e.emit(t, event.Facts, sampleEvent("order/1", 1), sampleEvent("order/2", 1))
	d := e.claimOne(t, event.Facts)
	for _, id := range []string{"unheard of", d.ID, "order/2-1", ""} {
		e.is(t.Queue().Drop(e.ctx, event.Facts, id), event.ErrNoLetter, "Drop of "+id)
		e.is(t.Queue().Revive(e.ctx, event.Facts, id), event.ErrNoLetter, "Revive of "+id)
	}
	e.must(t.Queue().Bury(e.ctx, d, "no"))
	e.must(t.Queue().Drop(e.ctx, event.Facts, d.ID))
	e.depth(t, event.Facts, event.Depth{Waiting: 1})
	e.is(t.Queue().Drop(e.ctx, event.Facts, d.ID), event.ErrNoLetter, "a second Drop")
	e.is(t.Queue().Revive(e.ctx, event.Facts, d.ID), event.ErrNoLetter, "Revive of a dropped letter")
	// Its id is free again.
	e.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Outbox().Append(ctx, event.Facts, d.Event) })
	e.depth(t, event.Facts, event.Depth{Waiting: 2})
}
