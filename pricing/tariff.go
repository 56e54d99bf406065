package pricing

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// Tariff is all that decides prices, as data: lists and their rows, the
// directory of discounts and whom they were granted, rules, floors, taxes and
// the policy. Compile makes an Engine of it.
type Tariff struct {
	// Name names the version; quotes carry it with a digest of the content.
	Name string `json:"name"`
	// Seller is the country that goods are sold from; by default that of the
	// first tax row. Some row is of it. Like Zone it has no history: a seller who moves begins another
	// tariff.
	Seller partner.Country `json:"seller,omitempty"`
	// Zone is an IANA time zone for hours of rules, UTC by default.
	Zone string `json:"zone,omitempty"`
	// Policy is that of the beginning and is never edited. What it is changed to
	// later is recorded in Policies, so that what was priced before stays as it was.
	Policy   Policy         `json:"policy,omitzero"`
	Policies []PolicyRecord `json:"policies,omitempty"`
	Taxes    []TaxRow       `json:"taxes"`
	// TaxRules decide between seller and buyer which rate is due; before the first
	// and after the last of them EUTaxRules(nil) do. Between them there is no gap, at
	// any instant of knowledge, and none from the instant at which rules are gone until
	// those that take their place begin. What became known later than it began is no
	// gap: until it was known EUTaxRules(nil) decided.
	TaxRules  []TaxRule   `json:"tax_rules,omitempty"`
	Lists     []PriceList `json:"lists,omitempty"`
	Prices    []PriceRow  `json:"prices,omitempty"`
	Discounts []Discount  `json:"discounts,omitempty"`
	Actions   []Action    `json:"actions,omitempty"`
	Rules     []Rule      `json:"rules,omitempty"`
	Floors    []Floor     `json:"floors,omitempty"`
	// Charges are what bringing the goods costs.
	Charges []ChargeRule `json:"charges,omitempty"`
}

// The bounds of a tariff.
const (
	MaxTariffBytes = 1 << 30
	maxRules       = 1_000_000
	maxPrices      = 20_000_000
	maxPriority    = 1_000_000_000
)

// ErrTariff lists what is wrong with a tariff.
var ErrTariff = fault.Define(fault.Invalid, "pricing.tariff", "the tariff is not valid")
