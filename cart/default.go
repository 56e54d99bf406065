package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// MakeDefaultInput asks that quick actions use a cart from now on.
type MakeDefaultInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
}

// MakeDefault marks the cart that quick actions use; the one marked before
// loses the mark. The mark is the partner's, so the baton is not needed. Both
// carts get a new version, under their holders: who then names the version it
// has seen gets uow.ErrVersion and reads again, who names none is not
// disturbed. Lines, calculation and baton stay as they are.
//
// Errors: ErrNotFound, uow.ErrVersion, access.ErrForbidden.
func (s *Service) MakeDefault(ctx context.Context, a access.Actor, in MakeDefaultInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.MakeDefaultTx(ctx, tx, a, in) })
}

// MakeDefaultTx is MakeDefault within the caller's transaction.
func (s *Service) MakeDefaultTx(ctx context.Context, tx Tx, a access.Actor, in MakeDefaultInput) (Cart, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("make_default", a), in.Key, in, func() (Cart, error) {
		if err := c.at(in.Version); err != nil {
			return Cart{}, err
		}
		if !s.policy.May(a, access.CartEdit, owner(c.Partner)) {
			return Cart{}, access.Denied(access.CartEdit)
		}
		if c.Default {
			return c, nil
		}
		marked := true
		page, err := tx.Carts().Find(ctx, Query{Partner: c.Partner, Default: &marked})
		if err != nil {
			return Cart{}, err
		}
		if err := s.dethrone(ctx, tx, a, page.Rows); err != nil {
			return Cart{}, err
		}
		c.Default = true
		return s.saveChanged(ctx, tx, a, c, Defaulted)
	})
}

// dethrone takes the mark of the default cart from those that have it.
func (s *Service) dethrone(ctx context.Context, tx Tx, a access.Actor, rows []Header) error {
	for _, h := range rows {
		if !h.Default {
			continue
		}
		c, err := tx.Carts().Get(ctx, h.ID)
		if err != nil {
			return err
		}
		c.Default = false
		if _, err := s.saveChanged(ctx, tx, a, c, Defaulted); err != nil {
			return err
		}
	}
	return nil
}
