package pricing

import "github.com/comptoir-go/comptoir/money"

// settle makes the figures of the quote from what the lines are worth. It goes
// from the end: what is left when all is taken off is rounded, taxed and shared
// first, so that base and tax of every row are exact; then the discounts on the
// whole are put back, the last one first, up to the lines' own nets. Backwards
// every stage has room for its share, whatever rounding did.
func (e *Engine) settle(j *job) error {
	f := &j.figures
	f.begin(len(j.b.Lines))
	e.cellsOf(j)
	if err := j.raise(j.val, f.base); err != nil {
		return err
	}
	if err := e.taxesOf(j); err != nil {
		return err
	}
	for range j.shares {
		f.deltas = append(f.deltas, j.block())
	}
	for k := len(j.shares) - 1; k >= 0; k-- {
		delta := f.deltas[k]
		if err := j.raise(j.shares[k], delta); err != nil {
			return err
		}
		if j.moved(delta) {
			j.felt = append(j.felt, j.given[k].rule)
		}
		for i := range delta {
			delta[i] = -delta[i]
		}
	}
	if err := e.charge(j); err != nil {
		return err
	}
	return e.deal(j)
}

// raise adds a stage: more are the ticks that it adds to the stated value of
// each line, net becomes what that adds to the line's net. Of the sums of cells
// what is rounded is the sum up to the stage, so that the stages together round
// once.
func (j *job) raise(more, net []int64) error {
	f := &j.figures
	for k := range j.cells {
		c := &j.cells[k]
		c.more = 0
		ok := true
		for _, i := range j.linesOf(c) {
			f.ref[i] += more[i]
			c.more += more[i]
			ok = ok && c.more >= 0
		}
		c.ticks += c.more
		if !ok || c.ticks < 0 {
			return money.ErrOverflow
		}
	}
	if err := j.grow(); err != nil {
		return err
	}
	for k := range j.cells {
		c := &j.cells[k]
		part := more
		if j.precise() {
			part = f.part
			if err := j.split(j.linesOf(c), c.grown, more, nil, part); err != nil {
				return err
			}
		}
		if err := j.raiseNet(c, part, net); err != nil {
			return err
		}
	}
	return nil
}

// grow rounds the sums of cells: each, or at the precise level their sum.
func (j *job) grow() error {
	if j.e.policy.Level != RoundPrecise {
		for k := range j.cells {
			c := &j.cells[k]
			now, err := j.minor(c.ticks)
			if err != nil {
				return err
			}
			c.grown, c.stated = now-c.stated, now
		}
		return nil
	}
	for side := netStated; side <= grossStated; side++ {
		cells := j.inOrder(side)
		var was int64
		for _, c := range cells {
			was += c.stated
		}
		now, err := j.minorSum(cells, func(c *cell) int64 { return c.ticks })
		if err != nil {
			return err
		}
		err = j.overCells(cells, now-was, func(c *cell) int64 { return c.more }, func(c *cell, v int64) {
			c.grown = v
			c.stated += v
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// raiseNet makes nets of what a stage adds to the stated values of a cell. Of
// prices stated gross no line's net passes what it is stated at.
func (j *job) raiseNet(c *cell, part, net []int64) error {
	f, lines := &j.figures, j.linesOf(c)
	if c.side == netStated {
		c.net = c.stated
		for _, i := range lines {
			net[i] = part[i]
			f.first[i] += part[i]
		}
		return nil
	}
	now, err := netOf(j.ticked(c.stated), j.groups[c.group].home, j.e.policy.Rounding)
	if err != nil {
		return err
	}
	for _, i := range lines {
		f.stated[i] += part[i]
		f.room[i] = f.stated[i] - f.first[i]
	}
	if err := j.split(lines, now.Minor()-c.net, part, f.room, net); err != nil {
		return err
	}
	c.net = now.Minor()
	for _, i := range lines {
		f.first[i] += net[i]
	}
	return nil
}

// minor rounds ticks to minor units.
func (j *job) minor(t int64) (int64, error) {
	if !j.precise() {
		return t, nil
	}
	a, err := j.ticked(t).Part(1, j.tickUnits(), j.e.policy.Rounding)
	return a.Minor(), err
}

// minorSum rounds what cells have together.
func (j *job) minorSum(cells []*cell, have func(*cell) int64) (int64, error) {
	var sum int64
	for _, c := range cells {
		var ok bool
		if sum, ok = addTicks(sum, have(c)); !ok {
			return 0, money.ErrOverflow
		}
	}
	return j.minor(sum)
}
