package storetest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/comptoir-go/comptoir/money"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/store"
	"github.com/comptoir-go/comptoir/uow"
)

func queryTurnover(e *env) {
	t := e.tenant()
	r := rand.New(rand.NewPCG(10, 10))
	someDay := func(r *rand.Rand) partner.Date { return partner.MustDate("2026-01-02").AddDays(r.IntN(12) - 2) }
	s := search[pricing.TurnoverEntry, pricing.TurnoverSearch, pricing.TurnoverEntry]{
		find: func(ctx context.Context, tx store.Tx, q pricing.TurnoverSearch) (uow.Page[pricing.TurnoverEntry], error) {
			return tx.Turnover().Find(ctx, q)
		},
		page: func(q *pricing.TurnoverSearch) *uow.PageRequest { return &q.Page },
		match: func(x pricing.TurnoverEntry, q pricing.TurnoverSearch) bool {
			return (q.Partner == "" || x.Partner == q.Partner) && (q.Currency == "" || x.Net.Currency().Code() == q.Currency) &&
				(q.Kind == "" || x.Document.Kind == q.Kind) && (q.Document == "" || x.Document.ID == q.Document) &&
				(q.From.IsZero() || !x.Day.Before(q.From)) && (q.Until.IsZero() || !x.Day.IsZero() && !x.Day.After(q.Until)) &&
				(q.Known.IsZero() || !x.Known.After(q.Known))
		},
		header: func(x pricing.TurnoverEntry) pricing.TurnoverEntry {
			x.Version, x.Articles = 1, nil
			return x
		},
		less: func(a, b pricing.TurnoverEntry, q pricing.TurnoverSearch) int {
			c := cmp.Or(a.Day.Compare(b.Day), a.Known.Compare(b.Known), cmp.Compare(a.ID, b.ID))
			if q.Oldest {
				return c
			}
			return -c
		},
		filters: map[string]func(*rand.Rand, *pricing.TurnoverSearch){
			"Partner":  func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Partner = pick[partner.ID](r, "p0", "p1", "P0") },
			"Currency": func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Currency = pick(r, "EUR", "JPY", "eur") },
			"Kind":     func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Kind = pick(r, "invoice", "delivery", "none") },
			"Document": func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Document = fmt.Sprint("d", r.IntN(8)) },
			"From":     func(r *rand.Rand, q *pricing.TurnoverSearch) { q.From = someDay(r) },
			"Until":    func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Until = someDay(r) },
			// Instants between two stored ones as well.
			"Known":  func(r *rand.Rand, q *pricing.TurnoverSearch) { q.Known = dawn.Add(time.Duration(r.IntN(5)) * 500) },
			"Oldest": func(_ *rand.Rand, q *pricing.TurnoverSearch) { q.Oldest = true },
		},
	}
	for n := range 60 {
		x := sampleTurnover(n)
		x.Partner, x.Document.Kind = partner.ID(fmt.Sprint("p", r.IntN(2))), pick(r, "invoice", "delivery")
		x.Document.ID, x.Revision = fmt.Sprint("d", n%6), int64(n)
		x.Document.Corrects = pick(r, "", "i0001")
		x.Day = pick(r, partner.MustDate("2026-01-02").AddDays(r.IntN(8)), partner.Date{})
		x.Known = pick(r, dawn.Add(time.Duration(r.IntN(3))*time.Microsecond), time.Time{})
		cur := pick(r, money.EUR, money.JPY)
		x.Net, x.Parts = money.FromMinor(r.Int64N(2000)-1000, cur), nil
		for i := range r.IntN(3) {
			x.Parts = append(x.Parts, pricing.TurnoverPart{Family: pick(r, "", "kitchen", "évier/\"petit\""), Net: money.FromMinor(int64(i-1), cur)})
		}
		s.docs = append(s.docs, x)
	}
	plantAll(e, t, kinds()[atTurnover], s.docs)
	s.run(e, t)
}

// lookTurnover reads the entries of documents from a revision on.
func lookTurnover(e *env, ctx context.Context, tx store.Tx) {
	e.Helper()
	want := sampleTurnover(3)
	for _, c := range []struct {
		kind, id string
		from     int64
		limit    int
		n        int
	}{{want.Document.Kind, want.Document.ID, 0, 5, 1}, {want.Document.Kind, want.Document.ID, 1, 1, 1}, {want.Document.Kind, want.Document.ID, 2, 5, 0},
		{want.Document.Kind, want.Document.ID, 0, 0, 0}, {"delivery", want.Document.ID, 0, 5, 0}, {want.Document.Kind, "none", 0, 5, 0},
		{want.Document.Kind, "\xff", 0, 5, 0}, {"\x00", want.Document.ID, 0, 5, 0}, {"", "", 0, 5, 0}} {
		got, err := tx.Turnover().OfDocument(ctx, c.kind, c.id, c.from, c.limit)
		e.must(err)
		e.true(len(got) == c.n, "entries of %q %q from %d: %d, want %d", c.kind, c.id, c.from, len(got), c.n)
		if c.n > 0 {
			want.Version = 1
			e.same(got[0], want, "an entry of a document")
		}
	}
}
