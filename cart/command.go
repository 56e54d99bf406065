package cart

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

func owner(p partner.ID) access.Owner { return access.Owner{Partner: p} }

// see reads a cart that exists for the actor.
func (s *Service) see(ctx context.Context, tx Tx, a access.Actor, id ID) (Cart, error) {
	if err := ctx.Err(); err != nil {
		return Cart{}, err
	}
	c, err := tx.Carts().Get(ctx, id)
	if err != nil {
		return Cart{}, err
	}
	if !s.policy.May(a, access.CartRead, owner(c.Partner)) {
		return Cart{}, ErrNotFound
	}
	return c, nil
}

// mayEdit checks version, permission and baton, in this order.
func (s *Service) mayEdit(a access.Actor, c Cart, version int64) error {
	if err := c.at(version); err != nil {
		return err
	}
	if !s.policy.May(a, access.CartEdit, owner(c.Partner)) {
		return access.Denied(access.CartEdit)
	}
	return c.heldBy(a)
}

// at compares the version that a caller has seen; 0 is not compared.
func (c Cart) at(version int64) error {
	if version != 0 && version != c.Version {
		return uow.Conflict(DocKind, string(c.ID), version, c.Version)
	}
	return nil
}

// target names the cart of a command and how the command may be repeated.
type target struct {
	// op separates the idempotency keys of the commands.
	op      string
	cart    ID
	version int64
	key     string
	input   any
}

// scope keeps idempotency keys apart by command and by who asks, so that
// nobody reads the result of another.
func scope(op string, a access.Actor) string {
	return fmt.Sprintf("%s.%s|%q|%q", DocKind, op, a.Partner, a.ID)
}

// edit runs one command of the holder on one cart: fn changes the cart in
// place and says in what.
func (s *Service) edit(ctx context.Context, tx Tx, a access.Actor, t target, fn func(c *Cart) (What, error)) (Cart, error) {
	c, err := s.see(ctx, tx, a, t.cart)
	if err != nil {
		return Cart{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope(t.op, a), t.key, t.input, func() (Cart, error) {
		if err := s.mayEdit(a, c, t.version); err != nil {
			return Cart{}, err
		}
		what, err := fn(&c)
		if err != nil {
			return Cart{}, err
		}
		return s.saveHeld(ctx, tx, a, c, what)
	})
}

// saveHeld is saveChanged for a command of the holder: where the baton lies
// with a role, the actor takes it up by the change.
func (s *Service) saveHeld(ctx context.Context, tx Tx, a access.Actor, c Cart, what What) (Cart, error) {
	taken := s.takeUp(a, &c)
	return s.save(ctx, tx, c, append(taken, changed(a, c, what))...)
}

// saveChanged saves a cart and says that it changed.
func (s *Service) saveChanged(ctx context.Context, tx Tx, a access.Actor, c Cart, what What) (Cart, error) {
	return s.save(ctx, tx, c, changed(a, c, what))
}

func changed(a access.Actor, c Cart, what What) event.Payload {
	return ChangedEvent{Cart: c.ID, Partner: c.Partner, What: what, Lines: len(c.Lines), By: a.ID}
}

func (s *Service) save(ctx context.Context, tx Tx, c Cart, payloads ...event.Payload) (Cart, error) {
	c.UpdatedAt = s.now()
	saved, err := tx.Carts().Save(ctx, c)
	if err != nil {
		return Cart{}, err
	}
	return saved, s.emit(ctx, tx, saved, payloads...)
}

// warm asks for everything a command is known to read, in one round trip.
func (s *Service) warm(ctx context.Context, tx Tx, carts []ID, products ...catalog.ID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	refs := make([]uow.Ref, 0, len(carts)+len(products))
	for _, c := range carts {
		refs = append(refs, uow.Ref{Kind: DocKind, ID: string(c)})
	}
	for _, p := range products {
		refs = append(refs, uow.Ref{Kind: catalog.DocKind, ID: string(p)})
	}
	return tx.Prefetch(ctx, refs...)
}

func (s *Service) checkName(is *fault.Issues, path, name string) {
	if name == "" {
		is.Add(path, "required", "is missing")
		return
	}
	check.Line(is, path, name, s.limits.Name)
}

// LimitHit is the data of an ErrLimit.
type LimitHit struct {
	// Limit is "carts" or "lines".
	Limit string `json:"limit"`
	Max   int    `json:"max"`
}

func hit(limit string, most int) error {
	return ErrLimit.With("at most %d %s are allowed", most, limit).Noting(LimitHit{Limit: limit, Max: most})
}
