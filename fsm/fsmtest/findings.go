package fsmtest

import (
	"fmt"
	"slices"
	"testing"
)

// maxReported keeps the report of a badly broken table readable.
const maxReported = 20

// findings collects what is wrong, in the order found.
type findings struct {
	list []string
	seen map[string]bool
}

func (f *findings) find(format string, args ...any) {
	f.list = append(f.list, fmt.Sprintf(format, args...))
}

// findOnce keeps only the first finding of a key: the same mistake shows under
// many facts.
func (f *findings) findOnce(key, format string, args ...any) {
	if f.seen[key] {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[key] = true
	f.find(format, args...)
}

func (w *walk[S, T, R, F]) report(t testing.TB) {
	t.Helper()
	for i, s := range w.list {
		if i == maxReported {
			t.Errorf("%s: and %d more", w.table.Name(), len(w.list)-i)
			return
		}
		t.Errorf("%s: %s", w.table.Name(), s)
	}
}

// exercised finds the rows that no case fired.
func (w *walk[S, T, R, F]) exercised() {
	for i, r := range w.rows {
		if !w.fired[i] {
			w.find("row %d never fires: %s in %s to %s", i, r.On, r.From, r.To)
		}
	}
	for i, r := range w.opens {
		if !w.opened[i] {
			w.find("opening row %d never fires: %s to %s", i, r.On, r.To)
		}
	}
}

// graph looks at the rows that did fire: is every state reached, is it left or
// final, and does a way lead on to some final state.
func (w *walk[S, T, R, F]) graph() {
	var starts []S
	for i, r := range w.opens {
		if w.opened[i] {
			starts = append(starts, r.To)
		}
	}
	if len(w.opens) == 0 {
		starts = []S{w.table.Initial()}
	}
	next, back := map[S][]S{}, map[S][]S{}
	for i, r := range w.rows {
		if w.fired[i] {
			next[r.From], back[r.To] = append(next[r.From], r.To), append(back[r.To], r.From)
		}
	}
	final := w.table.Final()
	reached, ending := spread(starts, next), spread(final, back)
	for _, s := range w.states {
		if _, ok := reached[s]; !ok {
			w.find("state %s is never reached", s)
		}
		_, ends := ending[s]
		switch {
		case slices.Contains(final, s):
		case len(next[s]) == 0:
			w.find("state %s is a dead end: no row ever leaves it, and it is not final", s)
		case len(final) > 0 && !ends:
			w.find("state %s is a trap: no way leads from it to a final state", s)
		}
	}
}

// spread walks a graph breadth first and returns the depth of every state.
func spread[S comparable](from []S, next map[S][]S) map[S]int {
	depth := map[S]int{}
	queue := slices.Clone(from)
	for _, s := range from {
		depth[s] = 0
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, s := range next[queue[0]] {
			if _, ok := depth[s]; !ok {
				depth[s] = depth[queue[0]] + 1
				queue = append(queue, s)
			}
		}
	}
	return depth
}
