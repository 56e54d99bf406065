package order

import (
	"context"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/fsm"
	"github.com/comptoir-go/comptoir/internal/check"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/uow"
)

// PlaceInput asks to order a cart.
type PlaceInput struct {
	// Key makes the call repeatable: the same key gives the first receipt.
	Key string `json:"key,omitempty"`
	// Cart and Seal name the offer: the seal of the quote the buyer saw. Who
	// buys and where the goods go are the cart's Terms, for which it was priced.
	Cart cart.ID `json:"cart"`
	Seal string  `json:"seal"`
	// Title is what the buyer calls the order, Source the shop or portal it
	// comes through; at most 200 and 60 characters.
	Title  string `json:"title,omitempty"`
	Source string `json:"source,omitempty"`
	// CustomerNo is the buyer's own number, Note goes to the seller; at most
	// 100 and 2000 characters.
	CustomerNo string `json:"customer_no,omitempty"`
	Note       string `json:"note,omitempty"`
	Direct     bool   `json:"direct,omitempty"`
	// AsDraft leaves the order a draft instead of submitting it.
	AsDraft bool `json:"as_draft,omitempty"`
}

// Receipt is what the buyer gets for an order.
type Receipt struct {
	Order    ID           `json:"order"`
	Ref      Ref          `json:"ref"`
	Version  int64        `json:"version"`
	State    State        `json:"state"`
	PlacedAt time.Time    `json:"placed_at"`
	Net      money.Amount `json:"net"`
	Tax      money.Amount `json:"tax"`
	Gross    money.Amount `json:"gross"`
}

// Place turns a cart into an order and empties the cart, in one transaction
// with the number, the events and the relay's work.
//
// Of all who order the same offer exactly one gets an order; the others get
// *cart.AlreadyOrdered (Conflict, cart.already_ordered) naming it.
//
// Errors, in order of the checks: ErrInvalid with every issue of the input;
// cart.ErrNotFound; access.ErrForbidden; uow.ErrKeyReused; those of
// cart.Service.OrderTx, among them cart.ErrNotHolder, cart.ErrSeal,
// cart.ErrExpired, *pricing.CodeRefused, cart.ErrLines, *pricing.Moved (Conflict, pricing.moved) when
// a price moved since the offer, and cart.ErrMinimum;
// partner.ErrAddressIncomplete, unless AsDraft; *fsm.RoleError.
func (s *Service) Place(ctx context.Context, a access.Actor, in PlaceInput) (Receipt, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (Receipt, error) { return s.PlaceTx(ctx, tx, a, in) })
}

// PlaceTx is Place inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) PlaceTx(ctx context.Context, tx Tx, a access.Actor, in PlaceInput) (Receipt, error) {
	if err := in.check(); err != nil {
		return Receipt{}, err
	}
	c, err := tx.Carts().Get(ctx, in.Cart)
	if err != nil {
		return Receipt{}, err
	}
	of := access.Owner{Partner: c.Partner}
	if err := s.policy.Check(a, access.OrderPlace, access.CartRead, of, cart.ErrNotFound); err != nil {
		return Receipt{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("place", a), in.Key, in, func() (Receipt, error) {
		ready, err := s.carts.OrderTx(ctx, tx, a, cart.OrderInput{Cart: in.Cart, Seal: in.Seal})
		if err != nil {
			return Receipt{}, err
		}
		return s.place(ctx, tx, a, in, ready)
	})
}

func (in PlaceInput) check() error {
	var is fault.Issues
	check.Line(&is, "title", in.Title, maxTitle)
	check.Line(&is, "source", in.Source, maxSource)
	check.Line(&is, "customer_no", in.CustomerNo, maxCustomerNo)
	check.Note(&is, "note", in.Note, maxNote)
	if in.Cart == "" {
		is.Add("cart", "required", "name the cart")
	}
	if in.Seal == "" {
		is.Add("seal", "required", "recalculate the cart and send the seal of its quote")
	}
	return is.Err(ErrInvalid)
}

func (s *Service) place(ctx context.Context, tx Tx, a access.Actor, in PlaceInput, ready cart.Ready) (Receipt, error) {
	now := s.now()
	p := ready.Partner
	buyer, to, err := ready.Cart.Terms.Resolve(p)
	if err != nil {
		return Receipt{}, err
	}
	o := Order{
		ID: ID(s.newID()), Currency: ready.Cart.Currency, Quote: ready.Quote, Lines: linesOf(ready, p.Lang),
		Title: in.Title, Source: in.Source, Language: p.Lang, Policy: s.invoice,
		CustomerNo: in.CustomerNo, Note: in.Note, Direct: in.Direct, Cart: ready.Cart.ID,
		InsertedBy: a.Stamp(), PlacedAt: now, Revision: 1,
		Customer: Customer{Partner: p.ID, Number: p.Number, Name: p.Name, Type: p.Type, Counterparty: buyer, Code: p.CustomerCode(buyer)},
		ShipTo:   to, Delivery: ready.Cart.Terms.Delivery, Codes: ready.Codes,
	}
	if o.Note == "" {
		o.Note = ready.Cart.Note
	}
	on := opWrite
	if !in.AsDraft {
		on = opPlace
		if err := s.checkAddresses(o, p); err != nil {
			return Receipt{}, err
		}
	}
	step, err := s.life.Open(on, a.Roles, Facts{Gaps: s.gaps(o, p)})
	if err != nil {
		return Receipt{}, err
	}
	o.State = step.To
	o.note(now, a.Stamp(), "placed", "", "")

	if err := s.inherit(ctx, tx, &o, ready.Cart.Origin); err != nil {
		return Receipt{}, err
	}

	// The number last: its counter is locked from here to the commit.
	local := now.In(s.zone)
	seq, err := tx.Counters().Next(ctx, s.numbers.Series(p.Number, local))
	if err != nil {
		return Receipt{}, err
	}
	o.Ref = s.numbers.Ref(p.Number, local, seq)
	done := cart.Ordered{Order: o.ID, Ref: string(o.Ref), Seal: in.Seal, By: a.Stamp(), At: now}
	if err := s.carts.EmptyTx(ctx, tx, ready, done); err != nil {
		return Receipt{}, err
	}
	q := o.Quote
	fact := Placed{About: about(o, a), Customer: p.Number, State: o.State, Lines: len(o.Lines), Net: q.Net, Tax: q.Tax, Gross: q.Gross}
	var sync *SyncRequested
	if o.State != Draft {
		sync = syncOf(o)
	}
	saved, err := s.save(ctx, tx, o, sync, fact)
	if err != nil {
		return Receipt{}, err
	}
	return receipt(saved), nil
}

func receipt(o Order) Receipt {
	return Receipt{Order: o.ID, Ref: o.Ref, Version: o.Version, State: o.State, PlacedAt: o.PlacedAt,
		Net: o.Quote.Net, Tax: o.Quote.Tax, Gross: o.Quote.Gross}
}

// linesOf makes the order's lines from the cart's, with the names and units of
// this moment.
func linesOf(ready cart.Ready, lang string) []Line {
	out := make([]Line, len(ready.Cart.Lines))
	for i, l := range ready.Cart.Lines {
		out[i] = lineOf(ready.Products[l.Product], lang)
		out[i].ID, out[i].Quantity, out[i].Note, out[i].Ticket, out[i].Warranty = l.ID, l.Quantity, l.Note, l.Ticket, l.Warranty
	}
	return out
}

func lineOf(p catalog.Product, lang string) Line {
	name, _ := p.Name(lang)
	return Line{Product: p.ID, SKU: p.SKU, Name: name, Unit: p.Unit}
}

// gaps lists what keeps the order from being submitted.
func (s *Service) gaps(o Order, p partner.Partner) []fsm.Problem {
	var is fault.Issues
	if len(o.Lines) == 0 {
		is.Add("lines", "required", "an order has at least one line")
	}
	is.AddUnder("", s.checkAddresses(o, p))
	return is
}
