package catalog

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// Repository keeps products and their availability.
type Repository interface {
	// Get returns one product, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Product, error)
	// GetMany returns the products that exist among the ids, by id.
	GetMany(ctx context.Context, ids []ID) (map[ID]Product, error)
	// BySKU returns the products that exist among the article numbers.
	BySKU(ctx context.Context, skus []SKU) (map[SKU]Product, error)
	// Save inserts a product of Version 0 and replaces one of the version
	// given; it returns the saved value with its new Version. A stale version
	// is uow.ErrVersion, a taken id or SKU ErrExists.
	Save(ctx context.Context, p Product) (Product, error)
	// Find lists products by SKU, ascending.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)

	// Availability returns the snapshots that exist among the ids, by id.
	Availability(ctx context.Context, ids []ID) (map[ID]Availability, error)
	// SaveAvailability inserts or replaces a snapshot as Save does.
	SaveAvailability(ctx context.Context, a Availability) (Availability, error)
}

// Query selects products; empty fields select all.
type Query struct {
	// SKUPrefix is the beginning of the article number, exact case.
	SKUPrefix string `json:"sku_prefix,omitempty"`
	// Super, Family and Sub are exact.
	Family Family `json:"family"`
	// Tag is exact.
	Tag string `json:"tag,omitempty"`
	// Online selects what may, or may not, be sold on the portal.
	Online *bool `json:"online,omitempty"`
	// Buyer selects what this partner may see and order: online, and free or
	// referencing it. nil selects all; "" is a buyer without a partner, for
	// whom only what is free is there.
	Buyer *access.PartnerID `json:"buyer,omitempty"`
	Page  uow.PageRequest   `json:"page"`
}

// Header is a product in a list.
type Header struct {
	ID     ID                `json:"id"`
	SKU    SKU               `json:"sku"`
	Names  map[string]string `json:"names"`
	Unit   string            `json:"unit"`
	Family Family            `json:"family"`
	Online bool              `json:"online"`
	Sale   Sale              `json:"sale"`
}

// The errors of the package.
var (
	ErrNotFound = fault.Define(fault.NotFound, "catalog.not_found", "no such product")
	ErrExists   = fault.Define(fault.Exists, "catalog.exists", "a product with this id or article number is already there")
	ErrInvalid  = fault.Define(fault.Invalid, "catalog.invalid", "the product is not valid")
)
