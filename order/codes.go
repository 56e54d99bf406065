package order

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/pricing"
)

// returnCodes gives the uses of the order's discount codes back, once, where
// their campaigns do.
func (s *Service) returnCodes(ctx context.Context, tx Tx, o Order, by access.ActorID) error {
	codes := s.carts.Codes()
	if codes == nil || len(o.Codes) == 0 {
		return nil
	}
	_, err := codes.ReturnTx(ctx, tx, by, pricing.OrderID(o.ID))
	return err
}

// dropCodes gives back the uses of codes that the order's new quote takes
// nothing off by, and takes them off the order. A code that its campaign keeps
// stays, and may be of effect again.
func (s *Service) dropCodes(ctx context.Context, tx Tx, o *Order, by access.ActorID) error {
	var idle []pricing.UsedCode
	for _, c := range o.Quote.Codes {
		if !c.Applied && slices.Contains(o.Codes, c.UsedCode) {
			idle = append(idle, c.UsedCode)
		}
	}
	codes := s.carts.Codes()
	if codes == nil || len(idle) == 0 {
		return nil
	}
	back, err := codes.ReturnCodesTx(ctx, tx, by, pricing.OrderID(o.ID), idle)
	if err != nil {
		return err
	}
	for _, r := range back {
		o.Codes = slices.DeleteFunc(slices.Clone(o.Codes), func(u pricing.UsedCode) bool { return u == r.Used() })
	}
	return nil
}
