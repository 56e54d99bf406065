package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// PreviewInput asks what a cart costs now.
type PreviewInput struct {
	Cart    ID    `json:"cart"`
	Version int64 `json:"version,omitempty"`
	// Terms replace those of the cart; nil keeps them.
	Terms *Terms `json:"terms,omitempty"`
}

// RecalculateInput asks for a calculation to order by.
type RecalculateInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	// Terms replace those of the cart; nil keeps them.
	Terms *Terms `json:"terms,omitempty"`
}

// Priced is a cart with its calculation.
type Priced struct {
	Cart  Cart          `json:"cart"`
	Quote pricing.Quote `json:"quote"`
	// Changes is what differs from the calculation the cart had before; nil
	// when it had none or nothing moved.
	Changes []pricing.Change `json:"changes,omitempty"`
	// Refused are the cart's discount codes that do not apply any more; the
	// calculation is without them. What became of the others says Quote.Codes.
	Refused []*pricing.CodeRefused `json:"refused,omitempty"`
}

// Preview prices a cart and stores nothing; whoever sees the cart may ask.
//
// Errors: ErrNotFound, uow.ErrVersion, ErrInvalid for the Terms, ErrEmpty,
// ErrLines with an issue for every line that cannot be ordered now, what the
// pricer answers (pricing.ErrNoPrice), and ErrQuote when that is wrong in
// itself.
func (s *Service) Preview(ctx context.Context, a access.Actor, in PreviewInput) (Priced, error) {
	r, err := uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (request, error) { return s.previewRequest(ctx, tx, a, in) })
	if err != nil {
		return Priced{}, err
	}
	return s.priced(ctx, r)
}

// PreviewTx is Preview within the caller's transaction. Errors: also ErrPricer
// when the pricer is not pricing.Pure.
func (s *Service) PreviewTx(ctx context.Context, tx Tx, a access.Actor, in PreviewInput) (Priced, error) {
	r, err := s.previewRequest(ctx, tx, a, in)
	if err != nil {
		return Priced{}, err
	}
	if !s.pure {
		return Priced{}, ErrPricer
	}
	return s.priced(ctx, r)
}

func (s *Service) previewRequest(ctx context.Context, tx Tx, a access.Actor, in PreviewInput) (request, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return request{}, err
	}
	if err := c.at(in.Version); err != nil {
		return request{}, err
	}
	if err := c.agree(in.Terms); err != nil {
		return request{}, err
	}
	return s.requestOf(ctx, tx, c)
}

// agree takes new terms, if there are any.
func (c *Cart) agree(t *Terms) error {
	if t == nil {
		return nil
	}
	c.Terms = t.normal()
	return c.Terms.check()
}

func (s *Service) priced(ctx context.Context, r request) (Priced, error) {
	q, err := s.quote(ctx, r.pricer, r.cart, r.basket)
	if err != nil {
		return Priced{}, err
	}
	out := Priced{Cart: r.cart, Quote: q, Refused: r.refused}
	if before := r.cart.Quote; before != nil {
		out.Changes = pricing.Diff(*before, q)
	}
	return out, nil
}

// Recalculate prices a cart and keeps the sealed quote in it; its seal is what
// an order is placed by. A pricer that is not pricing.Pure is asked between
// two transactions, and its answer kept only if the cart is as it was.
//
// Errors: those of every command of the holder, and of Preview.
func (s *Service) Recalculate(ctx context.Context, a access.Actor, in RecalculateInput) (Priced, error) {
	if s.pure {
		return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Priced, error) { return s.RecalculateTx(ctx, tx, a, in) })
	}
	// A failure here waits until the key had its say: a repeated call gets the
	// first result, whatever became of the cart since.
	p, failed := s.Preview(ctx, a, PreviewInput{Cart: in.Cart, Version: in.Version, Terms: in.Terms})
	if failed != nil && in.Key == "" {
		return Priced{}, failed
	}
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Priced, error) {
		return s.recalculate(ctx, tx, a, in, func(now Cart) (Priced, error) {
			if failed != nil {
				return Priced{}, failed
			}
			return p, now.at(p.Cart.Version)
		})
	})
}

// RecalculateTx is Recalculate within the caller's transaction. Errors: also
// ErrPricer when the pricer is not pricing.Pure.
func (s *Service) RecalculateTx(ctx context.Context, tx Tx, a access.Actor, in RecalculateInput) (Priced, error) {
	return s.recalculate(ctx, tx, a, in, func(now Cart) (Priced, error) {
		r, err := s.requestOf(ctx, tx, now)
		if err != nil {
			return Priced{}, err
		}
		if !s.pure {
			return Priced{}, ErrPricer
		}
		return s.priced(ctx, r)
	})
}

func (s *Service) recalculate(ctx context.Context, tx Tx, a access.Actor, in RecalculateInput, price func(Cart) (Priced, error)) (Priced, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Priced{}, err
	}
	if in.Terms != nil {
		t := in.Terms.normal()
		in.Terms = &t
	}
	return uow.Once(ctx, tx.Keys(), scope("recalculate", a), in.Key, in, func() (Priced, error) {
		if err := s.mayEdit(a, c, in.Version); err != nil {
			return Priced{}, err
		}
		if err := c.agree(in.Terms); err != nil {
			return Priced{}, err
		}
		p, err := price(c)
		if err != nil {
			return Priced{}, err
		}
		q := p.Quote
		c.Quote = &q
		p.Cart, err = s.saveHeld(ctx, tx, a, c, Recalculated)
		return p, err
	})
}
