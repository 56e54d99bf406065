package pricing_test

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

var clerk = access.Actor{ID: "clerk", Roles: []access.Role{access.Operator}}

// shelf is a catalog that counts how often it is read.
type shelf struct {
	catalog.Repository
	products []catalog.Product
	reads    int
}

func (s *shelf) GetMany(_ context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Product, error) {
	s.reads++
	out := map[catalog.ID]catalog.Product{}
	for _, p := range s.products {
		if slices.Contains(ids, p.ID) {
			out[p.ID] = p
		}
	}
	return out, nil
}

func (s *shelf) BySKU(_ context.Context, skus []catalog.SKU) (map[catalog.SKU]catalog.Product, error) {
	s.reads++
	out := map[catalog.SKU]catalog.Product{}
	for _, p := range s.products {
		if slices.Contains(skus, p.SKU) {
			out[p.SKU] = p
		}
	}
	return out, nil
}

// journal is a ledger in memory: one transaction at a time, of which a failed
// one leaves nothing.
type journal struct {
	mu      sync.Mutex
	shelf   shelf
	entries []pricing.TurnoverEntry
	finds   int
}

func newJournal() *journal {
	j := &journal{}
	for i, f := range []catalog.Family{{Super: "kitchen", Family: "ovens"}, {Super: "kitchen", Family: "sinks"}, {Super: "kitchenware"}, {}} {
		n := strconv.Itoa(i)
		j.shelf.products = append(j.shelf.products, catalog.Product{ID: catalog.ID("product-" + n), SKU: catalog.SKU("sku-" + n), Family: f})
	}
	return j
}

func (j *journal) View(ctx context.Context, fn func(context.Context, pricing.TurnoverTx) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return fn(ctx, j)
}

func (j *journal) Update(ctx context.Context, fn func(context.Context, pricing.TurnoverTx) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	before := slices.Clone(j.entries)
	err := fn(ctx, j)
	if err != nil {
		j.entries = before
	}
	return err
}

func (j *journal) Products() catalog.Repository         { return &j.shelf }
func (j *journal) Turnover() pricing.TurnoverRepository { return j }

func (j *journal) Get(_ context.Context, id pricing.TurnoverID) (pricing.TurnoverEntry, error) {
	for _, e := range j.entries {
		if e.ID == id {
			return e, nil
		}
	}
	return pricing.TurnoverEntry{}, pricing.ErrNoTurnover
}

func (j *journal) OfDocument(_ context.Context, kind, id string, from int64, limit int) ([]pricing.TurnoverEntry, error) {
	var out []pricing.TurnoverEntry
	for _, e := range j.entries {
		if e.Document.Kind == kind && e.Document.ID == id && e.Revision >= from && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

func (j *journal) Save(_ context.Context, e pricing.TurnoverEntry) (pricing.TurnoverEntry, error) {
	if slices.ContainsFunc(j.entries, func(x pricing.TurnoverEntry) bool {
		return x.ID == e.ID || x.Document.ID == e.Document.ID && x.Document.Kind == e.Document.Kind && x.Revision == e.Revision
	}) {
		return e, pricing.ErrTurnoverExists
	}
	e.Version = 1
	j.entries = append(j.entries, e)
	return e, nil
}

func (j *journal) Find(_ context.Context, q pricing.TurnoverSearch) (uow.Page[pricing.TurnoverEntry], error) {
	j.finds++
	var all []pricing.TurnoverEntry
	for _, e := range j.entries {
		if (q.Partner == "" || e.Partner == q.Partner) && (q.Currency == "" || e.Net.Currency().Code() == q.Currency) &&
			(q.Kind == "" || e.Document.Kind == q.Kind) && (q.Document == "" || e.Document.ID == q.Document) &&
			(q.From.IsZero() || !e.Day.Before(q.From)) && (q.Until.IsZero() || !e.Day.After(q.Until)) &&
			(q.Known.IsZero() || !e.Known.After(q.Known)) {
			e.Articles = nil
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b pricing.TurnoverEntry) int {
		c := cmp.Or(a.Day.Compare(b.Day), a.Known.Compare(b.Known), cmp.Compare(a.ID, b.ID))
		if q.Oldest {
			return c
		}
		return -c
	})
	start, _ := strconv.Atoi(q.Page.After)
	end := min(start+q.Page.Size(), len(all))
	page := uow.Page[pricing.TurnoverEntry]{Rows: all[start:end]}
	if end < len(all) {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// ticking is a clock that moves a minute each time it is read.
func ticking() func() time.Time {
	at := noon
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Minute)
		return at
	}
}

func eur(minor int64) money.Amount { return money.FromMinor(minor, money.EUR) }

func day(text string) partner.Date { return partner.MustDate(text) }

// bill is an invoice over goods of one article.
func bill(id, on, sku string, net int64) pricing.TurnoverInput {
	return pricing.TurnoverInput{Document: pricing.TurnoverDocument{Kind: pricing.InvoiceTurnover, ID: id, Number: "N-" + id}, Partner: "p1", Day: day(on),
		Net: eur(net), Lines: []pricing.TurnoverLine{{SKU: catalog.SKU(sku), Net: eur(net)}}}
}

// creditOf is a credit note on an invoice.
func creditOf(invoice, id, on, sku string, net int64) pricing.TurnoverInput {
	in := bill(id, on, sku, net)
	in.Back, in.Document.Corrects = true, invoice
	return in
}

// void is a document that counts for nothing any more.
func void(in pricing.TurnoverInput) pricing.TurnoverInput {
	in.Net, in.Lines = eur(0), nil
	return in
}
