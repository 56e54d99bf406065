package pricing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// Rule takes something off: for some goods, under conditions, by an effect.
type Rule struct {
	// Code names the rule in quotes and explanations, unique in the tariff but
	// for records that follow each other in time.
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
	// Discount binds the rule to a name of the directory: it applies to partners
	// with an agreement that an action links the name to. The name is compared
	// byte for byte.
	Discount string `json:"discount,omitempty"`
	// On says what bears the discount.
	On Bearer `json:"on"`
	// Goods are the lines that it is about, all by default.
	Goods Goods  `json:"goods,omitzero"`
	When  When   `json:"when,omitzero"`
	Give  Effect `json:"give"`
	// Most is the most that it takes off a basket, as the prices are stated.
	Most *money.Amount `json:"most,omitempty"`
	// Priority ranks rules, higher first.
	Priority int `json:"priority,omitempty"`
	// Exclusive: it applies to a line only where nothing applied before it, and
	// nothing applies after it, on the whole neither.
	Exclusive bool `json:"exclusive,omitempty"`
	// Stop: where it applied no rule of lower rank on the same bearer does.
	Stop bool `json:"stop,omitempty"`
	// Lane is the group it competes in, see Lanes.
	Lane string `json:"lane,omitempty"`
	Span
}

// Bearer says what bears a discount.
type Bearer string

// The bearers.
const (
	// OnLine: the line's own net falls (BT-131).
	OnLine Bearer = "line"
	// OnOrder: it is an allowance on the whole, shared over the goods (BG-20).
	OnOrder Bearer = "order"
)

// Goods selects lines: those of one of the products, families or tags, all when
// none is named; less those of Except.
type Goods struct {
	Products []catalog.ID     `json:"products,omitempty"`
	Families []catalog.Family `json:"families,omitempty"`
	Tags     []string         `json:"tags,omitempty"`
	Except   *Goods           `json:"except,omitempty"`
}

// When are the conditions of a rule; all that are set must hold. Amounts are net
// of tax: of a line rule the list values of its goods, of an order rule what
// line rules left.
type When struct {
	Partners   []access.PartnerID    `json:"partners,omitempty"`
	Groups     []string              `json:"groups,omitempty"`
	Agreements []partner.AgreementID `json:"agreements,omitempty"`
	// Hours are days and times in Tariff.Zone, in UTC where that is empty.
	Hours *Hours `json:"hours,omitempty"`
	// Quantity and Amount are of the rule's goods together, Basket of all lines.
	Quantity *QuantityRange `json:"quantity,omitempty"`
	Amount   *AmountRange   `json:"amount,omitempty"`
	Basket   *AmountRange   `json:"basket,omitempty"`
	// Has asks for the composition of the basket.
	Has []Composition `json:"has,omitempty"`
	// Turnover asks for what was bought in a window.
	Turnover *TurnoverIs `json:"turnover,omitempty"`
	// Attended is an event that the buyer took part in.
	Attended string `json:"attended,omitempty"`
	// First asks for the buyer's first order: none of his was submitted and stands.
	First bool `json:"first,omitempty"`
	// Campaign asks for a discount code of the campaign.
	Campaign string `json:"campaign,omitempty"`
}

// Hours are times of days. Without days it is every day; without times all day.
// Until is excluded; one below From ends on the next day, which belongs to the
// day that it began on.
type Hours struct {
	Days  []Weekday `json:"days,omitempty"`
	From  Clock     `json:"from,omitempty"`
	Until Clock     `json:"until,omitempty"`
}

// Weekday is "mon", "tue", "wed", "thu", "fri", "sat" or "sun".
type Weekday string

// Clock is a time of day, "08:30".
type Clock string

// QuantityRange is From included, Until excluded; zero is open.
type QuantityRange struct {
	From  money.Quantity `json:"from,omitzero"`
	Until money.Quantity `json:"until,omitzero"`
}

// AmountRange is From included, Until excluded; nil is open.
type AmountRange struct {
	From  *money.Amount `json:"from,omitempty"`
	Until *money.Amount `json:"until,omitempty"`
}

// Composition asks that at least Need of the Sets are in the basket, each with
// Least units of its goods. Need 0 means all of them, 1 is any of them.
type Composition struct {
	Sets  []Goods        `json:"sets"`
	Need  int            `json:"need,omitempty"`
	Least money.Quantity `json:"least,omitzero"` // 1 by default
}

// TurnoverIs asks for the turnover of a window.
type TurnoverIs struct {
	Window Window         `json:"window"`
	Family catalog.Family `json:"family,omitzero"`
	AmountRange
}

// Effect is what a rule gives: exactly one of its fields is set.
type Effect struct {
	// Percent off the goods, above 0 and at most 100.
	Percent money.Rate `json:"percent,omitzero"`
	// Amount off, as the prices are stated; Per says of what.
	Amount *money.Amount `json:"amount,omitempty"`
	Per    Per           `json:"per,omitempty"`
	// Price is the new unit price, as the prices are stated; a price that is
	// lower already stays.
	Price *money.Price `json:"price,omitempty"`
	// Cheapest gives some of the cheapest of every few units.
	Cheapest *Cheapest `json:"cheapest,omitempty"`
	// Item gives units of a product that is in the basket.
	Item *FreeItem `json:"item,omitempty"`
	// Tiers choose by a scale.
	Tiers *Tiers `json:"tiers,omitempty"`
	// With bounds percent, price, scale and amount per unit to as many units of the
	// goods as there are units of these in the basket: X with Y.
	With *Goods `json:"with,omitempty"`
}

// Per says of what an amount is taken off.
type Per string

// The ways.
const (
	PerGoods Per = ""     // once, off the goods together
	PerUnit  Per = "unit" // off each unit
	PerLine  Per = "line" // off each line
)

// Cheapest: of every Of units the Free cheapest cost Percent less, 100 by
// default. Whole units count.
type Cheapest struct {
	Of      int        `json:"of"`
	Free    int        `json:"free"`
	Percent money.Rate `json:"percent,omitzero"`
}

// FreeItem gives Quantity units of a product for every For units of the goods;
// For 0 gives them once. The units must be in the basket; that they are not is
// told as what is missing. Where the product is of the goods itself, the units
// given count among the goods: one for every two of itself is two of four.
type FreeItem struct {
	Product  catalog.ID     `json:"product"`
	Quantity money.Quantity `json:"quantity"`
	For      money.Quantity `json:"for,omitzero"`
}

// TierBy is what a scale is measured by.
type TierBy string

// The measures.
const (
	ByQuantity TierBy = "quantity"
	ByAmount   TierBy = "amount"   // net
	ByTurnover TierBy = "turnover" // what was bought in Window, and this basket on top where it is marginal
)

// Tiers are a scale of effects. A scale by amount is measured on what the rule
// takes from, so on what rules before it left where discounts are compounded;
// When.Amount is of list values.
type Tiers struct {
	By TierBy `json:"by"`
	// Across measures the goods together; by default each line on its own.
	Across bool `json:"across,omitempty"`
	// Marginal gives each part of the measure the effect of its own step; by
	// default the whole has that of the step reached.
	Marginal bool           `json:"marginal,omitempty"`
	Window   Window         `json:"window,omitzero"`
	Family   catalog.Family `json:"family,omitzero"`
	Steps    []Tier         `json:"steps"`
}

// Tier is one step: it starts at Quantity or at Amount and has a percent, an
// amount off each unit, or a unit price. Price and Off go with scales by
// quantity that are not marginal.
type Tier struct {
	Quantity money.Quantity `json:"quantity,omitzero"`
	Amount   *money.Amount  `json:"amount,omitempty"`
	Percent  money.Rate     `json:"percent,omitzero"`
	Off      *money.Amount  `json:"off,omitempty"`
	Price    *money.Price   `json:"price,omitempty"`
}
