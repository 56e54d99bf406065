package fsm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
)

const (
	maxStates = 255
	maxRoles  = 64
)

// keywords open a statement of Mermaid's state diagrams in any case of letters;
// a state of that name could not be drawn.
var keywords = []string{"class", "classdef", "click", "default", "note", "scale", "state", "style"}

// checker collects the mistakes of one definition.
type checker[S, T, R ~string, F any] struct {
	def    *Definition[S, T, R, F]
	issues fault.Issues
}

func validate[S, T, R ~string, F any](def *Definition[S, T, R, F]) error {
	c := checker[S, T, R, F]{def: def}
	c.names()
	for i, r := range def.Open {
		c.row(fmt.Sprintf("open[%d]", i), r, true)
	}
	for i, r := range def.Rows {
		c.row(fmt.Sprintf("rows[%d]", i), r, false)
	}
	c.overlaps("open", def.Open)
	c.overlaps("rows", def.Rows)
	c.ends()
	c.reach()
	return c.issues.Err(ErrDefinition)
}

func (c *checker[S, T, R, F]) names() {
	d := c.def
	c.name("name", d.Name, identifier)
	if len(d.States) == 0 || len(d.States) > maxStates {
		c.issues.Add("states", "states.count", "1 to %d states, not %d", maxStates, len(d.States))
	}
	if len(d.Roles) == 0 || len(d.Roles) > maxRoles {
		c.issues.Add("roles", "roles.count", "1 to %d roles, not %d", maxRoles, len(d.Roles))
	}
	for i, s := range d.States {
		path := fmt.Sprintf("states[%d]", i)
		c.declared(path, string(s), identifier, slices.Index(d.States, s) < i)
		if slices.Contains(keywords, strings.ToLower(string(s))) {
			c.issues.Add(path, "name.keyword", "%q is a keyword of Mermaid", string(s))
		}
	}
	for i, r := range d.Roles {
		path := fmt.Sprintf("roles[%d]", i)
		c.declared(path, string(r.Name), identifier, slices.Index(roleNames(d.Roles), r.Name) < i)
		if r.Mark != "" {
			same := slices.IndexFunc(d.Roles, func(o Role[R]) bool { return o.Mark == r.Mark })
			c.declared(path+".mark", r.Mark, phrase, same < i)
		}
	}
	for i, g := range d.Guards {
		path := fmt.Sprintf("guards[%d]", i)
		same := slices.IndexFunc(d.Guards, func(o Guard[F]) bool { return o.Name == g.Name })
		c.declared(path, g.Name, phrase, same < i)
		if g.Check == nil {
			c.issues.Add(path, "guard.no_check", "guard %q has no Check", g.Name)
		}
		if !c.named(g.Name) {
			c.issues.Add(path, "guard.unused", "no row names the guard %q", g.Name)
		}
	}
	c.state("initial", d.Initial)
	for i, s := range d.Final {
		path := fmt.Sprintf("final[%d]", i)
		c.state(path, s)
		if slices.Index(d.Final, s) < i {
			c.issues.Add(path, "name.twice", "%q stands here twice", string(s))
		}
	}
}

func (c *checker[S, T, R, F]) named(guard string) bool {
	names := func(r Row[S, T, R]) bool { return slices.Contains(r.Guards, guard) }
	return slices.ContainsFunc(c.def.Rows, names) || slices.ContainsFunc(c.def.Open, names)
}

func (c *checker[S, T, R, F]) row(path string, r Row[S, T, R], opening bool) {
	if !opening {
		c.state(path+".from", r.From)
	} else if r.From != "" {
		c.issues.Add(path+".from", "row.from_given", "an opening row starts from nothing, not from %q", string(r.From))
	}
	c.name(path+".on", string(r.On), identifier)
	c.state(path+".to", r.To)
	if len(r.Who) == 0 {
		c.issues.Add(path+".who", "row.no_role", "nobody may fire the row")
	}
	for i, who := range r.Who {
		at := fmt.Sprintf("%s.who[%d]", path, i)
		c.used(at, "role.unknown", string(who), slices.Contains(roleNames(c.def.Roles), who), slices.Index(r.Who, who) < i)
	}
	for i, name := range r.Guards {
		at := fmt.Sprintf("%s.guards[%d]", path, i)
		known := slices.ContainsFunc(c.def.Guards, func(g Guard[F]) bool { return g.Name == name })
		c.used(at, "guard.unknown", name, known, slices.Index(r.Guards, name) < i)
	}
	for i, name := range r.Emits {
		c.declared(fmt.Sprintf("%s.emits[%d]", path, i), name, dotted, slices.Index(r.Emits, name) < i)
	}
}

// overlaps finds the rows that fire together whatever the facts: same pair, a
// common role, and the guards of one all among the guards of the other.
func (c *checker[S, T, R, F]) overlaps(list string, rows []Row[S, T, R]) {
	for i, a := range rows {
		for j, b := range rows[:i] {
			if a.From == b.From && a.On == b.On && common(a.Who, b.Who) &&
				(within(a.Guards, b.Guards) || within(b.Guards, a.Guards)) {
				c.issues.Add(fmt.Sprintf("%s[%d]", list, i), "row.overlap",
					"%s in %s overlaps row %d: no guard tells them apart", string(a.On), orNone(string(a.From)), j)
			}
		}
	}
}

func common[K comparable](a, b []K) bool {
	return slices.ContainsFunc(a, func(k K) bool { return slices.Contains(b, k) })
}

func within[K comparable](a, b []K) bool {
	return !slices.ContainsFunc(a, func(k K) bool { return !slices.Contains(b, k) })
}

// ends compares the declared final states with the rows.
func (c *checker[S, T, R, F]) ends() {
	for i, s := range c.def.States {
		path := fmt.Sprintf("states[%d]", i)
		leaves := slices.ContainsFunc(c.def.Rows, func(r Row[S, T, R]) bool { return r.From == s })
		final := slices.Contains(c.def.Final, s)
		switch {
		case final && leaves:
			c.issues.Add(path, "state.final_left", "%q is final, but a row leaves it", string(s))
		case !final && !leaves:
			c.issues.Add(path, "state.dead_end", "no row leaves %q, and it is not final", string(s))
		}
	}
}

// reach finds states that no row leads to, from the initial state and those
// that opening rows lead to.
func (c *checker[S, T, R, F]) reach() {
	d := c.def
	seen := []S{d.Initial}
	for _, r := range d.Open {
		seen = union(seen, []S{r.To})
	}
	begins := func(r Row[S, T, R]) bool { return r.To == d.Initial }
	if len(d.Open) > 0 && !slices.ContainsFunc(d.Open, begins) {
		c.issues.Add("open", "open.not_initial", "no opening row leads to %q", string(d.Initial))
	}
	for i := 0; i < len(seen); i++ {
		for _, r := range d.Rows {
			if r.From == seen[i] {
				seen = union(seen, []S{r.To})
			}
		}
	}
	for i, s := range d.States {
		if !slices.Contains(seen, s) {
			c.issues.Add(fmt.Sprintf("states[%d]", i), "state.unreachable", "no row leads to %q", string(s))
		}
	}
}

func (c *checker[S, T, R, F]) state(path string, s S) {
	if !slices.Contains(c.def.States, s) {
		c.issues.Add(path, "state.unknown", "%q is not a state of the table", string(s))
	}
}

func (c *checker[S, T, R, F]) used(path, code, name string, known, again bool) {
	if !known {
		c.issues.Add(path, code, "%q is not declared", name)
	}
	if again {
		c.issues.Add(path, "name.twice", "%q stands here twice", name)
	}
}

func (c *checker[S, T, R, F]) declared(path, name string, fit func(rune) bool, again bool) {
	c.name(path, name, fit)
	if again {
		c.issues.Add(path, "name.twice", "%q is declared twice", name)
	}
}

// name keeps names fit for every chart without escapes.
func (c *checker[S, T, R, F]) name(path, name string, fit func(rune) bool) {
	if name == "" || strings.TrimSpace(name) != name || len(name) > 64 ||
		strings.ContainsFunc(name, func(r rune) bool { return !fit(r) }) {
		c.issues.Add(path, "name.invalid", "%q is not a fit name", name)
	}
}

func identifier(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func dotted(r rune) bool { return identifier(r) || r == '.' || r == '-' }

func phrase(r rune) bool { return dotted(r) || r == ' ' }
