package catalog_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/uow"
)

// fake is a store of one tenant in maps, with roll-back.
type fake struct{ state }

type state struct {
	products map[catalog.ID]catalog.Product
	stock    map[catalog.ID]catalog.Availability
	keys     map[string]claim
	events   []event.Event
}

type claim struct{ input, result []byte }

func newFake() *fake {
	return &fake{state{products: map[catalog.ID]catalog.Product{}, stock: map[catalog.ID]catalog.Availability{},
		keys: map[string]claim{}}}
}

func (f *fake) Products() catalog.Repository { return fakeRepo{f} }
func (f *fake) Outbox() event.Outbox         { return f }
func (f *fake) Keys() uow.Keys               { return f }

func (f *fake) View(ctx context.Context, fn func(context.Context, catalog.Tx) error) error {
	return fn(uow.Mark(ctx), f)
}

func (f *fake) Update(ctx context.Context, fn func(context.Context, catalog.Tx) error) error {
	before := f.state
	f.products, f.stock, f.keys = maps.Clone(f.products), maps.Clone(f.stock), maps.Clone(f.keys)
	if err := fn(uow.Mark(ctx), f); err != nil {
		f.state = before
		return err
	}
	return nil
}

func (f *fake) Append(_ context.Context, topic event.Topic, events ...event.Event) error {
	for _, e := range events {
		if err := e.Check(); err != nil || topic != event.Facts {
			return fmt.Errorf("topic %s: %w", topic, err)
		}
	}
	f.events = slices.Concat(f.events, events)
	return nil
}

func (f *fake) Reserve(_ context.Context, scope, key string, input [sha256.Size]byte) ([]byte, error) {
	c, ok := f.keys[scope+" "+key]
	if !ok {
		f.keys[scope+" "+key] = claim{input: input[:]}
		return nil, nil
	}
	if !bytes.Equal(c.input, input[:]) {
		return nil, uow.ErrKeyReused
	}
	return c.result, nil
}

func (f *fake) Fulfil(_ context.Context, scope, key string, result []byte) error {
	c := f.keys[scope+" "+key]
	f.keys[scope+" "+key] = claim{input: c.input, result: result}
	return nil
}

type fakeRepo struct{ f *fake }

func (r fakeRepo) Get(_ context.Context, id catalog.ID) (catalog.Product, error) {
	p, ok := r.f.products[id]
	if !ok {
		return catalog.Product{}, catalog.ErrNotFound
	}
	return p, nil
}

func (r fakeRepo) GetMany(_ context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Product, error) {
	out := map[catalog.ID]catalog.Product{}
	for _, id := range ids {
		if p, ok := r.f.products[id]; ok {
			out[id] = p
		}
	}
	return out, nil
}

func (r fakeRepo) BySKU(_ context.Context, skus []catalog.SKU) (map[catalog.SKU]catalog.Product, error) {
	out := map[catalog.SKU]catalog.Product{}
	for _, p := range r.f.products {
		if slices.Contains(skus, p.SKU) {
			out[p.SKU] = p
		}
	}
	return out, nil
}

func (r fakeRepo) Save(_ context.Context, p catalog.Product) (catalog.Product, error) {
	old, ok := r.f.products[p.ID]
	for _, x := range r.f.products {
		if x.SKU == p.SKU && x.ID != p.ID || p.Version == 0 && ok {
			return catalog.Product{}, catalog.ErrExists
		}
	}
	if p.Version != old.Version {
		return catalog.Product{}, uow.Conflict(catalog.DocKind, string(p.ID), p.Version, old.Version)
	}
	p.Version++
	r.f.products[p.ID] = p
	return p, nil
}

// Find pages by SKU; the cursor is the last SKU.
func (r fakeRepo) Find(_ context.Context, q catalog.Query) (uow.Page[catalog.Header], error) {
	var all []catalog.Header
	for _, p := range r.f.products {
		if (q.Online == nil || *q.Online == p.Online) && strings.HasPrefix(string(p.SKU), q.SKUPrefix) &&
			(q.Buyer == nil || p.OrderableBy(*q.Buyer) == nil) {
			all = append(all, p.Header())
		}
	}
	slices.SortFunc(all, func(a, b catalog.Header) int { return strings.Compare(string(a.SKU), string(b.SKU)) })
	var page uow.Page[catalog.Header]
	for _, h := range all {
		if string(h.SKU) <= q.Page.After {
			continue
		}
		if len(page.Rows) == q.Page.Size() {
			page.Next = string(page.Rows[len(page.Rows)-1].SKU)
			break
		}
		page.Rows = append(page.Rows, h)
	}
	if q.Page.Count {
		page.Total = &uow.Total{N: len(all)}
	}
	return page, nil
}

func (r fakeRepo) Availability(_ context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Availability, error) {
	out := map[catalog.ID]catalog.Availability{}
	for _, id := range ids {
		if a, ok := r.f.stock[id]; ok {
			out[id] = a
		}
	}
	return out, nil
}

func (r fakeRepo) SaveAvailability(_ context.Context, a catalog.Availability) (catalog.Availability, error) {
	if old := r.f.stock[a.Product]; old.Version != a.Version {
		return catalog.Availability{}, uow.Conflict(catalog.AvailabilityKind, string(a.Product), a.Version, old.Version)
	}
	a.Version++
	r.f.stock[a.Product] = a
	return a, nil
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// options count ids and stop the clock.
func options() *catalog.Options {
	n := 0
	return &catalog.Options{
		Now:   func() time.Time { return noon },
		NewID: func() string { n++; return fmt.Sprintf("id%d", n) },
	}
}

var (
	admin     = access.Actor{ID: "adele", Roles: []access.Role{access.Admin}}
	operator  = access.Actor{ID: "omar", Roles: []access.Role{access.Operator}}
	purchaser = access.Actor{ID: "paula", Partner: "p1", Roles: []access.Role{access.Purchaser}}
	stranger  = access.Actor{ID: "soren", Partner: "p2", Roles: []access.Role{access.Purchaser}}
	unbound   = access.Actor{ID: "uma", Roles: []access.Role{access.Designer}}
)

func eur(text string) money.Price { return money.MustPrice(text, money.EUR) }

func qty(text string) money.Quantity { return money.MustQuantity(text) }

func hinge() catalog.Product {
	return catalog.Product{
		ID: "g1", SKU: "065612405", Names: map[string]string{"en": "Hinge", "fr": "Charnière"}, Unit: "C62",
		Tax: "standard", Sale: catalog.SaleFree, Online: true,
		Family: catalog.Family{Super: "fittings", Family: "hinges"},
		Prices: []catalog.ListPrice{
			{Stated: catalog.Net, Breaks: []catalog.Break{{Price: eur("9.45")}, {From: qty("10"), Price: eur("8.90")}}},
			{List: "PRO", Stated: catalog.Net, Breaks: []catalog.Break{{Price: eur("7.20")}}},
		},
	}
}
