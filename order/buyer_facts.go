package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// FactsOptions tune BuyerFacts. The zero value is ready to use.
type FactsOptions struct {
	// Zone is the tenant's time zone, in which windows begin and end. Default:
	// UTC.
	Zone *time.Location
	// Attended answers the events that a partner takes or took part in, by code,
	// as of an instant. It is asked inside the open transaction and must not call
	// out. Default: none.
	Attended func(ctx context.Context, tx cart.Tx, p partner.Partner, at time.Time) ([]string, error)
}

// BuyerFacts answers what a pricer asks of a buyer from the ledger of turnover
// and the orders. It is a cart.FactSource.
type BuyerFacts struct {
	turnovers *pricing.Turnovers
	zone      *time.Location
	attended  func(context.Context, cart.Tx, partner.Partner, time.Time) ([]string, error)
}

// ErrFacts: the transaction has no orders, so that nothing can be told of the
// buyer.
var ErrFacts = fault.Define(fault.Internal, "order.facts", "the transaction holds no orders to tell the buyer's facts from")

// NewFacts makes the source over the ledger of turnover, for cart.Options.Facts;
// opts may be nil. The transactions of the carts must be those of a store that
// has orders as well.
func NewFacts(turnovers *pricing.Turnovers, opts *FactsOptions) *BuyerFacts {
	f := &BuyerFacts{turnovers: turnovers, zone: time.UTC}
	if opts != nil {
		f.attended = opts.Attended
		if opts.Zone != nil {
			f.zone = opts.Zone
		}
	}
	return f
}

// FactsTx implements cart.FactSource.
//
// Windows end with the day of at, and count what was known then: an order that
// is priced again as of its own calculation gets the turnover of that instant.
// A window of an agreement counts from its anniversary, or on the day alone when
// the partner does not have it or it has no first day. First says that the partner
// has no order now, whatever at is, other than drafts, rejected and cancelled ones: an
// order is the first from when it is submitted until it is given up.
//
// The cost: a read per 500 entries of the longest window, and one for First.
//
// Errors: ErrFacts (Internal, order.facts) for a transaction without orders;
// money.ErrOverflow; those of Attended.
func (f *BuyerFacts) FactsTx(ctx context.Context, tx cart.Tx, p partner.Partner, asks pricing.Asks, at time.Time) (pricing.Facts, error) {
	var out pricing.Facts
	all, ok := tx.(Tx)
	if !ok {
		return out, ErrFacts
	}
	var err error
	if len(asks.Windows) > 0 {
		begun := make(map[partner.AgreementID]partner.Date, len(p.Agreements))
		for _, a := range p.Agreements {
			begun[a.ID] = a.From
		}
		out.Turnover, err = f.turnovers.WindowsTx(ctx, all, pricing.WindowsInput{Partner: p.ID, Windows: asks.Windows,
			Day: partner.DateOf(at, f.zone), Begun: begun, Known: at})
		if err != nil {
			return out, err
		}
	}
	if asks.First {
		found, err := all.Orders().Find(ctx, Query{Partner: p.ID, States: []State{Awaiting, Validated, Confirmed, Closed},
			Page: uow.PageRequest{Limit: 1}})
		if err != nil {
			return out, err
		}
		out.First = len(found.Rows) == 0
	}
	if asks.Attended && f.attended != nil {
		out.Attended, err = f.attended(ctx, tx, p, at)
	}
	return out, err
}
