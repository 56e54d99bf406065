package partner

import (
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
)

// MemberRoles lists the roles a person on the partner side may have. The
// slice is the caller's.
func MemberRoles() []access.Role {
	return []access.Role{access.Designer, access.Purchaser, access.Accountant, access.PartnerAdmin, access.Center}
}

// PutMember returns the partner with the person added, or replacing the one
// of its id. Errors: ErrInvalid with all issues, such as a role of the seller
// side, which nobody has at a partner.
func (p Partner) PutMember(m Member) (Partner, error) {
	var is fault.Issues
	m.check(&is, "")
	if err := is.Err(ErrInvalid); err != nil {
		return p, err
	}
	m.Roles = slices.Clone(m.Roles)
	p.Members = put(p.Members, m, memberID)
	return p, nil
}

// Member returns a person by id.
func (p Partner) Member(id MemberID) (Member, bool) {
	return find(p.Members, func(m Member) bool { return m.ID == id })
}

// Actor returns the member as who asks: bound to the partner and its center,
// with the member's roles. It is false for persons who are unknown or not
// active; who has signed in is still for the caller to establish.
func (p Partner) Actor(id MemberID) (access.Actor, bool) {
	m, ok := p.Member(id)
	if !ok || !m.Active {
		return access.Actor{}, false
	}
	a := access.Actor{ID: m.ID, Name: m.Name, Company: p.Name, Partner: p.ID,
		Roles: slices.Clone(m.Roles), Lang: m.Lang}
	if m.Lang == "" {
		a.Lang = p.Lang
	}
	if m.hasRole(access.Center) {
		a.Center = p.Center
	}
	return a, true
}

func (m Member) hasRole(r access.Role) bool { return slices.Contains(m.Roles, r) }

func (m Member) check(is *fault.Issues, path string) {
	at := func(field string) string { return fault.Join(path, field) }
	check.Need(is, at("id"), string(m.ID), maxText)
	check.Need(is, at("name"), m.Name, maxText)
	check.Line(is, at("phone"), m.Phone, maxText)
	check.Lang(is, at("lang"), m.Lang)
	check.Line(is, at("email"), m.Email, maxText)
	if m.Email != "" && !mailShape(m.Email) {
		is.Add(at("email"), "email.shape", "is not an e-mail address")
	}
	if len(m.Roles) == 0 {
		is.Add(at("roles"), "required", "is missing")
	}
	for i, r := range m.Roles {
		p := indexed(at("roles"), i)
		switch {
		case r == "":
			is.Add(p, "required", "is missing")
		case r == access.Operator || r == access.Admin || r == access.System:
			is.Add(p, "role.seller", "%s is a role of the seller side", r)
		case slices.Contains(m.Roles[:i], r):
			is.Add(p, "role.twice", "%s is there twice", r)
		}
	}
}

// mailShape asks only for one @ between two parts without blanks; more than
// that only a mail that arrives can prove.
func mailShape(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(s, " <>,;\"") && !strings.Contains(domain, "@")
}

func memberID(m Member) MemberID { return m.ID }
