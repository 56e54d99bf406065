package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// pour shares an amount over lines in proportion to weights, into j.red, and
// gives no line more than it has above its floor: red = min(cap, λ · weight). A
// line that is full passes the rest on. What no line can take stays behind; what of
// it the weights would have borne is counted in j.unplaced.
func (j *job) pour(lines []int32, total int64, weights []int64) error {
	var all int64
	for _, i := range lines {
		var ok bool
		if all, ok = addTicks(all, max(0, weights[i])); !ok {
			return money.ErrOverflow
		}
	}
	rest, err := j.fill(lines, total, weights)
	j.unplaced += max(0, rest-max(0, total-all))
	return err
}

// fill is pour, and returns what stays behind.
func (j *job) fill(lines []int32, total int64, weights []int64) (rest int64, err error) {
	active := j.active[:0]
	var sum int64
	tight := false // some line has less room than weight
	for _, i := range lines {
		j.red[i] = 0
		if weights[i] <= 0 || j.room(i) <= 0 {
			continue
		}
		active = append(active, i)
		tight = tight || j.room(i) < weights[i]
		var ok bool
		if sum, ok = addTicks(sum, weights[i]); !ok {
			return 0, money.ErrOverflow
		}
	}
	j.active = active
	if total <= 0 {
		return 0, nil
	}
	tight = tight || total >= sum
	if tight {
		// The lines that fill first are those with the least room for their weight.
		slices.SortStableFunc(active, func(a, b int32) int {
			return compareRatio(j.room(a), weights[a], j.room(b), weights[b])
		})
	}
	for len(active) > 0 {
		i := active[0]
		if compareRatio(j.room(i), weights[i], total, sum) > 0 {
			break
		}
		j.red[i] = j.room(i)
		total -= j.red[i]
		sum -= weights[i]
		active = active[1:]
	}
	if len(active) == 0 || total == 0 {
		return total, nil
	}
	if tight {
		slices.Sort(active)
	}
	w, parts := j.buffers(len(active))
	for k, i := range active {
		w[k] = weights[i]
	}
	if err := j.e.policy.Apportionment.SplitInto(parts, total, w); err != nil {
		return 0, err
	}
	var over int64
	for k, i := range active {
		j.red[i] = max(0, min(parts[k], j.room(i)))
		over += parts[k] - j.red[i]
	}
	// Units that rounding put on a full line, or took off an empty one.
	for _, i := range active {
		if over == 0 {
			break
		}
		move := min(max(over, -j.red[i]), j.room(i)-j.red[i])
		j.red[i] += move
		over -= move
	}
	return over, nil
}

// buffers are scratch for weights and, with as much spare capacity, for parts.
func (j *job) buffers(n int) (weights, parts []int64) {
	if cap(j.poured) < 3*n {
		j.poured = make([]int64, 3*n)
	}
	return j.poured[:n:n], j.poured[n : 2*n : 3*n]
}

// room is what may be taken off a line.
func (j *job) room(i int32) int64 { return j.val[i] - j.least[i] }

func addTicks(a, b int64) (int64, bool) {
	s := a + b
	return s, s >= 0 || a < 0 || b < 0
}
