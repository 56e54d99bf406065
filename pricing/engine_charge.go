package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// charge puts what bringing the goods costs on the lines that bear it, and taxes
// it with them. It comes after all discounts.
func (e *Engine) charge(j *job) error {
	if len(e.charges) == 0 || j.goods {
		return nil
	}
	in, err := e.chargeInput(j)
	if err != nil {
		return err
	}
	all, err := chooseCharges(e.charges, in) // Compile has checked the rules
	if err != nil {
		return err
	}
	j.charges = all
	for i := range all.Chosen {
		c := &all.Chosen[i]
		if c.Amount.IsZero() {
			continue
		}
		if err := e.bear(j, c); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) chargeInput(j *job) (ChargeInput, error) {
	b := j.b
	in := ChargeInput{Currency: b.Currency, Country: b.Country, Postcode: b.Postcode, Region: b.Region, Delivery: b.Delivery,
		Partner: b.Partner, Groups: b.Groups, At: b.At, Known: b.Known, Rounding: e.policy.Rounding}
	if in.Country == "" {
		in.Country = e.seller
	}
	goods := int64(0)
	for _, v := range j.figures.base {
		var ok bool
		if goods, ok = addTicks(goods, v); !ok {
			return in, money.ErrOverflow
		}
	}
	in.Goods = j.ticked(goods)
	for _, u := range b.Codes {
		if !slices.Contains(j.unused, u.Campaign) {
			in.Campaigns = append(in.Campaigns, u.Campaign)
		}
	}
	last := int32(-1)
	for _, a := range j.trace.takes { // those of a rule stand together
		if a.rule != last {
			in.Rules, last = append(in.Rules, e.rules[a.rule].Code), a.rule
		}
	}
	var err error
	in.Weight, err = TotalWeight(b.Lines)
	return in, err
}

// bearers are the lines that bear a charge, and by what they share it: by their
// nets; where nothing is left of any, by their list values; and where these are
// zero too, the first line of the highest rate bears it.
func (e *Engine) bearers(j *job, by ChargeTax) (bearers []int32, weights []int64, err error) {
	q := j.q
	lines := make([]ChargeLine, len(q.Lines))
	for _, of := range [...][]int64{j.figures.base, j.base} {
		for i := range lines {
			lines[i] = ChargeLine{Net: j.ticked(of[i]), Category: q.Lines[i].Category, Rate: q.Lines[i].Rate}
		}
		places, err := by.Bearers(lines)
		if err != nil {
			return nil, nil, err
		}
		for _, i := range places {
			bearers = append(bearers, int32(i))
		}
		if len(bearers) > 0 {
			return bearers, of, nil
		}
	}
	first := int32(0)
	for i := range lines {
		if lines[i].Rate.Cmp(lines[first].Rate) > 0 {
			first = int32(i)
		}
	}
	weights = make([]int64, len(lines))
	weights[first] = 1
	return []int32{first}, weights, nil
}

// bear shares one charge over its bearers and adds the tax that follows: by rate
// where the document's sum is taxed, else line by line.
func (e *Engine) bear(j *job, c *Charge) error {
	q, f := j.q, &j.figures
	if len(q.Lines) == 0 {
		var is fault.Issues
		is.Add("charges", issueNoBearer, "no line could bear %s of %s", c.Code, c.Amount)
		return is.Err(ErrAdjustment)
	}
	bearers, weights, err := e.bearers(j, c.TaxBy)
	if err != nil {
		return err
	}
	delta := j.block()
	if err := j.split(bearers, c.Amount.Minor(), weights, nil, delta); err != nil {
		return err
	}
	if err := e.chargeTax(j, bearers, delta); err != nil {
		return err
	}
	for _, i := range bearers {
		f.base[i] += delta[i]
	}
	f.deltas = append(f.deltas, delta)
	j.given = append(j.given, given{code: c.Code, text: c.Text, rule: -1})
	return nil
}

// chargeTax adds the tax of a charge to that of its lines. What the tax of a row
// deviates from base × rate, because of prices stated gross, stays.
func (e *Engine) chargeTax(j *job, bearers []int32, delta []int64) error {
	q, f, r := j.q, &j.figures, e.policy.Rounding
	if e.policy.Tax != TaxPerDocument {
		for _, i := range bearers {
			t, err := j.ticked(delta[i]).Percent(q.Lines[i].Rate, r)
			if err != nil {
				return err
			}
			f.tax[i] += t.Minor()
		}
		return nil
	}
	done := map[taxKey]bool{}
	for _, first := range bearers {
		key := taxKey{q.Lines[first].Category, q.Lines[first].Rate}
		if done[key] {
			continue
		}
		done[key] = true
		var base, more int64
		for i := range q.Lines {
			if q.Lines[i].Category == key.category && q.Lines[i].Rate == key.rate {
				base += f.base[i]
			}
		}
		var of []int32
		for _, i := range bearers {
			if q.Lines[i].Category == key.category && q.Lines[i].Rate == key.rate {
				more += delta[i]
				of = append(of, i)
			}
		}
		was, err := j.ticked(base).Percent(key.rate, r)
		if err != nil {
			return err
		}
		now, err := j.ticked(base+more).Percent(key.rate, r)
		if err != nil {
			return err
		}
		tax := j.block()
		err = j.split(of, now.Minor()-was.Minor(), delta, nil, tax)
		for _, i := range of {
			f.tax[i] += tax[i]
		}
		j.spare = append(j.spare, tax)
		if err != nil {
			return err
		}
	}
	return nil
}
