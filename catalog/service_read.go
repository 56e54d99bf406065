package catalog

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one product as the actor may see it: to the partner side (see
// SeesAll) only its own id remains among Referenced, and only the prices of the
// default list among Prices; those of the partner's own lists are in what a
// pricer quotes, as this package does not know which lists are whose. Errors:
// ErrNotFound, also for what the actor may not order.
func (s *Service) Get(ctx context.Context, actor access.Actor, id ID) (Product, error) {
	return ask(ctx, s, actor, id, s.GetTx)
}

// GetTx is Get in the caller's transaction.
func (s *Service) GetTx(ctx context.Context, tx Tx, actor access.Actor, id ID) (Product, error) {
	if err := ctx.Err(); err != nil {
		return Product{}, err
	}
	p, err := tx.Products().Get(ctx, id)
	if err != nil {
		return Product{}, err
	}
	p, ok := s.view(actor, p)
	if !ok {
		return Product{}, ErrNotFound
	}
	return p, nil
}

// GetBySKU is Get by the article number. Errors: ErrNotFound, also for what
// the actor may not order.
func (s *Service) GetBySKU(ctx context.Context, actor access.Actor, sku SKU) (Product, error) {
	return ask(ctx, s, actor, sku, s.GetBySKUTx)
}

// GetBySKUTx is GetBySKU in the caller's transaction.
func (s *Service) GetBySKUTx(ctx context.Context, tx Tx, actor access.Actor, sku SKU) (Product, error) {
	if err := ctx.Err(); err != nil {
		return Product{}, err
	}
	found, err := tx.Products().BySKU(ctx, []SKU{sku})
	if err != nil {
		return Product{}, err
	}
	p, ok := found[sku]
	if ok {
		p, ok = s.view(actor, p)
	}
	if !ok {
		return Product{}, ErrNotFound
	}
	return p, nil
}

// GetMany returns, by id, the products that exist and that the actor may see,
// as Get shows them. At most MaxMany ids: more are ErrInvalid.
func (s *Service) GetMany(ctx context.Context, actor access.Actor, ids []ID) (map[ID]Product, error) {
	return ask(ctx, s, actor, ids, s.GetManyTx)
}

// GetManyTx is GetMany in the caller's transaction.
func (s *Service) GetManyTx(ctx context.Context, tx Tx, actor access.Actor, ids []ID) (map[ID]Product, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(ids) > MaxMany {
		var is fault.Issues
		is.Add("ids", "count.max", "are more than %d", MaxMany)
		return nil, is.Err(ErrInvalid)
	}
	all, err := tx.Products().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]Product, len(all))
	for id, p := range all {
		if seen, ok := s.view(actor, p); ok {
			out[id] = seen
		}
	}
	return out, nil
}

// Find lists products by SKU. To the partner side Query.Buyer is its own
// partner: it finds what it may order, and nothing when it asks for another's.
// An actor that may not read the catalog gets an empty page. Errors:
// uow.ErrPage.
func (s *Service) Find(ctx context.Context, actor access.Actor, q Query) (uow.Page[Header], error) {
	return ask(ctx, s, actor, q, s.FindTx)
}

// FindTx is Find in the caller's transaction.
func (s *Service) FindTx(ctx context.Context, tx Tx, actor access.Actor, q Query) (uow.Page[Header], error) {
	if err := ctx.Err(); err != nil {
		return uow.Page[Header]{}, err
	}
	switch {
	case q.Page.Limit < 0 || q.Page.Limit > uow.MaxPage:
		return uow.Page[Header]{}, uow.ErrPage
	case !s.policy.Everywhere(actor, access.CatalogRead):
		return uow.EmptyPage[Header](q.Page), nil
	case SeesAll(s.policy, actor):
		return tx.Products().Find(ctx, q)
	case q.Buyer != nil && *q.Buyer != actor.Partner:
		return uow.EmptyPage[Header](q.Page), nil
	}
	q.Buyer = &actor.Partner
	return tx.Products().Find(ctx, q)
}
