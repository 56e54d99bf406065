package erptest

import (
	"errors"
	"fmt"

	"github.com/comptoir-go/comptoir/erp"
)

// listCases hold the list of each stream to the same claims.
func listCases() []testCase {
	var all []testCase
	for _, f := range feeds() {
		for _, c := range []struct {
			name, claim string
			run         func(*scene, feed)
		}{
			{"all", "page by page the list of %s names each that the empty cursor tells of, once, and nothing else", listAll},
			{"gone", "one of the %s that is deleted is listed no more, and the others are", listGone},
		} {
			all = append(all, testCase{"list_" + string(f.stream) + "_" + c.name, fmt.Sprintf(c.claim, f.stream), func(s *scene) {
				s.need(f.op, erp.OpListIDs)
				c.run(s, f)
			}, on(erp.OpListIDs)})
		}
	}
	return all
}

// list reads the list of the stream to its end, and counts.
func (s *scene) list(f feed, limit int) map[string]int {
	s.Helper()
	named := map[string]int{}
	var after erp.Cursor
	for range 100_000 {
		p, err := s.client.ListIDs(s.ctx, f.stream, after, limit)
		s.must("list_ids", err)
		for _, id := range p.Rows {
			named[id]++
		}
		if after = p.Next; !p.More {
			return named
		}
	}
	s.broken("the list of %s has no end", f.stream)
	s.FailNow()
	return nil
}

func listAll(s *scene, f feed) {
	s.happen(f, 3)
	_, all := s.end(f)
	named := s.list(f, max(2, len(all)/6))
	for id := range all {
		if named[id] == 0 {
			s.broken("%q is told and not listed", id)
		}
	}
	for id, n := range named {
		if n > 1 {
			s.broken("%q is listed %d times", id, n)
		}
		if _, ok := all[id]; !ok {
			s.broken("%q is listed and not told", id)
		}
	}
}

func listGone(s *scene, f feed) {
	if s.Delete == nil {
		s.untried("the harness has no Delete")
	}
	ids := s.happen(f, 3)
	before := s.list(f, 200)
	err := s.Delete(s.ctx, f.stream, ids[1])
	if errors.Is(err, ErrCannot) {
		s.untried("the harness cannot delete %s", f.stream)
	}
	s.must("the harness's Delete", err)
	after := s.list(f, 200)
	for i, id := range ids {
		if before[id] != 1 {
			s.broken("%q was listed %d times before", id, before[id])
		}
		want := 1
		if i == 1 {
			want = 0
		}
		if after[id] != want {
			s.broken("of the three the one %d, %q, is listed %d times after the second was deleted", i+1, id, after[id])
		}
	}
}
