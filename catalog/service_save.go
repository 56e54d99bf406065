package catalog

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/uow"
)

// SaveInput asks for a product to be created or replaced.
type SaveInput struct {
	// Key makes repeats safe; optional.
	Key string `json:"key,omitempty"`
	// Product of Version 0 is new (an empty ID is made up); otherwise the one
	// of that Version is replaced. Its times are set here, except that the
	// CreatedAt of a new product is kept when given.
	Product Product `json:"product"`
}

// Save creates or replaces a product and returns it with its Version.
//
// It needs access.CatalogEdit. Errors: ErrInvalid with all issues, ErrExists,
// ErrNotFound, uow.ErrVersion, uow.ErrKeyReused, access.ErrForbidden.
func (s *Service) Save(ctx context.Context, actor access.Actor, in SaveInput) (Product, error) {
	return update(ctx, s, actor, in, s.SaveTx)
}

// SaveTx is Save in the caller's transaction.
func (s *Service) SaveTx(ctx context.Context, tx Tx, actor access.Actor, in SaveInput) (Product, error) {
	if err := s.reads(ctx, actor); err != nil {
		return Product{}, err
	}
	in.Product = in.Product.normal()
	return uow.Once(ctx, tx.Keys(), scope("save", actor), in.Key, in, func() (Product, error) {
		list, err := s.versioned(ctx, tx, actor, []Product{in.Product})
		if err != nil {
			return Product{}, err
		}
		if err := s.mayEdit(actor); err != nil {
			return Product{}, err
		}
		if err := list[0].Validate(); err != nil {
			return Product{}, err
		}
		return s.save(ctx, tx, actor, list[0])
	})
}

// SaveManyInput asks for products to be created or replaced together.
type SaveManyInput struct {
	// Key makes repeats safe; optional.
	Key string `json:"key,omitempty"`
	// Products are 1 to MaxMany, each as in SaveInput.
	Products []Product `json:"products"`
}

// Saved is what SaveMany answers for one product.
type Saved struct {
	ID      ID    `json:"id"`
	SKU     SKU   `json:"sku"`
	Version int64 `json:"version"`
}

// SaveMany creates or replaces products, all or none, and answers in their
// order.
//
// It needs access.CatalogEdit. Errors as Save; the issues of every product are
// in one ErrInvalid under its place: "products[3].sku".
func (s *Service) SaveMany(ctx context.Context, actor access.Actor, in SaveManyInput) ([]Saved, error) {
	return update(ctx, s, actor, in, s.SaveManyTx)
}

// SaveManyTx is SaveMany in the caller's transaction.
func (s *Service) SaveManyTx(ctx context.Context, tx Tx, actor access.Actor, in SaveManyInput) ([]Saved, error) {
	if err := s.reads(ctx, actor); err != nil {
		return nil, err
	}
	if err := checkCount("products", len(in.Products)); err != nil {
		return nil, err
	}
	normal := make([]Product, len(in.Products))
	for i, p := range in.Products {
		normal[i] = p.normal()
	}
	in.Products = normal
	return uow.Once(ctx, tx.Keys(), scope("save_many", actor), in.Key, in, func() ([]Saved, error) {
		list, err := s.versioned(ctx, tx, actor, normal)
		if err != nil {
			return nil, err
		}
		if err := s.mayEdit(actor); err != nil {
			return nil, err
		}
		if err := checkMany(list); err != nil {
			return nil, err
		}
		out := make([]Saved, len(list))
		for i, p := range list {
			saved, err := s.save(ctx, tx, actor, p)
			if err != nil {
				return nil, err
			}
			out[i] = Saved{ID: saved.ID, SKU: saved.SKU, Version: saved.Version}
		}
		return out, nil
	})
}

// checkMany validates every product and finds ids and article numbers that
// are there twice.
func checkMany(list []Product) error {
	var is fault.Issues
	byID, bySKU := make(map[ID]int, len(list)), make(map[SKU]int, len(list))
	for i, p := range list {
		path := indexed("products", i)
		is.AddUnder(path, p.Validate())
		if j, ok := byID[p.ID]; ok {
			is.Add(path+".id", "id.twice", "is that of product %d of the same input", j)
		}
		if j, ok := bySKU[p.SKU]; ok && p.SKU != "" {
			is.Add(path+".sku", "sku.twice", "is that of product %d of the same input", j)
		}
		byID[p.ID], bySKU[p.SKU] = i, i
	}
	return is.Err(ErrInvalid)
}

func checkCount(path string, n int) error {
	var is fault.Issues
	switch {
	case n == 0:
		is.Add(path, "required", "is missing")
	case n > MaxMany:
		is.Add(path, "count.max", "are more than %d", MaxMany)
	}
	return is.Err(ErrInvalid)
}

// versioned fills in ids and times of copies and refuses stale versions. What
// is to be replaced is read in one round trip, and is not there when the actor
// does not see it; what is new is not looked for.
func (s *Service) versioned(ctx context.Context, tx Tx, actor access.Actor, products []Product) ([]Product, error) {
	var old []ID
	for _, p := range products {
		if p.Version != 0 {
			old = append(old, p.ID)
		}
	}
	prior := map[ID]Product{}
	if len(old) > 0 {
		var err error
		if prior, err = tx.Products().GetMany(ctx, old); err != nil {
			return nil, err
		}
	}
	now := s.now()
	out := make([]Product, len(products))
	for i, p := range products {
		before, found := prior[p.ID]
		if found {
			_, found = s.view(actor, before)
		}
		switch {
		case p.Version != 0 && !found:
			return nil, ErrNotFound.With("there is no product %q to replace", p.ID)
		case p.Version != before.Version && p.Version != 0:
			return nil, uow.Conflict(DocKind, string(p.ID), p.Version, before.Version)
		case p.Version != 0:
			p.CreatedAt = before.CreatedAt
		case p.CreatedAt.IsZero():
			p.CreatedAt = now
		default:
			p.CreatedAt = clock.Cut(p.CreatedAt)
		}
		if p.ID == "" {
			p.ID = ID(s.newID())
		}
		p.UpdatedAt = now
		out[i] = p
	}
	return out, nil
}

func (s *Service) save(ctx context.Context, tx Tx, actor access.Actor, p Product) (Product, error) {
	saved, err := tx.Products().Save(ctx, p)
	if err != nil {
		return Product{}, err
	}
	fact := ProductSaved{ID: saved.ID, SKU: saved.SKU, New: p.Version == 0, By: actor.ID}
	return saved, s.announce(ctx, tx, DocKind+"/"+string(saved.ID), saved.Version, saved.UpdatedAt, fact)
}
