package access

import (
	"fmt"
	"strings"
)

// Scope is the reach of a permission.
type Scope uint8

// The scopes.
const (
	// Own reaches what belongs to the actor's partner or center.
	Own Scope = iota + 1
	// Others reaches everything else of the tenant.
	Others
)

// String returns "own" or "others".
func (s Scope) String() string {
	switch s {
	case Own:
		return "own"
	case Others:
		return "others"
	}
	return fmt.Sprintf("scope(%d)", uint8(s))
}

// Grant allows a role some actions within scopes.
type Grant struct {
	Role    Role
	Scopes  []Scope
	Actions []Action
}

type cell struct {
	role   Role
	action Action
	scope  Scope
}

// Policy is an immutable permission table: what it does not grant is denied.
type Policy struct{ cells map[cell]struct{} }

// NewPolicy builds a table from grants.
//
// A grant with an unknown scope grants nothing through that scope.
func NewPolicy(grants ...Grant) *Policy {
	p := &Policy{cells: make(map[cell]struct{})}
	p.add(grants)
	return p
}

// With returns a table with further grants.
func (p *Policy) With(grants ...Grant) *Policy {
	c := &Policy{cells: make(map[cell]struct{}, len(p.cells))}
	for k := range p.cells {
		c.cells[k] = struct{}{}
	}
	c.add(grants)
	return c
}

func (p *Policy) add(grants []Grant) {
	for _, g := range grants {
		for _, s := range g.Scopes {
			for _, a := range g.Actions {
				p.cells[cell{g.Role, a, s}] = struct{}{}
			}
		}
	}
}

// May reports whether one of the actor's roles allows the action on a thing
// of this owner.
func (p *Policy) May(a Actor, act Action, o Owner) bool {
	if a.ID == "" {
		return false
	}
	scope := Others
	if a.Owns(o) {
		scope = Own
	}
	for _, r := range a.Roles {
		if _, ok := p.cells[cell{r, act, scope}]; ok {
			return true
		}
	}
	return false
}

// Everywhere reports whether the actor may do this to things of any owner,
// as lists without a partner filter need.
func (p *Policy) Everywhere(a Actor, act Action) bool {
	return p.May(a, act, Owner{})
}

// Check answers nil when the action is allowed, hidden when the actor may not
// even see the thing (see is the action that shows it), and ErrForbidden
// otherwise. What an actor may not see does not exist for it.
func (p *Policy) Check(a Actor, act, see Action, o Owner, hidden error) error {
	switch {
	case !p.May(a, see, o):
		return hidden
	case !p.May(a, act, o):
		return Denied(act)
	}
	return nil
}

// Matrix renders the whole table in Markdown, one row per action, one column
// per role; a cell reads "own", "all" (own and others), "others" or "·".
func (p *Policy) Matrix(roles []Role, actions []Action) string {
	var b strings.Builder
	b.WriteString("| action |")
	for _, r := range roles {
		fmt.Fprintf(&b, " %s |", r)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(roles)) + "\n")
	for _, act := range actions {
		fmt.Fprintf(&b, "| %s |", act)
		for _, r := range roles {
			fmt.Fprintf(&b, " %s |", p.cellText(r, act))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *Policy) cellText(r Role, act Action) string {
	_, own := p.cells[cell{r, act, Own}]
	_, others := p.cells[cell{r, act, Others}]
	switch {
	case own && others:
		return "all"
	case own:
		return "own"
	case others:
		return "others"
	}
	return "·"
}
