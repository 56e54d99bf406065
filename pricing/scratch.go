package pricing

// scratch is the memory of one quote in the making, used again for the next.
type scratch struct {
	seen    []int32 // line ids met, a hash table of line numbers from 1
	values  []int64 // stated line amounts in minor units
	slots   []int32 // of each line: 2 × group + side
	weights []int64 // stated amounts, sorted by part
	shares  []int64 // apportioned, sorted by part, with as much spare capacity
	groups  []rateGroup
	why     explainer
	seal    sealer
}

// begin makes room for n lines.
func (s *scratch) begin(n int, explain bool) {
	if cap(s.values) < n {
		ints := make([]int64, 4*n)
		s.values, s.weights, s.shares = ints[:n:n], ints[n:2*n:2*n], ints[2*n:3*n]
		s.slots = make([]int32, n)
	}
	s.values, s.weights, s.shares, s.slots = s.values[:n], s.weights[:n], s.shares[:n], s.slots[:n]
	s.groups = s.groups[:0]
	s.why = explainer{on: explain}
}

// end lets go of what belongs to the quote.
func (s *scratch) end() {
	clear(s.groups)
	s.why = explainer{}
}
