package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one cart. What the actor may not see is ErrNotFound.
func (s *Service) Get(ctx context.Context, a access.Actor, id ID) (Cart, error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.GetTx(ctx, tx, a, id) })
}

// GetTx is Get within the caller's transaction.
func (s *Service) GetTx(ctx context.Context, tx Tx, a access.Actor, id ID) (Cart, error) {
	return s.see(ctx, tx, a, id)
}

// Find lists carts by name. Actors who see their own partner's carts only get
// those, whatever the query names: of another partner's they get an empty
// page.
//
// Errors: access.ErrForbidden for an actor who sees no carts at all,
// uow.ErrPage.
func (s *Service) Find(ctx context.Context, a access.Actor, q Query) (uow.Page[Header], error) {
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Header], error) { return s.FindTx(ctx, tx, a, q) })
}

// FindTx is Find within the caller's transaction.
func (s *Service) FindTx(ctx context.Context, tx Tx, a access.Actor, q Query) (uow.Page[Header], error) {
	if err := ctx.Err(); err != nil {
		return uow.Page[Header]{}, err
	}
	if s.policy.Everywhere(a, access.CartRead) {
		return tx.Carts().Find(ctx, q)
	}
	if a.Partner == "" || !s.policy.May(a, access.CartRead, owner(a.Partner)) {
		return uow.Page[Header]{}, access.ErrForbidden.With("%s needs a role that allows it", access.CartRead)
	}
	if q.Partner != "" && q.Partner != a.Partner {
		return uow.Page[Header]{}, nil
	}
	q.Partner = a.Partner
	return tx.Carts().Find(ctx, q)
}
