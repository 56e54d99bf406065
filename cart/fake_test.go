package cart_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"sync"

	"github.com/comptoir-go/comptoir/cart"
	"github.com/comptoir-go/comptoir/catalog"
	"github.com/comptoir-go/comptoir/event"
	"github.com/comptoir-go/comptoir/internal/fold"
	"github.com/comptoir-go/comptoir/partner"
	"github.com/comptoir-go/comptoir/pricing"
	"github.com/comptoir-go/comptoir/uow"
)

// shop is a store in memory for these tests: one writer at a time, rollback by
// copy, documents kept as JSON, so that what does not survive a store shows.
type shop struct {
	mu    sync.RWMutex
	state state
	// again makes every Update run its closure twice, the first run discarded.
	again bool
	// reads counts round trips: a document already read costs none.
	reads int
}

type state struct {
	docs   map[uow.Ref][]byte
	keys   map[string]keyed
	events []event.Event
}

type keyed struct {
	input  [sha256.Size]byte
	result []byte
}

func newShop() *shop {
	return &shop{state: state{docs: map[uow.Ref][]byte{}, keys: map[string]keyed{}}}
}

func (s *shop) View(ctx context.Context, fn func(context.Context, cart.Tx) error) error {
	if uow.Marked(ctx) {
		return uow.ErrNested
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return fn(uow.Mark(ctx), &fakeTx{state: s.state, known: map[uow.Ref]bool{}, readOnly: true})
}

func (s *shop) Update(ctx context.Context, fn func(context.Context, cart.Tx) error) error {
	if uow.Marked(ctx) {
		return uow.ErrNested
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	runs := 1
	if s.again {
		runs = 2
	}
	for {
		tx := &fakeTx{state: state{docs: maps.Clone(s.state.docs), keys: maps.Clone(s.state.keys),
			events: slices.Clone(s.state.events)}, known: map[uow.Ref]bool{}}
		err := fn(uow.Mark(ctx), tx)
		s.reads = tx.reads
		if runs--; runs > 0 {
			continue
		}
		if err == nil {
			s.state = tx.state
		}
		return err
	}
}

type fakeTx struct {
	pricing.CodeTx // of nothing: these tests enter no codes
	state
	known    map[uow.Ref]bool
	reads    int
	readOnly bool
}

func (t *fakeTx) Partners() partner.Repository { return fakePartners{t} }
func (t *fakeTx) Products() catalog.Repository { return fakeProducts{t} }
func (t *fakeTx) Carts() cart.Repository       { return fakeCarts{t} }
func (t *fakeTx) Outbox() event.Outbox         { return t }
func (t *fakeTx) Keys() uow.Keys               { return t }

func (t *fakeTx) Prefetch(_ context.Context, refs ...uow.Ref) error {
	t.reads++
	for _, r := range refs {
		t.known[r] = true
	}
	return nil
}

func (t *fakeTx) Append(_ context.Context, _ event.Topic, events ...event.Event) error {
	for _, e := range events {
		if err := e.Check(); err != nil {
			return err
		}
		for _, old := range t.events {
			if old.ID == e.ID {
				return event.ErrExists
			}
		}
		t.events = append(t.events, e)
	}
	return nil
}

func (t *fakeTx) Reserve(_ context.Context, scope, key string, input [sha256.Size]byte) ([]byte, error) {
	if t.readOnly {
		return nil, uow.ErrReadOnly
	}
	k := scope + "\x00" + key
	if old, ok := t.keys[k]; ok {
		if old.input != input {
			return nil, uow.ErrKeyReused
		}
		return old.result, nil
	}
	t.keys[k] = keyed{input: input}
	return nil, nil
}

func (t *fakeTx) Fulfil(_ context.Context, scope, key string, result []byte) error {
	k := scope + "\x00" + key
	t.keys[k] = keyed{input: t.keys[k].input, result: result}
	return nil
}

// read decodes one document and counts the round trip.
func read[D any](t *fakeTx, kind, id string, missing error) (D, error) {
	var d D
	ref := uow.Ref{Kind: kind, ID: id}
	if !t.known[ref] {
		t.reads++
		t.known[ref] = true
	}
	b, ok := t.docs[ref]
	if !ok {
		return d, missing
	}
	return d, json.Unmarshal(b, &d)
}

// write stores a document by compare and swap.
func write[D any](t *fakeTx, kind, id string, was int64, exists error, d *D, version *int64) (D, error) {
	var none D
	if t.readOnly {
		return none, uow.ErrReadOnly
	}
	ref := uow.Ref{Kind: kind, ID: id}
	found := int64(0)
	if b, ok := t.docs[ref]; ok {
		var v struct{ Version int64 }
		if err := json.Unmarshal(b, &v); err != nil {
			return none, err
		}
		found = v.Version
	}
	switch {
	case was == 0 && found != 0:
		return none, exists
	case was != found:
		return none, uow.Conflict(kind, id, was, found)
	}
	*version = was + 1
	b, err := json.Marshal(d)
	if err != nil {
		return none, err
	}
	t.docs[ref] = b
	t.known[ref] = true
	var out D
	return out, json.Unmarshal(b, &out)
}

// every decodes all documents of a kind.
func every[D any](t *fakeTx, kind string) []D {
	var out []D
	for ref, b := range t.docs {
		if ref.Kind != kind {
			continue
		}
		var d D
		if err := json.Unmarshal(b, &d); err != nil {
			panic(fmt.Sprintf("%v: %v", ref, err))
		}
		out = append(out, d)
	}
	return out
}

type fakePartners struct{ *fakeTx }

func (r fakePartners) Get(_ context.Context, id partner.ID) (partner.Partner, error) {
	return read[partner.Partner](r.fakeTx, partner.DocKind, string(id), partner.ErrNotFound)
}

func (r fakePartners) Save(_ context.Context, p partner.Partner) (partner.Partner, error) {
	return write(r.fakeTx, partner.DocKind, string(p.ID), p.Version, partner.ErrExists, &p, &p.Version)
}

func (r fakePartners) Find(context.Context, partner.Query) (uow.Page[partner.Header], error) {
	return uow.Page[partner.Header]{}, nil
}

type fakeProducts struct{ *fakeTx }

func (r fakeProducts) Get(_ context.Context, id catalog.ID) (catalog.Product, error) {
	return read[catalog.Product](r.fakeTx, catalog.DocKind, string(id), catalog.ErrNotFound)
}

func (r fakeProducts) GetMany(ctx context.Context, ids []catalog.ID) (map[catalog.ID]catalog.Product, error) {
	before, missed := r.reads, 0
	out := make(map[catalog.ID]catalog.Product, len(ids))
	for _, id := range ids {
		if !r.known[uow.Ref{Kind: catalog.DocKind, ID: string(id)}] {
			missed = 1
		}
		if p, err := r.Get(ctx, id); err == nil {
			out[id] = p
		}
	}
	r.reads = before + missed // one round trip for all
	return out, nil
}

func (r fakeProducts) BySKU(_ context.Context, skus []catalog.SKU) (map[catalog.SKU]catalog.Product, error) {
	r.reads++
	out := make(map[catalog.SKU]catalog.Product)
	for _, p := range every[catalog.Product](r.fakeTx, catalog.DocKind) {
		if slices.Contains(skus, p.SKU) {
			out[p.SKU] = p
		}
	}
	return out, nil
}

func (r fakeProducts) Save(_ context.Context, p catalog.Product) (catalog.Product, error) {
	return write(r.fakeTx, catalog.DocKind, string(p.ID), p.Version, catalog.ErrExists, &p, &p.Version)
}

func (r fakeProducts) Find(context.Context, catalog.Query) (uow.Page[catalog.Header], error) {
	return uow.Page[catalog.Header]{}, nil
}

func (r fakeProducts) Availability(context.Context, []catalog.ID) (map[catalog.ID]catalog.Availability, error) {
	return nil, nil
}

func (r fakeProducts) SaveAvailability(_ context.Context, a catalog.Availability) (catalog.Availability, error) {
	return a, nil
}

type fakeCarts struct{ *fakeTx }

func (r fakeCarts) Get(_ context.Context, id cart.ID) (cart.Cart, error) {
	return read[cart.Cart](r.fakeTx, cart.DocKind, string(id), cart.ErrNotFound)
}

func (r fakeCarts) Save(_ context.Context, c cart.Cart) (cart.Cart, error) {
	for _, o := range every[cart.Cart](r.fakeTx, cart.DocKind) {
		if o.ID != c.ID && o.Partner == c.Partner && fold.Text(o.Name) == fold.Text(c.Name) {
			return cart.Cart{}, cart.ErrExists
		}
	}
	return write(r.fakeTx, cart.DocKind, string(c.ID), c.Version, cart.ErrExists, &c, &c.Version)
}

func (r fakeCarts) Delete(_ context.Context, id cart.ID, version int64) error {
	c, err := read[cart.Cart](r.fakeTx, cart.DocKind, string(id), cart.ErrNotFound)
	switch {
	case err != nil:
		return err
	case r.readOnly:
		return uow.ErrReadOnly
	case c.Version != version:
		return uow.Conflict(cart.DocKind, string(id), version, c.Version)
	}
	delete(r.docs, uow.Ref{Kind: cart.DocKind, ID: string(id)})
	return nil
}

func (r fakeCarts) Find(_ context.Context, q cart.Query) (uow.Page[cart.Header], error) {
	r.reads++
	var rows []cart.Header
	for _, c := range every[cart.Cart](r.fakeTx, cart.DocKind) {
		if q.Partner != "" && c.Partner != q.Partner || q.Default != nil && c.Default != *q.Default ||
			q.Name != "" && fold.Text(q.Name) != fold.Text(c.Name) {
			continue
		}
		rows = append(rows, cart.Header{ID: c.ID, Partner: c.Partner, Name: c.Name, Default: c.Default,
			Lines: len(c.Lines), Holder: c.Baton.Holder, Role: c.Baton.Role, UpdatedAt: c.UpdatedAt})
	}
	sort.Slice(rows, func(i, j int) bool { return fold.Text(rows[i].Name) < fold.Text(rows[j].Name) })
	from := 0
	if q.Page.After != "" {
		from, _ = strconv.Atoi(q.Page.After)
	}
	page := uow.Page[cart.Header]{Rows: rows[min(from, len(rows)):min(from+q.Page.Size(), len(rows))]}
	if from+q.Page.Size() < len(rows) {
		page.Next = strconv.Itoa(from + q.Page.Size())
	}
	return page, nil
}

func insideTx(ctx context.Context) bool { return uow.Marked(ctx) }

func productRef(id catalog.ID) uow.Ref { return uow.Ref{Kind: catalog.DocKind, ID: string(id)} }
