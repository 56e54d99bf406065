package erptest

import (
	"bytes"
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
)

// pullCases hold each stream to the same claims.
func pullCases() []testCase {
	var all []testCase
	for _, f := range feeds() {
		for _, c := range []struct {
			name, claim string
			run         func(*scene, feed)
		}{
			{"pages", "page by page %s are told each, none skipped while some change between the pages", pullPages},
			{"once", "page by page none of the %s comes twice but what changed and, before a cursor, the declared overlap", pullOnce},
			{"idle", "behind the last change the stream of %s tells nothing new and keeps the cursor", pullIdle},
			{"resume", "a cursor of %s goes on where it stood in a new process: nothing is skipped, and no more told again than the declared overlap", pullResume},
			{"resync", "the empty cursor finds all %s again, changed ones as they are now", pullResync},
			{"again", "a change of one of the %s has a higher sequence than before, and one sequence one content", pullAgain},
			{"shape", "pages of %s hold no more rows than asked for, and each row passes its Check", pullShape},
			{"lost", "a page of %s whose answer is lost is told again from the same cursor", pullLost},
		} {
			if c.name == "again" && f.stream == erp.Messages {
				continue // messages do not change
			}
			name := "pull_" + string(f.stream) + "_" + c.name
			all = append(all, testCase{name, fmt.Sprintf(c.claim, f.stream), func(s *scene) {
				s.need(f.op)
				c.run(s, f)
			}, on(f.op)})
		}
	}
	return all
}

func pullPages(s *scene, f feed) {
	start := s.middle(f)
	ids := s.happen(f, 5)
	seen, pages := known{}, 0
	s.readOn(f, start, 2, seen, func() {
		if pages++; pages == 1 {
			s.change(f, ids[0])
			s.change(f, ids[4])
		}
	})
	s.complete(f, start, seen, ids)
}

func pullOnce(s *scene, f feed) {
	start := s.middle(f)
	_, before := s.end(f)
	ids := s.happen(f, 5)
	type version struct {
		id       string
		sequence int64
	}
	told := map[version]bool{}
	for id, r := range before {
		told[version{id, r.Sequence}] = true
	}
	changed := map[string]bool{}
	again, pages := 0, 0
	after := start
	for {
		p := s.read(f, s.client, after, 2)
		pages++
		for _, r := range p.rows {
			v := version{r.ID, r.Sequence}
			if told[v] && !changed[r.ID] {
				again++
			}
			told[v] = true
		}
		if pages == 1 {
			for _, id := range []string{ids[0], ids[4]} {
				changed[id] = s.change(f, id)
			}
		}
		if after = p.next; !p.more || pages > 1000 {
			break
		}
	}
	if most := s.h.Overlap * pages; s.h.Overlap >= 0 && again > most {
		s.broken("%d rows came again on %d pages, the declared overlap (Harness.Overlap) allows %d", again, pages, most)
	}
}

// complete checks that what was seen is all there is behind the cursor.
func (s *scene) complete(f feed, start erp.Cursor, seen known, ids []string) {
	s.Helper()
	all := known{}
	s.readOn(f, start, 200, all, nil)
	for _, id := range ids {
		if _, ok := seen[id]; !ok {
			s.broken("%q was not told", id)
		}
		if seen[id].Sequence != all[id].Sequence {
			s.broken("%q was told as of the sequence %d, it is at %d", id, seen[id].Sequence, all[id].Sequence)
		}
	}
}

func pullIdle(s *scene, f feed) {
	s.happen(f, 2)
	end, all := s.end(f)
	for range 2 {
		p := s.read(f, s.client, end, 10)
		for _, r := range p.rows { // an overlap is allowed
			if r.Sequence != all[r.ID].Sequence {
				s.broken("%q came as news", r.ID)
			}
		}
		if p.more || !bytes.Equal(p.next, end) {
			s.broken("the cursor moved from %q to %q", end, p.next)
			return
		}
	}
}

func pullResume(s *scene, f feed) {
	if s.Reopen == nil {
		s.untried("the harness has no Reopen")
	}
	start := s.middle(f)
	_, before := s.end(f)
	ids := s.happen(f, 3)
	seen := known{}
	first := s.read(f, s.client, start, 2)
	seen.learn(first.rows)
	before.learn(first.rows)
	again := s.Subject
	again.Adapter = s.Reopen()
	other := *s
	other.Subject = again
	repeated, pages := 0, 0
	told := feed{f.stream, f.op, func(ctx context.Context, c *erp.Client, after erp.Cursor, limit int) (page, error) {
		p, err := f.pull(ctx, c, after, limit)
		pages++
		for _, r := range p.rows {
			if before[r.ID].Sequence == r.Sequence {
				repeated++
			}
		}
		return p, err
	}}
	s.readOnWith(told, other.newClient(), first.next, 2, seen, nil)
	if most := s.h.Overlap * pages; s.h.Overlap >= 0 && repeated > most {
		s.broken("%d rows came again in the new process, the declared overlap (Harness.Overlap) allows %d", repeated, most)
	}
	s.complete(f, start, seen, ids)
}

func pullResync(s *scene, f feed) {
	start := s.middle(f)
	ids := s.happen(f, 3)
	s.change(f, ids[1])
	seen := known{}
	s.readOn(f, start, 10, seen, nil)
	_, all := s.end(f)
	for _, id := range ids {
		if r, ok := all[id]; !ok {
			s.broken("%q is not found", id)
		} else if r.Sequence != seen[id].Sequence || r.content != seen[id].content {
			s.broken("%q was told as %s and is found as %s", id, seen[id].content, r.content)
		}
	}
}

func pullAgain(s *scene, f feed) {
	start := s.middle(f)
	id := s.happen(f, 1)[0]
	first, second, third := known{}, known{}, known{}
	s.readOn(f, start, 10, first, nil)
	s.readOn(f, start, 10, second, nil)
	if first[id].Sequence == second[id].Sequence && first[id].content != second[id].content {
		s.broken("under one sequence it was %s and then %s", first[id].content, second[id].content)
	}
	if !s.change(f, id) {
		s.untried("the harness cannot change %s", f.stream)
	}
	s.readOn(f, start, 10, third, nil)
	if third[id].Sequence <= first[id].Sequence {
		s.broken("the sequence was %d, and after the change it is %d", first[id].Sequence, third[id].Sequence)
	}
}

func pullShape(s *scene, f feed) {
	start := s.middle(f)
	s.happen(f, 3)
	for _, limit := range []int{1, 3} {
		p := s.read(f, s.client, start, limit) // the client counts the rows
		if len(p.rows) == 0 {
			s.broken("a page of at most %d rows is empty although 3 wait", limit)
		}
		for _, r := range p.rows {
			if r.check != nil {
				s.broken("%s: %v", r.content, r.check)
			}
		}
	}
}

func pullLost(s *scene, f feed) {
	start := s.middle(f)
	ids := s.happen(f, 2)
	s.fail(f.op, AnswerLost)
	seen := known{}
	impatient := erp.NewClient(s.Adapter, &erp.Options{Attempts: 1})
	p, err := f.pull(s.ctx, impatient, start, 10)
	switch erp.ClassOf(err) {
	case 0: // the adapter's transport asked again, as it may
		seen.learn(p.rows)
	case erp.Retryable, erp.NotSent:
		s.readOn(f, start, 10, seen, nil)
	default:
		s.broken("it answered %s", show(err))
	}
	for _, id := range ids {
		if _, ok := seen[id]; !ok {
			s.broken("%q was not told again", id)
		}
	}
}
