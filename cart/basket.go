package cart

import (
	"context"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// PriceTx prices a cart as of an instant within the caller's transaction; the
// cart need not be stored. The tax is that of the cart's Terms. The cart's Codes
// count as in use; that they are is the caller's to know.
//
// Errors: ErrEmpty; ErrLines with an issue for every line whose product is
// gone, may not be ordered by the partner or breaks its quantity rule, and for
// too many lines; what Options.Facts and the pricer answer, ErrQuote when that is
// not about the cart or wrong in itself; ErrPricer when it is not pricing.Pure.
func (s *Service) PriceTx(ctx context.Context, tx Tx, c Cart, p partner.Partner, at time.Time) (pricing.Quote, error) {
	return s.priceTx(ctx, tx, c, p, at, nil)
}

// PriceFirstTx is PriceTx where it is known whether this is the buyer's first
// order: Options.Facts is not asked for that.
func (s *Service) PriceFirstTx(ctx context.Context, tx Tx, c Cart, p partner.Partner, at time.Time, first bool) (pricing.Quote, error) {
	return s.priceTx(ctx, tx, c, p, at, &first)
}

func (s *Service) priceTx(ctx context.Context, tx Tx, c Cart, p partner.Partner, at time.Time, first *bool) (pricing.Quote, error) {
	products, err := tx.Products().GetMany(ctx, c.products())
	if err != nil {
		return pricing.Quote{}, err
	}
	b, err := s.basket(c, p, products, clock.Cut(at))
	if err != nil {
		return pricing.Quote{}, err
	}
	if !s.pure {
		return pricing.Quote{}, ErrPricer
	}
	pricer := s.pricerNow()
	if err := s.learn(ctx, tx, pricer, &b, p, first); err != nil {
		return pricing.Quote{}, err
	}
	return s.quote(ctx, pricer, c, b)
}

// StillFirstTx prices what a quote was made of again where that was the buyer's
// first order and is none any more, because another one was submitted since: as of
// the quote's own instants, with the discount codes given, those that the order
// uses, and with nothing else changed. Where the rules do not ask for first orders by
// now the figures stay, and the basis says that it is none. In any other case, and
// where the quote has no basis or the pricer is not pricing.Pure, it answers the
// quote as it is.
//
// Errors: those of Options.Facts; ErrQuote; those of the pricer, as pricing.ErrNoPrice
// where its tariff does not know a price any more that it had.
func (s *Service) StillFirstTx(ctx context.Context, tx Tx, q pricing.Quote, p partner.Partner, codes []pricing.UsedCode) (pricing.Quote, error) {
	if q.Basis == nil || !q.Basis.First || !s.pure || s.facts == nil {
		return q, nil
	}
	f, err := s.facts.FactsTx(ctx, tx, p, pricing.Asks{First: true}, s.now())
	if err != nil || f.First {
		return q, err
	}
	b := q.Basis.Clone()
	b.First = false
	pricer := s.pricerNow()
	if asking, ok := pricer.(pricing.Asking); !ok || !asking.Asks().First {
		q.Basis = &b
		return q, nil
	}
	b.Codes = slices.Clone(codes)
	c := Cart{Partner: q.Partner, Currency: q.Currency, Lines: make([]Line, len(q.Lines))}
	for i, l := range q.Lines {
		c.Lines[i] = Line{ID: l.ID, Product: l.Product, Quantity: l.Quantity}
	}
	return s.quote(ctx, pricer, c, b)
}

// pricerNow is the pricer for one basket: the same rules say which facts they
// ask for and price by them, also when others come into use in between.
func (s *Service) pricerNow() pricing.Pricer {
	if e, ok := s.pricer.(pricing.Exchanged); ok {
		return e.Now()
	}
	return s.pricer
}

// quote asks the pricer and seals its answer. Pricers are written by others:
// an answer that is not about these lines, or whose figures do not agree, is
// refused, and the seal is made here, so that every order is placed by one
// kind of seal.
func (s *Service) quote(ctx context.Context, pricer pricing.Pricer, c Cart, b pricing.Basket) (pricing.Quote, error) {
	q, err := pricer.Quote(ctx, b)
	if err != nil {
		return pricing.Quote{}, err
	}
	if !c.quotedBy(q) {
		return pricing.Quote{}, ErrQuote
	}
	if err := q.Check(); err != nil {
		return pricing.Quote{}, ErrQuote.With("the pricer's figures do not agree").Because(err)
	}
	q.Seal = q.ComputeSeal()
	return q, nil
}

// quotedBy reports whether a quote is about exactly the lines of the cart.
func (c Cart) quotedBy(q pricing.Quote) bool {
	if q.Partner != c.Partner || q.Currency != c.Currency || len(q.Lines) != len(c.Lines) {
		return false
	}
	for i, l := range c.Lines {
		if p := q.Lines[i]; p.ID != l.ID || p.Product != l.Product || p.Quantity != l.Quantity {
			return false
		}
	}
	return true
}

// request is a cart that is about to be priced, by which pricer, and the codes
// of it that do not apply any more.
type request struct {
	pricer  pricing.Pricer
	cart    Cart
	basket  pricing.Basket
	refused []*pricing.CodeRefused
}

// requestOf reads what a cart needs to be priced: in one round trip, one more
// where it has codes, and those of the facts that the pricer asks for. Of the
// codes the basket has those that apply now; why the others do not is told.
func (s *Service) requestOf(ctx context.Context, tx Tx, c Cart) (request, error) {
	r := request{pricer: s.pricerNow(), cart: c}
	p, products, err := readFor(ctx, tx, c)
	if err != nil {
		return request{}, err
	}
	if c.Codes, r.refused, err = s.standing(ctx, tx, c); err != nil {
		return request{}, err
	}
	if r.basket, err = s.basket(c, p, products, s.now()); err != nil {
		return request{}, err
	}
	return r, s.learn(ctx, tx, r.pricer, &r.basket, p, nil)
}

func readFor(ctx context.Context, tx Tx, c Cart) (partner.Partner, map[catalog.ID]catalog.Product, error) {
	ids := c.products()
	refs := make([]uow.Ref, 0, len(ids)+1)
	refs = append(refs, uow.Ref{Kind: partner.DocKind, ID: string(c.Partner)})
	for _, id := range ids {
		refs = append(refs, uow.Ref{Kind: catalog.DocKind, ID: string(id)})
	}
	if err := tx.Prefetch(ctx, refs...); err != nil {
		return partner.Partner{}, nil, err
	}
	p, err := tx.Partners().Get(ctx, c.Partner)
	if err != nil {
		return partner.Partner{}, nil, err
	}
	products, err := tx.Products().GetMany(ctx, ids)
	return p, products, err
}

// basket checks that every line may be ordered and resolves it.
func (s *Service) basket(c Cart, p partner.Partner, products map[catalog.ID]catalog.Product, at time.Time) (pricing.Basket, error) {
	if len(c.Lines) == 0 {
		return pricing.Basket{}, ErrEmpty
	}
	if err := s.checkLines(c, products); err != nil {
		return pricing.Basket{}, err
	}
	b, err := s.buyerOf(c, p, at)
	if err != nil {
		return pricing.Basket{}, err
	}
	b.Codes, b.Lines = slices.Clone(c.Codes), make([]pricing.Line, len(c.Lines))
	for i, l := range c.Lines {
		b.Lines[i] = pricing.LineOf(l.ID, products[l.Product], l.Quantity)
	}
	return b, nil
}

// buyerOf is a basket without goods: who buys, where to and by which terms.
func (s *Service) buyerOf(c Cart, p partner.Partner, at time.Time) (pricing.Basket, error) {
	entity, to, err := c.Terms.Resolve(p)
	if err != nil {
		return pricing.Basket{}, err
	}
	b := pricing.Basket{Partner: p.ID, Agreements: p.AgreementIDsOn(partner.DateOf(at, s.zone)), Currency: c.Currency,
		Lists: slices.Clone(p.PriceLists), At: at}
	if len(b.Lists) == 0 {
		b.Lists = slices.Clone(s.lists) // a pricer may keep or change what it is given
	}
	taxSide(&b, p, entity, to)
	b.Groups, b.Postcode, b.Region, b.Delivery = slices.Clone(p.Groups), to.Postcode, to.Province, c.Terms.Delivery
	return b, nil
}

func (s *Service) checkLines(c Cart, products map[catalog.ID]catalog.Product) error {
	var is fault.Issues
	if n := len(c.Lines); n > s.limits.Lines {
		is.Add("lines", ErrLimit.FaultCode(), "the cart has %d lines, at most %d are allowed", n, s.limits.Lines)
	}
	for i, l := range c.Lines {
		path := index("lines", i)
		p, ok := products[l.Product]
		if !ok {
			is.Add(path, catalog.ErrNotFound.FaultCode(), "there is no product %s any more", l.SKU)
			continue
		}
		checkOrderable(&is, path, p, c.Partner)
		c.checkQuantity(&is, path, p, l.ID, l.Quantity)
	}
	return is.Err(ErrLines)
}

// products lists the distinct products of the cart in order of its lines.
func (c Cart) products() []catalog.ID {
	ids := make([]catalog.ID, 0, len(c.Lines))
	seen := make(map[catalog.ID]struct{}, len(c.Lines))
	for _, l := range c.Lines {
		if _, ok := seen[l.Product]; !ok {
			seen[l.Product] = struct{}{}
			ids = append(ids, l.Product)
		}
	}
	return ids
}
