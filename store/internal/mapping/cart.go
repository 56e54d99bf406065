package mapping

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var byName = engine.Sort{Columns: []string{"name_folded"}}

// carts does not hold "one default cart per partner": a portable schema has
// no partial unique index, so the service sees to it inside its transaction.
var carts = &engine.Table{
	Name: "carts",
	Kind: cart.DocKind,
	Columns: []engine.Column{
		{Name: "partner", Type: engine.Text},
		{Name: "name", Type: engine.Text},
		{Name: "name_folded", Type: engine.Text, Path: "name"},
		{Name: "is_default", Type: engine.Bool},
		{Name: "lines", Type: engine.Int},
		{Name: "holder", Type: engine.Text},
		{Name: "holder_role", Type: engine.Text},
		{Name: "currency", Type: engine.Text},
		{Name: "created_at", Type: engine.Time},
		{Name: "updated_at", Type: engine.Time},
	},
	Unique:   [][]string{{"partner", "name_folded"}},
	Sorts:    []engine.Sort{byName},
	Indexes:  [][]string{{"partner", "is_default"}},
	NotFound: cart.ErrNotFound,
	Exists:   cart.ErrExists,
}

var cartCodec = codec[cart.Cart]{
	table: carts,
	key:   func(c *cart.Cart) (string, *int64) { return string(c.ID), &c.Version },
	copy: func(c *cart.Cart) {
		c.CreatedAt, c.UpdatedAt = clock.Cut(c.CreatedAt), clock.Cut(c.UpdatedAt)
		c.Lines, c.Codes = some(c.Lines), some(c.Codes)
		c.Handovers = some(c.Handovers)
		for i := range c.Handovers {
			c.Handovers[i].At = clock.Cut(c.Handovers[i].At)
		}
		c.Orders = some(c.Orders)
		for i := range c.Orders {
			c.Orders[i].At = clock.Cut(c.Orders[i].At)
		}
		c.Terms.ShipTo, c.Origin = pointer(c.Terms.ShipTo), pointer(c.Origin)
		if c.Quote != nil {
			q := *c.Quote
			copyQuote(&q)
			c.Quote = &q
		}
	},
	cols: func(c *cart.Cart) []any {
		return []any{string(c.Partner), c.Name, fold.Text(c.Name), c.Default, int64(len(c.Lines)),
			string(c.Baton.Holder), string(c.Baton.Role), c.Currency.Code(), c.CreatedAt, c.UpdatedAt}
	},
}

// copyBasis copies what a quote was made of.
func copyBasis(b *pricing.Basket) *pricing.Basket {
	if b = pointer(b); b == nil {
		return nil
	}
	b.At, b.Known = clock.Cut(b.At), clock.Cut(b.Known)
	b.Agreements, b.Lists = some(b.Agreements), some(b.Lists)
	b.Groups, b.Attended = some(b.Groups), some(b.Attended)
	b.Turnover, b.Codes = some(b.Turnover), some(b.Codes)
	b.Lines = slices.Clone(b.Lines)
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Tags, l.Prices = some(l.Tags), copyPrices(l.Prices)
	}
	return b
}

func copyQuote(q *pricing.Quote) {
	q.At, q.Until = clock.Cut(q.At), clock.Cut(q.Until)
	q.Lines = slices.Clone(q.Lines)
	for i := range q.Lines {
		q.Lines[i].Shares = some(q.Lines[i].Shares)
		q.Lines[i].Why = some(q.Lines[i].Why)
	}
	q.Adjustments = some(q.Adjustments)
	q.Known, q.Payable, q.Basis = clock.Cut(q.Known), pointer(q.Payable), copyBasis(q.Basis)
	q.Reasons = some(q.Reasons)
	q.Codes = some(q.Codes)
	for i := range q.Codes {
		if m := pointer(q.Codes[i].Missing); m != nil {
			m.From, m.Until, m.Amount, m.Saves = clock.Cut(m.From), clock.Cut(m.Until), pointer(m.Amount), pointer(m.Saves)
			q.Codes[i].Missing = m
		}
	}
	q.Conflicts = some(q.Conflicts)
	for i := range q.Conflicts {
		c := &q.Conflicts[i]
		c.Rules, c.Lines = slices.Clone(c.Rules), slices.Clone(c.Lines)
	}
	q.Taxes = slices.Clone(q.Taxes)
}

func cartHeader(r engine.Row) (cart.Header, error) {
	c := cells{row: r}
	h := cart.Header{ID: cart.ID(r.ID), Partner: partner.ID(c.text()), Name: c.text()}
	c.skip() // name_folded
	h.Default = c.bool()
	h.Lines = int(c.int())
	h.Holder = access.ActorID(c.text())
	h.Role = access.Role(c.text())
	c.skip() // currency
	c.skip() // created_at
	h.UpdatedAt = c.time()
	return h, c.err(carts)
}

func compileCarts(q cart.Query) (engine.Select, error) {
	b := selecting(carts, byName)
	b.text("partner", "partner", string(q.Partner))
	b.folded("name", "name_folded", q.Name)
	b.flag("is_default", q.Default)
	return b.done()
}

type cartRepo tx

func (r cartRepo) Get(ctx context.Context, id cart.ID) (cart.Cart, error) {
	return cartCodec.get(ctx, tx(r), string(id))
}

func (r cartRepo) Save(ctx context.Context, c cart.Cart) (cart.Cart, error) {
	return cartCodec.save(ctx, r.s, c)
}

func (r cartRepo) Delete(ctx context.Context, id cart.ID, version int64) error {
	return r.s.Delete(ctx, carts, string(id), version)
}

func (r cartRepo) Find(ctx context.Context, q cart.Query) (uow.Page[cart.Header], error) {
	sel, err := compileCarts(q)
	return page(ctx, r.s, sel, err, q.Page, cartHeader)
}
