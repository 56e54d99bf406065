package mapping

import (
	"context"
	"encoding/json"
	"time"

	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	lastDay    = engine.Sort{Columns: []string{"day", "known"}, Desc: true}
	firstDay   = engine.Sort{Columns: []string{"day", "known"}}
	byRevision = engine.Sort{Columns: []string{"revision"}}
)

// turnover keeps entries of which sums and lists read the columns only.
var turnover = &engine.Table{
	Name: "turnover",
	Kind: pricing.TurnoverKind,
	Columns: []engine.Column{
		{Name: "partner", Type: engine.Text},
		{Name: "currency", Type: engine.Text, Path: "net"},
		{Name: "day", Type: engine.Text}, // ISO 8601
		{Name: "known", Type: engine.Time},
		{Name: "net", Type: engine.Int},    // minor units of currency
		{Name: "parts", Type: engine.Text}, // JSON: families and minor units
		{Name: "doc_kind", Type: engine.Text, Path: "document.kind"},
		{Name: "doc_id", Type: engine.Text, Path: "document.id"},
		{Name: "revision", Type: engine.Int},
		{Name: "number", Type: engine.Text, Path: "document.number"},
		{Name: "corrects", Type: engine.Text, Path: "document.corrects"},
	},
	Unique:   [][]string{{"doc_kind", "doc_id", "revision"}},
	Sorts:    []engine.Sort{lastDay, firstDay},
	Indexes:  [][]string{{"partner", "day", "known"}, {"partner", "currency", "day", "known"}},
	NotFound: pricing.ErrNoTurnover,
	Exists:   pricing.ErrTurnoverExists,
}

var turnoverCodec = codec[pricing.TurnoverEntry]{
	table: turnover,
	key:   func(e *pricing.TurnoverEntry) (string, *int64) { return string(e.ID), &e.Version },
	copy: func(e *pricing.TurnoverEntry) {
		e.Known = clock.Cut(e.Known)
		e.Parts, e.Articles = some(e.Parts), some(e.Articles)
	},
	cols: func(e *pricing.TurnoverEntry) []any {
		return []any{string(e.Partner), e.Net.Currency().Code(), e.Day.String(), sortable(e.Known), e.Net.Minor(), partsText(e.Parts),
			e.Document.Kind, e.Document.ID, e.Revision, e.Document.Number, e.Document.Corrects}
	},
}

// part is a part in the column, in the currency of its row.
type part struct {
	Family string `json:"f,omitempty"`
	Minor  int64  `json:"n"`
}

func partsText(ps []pricing.TurnoverPart) string {
	if len(ps) == 0 {
		return ""
	}
	out := make([]part, len(ps))
	for i, p := range ps {
		out[i] = part{p.Family, p.Net.Minor()}
	}
	text, _ := json.Marshal(out) // texts and numbers cannot fail
	return string(text)
}

// parts reads what partsText writes.
func (c *cells) parts(cur money.Currency) []pricing.TurnoverPart {
	text := c.text()
	if text == "" {
		return nil
	}
	var ps []part
	c.note(json.Unmarshal([]byte(text), &ps))
	out := make([]pricing.TurnoverPart, len(ps))
	for i, p := range ps {
		out[i] = pricing.TurnoverPart{Family: p.Family, Net: money.FromMinor(p.Minor, cur)}
	}
	return out
}

func turnoverHeader(r engine.Row) (pricing.TurnoverEntry, error) {
	c := cells{row: r}
	e := pricing.TurnoverEntry{ID: pricing.TurnoverID(r.ID), Version: r.Version, Partner: partner.ID(c.text())}
	cur := c.currency()
	e.Day, e.Known, e.Net, e.Parts = c.date(), unsortable(c.time()), c.amount(cur), c.parts(cur)
	e.Document.Kind, e.Document.ID, e.Revision = c.text(), c.text(), c.int()
	e.Document.Number, e.Document.Corrects = c.text(), c.text()
	return e, c.err(turnover)
}

func compileTurnover(q pricing.TurnoverSearch) (engine.Select, error) {
	by := lastDay
	if q.Oldest {
		by = firstDay
	}
	b := selecting(turnover, by)
	b.text("partner", "partner", string(q.Partner))
	b.text("currency", "currency", q.Currency)
	b.text("kind", "doc_kind", q.Kind)
	b.text("document", "doc_id", q.Document)
	b.since("day", q.From)
	b.upto("day", q.Until)
	if !q.Known.IsZero() {
		b.until("known", clock.Cut(q.Known).Add(time.Microsecond))
	}
	return b.done()
}

type turnoverRepo tx

func (r turnoverRepo) Get(ctx context.Context, id pricing.TurnoverID) (pricing.TurnoverEntry, error) {
	return turnoverCodec.get(ctx, tx(r), string(id))
}

func (r turnoverRepo) OfDocument(ctx context.Context, kind, id string, from int64, limit int) ([]pricing.TurnoverEntry, error) {
	if !engine.Storable(kind) || !engine.Storable(id) || limit <= 0 {
		return nil, r.s.Readable(ctx)
	}
	return turnoverCodec.all(ctx, tx(r), engine.Select{Table: turnover, Sort: byRevision, Limit: limit, Docs: true, Where: []engine.Pred{
		{Op: engine.Eq, Column: "doc_kind", Values: []any{kind}},
		{Op: engine.Eq, Column: "doc_id", Values: []any{id}},
		{Op: engine.AtLeast, Column: "revision", Values: []any{from}},
	}})
}

func (r turnoverRepo) Save(ctx context.Context, e pricing.TurnoverEntry) (pricing.TurnoverEntry, error) {
	return turnoverCodec.save(ctx, r.s, e)
}

func (r turnoverRepo) Find(ctx context.Context, q pricing.TurnoverSearch) (uow.Page[pricing.TurnoverEntry], error) {
	sel, err := compileTurnover(q)
	return page(ctx, r.s, sel, err, q.Page, turnoverHeader)
}
