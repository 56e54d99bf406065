package pricing

import "github.com/comptoir-go/comptoir/money"

// split shares a total over lines by weights, by the policy's apportionment. No
// line gets less than nothing, as some apportionments correct a sum, nor more
// than its bound, where there are bounds: such units go to the first lines with
// room.
func (j *job) split(lines []int32, total int64, weights, bound, into []int64) error {
	w, parts := weights, j.figures.parts[:len(lines)]
	if len(lines) < len(weights) {
		w = j.figures.weight[:len(lines)]
		for k, i := range lines {
			w[k] = weights[i]
		}
	}
	if err := j.e.policy.Apportionment.SplitInto(parts, total, w); err != nil {
		return err
	}
	var over int64
	for k, i := range lines {
		v := max(parts[k], 0)
		if bound != nil {
			v = min(v, bound[i])
		}
		into[i] = v
		over += parts[k] - v
	}
	for _, i := range lines {
		if over == 0 {
			break
		}
		move := max(over, -into[i])
		if bound != nil {
			move = min(move, bound[i]-into[i])
		}
		into[i] += move
		over -= move
	}
	return nil
}

// overCells shares a total over cells by what they have.
func (j *job) overCells(cells []*cell, total int64, have func(*cell) int64, give func(*cell, int64)) error {
	weights, parts := make([]int64, len(cells)), make([]int64, len(cells), 2*len(cells))
	for k, c := range cells {
		weights[k] = have(c)
	}
	if err := money.LargestRemainder.SplitInto(parts, total, weights); err != nil {
		return err
	}
	for k, c := range cells {
		give(c, parts[k])
	}
	return nil
}
