package pricing

import (
	"cmp"
	"slices"
)

// cell is the lines whose tax is rounded together: those of one rate that are
// stated alike, cut further where the policy taxes lines or rows. Its sums are
// those of the stage that raise has reached.
type cell struct {
	group      int32
	side       int
	from, till int   // its lines in figures.lines
	ticks      int64 // of the stated values
	more       int64 // what the stage adds to ticks
	stated     int64 // ticks in minor units
	grown      int64 // what the stage adds to stated
	net        int64
	tax        int64 // of the first stage, what is to be paid
}

// figures are the lines of a quote in minor units, on the way from stated
// values to nets, shares and taxes.
type figures struct {
	lines  []int32   // by cell
	stated []int64   // stated value up to the stage reached
	first  []int64   // net up to the stage reached; at last before anything on the whole
	ref    []int64   // ticks up to the stage reached; at last before discounts on the whole
	base   []int64   // net of what is to be paid
	tax    []int64   // of base
	deltas [][]int64 // net share of each adjustment
	part   []int64   // what a stage adds to stated
	room   []int64   // by how much a line's net may grow
	weight []int64   // of a split, by place in the cell
	parts  []int64   // the same of its shares, with as much spare capacity
}

func (f *figures) begin(n int) {
	if cap(f.stated) < n {
		slab := make([]int64, 11*n)
		for i, p := range []*[]int64{&f.stated, &f.first, &f.ref, &f.base, &f.tax, &f.part, &f.room, &f.weight, &f.parts} {
			*p = slab[i*n : (i+1)*n : (i+1)*n]
		}
		f.parts = slab[9*n:]
		f.lines = make([]int32, n)
	}
	f.stated, f.first, f.ref, f.base, f.tax = f.stated[:n], f.first[:n], f.ref[:n], f.base[:n], f.tax[:n]
	f.part, f.room, f.lines = f.part[:n], f.room[:n], f.lines[:n]
	clear(f.stated)
	clear(f.first)
	clear(f.ref)
	f.deltas = f.deltas[:0]
}

// cellsOf sorts the lines into cells.
func (e *Engine) cellsOf(j *job) {
	j.slotCell = j.slotCell[:0] // 1 + the cell of a slot, 0 none
	for range 2 * len(j.groups) {
		j.slotCell = append(j.slotCell, 0)
	}
	var rows map[cellKey]int32
	if e.policy.Tax == TaxPerRow {
		rows = map[cellKey]int32{}
	}
	cells := j.cells[:0]
	for i := range j.b.Lines {
		slot := j.slots[i]
		at := int32(0) // 1 + the cell that is there already
		if e.policy.Tax == TaxPerDocument {
			at = j.slotCell[slot]
		} else if row := j.b.Lines[i].Row; row != "" {
			at = rows[cellKey{slot, row}]
		}
		if at == 0 {
			cells = append(cells, cell{group: slot >> 1, side: int(slot & 1)})
			at = int32(len(cells))
			if rows != nil {
				rows[cellKey{slot, j.b.Lines[i].Row}] = at
			} else {
				j.slotCell[slot] = at
			}
		}
		j.cellOf[i] = at - 1
		cells[at-1].till++
	}
	from := 0
	for k := range cells {
		n := cells[k].till
		cells[k].from, cells[k].till = from, from
		from += n
	}
	for i := range j.b.Lines {
		c := &cells[j.cellOf[i]]
		j.figures.lines[c.till] = int32(i)
		c.till++
	}
	j.cells = cells
}

type cellKey struct {
	slot int32
	row  string
}

// linesOf are the lines of a cell.
func (j *job) linesOf(c *cell) []int32 { return j.figures.lines[c.from:c.till] }

// inOrder are the cells that are stated alike, in an order that does not depend
// on that of the lines.
func (j *job) inOrder(side int) []*cell {
	var out []*cell
	for k := range j.cells {
		if c := &j.cells[k]; c.side == side {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *cell) int {
		x, y := &j.groups[a.group], &j.groups[b.group]
		return cmp.Or(cmp.Compare(x.category.rank(), y.category.rank()), y.rate.Cmp(x.rate), y.home.Cmp(x.home))
	})
	return out
}
