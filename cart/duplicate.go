package cart

import (
	"context"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// DuplicateInput asks for a copy of a cart under another name.
type DuplicateInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Name    string `json:"name"`
}

// Duplicate copies note and lines into a new cart, whose holder is the actor;
// the baton of the copied one is not needed. Calculation and histories are
// not copied, and the copy is not the default cart.
//
// Errors: as Create, and ErrNotFound, uow.ErrVersion.
func (s *Service) Duplicate(ctx context.Context, a access.Actor, in DuplicateInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.DuplicateTx(ctx, tx, a, in) })
}

// DuplicateTx is Duplicate within the caller's transaction.
func (s *Service) DuplicateTx(ctx context.Context, tx Tx, a access.Actor, in DuplicateInput) (Cart, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("duplicate", a), in.Key, in, func() (Cart, error) {
		if err := c.at(in.Version); err != nil {
			return Cart{}, err
		}
		p, err := tx.Partners().Get(ctx, c.Partner)
		if err != nil {
			return Cart{}, err
		}
		if err := s.mayCreate(a, p); err != nil {
			return Cart{}, err
		}
		d := Cart{Partner: c.Partner, Name: strings.TrimSpace(in.Name), Note: c.Note, Currency: c.Currency}
		for _, l := range c.Lines {
			l.ID = LineID(s.newID())
			d.Lines = append(d.Lines, l)
		}
		return s.insert(ctx, tx, a, d)
	})
}
