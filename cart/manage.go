package cart

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// CreateInput asks for a new cart.
type CreateInput struct {
	Key string `json:"key,omitempty"`
	// Partner is whose cart it will be; empty means the actor's own.
	Partner partner.ID `json:"partner,omitempty"`
	Name    string     `json:"name"`
	Note    string     `json:"note,omitempty"`
	// Currency is fixed for good; zero means the tenant's default.
	Currency money.Currency `json:"currency,omitzero"`
	// Default asks that quick actions use this cart from now on.
	Default bool `json:"default,omitempty"`
}

// RenameInput asks for another name.
type RenameInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Name    string `json:"name"`
}

// AnnotateInput asks for another note; "" removes it.
type AnnotateInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Note    string `json:"note"`
}

// Create makes a cart; its maker is the holder. The partner's first cart is
// the default one.
//
// Errors: partner.ErrNotFound, access.ErrForbidden, ErrInvalid, ErrInactive,
// ErrLimit (with LimitHit), ErrExists when the name is taken, case and accents
// ignored.
func (s *Service) Create(ctx context.Context, a access.Actor, in CreateInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.CreateTx(ctx, tx, a, in) })
}

// CreateTx is Create within the caller's transaction.
func (s *Service) CreateTx(ctx context.Context, tx Tx, a access.Actor, in CreateInput) (Cart, error) {
	if err := ctx.Err(); err != nil {
		return Cart{}, err
	}
	whose := in.Partner
	if whose == "" {
		whose = a.Partner
	}
	if whose == "" || !s.policy.May(a, access.CartRead, owner(whose)) {
		return Cart{}, partner.ErrNotFound
	}
	p, err := tx.Partners().Get(ctx, whose)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("create", a), in.Key, in, func() (Cart, error) {
		if err := s.mayCreate(a, p); err != nil {
			return Cart{}, err
		}
		c := Cart{Partner: p.ID, Name: strings.TrimSpace(in.Name), Note: in.Note, Currency: in.Currency, Default: in.Default}
		return s.insert(ctx, tx, a, c)
	})
}

func (s *Service) mayCreate(a access.Actor, p partner.Partner) error {
	if !s.policy.May(a, access.CartEdit, owner(p.ID)) {
		return access.Denied(access.CartEdit)
	}
	if !p.Active {
		return ErrInactive
	}
	return nil
}

// insert checks a new cart, gives it its identity and its holder, and saves
// it.
func (s *Service) insert(ctx context.Context, tx Tx, a access.Actor, c Cart) (Cart, error) {
	var is fault.Issues
	s.checkName(&is, "name", c.Name)
	check.Note(&is, "note", c.Note, s.limits.Note)
	if c.Currency.IsZero() {
		c.Currency = s.currency
	}
	if c.Currency.IsZero() {
		is.Add("currency", "required", "is missing")
	}
	if err := is.Err(ErrInvalid); err != nil {
		return Cart{}, err
	}
	others, err := tx.Carts().Find(ctx, Query{Partner: c.Partner, Page: uow.PageRequest{Limit: s.limits.Carts}})
	if err != nil {
		return Cart{}, err
	}
	if len(others.Rows) >= s.limits.Carts {
		return Cart{}, hit("carts", s.limits.Carts)
	}
	if c.Default {
		if err := s.dethrone(ctx, tx, a, others.Rows); err != nil {
			return Cart{}, err
		}
	}
	c.Default = c.Default || len(others.Rows) == 0
	c.ID, c.Version = ID(s.newID()), 0
	c.Baton = with(a)
	c.CreatedBy, c.CreatedAt = a.Stamp(), s.now()
	return s.save(ctx, tx, c, CreatedEvent{Cart: c.ID, Partner: c.Partner, Name: c.Name, By: a.ID})
}

// Rename gives the cart another name.
//
// Errors: those of every command of the holder (ErrNotFound, uow.ErrVersion,
// access.ErrForbidden, ErrNotHolder), ErrInvalid, ErrExists.
func (s *Service) Rename(ctx context.Context, a access.Actor, in RenameInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.RenameTx(ctx, tx, a, in) })
}

// RenameTx is Rename within the caller's transaction.
func (s *Service) RenameTx(ctx context.Context, tx Tx, a access.Actor, in RenameInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"rename", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		var is fault.Issues
		c.Name = strings.TrimSpace(in.Name)
		s.checkName(&is, "name", c.Name)
		return Renamed, is.Err(ErrInvalid)
	})
}

// Annotate replaces the cart's note, which goes with the order made from it.
//
// Errors: those of every command of the holder, ErrInvalid.
func (s *Service) Annotate(ctx context.Context, a access.Actor, in AnnotateInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.AnnotateTx(ctx, tx, a, in) })
}

// AnnotateTx is Annotate within the caller's transaction.
func (s *Service) AnnotateTx(ctx context.Context, tx Tx, a access.Actor, in AnnotateInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"annotate", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		var is fault.Issues
		c.Note = in.Note
		check.Note(&is, "note", in.Note, s.limits.Note)
		return Annotated, is.Err(ErrInvalid)
	})
}
