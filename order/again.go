package order

import (
	"context"
	"errors"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// How says what of an order is used again.
type How string

// The ways of A18 R12 to R14. All of them keep who buys and where the goods
// go.
const (
	// Reorder takes the same lines and, when it is ordered, the same files.
	Reorder How = "reorder"
	// Duplicate takes the same lines; other files are attached later.
	Duplicate How = "duplicate"
	// NewFrom takes no lines: another order for the same customer.
	NewFrom How = "new_from"
)

// AgainInput makes a cart of an order.
type AgainInput struct {
	Key   string `json:"key,omitempty"`
	Order ID     `json:"order"`
	How   How    `json:"how"`
	// Cart is the new cart's name; without one it is the order's title or
	// reference, with a counter where that name is taken.
	Cart string `json:"cart,omitempty"`
}

// AgainResult is the new cart and what could not be taken over.
type AgainResult struct {
	Cart cart.Cart   `json:"cart"`
	Left []cart.Left `json:"left,omitempty"`
}

// Again makes a cart of the partner's from one of its orders, in any state.
// Lines keep product, ordered quantity and note, not their service ticket;
// prices are those of today. A line that can no longer be ordered stays behind
// with the reason; when that is all of them, there is no cart. Reordering marks
// the cart: the order made from it names the first one in CopyOf.
//
// Errors, in order of the checks: ErrNotFound; uow.ErrKeyReused; ErrInvalid for
// an unknown How; those of cart.Service.FromOrderTx, among them
// access.ErrForbidden, cart.ErrInactive, cart.ErrLines, cart.ErrExists and
// cart.ErrLimit.
func (s *Service) Again(ctx context.Context, a access.Actor, in AgainInput) (AgainResult, error) {
	return uow.Do(ctx, s.run, func(ctx context.Context, tx Tx) (AgainResult, error) { return s.AgainTx(ctx, tx, a, in) })
}

// AgainTx is Again inside a transaction of the caller's. An error means that
// the transaction has to be abandoned.
func (s *Service) AgainTx(ctx context.Context, tx Tx, a access.Actor, in AgainInput) (AgainResult, error) {
	o, err := s.see(ctx, tx, a, in.Order)
	if err != nil {
		return AgainResult{}, err
	}
	return uow.Once(ctx, tx.Keys(), scope("again", a), in.Key, in, func() (AgainResult, error) {
		to := o.ShipTo
		from := cart.FromOrder{Partner: o.Customer.Partner, Name: in.Cart, Like: o.Title, Currency: o.Currency,
			Terms:  cart.Terms{Counterparty: o.Customer.Counterparty.ID, ShipTo: &to, Delivery: o.Delivery},
			Origin: cart.Origin{Order: o.ID, Files: in.How == Reorder}}
		if from.Like == "" {
			from.Like = string(o.Ref)
		}
		switch in.How {
		case Reorder, Duplicate:
			from.Lines = o.asCart().Lines
		case NewFrom:
		default:
			var is fault.Issues
			is.Add("how", "unknown", "%q is no way to use an order again", in.How)
			return AgainResult{}, is.Err(ErrInvalid)
		}
		c, left, err := s.carts.FromOrderTx(ctx, tx, a, from)
		return AgainResult{Cart: c, Left: left}, err
	})
}

// inherit gives a new order what it has of the one that its cart was made
// from: the reference to it, and for a reorder its files. An order that is gone
// leaves the reference alone.
func (s *Service) inherit(ctx context.Context, tx Tx, o *Order, from *cart.Origin) error {
	if from == nil {
		return nil
	}
	o.CopyOf = from.Order
	if !from.Files {
		return nil
	}
	old, err := tx.Orders().Get(ctx, from.Order)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if old.Customer.Partner == o.Customer.Partner {
		s.copyFiles(o, old)
	}
	return nil
}

// copyFiles copies the files of an order as they are, with who attached and who
// certified them. A file of a line goes to the line of the same product, in
// order; where that line was not ordered again it stays behind.
func (s *Service) copyFiles(o *Order, old Order) {
	lines := o.matching(old)
	for _, f := range old.Files {
		line, ok := lines[f.Line]
		if f.Line != "" && !ok {
			continue
		}
		f.ID, f.Line = FileID(s.newID()), line
		o.Files = append(o.Files, f)
	}
}

// matching finds to each line of an older order the line that repeats it.
func (o Order) matching(old Order) map[LineID]LineID {
	byProduct := make(map[catalog.ID][]LineID, len(o.Lines))
	for _, l := range o.Lines {
		byProduct[l.Product] = append(byProduct[l.Product], l.ID)
	}
	out := make(map[LineID]LineID, len(old.Lines))
	for _, l := range old.Lines {
		if free := byProduct[l.Product]; len(free) > 0 {
			out[l.ID], byProduct[l.Product] = free[0], free[1:]
		}
	}
	return out
}
