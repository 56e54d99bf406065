package erptest

import (
	"context"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comptoir-go/comptoir/erp"
)

// testCase is a claim and what tries it; ops are the operations it speaks for.
type testCase struct {
	name  string
	claim string
	run   func(s *scene)
	ops   []erp.Op
}

// alone says that the case looks at the process, or at all cases before it:
// it waits for the lanes.
func (c testCase) alone() bool { return c.name == "goroutines" || c.name == "secrets" }

func on(ops ...erp.Op) []erp.Op { return ops }

func cases() []testCase {
	var all []testCase
	all = append(all, describeCases()...)
	all = append(all, pushCases()...)
	all = append(all, exactCases()...)
	all = append(all, stateCases()...)
	all = append(all, reviseCases()...)
	all = append(all, faultCases()...)
	all = append(all, timeCases()...)
	all = append(all, docCases()...)
	all = append(all, goodsCases()...)
	all = append(all, pullCases()...)
	all = append(all, listCases()...)
	all = append(all, wireCases()...)
	all = append(all, secretCases()...)
	return all
}

// notAsked is why a case was skipped that -run leaves out.
const notAsked = "it was not asked for"

// Run holds the adapter to every claim, each a subtest named after its case.
// It logs the claims, and at the end what was skipped and why.
func Run(t *testing.T, h Harness) Report {
	t.Helper()
	if h.New == nil {
		t.Fatal("erptest: Harness.New is missing")
	}
	if h.Order == nil {
		h.Order = SampleOrder
	}
	orDuration(&h.Timeout, time.Minute)
	orDuration(&h.Patience, 200*time.Millisecond)
	rep := Report{Version: h.Version, Overlap: h.Overlap}
	all, found := cases(), &findings{report: &rep, secrets: h.Secrets}
	ends := make([]ending, len(all))
	inLanes(h, all, func(i int) {
		c, end := all[i], &ends[i]
		end.ok = t.Run(c.name, func(t *testing.T) {
			end.ran = true
			t.Logf("claim: %s", c.claim)
			if reason, excepted := h.Except[c.name]; excepted {
				t.Skipf("excepted by the harness: %s", reason)
			}
			runCase(t, h, c, end, found)
		})
	})
	known := map[string]bool{}
	for i, c := range all {
		known[c.name] = true
		rep.ended(c.name, ends[i], h.Except)
	}
	checkExceptions(t, h, known)
	t.Log(rep.String())
	return rep
}

// inLanes runs the cases, those of one lane in their order, and then those
// that go alone.
func inLanes(h Harness, all []testCase, run func(i int)) {
	lanes, last := map[string][]int{}, []int(nil)
	for i, c := range all {
		lane := ""
		if h.Lane != nil {
			lane = h.Lane(c.name)
		}
		if c.alone() {
			last = append(last, i)
		} else {
			lanes[lane] = append(lanes[lane], i)
		}
	}
	var wg sync.WaitGroup
	for _, lane := range lanes {
		wg.Go(func() {
			for _, i := range lane {
				run(i)
			}
		})
	}
	wg.Wait()
	for _, i := range last {
		run(i)
	}
}

func checkExceptions(t *testing.T, h Harness, known map[string]bool) {
	t.Helper()
	var names []string
	for name := range h.Except {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !known[name] {
			t.Errorf("erptest: Harness.Except names %q, which is no case", name)
		} else if strings.TrimSpace(h.Except[name]) == "" {
			t.Errorf("erptest: Harness.Except gives no reason for %q", name)
		}
	}
}

// runCase leaves in end why the case was skipped. A skip ends the goroutine,
// so there is nothing to return.
func runCase(t *testing.T, h Harness, c testCase, end *ending, found *findings) {
	ctx, cancel := context.WithTimeout(t.Context(), h.Timeout)
	defer cancel()
	w := &watch{findings: found, name: c.name, calls: map[erp.Op]int{}}
	s := &scene{T: t, Subject: h.New(t), ctx: ctx, h: h, name: c.name, claim: c.claim, outcome: end, watch: w}
	if s.Adapter == nil {
		t.Fatal("erptest: Harness.New returned no Adapter")
	}
	found.met(s.Subject)
	s.Adapter = watched{s.Adapter, w}
	if reopen := s.Reopen; reopen != nil {
		s.Reopen = func() erp.Adapter { return watched{reopen(), w} }
	}
	s.client = s.newClient()
	c.run(s)
}
