package mapping

import (
	"context"
	"slices"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

// The kinds of a partner's search terms: the folded words of its name and
// number; the customer codes of its legal entities in the ERP, exact.
const (
	termWord = "word"
	termCode = "code"
)

var byNumber = engine.Sort{Columns: []string{"number"}}

var partners = &engine.Table{
	Name: "partners",
	Kind: partner.DocKind,
	Columns: []engine.Column{
		{Name: "number", Type: engine.Text},
		{Name: "name", Type: engine.Text},
		{Name: "type", Type: engine.Text},
		{Name: "active", Type: engine.Bool},
		{Name: "center", Type: engine.Text},
		{Name: "region", Type: engine.Text},
		{Name: "created_at", Type: engine.Time},
		{Name: "updated_at", Type: engine.Time},
	},
	Unique:   [][]string{{"number"}},
	Sorts:    []engine.Sort{byNumber},
	Indexes:  [][]string{{"type", "number"}},
	Terms:    true,
	NotFound: partner.ErrNotFound,
	Exists:   partner.ErrExists,
}

var partnerCodec = codec[partner.Partner]{
	table:  partners,
	shared: true,
	key:    func(p *partner.Partner) (string, *int64) { return string(p.ID), &p.Version },
	copy: func(p *partner.Partner) {
		p.CreatedAt, p.UpdatedAt = clock.Cut(p.CreatedAt), clock.Cut(p.UpdatedAt)
		p.PriceLists = some(p.PriceLists)
		p.Groups = some(p.Groups)
		p.Counterparties = some(p.Counterparties)
		p.Addresses = some(p.Addresses)
		p.Members = some(p.Members)
		for i := range p.Members {
			m := &p.Members[i]
			m.Roles = slices.Clone(m.Roles)
		}
		p.Contracts = some(p.Contracts)
		p.Agreements = some(p.Agreements)
		p.VATChecks = some(p.VATChecks)
	},
	cols: func(p *partner.Partner) []any {
		return []any{p.Number, p.Name, string(p.Type), p.Active, string(p.Center), p.Region,
			p.CreatedAt, p.UpdatedAt}
	},
	terms: partnerTerms,
}

func partnerTerms(p *partner.Partner) []engine.Term {
	ts := wordTerms(nil, termWord, p.Name, p.Number)
	for _, c := range p.Counterparties {
		ts = addTerm(ts, termCode, p.CustomerCode(c))
	}
	if len(p.Counterparties) == 0 {
		ts = addTerm(ts, termCode, p.Number)
	}
	return ts
}

func partnerHeader(r engine.Row) (partner.Header, error) {
	c := cells{row: r}
	h := partner.Header{
		ID:     partner.ID(r.ID),
		Number: c.text(),
		Name:   c.text(),
		Type:   partner.Type(c.text()),
		Active: c.bool(),
	}
	return h, c.err(partners)
}

func compilePartners(q partner.Query) (engine.Select, error) {
	b := selecting(partners, byNumber)
	b.text("number", "number", q.Number)
	b.text("type", "type", string(q.Type))
	b.term("code", termCode, q.Code)
	b.words("words", termWord, q.Words)
	return b.done()
}

type partnerRepo tx

func (r partnerRepo) Get(ctx context.Context, id partner.ID) (partner.Partner, error) {
	return partnerCodec.get(ctx, tx(r), string(id))
}

func (r partnerRepo) Save(ctx context.Context, p partner.Partner) (partner.Partner, error) {
	return partnerCodec.save(ctx, r.s, p)
}

func (r partnerRepo) Find(ctx context.Context, q partner.Query) (uow.Page[partner.Header], error) {
	sel, err := compilePartners(q)
	return page(ctx, r.s, sel, err, q.Page, partnerHeader)
}
