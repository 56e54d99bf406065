package mapping

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// The terms of products.
const (
	// termTag is a product's tag, exact.
	termTag = "tag"
	// termAudience says who may order a product: everyone, or one of the
	// partners by id. Ids have a prefix, so that none of them means everyone.
	termAudience = "audience"
	everyone     = "all"
)

func onePartner(id access.PartnerID) string { return "p:" + string(id) }

var bySKU = engine.Sort{Columns: []string{"sku"}}

var products = &engine.Table{
	Name: "products",
	Kind: catalog.DocKind,
	Columns: []engine.Column{
		{Name: "sku", Type: engine.Text},
		{Name: "names", Type: engine.Text}, // JSON object, language to name
		{Name: "unit", Type: engine.Text},
		{Name: "super", Type: engine.Text, Path: "family.super"},
		{Name: "family", Type: engine.Text, Path: "family.family"},
		{Name: "sub", Type: engine.Text, Path: "family.sub"},
		{Name: "online", Type: engine.Bool},
		{Name: "sale", Type: engine.Text},
		{Name: "spare", Type: engine.Bool},
		{Name: "tax", Type: engine.Text},
		{Name: "created_at", Type: engine.Time},
		{Name: "updated_at", Type: engine.Time},
	},
	Unique: [][]string{{"sku"}},
	Sorts:  []engine.Sort{bySKU},
	Indexes: [][]string{
		{"super", "sku"},
		{"super", "family", "sku"},
		{"super", "family", "sub", "sku"},
		{"online", "sku"},
	},
	Terms:    true,
	NotFound: catalog.ErrNotFound,
	Exists:   catalog.ErrExists,
}

func copyPrices(ps []catalog.ListPrice) []catalog.ListPrice {
	ps = some(ps)
	for i := range ps {
		l := &ps[i]
		l.From, l.Until = clock.Cut(l.From), clock.Cut(l.Until)
		l.Breaks = slices.Clone(l.Breaks)
	}
	return ps
}

var productCodec = codec[catalog.Product]{
	table:  products,
	shared: true,
	key:    func(p *catalog.Product) (string, *int64) { return string(p.ID), &p.Version },
	copy: func(p *catalog.Product) {
		p.CreatedAt, p.UpdatedAt = clock.Cut(p.CreatedAt), clock.Cut(p.UpdatedAt)
		p.Names = maps.Clone(p.Names)
		p.Prices = copyPrices(p.Prices)
		p.Tags = some(p.Tags)
		p.Referenced = some(p.Referenced)
	},
	cols: func(p *catalog.Product) []any {
		return []any{string(p.SKU), namesText(p.Names), p.Unit, p.Family.Super, p.Family.Family,
			p.Family.Sub, p.Online, string(p.Sale), p.Spare, string(p.Tax), p.CreatedAt, p.UpdatedAt}
	},
	terms: func(p *catalog.Product) []engine.Term {
		var ts []engine.Term
		for _, tag := range p.Tags {
			ts = addTerm(ts, termTag, tag)
		}
		return audienceTerms(ts, p)
	},
}

// audienceTerms adds what Product.OrderableBy would say to each partner; to a
// partner without an id only what is free is sold.
func audienceTerms(ts []engine.Term, p *catalog.Product) []engine.Term {
	switch {
	case !p.Online:
	case p.Sale == catalog.SaleFree:
		ts = addTerm(ts, termAudience, everyone)
	case p.Sale == catalog.SaleReferenced:
		for _, id := range p.Referenced {
			if id != "" {
				ts = addTerm(ts, termAudience, onePartner(id))
			}
		}
	}
	return ts
}

func namesText(names map[string]string) string {
	if len(names) == 0 {
		return ""
	}
	// A map of strings cannot fail; its keys come out sorted.
	text, _ := json.Marshal(names)
	return string(text)
}

func productHeader(r engine.Row) (catalog.Header, error) {
	c := cells{row: r}
	h := catalog.Header{ID: catalog.ID(r.ID), SKU: catalog.SKU(c.text())}
	if names := c.text(); names != "" {
		if err := json.Unmarshal([]byte(names), &h.Names); err != nil {
			return catalog.Header{}, broken(products, r.ID, err)
		}
	}
	h.Unit = c.text()
	h.Family = catalog.Family{Super: c.text(), Family: c.text(), Sub: c.text()}
	h.Online = c.bool()
	h.Sale = catalog.Sale(c.text())
	return h, c.err(products)
}

func compileProducts(q catalog.Query) (engine.Select, error) {
	b := selecting(products, bySKU)
	b.prefix("sku_prefix", "sku", q.SKUPrefix)
	b.text("family.super", "super", q.Family.Super)
	b.text("family.family", "family", q.Family.Family)
	b.text("family.sub", "sub", q.Family.Sub)
	b.term("tag", termTag, q.Tag)
	b.flag("online", q.Online)
	b.buyer(q.Buyer)
	return b.done()
}

func (b *builder) buyer(id *access.PartnerID) {
	switch {
	case id == nil:
	case b.asked("buyer", string(*id)):
		b.hasTerm(termAudience, everyone, onePartner(*id))
	default:
		b.hasTerm(termAudience, everyone)
	}
}

type productRepo tx

func (r productRepo) Get(ctx context.Context, id catalog.ID) (catalog.Product, error) {
	return productCodec.get(ctx, tx(r), string(id))
}

func (r productRepo) GetMany(ctx context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Product, error) {
	return getMany(ctx, tx(r), &productCodec, ids)
}

func (r productRepo) BySKU(ctx context.Context, skus []catalog.SKU) (map[catalog.SKU]catalog.Product, error) {
	if err := r.s.Readable(ctx); err != nil {
		return nil, err
	}
	out := make(map[catalog.SKU]catalog.Product, len(skus))
	for chunk := range slices.Chunk(askable(skus), uow.MaxPage) {
		rows, err := r.s.Find(ctx, engine.Select{Table: products, Sort: bySKU, Limit: len(chunk), Docs: true,
			Where: []engine.Pred{{Op: engine.In, Column: "sku", Values: anys(chunk)}}})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			p, err := productCodec.from(row)
			if err != nil {
				return nil, err
			}
			out[p.SKU] = p
		}
	}
	return out, nil
}

func (r productRepo) Save(ctx context.Context, p catalog.Product) (catalog.Product, error) {
	return productCodec.save(ctx, r.s, p)
}

func (r productRepo) Find(ctx context.Context, q catalog.Query) (uow.Page[catalog.Header], error) {
	sel, err := compileProducts(q)
	return page(ctx, r.s, sel, err, q.Page, productHeader)
}

func (r productRepo) Availability(ctx context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Availability, error) {
	return getMany(ctx, tx(r), &availabilityCodec, ids)
}

func (r productRepo) SaveAvailability(ctx context.Context, a catalog.Availability) (catalog.Availability, error) {
	return availabilityCodec.save(ctx, r.s, a)
}
