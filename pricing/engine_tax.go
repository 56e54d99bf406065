package pricing

// taxesOf rounds the taxes of cells and shares them over their lines. The tax of
// a price stated gross is what it has beyond its net.
func (e *Engine) taxesOf(j *job) error {
	f := &j.figures
	for k := range j.cells {
		c := &j.cells[k]
		g := &j.groups[c.group]
		if c.side == netStated {
			var err error
			if c.tax, err = e.taxOf(j, c); err != nil {
				return err
			}
			continue
		}
		for _, i := range j.linesOf(c) {
			f.tax[i] = f.stated[i] - f.base[i]
			if g.untaxed() {
				f.tax[i] = 0
			}
		}
	}
	if e.policy.Level == RoundPrecise {
		if err := j.roundTaxes(); err != nil {
			return err
		}
	}
	for k := range j.cells {
		c := &j.cells[k]
		if c.side != netStated {
			continue
		}
		// By the bases; a line alone has it all.
		if lines := j.linesOf(c); len(lines) == 1 {
			f.tax[lines[0]] = c.tax
		} else if err := j.split(lines, c.tax, f.base, nil, f.tax); err != nil {
			return err
		}
	}
	return nil
}

// taxOf is the tax of a cell stated net, at the precise level in ticks.
func (e *Engine) taxOf(j *job, c *cell) (int64, error) {
	v, rate := c.stated, j.groups[c.group].rate
	switch {
	case v == 0:
		return 0, nil // less than half a unit bears no tax
	case e.policy.Level == RoundPrecise:
		v = c.ticks
	case e.policy.Level == RoundUnit && e.policy.Tax == TaxPerLine:
		return j.unitTax(c)
	}
	a, err := j.ticked(v).Percent(rate, e.policy.Rounding)
	return a.Minor(), err
}

// roundTaxes rounds the sum of the taxes of cells and shares it.
func (j *job) roundTaxes() error {
	tax := func(c *cell) int64 { return c.tax }
	cells := j.inOrder(netStated)
	sum, err := j.minorSum(cells, tax)
	if err != nil {
		return err
	}
	return j.overCells(cells, sum, tax, func(c *cell, v int64) { c.tax = v })
}

// unitTax is the tax of the rounded unit price, multiplied.
func (j *job) unitTax(c *cell) (int64, error) {
	i := j.linesOf(c)[0]
	q, base := j.b.Lines[i].Quantity.Units(), j.prices[i].step.Price.Base().Units()
	r := j.e.policy.Rounding
	unit, err := j.ticked(c.stated).Part(base, q, r)
	if err != nil {
		return 0, err
	}
	if unit, err = unit.Percent(j.groups[c.group].rate, r); err != nil {
		return 0, err
	}
	all, err := unit.Part(q, base, r)
	return all.Minor(), err
}
