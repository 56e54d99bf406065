package mapping

import (
	"context"
	"unicode/utf8"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var campaigns = &engine.Table{
	Name: "campaigns",
	Kind: pricing.CampaignDocKind,
	Columns: []engine.Column{
		{Name: "name", Type: engine.Text},
		{Name: "prefix", Type: engine.Text, Sparse: true}, // its key: look-alikes are one
		{Name: "active", Type: engine.Bool},
		{Name: "starts_at", Type: engine.Time, Path: "from"},
		{Name: "ends_at", Type: engine.Time, Path: "until"},
		{Name: "created_at", Type: engine.Time},
	},
	Unique:   [][]string{{"prefix"}},
	Sorts:    []engine.Sort{latest},
	NotFound: pricing.ErrNoCampaign,
	Exists:   pricing.ErrCampaignExists,
}

var campaignCodec = codec[pricing.Campaign]{
	table: campaigns,
	key:   func(c *pricing.Campaign) (string, *int64) { return string(c.ID), &c.Version },
	copy: func(c *pricing.Campaign) {
		c.From, c.Until = clock.Cut(c.From), clock.Cut(c.Until)
		c.CreatedAt, c.UpdatedAt = clock.Cut(c.CreatedAt), clock.Cut(c.UpdatedAt)
		c.Partners, c.Groups = some(c.Partners), some(c.Groups)
	},
	cols: func(c *pricing.Campaign) []any {
		return []any{c.Name, string(pricing.KeyOf(c.Prefix)), c.Active, c.From, c.Until, sortable(c.CreatedAt)}
	},
}

// longestPrefix is the number of bytes of a code that a campaign's prefix may
// be.
const longestPrefix = 12

type campaignRepo tx

func (r campaignRepo) Get(ctx context.Context, id pricing.CampaignID) (pricing.Campaign, error) {
	return campaignCodec.get(ctx, tx(r), string(id))
}

func (r campaignRepo) ByPrefix(ctx context.Context, text string) (pricing.Campaign, error) {
	none := pricing.Campaign{}
	if err := r.s.Readable(ctx); err != nil {
		return none, err
	}
	key := string(pricing.KeyOf(text))
	var starts []any
	for i := range key + " " {
		if i > 0 && i <= longestPrefix && engine.Storable(key[:i]) {
			starts = append(starts, key[:i])
		}
	}
	if len(starts) == 0 || !utf8.ValidString(text) {
		return none, campaigns.NotFound
	}
	all, err := campaignCodec.all(ctx, tx(r), engine.Select{Table: campaigns, Limit: longestPrefix, Docs: true,
		Where: []engine.Pred{{Op: engine.In, Column: "prefix", Values: starts}}})
	if err != nil {
		return none, err
	}
	best := none
	for _, c := range all {
		if len(c.Prefix) > len(best.Prefix) {
			best = c
		}
	}
	if best.Prefix == "" {
		return none, campaigns.NotFound
	}
	return best, nil
}

func (r campaignRepo) Save(ctx context.Context, c pricing.Campaign) (pricing.Campaign, error) {
	return campaignCodec.save(ctx, r.s, c)
}

func compileCampaigns(q pricing.CampaignQuery) (engine.Select, error) {
	b := selecting(campaigns, latest)
	b.sel.Docs = true
	b.flag("active", q.Active)
	b.text("prefix", "prefix", string(pricing.KeyOf(q.Prefix)))
	return b.done()
}

func (r campaignRepo) Find(ctx context.Context, q pricing.CampaignQuery) (uow.Page[pricing.Campaign], error) {
	sel, err := compileCampaigns(q)
	return page(ctx, r.s, sel, err, q.Page, func(row engine.Row) (pricing.Campaign, error) {
		return campaignCodec.read(tx(r), row)
	})
}

var codes = &engine.Table{
	Name: "codes",
	Kind: pricing.CodeDocKind,
	Columns: []engine.Column{
		{Name: "campaign", Type: engine.Text},
		{Name: "generated", Type: engine.Bool},
		{Name: "created_at", Type: engine.Time},
	},
	Sorts:    []engine.Sort{earliest},
	Indexes:  [][]string{{"campaign", "created_at"}},
	NotFound: pricing.ErrCodeNotFound,
	Exists:   pricing.ErrCodeExists,
}

var discountCodec = codec[pricing.Code]{
	table: codes,
	key:   func(c *pricing.Code) (string, *int64) { return string(c.ID), &c.Version },
	copy:  func(c *pricing.Code) { c.CreatedAt = clock.Cut(c.CreatedAt) },
	cols:  func(c *pricing.Code) []any { return []any{string(c.Campaign), c.Generated, sortable(c.CreatedAt)} },
}

type discountRepo tx

func (r discountRepo) Get(ctx context.Context, id pricing.CodeID) (pricing.Code, error) {
	return discountCodec.get(ctx, tx(r), string(id))
}

func (r discountRepo) GetMany(ctx context.Context, ids []pricing.CodeID) (map[pricing.CodeID]pricing.Code, error) {
	return getMany(ctx, tx(r), &discountCodec, ids)
}

func (r discountRepo) Save(ctx context.Context, c pricing.Code) (pricing.Code, error) {
	return discountCodec.save(ctx, r.s, c)
}

func compileCodes(q pricing.CodeQuery) (engine.Select, error) {
	b := selecting(codes, earliest)
	b.sel.Docs = true
	b.text("campaign", "campaign", string(q.Campaign))
	b.flag("generated", q.Generated)
	return b.done()
}

func (r discountRepo) Find(ctx context.Context, q pricing.CodeQuery) (uow.Page[pricing.Code], error) {
	sel, err := compileCodes(q)
	return page(ctx, r.s, sel, err, q.Page, func(row engine.Row) (pricing.Code, error) {
		return discountCodec.read(tx(r), row)
	})
}

var tallies = &engine.Table{
	Name: "tallies",
	Kind: pricing.TallyDocKind,
	Columns: []engine.Column{
		{Name: "campaign", Type: engine.Text},
		{Name: "limit_kind", Type: engine.Text, Path: "limit"},
		{Name: "used", Type: engine.Int},
	},
	NotFound: pricing.ErrNoTally,
	Exists:   pricing.ErrTallyExists,
}

var tallyCodec = codec[pricing.Tally]{
	table: tallies,
	key:   func(t *pricing.Tally) (string, *int64) { return string(t.ID), &t.Version },
	copy: func(t *pricing.Tally) {
		t.Held = some(t.Held)
		for i := range t.Held {
			t.Held[i].Until = clock.Cut(t.Held[i].Until)
		}
	},
	cols: func(t *pricing.Tally) []any { return []any{string(t.Campaign), string(t.Limit), t.Used} },
}

type tallyRepo tx

func (r tallyRepo) Get(ctx context.Context, id pricing.TallyID) (pricing.Tally, error) {
	return tallyCodec.get(ctx, tx(r), string(id))
}

func (r tallyRepo) GetMany(ctx context.Context, ids []pricing.TallyID) (map[pricing.TallyID]pricing.Tally, error) {
	return getMany(ctx, tx(r), &tallyCodec, ids)
}

func (r tallyRepo) Save(ctx context.Context, t pricing.Tally) (pricing.Tally, error) {
	return tallyCodec.save(ctx, r.s, t)
}
