package pricing

import "github.com/comptoir-go/comptoir/money"

// why writes the steps of every line. Their texts and the steps themselves are
// cut from few blocks.
func (e *Engine) why(j *job) {
	q := j.q
	per := make([]int32, len(q.Lines)+1) // where the takes of a line begin, sorted by line
	for _, a := range j.trace.takes {
		if e.rules[a.rule].On == OnLine {
			per[a.line+1]++
		}
	}
	for i := range q.Lines {
		per[i+1] += per[i]
	}
	acts := make([]act, per[len(q.Lines)])
	next := append([]int32(nil), per...)
	for _, a := range j.trace.takes {
		if e.rules[a.rule].On == OnLine {
			acts[next[a.line]] = a
			next[a.line]++
		}
	}
	room := len(acts) + len(q.Lines)*(mostSteps+len(q.Adjustments)+1)
	steps := make([]Step, 0, room)
	var block textBlock
	refs := map[taxKey]string{}
	for i := range q.Lines {
		l, f := &q.Lines[i], &j.prices[i]
		from := len(steps)
		block.reserve(len(q.Lines) - i)
		steps = append(steps, Step{Code: StepList, Ref: f.list, Value: block.price(f.breaks[0].Price)})
		if f.step.From != f.breaks[0].From {
			steps = append(steps, Step{Code: StepBreak, Ref: block.from(f.step.From), Value: block.price(f.step.Price)})
		}
		steps = append(steps, Step{Code: StepRound, Ref: e.policy.Rounding.String(), Value: j.tickText(&block, j.base[i])})
		for _, a := range acts[per[i]:per[i+1]] {
			block.reserve(len(q.Lines) - i)
			steps = append(steps, Step{Code: StepRule, Ref: e.rules[a.rule].Code, Value: j.tickText(&block, -a.ticks)})
		}
		g := &j.groups[j.slots[i]>>1]
		block.reserve(len(q.Lines) - i)
		if j.gross(i) && g.untaxed() {
			steps = append(steps, Step{Code: StepUntax, Ref: g.home.String(), Value: block.amount(l.Net)})
		}
		for k := range q.Adjustments {
			block.reserve(len(q.Lines) - i)
			steps = append(steps, Step{Code: StepAdjust, Ref: q.Adjustments[k].Code, Value: block.amount(l.Shares[k])})
		}
		key := taxKey{l.Category, l.Rate}
		if refs[key] == "" {
			refs[key] = rateText(l.Category, l.Rate)
		}
		steps = append(steps, Step{Code: StepTax, Ref: refs[key], Value: block.amount(l.Tax)})
		l.Why = steps[from:len(steps):len(steps)]
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
