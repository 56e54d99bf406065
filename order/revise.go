package order

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
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
	Add     []LineAdd    `json:"add,omitempty"`
	// Counterparty is the legal entity that buys; naming the same one again
	// takes over what was completed in it since, and the partner's type.
	Counterparty *partner.CounterpartyID `json:"counterparty,omitempty"`
	// ShipTo replaces the address.
	ShipTo *partner.Address `json:"ship_to,omitempty"`
	// Delivery replaces the terms of delivery.
	Delivery   *string `json:"delivery,omitempty"`
	CustomerNo *string `json:"customer_no,omitempty"`
	Note       *string `json:"note,omitempty"`
	Direct     *bool   `json:"direct,omitempty"`
	// Seal and AsOf accept the figures of *pricing.Moved.Fresh: its Seal and
	// its At.
	Seal string    `json:"seal,omitempty"`
	AsOf time.Time `json:"as_of,omitzero"`
}

// LineChange changes one line. Nil fields stay.
type LineChange struct {
	Line     LineID          `json:"line"`
	Quantity *money.Quantity `json:"quantity,omitempty"`
	Note     *string         `json:"note,omitempty"`
	Remove   bool            `json:"remove,omitempty"`
}

// LineAdd adds a line.
type LineAdd struct {
	Product  catalog.ID     `json:"product"`
	Quantity money.Quantity `json:"quantity"`
	Note     string         `json:"note,omitempty"`
}

// The bounds of texts, in characters.
const (
	maxNote       = 2000
	maxCustomerNo = 100
	maxTitle      = 200
	maxSource     = 60
)

// Revise changes lines, address, legal entity, notes and the buyer's number of
// an order until it is validated. What does not change anything answers the
// order as it is.
//
// Tax is that of the legal entity and the type of customer as the order has them,
// and of what is known of the entity's VAT id by now. New quantities, lines, destinations, terms of delivery and entities are priced as of the order's
// own quote; where that is no longer possible, as of now. Whatever moves a
// unit price, a discount or a tax rate, or adds a line, is answered by
// *pricing.Moved first, and done when Seal and AsOf accept it: a price never
// changes silently. A discount code that takes nothing off any more leaves the
// order and its use is free again, unless its campaign keeps it.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused;
// uow.ErrVersion; ErrLocked; access.ErrForbidden; ErrInvalid with every issue;
// cart.ErrInactive; partner.ErrAddressIncomplete for an order that is
// submitted; cart.ErrLines for lines that can no longer be ordered;
// *pricing.Moved and what the pricer answers; cart.ErrMinimum; with a pricer
// that is not pure, whatever needs a price is cart.ErrPricer.
func (s *Service) Revise(ctx context.Context, a access.Actor, in ReviseInput) (Order, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Order, error) { return s.ReviseTx(ctx, tx, a, in) })
}

// ReviseTx is Revise inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) ReviseTx(ctx context.Context, tx Tx, a access.Actor, in ReviseInput) (Order, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return Order{}, err
	}
	return s.shown(a)(uow.Once(ctx, tx.Keys(), scope("revise", a), in.Key, in, func() (Order, error) {
		if err := at(o, in.Version); err != nil {
			return Order{}, err
		}
		if !o.Editable() {
			return Order{}, ErrLocked
		}
		if err := s.policy.Check(a, access.OrderEdit, access.OrderRead, owner(o), ErrNotFound); err != nil {
			return Order{}, err
		}
		return s.revise(ctx, tx, a, o, in)
	}))
}

func (s *Service) revise(ctx context.Context, tx Tx, a access.Actor, o Order, in ReviseInput) (Order, error) {
	p, err := tx.Partners().Get(ctx, o.Customer.Partner)
	if err != nil {
		return Order{}, err
	}
	if !p.Active {
		return Order{}, cart.ErrInactive
	}
	before := o
	before.Lines = slices.Clone(o.Lines)
	repriced, err := s.apply(ctx, tx, &o, p, in)
	if err != nil {
		return Order{}, err
	}
	if !repriced && reflect.DeepEqual(before, o) {
		return o, nil
	}
	if o.State != Draft {
		if err := s.checkAddresses(o, p); err != nil {
			return Order{}, err
		}
	}
	if repriced {
		if err := s.reprice(ctx, tx, &o, p, in); err != nil {
			return Order{}, err
		}
		if err := s.dropCodes(ctx, tx, &o, a.ID); err != nil {
			return Order{}, err
		}
	}
	if slices.ContainsFunc(o.Lines, func(l Line) bool { return l.Goods != Goods{} }) {
		if err := s.recount(ctx, tx, a, &o); err != nil {
			return Order{}, err
		}
	}
	o.Revision++
	o.note(s.now(), a.Stamp(), "revised", o.State, "revision "+strconv.Itoa(o.Revision))
	var sync *SyncRequested
	if o.State != Draft {
		sync = syncOf(o)
	}
	revised := Revised{About: about(o, a), Revision: o.Revision, Gross: o.Quote.Gross}
	return s.save(ctx, tx, o, sync, append([]event.Payload{revised}, turned(before.Axes(), o, a)...)...)
}

// apply puts the changes into o and reports whether it must be priced anew.
func (s *Service) apply(ctx context.Context, tx Tx, o *Order, p partner.Partner, in ReviseInput) (repriced bool, err error) {
	var is fault.Issues
	repriced = o.change(&is, in.Lines)
	added, err := s.add(ctx, tx, &is, o, p, in.Add)
	if err != nil {
		return false, err
	}
	repriced = repriced || added
	if len(o.Lines) == 0 {
		is.Add("lines", "required", "an order keeps at least one line; delete it instead")
	}
	if in.Counterparty != nil {
		entity, ok := p.Counterparty(*in.Counterparty)
		if !ok {
			is.Add("counterparty", "unknown", "the partner has no such legal entity")
		}
		was := o.Customer.Counterparty
		repriced = repriced || entity.ID != was.ID || entity.VATID != was.VATID || entity.Country != was.Country || p.Type != o.Customer.Type ||
			idMoved(o.Quote.Basis, p, entity) // another answer about a VAT id may have been recorded since
		o.Customer.Counterparty, o.Customer.Code, o.Customer.Type = entity, p.CustomerCode(entity), p.Type
	}
	if in.CustomerNo != nil {
		check.Line(&is, "customer_no", *in.CustomerNo, maxCustomerNo)
		o.CustomerNo = *in.CustomerNo
	}
	if in.Note != nil {
		check.Note(&is, "note", *in.Note, maxNote)
		o.Note = *in.Note
	}
	if in.Direct != nil {
		o.Direct = *in.Direct
	}
	if in.ShipTo != nil {
		to := in.ShipTo.Normal()
		to.ID = ""
		to.CheckText(&is, "ship_to")
		// Tax depends on where the goods go, and so does what bringing them costs.
		was := o.ShipTo
		repriced = repriced || to.Country != was.Country || to.VATID != was.VATID || to.Postcode != was.Postcode || to.Province != was.Province
		o.ShipTo = to
	}
	if in.Delivery != nil {
		check.Line(&is, "delivery", *in.Delivery, cart.MaxDelivery)
		repriced = repriced || *in.Delivery != o.Delivery
		o.Delivery = *in.Delivery
	}
	return repriced, is.Err(ErrInvalid)
}

// idMoved reports whether the VAT id that a calculation was taxed by is known to be
// something else by now, or the entity's own counts and did not, or the other way
// round: where it does not that of the delivery address may stand in.
func idMoved(b *pricing.Basket, p partner.Partner, entity partner.Counterparty) bool {
	if b == nil {
		return false
	}
	counted := b.VATID == entity.VATID && b.VATStatus != partner.VATInvalid
	return p.VATStatus(b.VATID) != b.VATStatus || entity.VATID != "" && counted != (p.VATStatus(entity.VATID) != partner.VATInvalid)
}

// change applies line changes and reports whether quantities moved.
func (o *Order) change(is *fault.Issues, changes []LineChange) (repriced bool) {
	seen := make(map[LineID]bool, len(changes))
	for i, ch := range changes {
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
		l := &o.Lines[at]
		if least := l.used(); least.Sign() > 0 && (ch.Remove || ch.Quantity != nil && ch.Quantity.Cmp(least) < 0) {
			is.Add(path, "used", "%s of line %s is delivered or invoiced already", least, ch.Line)
			continue
		}
		if ch.Remove {
			o.Lines = slices.Concat(o.Lines[:at], o.Lines[at+1:])
			repriced = true
			continue
		}
		if ch.Quantity != nil && *ch.Quantity != l.Quantity {
			l.Quantity, repriced = *ch.Quantity, true
		}
		if ch.Note != nil {
			check.Note(is, path+".note", *ch.Note, maxNote)
			l.Note = *ch.Note
		}
	}
	return repriced
}

// add appends new lines; what may be ordered is checked when they are priced.
func (s *Service) add(ctx context.Context, tx Tx, is *fault.Issues, o *Order, p partner.Partner, adds []LineAdd) (bool, error) {
	if len(adds) == 0 {
		return false, nil
	}
	ids := make([]catalog.ID, len(adds))
	for i, l := range adds {
		ids[i] = l.Product
	}
	products, err := tx.Products().GetMany(ctx, ids)
	if err != nil {
		return false, err
	}
	for i, l := range adds {
		path := "add[" + strconv.Itoa(i) + "]"
		product, ok := products[l.Product]
		if !ok || product.OrderableBy(p.ID) != nil {
			is.Add(path, "catalog.not_found", "there is no such product for this partner")
			continue
		}
		check.Note(is, path+".note", l.Note, maxNote)
		line := lineOf(product, p.Lang)
		// The id follows from the revision, so that asking again gives the same
		// quote and its seal can be accepted.
		line.ID, line.Quantity, line.Note = LineID(fmt.Sprintf("r%d.%d", o.Revision+1, i+1)), l.Quantity, l.Note
		o.Lines = append(o.Lines, line)
	}
	return true, nil
}
