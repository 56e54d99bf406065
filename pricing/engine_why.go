package pricing

import "github.com/comptoir-go/comptoir/money"

// why writes the steps of every line. Their texts and the steps themselves are
// cut from few blocks.
func (e *Engine) why(j *job) {
	q := j.q
	e.sortActs(j)
	steps := make([]Step, 0, j.steps())
	var block textBlock
	block.reserve(len(q.Lines) + len(j.groups))
	j.refs = j.refs[:0]
	for k := range j.groups {
		block.reserve(len(q.Lines))
		j.refs = append(j.refs, block.rate(j.groups[k].category, j.groups[k].rate))
	}
	for i := range q.Lines {
		l, f := &q.Lines[i], &j.prices[i]
		from := len(steps)
		block.reserve(len(q.Lines) - i)
		steps = append(steps, Step{Code: StepList, Ref: f.list, Value: block.price(f.breaks[0].Price)})
		if f.passed() {
			steps = append(steps, Step{Code: StepBreak, Ref: block.from(f.step.From), Value: block.price(f.step.Price)})
		}
		steps = append(steps, Step{Code: StepRound, Ref: e.policy.Rounding.String(), Value: j.tickText(&block, j.base[i])})
		for _, a := range j.acts[j.starts[i]:j.starts[i+1]] {
			block.reserve(len(q.Lines) - i)
			steps = append(steps, Step{Code: StepRule, Ref: e.rules[a.rule].Code, Value: j.tickText(&block, -a.ticks)})
		}
		group := j.slots[i] >> 1
		g := &j.groups[group]
		block.reserve(len(q.Lines) - i)
		if j.untaxed(i) {
			steps = append(steps, Step{Code: StepUntax, Ref: g.home.String(), Value: block.amount(l.Net)})
		}
		for k := range q.Adjustments {
			block.reserve(len(q.Lines) - i)
			steps = append(steps, Step{Code: StepAdjust, Ref: q.Adjustments[k].Code, Value: block.amount(l.Shares[k])})
		}
		steps = append(steps, Step{Code: StepTax, Ref: j.refs[group], Value: block.amount(l.Tax)})
		l.Why = steps[from:len(steps):len(steps)]
	}
}

// steps is how many steps explain the lines.
func (j *job) steps() int {
	n := len(j.acts) + len(j.q.Lines)*(usualSteps+len(j.q.Adjustments))
	for i := range j.q.Lines {
		if j.prices[i].passed() {
			n++
		}
		if j.untaxed(i) {
			n++
		}
	}
	return n
}

// untaxed reports whether the price of a line contains a tax that is not due.
func (j *job) untaxed(i int) bool { return j.gross(i) && j.groups[j.slots[i]>>1].untaxed() }

// sortActs puts what line rules took in the order of the lines; of a line it
// stays in that of the rules.
func (e *Engine) sortActs(j *job) {
	n := len(j.q.Lines)
	j.starts = append(j.starts[:0], make([]int32, n+2)...)
	count := j.starts[2:] // shifted by one more than the starts, so that filling ends at them
	for _, a := range j.trace.takes {
		if e.rules[a.rule].On == OnLine {
			count[a.line]++
		}
	}
	for i := 1; i < n; i++ {
		count[i] += count[i-1]
	}
	all := 0
	if n > 0 {
		all = int(count[n-1])
	}
	if cap(j.acts) < all {
		j.acts = make([]act, all)
	}
	j.acts = j.acts[:all]
	next := j.starts[1:]
	for _, a := range j.trace.takes {
		if e.rules[a.rule].On == OnLine {
			j.acts[next[a.line]] = a
			next[a.line]++
		}
	}
}

type taxKey struct {
	category Category
	rate     money.Rate
}

// tickText is an amount in ticks with its currency.
func (j *job) tickText(b *textBlock, t int64) string {
	if !j.precise() {
		return b.amount(j.ticked(t))
	}
	p, err := money.PriceFromMicros(t, j.b.Currency)
	if err != nil {
		return ""
	}
	return b.price(p)
}
