package catalog

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// Visible says which levels below the first a form or a filter shows: the
// family once the super-family is set, the sub-family once the family is set
// as well.
func (f Family) Visible() (family, sub bool) {
	family = f.Super != ""
	return family, family && f.Family != ""
}

// Check reports levels whose upper level is missing. Errors: ErrInvalid with
// an issue per level.
func (f Family) Check() error {
	var is fault.Issues
	f.check(&is, "")
	return is.Err(ErrInvalid)
}

func (f Family) check(is *fault.Issues, path string) {
	family, sub := f.Visible()
	if f.Family != "" && !family {
		is.Add(fault.Join(path, "family"), "family.parent", "needs a super-family")
	}
	if f.Sub != "" && !sub {
		is.Add(fault.Join(path, "sub"), "family.parent", "needs a family and a super-family")
	}
	check.Line(is, fault.Join(path, "super"), f.Super, maxText)
	check.Line(is, fault.Join(path, "family"), f.Family, maxText)
	check.Line(is, fault.Join(path, "sub"), f.Sub, maxText)
}

// String joins the levels that are set: "kitchen/ovens/steam".
func (f Family) String() string {
	s := f.Super
	for _, level := range []string{f.Family, f.Sub} {
		if level != "" {
			s += "/" + level
		}
	}
	return s
}

// Within reports whether goods of f belong to the family of: whether they have
// every level that it sets. All goods are within the empty family.
func (f Family) Within(of Family) bool {
	return (of.Super == "" || of.Super == f.Super) && (of.Family == "" || of.Family == f.Family) && (of.Sub == "" || of.Sub == f.Sub)
}
