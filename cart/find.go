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
// page, and so does who sees no carts at all.
//
// Errors: uow.ErrPage.
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
	blind := a.Partner == "" || !s.policy.May(a, access.CartRead, owner(a.Partner))
	if blind || q.Partner != "" && q.Partner != a.Partner {
		return uow.EmptyPage[Header](q.Page), nil
	}
	q.Partner = a.Partner
	return tx.Carts().Find(ctx, q)
}
