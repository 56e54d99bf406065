package cart

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// OrderInput names the cart to order and the calculation that was confirmed.
type OrderInput struct {
	Cart    ID    `json:"cart"`
	Version int64 `json:"version,omitempty"`
	// Seal is that of the quote the buyer saw.
	Seal string `json:"seal"`
}

// Ready is a cart that may become an order now, with everything read for it.
type Ready struct {
	Cart    Cart
	Partner partner.Partner
	// Quote is the calculation that was confirmed, as kept in the cart; its basis
	// says whether it is the buyer's first order now.
	Quote pricing.Quote
	// Products are those of the lines, by id.
	Products map[catalog.ID]catalog.Product
	// Codes are the discount codes that the order uses: those of the cart that
	// the calculation did not find to be without effect.
	Codes []pricing.UsedCode
	// taken says that the buyer took the baton up from a role by ordering.
	taken []event.Payload
}

// Shortfall is the data of an ErrMinimum; both are net of tax.
type Shortfall struct {
	Minimum money.Amount `json:"minimum"`
	Net     money.Amount `json:"net"`
}

// OrderTx checks, within the transaction that makes the order, that the cart
// may be ordered by the calculation confirmed; EmptyTx is its second half.
// Of all who order one calculation, only the first gets a Ready. It reads the
// cart, then partner and products in one round trip, then what the ports to
// facts and to service tickets read, and writes nothing. Every discount code of
// the cart has to apply still, reserved or, after its time, with a use that is
// free. Where the baton lies with a role
// of the buyer's, the Ready cart has it in the buyer's hand, and EmptyTx keeps
// that.
//
// A pure pricer is asked again as of now: any figure that differs is
// *pricing.Moved, with the changes and the fresh quote. Of another pricer's
// quote seal and validity are checked.
//
// Errors, in order of the checks: ErrNotFound; *AlreadyOrdered;
// uow.ErrVersion; access.ErrForbidden; ErrNotHolder; ErrEmpty; ErrSeal (with
// the current quote); ErrExpired; ErrInactive; *pricing.CodeRefused; ErrLines; *pricing.Moved and
// what the pricer answers; ErrMinimum (with the Shortfall); ErrTickets and the
// errors of the port.
func (s *Service) OrderTx(ctx context.Context, tx Tx, a access.Actor, in OrderInput) (Ready, error) {
	c, err := s.see(ctx, tx, a, in.Cart)
	if err != nil {
		return Ready{}, err
	}
	if err := s.mayOrder(a, c, in); err != nil {
		return Ready{}, err
	}
	r := Ready{Quote: *c.Quote, taken: s.takeUp(a, &c)}
	r.Cart = c
	if r.Partner, r.Products, err = readFor(ctx, tx, c); err != nil {
		return Ready{}, err
	}
	if !r.Partner.Active {
		return Ready{}, ErrInactive
	}
	if r.Codes, err = s.codesToUse(ctx, tx, c); err != nil {
		return Ready{}, err
	}
	if err := s.unmoved(ctx, tx, &r); err != nil {
		return Ready{}, err
	}
	if err := s.CheckMinimum(r.Quote); err != nil {
		return Ready{}, err
	}
	return r, s.ticketsOpen(ctx, tx, a, c)
}

// EmptyTx empties an ordered cart in place: lines, codes, note, terms, origin
// and calculation go, the order is added to its history, the baton stays with
// whoever ordered. The seal is that of the quote, whatever done says.
//
// The order's discount codes are confirmed, the others released.
//
// Errors: uow.ErrVersion, as of every save; *pricing.CodeRefused.
func (s *Service) EmptyTx(ctx context.Context, tx Tx, r Ready, done Ordered) error {
	done.Seal = r.Quote.Seal
	done.At = clock.Cut(done.At)
	if err := s.useCodes(ctx, tx, r, done); err != nil {
		return err
	}
	c := r.Cart
	c.Codes = nil
	c.Lines, c.Quote, c.Note, c.Terms, c.Origin = nil, nil, "", Terms{}, nil
	c.Orders = keep(append(c.Orders[:len(c.Orders):len(c.Orders)], done), maxOrders)
	facts := append(r.taken[:len(r.taken):len(r.taken)],
		OrderedEvent{Cart: c.ID, Partner: c.Partner, Order: done.Order, Ref: done.Ref, By: done.By.ID})
	_, err := s.save(ctx, tx, c, facts...)
	return err
}

// A cart that is used for years keeps the end of its histories only, so that
// saving it stays cheap.
const (
	maxOrders    = 50
	maxHandovers = 100
)

// keep returns the last n of a history.
func keep[E any](all []E, n int) []E { return all[max(0, len(all)-n):] }

// mayOrder checks the cart itself, whose quote is there when it answers nil.
func (s *Service) mayOrder(a access.Actor, c Cart, in OrderInput) error {
	for _, o := range c.Orders {
		if in.Seal != "" && o.Seal == in.Seal {
			return &AlreadyOrdered{Order: o.Order, Ref: o.Ref}
		}
	}
	if err := c.at(in.Version); err != nil {
		return err
	}
	if !s.policy.May(a, access.OrderPlace, owner(c.Partner)) {
		return access.Denied(access.OrderPlace)
	}
	if err := c.heldBy(a); err != nil {
		return err
	}
	switch {
	case len(c.Lines) == 0:
		return ErrEmpty
	case c.Quote == nil || c.Quote.Seal != in.Seal:
		return ErrSeal.Noting(c.Quote)
	case c.Quote.Expired(s.now()):
		return ErrExpired
	}
	if err := c.Quote.Verify(); err != nil {
		return ErrSeal.Because(err).Noting(c.Quote)
	}
	return nil
}

// unmoved checks the lines and, where the pricer is pure, every figure. Whether
// this is the buyer's first order is taken over as it is now: it may be of effect
// for a revision only.
func (s *Service) unmoved(ctx context.Context, tx Tx, r *Ready) error {
	b, err := s.basket(r.Cart, r.Partner, r.Products, s.now())
	if err != nil || !s.pure {
		return err
	}
	pricer := s.pricerNow()
	if err := s.learn(ctx, tx, pricer, &b, r.Partner, nil); err != nil {
		return err
	}
	fresh, err := s.quote(ctx, pricer, r.Cart, b)
	if err != nil {
		return err
	}
	if err := pricing.Unmoved(r.Quote, fresh); err != nil {
		return err
	}
	if r.Quote.Basis == nil {
		if b.First {
			r.Quote.Basis = fresh.Basis
		}
		return nil
	}
	basis := r.Quote.Basis.Clone()
	basis.First = b.First
	r.Quote.Basis = &basis
	return nil
}

// CheckMinimum answers ErrMinimum, with the Shortfall, for a quote below the
// least order of its currency.
func (s *Service) CheckMinimum(q pricing.Quote) error {
	least, ok := s.limits.MinimumOrder[q.Currency]
	if !ok {
		return nil
	}
	order, err := q.Net.Cmp(least)
	if err != nil {
		return err
	}
	if order < 0 {
		return ErrMinimum.With("an order is at least %s net, this one is %s", least, q.Net).Noting(Shortfall{Minimum: least, Net: q.Net})
	}
	return nil
}

// ticketsOpen asks for every ticket of the cart once.
func (s *Service) ticketsOpen(ctx context.Context, tx Tx, a access.Actor, c Cart) error {
	asked := make(map[TicketID]bool)
	for _, l := range c.Lines {
		if l.Ticket == "" || asked[l.Ticket] {
			continue
		}
		asked[l.Ticket] = true
		if err := s.ticketOpen(ctx, tx, a, l.Ticket); err != nil {
			return err
		}
	}
	return nil
}
