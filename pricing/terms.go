package pricing

import (
	"time"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
)

// Discount is an entry of the directory of discount names. An entry that is
// renamed or leaves the directory stays as a record that is gone.
type Discount struct {
	// ID is the entry's id in the feed that it came from, "" where it has none.
	ID string `json:"id,omitempty"`
	// Name is what rules and actions name, byte for byte.
	Name string `json:"name"`
	Span
}

// Action grants a discount to an agreement.
type Action struct {
	// ID names the discount by its id, Name by its name. The id decides where
	// both are given.
	ID        string              `json:"id,omitempty"`
	Name      string              `json:"name,omitempty"`
	Agreement partner.AgreementID `json:"agreement"`
	// By is the agent who assigned it, "" when that is not known.
	By string `json:"by,omitempty"`
	Span
}

// ErrTerms lists what is wrong with commercial terms: a feed of them, or a
// directory and its actions.
var ErrTerms = fault.Define(fault.Invalid, "pricing.terms", "the terms are not valid")

// The codes of the issues inside ErrTerms, beside those of ErrTariff.
const (
	issueNoParent      = "pricing.no_parent"     // what the row belongs to is not there
	issueFollows       = "pricing.follows"       // what the row belongs to is refused itself
	issueShared        = "pricing.shared"        // it may belong to one only
	issueElsewhere     = "pricing.elsewhere"     // another partner has it
	issueContradiction = "pricing.contradiction" // two ways to say it disagree
)

const maxTermText = 200

// directory finds the entries that an action means.
type directory struct {
	list   []Discount
	byID   map[string][]int
	byName map[string][]int
}

func directoryOf(list []Discount) directory {
	d := directory{list: list, byID: map[string][]int{}, byName: map[string][]int{}}
	for i := range list {
		if list[i].ID != "" {
			d.byID[list[i].ID] = append(d.byID[list[i].ID], i)
		}
		d.byName[list[i].Name] = append(d.byName[list[i].Name], i)
	}
	return d
}

// of returns the places of the entries that an action means, whenever they
// were known: by the id where it has one, else by the bytes of the name.
func (d directory) of(a *Action) []int {
	if a.ID != "" {
		return d.byID[a.ID]
	}
	return d.byName[a.Name]
}

// check notes entries that are not sound and names and ids that are there
// twice at one time.
func (d directory) check(is *fault.Issues) {
	for i := range d.list {
		e, path := &d.list[i], indexedPath("discounts", i)
		check.Need(is, path+".name", e.Name, maxTermText)
		check.Line(is, path+".id", e.ID, maxTermText)
		e.Span.check(is, path)
		d.once(is, path+".name", i, d.byName[e.Name])
		if e.ID != "" {
			d.once(is, path+".id", i, d.byID[e.ID])
		}
	}
}

// once notes the first earlier entry of the same name or id at the same time.
func (d directory) once(is *fault.Issues, path string, i int, same []int) {
	for _, k := range same {
		if k >= i {
			return
		}
		if d.list[k].Span.overlaps(d.list[i].Span) {
			is.Add(path, issueTwice, "discounts[%d] is there with the same", k)
			return
		}
	}
}

// checkAction notes an action that means no entry, or one of another name.
func (d directory) checkAction(is *fault.Issues, path string, a *Action) {
	a.Span.check(is, path)
	check.Line(is, path+".by", a.By, maxTermText)
	if a.Agreement == "" {
		is.Add(path+".agreement", issueRequired, "an action is for an agreement")
	}
	found, named := d.of(a), ""
	if len(found) == 0 {
		is.Add(path, issueUnknown, "the directory has no discount of this id or exactly this name")
		return
	}
	if a.ID == "" || a.Name == "" {
		return
	}
	for _, k := range found {
		if d.list[k].Span.overlaps(a.Span) {
			if named = d.list[k].Name; named == a.Name {
				return
			}
		}
	}
	if named != "" {
		is.Add(path+".name", issueContradiction, "the id is of the discount %q", named)
	}
}

func (t *Tariff) checkTerms(is *fault.Issues) {
	d := directoryOf(t.Discounts)
	d.check(is)
	for i := range t.Actions {
		d.checkAction(is, indexedPath("actions", i), &t.Actions[i])
	}
}

// links are the agreements that each name of the directory is granted to. An
// action holds for an entry while both do, and is known while both are.
func (t *Tariff) links() map[string][]link {
	d, out := directoryOf(t.Discounts), map[string][]link{}
	for i := range t.Actions {
		a := &t.Actions[i]
		for _, k := range d.of(a) {
			if s, ok := a.Span.common(d.list[k].Span); ok {
				name := d.list[k].Name
				out[name] = append(out[name], link{a.Agreement, s})
			}
		}
	}
	return out
}

// common is the time in which both records hold and are known; ok is false
// when there is none.
func (s Span) common(o Span) (both Span, ok bool) {
	both = Span{From: later(s.From, o.From), Until: sooner(s.Until, o.Until), Known: later(s.Known, o.Known), Gone: sooner(s.Gone, o.Gone)}
	return both, (both.Until.IsZero() || both.From.Before(both.Until)) && (both.Gone.IsZero() || both.Known.Before(both.Gone))
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// sooner is the earlier of two ends, of which zero is open.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
