package pricing

import (
	"cmp"
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// cell is the lines whose tax is rounded together: those of one rate that are
// stated alike, cut further where the policy taxes lines or rows.
type cell struct {
	group      int32
	side       int
	from, till int   // its lines in figures.lines
	ticks      int64 // of the stated values before discounts on the whole
	stated     int64 // minor units, up to the stage reached
	net        int64
	tax        int64
}

// figures are the lines of a quote in minor units, on the way from stated
// values to nets, shares and taxes.
type figures struct {
	lines   []int32   // by cell
	stated  []int64   // stated value up to the stage reached
	base    []int64   // net up to the stage reached
	tax     []int64   // of each line
	first   []int64   // net before anything on the whole
	deltas  [][]int64 // net share of each adjustment
	weights []int64   // of a split, by place in the cell
	parts   []int64
	ref     []int64
}

func (f *figures) begin(n int) {
	if cap(f.stated) < n {
		slab := make([]int64, 8*n)
		for i, p := range []*[]int64{&f.stated, &f.base, &f.tax, &f.first, &f.weights, &f.ref} {
			*p = slab[i*n : (i+1)*n : (i+1)*n]
		}
		f.parts = slab[6*n:]
		f.lines = make([]int32, n)
	}
	f.stated, f.base, f.tax, f.first = f.stated[:n], f.base[:n], f.tax[:n], f.first[:n]
	f.weights, f.ref, f.parts, f.lines = f.weights[:n], f.ref[:n], f.parts[:n], f.lines[:n]
	f.deltas = f.deltas[:0]
}

// settle makes the figures of the quote from what the lines are worth.
func (e *Engine) settle(j *job) error {
	f := &j.figures
	f.begin(len(j.b.Lines))
	e.cellsOf(j)
	// The value before discounts on the whole.
	v := f.ref
	for i := range v {
		v[i] = j.val[i]
		for _, s := range j.shares {
			v[i] -= s[i]
		}
	}
	if err := e.land(j, v); err != nil {
		return err
	}
	copy(f.first, f.base)
	for k := range j.shares {
		if err := e.landShare(j, k); err != nil {
			return err
		}
	}
	if err := e.taxesOf(j); err != nil {
		return err
	}
	if err := e.charge(j); err != nil {
		return err
	}
	return e.deal(j)
}

// cellsOf sorts the lines into cells.
func (e *Engine) cellsOf(j *job) {
	f, cells := &j.figures, j.cells[:0]
	var at map[cellKey]int32
	if e.policy.Tax == TaxPerRow {
		at = map[cellKey]int32{}
	}
	j.slotCell = j.slotCell[:0] // 1 + the cell of a slot, 0 none
	for range 2 * len(j.groups) {
		j.slotCell = append(j.slotCell, 0)
	}
	for i := range j.b.Lines {
		k := cellKey{slot: j.slots[i]}
		switch row := j.b.Lines[i].Row; {
		case e.policy.Tax == TaxPerLine, e.policy.Tax == TaxPerRow && row == "":
			k.slot = -1
		case e.policy.Tax == TaxPerRow:
			k.row = row
		}
		c, ok := int32(0), false
		switch {
		case k.slot < 0:
		case at == nil:
			c = j.slotCell[k.slot] - 1
			ok = c >= 0
		default:
			c, ok = at[k]
		}
		if !ok {
			c = int32(len(cells))
			cells = append(cells, cell{group: j.slots[i] >> 1, side: int(j.slots[i] & 1)})
			switch {
			case k.slot < 0:
			case at == nil:
				j.slotCell[k.slot] = c + 1
			default:
				at[k] = c
			}
		}
		j.cellOf[i] = c
		cells[c].till++
	}
	from := 0
	for k := range cells {
		n := cells[k].till
		cells[k].from, cells[k].till = from, from
		from += n
	}
	for i := range j.b.Lines {
		c := &cells[j.cellOf[i]]
		f.lines[c.till] = int32(i)
		c.till++
	}
	j.cells = cells
}

type cellKey struct {
	slot int32
	row  string
}

// rowsOf are the lines of a cell.
func (j *job) linesOf(c *cell) []int32 { return j.figures.lines[c.from:c.till] }

// minor rounds ticks to minor units.
func (j *job) minor(t int64) (int64, error) {
	if !j.precise() {
		return t, nil
	}
	a, err := j.ticked(t).Part(1, j.tickUnits(), j.e.policy.Rounding)
	return a.Minor(), err
}

// land rounds the stated values and makes nets of them.
func (e *Engine) land(j *job, v []int64) error {
	f := &j.figures
	for k := range j.cells {
		c := &j.cells[k]
		c.ticks = 0
		for _, i := range j.linesOf(c) {
			var ok bool
			if c.ticks, ok = addTicks(c.ticks, v[i]); !ok {
				return money.ErrOverflow
			}
		}
	}
	if err := e.landCells(j); err != nil {
		return err
	}
	for k := range j.cells {
		c := &j.cells[k]
		lines := j.linesOf(c)
		if !j.precise() {
			for _, i := range lines {
				f.stated[i] = v[i]
			}
		} else if err := j.split(lines, c.stated, v, f.stated); err != nil {
			return err
		}
		var err error
		if c.net, err = j.netOfCell(c); err != nil {
			return err
		}
		if c.side == netStated {
			for _, i := range lines {
				f.base[i] = f.stated[i]
			}
		} else if err := j.splitBelow(lines, c.net, f.stated, f.base); err != nil {
			return err
		}
	}
	return nil
}

// landCells rounds the sums of cells: each, or at the precise level their sum.
func (e *Engine) landCells(j *job) error {
	if e.policy.Level != RoundPrecise {
		for k := range j.cells {
			c := &j.cells[k]
			var err error
			if c.stated, err = j.minor(c.ticks); err != nil {
				return err
			}
		}
		return nil
	}
	for side := netStated; side <= grossStated; side++ {
		if err := j.overCells(side, func(c *cell) int64 { return c.ticks }, func(c *cell, v int64) { c.stated = v }); err != nil {
			return err
		}
	}
	return nil
}

// overCells rounds the sum of what the cells of a side have and shares it.
func (j *job) overCells(side int, have func(*cell) int64, give func(*cell, int64)) error {
	var w []int64
	var sum int64
	for k := range j.cells {
		if c := &j.cells[k]; c.side == side {
			w = append(w, have(c))
			var ok bool
			if sum, ok = addTicks(sum, have(c)); !ok {
				return money.ErrOverflow
			}
		}
	}
	total, err := j.minor(sum)
	if err != nil || len(w) == 0 {
		return err
	}
	parts := make([]int64, len(w), 2*len(w))
	if err := money.LargestRemainder.SplitInto(parts, total, w); err != nil {
		return err
	}
	for k := range j.cells {
		if c := &j.cells[k]; c.side == side {
			give(c, parts[0])
			parts = parts[1:]
		}
	}
	return nil
}

// netOfCell is the net of what a cell's lines are stated at, up to now.
func (j *job) netOfCell(c *cell) (int64, error) {
	if c.side == netStated {
		return c.stated, nil
	}
	a, err := netOf(j.ticked(c.stated), j.groups[c.group].home, j.e.policy.Rounding)
	return a.Minor(), err
}

// landShare takes one discount on the whole off the lines that bear it.
func (e *Engine) landShare(j *job, k int) error {
	f, s := &j.figures, j.shares[k]
	delta := j.block()
	f.deltas = append(f.deltas, delta)
	for n := range j.cells {
		c := &j.cells[n]
		var bear []int32
		for _, i := range j.linesOf(c) {
			if s[i] != 0 {
				bear = append(bear, i)
				f.weights[i] = -s[i]
				c.ticks += s[i]
			}
		}
		if len(bear) == 0 {
			continue
		}
		was, net := c.stated, c.net
		if !j.precise() {
			for _, i := range bear {
				c.stated += s[i]
				f.stated[i] += s[i]
			}
		} else {
			now, err := j.minor(c.ticks)
			if err != nil {
				return err
			}
			now = min(now, was)
			if err := j.takeOff(bear, was-now, f.weights, f.stated, nil); err != nil {
				return err
			}
			c.stated = now
		}
		var err error
		if c.net, err = j.netOfCell(c); err != nil {
			return err
		}
		for _, i := range bear {
			delta[i] = f.base[i]
		}
		if c.side == netStated {
			for _, i := range bear {
				f.base[i] = f.stated[i]
			}
		} else if err := j.takeOff(bear, net-c.net, f.weights, f.base, f.stated); err != nil {
			return err
		}
		for _, i := range bear {
			delta[i] = f.base[i] - delta[i]
		}
	}
	return nil
}

// split shares a total by weights.
func (j *job) split(lines []int32, total int64, weights, into []int64) error {
	f := &j.figures
	w, parts := f.parts[:len(lines):len(lines)], j.buffer(len(lines))
	for k, i := range lines {
		w[k] = weights[i]
	}
	if err := j.e.policy.Apportionment.SplitInto(parts, total, w); err != nil {
		return err
	}
	for k, i := range lines {
		into[i] = parts[k]
	}
	return nil
}

// splitBelow is split where no line gets more than its weight or less than
// nothing: of 1.00 incl. tax the net is at most 1.00. Units that rounding puts
// beyond go to the first lines with room.
func (j *job) splitBelow(lines []int32, total int64, weights, into []int64) error {
	if err := j.split(lines, total, weights, into); err != nil {
		return err
	}
	var over int64
	for _, i := range lines {
		at := min(max(into[i], 0), max(weights[i], 0))
		over += into[i] - at
		into[i] = at
	}
	for _, i := range lines {
		if over == 0 {
			break
		}
		move := min(max(over, -into[i]), weights[i]-into[i])
		into[i] += move
		over -= move
	}
	return nil
}

// takeOff takes a total off lines by weights: none falls below zero, nor stays
// above its bound.
func (j *job) takeOff(lines []int32, total int64, weights, from, bound []int64) error {
	parts := j.buffer(len(lines))
	w := j.figures.parts[:len(lines):len(lines)]
	for k, i := range lines {
		w[k] = weights[i]
	}
	if err := j.e.policy.Apportionment.SplitInto(parts, total, w); err != nil {
		return err
	}
	top := func(i int32) int64 {
		if bound == nil {
			return 1 << 62
		}
		return bound[i]
	}
	var over int64 // what is still to be added to the lines
	for k, i := range lines {
		v := from[i] - parts[k]
		at := max(min(v, top(i)), 0)
		over += v - at
		from[i] = at
	}
	for _, i := range lines {
		if over == 0 {
			return nil
		}
		move := min(max(over, -from[i]), top(i)-from[i])
		from[i] += move
		over -= move
	}
	return nil
}

// buffer is scratch for the parts of a split, with as much spare capacity.
func (j *job) buffer(n int) []int64 {
	if cap(j.split2) < 2*n {
		j.split2 = make([]int64, 2*n)
	}
	return j.split2[:n]
}

// taxesOf rounds the taxes of cells and shares them over their lines.
func (e *Engine) taxesOf(j *job) error {
	f := &j.figures
	for k := range j.cells {
		c := &j.cells[k]
		g := &j.groups[c.group]
		var err error
		switch {
		case c.side == grossStated && g.untaxed():
			c.tax = 0
		case c.side == grossStated:
			c.tax = c.stated - c.net
		case e.policy.Level == RoundPrecise && c.stated == 0:
			c.tax = 0 // less than half a unit bears no tax of others
		case e.policy.Level == RoundPrecise:
			a, err := j.ticked(c.ticks).Percent(g.rate, e.policy.Rounding)
			if err != nil {
				return err
			}
			c.tax = a.Minor() // ticks, rounded below
		case e.policy.Level == RoundUnit && e.policy.Tax == TaxPerLine:
			if c.tax, err = j.unitTax(c, g.rate); err != nil {
				return err
			}
		default:
			a, err := j.ticked(c.stated).Percent(g.rate, e.policy.Rounding)
			if err != nil {
				return err
			}
			c.tax = a.Minor()
		}
	}
	if e.policy.Level == RoundPrecise {
		if err := j.overCells(netStated, func(c *cell) int64 { return c.tax }, func(c *cell, v int64) { c.tax = v }); err != nil {
			return err
		}
	}
	for k := range j.cells {
		c := &j.cells[k]
		lines := j.linesOf(c)
		switch {
		case c.side == grossStated && c.tax == 0 && j.groups[c.group].untaxed():
			for _, i := range lines {
				f.tax[i] = 0
			}
		case c.side == grossStated:
			for _, i := range lines {
				f.tax[i] = f.stated[i] - f.base[i]
			}
		default:
			if err := j.shareTax(lines, c.tax); err != nil {
				return err
			}
		}
	}
	return nil
}

// shareTax shares a tax over the lines of a cell by their bases; none is below
// zero.
func (j *job) shareTax(lines []int32, tax int64) error {
	f := &j.figures
	for _, i := range lines {
		f.tax[i] = tax // what would stand if it were alone
	}
	if len(lines) == 1 {
		return nil
	}
	return j.splitUp(lines, tax, f.base, f.tax)
}

// splitUp is split of a total that is not below zero, where no line gets less
// than nothing: some apportionments correct a sum with units of the other sign.
func (j *job) splitUp(lines []int32, total int64, weights, into []int64) error {
	if err := j.split(lines, total, weights, into); err != nil {
		return err
	}
	var owed int64
	for _, i := range lines {
		if into[i] < 0 {
			owed += into[i]
			into[i] = 0
		}
	}
	for _, i := range lines {
		move := min(into[i], -owed)
		into[i] -= move
		owed += move
	}
	return nil
}

// unitTax is the tax of the rounded unit price, multiplied.
func (j *job) unitTax(c *cell, rate money.Rate) (int64, error) {
	i := j.linesOf(c)[0]
	q, base := j.b.Lines[i].Quantity.Units(), j.prices[i].step.Price.Base().Units()
	r := j.e.policy.Rounding
	unit, err := j.ticked(c.stated).Part(base, q, r)
	if err != nil {
		return 0, err
	}
	if unit, err = unit.Percent(rate, r); err != nil {
		return 0, err
	}
	all, err := unit.Part(q, base, r)
	return all.Minor(), err
}

// deal writes rows, totals and lines.
func (e *Engine) deal(j *job) error {
	q, f, cur := j.q, &j.figures, j.b.Currency
	n, k := len(q.Lines), len(j.given)
	var shares []money.Amount
	if k > 0 {
		shares = make([]money.Amount, n*k)
	}
	q.Net, q.Tax = money.Zero(cur), money.Zero(cur)
	rows := make([]Tax, 0, len(j.groups))
	sums := make([]int64, k)
	for i := range q.Lines {
		l := &q.Lines[i]
		l.Net, l.Tax = money.FromMinor(f.first[i], cur), money.FromMinor(f.tax[i], cur)
		if k > 0 {
			l.Shares, shares = shares[:k:k], shares[k:]
			for m := range l.Shares {
				l.Shares[m] = money.FromMinor(f.deltas[m][i], cur)
				sums[m] += f.deltas[m][i]
			}
		}
		base := money.FromMinor(f.base[i], cur)
		var err error
		if l.Gross, err = base.Add(l.Tax); err != nil {
			return err
		}
		if err := e.off(j, i); err != nil {
			return err
		}
		at := slices.IndexFunc(rows, func(t Tax) bool { return t.Category == l.Category && t.Rate == l.Rate })
		if at < 0 {
			at = len(rows)
			rows = append(rows, Tax{Category: l.Category, Rate: l.Rate, Base: money.Zero(cur), Tax: money.Zero(cur)})
		}
		if rows[at].Base, err = rows[at].Base.Add(base); err != nil {
			return err
		}
		if rows[at].Tax, err = rows[at].Tax.Add(l.Tax); err != nil {
			return err
		}
		if q.Net, err = q.Net.Add(base); err != nil {
			return err
		}
		if q.Tax, err = q.Tax.Add(l.Tax); err != nil {
			return err
		}
	}
	slices.SortFunc(rows, func(a, b Tax) int {
		return cmp.Or(cmp.Compare(a.Category.rank(), b.Category.rank()), b.Rate.Cmp(a.Rate))
	})
	q.Taxes = rows
	for m := range j.given {
		q.Adjustments = append(q.Adjustments, Adjustment{Code: j.given[m].code, Text: j.given[m].text, Amount: money.FromMinor(sums[m], cur)})
	}
	j.dropEmpty()
	var err error
	q.Gross, err = q.Net.Add(q.Tax)
	return err
}

// dropEmpty removes adjustments that rounding left nothing of.
func (j *job) dropEmpty() {
	q := j.q
	for m := len(q.Adjustments) - 1; m >= 0; m-- {
		if !q.Adjustments[m].Amount.IsZero() {
			continue
		}
		// Shares that cancel each other out stay within the line's own net.
		q.Adjustments = slices.Delete(q.Adjustments, m, m+1)
		j.given = slices.Delete(j.given, m, m+1)
		for i := range q.Lines {
			l := &q.Lines[i]
			l.Net, _ = l.Net.Add(l.Shares[m])
			l.Shares = slices.Delete(l.Shares, m, m+1)
			if len(l.Shares) == 0 {
				l.Shares = nil
			}
		}
	}
	if len(q.Adjustments) == 0 {
		q.Adjustments = nil
	}
}

// off writes the line's discount and the price that it is charged at.
func (e *Engine) off(j *job, i int) error {
	l := &j.q.Lines[i]
	l.Discount = money.Zero(j.b.Currency)
	v := j.figures.ref[i] // before discounts on the whole
	if v == j.base[i] {
		return nil
	}
	list, err := j.minor(j.base[i])
	if err != nil {
		return err
	}
	if list, err = j.net(i, list); err != nil {
		return err
	}
	l.Discount = money.FromMinor(max(0, list-l.Net.Minor()), j.b.Currency)
	price, err := j.unitPrice(i, v)
	if err != nil {
		return err
	}
	l.Price = price
	return nil
}

// unitPrice is the price of one base quantity that a value stands for, at six
// decimals.
func (j *job) unitPrice(i int, v int64) (money.Price, error) {
	list := j.prices[i].step.Price
	q := j.b.Lines[i].Quantity.Units()
	micros := int64(1)
	if !j.precise() {
		for d := j.b.Currency.Digits(); d < 6; d++ {
			micros *= 10
		}
	}
	all, err := j.ticked(v).Part(micros, 1, money.Down)
	if err != nil {
		return list, err
	}
	unit, err := all.Part(list.Base().Units(), q, money.HalfAwayFromZero)
	if err != nil {
		return list, err
	}
	p, err := money.PriceFromMicros(unit.Minor(), j.b.Currency)
	if err != nil {
		return list, err
	}
	return p.PerBase(list.Base())
}
