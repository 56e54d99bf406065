package pricing

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/fault"
)

// PolicyRecord is a policy with the time in which it holds and is known, in place
// of Tariff.Policy. A policy is changed by a record, and the record by being
// marked as gone and another beside it, known from the same instant. Between records
// there is no gap, nor from the instant at which one is gone until one that takes its
// place begins: what is to be by Tariff.Policy again is recorded too.
type PolicyRecord struct {
	Policy Policy `json:"policy"`
	Span
}

// era is the engine of a policy record: all that was compiled, under another
// policy.
type era struct {
	Span
	*Engine
}

// as is the engine of the policy that holds at an instant, as known at another.
func (e *Engine) as(valid, known time.Time) *Engine {
	for i := range e.eras {
		if e.eras[i].Covers(valid, known) {
			return e.eras[i].Engine
		}
	}
	return e
}

// Policy returns the policy that prices are made by as of two instants; a zero
// Known is Valid, as for Requote.
func (e *Engine) Policy(as AsOf) Policy {
	if as.Known.IsZero() {
		as.Known = as.Valid
	}
	return e.as(as.Valid, as.Known).policy
}

// fill gives every policy its defaults.
func (t *Tariff) fill() {
	t.Policy = t.Policy.whole()
	t.Policies = slices.Clone(t.Policies)
	for i := range t.Policies {
		t.Policies[i].Policy = t.Policies[i].Policy.whole()
	}
}

func (t *Tariff) checkPolicies(is *fault.Issues) {
	t.Policy.check(is, "policy")
	spans := make([]Span, len(t.Policies))
	for i := range t.Policies {
		spans[i] = t.Policies[i].Span
	}
	behind := gaps(spans)
	for i := range t.Policies {
		p, path := &t.Policies[i], indexedPath("policies", i)
		p.Policy.check(is, path+".policy")
		p.Span.check(is, path)
		for k := range i {
			if t.Policies[k].Span.overlaps(p.Span) {
				is.Add(path, issueOverlap, "policies[%d] is the policy at the same time", k)
				break
			}
		}
		if behind[i] {
			is.Add(path, issueGap, "between the records before and this one none holds, or none is known: quotes in between would be made by \"policy\"")
		}
	}
}

// policiesIn are the policies that may be in use while a record holds and is
// known.
func (t *Tariff) policiesIn(s Span) []*Policy {
	var out []*Policy
	for i := range t.Policies {
		if r := &t.Policies[i]; r.Span.overlaps(s) {
			if both, _ := s.common(r.Span); both == s {
				return []*Policy{&r.Policy}
			}
			out = append(out, &r.Policy)
		}
	}
	return append(out, &t.Policy)
}
