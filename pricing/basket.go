package pricing

import (
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// MaxLines is the number of lines a basket may have; more are ErrBasket.
const MaxLines = 10_000

// LineID names a line within its basket.
type LineID string

// Basket is what is to be priced, resolved: prices and tax classes are on
// the lines, so that a pricer needs no catalog.
type Basket struct {
	Partner access.PartnerID `json:"partner"`
	// Agreements are the partner's agreements valid at At.
	Agreements []partner.AgreementID `json:"agreements,omitempty"`
	// Country and VATID are the buyer's for tax. An empty Country counts as the
	// seller's, so that a cart can be priced before it is known.
	Country partner.Country `json:"country"`
	VATID   string          `json:"vat_id,omitempty"`
	// VATStatus says what is known of VATID, Kind what the buyer is for VAT, which
	// rules of tax may ask.
	VATStatus VATStatus      `json:"vat_status,omitempty"`
	Kind      BuyerKind      `json:"kind,omitempty"`
	Currency  money.Currency `json:"currency"`
	// Lists are the price lists that apply, the first that has a price wins;
	// none means the seller's default list, whose code is "".
	Lists []string `json:"lists,omitempty"`
	// At is the instant as of which prices hold, cut to microseconds.
	At time.Time `json:"at"`
	// Known is the instant as of which the tariff is taken as known: what was
	// recorded later does not count. Zero means as it was known at At.
	Known time.Time `json:"known,omitzero"`
	Facts
	Lines []Line `json:"lines"`
}

// Line is one position of a basket.
type Line struct {
	// ID is not empty and unique in the basket.
	ID      LineID      `json:"id"`
	Product catalog.ID  `json:"product"`
	SKU     catalog.SKU `json:"sku"`
	// Quantity is above zero.
	Quantity money.Quantity      `json:"quantity"`
	Tax      catalog.TaxClass    `json:"tax"`
	Prices   []catalog.ListPrice `json:"prices,omitempty"`
	Family   catalog.Family      `json:"family"`
	Tags     []string            `json:"tags,omitempty"`
	// Unit is the unit of measure of Quantity, a UN/ECE Recommendation 20 code;
	// a row of the tariff for this unit goes before the rows for every unit, also
	// where it begins at a larger quantity: then the next list is asked. "" fits
	// rows for every unit only.
	Unit string `json:"unit,omitempty"`
	// Weight is of one unit, in kilograms, for charges by weight.
	Weight money.Quantity `json:"weight,omitzero"`
	// Row ties lines that are taxed as one where the policy taxes per row: the
	// parts of one intervention, the pieces of one kit.
	Row string `json:"row,omitempty"`
}

// LineOf is a product as a line of a basket; it shares slices with the product.
func LineOf(id LineID, p catalog.Product, q money.Quantity) Line {
	return Line{ID: id, Product: p.ID, SKU: p.SKU, Quantity: q, Tax: p.Tax, Prices: p.Prices, Family: p.Family, Tags: p.Tags,
		Unit: p.Unit, Weight: p.Weight}
}

// Clone returns a copy that shares no memory with b.
func (b Basket) Clone() Basket {
	b.Agreements = slices.Clone(b.Agreements)
	b.Lists = slices.Clone(b.Lists)
	b.Facts = b.Facts.Clone()
	b.Lines = slices.Clone(b.Lines)
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Tags = slices.Clone(l.Tags)
		l.Prices = slices.Clone(l.Prices)
		for j := range l.Prices {
			l.Prices[j].Breaks = slices.Clone(l.Prices[j].Breaks)
		}
	}
	return b
}
