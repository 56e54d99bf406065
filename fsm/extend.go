package fsm

import (
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
)

// Extend returns a new table with what an integrator adds; the given table
// stays as it is. Rows are added after the given ones. Added guards can only
// make a row stricter; added roles open it to more actors.
//
// Errors: ErrDefinition (kind Invalid) with every mistake of the result, and
// for an amendment of a pair that has no row (amendment.no_row).
func (t *Table[S, T, R, F]) Extend(ext Extension[S, T, R, F]) (*Table[S, T, R, F], error) {
	def := cloneDefinition(t.def)
	var is fault.Issues
	for i, a := range ext.Amend {
		rows := def.Rows
		if a.From == "" {
			rows = def.Open
		}
		if !amend(rows, a) {
			is.Add(fmt.Sprintf("amend[%d]", i), "amendment.no_row", "%s has no row in %s", string(a.On), orNone(string(a.From)))
		}
	}
	def.Roles = append(def.Roles, ext.Roles...)
	def.Guards = append(def.Guards, ext.Guards...)
	def.Open = append(def.Open, ext.Open...)
	def.Rows = append(def.Rows, ext.Rows...)
	is.AddUnder("", validate(&def))
	if err := is.Err(ErrDefinition); err != nil {
		return nil, err
	}
	return New(def)
}

// amend adds only what a row does not have yet, so that two extensions may ask
// for the same.
func amend[S, T, R ~string](rows []Row[S, T, R], a Amendment[S, T, R]) (found bool) {
	for i := range rows {
		r := &rows[i]
		if r.From != a.From || r.On != a.On {
			continue
		}
		found = true
		r.Who = union(r.Who, a.Who)
		r.Guards = union(r.Guards, a.Guards)
		r.Emits = union(r.Emits, a.Emits)
	}
	return found
}

func union[K comparable](have, more []K) []K {
	for _, k := range more {
		if !slices.Contains(have, k) {
			have = append(have, k)
		}
	}
	return have
}
