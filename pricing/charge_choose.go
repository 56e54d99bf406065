package pricing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/money"
)

// Charge is one that applies.
type Charge struct {
	Code string `json:"code"`
	Kind string `json:"kind"`
	Text string `json:"text,omitempty"`
	// Full is what the rule charges, Amount what is left of it after Off, both
	// net of tax and zero or positive.
	Full   money.Amount `json:"full"`
	Off    []ChargeCut  `json:"off,omitempty"`
	Amount money.Amount `json:"amount"`
	TaxBy  ChargeTax    `json:"tax_by,omitempty"`
	// Free says that the goods have reached the amount from which on nothing is
	// charged. Next is what they lack of it.
	Free bool          `json:"free,omitempty"`
	Next *money.Amount `json:"next,omitempty"`
}

// Hint says in English what would make it free: "12.30 EUR more and shipping
// is free"; "" when nothing would.
func (c Charge) Hint() string {
	if c.Next == nil {
		return ""
	}
	return c.Next.String() + " more and " + c.Kind + " is free"
}

// ChargeCut is one discount on a charge.
type ChargeCut struct {
	// Campaign or Rule gave it, or neither.
	Campaign string `json:"campaign,omitempty"`
	Rule     string `json:"rule,omitempty"`
	// Amount is what it took, zero or positive.
	Amount money.Amount `json:"amount"`
}

// OtherCharge is a rule that does not apply.
type OtherCharge struct {
	Code string `json:"code"`
	Kind string `json:"kind"`
	// BeatenBy is the rule of the kind that applies instead, where the
	// conditions of this one hold too.
	BeatenBy string `json:"beaten_by,omitempty"`
	// Missing is every condition that does not hold.
	Missing []ChargeLack `json:"missing,omitempty"`
}

// ChargeLack is a condition that does not hold.
type ChargeLack struct {
	// What is "time", "currency", "goods", "weight", "place", "delivery" or
	// "buyer".
	What string `json:"what"`
	// Amount or Quantity is what is missing, or with TooMuch what is above the
	// bound; none where that is not a matter of more.
	Amount   *money.Amount  `json:"amount,omitempty"`
	Quantity money.Quantity `json:"quantity,omitzero"`
	TooMuch  bool           `json:"too_much,omitempty"`
}

// String says it in English: "12.30 EUR more of goods".
func (l ChargeLack) String() string {
	var of string
	switch {
	case l.Amount != nil:
		of = l.Amount.String()
	case !l.Quantity.IsZero():
		of = l.Quantity.String() + " kg"
	case l.TooMuch:
		return "less " + l.What
	default:
		return "another " + l.What
	}
	if l.TooMuch {
		if l.Amount != nil && l.Amount.IsZero() {
			return "less " + l.What
		}
		return of + " of " + l.What + " is too much"
	}
	return of + " more of " + l.What
}

// Charges are what a delivery costs beside its goods.
type Charges struct {
	// Chosen are the charges that apply, at most one of a kind, by kind.
	Chosen []Charge `json:"chosen,omitempty"`
	// Others are the rules that do not, in their order.
	Others []OtherCharge `json:"others,omitempty"`
}

// ChooseCharges picks, for each kind, the rule of the highest priority whose
// conditions all hold, and says of the others what beat them or what is
// missing. It is pure: the answer depends on its arguments alone, and not on
// the order of the rules but for that of Others.
//
// Rules that are gone or not known yet are left out. A rule of another currency
// does not apply.
//
// Errors: ErrCharges (Invalid, pricing.charges) with all issues: those of
// CheckCharges under "charges[i]", of the input under its fields, and
// pricing.ambiguous for two rules of a kind that apply with equal priority;
// money.ErrOverflow inside it for amounts too large.
func ChooseCharges(rules []ChargeRule, in ChargeInput) (Charges, error) {
	var is fault.Issues
	checkCharges(&is, rules)
	in.check(&is)
	if err := is.Err(ErrCharges); err != nil {
		return Charges{}, err
	}
	return chooseCharges(rules, in)
}

// chooseCharges is ChooseCharges by rules and for an input that were checked.
func chooseCharges(rules []ChargeRule, in ChargeInput) (Charges, error) {
	var is fault.Issues
	best := map[string]int{} // of each kind
	missing := make([][]ChargeLack, len(rules))
	known := make([]bool, len(rules))
	for i := range rules {
		r := &rules[i]
		if known[i] = (Span{Known: r.Known, Gone: r.Gone}).Covers(in.At, in.Known); !known[i] {
			continue
		}
		if missing[i] = r.missing(&in); len(missing[i]) > 0 {
			continue
		}
		if k, ok := best[r.Kind]; !ok || r.Priority > rules[k].Priority {
			best[r.Kind] = i
		}
	}
	var out Charges
	for i := range rules {
		r := &rules[i]
		if !known[i] {
			continue
		}
		switch k, ok := best[r.Kind]; {
		case len(missing[i]) > 0:
			out.Others = append(out.Others, OtherCharge{Code: r.Code, Kind: r.Kind, Missing: missing[i]})
		case ok && k == i:
			c, err := r.charge(&in)
			if err != nil {
				is.AddUnder(indexedPath("charges", i), err)
				continue
			}
			out.Chosen = append(out.Chosen, c)
		case rules[k].Priority == r.Priority:
			is.Add(indexedPath("charges", i), issueAmbiguous, "charges[%d] (%q) applies to %s with the same priority", k, rules[k].Code, r.Kind)
		default:
			out.Others = append(out.Others, OtherCharge{Code: r.Code, Kind: r.Kind, BeatenBy: rules[k].Code})
		}
	}
	if err := is.Err(ErrCharges); err != nil {
		return Charges{}, err
	}
	slices.SortFunc(out.Chosen, func(a, b Charge) int { return cmp.Compare(a.Kind, b.Kind) })
	return out, nil
}

// missing lists the conditions that do not hold.
func (r *ChargeRule) missing(in *ChargeInput) (out []ChargeLack) {
	lack := func(what string) { out = append(out, ChargeLack{What: what}) }
	w := &r.When
	if !(Span{From: r.From, Until: r.Until}).Covers(in.At, in.Known) {
		lack("time")
	}
	if cur := r.currency(); !cur.IsZero() && cur != in.Currency {
		lack("currency")
	} else if g := w.Goods; g != nil {
		out = g.lack(out, in.Goods)
	}
	if q := w.Weight; q != nil {
		out = q.lack(out, in.Weight)
	}
	if !w.To.has(in) {
		lack("place")
	}
	if len(w.Delivery) > 0 && !slices.Contains(w.Delivery, in.Delivery) {
		lack("delivery")
	}
	if len(w.Partners) > 0 && !slices.Contains(w.Partners, in.Partner) || len(w.Groups) > 0 && !meetsAny(w.Groups, in.Groups) {
		lack("buyer")
	}
	return out
}

// lack adds what an amount lacks of the range; all are of one currency.
func (g *AmountRange) lack(out []ChargeLack, a money.Amount) []ChargeLack {
	if g.From != nil {
		if d, err := g.From.Sub(a); err == nil && d.Sign() > 0 {
			return append(out, ChargeLack{What: "goods", Amount: &d})
		}
	}
	if g.Until != nil {
		if d, err := a.Sub(*g.Until); err == nil && d.Sign() >= 0 {
			return append(out, ChargeLack{What: "goods", Amount: &d, TooMuch: true})
		}
	}
	return out
}

func (q *QuantityRange) lack(out []ChargeLack, w money.Quantity) []ChargeLack {
	if w.Cmp(q.From) < 0 {
		d, _ := q.From.Sub(w) // both are zero or positive
		return append(out, ChargeLack{What: "weight", Quantity: d})
	}
	if !q.Until.IsZero() && w.Cmp(q.Until) >= 0 {
		d, _ := w.Sub(q.Until)
		return append(out, ChargeLack{What: "weight", Quantity: d, TooMuch: true})
	}
	return out
}

func (p *ChargePlace) has(in *ChargeInput) bool {
	code := plainPostcode(in.Postcode)
	return (len(p.Countries) == 0 || slices.Contains(p.Countries, in.Country)) &&
		(len(p.Regions) == 0 || slices.Contains(p.Regions, in.Region)) &&
		(len(p.Postcodes) == 0 || slices.ContainsFunc(p.Postcodes, func(begin string) bool {
			return strings.HasPrefix(code, plainPostcode(begin))
		}))
}

// charge computes what the rule charges. Amounts of the rule are of the
// input's currency.
func (r *ChargeRule) charge(in *ChargeInput) (Charge, error) {
	c := Charge{Code: r.Code, Kind: r.Kind, Text: r.Text, TaxBy: r.TaxBy}
	var err error
	if c.Full, err = r.Amount.of(in); err != nil {
		return c, err
	}
	if from := r.Amount.FreeFrom; from != nil {
		d, err := from.Sub(in.Goods)
		if err != nil {
			return c, err
		}
		if d.Sign() <= 0 {
			c.Full, c.Free = money.Zero(in.Currency), true
		} else if c.Full.Sign() > 0 {
			c.Next = &d
		}
	}
	c.Amount = c.Full
	for i := range r.Off {
		if err := c.cut(&r.Off[i], in); err != nil {
			return c, err
		}
	}
	if c.Amount.IsZero() {
		c.Next = nil
	}
	return c, nil
}

// of is the sum of the parts within its bounds.
func (a *ChargeAmount) of(in *ChargeInput) (money.Amount, error) {
	sum := money.Zero(in.Currency)
	var err error
	add := func(x money.Amount, failed error) {
		if err = cmp.Or(err, failed); err == nil {
			sum, err = sum.Add(x)
		}
	}
	if a.Fixed != nil {
		add(*a.Fixed, nil)
	}
	if a.PerKg != nil {
		add(a.PerKg.Mul(in.Weight, in.Rounding))
	}
	if !a.Percent.IsZero() {
		add(in.Goods.Percent(a.Percent, in.Rounding))
	}
	if err != nil {
		return sum, err
	}
	if a.Min != nil && sum.Minor() < a.Min.Minor() {
		sum = *a.Min
	}
	if a.Max != nil && sum.Minor() > a.Max.Minor() {
		sum = *a.Max
	}
	return sum, nil
}

// cut takes a discount off what is left.
func (c *Charge) cut(o *ChargeOff, in *ChargeInput) error {
	if o.Campaign != "" && !slices.Contains(in.Campaigns, o.Campaign) || o.Rule != "" && !slices.Contains(in.Rules, o.Rule) {
		return nil
	}
	take, err := c.Amount.Percent(o.Percent, in.Rounding)
	if err != nil {
		return err
	}
	if o.Amount != nil {
		take = *o.Amount
	}
	if take.Minor() > c.Amount.Minor() {
		take = c.Amount
	}
	if take.IsZero() {
		return nil
	}
	c.Off = append(c.Off, ChargeCut{Campaign: o.Campaign, Rule: o.Rule, Amount: take})
	c.Amount, err = c.Amount.Sub(take)
	return err
}
