package cart

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// DeleteInput asks that a cart goes away.
type DeleteInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
}

// Delete removes a cart for good. When it was the default one, the partner's
// first cart by name becomes it. Discount codes that it holds are released.
//
// Errors: those of every command of the holder.
func (s *Service) Delete(ctx context.Context, a access.Actor, in DeleteInput) error {
	return s.run.Update(ctx, func(ctx context.Context, tx Tx) error { return s.DeleteTx(ctx, tx, a, in) })
}

// DeleteTx is Delete within the caller's transaction.
func (s *Service) DeleteTx(ctx context.Context, tx Tx, a access.Actor, in DeleteInput) error {
	c, missing := s.see(ctx, tx, a, in.Cart)
	if missing != nil && !repeatable(in.Key, missing) {
		return missing
	}
	// A repeated deletion finds nothing to see; only its key can tell.
	_, err := uow.Once(ctx, tx.Keys(), scope("delete", a), in.Key, in, func() (struct{}, error) {
		if missing != nil {
			return struct{}{}, missing
		}
		if err := s.mayEdit(a, c, in.Version); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.remove(ctx, tx, a, c)
	})
	return err
}

// remove deletes a cart and passes the mark of the default one on.
func (s *Service) remove(ctx context.Context, tx Tx, a access.Actor, c Cart) error {
	var heir *Cart
	if c.Default {
		page, err := tx.Carts().Find(ctx, Query{Partner: c.Partner, Page: uow.PageRequest{Limit: 2}})
		if err != nil {
			return err
		}
		for _, h := range page.Rows {
			if h.ID == c.ID || heir != nil {
				continue
			}
			next, err := tx.Carts().Get(ctx, h.ID)
			if err != nil {
				return err
			}
			heir = &next
		}
	}
	if s.codes != nil && len(c.Codes) > 0 {
		if err := s.codes.ReleaseCartTx(ctx, tx, a.ID, pricing.CartID(c.ID)); err != nil {
			return err
		}
	}
	if err := tx.Carts().Delete(ctx, c.ID, c.Version); err != nil {
		return err
	}
	gone := c
	gone.Version, gone.UpdatedAt = c.Version+1, s.now()
	if err := s.emit(ctx, tx, gone, DeletedEvent{Cart: c.ID, Partner: c.Partner, Name: c.Name, By: a.ID}); err != nil {
		return err
	}
	if heir == nil {
		return nil
	}
	heir.Default = true
	_, err := s.saveChanged(ctx, tx, a, *heir, Defaulted)
	return err
}

// repeatable reports whether a cart that is gone may have been removed by the
// first call of this key; only the key can tell.
func repeatable(key string, err error) bool { return key != "" && errors.Is(err, ErrNotFound) }
