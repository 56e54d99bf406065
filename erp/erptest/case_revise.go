package erptest

import (
	"strings"

	"github.com/comptoir-go/comptoir/erp"
)

func reviseCases() []testCase {
	return []testCase{
		{"revise_draft", "revising a draft keeps its id and replaces its content: no line twice, none left over", reviseDraft, on(erp.OpRevise)},
		{"revise_again", "the same revision sent twice has the effect of once", reviseAgain, on(erp.OpRevise)},
		{"revise_stale", "an ERP that keeps our revision does not let an older one overwrite a newer", reviseStale, on(erp.OpRevise)},
		{"revise_frozen", "revising an order that is no draft changes nothing and does not answer that it did", reviseFrozen, on(erp.OpRevise)},
	}
}

func (s *scene) revise(id string, n, revision int) erp.Receipt {
	s.Helper()
	r, err := s.client.ReviseOrder(s.ctx, id, s.order(n, revision))
	s.must("revise_order", err)
	return r
}

// revised checks that the receipt and the ERP are at the revision.
func (s *scene) revised(r erp.Receipt, id string, n, revision int) {
	s.Helper()
	want := s.order(n, revision)
	if r.ID != id {
		s.broken("it answered the id %q for %q", r.ID, id)
	}
	if r.State != erp.StateDraft {
		s.broken("it answered the state %q", r.State)
	}
	if r.Revision != 0 && r.Revision != revision {
		s.broken("it answered the revision %d, not %d", r.Revision, revision)
	}
	if d, drifted := r.Drift(want); drifted {
		s.broken("the ERP's net is off by %s", d.Net.StringFixed(4))
	}
	if s.Held != nil {
		s.content(n, want)
	}
}

func reviseDraft(s *scene) {
	s.need(erp.OpPush, erp.OpRevise)
	r := s.push(1)
	got := s.revise(r.ID, 1, 2)
	s.revised(got, r.ID, 1, 2)
	if r.Version != "" && got.Version == r.Version {
		s.broken("the version token is still %q", r.Version)
	}
}

func reviseAgain(s *scene) {
	s.need(erp.OpPush, erp.OpRevise)
	r := s.push(1)
	s.revise(r.ID, 1, 2)
	s.revised(s.revise(r.ID, 1, 2), r.ID, 1, 2)
}

func reviseStale(s *scene) {
	s.need(erp.OpPush, erp.OpRevise)
	r := s.push(1)
	if got := s.revise(r.ID, 1, 3); got.Revision == 0 {
		s.skip("the ERP keeps no revision of ours")
	}
	got, err := s.client.ReviseOrder(s.ctx, r.ID, s.order(1, 2))
	if err != nil {
		if c := erp.ClassOf(err); c != erp.Conflict && c != erp.Rejected {
			s.broken("it answered %s", show(err))
		}
		return
	}
	s.revised(got, r.ID, 1, 3)
}

func reviseFrozen(s *scene) {
	s.need(erp.OpPush, erp.OpRevise)
	r := s.push(1)
	s.confirm(r.ID, 1)
	before := s.holds(1)
	got, err := s.client.ReviseOrder(s.ctx, r.ID, s.order(1, 2))
	if err != nil {
		if c := erp.ClassOf(err); c != erp.Conflict && c != erp.Rejected {
			s.broken("it answered %s, which is neither Conflict nor Rejected", show(err))
		}
	} else {
		if got.State == erp.StateDraft {
			s.broken("it answered that the confirmed order is a draft")
		}
		if got.Revision == 2 {
			s.broken("it answered that the ERP holds revision 2")
		}
		if was := r.Totals; was != nil {
			if d, drifted := got.Drift(erp.Order{Net: was.Net, Tax: was.Tax, Gross: was.Gross}); drifted {
				s.broken("the net changed by %s", d.Net.StringFixed(4))
			}
		}
	}
	if after := s.holds(1); after != before {
		s.broken("the ERP held %s and holds %s", before, after)
	}
}

// holds is what the ERP holds for key n, "" when the harness does not read it
// back.
func (s *scene) holds(n int) string {
	s.Helper()
	if s.Held == nil {
		return ""
	}
	held, err := s.Held(s.ctx, s.key(n))
	s.must("the harness's Held", err)
	var lines []string
	for _, h := range held {
		if h.Order == nil {
			s.untried("the harness's Held reads no content back")
		}
		for _, l := range h.Order.Lines {
			lines = append(lines, line(l))
		}
	}
	return strings.Join(lines, ", ")
}
