package pricing

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
)

// ErrCharges lists what is wrong with charge rules or with what they are asked.
var ErrCharges = fault.Define(fault.Invalid, "pricing.charges", "the charges are not valid")

// CheckCharges finds all that is wrong with rules in themselves: ErrCharges
// (Invalid, pricing.charges) with issues under "charges[i]": no code or kind, a
// code twice at one time, two of a kind with equal priority and equal conditions,
// an amount of nothing, negative amounts or more than
// one currency within a rule, ranges and spans that end before they begin, a
// minimum above the maximum, values that are none.
func CheckCharges(rules []ChargeRule) error {
	var is fault.Issues
	checkCharges(&is, rules)
	return is.Err(ErrCharges)
}

func checkCharges(is *fault.Issues, rules []ChargeRule) {
	same, twins := map[string][]int{}, map[string][]int{}
	for i := range rules {
		r, path := &rules[i], indexedPath("charges", i)
		before := len(*is)
		r.check(is, path)
		for _, k := range same[r.Code] {
			if r.Code != "" && rules[k].Span.overlaps(r.Span) {
				is.Add(path+".code", issueTwice, "charges[%d] has the same code at the same time", k)
				break
			}
		}
		same[r.Code] = append(same[r.Code], i)
		if len(*is) > before {
			continue
		}
		key := r.subject()
		if at := slices.IndexFunc(twins[key], func(k int) bool { return rules[k].Span.overlaps(r.Span) }); at >= 0 {
			is.Add(path, issueAmbiguous, "charges[%d] is of the same kind, priority and conditions", twins[key][at])
		}
		twins[key] = append(twins[key], i)
	}
}

// subject is what two rules have in common that always apply together.
func (r *ChargeRule) subject() string {
	same := struct {
		Kind     string
		Priority int
		When     ChargeWhen
		Currency string
	}{r.Kind, r.Priority, r.When, r.currency().Code()}
	b, _ := json.Marshal(same) // plain data
	return string(b)
}

func (r *ChargeRule) check(is *fault.Issues, path string) {
	check.Need(is, path+".code", r.Code, maxCode)
	check.Line(is, path+".text", r.Text, maxAdjustmentText)
	check.Need(is, path+".kind", r.Kind, maxCode)
	checkPriority(is, path, r.Priority)
	r.Span.check(is, path)
	if !slices.Contains([]ChargeTax{ByNet, HighestRate, LowestRate, MainRate}, r.TaxBy) {
		is.Add(path+".tax_by", issueUnknown, "%q says of no lines that they bear it", r.TaxBy)
	}
	m := chargeMoney{is: is, cur: r.currency()}
	r.When.check(&m, path+".when")
	r.Amount.check(&m, path+".amount")
	for i := range r.Off {
		r.Off[i].check(&m, indexedPath(path+".off", i))
	}
}

// currency is that of the rule, by the first amount that it has; zero for
// none, which fits every currency.
func (r *ChargeRule) currency() money.Currency {
	for _, a := range r.amounts() {
		if a != nil {
			return a.Currency()
		}
	}
	if r.Amount.PerKg != nil {
		return r.Amount.PerKg.Currency()
	}
	return money.Currency{}
}

func (r *ChargeRule) amounts() []*money.Amount {
	out := []*money.Amount{r.Amount.Fixed, r.Amount.Min, r.Amount.Max, r.Amount.FreeFrom}
	if g := r.When.Goods; g != nil {
		out = append(out, g.From, g.Until)
	}
	for i := range r.Off {
		out = append(out, r.Off[i].Amount)
	}
	return out
}

// chargeMoney checks the amounts of one rule.
type chargeMoney struct {
	is  *fault.Issues
	cur money.Currency
}

func (m *chargeMoney) amount(path string, a *money.Amount) {
	if a == nil {
		return
	}
	m.in(path, a.Currency())
	if a.Sign() < 0 {
		m.is.Add(path, issueNegative, "%s is below zero", a)
	}
}

func (m *chargeMoney) in(path string, c money.Currency) {
	if c != m.cur || c.IsZero() {
		m.is.Add(path, issueForeign, "is in %q, the rule in %q", c.Code(), m.cur.Code())
	}
}

func (w *ChargeWhen) check(m *chargeMoney, path string) {
	if g := w.Goods; g != nil {
		if g.From == nil && g.Until == nil {
			m.is.Add(path+".goods", issueCondition, "bounds nothing")
		}
		m.amount(path+".goods.from", g.From)
		m.amount(path+".goods.until", g.Until)
		if g.From != nil && g.Until != nil {
			m.order(path+".goods.until", g.From, g.Until, false)
		}
	}
	if q := w.Weight; q != nil {
		if q.From.IsZero() && q.Until.IsZero() {
			m.is.Add(path+".weight", issueCondition, "bounds nothing")
		}
		if q.From.Sign() < 0 {
			m.is.Add(path+".weight.from", issueNegative, "%s is below zero", q.From)
		}
		if q.Until.Sign() < 0 || !q.Until.IsZero() && q.Until.Cmp(q.From) <= 0 {
			m.is.Add(path+".weight.until", issueRange, "%s is not above %s", q.Until, q.From)
		}
	}
	for i, c := range w.To.Countries {
		checkCountry(m.is, indexedPath(path+".to.countries", i), c)
	}
	for i, p := range w.To.Postcodes {
		if plainPostcode(p) == "" {
			m.is.Add(indexedPath(path+".to.postcodes", i), issueRequired, "an empty beginning fits all")
		}
	}
	if len(w.To.Postcodes) > 0 && len(w.To.Countries) == 0 {
		m.is.Add(path+".to.countries", issueRequired, "postcodes are of a country")
	}
	m.texts(path+".to.regions", w.To.Regions)
	m.texts(path+".delivery", w.Delivery)
	m.texts(path+".groups", w.Groups)
}

func (m *chargeMoney) texts(path string, list []string) {
	for i, s := range list {
		check.Need(m.is, indexedPath(path, i), s, maxTermText)
	}
}

// order notes a range that ends at or before its beginning, or only before it.
func (m *chargeMoney) order(path string, from, until *money.Amount, equal bool) {
	c, err := from.Cmp(*until)
	if err == nil && (c > 0 || c == 0 && !equal) {
		m.is.Add(path, issueRange, "%s is not above %s", until, from)
	}
}

func (a *ChargeAmount) check(m *chargeMoney, path string) {
	m.amount(path+".fixed", a.Fixed)
	if p := a.PerKg; p != nil {
		m.in(path+".per_kg", p.Currency())
		if p.Sign() < 0 {
			m.is.Add(path+".per_kg", issueNegative, "%s is below zero", p)
		}
	}
	checkChargeRate(m.is, path+".percent", a.Percent)
	m.amount(path+".min", a.Min)
	m.amount(path+".max", a.Max)
	m.amount(path+".free_from", a.FreeFrom)
	if a.Min != nil && a.Max != nil {
		m.order(path+".max", a.Min, a.Max, true)
	}
	if a.Fixed == nil && a.PerKg == nil && a.Percent.IsZero() && a.Min == nil {
		m.is.Add(path, issueNoAmount, "nothing is charged; a charge of nothing is fixed at zero")
	}
}

func checkChargeRate(is *fault.Issues, path string, r money.Rate) {
	if r.Sign() < 0 || r.Cmp(money.RateOf(100)) > 0 {
		is.Add(path, issueRate, "%s is not between 0 and 100", r)
	}
}

func (o *ChargeOff) check(m *chargeMoney, path string) {
	m.amount(path+".amount", o.Amount)
	checkChargeRate(m.is, path+".percent", o.Percent)
	if (o.Amount == nil) == o.Percent.IsZero() {
		m.is.Add(path, issueEffect, "a discount is a percentage or an amount")
	}
	check.Line(m.is, path+".campaign", o.Campaign, maxTermText)
	check.Line(m.is, path+".rule", o.Rule, maxTermText)
	if o.Campaign != "" && o.Rule != "" {
		m.is.Add(path+".rule", issueCondition, "a discount asks for a campaign or a rule")
	}
}

// check notes what charges cannot be chosen by.
func (in *ChargeInput) check(is *fault.Issues) {
	switch {
	case in.Currency.IsZero():
		is.Add("currency", issueCurrency, "charges are in a currency")
	case in.Goods.Currency() != in.Currency:
		is.Add("goods", issueForeign, "is in %q, not in %q", in.Goods.Currency().Code(), in.Currency.Code())
	case in.Goods.Sign() < 0:
		is.Add("goods", issueNegative, "%s is below zero", in.Goods)
	}
	if in.Weight.Sign() < 0 {
		is.Add("weight", issueNegative, "%s is below zero", in.Weight)
	}
	if in.Country != "" {
		checkCountry(is, "country", in.Country)
	}
	if in.At.IsZero() {
		is.Add("at", issueInstant, "charges hold at an instant")
	}
	if in.Rounding > money.Ceil {
		is.Add("rounding", issueUnknown, "%s", fmt.Sprintf("%d is no rounding", in.Rounding))
	}
}
