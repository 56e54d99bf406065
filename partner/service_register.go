package partner

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/uow"
)

// RegisterInput asks for a partner to be created or replaced as a whole.
type RegisterInput struct {
	// Key makes repeats safe; optional.
	Key string `json:"key,omitempty"`
	// Partner of Version 0 is new (an empty ID is made up); otherwise the one
	// of that Version is replaced. Its times are set here, except that the
	// CreatedAt of a new partner is kept when given. Where its VATChecks are
	// nil those that were recorded stay; empty ones that are not nil clear them.
	Partner Partner `json:"partner"`
}

// Register creates or replaces a partner and returns it with its Version.
// Numbers and countries are brought to their stored form, a missing default
// is filled in.
//
// It needs access.PartnerEdit. Errors: ErrInvalid with all issues, ErrExists,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) Register(ctx context.Context, actor access.Actor, in RegisterInput) (Partner, error) {
	return update(ctx, s, actor, in, s.RegisterTx)
}

// RegisterTx is Register in the caller's transaction.
func (s *Service) RegisterTx(ctx context.Context, tx Tx, actor access.Actor, in RegisterInput) (Partner, error) {
	if err := ctx.Err(); err != nil {
		return Partner{}, err
	}
	p := in.Partner.normal()
	in.Partner = p
	// A partner that is not there is nobody's own, whatever id it is to get.
	whose := access.Owner{}
	var prior Partner
	switch {
	case p.Version != 0:
		var err error
		if prior, err = s.visible(ctx, tx, actor, p.ID); err != nil {
			return Partner{}, err
		}
		whose = owner(prior)
	case !s.policy.May(actor, access.PartnerRead, whose):
		return Partner{}, ErrNotFound
	}
	return uow.Once(ctx, tx.Keys(), scope("register", actor), in.Key, in, func() (Partner, error) {
		if p.Version != 0 && p.Version != prior.Version {
			return Partner{}, uow.Conflict(DocKind, string(p.ID), p.Version, prior.Version)
		}
		if err := s.policy.Check(actor, access.PartnerEdit, access.PartnerRead, whose, ErrNotFound); err != nil {
			return Partner{}, err
		}
		return s.register(ctx, tx, actor, p, prior)
	})
}

func (s *Service) register(ctx context.Context, tx Tx, actor access.Actor, p, prior Partner) (Partner, error) {
	now := s.now()
	isNew := p.Version == 0
	p.ID = orNew(s, p.ID)
	p.UpdatedAt = now
	switch {
	case !isNew:
		p.CreatedAt = prior.CreatedAt
		if p.VATChecks == nil {
			p.VATChecks = prior.VATChecks
		}
	case p.CreatedAt.IsZero():
		p.CreatedAt = now
	default:
		p.CreatedAt = clock.Cut(p.CreatedAt)
	}
	var is fault.Issues
	is.AddUnder("", p.Validate())
	for i, m := range p.Members {
		s.checkRoles(&is, indexed("members", i), m)
	}
	if err := is.Err(ErrInvalid); err != nil {
		return Partner{}, err
	}
	return s.save(ctx, tx, p, func(saved Partner) event.Payload {
		if isNew {
			return Registered{ID: saved.ID, Number: saved.Number, By: actor.ID}
		}
		return Changed{ID: saved.ID, What: PartAll, By: actor.ID}
	})
}
