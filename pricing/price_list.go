package pricing

import (
	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
)

// PriceList is a list of prices and whom it is for.
type PriceList struct {
	// Code is what partners, rows and fallbacks name; "" is the seller's default
	// list.
	Code     string         `json:"code"`
	Stated   catalog.Stated `json:"stated,omitempty"` // net by default
	Currency money.Currency `json:"currency"`
	// For is whom the list applies to without being named; nobody by default.
	For Audience `json:"for,omitzero"`
	// Priority ranks lists of one audience, higher first.
	Priority int `json:"priority,omitempty"`
	// Merge lets the prices of the list fill gaps of better ones; see MergeLists.
	Merge bool `json:"merge,omitempty"`
	// Fallback is the list that is asked next for what this one lacks.
	Fallback string `json:"fallback,omitempty"`
	Span
}

// Audience is a set of buyers: everyone, or who is named in one of its parts.
type Audience struct {
	Everyone   bool                  `json:"everyone,omitempty"`
	Partners   []access.PartnerID    `json:"partners,omitempty"`
	Agreements []partner.AgreementID `json:"agreements,omitempty"`
	Groups     []string              `json:"groups,omitempty"`
}

// PriceRow is the price of one product in one list.
type PriceRow struct {
	List    string     `json:"list"`
	Product catalog.ID `json:"product"`
	// Unit is the unit of measure that the price is for, "" for all.
	Unit string `json:"unit,omitempty"`
	// Breaks hold the unit price from a quantity on, ascending. A quantity below
	// the first has no price here.
	Breaks []catalog.Break `json:"breaks"`
	Span
}

// Floor is a price that no discount may go below.
type Floor struct {
	Goods Goods `json:"goods"`
	// Price is the least net unit price.
	Price *money.Price `json:"price,omitempty"`
	// Cost and Margin say it otherwise: the least price is cost / (1 − margin),
	// the margin being percent of the price, 0 to below 100.
	Cost   *money.Price `json:"cost,omitempty"`
	Margin money.Rate   `json:"margin,omitzero"`
	Span
}
