package cart

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/ids"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// Tx is what a command on carts reads and writes in one transaction.
type Tx interface {
	pricing.CodeTx
	Products() catalog.Repository
	Carts() Repository
	uow.Prefetcher
}

// TicketOpen is the port to the service tickets: it answers nil when the
// ticket is open and the actor's center may order parts for it, and an error
// of its own otherwise, which the command passes on.
//
// It is asked inside the open transaction, once per ticket: it must neither
// begin a transaction of its own nor call out. An implementation that reads
// tickets from the same store implements TicketOpenTx too.
type TicketOpen interface {
	TicketOpen(ctx context.Context, ticket TicketID, a access.Actor) error
}

// TicketOpenTx is preferred to TicketOpen where the port has it: it is handed
// the open transaction, so that a ticket closed in between is seen. The
// value of tx is the engine's transaction, whatever Tx it was narrowed to.
type TicketOpenTx interface {
	TicketOpenTx(ctx context.Context, tx Tx, ticket TicketID, a access.Actor) error
}

// Limits bound what a partner may pile up. Zero fields mean the defaults.
type Limits struct {
	// Carts of one partner; default 50, at most 400.
	Carts int
	// Lines of one cart; default 500.
	Lines int
	// Note is the length of a note in characters; default 2000.
	Note int
	// Name is the length of a cart's name in characters; default 100.
	Name int
	// MinimumOrder is the least net total of an order by currency; a currency
	// that is missing has none. Amounts in another currency than their key
	// are ignored.
	MinimumOrder map[money.Currency]money.Amount
}

// Options of a Service; the zero value is usable.
type Options struct {
	// Policy is the permission table; nil means access.Default().
	Policy *access.Policy
	// Now is the clock; nil means the machine's.
	Now func() time.Time
	// NewID makes ids of carts, lines and events; nil means UUIDs of version 7.
	NewID  func() string
	Limits Limits
	// Tickets answers whether a ticket is open; nil means that lines cannot
	// be tied to tickets (ErrTickets).
	Tickets TicketOpen
	// Codes keeps discount codes; nil means that none can be entered (ErrCodes).
	Codes *pricing.Codes
	// Facts answers what the pricer asks of a buyer; nil means that nothing is
	// known of him.
	Facts FactSource
	// Currency is what a new cart gets when none is asked for; zero means
	// that Create has to name one.
	Currency money.Currency
	// Lists are the price lists of partners that have none of their own;
	// empty means the seller's default list, whose code is "".
	Lists []string
	// Zone is the tenant's time zone, in which agreements begin and end; nil
	// means UTC.
	Zone *time.Location
}

// Service holds the use cases of carts. It is safe for concurrent use.
type Service struct {
	run      uow.Runner[Tx]
	pricer   pricing.Pricer
	pure     bool
	policy   *access.Policy
	now      func() time.Time
	newID    func() string
	limits   Limits
	tickets  TicketOpen
	codes    *pricing.Codes
	facts    FactSource
	currency money.Currency
	lists    []string
	zone     *time.Location
}

// maxCarts keeps the list of a partner's carts within one page.
const maxCarts = 400

// NewService makes the use cases of carts over a store and a pricer.
//
// A pricer that is pricing.Pure is asked inside transactions; any other is
// asked between them and never while one is open. A nil store or pricer is a
// programming error and panics.
func NewService(run uow.Runner[Tx], pricer pricing.Pricer, opts *Options) *Service {
	if run == nil || pricer == nil {
		panic("cart.NewService: a store and a pricer are required")
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	s := &Service{run: run, pricer: pricer, policy: o.Policy, now: clock.Or(o.Now), newID: ids.Or(o.NewID, o.Now),
		limits: o.Limits, tickets: o.Tickets, codes: o.Codes, facts: o.Facts, currency: o.Currency, lists: append([]string(nil), o.Lists...), zone: o.Zone}
	_, s.pure = pricer.(pricing.Pure)
	if s.policy == nil {
		s.policy = access.Default()
	}
	if s.zone == nil {
		s.zone = time.UTC
	}
	s.limits.fill()
	return s
}

func (l *Limits) fill() {
	l.Carts = min(orDefault(l.Carts, 50), maxCarts)
	l.Lines = orDefault(l.Lines, 500)
	l.Note = orDefault(l.Note, 2000)
	l.Name = orDefault(l.Name, 100)
	minimum := make(map[money.Currency]money.Amount, len(l.MinimumOrder))
	for c, a := range l.MinimumOrder {
		if a.Currency() == c {
			minimum[c] = a
		}
	}
	l.MinimumOrder = minimum
}

func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}
