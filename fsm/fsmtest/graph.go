package fsmtest

import (
	"slices"

	"github.com/comptoir-go/comptoir/fsm"
)

// Graph answers what rows lead to what, whatever the guards say: it shows what
// could ever happen. It is immutable.
type Graph[S, T, R ~string] struct {
	rows []fsm.Row[S, T, R]
}

// GraphOf returns the graph of a table's rows, without the opening rows.
func GraphOf[S, T, R ~string, F any](table *fsm.Table[S, T, R, F]) Graph[S, T, R] {
	return Graph[S, T, R]{table.Rows()}
}

// By keeps the rows that one of the roles may fire.
func (g Graph[S, T, R]) By(who ...R) Graph[S, T, R] {
	return g.keep(func(r fsm.Row[S, T, R]) bool { return shares(r.Who, who) })
}

// Without drops the rows that leave or enter one of the states.
func (g Graph[S, T, R]) Without(states ...S) Graph[S, T, R] {
	return g.keep(func(r fsm.Row[S, T, R]) bool {
		return !slices.Contains(states, r.From) && !slices.Contains(states, r.To)
	})
}

func (g Graph[S, T, R]) keep(ok func(fsm.Row[S, T, R]) bool) Graph[S, T, R] {
	var out []fsm.Row[S, T, R]
	for _, r := range g.rows {
		if ok(r) {
			out = append(out, r)
		}
	}
	return Graph[S, T, R]{out}
}

// Depths returns every state that can be reached from one state with the
// least number of steps; the state itself stands at 0.
func (g Graph[S, T, R]) Depths(from S) map[S]int {
	next := map[S][]S{}
	for _, r := range g.rows {
		next[r.From] = append(next[r.From], r.To)
	}
	return spread([]S{from}, next)
}

// Paths returns the ways from one state to another that visit no state twice,
// as sequences of rows, at most limit of them: their number can grow with the
// factorial of the number of states.
func (g Graph[S, T, R]) Paths(from, to S, limit int) [][]fsm.Row[S, T, R] {
	p := paths[S, T, R]{rows: g.rows, to: to, limit: limit, visited: []S{from}}
	p.walk(from, nil)
	return p.out
}

type paths[S, T, R ~string] struct {
	rows    []fsm.Row[S, T, R]
	to      S
	limit   int
	visited []S
	out     [][]fsm.Row[S, T, R]
}

func (p *paths[S, T, R]) walk(at S, way []fsm.Row[S, T, R]) {
	if at == p.to {
		if len(way) > 0 {
			p.out = append(p.out, slices.Clone(way))
		}
		return
	}
	for _, r := range p.rows {
		if len(p.out) >= p.limit {
			return
		}
		if r.From == at && !slices.Contains(p.visited, r.To) {
			p.visited = append(p.visited, r.To)
			p.walk(r.To, append(way, r))
			p.visited = p.visited[:len(p.visited)-1]
		}
	}
}
