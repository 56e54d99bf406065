package fsmtest

// Setter gives one fact one of its values.
type Setter[F any] func(*F)

// Bool is the axis of a fact that holds or does not.
func Bool[F any](set func(f *F, v bool)) []Setter[F] { return Each(set, false, true) }

// Each is the axis of a fact with the given values.
func Each[F, V any](set func(f *F, v V), values ...V) []Setter[F] {
	out := make([]Setter[F], len(values))
	for i, v := range values {
		out[i] = func(f *F) { set(f, v) }
	}
	return out
}

// Product lists every combination of the axes, starting from base each time;
// the last axis varies fastest. Without axes it is base alone. The combinations
// share what base points to, so a setter replaces maps and slices rather than
// writing into them.
func Product[F any](base F, axes ...[]Setter[F]) []F {
	out := []F{base}
	for _, axis := range axes {
		var wider []F
		for _, f := range out {
			for _, set := range axis {
				g := f
				set(&g)
				wider = append(wider, g)
			}
		}
		out = wider
	}
	return out
}
