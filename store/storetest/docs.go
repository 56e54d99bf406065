package storetest

import (
	"context"
	"fmt"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/fault"
	"github.com/comptoir-go/comptoir/order"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store"
)

// kind is one kind of document, without its type, so that a case can go
// through all of them.
type kind struct {
	// name is what refs and conflicts call it.
	name string
	// sample makes a small document; documents of different numbers never
	// clash.
	sample func(n int) any
	// full makes a document with every field set.
	full func(e *env, salt, each int) any
	// twin takes another id and keeps what must be unique; nil when nothing
	// but the id is.
	twin func(v any, id string) any
	// rename takes another id.
	rename func(v any, id string) any
	// edit changes a field that nothing else depends on.
	edit    func(v any, n int) any
	id      func(v any) string
	version func(v any) int64
	at      func(v any, version int64) any
	get     func(ctx context.Context, tx store.Tx, id string) (any, error)
	save    func(ctx context.Context, tx store.Tx, v any) (any, error)
	// remove is nil for what cannot be deleted.
	remove func(ctx context.Context, tx store.Tx, id string, version int64) error
	// settle and empty are settled and emptied for the kind's type.
	settle, empty func(v any) any
	notFound      *fault.Error
	exists        *fault.Error
}

// typed is the part of a kind that needs its type.
type typed[V any] struct {
	sample   func(n int) V
	head     func(v *V) (id *string, version *int64)
	edit     func(v *V, n int)
	twin     func(v *V)
	get      func(ctx context.Context, tx store.Tx, id string) (V, error)
	save     func(ctx context.Context, tx store.Tx, v V) (V, error)
	notFound *fault.Error
	exists   *fault.Error
}

func kindOf[V any](name string, t typed[V]) kind {
	k := kind{
		name:   name,
		sample: func(n int) any { return t.sample(n) },
		full: func(e *env, salt, each int) any {
			v := filled[V](e, salt, each)
			_, version := t.head(&v)
			*version = 0
			return v
		},
		rename:  func(v any, to string) any { x := v.(V); id, _ := t.head(&x); *id = to; return x },
		edit:    func(v any, n int) any { x := v.(V); t.edit(&x, n); return x },
		id:      func(v any) string { x := v.(V); id, _ := t.head(&x); return *id },
		version: func(v any) int64 { x := v.(V); _, n := t.head(&x); return *n },
		at:      func(v any, version int64) any { x := v.(V); _, n := t.head(&x); *n = version; return x },
		get: func(ctx context.Context, tx store.Tx, id string) (any, error) {
			v, err := t.get(ctx, tx, id)
			return v, err
		},
		save: func(ctx context.Context, tx store.Tx, v any) (any, error) {
			out, err := t.save(ctx, tx, v.(V))
			return out, err
		},
		settle:   func(v any) any { return settled(v.(V)) },
		empty:    func(v any) any { return emptied(v.(V)) },
		notFound: t.notFound, exists: t.exists,
	}
	if t.twin != nil {
		k.twin = func(v any, id string) any {
			x := v.(V)
			old, _ := t.head(&x)
			*old = id
			t.twin(&x)
			return x
		}
	}
	return k
}

// kinds are all kinds of documents that a store.Tx keeps.
func kinds() []kind {
	partners := kindOf(partner.DocKind, typed[partner.Partner]{
		sample: samplePartner,
		head:   func(p *partner.Partner) (*string, *int64) { return (*string)(&p.ID), &p.Version },
		edit:   func(p *partner.Partner, n int) { p.Region = fmt.Sprint("region ", n) },
		twin:   func(*partner.Partner) {},
		get: func(ctx context.Context, tx store.Tx, id string) (partner.Partner, error) {
			return tx.Partners().Get(ctx, partner.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, p partner.Partner) (partner.Partner, error) {
			return tx.Partners().Save(ctx, p)
		},
		notFound: partner.ErrNotFound, exists: partner.ErrExists,
	})
	products := kindOf(catalog.DocKind, typed[catalog.Product]{
		sample: sampleProduct,
		head:   func(p *catalog.Product) (*string, *int64) { return (*string)(&p.ID), &p.Version },
		edit:   func(p *catalog.Product, n int) { p.Unit = fmt.Sprint("U", n) },
		twin:   func(*catalog.Product) {},
		get: func(ctx context.Context, tx store.Tx, id string) (catalog.Product, error) {
			return tx.Products().Get(ctx, catalog.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, p catalog.Product) (catalog.Product, error) {
			return tx.Products().Save(ctx, p)
		},
		notFound: catalog.ErrNotFound, exists: catalog.ErrExists,
	})
	stock := kindOf(catalog.AvailabilityKind, typed[catalog.Availability]{
		sample: sampleStock,
		head:   func(a *catalog.Availability) (*string, *int64) { return (*string)(&a.Product), &a.Version },
		edit:   func(a *catalog.Availability, n int) { a.OnHand = quantity(n) },
		get:    getStock,
		save: func(ctx context.Context, tx store.Tx, a catalog.Availability) (catalog.Availability, error) {
			return tx.Products().SaveAvailability(ctx, a)
		},
		notFound: catalog.ErrNotFound, exists: catalog.ErrExists,
	})
	carts := kindOf(cart.DocKind, typed[cart.Cart]{
		sample: sampleCart,
		head:   func(c *cart.Cart) (*string, *int64) { return (*string)(&c.ID), &c.Version },
		edit:   func(c *cart.Cart, n int) { c.Note = fmt.Sprint("note ", n) },
		twin:   func(c *cart.Cart) {},
		get: func(ctx context.Context, tx store.Tx, id string) (cart.Cart, error) {
			return tx.Carts().Get(ctx, cart.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, c cart.Cart) (cart.Cart, error) {
			return tx.Carts().Save(ctx, c)
		},
		notFound: cart.ErrNotFound, exists: cart.ErrExists,
	})
	carts.remove = func(ctx context.Context, tx store.Tx, id string, version int64) error {
		return tx.Carts().Delete(ctx, cart.ID(id), version)
	}
	orders := kindOf(order.DocKind, typed[order.Order]{
		sample: sampleOrder,
		head:   func(o *order.Order) (*string, *int64) { return (*string)(&o.ID), &o.Version },
		edit:   func(o *order.Order, n int) { o.Note = fmt.Sprint("note ", n) },
		twin:   func(*order.Order) {},
		get: func(ctx context.Context, tx store.Tx, id string) (order.Order, error) {
			return tx.Orders().Get(ctx, order.ID(id))
		},
		save: func(ctx context.Context, tx store.Tx, o order.Order) (order.Order, error) {
			return tx.Orders().Save(ctx, o)
		},
		notFound: order.ErrNotFound, exists: order.ErrExists,
	})
	orders.remove = func(ctx context.Context, tx store.Tx, id string, version int64) error {
		return tx.Orders().Delete(ctx, order.ID(id), version)
	}
	return append([]kind{partners, products, stock, carts, orders}, laterKinds()...)
}

func getStock(ctx context.Context, tx store.Tx, id string) (catalog.Availability, error) {
	m, err := tx.Products().Availability(ctx, []catalog.ID{catalog.ID(id)})
	if err != nil {
		return catalog.Availability{}, err
	}
	a, ok := m[catalog.ID(id)]
	if !ok {
		return catalog.Availability{}, catalog.ErrNotFound
	}
	return a, nil
}
