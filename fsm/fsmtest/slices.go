package fsmtest

import "slices"

func shares[K comparable](a, b []K) bool {
	return slices.ContainsFunc(a, func(k K) bool { return slices.Contains(b, k) })
}

func indexes[E any](in []E, ok func(E) bool) (out []int) {
	for i, e := range in {
		if ok(e) {
			out = append(out, i)
		}
	}
	return out
}

func count(in []bool) (n int) {
	for _, b := range in {
		if b {
			n++
		}
	}
	return n
}

func orOpening[S ~string](from S) string {
	if from == "" {
		return "(opening)"
	}
	return string(from)
}
