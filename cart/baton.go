package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// HandOverInput asks to hand a cart to a person or to a role.
type HandOverInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	// To names exactly one of Holder and Role.
	To   Baton  `json:"to"`
	Note string `json:"note,omitempty"`
}

// TakeUpInput asks for the baton of a cart that lies with a role.
type TakeUpInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
}

// HeldBy reports whether the actor holds the baton: by id, or by role while
// only a role is named.
func (b Baton) HeldBy(a access.Actor) bool {
	if b.Holder != "" {
		return b.Holder == a.ID
	}
	return b.Role != "" && a.Has(b.Role)
}

func (c Cart) heldBy(a access.Actor) error {
	if c.Baton.HeldBy(a) {
		return nil
	}
	return ErrNotHolder.Noting(c.Baton)
}

// HandOver passes the baton on to an active member of the partner, to a role
// that may fill carts, or to the actor. Only the holder may, and a partner's
// admin or the seller's staff, who take a cart back in this way. The cart's
// calculation stays.
//
// Errors: ErrNotFound, uow.ErrVersion, access.ErrForbidden, ErrNotHolder (with
// the Baton), ErrInvalid.
func (s *Service) HandOver(ctx context.Context, a access.Actor, in HandOverInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.HandOverTx(ctx, tx, a, in) })
}

// HandOverTx is HandOver within the caller's transaction.
func (s *Service) HandOverTx(ctx context.Context, tx Tx, a access.Actor, in HandOverInput) (Cart, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("hand_over", a), in.Key, in, func() (Cart, error) {
		if err := s.mayHandOver(a, c, in.Version); err != nil {
			return Cart{}, err
		}
		var is fault.Issues
		check.Note(&is, "note", in.Note, s.limits.Note)
		if err := s.checkReceiver(ctx, tx, &is, a, c, in.To); err != nil {
			return Cart{}, err
		}
		if err := is.Err(ErrInvalid); err != nil {
			return Cart{}, err
		}
		return s.pass(ctx, tx, a, c, in.To, in.Note)
	})
}

// TakeUp makes the actor, who has the role that the cart lies with, its
// holder.
//
// Errors: ErrNotFound, uow.ErrVersion, access.ErrForbidden, ErrNotHolder (with
// the Baton) when a person holds the cart or another role is named.
func (s *Service) TakeUp(ctx context.Context, a access.Actor, in TakeUpInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.TakeUpTx(ctx, tx, a, in) })
}

// TakeUpTx is TakeUp within the caller's transaction.
func (s *Service) TakeUpTx(ctx context.Context, tx Tx, a access.Actor, in TakeUpInput) (Cart, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("take_up", a), in.Key, in, func() (Cart, error) {
		if err := s.mayEdit(a, c, in.Version); err != nil {
			return Cart{}, err
		}
		if c.Baton.Holder == a.ID {
			return c, nil
		}
		return s.pass(ctx, tx, a, c, Baton{Holder: a.ID}, "")
	})
}

func (s *Service) mayHandOver(a access.Actor, c Cart, version int64) error {
	if err := c.at(version); err != nil {
		return err
	}
	if !s.policy.May(a, access.CartHandOver, owner(c.Partner)) {
		return access.ErrForbidden.With("%s needs a role that allows it", access.CartHandOver)
	}
	if a.Has(access.PartnerAdmin) || a.Seller() {
		return nil
	}
	return c.heldBy(a)
}

// checkReceiver notes what is wrong with whom a cart is handed to: somebody
// who could not change it would lock it up.
func (s *Service) checkReceiver(ctx context.Context, tx Tx, is *fault.Issues, a access.Actor, c Cart, to Baton) error {
	switch {
	case (to.Holder == "") == (to.Role == ""):
		is.Add("to", "one_of", "names a person or a role, one of them")
	case to == c.Baton:
		is.Add("to", "unchanged", "holds the cart already")
	case to.Role != "":
		someone := access.Actor{ID: "someone", Partner: c.Partner, Roles: []access.Role{to.Role}}
		if !s.policy.May(someone, access.CartEdit, owner(c.Partner)) {
			is.Add("to.role", "role", "the role %q does not fill carts", to.Role)
		}
	case to.Holder != a.ID:
		p, err := tx.Partners().Get(ctx, c.Partner)
		if err != nil {
			return err
		}
		s.checkMember(is, p, to.Holder)
	case !s.policy.May(a, access.CartEdit, owner(c.Partner)):
		is.Add("to.holder", "role", "may not fill carts")
	}
	return nil
}

func (s *Service) checkMember(is *fault.Issues, p partner.Partner, id access.ActorID) {
	for _, m := range p.Members {
		if m.ID != id {
			continue
		}
		if !m.Active {
			is.Add("to.holder", "inactive", "the member is not active")
		}
		if !s.policy.May(access.Actor{ID: m.ID, Partner: p.ID, Roles: m.Roles}, access.CartEdit, owner(p.ID)) {
			is.Add("to.holder", "role", "the member may not fill carts")
		}
		return
	}
	is.Add("to.holder", "unknown", "is not a member of the partner")
}

func (s *Service) pass(ctx context.Context, tx Tx, a access.Actor, c Cart, to Baton, note string) (Cart, error) {
	from := c.Baton
	c.Baton = to
	c.Handovers = keep(append(c.Handovers, Handover{From: from, To: to, By: a.Stamp(), At: s.now(), Note: note}), maxHandovers)
	return s.save(ctx, tx, c, HandedOverEvent{Cart: c.ID, Partner: c.Partner, From: from, To: to, By: a.ID})
}
