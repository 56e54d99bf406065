package pricing

import (
	"math/big"

	"github.com/comptoir-go/comptoir/money"
)

// rated notes that a rule takes a percentage off whole lines. How percentages
// are rounded depends on what bears them and on how they stack: see linePercents
// and wholePercents.
func (j *job) rated(lines []int32, p money.Rate) {
	for _, i := range lines {
		j.rate[i] = p.Units()
	}
}

// count adds the percentages that lines have had to those that additive
// stacking sums. The sum may pass 100 %, because a rule may be held to its most
// or to floors: what is counted begins again there.
func (j *job) count(lines []int32, mode StackMode) {
	if mode != Additive {
		return
	}
	for _, i := range lines {
		j.pct[i] = (j.pct[i] + j.rate[i]) % hundredPercent
	}
}

// summed is what a line had, and what it has with its percentage on top: wholly,
// and in percent beyond that.
func (j *job) summed(i int32) (had, now int64, whole bool) {
	had, now = j.pct[i], j.pct[i]+j.rate[i]
	if now >= hundredPercent {
		return had, now - hundredPercent, true
	}
	return had, now, false
}

// linePercents takes noted percentages off each line, rounded there: what they
// add to those counted before. Of the sum the value is taken once, so that 20 %
// and 10 % are 30 %.
func (j *job) linePercents(lines []int32, from []int64) error {
	red, rate := j.red, j.rate
	for _, i := range lines {
		if rate[i] == 0 {
			continue
		}
		had, now, whole := j.summed(i)
		before, err := j.lineOff(i, from[i], had)
		if err != nil {
			return err
		}
		after, err := j.lineOff(i, from[i], now)
		if err != nil {
			return err
		}
		if whole {
			after += from[i] - before
		} else {
			after -= before
		}
		red[i] = max(0, after)
	}
	return nil
}

// lineOff is a percentage, in units of a rate, of a line's value; at the unit
// level of the unit price that the value stands for, multiplied. What a value has
// beyond a multiple of that price bears the percentage as it is.
func (j *job) lineOff(i int32, v, percent int64) (int64, error) {
	if percent == 0 {
		return 0, nil
	}
	if j.e.policy.Level != RoundUnit {
		return j.off(v, percent)
	}
	q, base := j.b.Lines[i].Quantity.Units(), j.prices[i].step.Price.Base().Units()
	unit, err := j.part(v, base, q)
	if err != nil {
		return 0, err
	}
	off, err := j.off(unit, percent)
	if err != nil {
		return 0, err
	}
	whole, err := j.part(unit, q, base)
	if err != nil {
		return 0, err
	}
	taken, err := j.part(off, q, base)
	if err != nil {
		return 0, err
	}
	rest, err := j.off(v-whole, percent)
	return taken + rest, err
}

// wholePercents takes noted percentages off the lines together: lines of one
// percentage share what it adds to those counted before, rounded once.
func (j *job) wholePercents(lines []int32, from []int64) error {
	for done := int64(0); ; { // the rates up to here are done
		next, last, all := int64(0), int64(0), true
		for _, i := range lines {
			r := j.rate[i]
			if r <= done {
				all = false
				continue
			}
			if next == 0 || r < next {
				next = r
			}
			last = max(last, r)
		}
		if next == 0 {
			return nil
		}
		some := lines
		if !all || next < last {
			some = j.some[:0]
			for _, i := range lines {
				if j.rate[i] == next {
					some = append(some, i)
				}
			}
			j.some = some
		}
		total, err := j.wholeOff(some, from)
		if err != nil {
			return err
		}
		if err := j.pour(some, total, from); err != nil || next == last {
			return err
		}
		done = next
	}
}

// wholeOff is what one percentage takes off lines together.
func (j *job) wholeOff(lines []int32, from []int64) (int64, error) {
	had, now, _ := j.summed(lines[0])
	alike := true // all had the same before
	var sum, wholes int64
	for _, i := range lines {
		var ok bool
		if sum, ok = addTicks(sum, from[i]); !ok {
			return 0, money.ErrOverflow
		}
		h, _, w := j.summed(i)
		if alike = alike && h == had; w {
			wholes += from[i]
		}
	}
	var before, after int64
	var err error
	if alike {
		if before, err = j.off(sum, had); err == nil {
			after, err = j.off(sum, now)
		}
	} else if before, err = j.offTogether(lines, from, sum, false); err == nil {
		after, err = j.offTogether(lines, from, sum, true)
	}
	return wholes - before + after, err
}

// offTogether is the sum of a percentage of each line, rounded once: of what they
// had, or of what they have now.
func (j *job) offTogether(lines []int32, from []int64, sum int64, now bool) (int64, error) {
	left := j.e.policy.Discounts == RoundLeft
	num := new(big.Int)
	for _, i := range lines {
		p, more, _ := j.summed(i)
		if now {
			p = more
		}
		if left {
			p = hundredPercent - p
		}
		num.Add(num, new(big.Int).Mul(big.NewInt(from[i]), big.NewInt(p)))
	}
	v, err := roundRatio(num, big.NewInt(hundredPercent), j.e.policy.Rounding)
	if left {
		v = sum - v
	}
	return v, err
}

// off is a percentage, in units of a rate, of a value, rounded on the side that
// the policy says.
func (j *job) off(v, percent int64) (int64, error) {
	if j.e.policy.Discounts == RoundLeft {
		left, err := j.part(v, hundredPercent-percent, hundredPercent)
		return v - left, err
	}
	p, err := money.RateFromUnits(percent)
	if err != nil {
		return 0, err
	}
	a, err := j.ticked(v).Percent(p, j.e.policy.Rounding)
	return a.Minor(), err
}

// part is v × num / den, rounded.
func (j *job) part(v, num, den int64) (int64, error) {
	a, err := j.ticked(v).Part(num, den, j.e.policy.Rounding)
	return a.Minor(), err
}

// roundRatio is num / den for a den above zero.
func roundRatio(num, den *big.Int, r money.Rounding) (int64, error) {
	q, rest := new(big.Int).QuoRem(num, den, new(big.Int))
	if q.BitLen() > 60 {
		return 0, money.ErrOverflow
	}
	// A quarter stands for whatever is between a whole and a half.
	v, sign := q.Int64()*4, int64(rest.Sign())
	v += sign * int64(2+rest.Abs(rest).Lsh(rest, 1).Cmp(den))
	a, err := money.FromMinor(v, money.EUR).Part(1, 4, r)
	return a.Minor(), err
}
