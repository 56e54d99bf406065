package pricing

import (
	"math/big"
	"math/bits"

	"github.com/comptoir-go/comptoir/money"
)

// tiers computes a scale: for the goods together, or line by line.
func (e *Engine) tiers(j *job, c *cand, lines []int32, covered map[int32]int64, from []int64) (taking, error) {
	s := c.rule.Give.Tiers
	if j.held.rule == c.rule.at {
		low := *s
		low.Steps = low.Steps[:j.held.steps]
		s = &low
	}
	t := taking{lines: lines}
	if s.Across || s.By == ByTurnover {
		low, high, err := j.measure(c, c.lines, from)
		if err != nil {
			return t, err
		}
		return t, j.scale(&t, s, lines, covered, low, high, from)
	}
	for k := range lines {
		one := lines[k : k+1]
		low, high, err := j.measure(c, one, from)
		if err != nil {
			return t, err
		}
		var single taking
		if err := j.scale(&single, s, one, covered, low, high, from); err != nil {
			return t, err
		}
		if t.next.What == "" {
			t.next = single.next
		}
	}
	return t, nil
}

// measure is the span of the scale that lines lie on: from zero, or for turnover
// from what was bought before, to the whole. Quantities are in ten-thousandths,
// amounts in ticks.
func (j *job) measure(c *cand, lines []int32, from []int64) (low, high int64, err error) {
	s := c.rule.Give.Tiers
	if s.By == ByQuantity {
		q, err := j.quantity(lines)
		return 0, q.Units(), err
	}
	sum, err := j.netSum(lines, from)
	if err != nil || s.By == ByAmount {
		return 0, sum.Minor(), err
	}
	if low, err = j.ticks(j.b.TurnoverIn(c.rule.tierWindow, c.rule.tierFamily, j.b.Currency)); err != nil {
		return 0, 0, err
	}
	low = max(low, 0)
	top, err := j.ticked(low).Add(sum)
	return low, top.Minor(), err
}

// start is where a step begins, in the units of measure.
func (j *job) stepStart(s *Tiers, k int) (int64, error) {
	if s.By == ByQuantity {
		return s.Steps[k].Quantity.Units(), nil
	}
	if s.Steps[k].Amount == nil {
		return 0, nil
	}
	return j.ticks(*s.Steps[k].Amount)
}

// scale fills j.red for lines that are measured together.
func (j *job) scale(t *taking, s *Tiers, lines []int32, covered map[int32]int64, low, high int64, from []int64) error {
	reached := high
	if s.By == ByTurnover && !s.Marginal {
		reached = low
	}
	at := -1
	for k := range s.Steps {
		start, err := j.stepStart(s, k)
		if err != nil {
			return err
		}
		if start > reached {
			t.next, err = j.toStep(s, k, start-reached)
			if err != nil {
				return err
			}
			break
		}
		at = k
	}
	if at < 0 {
		return nil
	}
	if s.Marginal {
		if covered != nil {
			var err error
			if from, err = j.portions(lines, covered, from); err != nil {
				return err
			}
		}
		return j.marginal(s, lines, low, high, from)
	}
	step := &s.Steps[at]
	switch {
	case step.Price != nil:
		return j.newPrice(lines, covered, *step.Price, from)
	case step.Off != nil:
		return j.perUnit(lines, covered, *step.Off, from)
	}
	return j.percent(lines, from, covered, step.Percent)
}

// toStep says what is missing to a step.
func (j *job) toStep(s *Tiers, k int, more int64) (Missing, error) {
	m := Missing{What: LackNext, Gives: s.Steps[k].text()}
	if s.By == ByQuantity {
		m.Quantity, _ = money.QuantityFromUnits(more)
		return m, nil
	}
	a, err := j.minorUp(more)
	m.Amount = &a
	return m, err
}

// text is what a step gives: "15 %", "0.50 EUR off each", "8.90 EUR".
func (t *Tier) text() string {
	switch {
	case t.Price != nil:
		return t.Price.String()
	case t.Off != nil:
		return t.Off.String() + " off each"
	}
	return t.Percent.String() + " %"
}

// marginal gives each part of the span [low, high) the percent of its step. The
// sum is exact and rounded once; lines share it by value, so that their order
// does not matter.
func (j *job) marginal(s *Tiers, lines []int32, low, high int64, from []int64) error {
	if high <= low {
		return nil
	}
	weighted := new(big.Int) // Σ part × percent
	for k := range s.Steps {
		start, err := j.stepStart(s, k)
		if err != nil {
			return err
		}
		end := high
		if k+1 < len(s.Steps) {
			if end, err = j.stepStart(s, k+1); err != nil {
				return err
			}
		}
		if part := min(end, high) - max(start, low); part > 0 {
			x := new(big.Int).Mul(big.NewInt(part), big.NewInt(s.Steps[k].Percent.Units()))
			weighted.Add(weighted, x)
		}
	}
	var whole uint64
	for _, i := range lines {
		sum, carry := bits.Add64(whole, uint64(from[i]), 0)
		if carry != 0 || sum > 1<<62 {
			return money.ErrOverflow
		}
		whole = sum
	}
	num := weighted.Mul(weighted, new(big.Int).SetUint64(whole))
	den := new(big.Int).Mul(big.NewInt(high-low), big.NewInt(hundredPercent))
	total, err := roundRatio(num, den, j.e.policy.Rounding)
	if err != nil {
		return err
	}
	return j.pour(lines, total, from)
}
