package partner

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one partner. Errors: ErrNotFound, also for a partner that the
// actor may not see (access.PartnerRead).
func (s *Service) Get(ctx context.Context, actor access.Actor, id ID) (Partner, error) {
	if err := ctx.Err(); err != nil {
		return Partner{}, err
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (Partner, error) { return s.GetTx(ctx, tx, actor, id) })
}

// GetTx is Get in the caller's transaction.
func (s *Service) GetTx(ctx context.Context, tx Tx, actor access.Actor, id ID) (Partner, error) {
	return s.visible(ctx, tx, actor, id)
}

// Find lists partners by number. An actor that may not see every partner
// finds at most its own; one that may see none gets an empty page. Errors:
// uow.ErrPage.
func (s *Service) Find(ctx context.Context, actor access.Actor, q Query) (uow.Page[Header], error) {
	if err := ctx.Err(); err != nil {
		return uow.Page[Header]{}, err
	}
	return uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (uow.Page[Header], error) {
		return s.FindTx(ctx, tx, actor, q)
	})
}

// FindTx is Find in the caller's transaction.
func (s *Service) FindTx(ctx context.Context, tx Tx, actor access.Actor, q Query) (uow.Page[Header], error) {
	if err := ctx.Err(); err != nil {
		return uow.Page[Header]{}, err
	}
	if s.policy.Everywhere(actor, access.PartnerRead) {
		return tx.Partners().Find(ctx, q)
	}
	p, err := s.own(ctx, tx, actor)
	hidden := errors.Is(err, ErrNotFound) || err == nil && q.Number != "" && q.Number != p.Number
	switch {
	case hidden:
		return uow.EmptyPage[Header](q.Page), nil
	case err != nil:
		return uow.Page[Header]{}, err
	}
	// Numbers are unique in the tenant: with its own, the store can find
	// nothing but the actor's partner.
	q.Number = p.Number
	return tx.Partners().Find(ctx, q)
}

// own reads the actor's partner.
func (s *Service) own(ctx context.Context, tx Tx, actor access.Actor) (Partner, error) {
	if actor.Partner == "" {
		return Partner{}, ErrNotFound
	}
	return s.visible(ctx, tx, actor, actor.Partner)
}
