package access

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
)

// Tenant is a seller company or a national branch of one. It is part of every
// store handle and never read from a payload.
type Tenant string

// The identities an actor is bound to.
type (
	// ActorID is the caller's own id of a person or a service.
	ActorID string
	// PartnerID names the dealer, studio or service center a person works for.
	PartnerID string
	// CenterID names an authorised service center.
	CenterID string
)

// Role is what a person is there for.
type Role string

// The roles.
const (
	Designer     Role = "designer"      // partner side: composes carts
	Purchaser    Role = "purchaser"     // partner side: orders and pays
	Accountant   Role = "accountant"    // partner side: reads contracts, orders, statements
	PartnerAdmin Role = "partner_admin" // partner side: all of the above, and the members
	Center       Role = "center"        // a service center: repairs, orders parts
	Operator     Role = "operator"      // seller side: daily work
	Admin        Role = "admin"         // seller side: all an operator may, and settings
	System       Role = "system"        // the library's own relays and clocks
)

// Roles lists every role in rendered order.
func Roles() []Role {
	return []Role{Designer, Purchaser, Accountant, PartnerAdmin, Center, Operator, Admin, System}
}

// Actor is who asks. The caller authenticates; the library decides what the
// actor may do. The zero Actor may do nothing.
type Actor struct {
	ID   ActorID `json:"id"`
	Name string  `json:"name,omitempty"`
	// Company is printed beside the name in histories.
	Company string `json:"company,omitempty"`
	// Partner and Center bind the partner side to what it owns; both are
	// empty on the seller side. A service center that orders parts has both.
	Partner PartnerID `json:"partner,omitempty"`
	Center  CenterID  `json:"center,omitempty"`
	Roles   []Role    `json:"roles,omitempty"`
	// Lang is a BCP 47 tag for labels and prints; state codes ignore it.
	Lang string `json:"lang,omitempty"`
}

// Has reports whether the actor carries the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// Seller reports whether the actor acts for the seller: operator, admin or
// the library itself.
func (a Actor) Seller() bool { return a.Has(Operator) || a.Has(Admin) || a.Has(System) }

// Stamp is the actor as histories keep it.
func (a Actor) Stamp() Stamp { return Stamp{ID: a.ID, Name: a.Name, Company: a.Company} }

// Stamp is who did something, as it was then.
type Stamp struct {
	ID      ActorID `json:"id"`
	Name    string  `json:"name,omitempty"`
	Company string  `json:"company,omitempty"`
}

// Machine returns the actor of a relay or a clock.
func Machine(name string) Actor {
	return Actor{ID: ActorID(name), Name: name, Roles: []Role{System}}
}

// Owner says whose a thing is.
type Owner struct {
	Partner PartnerID
	Center  CenterID
}

// Owns reports whether the thing belongs to the actor's partner or center.
func (a Actor) Owns(o Owner) bool {
	return (a.Partner != "" && a.Partner == o.Partner) || (a.Center != "" && a.Center == o.Center)
}

// ErrForbidden says that the actor sees the thing but may not do this to it.
var ErrForbidden = fault.Define(fault.Forbidden, "access.forbidden", "the actor may not do this")

// Denied is the ErrForbidden of an action that none of the actor's roles allows.
func Denied(act Action) error { return ErrForbidden.With("%s needs a role that allows it", act) }
