package pricing

import "github.com/comptoir-go/comptoir/partner"

// Parties are the two sides of a sale of goods, as VAT sees them.
type Parties struct {
	Seller partner.Country
	// Buyer is where the goods go; empty counts as the seller's country.
	Buyer partner.Country
	// VATID is the buyer's identifier with its prefix ("FR40303265045"); only
	// the prefix is read here, its validity is the partner's matter.
	VATID string
}

// Abroad returns the category of a sale that leaves the seller's country, ""
// for one that is taxed as at home:
//
//   - K, intra-community supply, when the goods go to another member state of
//     the EU and the buyer is identified in another member state than the
//     seller's (Directive 2006/112/EC, article 138). GB with an XI identifier
//     is Northern Ireland, a member for goods.
//   - G, export, when they go outside the EU (article 146), or to any other
//     country from a seller who is not in the EU.
//   - "" within one country, and to a buyer in another member state without a
//     foreign identifier: the seller's own rate, as below the threshold for
//     distance sales (article 59c).
//
// Monaco belongs to France and the Isle of Man to the United Kingdom (article
// 7). Territories of a member state with a country code of their own (GP, RE,
// AX) are outside. Membership is that of 2026.
func (p Parties) Abroad() Category {
	seller, buyer := vatArea(p.Seller), vatArea(p.Buyer)
	if buyer == "" || buyer == seller {
		return ""
	}
	if !inEU(seller) {
		return Export
	}
	issuer := issuerOf(p.VATID)
	if buyer == "GB" && issuer == northernIreland {
		buyer = northernIreland
	}
	switch {
	case !inEU(buyer):
		return Export
	case issuer != seller && inEU(issuer):
		return IntraCommunity
	}
	return ""
}

// abroad is Parties.Abroad for a basket; an identifier that is invalid is none.
func (b *Basket) abroad(seller partner.Country) Category {
	p := Parties{Seller: seller, Buyer: b.Country, VATID: b.VATID}
	if b.VATStatus == VATInvalid {
		p.VATID = ""
	}
	return p.Abroad()
}

// northernIreland is a prefix of VAT identifiers and no country of ISO 3166-1.
const northernIreland partner.Country = "XI"

func vatArea(c partner.Country) partner.Country {
	switch c {
	case "MC":
		return "FR"
	case "IM":
		return "GB"
	}
	return c
}

// issuerOf returns the state that issued a VAT identifier, "" for none.
func issuerOf(id string) partner.Country {
	if len(id) < 3 {
		return ""
	}
	if id[:2] == "EL" {
		return "GR"
	}
	return partner.Country(id[:2])
}

func inEU(c partner.Country) bool {
	switch c {
	case "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
		"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", northernIreland:
		return true
	}
	return false
}
