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
