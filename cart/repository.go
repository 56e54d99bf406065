package cart

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// Repository keeps carts.
type Repository interface {
	// Get returns one cart, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Cart, error)
	// Save inserts a cart of Version 0 and replaces one of the version given;
	// it returns the saved value with its new Version. A stale version is
	// uow.ErrVersion, a taken id or name ErrExists.
	Save(ctx context.Context, c Cart) (Cart, error)
	// Delete removes the cart at the version given.
	Delete(ctx context.Context, id ID, version int64) error
	// Find lists carts by name, ascending.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)
}

// Query selects the carts of one partner, or of all.
type Query struct {
	Partner partner.ID `json:"partner,omitempty"`
	// Name is exact, case and accents ignored.
	Name    string          `json:"name,omitempty"`
	Default *bool           `json:"default,omitempty"`
	Page    uow.PageRequest `json:"page"`
}

// Header is a cart in a list. Of the Baton it shows Holder and Role; whose
// person the holder is says the cart itself.
type Header struct {
	ID        ID             `json:"id"`
	Partner   partner.ID     `json:"partner"`
	Name      string         `json:"name"`
	Default   bool           `json:"default,omitempty"`
	Lines     int            `json:"lines"`
	Holder    access.ActorID `json:"holder,omitempty"`
	Role      access.Role    `json:"role,omitempty"`
	UpdatedAt time.Time      `json:"updated_at"`
}

// The errors of the repository.
var (
	ErrNotFound = fault.Define(fault.NotFound, "cart.not_found", "no such cart")
	ErrExists   = fault.Define(fault.Exists, "cart.exists", "the partner has a cart of this id or name already")
)
