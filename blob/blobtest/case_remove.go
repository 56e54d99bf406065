package blobtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/blob"
)

func removeCases() []Case {
	return []Case{
		{"remove", "Remove forgets what was put before the instant, answers false for what is not there, and what was removed can be put again", remove},
		{"remove_young", "Remove leaves what was put at the instant or later", removeYoung},
		{"remove_refreshed", "content that was put again counts as put then, and stays", removeRefreshed},
		{"sweep", "a sweep removes exactly what nobody uses and is old enough, over all pages", sweep},
	}
}

// later is after everything a case puts.
var later = time.Unix(1<<40, 0)

func (e *env) remove(content string, before time.Time) bool {
	e.Helper()
	gone, err := e.Store.Remove(e.ctx, own, blob.HashOf([]byte(content)), before)
	e.must("Remove", err)
	return gone
}

func remove(e *env) {
	e.put(own, "plan")
	e.put(own, "another plan")
	if !e.remove("plan", later) {
		e.broken("removing a blob answers false")
	}
	e.holds(own, "plan", false)
	e.holds(own, "another plan", true)
	if n := len(e.all(own, 10)); n != 1 {
		e.broken("%d blobs are listed after one of two was removed", n)
	}
	if e.remove("plan", later) || e.remove("never put", later) {
		e.broken("removing what is not there answers true")
	}
	for _, bad := range []blob.Hash{"", "..", "../" + blob.HashOf([]byte("another plan"))} {
		if gone, err := e.Store.Remove(e.ctx, own, bad, later); gone || err != nil {
			e.broken("removing %q answers %v, %v", bad, gone, err)
		}
	}
	e.put(own, "plan")
	e.holds(own, "plan", true)
}

func removeYoung(e *env) {
	s := e.put(own, "plan")
	for _, before := range []time.Time{{}, s.At.Add(-time.Hour), e.all(own, 1)[0].At} {
		if e.remove("plan", before) {
			e.broken("put at %s, it is removed as put before %s", s.At, before)
		}
		e.holds(own, "plan", true)
	}
}

func removeRefreshed(e *env) {
	e.need("Pass", e.Pass != nil)
	first := e.put(own, "plan")
	e.put(own, "left alone")
	e.Pass(48 * time.Hour)
	e.put(own, "plan")
	before := first.At.Add(24 * time.Hour)
	if e.remove("plan", before) {
		e.broken("content that was put again was removed")
	}
	if !e.remove("left alone", before) {
		e.broken("content that was not put again stays")
	}
	e.holds(own, "plan", true)
}

// sweep runs over more than one page: 250 blobs, every third of them in use,
// and some young ones.
func sweep(e *env) {
	e.need("Pass", e.Pass != nil)
	used := map[blob.Hash]bool{}
	kept := 0
	var end time.Time
	for i := range 250 {
		s := e.put(own, fmt.Sprintf("plan %d", i))
		if used[s.Hash] = i%3 == 0; used[s.Hash] {
			kept++
		}
		end = s.At
	}
	e.put(other, "plan 100") // which nobody uses here
	e.Pass(48 * time.Hour)
	for i := range 20 { // 7 of them are in use anyway
		e.put(own, fmt.Sprintf("plan %d", i))
	}
	kept += 13
	n, err := blob.Sweep(e.ctx, e.Store, own, func(_ context.Context, h blob.Hash) (bool, error) { return used[h], nil }, end.Add(24*time.Hour))
	e.must("Sweep", err)
	if left := len(e.all(own, 100)); n != 250-kept || left != kept {
		e.broken("of 250 blobs %d were removed and %d remain, not %d and %d", n, left, 250-kept, kept)
	}
	for i := range 250 {
		e.holds(own, fmt.Sprintf("plan %d", i), i < 20 || i%3 == 0)
	}
	e.holds(other, "plan 100", true)
}

func raceCases() []Case {
	return []Case{
		{"race_put", "many who put the same content at once all succeed, and it is kept once", racePut},
		{"race_remove", "a blob that is put while it is being removed is there when Put has answered", raceRemove},
	}
}

func racePut(e *env) {
	content := strings.Repeat("one plan for all", 5_000)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := e.Store.Put(e.ctx, own, strings.NewReader(content)); err != nil {
				e.broken("Put failed: %v", err)
			}
		})
	}
	wg.Wait()
	e.holds(own, content, true)
	if n := len(e.all(own, 100)); n != 1 {
		e.broken("one content is kept %d times", n)
	}
}

// raceRemove ages a blob and lets a Put and many Removes at it.
func raceRemove(e *env) {
	e.need("Pass", e.Pass != nil)
	for i := range 40 {
		content := fmt.Sprintf("plan %d", i)
		before := e.put(own, content).At.Add(24 * time.Hour)
		e.Pass(48 * time.Hour)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := e.Store.Remove(e.ctx, own, blob.HashOf([]byte(content)), before); err != nil {
					e.broken("Remove failed: %v", err)
				}
			})
		}
		_, err := e.Store.Put(e.ctx, own, strings.NewReader(content))
		if err != nil {
			e.broken("Put failed: %v", err)
		}
		wg.Wait()
		e.holds(own, content, true)
	}
}
