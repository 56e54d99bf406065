package partner

import (
	"context"
	"errors"
	"strings"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/internal/fold"
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
	return s.visible(ctx, tx, actor, id, access.PartnerRead)
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
	if q.Page.Limit < 0 || q.Page.Limit > uow.MaxPage {
		return uow.Page[Header]{}, uow.ErrPage
	}
	var page uow.Page[Header]
	p, err := s.own(ctx, tx, actor)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return uow.Page[Header]{}, err
	case q.matches(p):
		page.Rows = []Header{p.Header()}
	}
	if q.Page.Count {
		page.Total = &uow.Total{N: len(page.Rows)}
	}
	if q.Page.After != "" {
		page.Rows = nil // the one row there can be is on the first page
	}
	return page, nil
}

// own reads the actor's partner.
func (s *Service) own(ctx context.Context, tx Tx, actor access.Actor) (Partner, error) {
	if actor.Partner == "" {
		return Partner{}, ErrNotFound
	}
	return s.visible(ctx, tx, actor, actor.Partner, access.PartnerRead)
}

// matches says of one partner what Repository.Find says of all.
func (q Query) matches(p Partner) bool {
	if q.Number != "" && q.Number != p.Number || q.Type != "" && q.Type != p.Type {
		return false
	}
	have := fold.Words(p.Name + " " + p.Number)
	for _, want := range fold.Words(q.Words) {
		if !hasPrefix(have, want) {
			return false
		}
	}
	return true
}

func hasPrefix(words []string, prefix string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, prefix) {
			return true
		}
	}
	return false
}
