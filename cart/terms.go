package cart

import (
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// Terms say who buys and where the goods go, as far as the cart is concerned:
// tax depends on both, so they are settled before the calculation. The zero
// Terms take the partner's defaults.
//
// Tax is that of the country the goods go to, else of the legal entity. The
// VAT id that counts is the entity's. Where the entity has none that of the
// delivery address counts, if it is valid and of that country: a buyer who is
// identified where the goods arrive. An id that was found invalid
// (partner.Partner.VATChecks) counts as none, the entity's too. Dealers, studios and service centers are businesses, whatever their
// id; of others it is the id that tells.
type Terms struct {
	// Counterparty is the legal entity that buys; "" takes the default one.
	Counterparty partner.CounterpartyID `json:"counterparty,omitempty"`
	// Address is a saved address; ShipTo a one-off one, which wins. With
	// neither the default address is taken, or else the invoice address. A
	// one-off address is kept as partner.Address.Normal has it and need not be
	// complete; texts beyond its bounds are ErrInvalid.
	Address partner.AddressID `json:"address,omitempty"`
	ShipTo  *partner.Address  `json:"ship_to,omitempty"`
	// Delivery are the terms of delivery by code ("EXW", "pickup"), which what is
	// charged for bringing the goods may depend on.
	Delivery string `json:"delivery,omitempty"`
}

// MaxDelivery is the length of a code of terms of delivery, in characters.
const MaxDelivery = 64

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

// taxSide tells a basket of the side of the buyer that tax is calculated for, as
// Terms says.
func taxSide(b *pricing.Basket, p partner.Partner, entity partner.Counterparty, to partner.Address) {
	switch p.Type {
	case partner.Dealer, partner.Studio, partner.ServiceCenter:
		b.Kind = pricing.Business
	}
	if b.Country = to.Country; b.Country == "" {
		b.Country = entity.Country
	}
	if b.VATID = entity.VATID; b.VATID == "" || p.VATStatus(b.VATID) == partner.VATInvalid {
		if id, err := partner.ParseVATID(to.VATID); err == nil && issuedFor(id, b.Country) {
			b.VATID = id
		}
	}
	b.VATStatus = p.VATStatus(b.VATID)
}

// issuedFor reports whether a VAT id is one of the country's: by its prefix,
// and by XI, of Northern Ireland, for the United Kingdom.
func issuedFor(id string, c partner.Country) bool {
	prefix := c.VATPrefix()
	return prefix != "" && (id[:2] == prefix || id[:2] == "XI" && c == "GB")
}

// normal is a copy of the terms in stored form.
func (t Terms) normal() Terms {
	if t.ShipTo != nil {
		to := t.ShipTo.Normal()
		t.ShipTo = &to
	}
	return t
}

// check refuses what no document should carry; the names are for Resolve.
func (t Terms) check() error {
	var is fault.Issues
	check.Line(&is, "terms.delivery", t.Delivery, MaxDelivery)
	if t.ShipTo != nil {
		t.ShipTo.CheckText(&is, "terms.ship_to")
	}
	return is.Err(ErrInvalid)
}
