package pricing

import (
	"math/bits"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// ChargeRule says what bringing the goods costs: shipping, packing and what
// else there is, one rule of each kind.
type ChargeRule struct {
	// Code names the rule, unique but for records that follow each other in time.
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
	// Kind is what is charged ("shipping", "packing"): of each kind one rule
	// applies, the one of the highest Priority whose conditions all hold.
	Kind     string       `json:"kind"`
	Priority int          `json:"priority,omitempty"`
	When     ChargeWhen   `json:"when,omitzero"`
	Amount   ChargeAmount `json:"amount"`
	// Off are discounts on the charge, taken one after the other.
	Off []ChargeOff `json:"off,omitempty"`
	// TaxBy says which lines bear the charge, and so at which rates it is taxed.
	TaxBy ChargeTax `json:"tax_by,omitempty"`
	Span
}

// ChargeWhen are the conditions of a charge; all that are set must hold.
type ChargeWhen struct {
	// Goods is the net of the goods, after discounts.
	Goods *AmountRange `json:"goods,omitempty"`
	// Weight is in kilograms.
	Weight *QuantityRange `json:"weight,omitempty"`
	To     ChargePlace    `json:"to,omitzero"`
	// Delivery are terms of delivery by code.
	Delivery []string           `json:"delivery,omitempty"`
	Partners []access.PartnerID `json:"partners,omitempty"`
	Groups   []string           `json:"groups,omitempty"`
}

// ChargePlace is where goods go; each part that is set must hold.
type ChargePlace struct {
	Countries []partner.Country `json:"countries,omitempty"`
	// Postcodes are beginnings of postcodes, compared without blanks, dashes and
	// case. They go with Countries.
	Postcodes []string `json:"postcodes,omitempty"`
	Regions   []string `json:"regions,omitempty"`
}

// ChargeAmount is the sum of what is set, net of tax, each part rounded.
type ChargeAmount struct {
	Fixed *money.Amount `json:"fixed,omitempty"`
	// PerKg is the price of a kilogram.
	PerKg *money.Price `json:"per_kg,omitempty"`
	// Percent of the net of the goods, 0 to 100.
	Percent money.Rate `json:"percent,omitzero"`
	// Min and Max bound the sum, before discounts on it.
	Min *money.Amount `json:"min,omitempty"`
	Max *money.Amount `json:"max,omitempty"`
	// FreeFrom is the net of the goods from which on nothing is charged.
	FreeFrom *money.Amount `json:"free_from,omitempty"`
}

// ChargeOff takes something off a charge: Percent or Amount, never more than is
// left. It asks for a code of a campaign, for a rule that applied, or, with
// neither, for nothing.
type ChargeOff struct {
	Percent  money.Rate    `json:"percent,omitzero"`
	Amount   *money.Amount `json:"amount,omitempty"`
	Campaign string        `json:"campaign,omitempty"`
	Rule     string        `json:"rule,omitempty"`
}

// ChargeTax says which lines bear a charge.
type ChargeTax string

// The ways.
const (
	ByNet       ChargeTax = ""        // all lines, by their nets
	HighestRate ChargeTax = "highest" // those of the highest rate
	LowestRate  ChargeTax = "lowest"  // those of the lowest
	MainRate    ChargeTax = "main"    // those of the rate with the largest net
)

// ChargeInput is what charges depend on.
type ChargeInput struct {
	Currency money.Currency
	// Goods is their net after discounts, in Currency, zero or positive; Weight
	// is in kilograms.
	Goods    money.Amount
	Weight   money.Quantity
	Country  partner.Country
	Postcode string
	Region   string
	Delivery string
	Partner  access.PartnerID
	Groups   []string
	// Campaigns are those that codes in use belong to, Rules the codes of rules
	// that applied.
	Campaigns []string
	Rules     []string
	// At is when the charge is to hold, Known as of when rules are known; zero is
	// all that stands.
	At    time.Time
	Known time.Time
	// Rounding is how parts are rounded.
	Rounding money.Rounding
}

// ChargeLine is a line as a bearer of charges.
type ChargeLine struct {
	Net      money.Amount
	Category Category
	Rate     money.Rate
}

// Bearers returns the places of the lines that bear a charge, ascending; it is
// shared over them by their nets. Lines of no net bear nothing, and where there
// is no other line the answer is empty. MainRate compares the nets of category
// and rate together, and takes the higher rate of equal ones. Errors:
// money.ErrCurrencyMismatch, money.ErrOverflow for nets that cannot be summed.
func (t ChargeTax) Bearers(lines []ChargeLine) ([]int, error) {
	type rate struct {
		category Category
		rate     money.Rate
	}
	sums := map[rate]money.Amount{}
	var order []rate // as met, so that the answer does not depend on a map
	for i := range lines {
		l := &lines[i]
		if l.Net.Sign() <= 0 {
			continue
		}
		k := rate{l.Category, l.Rate}
		sum, ok := sums[k]
		if !ok {
			order, sum = append(order, k), money.Zero(l.Net.Currency())
		}
		sum, err := sum.Add(l.Net)
		if err != nil {
			return nil, err
		}
		sums[k] = sum
	}
	if len(order) == 0 {
		return nil, nil
	}
	best := order[0]
	for _, k := range order[1:] {
		c := k.rate.Cmp(best.rate)
		switch t {
		case HighestRate:
		case LowestRate:
			c = -c
		case MainRate:
			n, err := sums[k].Cmp(sums[best])
			if err != nil {
				return nil, err
			}
			if n != 0 {
				c = n
			}
		}
		if c > 0 {
			best = k
		}
	}
	var out []int
	for i := range lines {
		l := &lines[i]
		bears := t == ByNet || l.Rate == best.rate && (t != MainRate || l.Category == best.category)
		if l.Net.Sign() > 0 && bears {
			out = append(out, i)
		}
	}
	return out, nil
}

// TotalWeight returns the sum of weight × quantity of lines, in kilograms,
// rounded up once to 1/10 000. Errors: money.ErrOverflow.
func TotalWeight(lines []Line) (money.Quantity, error) {
	var hi, lo uint64 // in 10^-8
	for i := range lines {
		w, q := lines[i].Weight.Units(), lines[i].Quantity.Units()
		if w <= 0 || q <= 0 {
			continue
		}
		h, l := bits.Mul64(uint64(w), uint64(q))
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		if hi, carry = bits.Add64(hi, h, carry); carry != 0 {
			return money.Quantity{}, money.ErrOverflow
		}
	}
	const unit = 10_000
	if hi >= unit {
		return money.Quantity{}, money.ErrOverflow
	}
	n, rest := bits.Div64(hi, lo, unit)
	if rest > 0 {
		n++
	}
	if n >= 1<<63 || n == 0 && rest > 0 { // the last unit may have wrapped
		return money.Quantity{}, money.ErrOverflow
	}
	return money.QuantityFromUnits(int64(n))
}

// plainPostcode is a postcode as prefixes are compared.
func plainPostcode(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(s))
}
