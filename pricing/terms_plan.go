package pricing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/partner"
)

// TermsOptions adjusts PlanTerms; the zero value is the default.
type TermsOptions struct {
	// Zone is the tenant's: the days of actions begin and end in it. Nil is UTC.
	Zone *time.Location
}

// PlanTerms works out what a feed changes in the terms that are kept, and
// changes nothing itself. The feed is whole or refused: every row must have its
// parent in the feed. Rows that depend on one that is missing or refused are
// reported as such, with the row that they follow.
//
// What of the directory or the actions is not in the feed any more, or not as
// it was, is gone at the instant at; what is new is known from then on. Nothing
// is deleted. Parts of partners are added or replaced; those that the feed
// lacks stay and are reported. A feed that was applied changes nothing the
// second time, and the order of its rows changes nothing at all.
//
// have.Partners must hold every partner that the feed is about and that is
// there; one that is not found among them is planned as new.
//
// Errors: ErrTerms (Invalid, pricing.terms) with all issues, each under the
// path of its row ("contracts[2].partner"): pricing.no_parent, pricing.follows,
// pricing.twice, pricing.shared (a contract of two counterparties),
// pricing.elsewhere (a number, contract or agreement of another partner),
// pricing.contradiction (id against name, contract against partner), those of
// package partner for what a partner refuses, and at "at" for an instant that
// is missing or before what is recorded already.
func PlanTerms(have Terms, feed TermsFeed, at time.Time, opts *TermsOptions) (TermsPlan, error) {
	p := planner{feed: &feed, have: &have, at: clock.Cut(at), zone: time.UTC}
	if opts != nil && opts.Zone != nil {
		p.zone = opts.Zone
	}
	p.checkInstant()
	p.partners()
	p.legal()
	p.agreements()
	discounts := p.discounts()
	actions := p.actions(discounts)
	if err := p.is.Err(ErrTerms); err != nil {
		return TermsPlan{}, err
	}
	return p.plan(discounts, actions), nil
}

// planner goes through the stages.
type planner struct {
	is   fault.Issues
	feed *TermsFeed
	have *Terms
	at   time.Time
	zone *time.Location

	partnerRows, contractRows, counterpartyRows, agreementRows shelf

	ours map[partner.ID]*partner.Partner // as they are
	work map[partner.ID]*partner.Partner // as they become
}

// shelf is the rows of a stage by id.
type shelf struct {
	path    string
	at      map[string]int
	refused map[string]bool
}

// newShelf notes ids that are missing or there twice.
func newShelf[R any](is *fault.Issues, path string, rows []R, id func(*R) string) shelf {
	s := shelf{path: path, at: make(map[string]int, len(rows)), refused: map[string]bool{}}
	for i := range rows {
		k, at := id(&rows[i]), indexedPath(path, i)
		n := len(*is)
		check.Need(is, at+".id", k, maxTermText)
		if first, ok := s.at[k]; ok && k != "" {
			is.Add(at+".id", issueTwice, "%s[%d] has the same id %q", path, first, k)
		} else {
			s.at[k] = i
		}
		if len(*is) > n {
			s.refused[k] = true
		}
	}
	return s
}

// parent looks a row's parent up; without a sound one the row is noted, and
// false returned.
func (p *planner) parent(path string, s *shelf, id string) bool {
	at, ok := s.at[id]
	switch {
	case id == "":
		p.is.Add(path, issueRequired, "names nothing that it belongs to")
	case !ok:
		p.is.Add(path, issueNoParent, "the feed has no %q in %s", id, s.path)
	case s.refused[id]:
		p.is.Add(path, issueFollows, "%s[%d] is refused, and this with it", s.path, at)
	default:
		return true
	}
	return false
}

// sorted are the places of rows by id, so that what is made of them does not
// depend on their order.
func sorted[R any](rows []R, id func(*R) string) []int {
	out := make([]int, len(rows))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(id(&rows[a]), id(&rows[b])) })
	return out
}

func (p *planner) checkInstant() {
	if p.at.IsZero() {
		p.is.Add("at", issueInstant, "terms are recorded at an instant")
		return
	}
	latest := time.Time{}
	for i := range p.have.Discounts {
		latest = later(latest, later(p.have.Discounts[i].Known, p.have.Discounts[i].Gone))
	}
	for i := range p.have.Actions {
		latest = later(latest, later(p.have.Actions[i].Known, p.have.Actions[i].Gone))
	}
	if p.at.Before(latest) {
		p.is.Add("at", issueInstant, "terms were recorded at %s already", latest.Format(time.RFC3339Nano))
	}
}

// plan puts together what the stages made.
func (p *planner) plan(discounts []FeedDiscount, actions []Action) TermsPlan {
	var out TermsPlan
	r := &out.Report
	for _, id := range sortedIDs(p.work) {
		was, is := p.ours[id], p.work[id]
		c := p.compare(was, is, r)
		if was != nil && sameJSON(was, is) {
			continue
		}
		out.Partners, out.Changes = append(out.Partners, *is), append(out.Changes, c)
	}
	p.absent(r)
	out.Discounts, r.Discounts = p.mergeDiscounts(discounts)
	out.Actions, r.Actions = p.mergeActions(actions)
	return out
}

func sortedIDs(m map[partner.ID]*partner.Partner) []partner.ID {
	out := make([]partner.ID, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// compare counts what becomes of a partner of the feed and its parts.
func (p *planner) compare(was, is *partner.Partner, r *TermsReport) PartnerTerms {
	c := PartnerTerms{Partner: is.ID}
	if was == nil {
		c.Head = true
		r.Partners.New++
		was = &partner.Partner{}
	} else {
		c.Head = headChanged(was, is)
		r.Partners.tell(true, !c.Head)
	}
	for i := range is.Contracts {
		x := &is.Contracts[i]
		if _, fed := p.contractRows.at[string(x.ID)]; fed {
			old, ok := was.Contract(x.ID)
			if r.Contracts.tell(ok, old == *x) {
				c.Contracts = append(c.Contracts, x.ID)
			}
		}
	}
	for i := range is.Counterparties {
		x := &is.Counterparties[i]
		if _, fed := p.counterpartyRows.at[string(x.ID)]; fed {
			old, ok := was.Counterparty(x.ID)
			if r.Counterparties.tell(ok, old == *x) {
				c.Counterparties = append(c.Counterparties, x.ID)
			}
		}
	}
	for i := range is.Agreements {
		x := &is.Agreements[i]
		if _, fed := p.agreementRows.at[string(x.ID)]; fed {
			old, ok := was.Agreement(x.ID)
			if r.Agreements.tell(ok, old == *x) {
				c.Agreements = append(c.Agreements, x.ID)
			}
		}
	}
	return c
}

func headChanged(a, b *partner.Partner) bool {
	return a.Name != b.Name || a.Number != b.Number || a.Type != b.Type || a.Active != b.Active
}

// tell counts one row and reports whether it changes anything.
func (c *TermsCount) tell(there, same bool) bool {
	switch {
	case !there:
		c.New++
	case !same:
		c.Changed++
	default:
		c.Same++
		return false
	}
	return true
}

// absent lists what the partners have and the feed has not.
func (p *planner) absent(r *TermsReport) {
	note := func(of *partner.Partner, what partner.Part, id string, s *shelf) {
		if _, ok := s.at[id]; !ok {
			r.Absent = append(r.Absent, AbsentTerm{of.ID, what, id})
		}
	}
	for _, id := range sortedIDs(p.ours) {
		x := p.ours[id]
		for i := range x.Contracts {
			note(x, partner.PartContract, string(x.Contracts[i].ID), &p.contractRows)
		}
		for i := range x.Counterparties {
			note(x, partner.PartCounterparty, string(x.Counterparties[i].ID), &p.counterpartyRows)
		}
		for i := range x.Agreements {
			note(x, partner.PartAgreement, string(x.Agreements[i].ID), &p.agreementRows)
		}
	}
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// under notes what a partner refuses of a row.
func (p *planner) under(path string, err error) bool {
	p.is.AddUnder(path, err)
	return err == nil
}

// begin and end are the instants between which days hold, both included.
func (p *planner) begin(d partner.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return dayBreak(d, p.zone)
}

func (p *planner) end(d partner.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return dayBreak(d.AddDays(1), p.zone)
}

// dayBreak is the first instant of a day. Where clocks go forward at midnight a
// day begins at one o'clock, and time.Date gives an hour of the day before.
func dayBreak(d partner.Date, zone *time.Location) time.Time {
	t := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
	if partner.DateOf(t, zone).Before(d) {
		_, t = t.ZoneBounds()
	}
	return clock.Cut(t)
}

// lookAlike finishes a message with the entry that a name nearly is.
func lookAlike(name string, looks map[string][]string) string {
	near := looks[look(name)]
	if len(near) == 0 {
		return ""
	}
	var b strings.Builder
	for _, d := range differ(name, near[0]) {
		b.WriteString("; " + d.String())
	}
	return "; it looks like another" + b.String()
}
