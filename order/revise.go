package order

import (
	"context"
	"slices"
	"strconv"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// ReviseInput changes an order that is not validated yet. Nil fields stay.
type ReviseInput struct {
	Key     string       `json:"key,omitempty"`
	Order   ID           `json:"order"`
	Version int64        `json:"version,omitempty"` // 0 expects any
	Lines   []LineChange `json:"lines,omitempty"`
	// ShipTo replaces the address.
	ShipTo     *partner.Address `json:"ship_to,omitempty"`
	CustomerNo *string          `json:"customer_no,omitempty"`
	Note       *string          `json:"note,omitempty"`
	// Seal accepts the figures of *pricing.Moved.Fresh when lines that were
	// not touched changed their price.
	Seal string `json:"seal,omitempty"`
}

// LineChange changes one line. Nil fields stay.
type LineChange struct {
	Line     LineID          `json:"line"`
	Quantity *money.Quantity `json:"quantity,omitempty"`
	Note     *string         `json:"note,omitempty"`
	Remove   bool            `json:"remove,omitempty"`
}

// Revise changes lines, address, notes and the buyer's number of an order
// until it is validated. Changed quantities are priced as of the order's own
// quote; when that moves a line that was not touched the answer is
// *pricing.Moved, and nothing changes unless in.Seal accepts it.
//
// Errors: ErrNotFound, uow.ErrVersion, ErrLocked, access.ErrForbidden,
// ErrInvalid with every issue, partner.address_incomplete, *pricing.Moved; with
// a pricer that is not pure, changed quantities are cart.ErrPricer.
func (s *Service) Revise(ctx context.Context, a access.Actor, in ReviseInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.ReviseTx(ctx, tx, a, in) })
}

// ReviseTx is Revise inside a transaction of the caller's.
func (s *Service) ReviseTx(ctx context.Context, tx Tx, a access.Actor, in ReviseInput) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("revise", a), in.Key, in, func() (Order, error) {
		if err := s.mayEdit(o, a, in.Version); err != nil {
			return Order{}, err
		}
		repriced, err := s.apply(&o, in)
		if err != nil {
			return Order{}, err
		}
		if repriced {
			if err := s.reprice(ctx, tx, &o, in); err != nil {
				return Order{}, err
			}
		}
		o.Revision++
		o.note(s.now(), a.Stamp(), "revised", o.State, "revision "+strconv.Itoa(o.Revision))
		var sync *SyncRequested
		if o.State != Draft {
			sync = syncOf(o)
		}
		return s.save(ctx, tx, o, sync, Revised{Order: o.ID, Ref: o.Ref, Revision: o.Revision, Gross: o.Quote.Gross})
	})
}

func (s *Service) mayEdit(o Order, a access.Actor, version int64) error {
	if err := at(o, version); err != nil {
		return err
	}
	if !o.Editable() {
		return ErrLocked
	}
	return s.policy.Check(a, access.OrderEdit, access.OrderRead, owner(o), ErrNotFound)
}

// apply puts the changes into o and reports whether it must be priced anew.
func (s *Service) apply(o *Order, in ReviseInput) (repriced bool, err error) {
	var is fault.Issues
	seen := make(map[LineID]bool, len(in.Lines))
	for i, ch := range in.Lines {
		path := "lines[" + strconv.Itoa(i) + "]"
		at := slices.IndexFunc(o.Lines, func(l Line) bool { return l.ID == ch.Line })
		switch {
		case seen[ch.Line]:
			is.Add(path, "repeated", "line %s is named twice", ch.Line)
			continue
		case at < 0:
			is.Add(path, "unknown", "the order has no line %s", ch.Line)
			continue
		}
		seen[ch.Line] = true
		if ch.Remove {
			o.Lines = slices.Delete(o.Lines, at, at+1)
			repriced = true
			continue
		}
		l := &o.Lines[at]
		if ch.Quantity != nil && *ch.Quantity != l.Quantity {
			l.Quantity, repriced = *ch.Quantity, true
		}
		if ch.Note != nil {
			check.Note(&is, path+".note", *ch.Note, 2000)
			l.Note = *ch.Note
		}
	}
	if len(o.Lines) == 0 {
		is.Add("lines", "required", "an order keeps at least one line; delete it instead")
	}
	if in.CustomerNo != nil {
		check.Note(&is, "customer_no", *in.CustomerNo, 100)
		o.CustomerNo = *in.CustomerNo
	}
	if in.Note != nil {
		check.Note(&is, "note", *in.Note, 2000)
		o.Note = *in.Note
	}
	if err := is.Err(ErrInvalid); err != nil {
		return false, err
	}
	if in.ShipTo != nil {
		// Tax depends on where the goods go.
		repriced = repriced || in.ShipTo.Country != o.ShipTo.Country
		o.ShipTo = *in.ShipTo
		o.ShipTo.ID = ""
		return repriced, s.checkAddresses(*o)
	}
	return repriced, nil
}

// reprice quotes the changed lines as of the order's own quote. A change in
// lines that nobody touched has to be accepted first.
func (s *Service) reprice(ctx context.Context, tx Tx, o *Order, in ReviseInput) error {
	p, err := tx.Partners().Get(ctx, o.Customer.Partner)
	if err != nil {
		return err
	}
	fresh, err := s.carts.PriceTx(ctx, tx, o.asCart(), p, o.Quote.At)
	if err != nil {
		return err
	}
	if moved := movedBeside(o.Quote, fresh, in.Lines); len(moved) > 0 && in.Seal != fresh.Seal {
		return &pricing.Moved{Changes: moved, Fresh: fresh}
	}
	o.Quote = fresh
	return nil
}

// asCart is the order's content as a cart, for the rules and prices of carts.
func (o Order) asCart() cart.Cart {
	c := cart.Cart{Partner: o.Customer.Partner, Currency: o.Currency,
		Terms: cart.Terms{Counterparty: o.Customer.Counterparty.ID, ShipTo: &o.ShipTo}, Lines: make([]cart.Line, len(o.Lines))}
	for i, l := range o.Lines {
		c.Lines[i] = cart.Line{ID: l.ID, Product: l.Product, SKU: l.SKU, Quantity: l.Quantity, Note: l.Note, Ticket: l.Ticket, Warranty: l.Warranty}
	}
	return c
}

// movedBeside lists price changes in lines that the revision did not name.
func movedBeside(old, fresh pricing.Quote, touched []LineChange) []pricing.Change {
	named := make(map[LineID]bool, len(touched))
	for _, ch := range touched {
		named[ch.Line] = true
	}
	return slices.DeleteFunc(pricing.Diff(old, fresh), func(c pricing.Change) bool { return c.Line == "" || named[c.Line] })
}

// checkAddresses lists what the addresses of an order lack.
func (s *Service) checkAddresses(o Order) error {
	var is fault.Issues
	is.AddUnder("ship_to", o.ShipTo.Check())
	var need []partner.Need
	if !s.noVAT && o.ShipTo.VATID == "" {
		need = append(need, partner.NeedVATID)
	}
	is.AddUnder("counterparty", o.Customer.Counterparty.Check(need...))
	return is.Err(partner.ErrAddressIncomplete)
}

// DeleteInput removes an order that is not validated yet.
type DeleteInput struct {
	Order   ID     `json:"order"`
	Version int64  `json:"version,omitempty"` // 0 expects any
	Reason  string `json:"reason,omitempty"`
}

// Delete removes an order for good, until it is validated; a draft of it in
// the ERP is cancelled by the relay. Its reference is not given again. Deleting
// what is gone already is ErrNotFound. Other errors as for Revise.
func (s *Service) Delete(ctx context.Context, a access.Actor, in DeleteInput) error {
	return s.run.Update(ctx, func(ctx context.Context, tx Tx) error { return s.DeleteTx(ctx, tx, a, in) })
}

// DeleteTx is Delete inside a transaction of the caller's.
func (s *Service) DeleteTx(ctx context.Context, tx Tx, a access.Actor, in DeleteInput) error {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return err
	}
	if err := at(o, in.Version); err != nil {
		return err
	}
	if !o.Editable() {
		return ErrLocked
	}
	if err := s.policy.Check(a, access.OrderCancel, access.OrderRead, owner(o), ErrNotFound); err != nil {
		return err
	}
	if err := tx.Orders().Delete(ctx, o.ID, o.Version); err != nil {
		return err
	}
	o.Version++
	var sync *SyncRequested
	if o.submitted() {
		sync = withdrawal(o, in.Reason)
	}
	return s.tell(ctx, tx, o, sync, Deleted{Order: o.ID, Ref: o.Ref})
}

// DeleteMany deletes many orders as AdvanceMany advances them.
func (s *Service) DeleteMany(ctx context.Context, a access.Actor, reason string, orders []ID) ([]Outcome, error) {
	return s.each(ctx, orders, func(id ID) (Order, error) {
		err := s.Delete(ctx, a, DeleteInput{Order: id, Reason: reason})
		return Order{ID: id}, err
	})
}
