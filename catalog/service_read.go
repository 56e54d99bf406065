package catalog

import (
	"context"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/uow"
)

// Get returns one product as the actor may see it: to the partner side only
// its own id remains among Referenced, and only the prices of the default list
// among Prices. Errors: ErrNotFound, also for what the actor may not order.
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

// Find lists products by SKU. The partner side finds what it may order; its
// pages may then be shorter than asked for although Next is set. An actor that
// may not read the catalog gets an empty page. Errors: uow.ErrPage.
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
		return uow.Page[Header]{}, nil
	case actor.Seller():
		return tx.Products().Find(ctx, q)
	case q.Online != nil && !*q.Online:
		return emptyPage(q), nil
	}
	online := true
	q.Online = &online
	page, err := s.findOwn(ctx, tx, actor, q)
	if err != nil || !q.Page.Count {
		return page, err
	}
	page.Total, err = s.countOwn(ctx, tx, actor, q)
	return page, err
}

func emptyPage(q Query) uow.Page[Header] {
	var page uow.Page[Header]
	if q.Page.Count {
		page.Total = &uow.Total{}
	}
	return page
}

// maxRounds bounds how many pages of the store one page of a partner reads.
const maxRounds = 10

// findOwn fills a page with what the actor's partner may order.
func (s *Service) findOwn(ctx context.Context, tx Tx, actor access.Actor, q Query) (uow.Page[Header], error) {
	size := q.Page.Size()
	q.Page.Count = false
	var page uow.Page[Header]
	for range maxRounds {
		// Never more than still fit, so that Next continues where the page ends.
		q.Page.Limit = size - len(page.Rows)
		part, err := tx.Products().Find(ctx, q)
		if err != nil {
			return uow.Page[Header]{}, err
		}
		rows, err := s.ownRows(ctx, tx, actor, part.Rows)
		if err != nil {
			return uow.Page[Header]{}, err
		}
		page.Rows = append(page.Rows, rows...)
		page.Next = part.Next
		if page.Next == "" || len(page.Rows) >= size {
			break
		}
		q.Page.After = page.Next
	}
	return page, nil
}

// countOwn counts what the actor's partner may order, exact up to
// uow.MaxCount and as long as no more than twice as many must be looked at.
func (s *Service) countOwn(ctx context.Context, tx Tx, actor access.Actor, q Query) (*uow.Total, error) {
	total := &uow.Total{}
	q.Page = uow.PageRequest{Limit: uow.MaxPage}
	for looked := 0; ; {
		part, err := tx.Products().Find(ctx, q)
		if err != nil {
			return nil, err
		}
		rows, err := s.ownRows(ctx, tx, actor, part.Rows)
		if err != nil {
			return nil, err
		}
		total.N += len(rows)
		looked += len(part.Rows)
		switch {
		case total.N > uow.MaxCount:
			return &uow.Total{N: uow.MaxCount, AtLeast: true}, nil
		case part.Next == "":
			return total, nil
		case looked >= 2*uow.MaxCount:
			total.AtLeast = true
			return total, nil
		}
		q.Page.After = part.Next
	}
}

// ownRows keeps the rows of what the actor's partner may order; who references
// a product stands only in the product itself.
func (s *Service) ownRows(ctx context.Context, tx Tx, actor access.Actor, rows []Header) ([]Header, error) {
	var unsure []ID
	for _, h := range rows {
		if h.Sale == SaleReferenced {
			unsure = append(unsure, h.ID)
		}
	}
	var referenced map[ID]Product
	if len(unsure) > 0 {
		var err error
		if referenced, err = tx.Products().GetMany(ctx, unsure); err != nil {
			return nil, err
		}
	}
	var out []Header
	for _, h := range rows {
		p, asked := referenced[h.ID]
		if !asked {
			p = Product{Online: h.Online, Sale: h.Sale}
		}
		if p.sellableTo(actor.Partner) {
			out = append(out, h)
		}
	}
	return out, nil
}
