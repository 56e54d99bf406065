package order

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
)

// maxAccept is how old an answer may be that AsOf accepts.
const maxAccept = 24 * time.Hour

// reprice quotes the revised order. Anything that a buyer would call another
// price has to be accepted by its seal first.
func (s *Service) reprice(ctx context.Context, tx Tx, o *Order, p partner.Partner, in ReviseInput) error {
	fresh, err := s.quote(ctx, tx, *o, p, in.AsOf)
	if err != nil {
		return err
	}
	if moved := otherPrices(o.Quote, fresh); len(moved) > 0 && in.Seal != fresh.Seal {
		return &pricing.Moved{Changes: moved, Fresh: fresh}
	}
	if err := s.carts.CheckMinimum(fresh); err != nil {
		return err
	}
	o.Quote = fresh
	return nil
}

// quote prices the order as of its own quote, or as of now where its prices
// have left the lists since; or as of the instant that the buyer accepts.
func (s *Service) quote(ctx context.Context, tx Tx, o Order, p partner.Partner, asOf time.Time) (pricing.Quote, error) {
	now := s.now()
	if !asOf.IsZero() && !asOf.Equal(o.Quote.At) {
		if asOf.After(now) || asOf.Before(now.Add(-maxAccept)) {
			var is fault.Issues
			is.Add("as_of", "range", "accepts an answer of the last 24 hours")
			return pricing.Quote{}, is.Err(ErrInvalid)
		}
		return s.priceAt(ctx, tx, o, p, asOf)
	}
	q, err := s.priceAt(ctx, tx, o, p, o.Quote.At)
	if errors.Is(err, pricing.ErrNoPrice) {
		return s.priceAt(ctx, tx, o, p, now)
	}
	return q, err
}

// priceAt prices the order for the legal entity and the type of customer that it
// has, however these stand at the partner by now. Once submitted it stays the first order, or not.
func (s *Service) priceAt(ctx context.Context, tx Tx, o Order, p partner.Partner, when time.Time) (pricing.Quote, error) {
	p.Counterparties, p.Type = []partner.Counterparty{o.Customer.Counterparty}, o.Customer.Type
	if o.State != Draft && o.Quote.Basis != nil {
		return s.carts.PriceFirstTx(ctx, tx, o.asCart(), p, when, o.Quote.Basis.First)
	}
	return s.carts.PriceTx(ctx, tx, o.asCart(), p, when)
}

// stillFirst refuses to submit a draft at a price for first orders when another
// order of the partner was submitted meanwhile, unless the buyer accepts what it
// costs now; it reports whether he did. What has no price any more as of its own
// quote is priced as a revision is.
func (s *Service) stillFirst(ctx context.Context, tx Tx, o *Order, in AdvanceInput, by access.ActorID) (bool, error) {
	if o.Quote.Basis == nil || !o.Quote.Basis.First {
		return false, nil
	}
	p, err := tx.Partners().Get(ctx, o.Customer.Partner)
	if err != nil {
		return false, err
	}
	fresh, err := s.carts.StillFirstTx(ctx, tx, o.Quote, p, o.Codes)
	if errors.Is(err, pricing.ErrNoPrice) {
		draft := *o
		draft.State = Draft // whose facts are read anew
		fresh, err = s.quote(ctx, tx, draft, p, in.AsOf)
	}
	if err != nil {
		return false, err
	}
	moved := pricing.Diff(o.Quote, fresh)
	switch {
	case len(moved) == 0:
		o.Quote.Basis = fresh.Basis
		return false, nil
	case in.Seal != fresh.Seal:
		return false, &pricing.Moved{Changes: moved, Fresh: fresh}
	}
	if err := s.carts.CheckMinimum(fresh); err != nil {
		return false, err
	}
	o.Quote = fresh
	o.Revision++
	return true, s.dropCodes(ctx, tx, o, by)
}

// asCart is the order's content as a cart, for the rules and prices of carts.
func (o Order) asCart() cart.Cart {
	c := cart.Cart{Partner: o.Customer.Partner, Currency: o.Currency, Codes: o.Codes,
		Terms: cart.Terms{Counterparty: o.Customer.Counterparty.ID, ShipTo: &o.ShipTo, Delivery: o.Delivery}, Lines: make([]cart.Line, len(o.Lines))}
	for i, l := range o.Lines {
		c.Lines[i] = cart.Line{ID: l.ID, Product: l.Product, SKU: l.SKU, Quantity: l.Quantity, Note: l.Note, Ticket: l.Ticket, Warranty: l.Warranty}
	}
	return c
}

// otherPrices lists what a buyer did not ask for by changing quantities: other
// unit prices, discounts and rates, allowances and charges on the whole, and
// the price of what was added. Amounts that follow from quantities, and cents
// of tax or of an adjustment that are shared anew, are none.
func otherPrices(old, fresh pricing.Quote) []pricing.Change {
	all := pricing.Diff(old, fresh)
	counted := make(map[LineID]bool)
	for _, c := range all {
		if c.What == pricing.QuantityChanged {
			counted[c.Line] = true
		}
	}
	return slices.DeleteFunc(all, func(c pricing.Change) bool {
		switch c.What {
		case pricing.LineAdded, pricing.ProductChanged, pricing.SKUChanged, pricing.ListChanged, pricing.PriceChanged, pricing.StatedChanged, pricing.RateChanged,
			pricing.AdjustmentChanged:
			return false
		case pricing.NetChanged, pricing.DiscountChanged:
			return counted[c.Line]
		}
		return true
	})
}

// checkAddresses lists what the addresses of an order lack. A VAT id that the
// partner's checks found invalid is none.
func (s *Service) checkAddresses(o Order, p partner.Partner) error {
	var is fault.Issues
	is.AddUnder("ship_to", o.ShipTo.Check())
	var need []partner.Need
	invalid := func(id string) bool { return p.VATStatus(id) == partner.VATInvalid }
	if !s.noVAT && (o.ShipTo.VATID == "" || invalid(o.ShipTo.VATID)) {
		need = append(need, partner.NeedVATID)
	}
	buyer := o.Customer.Counterparty
	is.AddUnder("counterparty", buyer.Check(need...))
	if len(need) > 0 && invalid(buyer.VATID) {
		is.Add("counterparty.vat_id", "vat_id.invalid", "was found invalid")
	}
	return is.Err(partner.ErrAddressIncomplete)
}

// buyer reads the partner, for what is known of his VAT ids; zero where no guard
// asks for them.
func (s *Service) buyer(ctx context.Context, tx Tx, o Order) (partner.Partner, error) {
	if s.noVAT || !o.Editable() {
		return partner.Partner{}, nil
	}
	return tx.Partners().Get(ctx, o.Customer.Partner)
}
