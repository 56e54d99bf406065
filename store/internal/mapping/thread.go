package mapping

import (
	"context"
	"slices"
	"time"

	"github.com/comptoir-go/comptoir/access"
	"github.com/comptoir-go/comptoir/blob"
	"github.com/comptoir-go/comptoir/internal/clock"
	"github.com/comptoir-go/comptoir/store/internal/engine"
	"github.com/comptoir-go/comptoir/thread"
	"github.com/comptoir-go/comptoir/uow"
)

var (
	byLast   = engine.Sort{Columns: []string{"last_at"}, Desc: true}
	byShared = engine.Sort{Columns: []string{"shared_at"}, Desc: true}
)

var threads = &engine.Table{
	Name: "threads",
	Kind: thread.DocKind,
	Columns: []engine.Column{
		{Name: "doc_kind", Type: engine.Text, Path: "doc.kind"},
		{Name: "doc_id", Type: engine.Text, Path: "doc.id"},
		{Name: "partner", Type: engine.Text},
		{Name: "shared", Type: engine.Int},     // messages that both sides see
		{Name: "internal", Type: engine.Int},   // messages of the seller's side only
		{Name: "last_at", Type: engine.Time},   // the last message
		{Name: "shared_at", Type: engine.Time}, // the last shared one
	},
	Sorts:    []engine.Sort{byLast, byShared},
	Indexes:  [][]string{{"partner", "last_at"}, {"partner", "shared_at"}},
	Terms:    true,
	NotFound: thread.ErrNotFound,
	Exists:   thread.ErrExists,
}

var threadCodec = codec[thread.Thread]{
	table: threads,
	key:   func(t *thread.Thread) (string, *int64) { return string(t.ID), &t.Version },
	copy: func(t *thread.Thread) {
		t.UpdatedAt = clock.Cut(t.UpdatedAt)
		t.Messages = slices.Clone(t.Messages)
		for i := range t.Messages {
			m := &t.Messages[i]
			m.At, m.SentAt, m.Files = clock.Cut(m.At), clock.Cut(m.SentAt), some(m.Files)
		}
		t.Read = some(t.Read)
		for i := range t.Read {
			t.Read[i].At = clock.Cut(t.Read[i].At)
		}
	},
	cols:  threadCols,
	terms: threadTerms,
}

func threadCols(t *thread.Thread) []any {
	var shared, internal int64
	var last, lastShared time.Time
	for i := range t.Messages {
		m := &t.Messages[i]
		last = m.At
		if m.Internal {
			internal++
		} else {
			shared, lastShared = shared+1, m.At
		}
	}
	return []any{t.Doc.Kind, t.Doc.ID, string(t.Partner), shared, internal, sortable(last), sortable(lastShared)}
}

func threadTerms(t *thread.Thread) []engine.Term {
	var ts []engine.Term
	for i := range t.Messages {
		for _, f := range t.Messages[i].Files {
			ts = addTerm(ts, termBlob, string(f.Hash))
		}
	}
	return ts
}

// threadHeader reads a header; the last time is that of the shared messages
// when the query asked for those.
func threadHeader(shared bool) func(engine.Row) (thread.Header, error) {
	return func(r engine.Row) (thread.Header, error) {
		c := cells{row: r}
		h := thread.Header{
			ID:       thread.ID(r.ID),
			Doc:      thread.Doc{Kind: c.text(), ID: c.text()},
			Partner:  access.PartnerID(c.text()),
			Shared:   int(c.int()),
			Internal: int(c.int()),
		}
		h.LastAt = unsortable(c.time())
		if at := unsortable(c.time()); shared {
			h.LastAt = at
		}
		return h, c.err(threads)
	}
}

func compileThreads(q thread.Query) (engine.Select, error) {
	by := byLast
	if q.Shared {
		by = byShared
	}
	b := selecting(threads, by)
	b.text("partner", "partner", string(q.Partner))
	b.text("kind", "doc_kind", q.Kind)
	if q.Shared {
		b.add(engine.Pred{Op: engine.AtLeast, Column: "shared", Values: []any{int64(1)}})
	}
	return b.done()
}

type threadRepo tx

func (r threadRepo) Get(ctx context.Context, id thread.ID) (thread.Thread, error) {
	return threadCodec.get(ctx, tx(r), string(id))
}

func (r threadRepo) Save(ctx context.Context, t thread.Thread) (thread.Thread, error) {
	return threadCodec.save(ctx, r.s, t)
}

func (r threadRepo) Find(ctx context.Context, q thread.Query) (uow.Page[thread.Header], error) {
	sel, err := compileThreads(q)
	return page(ctx, r.s, sel, err, q.Page, threadHeader(q.Shared))
}

func (r threadRepo) Holds(ctx context.Context, h blob.Hash) (bool, error) {
	return holds(ctx, r.s, threads, h)
}
