package erptest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

// Report is what Run found out.
type Report struct {
	// Held are the names of the cases that passed, Failed of those that did not.
	Held, Failed []string
	// Skipped are those that could not run, with the reason.
	Skipped []Skip
	// Excepted are those of Skipped that Harness.Except names, Untried those
	// that the harness had no means for. The others do not apply to this ERP.
	Excepted, Untried []Skip
	// About is what the adapter declares, Has what it can do.
	About erp.Description
	Has   []erp.Op
	// Version and Overlap are the harness's.
	Version string
	Overlap int
	// Proxied says that a Proxy stood before the ERP.
	Proxied bool
}

// Skip is a case that did not run.
type Skip struct{ Case, Reason string }

// Claim is a case's name and what it holds an adapter to.
type Claim struct{ Case, Text string }

// Claims returns what the suite claims, in the order it runs.
func Claims() []Claim {
	var all []Claim
	for _, c := range cases() {
		all = append(all, Claim{c.name, c.claim})
	}
	return all
}

// met notes what the subject of a case is. What can be done is decided by the
// first of them.
func (r *Report) met(s Subject) {
	r.Proxied = r.Proxied || s.Proxy != nil
	if r.About.Name != "" || r.Has != nil {
		return
	}
	r.About, r.Has = s.Adapter.Describe(), []erp.Op{}
	for _, op := range erp.Ops() {
		if erp.Has(s.Adapter, op) {
			r.Has = append(r.Has, op)
		}
	}
}

// ended notes how a case ended.
func (r *Report) ended(name string, end ending, except map[string]string) {
	reason, excepted := except[name]
	skip := Skip{name, end.reason}
	switch {
	case excepted:
		skip.Reason = reason
		r.Skipped, r.Excepted = append(r.Skipped, skip), append(r.Excepted, skip)
	case !end.ran:
		skip.Reason = notAsked
		r.Skipped, r.Untried = append(r.Skipped, skip), append(r.Untried, skip)
	case !end.ok:
		r.Failed = append(r.Failed, name)
	case end.reason != "":
		r.Skipped = append(r.Skipped, skip)
		if end.untried {
			r.Untried = append(r.Untried, skip)
		}
	default:
		r.Held = append(r.Held, name)
	}
}

func (r Report) has(op erp.Op) bool { return slices.Contains(r.Has, op) }

// String says what held, and lists the rest.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "erptest: %d claims held, %d failed, %d skipped", len(r.Held), len(r.Failed), len(r.Skipped))
	for _, name := range r.Failed {
		fmt.Fprintf(&b, "\n  failed  %s", name)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "\n  skipped %s: %s", s.Case, s.Reason)
	}
	return b.String()
}
