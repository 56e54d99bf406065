package erptest

import (
	"context"
	"sort"
	"strings"
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
	w := &watch{secrets: h.Secrets}
	known := map[string]bool{}
	for _, c := range cases() {
		known[c.name] = true
		reason, excepted := h.Except[c.name]
		end := ending{}
		ok := t.Run(c.name, func(t *testing.T) {
			end.ran = true
			t.Logf("claim: %s", c.claim)
			if excepted {
				t.Skipf("excepted by the harness: %s", reason)
			}
			runCase(t, h, c, &end, w, &rep)
		})
		skip := Skip{c.name, end.reason}
		switch {
		case excepted:
			skip.Reason = reason
			rep.Skipped, rep.Excepted = append(rep.Skipped, skip), append(rep.Excepted, skip)
		case !end.ran:
			skip.Reason = notAsked
			rep.Skipped, rep.Untried = append(rep.Skipped, skip), append(rep.Untried, skip)
		case !ok:
			rep.Failed = append(rep.Failed, c.name)
		case end.reason != "":
			rep.Skipped = append(rep.Skipped, skip)
			if end.untried {
				rep.Untried = append(rep.Untried, skip)
			}
		default:
			rep.Held = append(rep.Held, c.name)
		}
	}
	checkExceptions(t, h, known)
	t.Log(rep.String())
	return rep
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
func runCase(t *testing.T, h Harness, c testCase, end *ending, w *watch, rep *Report) {
	ctx, cancel := context.WithTimeout(t.Context(), h.Timeout)
	defer cancel()
	s := &scene{T: t, Subject: h.New(t), ctx: ctx, h: h, name: c.name, claim: c.claim, outcome: end, watch: w}
	if s.Adapter == nil {
		t.Fatal("erptest: Harness.New returned no Adapter")
	}
	rep.met(s.Subject)
	w.begin(c.name)
	s.Adapter = watched{s.Adapter, w}
	if reopen := s.Reopen; reopen != nil {
		s.Reopen = func() erp.Adapter { return watched{reopen(), w} }
	}
	s.client = s.newClient()
	c.run(s)
}
