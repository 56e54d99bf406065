package cart

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// OffersInput asks for a page of a partner's price list.
type OffersInput struct {
	// Partner is who buys; "" is the actor's own.
	Partner partner.ID `json:"partner,omitempty"`
	// Currency is that of the prices; zero is Options.Currency.
	Currency money.Currency `json:"currency,omitzero"`
	// Terms say who buys and where goods go, which tax depends on; the zero Terms
	// are the partner's defaults.
	Terms Terms `json:"terms,omitzero"`
	// At is the instant as of which prices hold; zero is now. A later one is the
	// seller's to ask for.
	At time.Time `json:"at,omitzero"`
	// Products selects what is listed, by article number and page by page; its
	// Buyer is always the partner.
	Products catalog.Query `json:"products"`
}

// Offers lists what the products that a partner may order cost it, at every
// quantity from which on it is something else: the prices of a catalog page. What
// depends on other goods in a cart, on discount codes and on shipping is not in
// it; see pricing.Engine.Offers.
//
// Errors: partner.ErrNotFound, also for whoever may not see the partner's carts;
// access.ErrForbidden for a later At; uow.ErrPage; ErrInvalid for the Terms;
// ErrOffers for a pricer that is no pricing.Offerer; those of the pricer.
func (s *Service) Offers(ctx context.Context, a access.Actor, in OffersInput) (uow.Page[pricing.ProductOffers], error) {
	type read struct {
		buyer    pricing.Basket
		page     uow.Page[catalog.Header]
		products []catalog.Product
	}
	pricer := s.pricerNow()
	offerer, ok := pricer.(pricing.Offerer)
	if !ok {
		return uow.Page[pricing.ProductOffers]{}, ErrOffers
	}
	r, err := uow.Ask(ctx, s.run, func(ctx context.Context, tx Tx) (r read, err error) {
		if r.buyer, err = s.buyer(ctx, tx, pricer, a, in); err != nil {
			return r, err
		}
		q := in.Products
		q.Buyer = &r.buyer.Partner
		if r.page, err = tx.Products().Find(ctx, q); err != nil {
			return r, err
		}
		r.products, err = inOrder(ctx, tx, r.page.Rows)
		return r, err
	})
	if err != nil {
		return uow.Page[pricing.ProductOffers]{}, err
	}
	rows, err := offerer.Offers(ctx, r.buyer, r.products)
	return uow.Page[pricing.ProductOffers]{Rows: rows, Next: r.page.Next, Total: r.page.Total}, err
}

// buyer is a basket of the partner without goods.
func (s *Service) buyer(ctx context.Context, tx Tx, pricer pricing.Pricer, a access.Actor, in OffersInput) (pricing.Basket, error) {
	id := in.Partner
	if id == "" {
		id = a.Partner
	}
	if id == "" || !s.policy.May(a, access.CartRead, owner(id)) {
		return pricing.Basket{}, partner.ErrNotFound
	}
	now := s.now()
	at := clock.Cut(in.At)
	if at.IsZero() {
		at = clock.Cut(now)
	} else if at.After(now) && !s.policy.Everywhere(a, access.CartRead) {
		return pricing.Basket{}, access.Denied(access.CartRead)
	}
	p, err := tx.Partners().Get(ctx, id)
	if err != nil {
		return pricing.Basket{}, err
	}
	c := Cart{Partner: id, Currency: in.Currency, Terms: in.Terms.normal()}
	if c.Currency.IsZero() {
		c.Currency = s.currency
	}
	if err := c.Terms.check(); err != nil {
		return pricing.Basket{}, err
	}
	b, err := s.buyerOf(c, p, at)
	if err != nil {
		return pricing.Basket{}, err
	}
	return b, s.learn(ctx, tx, pricer, &b, p, nil)
}

// inOrder reads products in the order of their headers.
func inOrder(ctx context.Context, tx Tx, rows []catalog.Header) ([]catalog.Product, error) {
	ids := make([]catalog.ID, len(rows))
	for i, h := range rows {
		ids[i] = h.ID
	}
	all, err := tx.Products().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]catalog.Product, 0, len(rows))
	for _, id := range ids {
		if p, ok := all[id]; ok {
			out = append(out, p)
		}
	}
	return out, nil
}
