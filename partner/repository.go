package partner

import (
	"context"

	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// Repository keeps partners.
type Repository interface {
	// Get returns one partner, ErrNotFound if there is none.
	Get(ctx context.Context, id ID) (Partner, error)
	// Save inserts a partner of Version 0 and replaces one of the version
	// given; it returns the saved value with its new Version. A stale version
	// is uow.ErrVersion, a taken id or number ErrExists.
	Save(ctx context.Context, p Partner) (Partner, error)
	// Find lists partners by number, ascending.
	Find(ctx context.Context, q Query) (uow.Page[Header], error)
}

// Query selects partners; empty fields select all.
type Query struct {
	// Number is exact.
	Number string `json:"number,omitempty"`
	// Code is a customer code in the ERP, exact: that of one of the partner's
	// legal entities, see Partner.CustomerCode.
	Code string `json:"code,omitempty"`
	Type Type   `json:"type,omitempty"`
	// Words are matched against the beginnings of the words of name and
	// number, case and accents ignored; all must match.
	Words string          `json:"words,omitempty"`
	Page  uow.PageRequest `json:"page"`
}

// Header is a partner in a list.
type Header struct {
	ID     ID     `json:"id"`
	Number string `json:"number"`
	Name   string `json:"name"`
	Type   Type   `json:"type"`
	Active bool   `json:"active"`
}

// The errors of the package.
var (
	ErrNotFound = fault.Define(fault.NotFound, "partner.not_found", "no such partner")
	ErrExists   = fault.Define(fault.Exists, "partner.exists", "a partner with this id or number is already there")
	ErrInvalid  = fault.Define(fault.Invalid, "partner.invalid", "the partner is not valid")
	// ErrNoAddress: the partner has no saved address of that id.
	ErrNoAddress = fault.Define(fault.NotFound, "partner.no_address", "the partner has no such address")
)
