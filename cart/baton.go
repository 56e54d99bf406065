package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/event"
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
	// To names exactly one of Holder and Role. Without a Partner the holder is
	// the actor, when it has that id, else a member of the cart's partner; a
	// seller's person who shares its id with a member names the Partner to mean
	// the member.
	To   Baton  `json:"to"`
	Note string `json:"note,omitempty"`
}

// TakeUpInput asks for the baton of a cart that lies with a role.
type TakeUpInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
}

// HeldBy reports whether the actor holds the baton: by id and side, or by role
// while only a role is named.
func (b Baton) HeldBy(a access.Actor) bool {
	if b.Holder != "" {
		return b == with(a)
	}
	return b.Role != "" && a.Has(b.Role)
}

// with is the baton in the hand of the actor.
func with(a access.Actor) Baton { return Baton{Holder: a.ID, Partner: a.Partner} }

func (c Cart) heldBy(a access.Actor) error {
	if c.Baton.HeldBy(a) {
		return nil
	}
	return ErrNotHolder.Noting(c.Baton)
}

// HandOver passes the baton on to an active member of the partner, to a role
// that may fill carts, or to the actor. Only the holder may, and two more, who
// take a cart back in this way: who keeps the partner's members
// (access.PartnerMembers), and who may hand over the carts of every partner
// (access.CartHandOver). The cart's calculation stays.
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
		to := c.receiver(a, in.To)
		if err := s.checkReceiver(ctx, tx, &is, a, c, to); err != nil {
			return Cart{}, err
		}
		if err := is.Err(ErrInvalid); err != nil {
			return Cart{}, err
		}
		fact := s.pass(a, &c, to, in.Note)
		return s.save(ctx, tx, c, fact)
	})
}

// TakeUp makes the actor, who has the role that the cart lies with, its
// holder. The first change of somebody of the role does the same, and so does
// ordering: two of a role cannot work on one cart past each other.
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
		taken := s.takeUp(a, &c)
		if taken == nil {
			return c, nil
		}
		return s.save(ctx, tx, c, taken...)
	})
}

func (s *Service) mayHandOver(a access.Actor, c Cart, version int64) error {
	if err := c.at(version); err != nil {
		return err
	}
	if !s.policy.May(a, access.CartHandOver, owner(c.Partner)) {
		return access.Denied(access.CartHandOver)
	}
	if s.policy.May(a, access.PartnerMembers, owner(c.Partner)) || s.policy.Everywhere(a, access.CartHandOver) {
		return nil
	}
	return c.heldBy(a)
}

// receiver fills in whose person the receiver is.
func (c Cart) receiver(a access.Actor, to Baton) Baton {
	switch {
	case to.Holder == "" || to.Partner != "":
	case to.Holder == a.ID:
		to.Partner = a.Partner
	default:
		to.Partner = c.Partner
	}
	return to
}

// checkReceiver notes what is wrong with whom a cart is handed to: somebody
// who could not change it would lock it up.
func (s *Service) checkReceiver(ctx context.Context, tx Tx, is *fault.Issues, a access.Actor, c Cart, to Baton) error {
	switch {
	case (to.Holder == "") == (to.Role == ""):
		is.Add("to", "one_of", "names a person or a role, one of them")
	case to == c.Baton:
		is.Add("to", "unchanged", "holds the cart already")
	case to.Role != "" && to.Partner != "":
		is.Add("to.partner", "one_of", "goes with a person, not with a role")
	case to.Role != "":
		someone := access.Actor{ID: "someone", Partner: c.Partner, Roles: []access.Role{to.Role}}
		if !s.policy.May(someone, access.CartEdit, owner(c.Partner)) {
			is.Add("to.role", "role", "the role %q does not fill carts", to.Role)
		}
	case to != with(a) && to.Partner != c.Partner:
		is.Add("to.partner", "unknown", "is not the cart's partner")
	case to != with(a):
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

// pass gives the baton on, and returns what to say of it when the cart is
// saved.
func (s *Service) pass(a access.Actor, c *Cart, to Baton, note string) event.Payload {
	from := c.Baton
	c.Baton = to
	c.Handovers = keep(append(c.Handovers, Handover{From: from, To: to, By: a.Stamp(), At: s.now(), Note: note}), maxHandovers)
	return HandedOverEvent{Cart: c.ID, Partner: c.Partner, From: from, To: to, By: a.ID}
}

// takeUp gives the baton to the actor where it lies with a role of the
// actor's; nil when a person holds it.
func (s *Service) takeUp(a access.Actor, c *Cart) []event.Payload {
	if c.Baton.Role == "" {
		return nil
	}
	return []event.Payload{s.pass(a, c, with(a), "")}
}
