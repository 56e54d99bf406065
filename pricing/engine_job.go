package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// job is the memory of one quote in the making, used again for the next. Sums
// on the way are in ticks: minor units, or millionths where the policy rounds at
// the end.
type job struct {
	scratch
	e *Engine
	b *Basket
	q *Quote

	basket Basket // what b and q are of an engine's quote
	quote  Quote

	now     instant
	micros  int64 // how many millionths a minor unit has
	turns   []listTurn
	classes []classGroup
	found   []int32
	keys    []whoKey

	// Of each line.
	base     []int64 // the list value
	val      []int64 // what line rules left of it
	least    []int64 // its floor
	red      []int64 // what one rule takes
	rate     []int64 // the percentage that it takes, in units of a rate
	best     []int64 // what the best of several takes
	bestR    []int32 // which that is
	pct      []int64 // the sum of additive percents, in units
	state    []lineState
	rows     []rowRange
	prices   []foundPrice
	cellOf   []int32
	slotCell []int32

	// Of each rule.
	slot  []int32 // 1 + its place among cands, 0 none
	cands []cand

	shares [][]int64 // what each order discount takes off the lines, in ticks
	given  []given   // the discounts and charges of the whole
	felt   []int32   // the rules among them that moved a figure
	acts   []act     // what line rules took, by line
	starts []int32   // where the acts of each line begin
	refs   []string  // of tax rows, by group: "S 20"
	spare  [][]int64 // share blocks to use again

	trace   trace
	asked   []string // codes of rules to be explained in any case
	then    func()   // what is done with the finished job, before it ends
	bare    bool     // figures alone: no basis, explanation and seal
	unused  []string // campaigns whose codes are as if they had not been entered
	used    []string // those that were found to move what is to be paid
	doubt   []string // those that are neither and took something
	passes  int      // over the basket
	goods   bool     // goods alone: no charges
	shut    bool     // a rule applied that stops others, or excludes them
	held    held     // what is kept out, to see what it gives
	charges Charges
	clash   []Conflict
	cells   []cell
	figures figures
	active  []int32 // lines that take of what is poured
	poured  []int64
	some    []int32 // lines of one percentage
	wholes  []int64 // what line rules left

	unplaced int64 // what of a rule no line could bear
}

// lineState says which rules a line still takes.
type lineState struct {
	touched   [2]int32 // 1 + the last rule that applied: of lines, of the whole
	stopped   int32    // 1 + the rule that stopped or closed it for line rules
	exclusive int32    // 1 + the exclusive rule that closed it for all
	named     bool     // a rule or floor names its product
}

// given is one allowance or charge on the whole.
type given struct {
	code, text string
	rule       int32 // -1 for a charge
}

// start makes room for the lines of a basket.
func (j *job) start(e *Engine, b *Basket, q *Quote) {
	n := len(b.Lines)
	j.e, j.b, j.q = e, b, q
	j.now = instant{at: b.At.UnixMicro(), known: b.Known.UnixMicro()}
	j.micros = 1
	for d := b.Currency.Digits(); d < 6; d++ {
		j.micros *= 10
	}
	j.begin(n, false)
	if cap(j.base) < n {
		slab := make([]int64, 7*n)
		for i, p := range []*[]int64{&j.base, &j.val, &j.least, &j.red, &j.rate, &j.best, &j.pct} {
			*p = slab[i*n : (i+1)*n : (i+1)*n]
		}
		j.bestR, j.state, j.cellOf = make([]int32, n), make([]lineState, n), make([]int32, n)
		j.rows, j.prices = make([]rowRange, n), make([]foundPrice, n)
	}
	j.base, j.val, j.least, j.red, j.rate, j.best, j.pct = j.base[:n], j.val[:n], j.least[:n], j.red[:n], j.rate[:n], j.best[:n], j.pct[:n]
	j.bestR, j.state, j.cellOf, j.rows, j.prices = j.bestR[:n], j.state[:n], j.cellOf[:n], j.rows[:n], j.prices[:n]
	clear(j.state)
	clear(j.pct)
	j.cands, j.given, j.felt, j.clash, j.cells = j.cands[:0], j.given[:0], j.felt[:0], nil, j.cells[:0]
	j.spare = append(append(j.spare, j.shares...), j.figures.deltas...)
	j.shares, j.figures.deltas = j.shares[:0], j.figures.deltas[:0]
	j.trace.begin(j.trace.on || j.then != nil || !e.opts.Brief || len(b.Codes) > 0 || len(e.charges) > 0)
	j.charges, j.shut = Charges{}, false
}

// end lets go of what belongs to basket and quote.
func (j *job) end() {
	for i := range j.cands {
		j.slot[j.cands[i].rule.at] = 0
	}
	clear(j.prices)
	clear(j.cells)
	clear(j.classes)
	clear(j.refs)
	j.scratch.end()
	j.e, j.b, j.q = nil, nil, nil
	j.basket, j.quote = Basket{}, Quote{}
}

// block is room for a number per line, of zeros.
func (j *job) block() []int64 {
	n := len(j.b.Lines)
	if k := len(j.spare); k > 0 {
		s := j.spare[k-1]
		j.spare = j.spare[:k-1]
		if cap(s) >= n {
			s = s[:n]
			clear(s)
			return s
		}
	}
	return make([]int64, n)
}

// ticked is an amount as an Amount whose units are ticks; its arithmetic does
// not depend on what a unit is.
func (j *job) ticked(t int64) money.Amount { return money.FromMinor(t, j.b.Currency) }

// precise reports whether ticks are millionths.
func (j *job) precise() bool {
	return j.e.policy.Level == RoundDocument || j.e.policy.Level == RoundPrecise
}

// tickUnits is how many ticks a minor unit has.
func (j *job) tickUnits() int64 {
	if j.precise() {
		return j.micros
	}
	return 1
}

// ticks turns an amount into ticks.
func (j *job) ticks(a money.Amount) (int64, error) {
	v, err := a.Part(j.tickUnits(), 1, money.Down)
	return v.Minor(), err
}

// value is price × quantity in ticks, rounded once.
func (j *job) value(p money.Price, q money.Quantity) (int64, error) {
	if j.precise() {
		v, err := p.Times(q, j.e.policy.Rounding)
		return v.Micros(), err
	}
	if j.e.policy.Level == RoundUnit {
		var err error
		if p, err = roundUnit(p, j.e.policy.Rounding); err != nil {
			return 0, err
		}
	}
	a, err := p.Mul(q, j.e.policy.Rounding)
	return a.Minor(), err
}

// roundUnit rounds the number of a price to the minor unit of its currency.
func roundUnit(p money.Price, r money.Rounding) (money.Price, error) {
	one, err := p.PerBase(money.QuantityOf(1))
	if err != nil {
		return p, err
	}
	a, err := one.Amount(r)
	if err != nil {
		return p, err
	}
	rounded, err := money.PriceFromAmount(a)
	if err != nil {
		return p, err
	}
	return rounded.PerBase(p.Base())
}

// gross reports whether the price of a line is stated with its tax.
func (j *job) gross(i int) bool { return j.slots[i]&1 == grossStated }

// home is the rate that a gross price of the line contains.
func (j *job) home(i int) money.Rate { return j.groups[j.slots[i]>>1].home }

// net is an amount of a line's, in ticks, without tax.
func (j *job) net(i int, v int64) (int64, error) {
	if !j.gross(i) || v == 0 {
		return v, nil
	}
	a, err := netOf(j.ticked(v), j.home(i), j.e.policy.Rounding)
	return a.Minor(), err
}

// netSum is the net of some lines, of all for nil. What is stated gross is summed
// by rate before its tax is taken out, so that it does not hang on how many lines
// there are.
func (j *job) netSum(lines []int32, of []int64) (money.Amount, error) {
	for k := range j.groups {
		j.groups[k].with = 0
	}
	sum, ok := int64(0), true
	add := func(i int) {
		to := &sum
		if j.gross(i) {
			to = &j.groups[j.slots[i]>>1].with
		}
		var fits bool
		*to, fits = addTicks(*to, of[i])
		ok = ok && fits
	}
	if lines == nil {
		for i := range of {
			add(i)
		}
	}
	for _, i := range lines {
		add(int(i))
	}
	if !ok {
		return money.Amount{}, money.ErrOverflow
	}
	net := j.ticked(sum)
	for k := range j.groups {
		g := &j.groups[k]
		if g.with == 0 {
			continue
		}
		without, err := netOf(j.ticked(g.with), g.home, j.e.policy.Rounding)
		if err != nil {
			return net, err
		}
		if net, err = net.Add(without); err != nil {
			return net, err
		}
	}
	return net, nil
}

// basis is the basket without what the tariff knows. Of the prices that lines
// carry themselves, those of lists that had their turn stay, because which of them
// applies may hang on the others.
func (j *job) basis() *Basket {
	b := *j.b
	b.Lines = slices.Clone(b.Lines)
	b.Agreements, b.Lists, b.Facts = slices.Clone(b.Agreements), slices.Clone(b.Lists), b.Facts.Clone()
	for i := range b.Lines {
		l := &b.Lines[i]
		own := l.Prices
		l.Tags, l.Prices = slices.Clone(l.Tags), nil
		for k := range own {
			if p := own[k]; p.Currency() == b.Currency && j.ownTurn(p.List) {
				p.Breaks = slices.Clone(p.Breaks)
				l.Prices = append(l.Prices, p)
			}
		}
	}
	return &b
}

// ownTurn reports whether the prices of a list that lines carry had their turn.
func (j *job) ownTurn(code string) bool {
	return slices.ContainsFunc(j.turns, func(t listTurn) bool { return t.list == nil && t.code == code })
}
