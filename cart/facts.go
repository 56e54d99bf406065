package cart

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// FactSource is the port to what is known of a buyer beyond his cart: his
// turnover, whether he ordered before, the events that he takes part in.
// order.NewFacts makes the usual one.
//
// It is asked inside the open transaction, each time a cart is priced by a
// pricer that is pricing.Asking, and only when that asks for something: it must
// neither begin a transaction of its own nor call out. The value of tx is the
// engine's transaction, whatever Tx it was narrowed to.
type FactSource interface {
	// FactsTx answers what was asked for, as of an instant; First as of now. Of its
	// answer Turnover, First and Attended are taken, each if it was asked for.
	FactsTx(ctx context.Context, tx Tx, p partner.Partner, asks pricing.Asks, at time.Time) (pricing.Facts, error)
}

// learn adds to a basket what the pricer that will be asked asks for of its
// buyer; whether it is his first order only where that is not known.
func (s *Service) learn(ctx context.Context, tx Tx, pricer pricing.Pricer, b *pricing.Basket, p partner.Partner, first *bool) error {
	asking, ok := pricer.(pricing.Asking)
	if s.facts == nil || !ok {
		return nil
	}
	asks := asking.Asks()
	if asks.First && first != nil {
		asks.First, b.First = false, *first
	}
	if asks.IsZero() {
		return nil
	}
	f, err := s.facts.FactsTx(ctx, tx, p, asks, b.At)
	if err != nil {
		return err
	}
	if len(asks.Windows) > 0 {
		b.Turnover = f.Turnover
	}
	if asks.First {
		b.First = f.First
	}
	if asks.Attended {
		b.Attended = f.Attended
	}
	return nil
}
