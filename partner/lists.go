package partner

import "slices"

// settle leaves exactly one default: the preferred element, else the first
// that is marked, else the first.
func settle[E any](list []E, mark func(*E) *bool, prefer func(E) bool) {
	best := -1
	for i := range list {
		switch {
		case prefer != nil && prefer(list[i]):
			best = i
		case best < 0 && *mark(&list[i]):
			best = i
		}
	}
	for i := range list {
		*mark(&list[i]) = i == max(best, 0)
	}
}

// put replaces the element of the same id or appends; the slice is a new one.
func put[E any, K comparable](list []E, e E, id func(E) K) []E {
	out := slices.Clone(list)
	for i := range out {
		if id(out[i]) == id(e) {
			out[i] = e
			return out
		}
	}
	return append(out, e)
}

func find[E any](list []E, match func(E) bool) (E, bool) {
	for _, e := range list {
		if match(e) {
			return e, true
		}
	}
	var none E
	return none, false
}
