package pricing

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// adjusting is a quote on its way from its nets to its adjusted figures.
type adjusting struct {
	q        Quote
	how      money.Apportionment
	rounding money.Rounding
	bases    []money.Amount // of the lines: net and the shares so far
	weights  []int64        // of what is apportioned
	parts    []int64        // apportioned, with as much spare capacity
}

// share gives every line its parts of the adjustments.
func (a *adjusting) share() error {
	n, k := len(a.q.Lines), len(a.q.Adjustments)
	ints := make([]int64, 3*n)
	a.weights, a.parts = ints[:n:n], ints[n:2*n]
	a.bases = make([]money.Amount, n)
	shares := make([]money.Amount, n*k)
	for i := range a.q.Lines {
		a.bases[i] = a.q.Lines[i].Net
		a.q.Lines[i].Shares, shares = shares[:k:k], shares[k:]
	}
	var is fault.Issues
	net := a.q.Net
	for _, at := range a.q.turns() {
		path := adjustmentPath(at) + ".amount"
		amount := a.q.Adjustments[at].Amount
		sum, err := net.Add(amount)
		switch {
		case err != nil:
			is.AddUnder(path, err)
		case sum.Sign() < 0:
			is.Add(path, issueNegative, "%s takes what is left of the net, %s, below zero", amount, net)
		default:
			net = sum
			if err := a.bear(at, amount); err != nil {
				is.AddUnder(path, err)
			}
		}
	}
	return is.Err(ErrAdjustment)
}

// bear shares one amount.
func (a *adjusting) bear(at int, amount money.Amount) error {
	for i := range a.q.Lines {
		a.weights[i] = a.q.Lines[i].Net.Minor()
	}
	if err := a.how.SplitInto(a.parts, amount.Minor(), a.weights); err != nil {
		return err
	}
	over, err := a.put(at)
	if err != nil || over.IsZero() {
		return err
	}
	// Units that rounding put on lines that cannot bear them. What is left on
	// the others is enough, because the whole is not below zero.
	for i := range a.bases {
		a.weights[i] = max(0, a.bases[i].Minor())
		a.parts[i] = 0
	}
	if err := money.LargestRemainder.SplitInto(a.parts, over.Minor(), a.weights); err != nil {
		return err
	}
	_, err = a.put(at)
	return err
}

// put adds the parts to the lines' shares. A base that would fall below zero
// stops there, and what is over comes back, zero or below.
func (a *adjusting) put(at int) (over money.Amount, err error) {
	cur := a.q.Currency
	over = money.Zero(cur)
	for i := range a.q.Lines {
		part := money.FromMinor(a.parts[i], cur)
		base, err := a.bases[i].Add(part)
		if err != nil {
			return over, err
		}
		if base.Sign() < 0 {
			if over, err = over.Add(base); err != nil {
				return over, err
			}
			part, base = a.bases[i].Neg(), money.Zero(cur)
		}
		share := &a.q.Lines[i].Shares[at]
		if share.IsNone() {
			*share = money.Zero(cur)
		}
		if *share, err = share.Add(part); err != nil {
			return over, err
		}
		a.bases[i] = base
	}
	return over, nil
}

// settle makes rows, totals and the lines' taxes of the shares.
func (a *adjusting) settle() error {
	q := &a.q
	var err error
	for _, adj := range q.Adjustments {
		if q.Net, err = q.Net.Add(adj.Amount); err != nil {
			return err
		}
	}
	q.Tax = money.Zero(q.Currency)
	for k := range q.Taxes {
		if err := a.row(k); err != nil {
			return err
		}
		if q.Tax, err = q.Tax.Add(q.Taxes[k].Tax); err != nil {
			return err
		}
	}
	q.Gross, err = q.Net.Add(q.Tax)
	return err
}

// row taxes one row anew and shares its tax over its lines.
func (a *adjusting) row(k int) error {
	row := &a.q.Taxes[k]
	full, err := row.Base.Percent(row.Rate, a.rounding)
	if err != nil {
		return err
	}
	beyond, err := row.Tax.Sub(full)
	if err != nil {
		return err
	}
	row.Base = money.Zero(a.q.Currency)
	n := 0
	for i := range a.q.Lines {
		if !row.has(&a.q.Lines[i]) {
			continue
		}
		a.weights[n] = a.bases[i].Minor()
		n++
		if row.Base, err = row.Base.Add(a.bases[i]); err != nil {
			return err
		}
	}
	if full, err = row.Base.Percent(row.Rate, a.rounding); err != nil {
		return err
	}
	if row.Tax, err = full.Add(beyond); err != nil {
		return err
	}
	if row.Tax.Sign() < 0 || row.Base.IsZero() {
		row.Tax = money.Zero(a.q.Currency)
	}
	if err := a.how.SplitInto(a.parts[:n], row.Tax.Minor(), a.weights[:n]); err != nil {
		return err
	}
	n = 0
	for i := range a.q.Lines {
		l := &a.q.Lines[i]
		if !row.has(l) {
			continue
		}
		l.Tax = money.FromMinor(a.parts[n], a.q.Currency)
		n++
		if l.Gross, err = a.bases[i].Add(l.Tax); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether the row is that of the line.
func (t *Tax) has(l *QuotedLine) bool { return t.Category == l.Category && t.Rate == l.Rate }

// explain appends the shares to explanations, and the tax they lead to. The
// steps of all lines are cut from one block, their texts from few.
func (a *adjusting) explain() {
	more, room := len(a.q.Adjustments)+1, 0
	for i := range a.q.Lines {
		if n := len(a.q.Lines[i].Why); n > 0 {
			room += n + more
		}
	}
	steps := make([]Step, 0, room)
	var block textBlock
	for i := range a.q.Lines {
		l := &a.q.Lines[i]
		if len(l.Why) == 0 {
			continue
		}
		from := len(steps)
		steps = append(steps, l.Why...)
		block.reserve(len(a.q.Lines) - i)
		for k, share := range l.Shares {
			steps = append(steps, Step{Code: StepAdjust, Ref: a.q.Adjustments[k].Code, Value: block.amount(share)})
		}
		steps = append(steps, Step{Code: StepTax, Ref: taxRef(l), Value: block.amount(l.Tax)})
		l.Why = steps[from:len(steps):len(steps)]
	}
}

// taxRef is "S 20", as the line's tax step has it where there is one.
func taxRef(l *QuotedLine) string {
	if last := l.Why[len(l.Why)-1]; last.Code == StepTax {
		return last.Ref
	}
	return rateText(l.Category, l.Rate)
}
