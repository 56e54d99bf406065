package pricing

import (
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
)

// Lack names what a condition asks for and the basket does not have.
type Lack string

// What can be lacking.
const (
	LackQuantity    Lack = "quantity"    // Quantity more of the goods
	LackAmount      Lack = "amount"      // Amount more of the goods, net
	LackBasket      Lack = "basket"      // Amount more in the basket, net
	LackTurnover    Lack = "turnover"    // Amount more turnover in Window
	LackGoods       Lack = "goods"       // none of the goods is in the basket
	LackComposition Lack = "composition" // sets of goods: Quantity of them more
	LackWith        Lack = "with"        // Quantity more of the goods that its own go with
	LackItem        Lack = "item"        // Quantity of Product, to be given free
	LackCode        Lack = "code"        // a code of the campaign Ref
	LackEvent       Lack = "event"       // attendance of the event Ref
	LackFirst       Lack = "first"       // it is not the first order
	LackHours       Lack = "hours"       // it is not the hour
	LackTime        Lack = "time"        // it holds at another time, see From and Until
	LackBuyer       Lack = "buyer"       // it is for other partners, groups or agreements
	LackCurrency    Lack = "currency"    // it is in another currency
	LackEffect      Lack = "effect"      // it would take nothing off
	LackTooMuch     Lack = "too_much"    // Amount or Quantity is above its bound
	LackNext        Lack = "next"        // applied; Quantity or Amount more reaches the next step
	LackWeight      Lack = "weight"      // Quantity more kilograms, of a charge
	LackPlace       Lack = "place"       // it is for another destination, of a charge
	LackDelivery    Lack = "delivery"    // it is for other terms of delivery, of a charge
)

// Missing is what a rule lacks, or what its next step does.
type Missing struct {
	What     Lack           `json:"what"`
	Ref      string         `json:"ref,omitempty"`
	Product  catalog.ID     `json:"product,omitempty"`
	Quantity money.Quantity `json:"quantity,omitzero"`
	Amount   *money.Amount  `json:"amount,omitempty"`
	// Saves is what that saves, net: a basket with so much more of the first of the
	// goods by which the rule gets there, in whole units where there are whole ones,
	// or after so much more turnover, costs so much less than without the rule, or
	// than at the present step of its scale; of a charge it is what is charged now.
	// Only Explain says it, of hints that can be followed by one of these.
	Saves *money.Amount `json:"saves,omitempty"`
	// Gives is what the rule or its next step then gives: "15 %", "8.90 EUR", "1 of
	// 3 free"; "" where that hangs on no goods.
	Gives string    `json:"gives,omitempty"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// String says it in English: "2 more and it gives 15 %, saving 18.00 EUR".
func (m Missing) String() string {
	var b strings.Builder
	more := func(unit string) {
		switch {
		case m.Amount != nil:
			b.WriteString(m.Amount.String() + " more" + unit)
		default:
			b.WriteString(m.Quantity.String() + " more" + unit)
		}
	}
	switch m.What {
	case LackQuantity, LackAmount, LackNext:
		more("")
	case LackBasket:
		more(" in the basket")
	case LackTurnover:
		more(" turnover in " + m.Ref)
	case LackGoods:
		b.WriteString("no such goods in the basket")
	case LackComposition:
		more(" set of goods")
		if m.Quantity != money.QuantityOf(1) {
			b.Reset()
			more(" sets of goods")
		}
	case LackWith:
		more(" of what it goes with")
	case LackItem:
		more(" of " + string(m.Product) + " in the basket would be free")
	case LackCode:
		b.WriteString("needs a code of " + m.Ref)
	case LackEvent:
		b.WriteString("needs attendance of " + m.Ref)
	case LackFirst:
		b.WriteString("for a first order only")
	case LackHours:
		b.WriteString("not at this hour")
	case LackTime:
		b.WriteString("not at this time")
	case LackWeight:
		b.WriteString(m.Quantity.String() + " kg more")
	case LackPlace:
		b.WriteString("for other destinations")
	case LackDelivery:
		b.WriteString("for other terms of delivery")
	case LackBuyer:
		b.WriteString("for other buyers")
	case LackCurrency:
		b.WriteString("in " + m.Ref + " only")
	case LackEffect:
		b.WriteString("would take nothing off")
	case LackTooMuch:
		b.WriteString("above its bound")
	default:
		b.WriteString(string(m.What))
	}
	if m.Gives != "" {
		b.WriteString(" and it gives " + m.Gives)
	}
	if m.Saves != nil {
		b.WriteString(", saving " + m.Saves.String())
	}
	return b.String()
}
