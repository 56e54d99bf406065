package catalog

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// SetAvailabilityInput brings snapshots of stock.
type SetAvailabilityInput struct {
	// Key makes repeats safe; optional.
	Key string `json:"key,omitempty"`
	// Stock is 1 to MaxMany snapshots, one per product. Version is the
	// expected version of the snapshot, 0 for any.
	Stock []Availability `json:"stock"`
}

// SetAvailability keeps snapshots of stock, all or none, and returns what is
// now known, in their order. A snapshot older than the one known (by At)
// changes nothing, so a feed may repeat itself and arrive out of order; one
// that only confirms the figure is kept without an event.
//
// It needs access.CatalogEdit. Errors: ErrInvalid with all issues (a product
// that does not exist is stock[i].product, product.unknown), uow.ErrVersion,
// uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) SetAvailability(ctx context.Context, actor access.Actor, in SetAvailabilityInput) ([]Availability, error) {
	return update(ctx, s, actor, in, s.SetAvailabilityTx)
}

// SetAvailabilityTx is SetAvailability in the caller's transaction.
func (s *Service) SetAvailabilityTx(ctx context.Context, tx Tx, actor access.Actor, in SetAvailabilityInput) ([]Availability, error) {
	if err := s.reads(ctx, actor); err != nil {
		return nil, err
	}
	if err := checkCount("stock", len(in.Stock)); err != nil {
		return nil, err
	}
	stock := make([]Availability, len(in.Stock))
	for i, a := range in.Stock {
		stock[i] = a.normal()
	}
	in.Stock = stock
	return uow.Once(ctx, tx.Keys(), scope("set_availability", actor), in.Key, in, func() ([]Availability, error) {
		return s.setAvailability(ctx, tx, actor, stock)
	})
}

func (s *Service) setAvailability(ctx context.Context, tx Tx, actor access.Actor, stock []Availability) ([]Availability, error) {
	ids := make([]ID, len(stock))
	for i, a := range stock {
		ids[i] = a.Product
	}
	products, err := tx.Products().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	known, err := tx.Products().Availability(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range stock {
		if _, sees := s.view(actor, products[a.Product]); !sees {
			continue // what it knows nothing of has no version for it
		}
		if found := known[a.Product].Version; a.Version != 0 && a.Version != found {
			return nil, uow.Conflict(AvailabilityKind, string(a.Product), a.Version, found)
		}
	}
	if err := s.mayEdit(actor); err != nil {
		return nil, err
	}
	if err := checkStock(stock, products); err != nil {
		return nil, err
	}
	out := make([]Availability, len(stock))
	for i, a := range stock {
		if out[i], err = s.keep(ctx, tx, a, known); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func checkStock(stock []Availability, products map[ID]Product) error {
	var is fault.Issues
	seen := make(map[ID]int, len(stock))
	for i, a := range stock {
		path := indexed("stock", i)
		a.check(&is, path)
		if _, ok := products[a.Product]; !ok && a.Product != "" {
			is.Add(path+".product", "product.unknown", "is no product")
		}
		if j, ok := seen[a.Product]; ok {
			is.Add(path+".product", "product.twice", "is that of snapshot %d of the same input", j)
		}
		seen[a.Product] = i
	}
	return is.Err(ErrInvalid)
}

// keep saves one snapshot unless a newer one is known.
func (s *Service) keep(ctx context.Context, tx Tx, a Availability, known map[ID]Availability) (Availability, error) {
	before, found := known[a.Product]
	if found && !a.At.After(before.At) {
		return before, nil
	}
	a.Version = before.Version
	saved, err := tx.Products().SaveAvailability(ctx, a)
	if err != nil || found && saved.sameFigure(before) {
		return saved, err
	}
	fact := AvailabilityChanged{Product: saved.Product, OnHand: saved.OnHand, Next: saved.Next, At: saved.At}
	return saved, s.announce(ctx, tx, AvailabilityKind+"/"+string(saved.Product), saved.Version, s.now(), fact)
}

// Availability returns the snapshots that exist among the products that the
// actor may see, by product id. At most MaxMany ids: more are ErrInvalid.
func (s *Service) Availability(ctx context.Context, actor access.Actor, ids []ID) (map[ID]Availability, error) {
	return ask(ctx, s, actor, ids, s.AvailabilityTx)
}

// AvailabilityTx is Availability in the caller's transaction.
func (s *Service) AvailabilityTx(ctx context.Context, tx Tx, actor access.Actor, ids []ID) (map[ID]Availability, error) {
	visible, err := s.GetManyTx(ctx, tx, actor, ids)
	if err != nil {
		return nil, err
	}
	known, err := tx.Products().Availability(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]Availability, len(known))
	for id, a := range known {
		if _, ok := visible[id]; ok {
			out[id] = a
		}
	}
	return out, nil
}
