package cart

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
)

// Terms say who buys and where the goods go, as far as the cart is concerned:
// tax depends on both, so they are settled before the calculation. The zero
// Terms take the partner's defaults.
type Terms struct {
	// Counterparty is the legal entity that buys; "" takes the default one.
	Counterparty partner.CounterpartyID `json:"counterparty,omitempty"`
	// Address is a saved address; ShipTo a one-off one, which wins. With
	// neither the default address is taken, or else the invoice address.
	Address partner.AddressID `json:"address,omitempty"`
	ShipTo  *partner.Address  `json:"ship_to,omitempty"`
}

// Resolve finds the legal entity and the address that the terms name. A
// partner without a legal entity may still have its carts priced: then the
// entity is zero. An unknown name is ErrInvalid.
func (t Terms) Resolve(p partner.Partner) (partner.Counterparty, partner.Address, error) {
	var is fault.Issues
	entity, ok := p.Counterparty(t.Counterparty)
	if !ok && t.Counterparty != "" {
		is.Add("terms.counterparty", "unknown", "the partner has no legal entity %q", t.Counterparty)
	}
	if t.ShipTo != nil {
		to := *t.ShipTo
		to.ID = ""
		return entity, to, is.Err(ErrInvalid)
	}
	to, ok := p.Address(t.Address)
	switch {
	case !ok && t.Address != "":
		is.Add("terms.address", "unknown", "the partner has no address %q", t.Address)
	case !ok:
		to = entity.Invoice
		to.ID = ""
	}
	return entity, to, is.Err(ErrInvalid)
}

// taxSide is the side of the buyer that tax is calculated for: the country
// goods go to, else that of the legal entity, and the entity's VAT id.
func taxSide(entity partner.Counterparty, to partner.Address) (partner.Country, string) {
	if to.Country != "" {
		return to.Country, entity.VATID
	}
	return entity.Country, entity.VATID
}

// clone copies the terms.
func (t Terms) clone() Terms {
	if t.ShipTo != nil {
		to := *t.ShipTo
		t.ShipTo = &to
	}
	return t
}
