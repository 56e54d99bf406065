package cart

import (
	"context"
	"errors"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// EnterCodeInput asks to use a discount code.
type EnterCodeInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	// Code is as a person typed it; pricing.CodeText says how it is read.
	Code string `json:"code"`
}

// DropCodeInput asks to let a discount code go.
type DropCodeInput struct {
	Cart    ID     `json:"cart"`
	Version int64  `json:"version,omitempty"`
	Key     string `json:"key,omitempty"`
	Code    string `json:"code"`
}

// maxCodes is how many codes a cart may have.
const maxCodes = 20

// EnterCode reserves a discount code for the cart and removes the calculation,
// as every change of lines does. A code that is there already is reserved for
// longer and the calculation stays, unless the reservation had lapsed. What the code takes off, and whether the
// basket is enough for it, tells the next calculation.
//
// Errors: those of every command of the holder; ErrCodes; *pricing.CodeRefused
// with the reason; access.ErrForbidden without code.use; ErrLimit for more than
// 20 codes.
func (s *Service) EnterCode(ctx context.Context, a access.Actor, in EnterCodeInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.EnterCodeTx(ctx, tx, a, in) })
}

// EnterCodeTx is EnterCode within the caller's transaction.
func (s *Service) EnterCodeTx(ctx context.Context, tx Tx, a access.Actor, in EnterCodeInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"enter_code", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		if s.codes == nil {
			return "", ErrCodes
		}
		r, err := s.codes.ReserveTx(ctx, tx, a, pricing.ReserveInput{Code: in.Code, Partner: c.Partner, Cart: pricing.CartID(c.ID)})
		if err != nil {
			return "", err
		}
		if slices.Contains(c.Codes, r.Used()) {
			if c.Quote != nil && r.ReservedAt.After(c.Quote.At) {
				c.Quote = nil // it had lapsed, and the calculation may be without it
			}
			return CodeEntered, nil
		}
		if len(c.Codes) >= maxCodes {
			return "", hit("codes", maxCodes)
		}
		c.Codes = append(c.Codes[:len(c.Codes):len(c.Codes)], r.Used())
		c.Quote = nil
		return CodeEntered, nil
	})
}

// DropCode releases a discount code, so that others may use it, and removes the
// calculation.
//
// Errors: those of every command of the holder; ErrCodes; ErrCode for a code
// that is not in the cart; access.ErrForbidden without code.use.
func (s *Service) DropCode(ctx context.Context, a access.Actor, in DropCodeInput) (Cart, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Cart, error) { return s.DropCodeTx(ctx, tx, a, in) })
}

// DropCodeTx is DropCode within the caller's transaction.
func (s *Service) DropCodeTx(ctx context.Context, tx Tx, a access.Actor, in DropCodeInput) (Cart, error) {
	return s.edit(ctx, tx, a, target{"drop_code", in.Cart, in.Version, in.Key, in}, func(c *Cart) (What, error) {
		if s.codes == nil {
			return "", ErrCodes
		}
		text, err := pricing.CodeText(in.Code)
		if err != nil {
			return "", ErrCode
		}
		at := slices.IndexFunc(c.Codes, func(u pricing.UsedCode) bool { return pricing.KeyOf(u.Code) == pricing.KeyOf(text) })
		if at < 0 {
			return "", ErrCode
		}
		// A code whose reservation is gone leaves the cart all the same.
		_, err = s.codes.ReleaseTx(ctx, tx, a, pricing.ReleaseInput{Code: text, Cart: pricing.CartID(c.ID)})
		if err != nil && !errors.Is(err, pricing.ErrNoRedemption) {
			return "", err
		}
		c.Codes = slices.Delete(slices.Clone(c.Codes), at, at+1)
		if len(c.Codes) == 0 {
			c.Codes = nil
		}
		c.Quote = nil
		return CodeDropped, nil
	})
}

// Codes returns the keeper of discount codes, nil where there is none.
func (s *Service) Codes() *pricing.Codes { return s.codes }

// standing parts the cart's codes into those that apply now and those that do
// not any more.
func (s *Service) standing(ctx context.Context, tx Tx, c Cart) ([]pricing.UsedCode, []*pricing.CodeRefused, error) {
	if s.codes == nil || len(c.Codes) == 0 {
		return nil, nil, nil
	}
	return s.codes.StandingTx(ctx, tx, c.Partner, pricing.CartID(c.ID), c.Codes)
}

// codesToUse are the codes that an order of the cart uses. A code that the
// calculation found to be without effect is not used up by it.
func (s *Service) codesToUse(ctx context.Context, tx Tx, c Cart) ([]pricing.UsedCode, error) {
	all, refused, err := s.standing(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if len(refused) > 0 {
		return nil, refused[0]
	}
	return slices.DeleteFunc(slices.Clone(all), func(u pricing.UsedCode) bool {
		return slices.ContainsFunc(c.Quote.Codes, func(o pricing.CodeOutcome) bool { return o.UsedCode == u && !o.Applied })
	}), nil
}

// useCodes confirms the codes of an order and releases what else the cart held.
func (s *Service) useCodes(ctx context.Context, tx Tx, r Ready, done Ordered) error {
	if s.codes == nil || len(r.Cart.Codes) == 0 {
		return nil
	}
	of := pricing.CartID(r.Cart.ID)
	_, err := s.codes.ConfirmTx(ctx, tx, done.By, pricing.ConfirmInput{Partner: r.Cart.Partner, Cart: of,
		Order: pricing.OrderID(done.Order), Codes: r.Codes})
	if err != nil {
		return err
	}
	return s.codes.ReleaseCartTx(ctx, tx, done.By.ID, of)
}
