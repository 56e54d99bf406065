package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
)

// Discount is an entry of the directory of discount names.
type Discount struct {
	// ID is the entry's id in the feed that it came from, "" where it has none.
	ID string `json:"id,omitempty"`
	// Name is what rules and actions name, byte for byte.
	Name string `json:"name"`
}

// Action grants a discount to an agreement.
type Action struct {
	// ID names the discount by its id, Name by its name. The id decides where
	// both are given.
	ID        string              `json:"id,omitempty"`
	Name      string              `json:"name,omitempty"`
	Agreement partner.AgreementID `json:"agreement"`
	Span
}

// names returns the name of the discount that an action grants, "" when the
// directory does not have it.
func (t *Tariff) names(a *Action) string {
	i := slices.IndexFunc(t.Discounts, func(d Discount) bool {
		if a.ID != "" {
			return d.ID == a.ID
		}
		return d.Name == a.Name
	})
	if i < 0 {
		return ""
	}
	return t.Discounts[i].Name
}

func (t *Tariff) checkTerms(is *fault.Issues) {
	for i, d := range t.Discounts {
		path := indexedPath("discounts", i)
		check.Need(is, path+".name", d.Name, 200)
		check.Line(is, path+".id", d.ID, 200)
		if slices.ContainsFunc(t.Discounts[:i], func(o Discount) bool { return o.Name == d.Name || d.ID != "" && o.ID == d.ID }) {
			is.Add(path, issueTwice, "the directory has this name or id already")
		}
	}
	for i := range t.Actions {
		a, path := &t.Actions[i], indexedPath("actions", i)
		a.Span.check(is, path)
		if a.Agreement == "" {
			is.Add(path+".agreement", issueRequired, "an action is for an agreement")
		}
		switch name := t.names(a); {
		case name == "":
			is.Add(path, issueUnknown, "the directory has no discount of this id or exactly this name")
		case a.ID != "" && a.Name != "" && a.Name != name:
			is.Add(path+".name", issueUnknown, "the id is of the discount %q", name)
		}
	}
}
