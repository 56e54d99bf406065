package pricing

import (
	"slices"

	"github.com/comptoir-go/comptoir/money"
)

// Facts are what rules may ask of the buyer beyond the basket. Whoever makes
// the basket fills them in, so that pricing reads nothing else; a fact that is
// missing counts as none. What an Engine asks for says Engine.Asks.
type Facts struct {
	// Groups are the buyer's customer groups.
	Groups []string `json:"groups,omitempty"`
	// Attended are the events that the buyer takes or took part in, by code.
	Attended []string `json:"attended,omitempty"`
	// First says that no order of the buyer's stands that was submitted.
	First bool `json:"first,omitempty"`
	// Turnover is what the buyer bought in windows that end with the basket's
	// instant.
	Turnover []WindowTurnover `json:"turnover,omitempty"`
	// Codes are the discount codes in use for this basket, in the order in which
	// they were entered.
	Codes []UsedCode `json:"codes,omitempty"`
	// Terms of delivery by code ("DAP", "pickup"), for charges; "" when open.
	Delivery string `json:"delivery,omitempty"`
	// Postcode and Region of the place that the goods go to, for charges.
	Postcode string `json:"postcode,omitempty"`
	Region   string `json:"region,omitempty"`
}

// WindowTurnover is the net turnover of a window.
type WindowTurnover struct {
	// Window is its text, as Window.String writes it: "year", "days:90".
	Window string `json:"window"`
	// Family narrows it to goods of a family, as Family.String writes it; ""
	// is all.
	Family string       `json:"family,omitempty"`
	Amount money.Amount `json:"amount"`
}

// UsedCode is a discount code that is reserved for the basket.
type UsedCode struct {
	// Code is what the buyer entered, in its normal form.
	Code string `json:"code"`
	// Campaign is the campaign that the code belongs to; rules name it.
	Campaign string `json:"campaign"`
}

// Clone returns a copy that shares no memory with f.
func (f Facts) Clone() Facts {
	f.Groups = slices.Clone(f.Groups)
	f.Attended = slices.Clone(f.Attended)
	f.Turnover = slices.Clone(f.Turnover)
	f.Codes = slices.Clone(f.Codes)
	return f
}

// TurnoverIn returns the turnover of a window, zero in the currency when it is
// not among the facts.
func (f *Facts) TurnoverIn(window, family string, cur money.Currency) money.Amount {
	for i := range f.Turnover {
		if t := &f.Turnover[i]; t.Window == window && t.Family == family && t.Amount.Currency() == cur {
			return t.Amount
		}
	}
	return money.Zero(cur)
}
