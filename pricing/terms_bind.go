package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// Binding is how the names that rules use are bound to agreements.
type Binding struct {
	// Links are sorted by name, agreement and time. Those that are gone are
	// among them, so that what was priced before is priced the same again.
	Links []TermsLink `json:"links,omitempty"`
	// Unmatched is what stands and is bound to nothing.
	Unmatched []Unmatched `json:"unmatched,omitempty"`
	// NearMisses are entries that a name nearly is. They are never bound.
	NearMisses []NearMiss `json:"near_misses,omitempty"`
	// Unused are the names of the directory that stand and no rule uses.
	Unused []string `json:"unused,omitempty"`
}

// TermsLink binds a name to an agreement for a while.
type TermsLink struct {
	Name      string              `json:"name"`
	Agreement partner.AgreementID `json:"agreement"`
	Span
}

// Unmatched is a name, an id or an agreement that nothing answers to.
type Unmatched struct {
	// Path is "names[2]", "actions[4]" or "actions[4].agreement".
	Path string `json:"path"`
	// Text is the name, id or agreement as it was written.
	Text string `json:"text"`
}

// NearMiss is a name that looks like an entry of the directory and is another
// text.
type NearMiss struct {
	Path string `json:"path"`
	// Ours is the name as it is used, Theirs as the directory has it.
	Ours   string     `json:"ours"`
	Theirs string     `json:"theirs"`
	Differ []RuneDiff `json:"differ"`
}

// BindTerms binds the names that rules use to agreements, through the directory
// and its actions. Names are equal when their bytes are. One that is equal only
// to the eye (another case, other blanks, compatibility forms, letters of
// another script) is reported with the characters that differ, and not bound.
// An action that has an id is bound by it; its name, if any, must be the same.
//
// Errors: ErrTerms (Invalid, pricing.terms) with all issues: a name or id
// that the directory has twice at one time (pricing.twice), an id and a name
// that contradict each other (pricing.contradiction), spans that end before
// they begin (pricing.window). A name that is bound to nothing is no error.
func BindTerms(names []string, discounts []Discount, actions []Action, agreements []partner.AgreementID) (Binding, error) {
	d := directoryOf(discounts)
	var is fault.Issues
	d.check(&is)
	for i := range actions {
		a := &actions[i]
		if len(d.of(a)) > 0 {
			d.checkAction(&is, indexedPath("actions", i), a)
		}
	}
	if err := is.Err(ErrTerms); err != nil {
		return Binding{}, err
	}
	var b Binding
	looks := d.looks()
	used := map[string]bool{}
	for i, n := range names {
		used[n] = true
		if !slices.ContainsFunc(d.byName[n], func(k int) bool { return discounts[k].Gone.IsZero() }) {
			b.unmatched(indexedPath("names", i), n, looks)
		}
	}
	known := map[partner.AgreementID]bool{}
	for _, a := range agreements {
		known[a] = true
	}
	for i := range actions {
		a, path := &actions[i], indexedPath("actions", i)
		if !a.Gone.IsZero() {
			continue
		}
		switch found := slices.ContainsFunc(d.of(a), func(k int) bool { return discounts[k].Gone.IsZero() }); {
		case found:
		case a.ID != "":
			b.Unmatched = append(b.Unmatched, Unmatched{path, a.ID})
		default:
			b.unmatched(path, a.Name, looks)
		}
		if !known[a.Agreement] {
			b.Unmatched = append(b.Unmatched, Unmatched{path + ".agreement", string(a.Agreement)})
		}
	}
	t := Tariff{Discounts: discounts, Actions: actions}
	for name, links := range t.links() {
		if !used[name] {
			continue
		}
		for _, l := range links {
			if known[l.agreement] {
				b.Links = append(b.Links, TermsLink{name, l.agreement, l.Span})
			}
		}
	}
	slices.SortFunc(b.Links, func(x, y TermsLink) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Agreement, y.Agreement), x.From.Compare(y.From), x.Until.Compare(y.Until),
			x.Known.Compare(y.Known), x.Gone.Compare(y.Gone))
	})
	for i := range discounts {
		if e := &discounts[i]; e.Gone.IsZero() && !used[e.Name] {
			b.Unused = append(b.Unused, e.Name)
		}
	}
	slices.Sort(b.Unused)
	b.Unused = slices.Compact(b.Unused)
	return b, nil
}

// looks are the standing names of the directory by what a reader sees.
func (d directory) looks() map[string][]string {
	out := map[string][]string{}
	for i := range d.list {
		if e := &d.list[i]; e.Gone.IsZero() {
			out[look(e.Name)] = append(out[look(e.Name)], e.Name)
		}
	}
	return out
}

// unmatched notes a name and the entries that look like it.
func (b *Binding) unmatched(path, name string, looks map[string][]string) {
	b.Unmatched = append(b.Unmatched, Unmatched{path, name})
	for _, near := range looks[look(name)] {
		b.NearMisses = append(b.NearMisses, NearMiss{Path: path, Ours: name, Theirs: near, Differ: differ(name, near)})
	}
}

// DiscountNames returns the names of discounts that the rules use and that
// stand, each once, sorted: what BindTerms is asked with.
func (t Tariff) DiscountNames() []string {
	var out []string
	for i := range t.Rules {
		if r := &t.Rules[i]; r.Discount != "" && r.Gone.IsZero() {
			out = append(out, r.Discount)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
