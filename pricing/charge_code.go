package pricing

import "slices"

// chargeOutcome says what became of a code by the discounts on charges that
// its campaign gives. A rule that applied, or that says what is missing, goes
// before them.
func (e *Engine) chargeOutcome(j *job, o *CodeOutcome) {
	if o.Applied {
		return
	}
	for i := range j.charges.Chosen {
		c := &j.charges.Chosen[i]
		if slices.ContainsFunc(c.Off, func(x ChargeCut) bool { return x.Campaign == o.Campaign }) {
			*o = CodeOutcome{UsedCode: o.UsedCode, Applied: true}
			return
		}
	}
	for i := range e.charges {
		r := &e.charges[i]
		if o.Reason != NoRule {
			return
		}
		if r.stood(j.b.Known) && slices.ContainsFunc(r.Off, func(x ChargeOff) bool { return x.Campaign == o.Campaign }) {
			j.charges.fate(r, o)
		}
	}
}

// fate says why a discount on a charge took nothing off.
func (c *Charges) fate(r *ChargeRule, o *CodeOutcome) {
	if slices.ContainsFunc(c.Chosen, func(x Charge) bool { return x.Code == r.Code }) {
		o.Reason, o.Missing = ConditionNotMet, &Missing{What: LackEffect}
		return
	}
	at := slices.IndexFunc(c.Others, func(x OtherCharge) bool { return x.Code == r.Code && !lacksTime(x.Missing) })
	switch {
	case at < 0: // it is as if there were no charge now
	case c.Others[at].BeatenBy != "":
		o.Reason, o.By = CodeBeaten, c.Others[at].BeatenBy
	default:
		m := c.Others[at].Missing[0].missing()
		o.Reason, o.Missing = ConditionNotMet, &m
		switch m.What {
		case LackBasket:
			o.Reason = MinimumNotReached
		case LackCurrency:
			o.Missing.Ref = r.currency().Code()
		}
	}
}

func lacksTime(lacks []ChargeLack) bool {
	return slices.ContainsFunc(lacks, func(l ChargeLack) bool { return l.What == "time" })
}

// missing says it as rules do.
func (l ChargeLack) missing() Missing {
	m := Missing{What: LackBuyer, Amount: l.Amount, Quantity: l.Quantity}
	switch {
	case l.TooMuch:
		m.What = LackTooMuch
	case l.What == "goods":
		m.What = LackBasket
	case l.What == "weight":
		m.What = LackWeight
	case l.What == "place":
		m.What = LackPlace
	case l.What == "delivery":
		m.What = LackDelivery
	case l.What == "currency":
		m.What = LackCurrency
	}
	return m
}
