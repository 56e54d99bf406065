package cart

import (
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// DocKind names carts in stores and conflicts.
const DocKind = "cart"

// The ids of the package. TicketID and OrderID name things that other
// packages own.
type (
	ID       string
	LineID   = pricing.LineID
	TicketID string
	OrderID  string
)

// Warranty says on whose account a part for a ticket goes.
type Warranty string

// The warranty marks of a line; "" when no ticket is attached.
const (
	InWarranty    Warranty = "in"
	OutOfWarranty Warranty = "out"
)

// Cart is one named selection of a partner. Several live side by side and
// are ordered apart; ordering empties a cart and leaves it in place.
type Cart struct {
	ID      ID         `json:"id"`
	Version int64      `json:"version"`
	Partner partner.ID `json:"partner"`
	// Name is unique among the partner's carts, case ignored.
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
	// Default marks the cart that quick actions use; one per partner.
	Default bool `json:"default,omitempty"`
	// Currency is fixed when the cart is made.
	Currency money.Currency `json:"currency"`
	Lines    []Line         `json:"lines,omitempty"`
	// Quote is the last calculation of exactly these lines; any change of
	// them removes it.
	Quote *pricing.Quote `json:"quote,omitempty"`
	// Codes are the discount codes that were entered, in that order; each is
	// reserved for the cart, see EnterCode.
	Codes []pricing.UsedCode `json:"codes,omitempty"`
	// Terms are those of the calculation.
	Terms Terms `json:"terms,omitzero"`
	// Origin is the order that the cart was made from, until it is ordered.
	Origin *Origin `json:"origin,omitempty"`
	// Baton is who may change and order the cart now.
	Baton Baton `json:"baton"`
	// Handovers is the baton's way, oldest first: the last 100 steps. The
	// events hold them all.
	Handovers []Handover `json:"handovers,omitempty"`
	// Orders is what became of the cart, oldest first: the last 50 orders.
	Orders    []Ordered    `json:"orders,omitempty"`
	CreatedBy access.Stamp `json:"created_by"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
}

// Line is one position of a cart.
type Line struct {
	ID       LineID         `json:"id"`
	Product  catalog.ID     `json:"product"`
	SKU      catalog.SKU    `json:"sku"`
	Quantity money.Quantity `json:"quantity"`
	Note     string         `json:"note,omitempty"`
	// Ticket ties the line to a service ticket of the same center.
	Ticket   TicketID `json:"ticket,omitempty"`
	Warranty Warranty `json:"warranty,omitempty"`
}

// Baton names the one holder of a cart: a person, or, while nobody has taken
// it up, a role.
type Baton struct {
	Holder access.ActorID `json:"holder,omitempty"`
	// Partner is whose person the holder is, empty for the seller's staff and
	// with a role: two sides may use one id for two people.
	Partner partner.ID  `json:"partner,omitempty"`
	Role    access.Role `json:"role,omitempty"`
}

// Handover is one step of the baton.
type Handover struct {
	From Baton        `json:"from"`
	To   Baton        `json:"to"`
	By   access.Stamp `json:"by"`
	At   time.Time    `json:"at"`
	Note string       `json:"note,omitempty"`
}

// Ordered is one order made from the cart.
type Ordered struct {
	Order OrderID `json:"order"`
	// Ref is the order's reference.
	Ref string `json:"ref"`
	// Seal is the seal of the quote that was ordered.
	Seal string       `json:"seal"`
	By   access.Stamp `json:"by"`
	At   time.Time    `json:"at"`
}
